"""A seal opens with its own key, in its own place, unchanged; else not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkapp.kit.crypto import (
    CannotOpen,
    MasterKey,
    from_text,
    is_signed,
    new_key,
    seal,
    to_text,
    unseal,
)

KEY = new_key()


@given(st.binary(max_size=500), st.text(max_size=30))
def test_what_was_sealed_opens_as_it_was(plain, place):
    assert unseal(KEY, seal(KEY, plain, place), place) == plain


@given(st.binary(max_size=100), st.text(max_size=30), st.text(max_size=30))
def test_a_sealed_value_moved_to_another_place_does_not_open(plain, place, other):
    sealed = seal(KEY, plain, place)
    if place != other:
        with pytest.raises(CannotOpen):
            unseal(KEY, sealed, other)


@given(st.binary(min_size=1, max_size=40), st.data())
def test_a_seal_with_one_bit_changed_does_not_open(plain, data):
    sealed = bytearray(seal(KEY, plain, "here"))
    bit = data.draw(st.integers(0, 8 * len(sealed) - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(CannotOpen):
        unseal(KEY, bytes(sealed), "here")


@pytest.mark.parametrize("broken", [b"", b"x", b"x" * 12, b"x" * 27])
def test_half_a_seal_does_not_open(broken):
    with pytest.raises(CannotOpen):
        unseal(KEY, broken, "here")


def test_another_key_does_not_open_it():
    with pytest.raises(CannotOpen):
        unseal(new_key(), seal(KEY, b"x", "here"), "here")


def test_the_same_text_is_sealed_differently_each_time():
    assert seal(KEY, b"x", "here") != seal(KEY, b"x", "here")


def test_a_purpose_has_one_key_and_another_purpose_another():
    master = MasterKey(KEY)
    assert master.derive("cookies") == MasterKey(KEY).derive("cookies")
    assert len({master.derive("cookies"), master.derive("letters"), KEY}) == 3
    assert len(master.derive("cookies")) == 32


def test_a_wrapped_key_comes_back_in_its_own_place_only():
    master, key = MasterKey(KEY), new_key()
    wrapped = master.wrap(key, "consent:1")
    assert key not in wrapped
    assert master.unwrap(wrapped, "consent:1") == key
    with pytest.raises(CannotOpen):
        master.unwrap(wrapped, "consent:2")
    with pytest.raises(CannotOpen):
        MasterKey(new_key()).unwrap(wrapped, "consent:1")


@given(st.binary(max_size=100))
def test_bytes_as_text_come_back_and_fit_in_an_address(raw):
    text = to_text(raw)
    assert from_text(text) == raw
    assert "=" not in text
    assert text.replace("-", "").replace("_", "").isalnum() or not text


def test_what_is_signed_can_be_checked_with_the_public_half_alone():
    signer = MasterKey(new_key()).signer("letters")
    signature = signer.sign(b"agreed")
    assert is_signed(signer.public, signature, b"agreed")
    assert not is_signed(signer.public, signature, b"agreet")
    assert not is_signed(signer.public, signature[:-1], b"agreed")
    assert not is_signed(b"no key", signature, b"agreed")


def test_a_master_key_signs_the_same_each_time_and_otherwise_per_purpose():
    master = MasterKey(new_key())
    assert master.signer("one").public == master.signer("one").public != master.signer("two").public
    assert master.signer("one").secret != master.derive("one")
