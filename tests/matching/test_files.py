"""A placement opens a file for its client, and whatever ends the placement ends the file."""

from uuid import UUID

import pytest
from sqlalchemy import select

from tests.clients.make import seat
from tests.matching.make import chosen, offered, posted
from wijkapp.clients import keys
from wijkapp.clients import service as clients
from wijkapp.clients.models import ClientFile, FileParty
from wijkapp.clients.rules import KEPT_AFTER_HANDOVER, ConsentState, GivenBy, How, Purpose, Scope
from wijkapp.clients.service import FileState, vault
from wijkapp.clients.service.consent import Given
from wijkapp.kit import crypto
from wijkapp.kit.errors import Refused
from wijkapp.matching import service
from wijkapp.matching.rules import ReturnReason, WithdrawReason
from wijkapp.people.models import Account
from wijkapp.people.rules import Role


@pytest.fixture(autouse=True)
def _key_store(tmp_path, monkeypatch):
    monkeypatch.setattr(keys, "_store", None)
    masters = [crypto.MasterKey(crypto.new_key())]
    keys.use(f"sqlite:///{tmp_path / 'keys.sqlite'}", lambda: masters)


@pytest.fixture
def placed(db, make):
    """The asker, the nurse of the chosen provider, and the request."""
    town = make.town()
    oost = make.provider(town.here, name="Oost")
    request_id = posted(town.referrer)
    chosen(town.referrer, offered(oost.nurse, request_id))
    return town.referrer, oost.nurse, request_id


def file_of(db) -> ClientFile:
    db.expire_all()
    return db.scalars(select(ClientFile)).one()


def file_shown(who: Account, request_id: UUID) -> FileState | None:
    """The file as the page of the request shows it."""
    return next((one.file for one in service.show(who, request_id).placed), None)


def test_choosing_opens_a_file_for_both_sides_with_nothing_in_it(db, placed):
    asker, nurse, request_id = placed
    file = file_of(db)
    parties = {one.organisation_id: one for one in db.scalars(select(FileParty))}
    assert set(parties) == {asker.organisation_id, nurse.organisation_id}
    assert parties[asker.organisation_id].source
    assert parties[asker.organisation_id].contact_id == asker.id
    assert parties[nurse.organisation_id].contact_id == nurse.id
    for who in (asker, nurse):
        seen = file_shown(who, request_id)
        assert (seen.file_id, seen.state, seen.may_look) == (file.id, ConsentState.WAITING, False)


def test_choosing_twice_opens_one_file(db, placed):
    asker, _nurse, request_id = placed
    offer = service.show(asker, request_id).placed[0].offer
    chosen(asker, offer.id)
    assert file_of(db)


def test_where_a_planner_offered_the_nurses_hear_of_the_file(db, make):
    town = make.town()
    oost = make.provider(town.here)
    planner = make.account(oost.organisation, Role.PLANNER)
    chosen(town.referrer, offered(planner, posted(town.referrer)))
    heard = db.scalars(
        select(FileParty.contact_id).where(FileParty.organisation_id == planner.organisation_id)
    )
    assert heard.all() == [None]


def test_whoever_is_no_side_of_the_placement_sees_no_file(db, make, placed):
    asker, _nurse, request_id = placed
    colleague = make.account(asker.organisation, Role.REFERRER)
    assert file_shown(colleague, request_id) is not None
    town_of = service.show(asker, request_id).request.wijk
    west = make.provider(town_of, name="West")
    other = posted(asker)
    assert file_shown(west.nurse, other) is None


def test_after_the_handover_it_is_destroyed_in_two_weeks(db, placed):
    _asker, nurse, request_id = placed
    service.hand_over(nurse, request_id)
    file = file_of(db)
    assert file.closes_at - file.handed_over_at == KEPT_AFTER_HANDOVER


@pytest.mark.parametrize("how", ["returned", "withdrawn", "closed"])
def test_whatever_ends_the_placement_ends_the_file_and_its_data(db, placed, how):
    asker, nurse, request_id = placed
    file_id = file_of(db).id
    scopes = {asker.organisation_id: Scope.ALL, nurse.organisation_id: Scope.ALL}
    given = Given(GivenBy.CLIENT, How.SPOKEN, (Purpose.HANDOVER,), scopes)
    consent_id = clients.consent.record(asker, seat(asker), file_id, given)
    vault.write_identity(asker, seat(asker), file_id, vault.Person("Roos van der Velden"))
    assert vault.look(nurse, seat(nurse), file_id).person.name == "Roos van der Velden"

    if how == "returned":
        service.return_placement(nurse, request_id, ReturnReason.PROVIDER_CANNOT)
    elif how == "withdrawn":
        service.withdraw(asker, request_id, WithdrawReason.NOT_NEEDED)
    else:
        service.hand_over(nurse, request_id)
        service.start_care(nurse, request_id)
        service.close_care(nurse, request_id)

    assert file_of(db).ended_at is not None
    for who in (asker, nurse):
        with pytest.raises(Refused):
            vault.look(who, seat(who), file_id)
    assert consent_id not in keys.names()


def test_the_page_of_the_request_shows_the_next_step_with_the_client(db, placed, visitor):
    asker, nurse, request_id = placed
    file = file_of(db)
    link = f'href="/clienten/{file.id}"'
    asks, waits = (visitor(who).get(f"/zorgvragen/{request_id}").text for who in (asker, nurse))
    assert link in asks
    assert link in waits
    assert "Vraag toestemming" in asks
    assert "Vraag toestemming" not in waits
    assert "Cliëntgegevens" in waits


def test_the_coordinator_who_looks_on_sees_no_file(db, make):
    town = make.town()
    oost = make.provider(town.here)
    request_id = posted(town.referrer)
    chosen(town.referrer, offered(oost.nurse, request_id))
    assert file_shown(town.coordinator, request_id) is None
