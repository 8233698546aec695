"""A signed file is checked without the app: one changed byte and it is no longer what was signed."""

import json
from hashlib import sha256

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tests.agreements.making import COOPERATION, admins_of, in_force, sign, three, written
from wijkapp.agreements import sealed, verifying
from wijkapp.agreements.commands import agreement
from wijkapp.agreements.differing import Change, differences, words
from wijkapp.agreements.sealed import Clause, Content
from wijkapp.agreements.service import documents, offering, signing
from wijkapp.agreements.verifying import NotGenuine, verify
from wijkapp.kit.crypto import MasterKey, new_key

SIGNER = MasterKey(new_key()).signer("agreements")
CONTENT = Content(
    "a1",
    "cooperation",
    "Wij",
    (Clause("goal", "Doel", ("Café",)), Clause("app.x", "App", ("2 uur",), {"x": 7200})),
)


def signed(content: Content = CONTENT, **more: object) -> dict[str, object]:
    """A file as the app makes it, of one signer."""
    statement = {
        "document": "d1",
        "version": 1,
        "title": content.title,
        "hash": sealed.whole(content),
        "touched": sealed.hashes(content),
        "account": "p1",
        "name": "Anna",
        "job_title": "bestuurder",
        "organisation_id": "o1",
        "organisation": "Oost",
        "nonce": "00",
    }
    entry = {"statement": statement, "factor": "code", "at": "2026-12-01T09:00:00+00:00", "proof": None}
    return {
        "document": "d1",
        "version": 1,
        "offered_at": "2026-12-01T08:00:00+00:00",
        "content": sealed.to_plain(content),
        "hashes": sealed.hashes(content),
        "hash": sealed.whole(content),
        "signers": [{"account": "p1", "name": "Anna", "organisation_id": "o1", "organisation": "Oost"}],
        "signatures": [entry | {"seal": verifying.seal_of(entry, SIGNER)}],
    } | more


FILE = verifying.file_of(signed(), SIGNER)


def test_a_file_says_what_was_signed_and_by_whom():
    report = verify(FILE)
    assert report.content == CONTENT
    assert [(one.name, one.organisation, one.by) for one in report.signed] == [("Anna", "Oost", "code")]
    assert report.missing == ()
    assert report.key == SIGNER.public.hex()


def test_one_changed_byte_anywhere_and_it_is_not_what_was_signed():
    for at in range(len(FILE)):
        for bit in (1, 32):  # 32: a letter in the other case, also in hexadecimals
            other = bytearray(FILE)
            other[at] ^= bit
            with pytest.raises(NotGenuine):
                verify(bytes(other))


@pytest.mark.parametrize(
    "other",
    [
        FILE + b"\n",
        b" " + FILE,
        FILE[:-1],
        b"",
        b"[]",
        b"null",
        b'{"format":"wijkapp-agreement/1"}',
        b"\xff\xfe",
        json.dumps(json.loads(FILE), indent=2).encode(),
        FILE.replace(b"Caf\xc3\xa9", b"Cafe\xcc\x81"),  # looks the same
        b"[" * 100_000,
    ],
)
def test_the_same_words_written_otherwise_are_not_the_file(other):
    with pytest.raises(NotGenuine):
        verify(other)


@given(st.binary(max_size=60))
def test_whatever_else_it_is_it_is_refused_and_nothing_breaks(raw):
    with pytest.raises(NotGenuine):
        verify(raw)


def test_a_file_that_the_installation_itself_made_up_is_found_by_its_hashes():
    other = sealed.to_plain(CONTENT) | {"title": "Zij"}
    with pytest.raises(NotGenuine, match="hash"):
        verify(verifying.file_of(signed() | {"content": other}, SIGNER))
    moved = signed()
    moved["signatures"][0]["statement"]["hash"] = "0" * 64  # type: ignore[index]
    with pytest.raises(NotGenuine, match="andere tekst"):
        verify(verifying.file_of(moved, SIGNER))
    renamed = signed()
    renamed["signatures"][0]["statement"]["name"] = "Carla"  # type: ignore[index]
    with pytest.raises(NotGenuine, match="veranderd"):
        verify(verifying.file_of(renamed, SIGNER))
    lent = signed()
    lent["signatures"][0]["factor"] = "passkey"  # type: ignore[index]
    entry = {name: value for name, value in lent["signatures"][0].items() if name != "seal"}  # type: ignore[index]
    lent["signatures"][0]["seal"] = verifying.seal_of(entry, SIGNER)  # type: ignore[index]
    with pytest.raises(NotGenuine, match="passkey"):
        verify(verifying.file_of(lent, SIGNER))


def test_another_installation_cannot_pass_for_this_one(tmp_path):
    other = MasterKey(new_key()).signer("agreements")
    path = tmp_path / "other.json"
    path.write_bytes(verifying.file_of(signed(signatures=[]), other))
    given_key = ["verify", str(path), "--key", SIGNER.public.hex()]
    assert "andere installatie" in CliRunner().invoke(agreement, given_key).output
    assert CliRunner().invoke(agreement, given_key).exit_code == 1


def test_the_command_says_who_signed_and_who_did_not(tmp_path):
    path = tmp_path / "wij.json"
    more = {"account": "p2", "name": "Bram", "organisation_id": "o2", "organisation": "West"}
    path.write_bytes(verifying.file_of(signed(signers=[*signed()["signers"], more]), SIGNER))  # type: ignore[misc]
    said = CliRunner().invoke(agreement, ["verify", str(path), "--key", SIGNER.public.hex().upper()])
    assert said.exit_code == 0
    assert said.output.startswith("GELDIG")
    assert "Anna, bestuurder, Oost, 1-12-2026 10.00 uur, met een code" in said.output  # Amsterdam
    assert "Nog niet   Bram (West)" in said.output
    path.write_bytes(path.read_bytes().replace(b"7200", b"7201"))
    broken = CliRunner().invoke(agreement, ["verify", str(path)])
    assert (broken.exit_code, "ONGELDIG" in broken.output) == (1, True)


def test_what_the_app_gives_out_is_good_and_says_who_is_still_to_sign(make, town):
    made = three(town, admins_of(make, town))
    written(made)
    offering.offer(made.coordinator, made.agreement_id, COOPERATION)
    sign(made, made.admins[0])
    report = verify(signing.export(made.admins[1], made.agreement_id, COOPERATION, 1))
    assert [one.organisation for one in report.signed] == ["Oost"]
    assert len(report.missing) == 2
    assert report.key == signing.signer().public.hex()
    for one in made.admins[1:]:
        sign(made, one)
    assert verify(signing.export(made.coordinator, made.agreement_id, COOPERATION, 1)).missing == ()


def test_a_signature_changed_in_the_database_is_found(make, town, db):
    made = in_force(make, town)
    held = documents.version_page(made.coordinator, made.agreement_id, COOPERATION, 1).signatures[0]
    row = db.get_one(type(held), held.id)
    row.statement = row.statement | {"name": "Iemand anders"}
    db.flush()
    with pytest.raises(NotGenuine):
        verify(signing.export(made.coordinator, made.agreement_id, COOPERATION, 1))


# --- hashes, and what differs


def test_the_hash_of_a_document_is_over_all_of_it():
    assert sealed.whole(CONTENT) == sealed.whole(
        sealed.from_plain(json.loads(sealed.canonical(sealed.to_plain(CONTENT))))
    )
    fewer = Content(CONTENT.agreement, CONTENT.kind, CONTENT.title, CONTENT.clauses[:1])
    turned = Content(CONTENT.agreement, CONTENT.kind, CONTENT.title, CONTENT.clauses[::-1])
    assert len({sealed.whole(one) for one in (CONTENT, fewer, turned)}) == 3
    assert sealed.touched(fewer, CONTENT) == (sealed.OUTLINE,)
    assert sealed.touched(CONTENT, CONTENT) == ()
    assert len(sealed.touched(CONTENT, None)) == 3


def test_text_that_looks_the_same_is_the_same():
    assert sealed.canonical({"b": "e\u0301", "a": (1,)}) == '{"a":[1],"b":"é"}'.encode()
    assert sealed.hashed("x") == sha256(b'"x"').hexdigest()


def test_a_difference_is_told_to_the_word():
    changed = Clause("app.x", "App", ("10 minuten",), {"x": 600})
    after = Content(
        "a1", "cooperation", "Wij", (CONTENT.clauses[0], changed, Clause("new", "Nieuw", ("Hoi",)))
    )
    found = {one.code: one for one in differences(after, CONTENT)}
    assert [one.change for one in found.values()] == [Change.SAME, Change.CHANGED, Change.NEW]
    assert [one.change for one in differences(CONTENT, after)] == [Change.SAME, Change.CHANGED, Change.GONE]
    told = [(one.change, one.words) for one in words("Binnen 2 uur", "Binnen 4 uur")]
    assert told == [
        (Change.SAME, "Binnen "),
        (Change.GONE, "2"),
        (Change.NEW, "4"),
        (Change.SAME, " uur"),
    ]
