"""Who hears that something changed in a file; never what."""

from sqlalchemy import select

from tests.clients.make import seat
from wijkapp.clients.service import consent
from wijkapp.clients.service.telling import tell
from wijkapp.kit.db import transaction
from wijkapp.kit.outbox import Event
from wijkapp.people.rules import Role


def told_of(case, db, **how):
    with transaction() as own:
        tell(own, "clients.changed", case.file_id, **how)
    return set(db.scalars(select(Event.to_id).where(Event.name == "clients.changed")))


def test_the_contact_of_each_party_hears_and_the_others_there_do_not(db, make):
    case = make.case()
    make.account(case.provider, Role.NURSE)
    assert told_of(case, db) == {case.asker.id, case.nurse.id}


def test_when_a_contact_has_left_everybody_there_who_speaks_with_the_client_hears(db, make):
    case = make.case()
    colleague = make.account(case.provider, Role.NURSE)
    make.account(case.provider, Role.NURSE, active=False)
    case.nurse.active = False
    db.flush()
    assert told_of(case, db) == {case.asker.id, colleague.id}


def test_when_only_who_did_it_could_hear_they_hear_so_that_open_pages_do(db, make):
    case = make.case()
    assert told_of(case, db, but=[case.nurse.id], only=[case.provider.id]) == {case.nurse.id}


def test_an_event_holds_ids_and_nothing_of_the_client(db, make):
    case = make.case(filled=True)
    consent.withdraw(case.asker, seat(case.asker), case.file_id)
    for event in db.scalars(select(Event).where(Event.name.like("clients.%"))):
        assert event.about_id == case.file_id
        assert not {"Roos", "Velden", "Wondzorg"} & set(event.name.split())
