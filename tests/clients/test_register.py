"""What is kept and the register: complete, and from what is really done."""

from collections import Counter
from datetime import timedelta

import pytest

import wijkapp.app  # noqa: F401 - every room, and so every table
from wijkapp import kept
from wijkapp.chat.rules import KEPT_AFTER_CLOSING
from wijkapp.clients import privacy_papers as papers
from wijkapp.clients.rules import KEPT_AFTER_HANDOVER
from wijkapp.clients.service import dpia
from wijkapp.clients.service.dpia import Standing
from wijkapp.clients.service.register import Facts, personal, register
from wijkapp.clients.service.retention import span
from wijkapp.kit.db import Base
from wijkapp.kit.errors import NotAllowed
from wijkapp.notify.jobs import TOLD_FOR
from wijkapp.people.rules import OrganisationKind, Role

GOOD = Facts(
    address="https://wijk.example",
    https=True,
    database="postgresql",
    keys_apart=True,
    key_of_keys_apart=True,
    mail_server="mail.example",
    shared_memory=True,
    demo=False,
    idle_minutes=720,
    log_level="info",
)


@pytest.fixture
def bea(make):
    account = make.account(None, Role.ADMIN)
    make.region(
        "Utrecht", members=[account.organisation, make.organisation("GP", OrganisationKind.GP_PRACTICE)]
    )
    return account


def test_every_table_stands_in_one_row():
    named = Counter(table for row in kept.KEPT for table in row.tables)
    assert set(named) == set(Base.metadata.tables)
    assert max(named.values()) == 1


def test_the_lengths_are_those_the_jobs_work_with():
    ends = {str(row.name): str(row.ends) for row in kept.KEPT}
    assert str(KEPT_AFTER_HANDOVER.days) in ends["Gegevens van een cliënt"]
    assert str(KEPT_AFTER_CLOSING.days) in ends["Berichten tussen collega's"]
    assert str(TOLD_FOR.days) in ends["Meldingen"]
    assert "5 jaar" in ends["Wie keek er in cliëntgegevens?"]


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(minutes=15), "15 minuten"),
        (timedelta(hours=48), "48 uur"),
        (timedelta(days=14), "14 dagen"),
        (timedelta(days=366), "1 jaar"),
        (timedelta(days=5 * 365 + 2), "5 jaar"),
    ],
)
def test_lengths_in_words(length, words):
    assert str(span(length)) == words


def test_the_register_names_fields_parties_and_what_is_used(bea):
    found = register(bea, kept.KEPT, GOOD)
    rows = {str(one.kept.name): one for one in found.processings}

    assert found.regions == ("Utrecht",)
    assert {party.kind: party.number for party in found.parties}[OrganisationKind.GP_PRACTICE] == 1
    assert "client_identity.name_sealed" in rows["Gegevens van een cliënt"].fields
    assert rows["Gegevens van een cliënt"].sealed >= 10
    assert not rows["Gegevens van een cliënt"].in_use
    assert rows["Accounts"].in_use
    assert len(personal(found)) < len(found.processings)
    assert found.log_refuses_changes
    assert papers.register(found).startswith(b"%PDF")


def test_a_good_set_up_leaves_nothing_to_whoever_hosts_it_but_the_role(bea, db):
    open_ones = [one for one in dpia.risks(register(bea, kept.KEPT, GOOD)) if one.standing is Standing.OPEN]
    on_postgresql = db.get_bind().dialect.name == "postgresql"  # the tests own the tables
    assert len(open_ones) == (1 if on_postgresql else 0)


def test_a_bad_set_up_is_said_to_be_one(bea):
    bad = GOOD.__class__(**{**GOOD.__dict__, "https": False, "keys_apart": False, "key_of_keys_apart": False})
    found = register(bea, kept.KEPT, bad)
    open_ones = [str(one.what) for one in dpia.risks(found) if one.standing is Standing.OPEN]
    assert any("onderweg" in what for what in open_ones)
    assert any("back-up" in what for what in open_ones)
    assert papers.dpia(found).startswith(b"%PDF")


def test_only_an_admin_reads_the_register(make):
    with pytest.raises(NotAllowed):
        register(make.account(None, Role.NURSE), kept.KEPT, GOOD)
