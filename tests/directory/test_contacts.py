"""Who is the face of a provider in a wijk: appointed, handed over, ended."""

from datetime import date, timedelta
from threading import Barrier, Thread
from uuid import UUID

import pytest
from sqlalchemy import func, select

from tests.directory.conftest import Home
from tests.directory.make import Make
from tests.servers import KINDS
from wijkapp.directory import service
from wijkapp.directory.models import ContactPerson
from wijkapp.directory.rules import ContactDuty
from wijkapp.directory.service import (
    Appointment,
    ChangedMeanwhile,
    SomebodyMustBeReachable,
    SuccessorIsWaiting,
)
from wijkapp.kit import time
from wijkapp.kit.db import new_id, reading, transaction
from wijkapp.kit.errors import Invalid, NotAllowed, NotFound, Refused
from wijkapp.people.models import Account
from wijkapp.people.rules import Role

CONTACT, DEPUTY = ContactDuty.CONTACT, ContactDuty.DEPUTY


def day(offset: int = 0) -> date:
    return time.today() + timedelta(days=offset)


@pytest.fixture
def team(make: Make, home: Home):
    return make.team(home.organisation, home.wijk)


def takes_over(
    account: Account,
    since: date | None = None,
    old_until: date | None = None,
    replaces: UUID | None = None,
    duty: ContactDuty = CONTACT,
) -> Appointment:
    return Appointment(account.id, duty, since or day(), replaces, old_until)


def appoint(home: Home, account: Account, *rest: object, **more: object) -> ContactPerson:
    return service.appoint(home.anna, home.wijk.code, takes_over(account, *rest, **more))


def reachable(db, home: Home, when: date) -> list[Account]:
    return service.contacts_for(db, home.organisation.id, home.wijk.id, when)


def test_a_first_contact_person_may_have_been_so_for_years(db, team, home: Home):
    appoint(home, home.bram, date(2019, 5, 1))
    assert reachable(db, home, day()) == [home.bram]


def test_a_handover_has_an_overlap_and_history_is_kept(db, team, make: Make, home: Home):
    new = make.account(home.organisation)
    old = appoint(home, home.bram)
    appoint(home, new, day(7), day(21), old.id)
    assert reachable(db, home, day(6)) == [home.bram]
    assert reachable(db, home, day(7)) == [new, home.bram]
    assert reachable(db, home, day(22)) == [new]
    faces = service.faces(home.anna, home.wijk.code)
    assert faces.lasting[CONTACT].account == new
    assert [one.account for one in faces.leaving[CONTACT]] == [home.bram]


@pytest.mark.parametrize(
    ("since", "old_until", "field"),
    [
        (day(-1), day(5), "since"),  # the past cannot be changed
        (day(366), day(366), "since"),
        (date.max, date.max, "since"),
        (date.min, day(), "since"),
        (day(7), None, "old_until"),
        (day(7), day(5), "old_until"),  # a day without anybody
        (day(), day(-1), "old_until"),  # it began today
        (day(), day(91), "old_until"),
        (day(7), date.min, "old_until"),
        (day(7), date.max, "old_until"),
    ],
)
def test_dates_that_leave_a_gap_or_make_no_sense_are_refused_at_their_field(
    db, team, make: Make, home: Home, since: date, old_until: date | None, field: str
):
    old = appoint(home, home.bram)
    with pytest.raises(Invalid) as refused:
        appoint(home, make.account(home.organisation), since, old_until, old.id)
    assert list(refused.value.fields) == [field]
    assert reachable(db, home, day()) == [home.bram]


def test_the_first_may_not_start_before_this_century_or_far_ahead(db, team, home: Home):
    for since in (date(1999, 12, 31), day(366)):
        with pytest.raises(Invalid):
            appoint(home, home.bram, since)


def test_only_active_colleagues_can_be_chosen(db, team, make: Make, home: Home):
    for nobody in (home.carla, make.account(home.organisation, active=False)):
        with pytest.raises(Invalid) as refused:
            appoint(home, nobody)
        assert "account" in refused.value.fields
    with pytest.raises(Invalid):
        service.appoint(home.anna, home.wijk.code, Appointment(new_id(), CONTACT, day()))


def test_bram_may_not_and_carla_never(db, team, home: Home):
    contact = appoint(home, home.bram)
    wijk, appointment = home.wijk.code, takes_over(home.anna, day(), day(), contact.id)
    for act in (
        lambda who: service.faces(who, wijk),
        lambda who: service.appoint(who, wijk, appointment),
        lambda who: service.end(who, contact.id, day()),
        lambda who: service.cancel(who, contact.id),
    ):
        with pytest.raises(NotAllowed):
            act(home.bram)
        with pytest.raises(NotFound):
            act(home.carla)


def test_a_wijk_where_one_never_worked_has_no_contact_person(db, make: Make, home: Home):
    for code in (home.wijk.code, "WK999999", "🙂"):
        with pytest.raises(NotFound):
            service.faces(home.anna, code)


def test_the_same_appointment_twice_is_once_and_a_stale_page_is_told(db, team, make: Make, home: Home):
    old = appoint(home, home.bram)
    again = appoint(home, home.bram)
    assert again.id == old.id
    appoint(home, make.account(home.organisation), day(), day(), old.id)
    with pytest.raises(ChangedMeanwhile):
        appoint(home, home.anna, day(), day(), old.id)


def test_one_successor_waits_at_a_time_and_can_be_called_off(db, team, make: Make, home: Home):
    old = appoint(home, home.bram)
    planned = appoint(home, make.account(home.organisation), day(3), day(9), old.id)
    with pytest.raises(SuccessorIsWaiting):
        appoint(home, home.anna, day(5), day(9), planned.id)
    service.cancel(home.anna, planned.id)
    db.expire_all()
    assert reachable(db, home, day(30)) == [home.bram]
    with pytest.raises(NotFound):  # a second tap
        service.cancel(home.anna, planned.id)
    with pytest.raises(ChangedMeanwhile):  # it has begun
        service.cancel(home.anna, old.id)


def test_the_one_who_already_has_the_duty_cannot_succeed_themselves(db, team, home: Home):
    old = appoint(home, home.bram, day(-3))
    with pytest.raises(Invalid) as refused:
        appoint(home, home.bram, day(3), day(9), old.id)
    assert "account" in refused.value.fields


def test_a_contact_person_stops_only_when_the_provider_left_the_wijk(db, team, home: Home):
    contact = appoint(home, home.bram)
    with pytest.raises(SomebodyMustBeReachable):
        service.end(home.anna, contact.id, day(3))
    service.set_active(home.anna, team.id, False)
    for _tap in range(2):
        service.end(home.anna, contact.id, day(3))
    with pytest.raises(ChangedMeanwhile):
        service.end(home.anna, contact.id, day(4))
    assert reachable(db, home, day(3)) == [home.bram]


def test_a_deputy_is_optional_stops_freely_and_is_somebody_else(db, team, make: Make, home: Home):
    appoint(home, home.bram)
    with pytest.raises(Invalid) as refused:
        appoint(home, home.bram, duty=DEPUTY)
    assert "account" in refused.value.fields
    deputy = appoint(home, home.anna, duty=DEPUTY)
    assert reachable(db, home, day()) == [home.bram, home.anna]
    service.end(home.anna, deputy.id, day())
    assert reachable(db, home, day(1)) == [home.bram]
    appoint(home, home.anna, day(1), duty=DEPUTY)
    assert reachable(db, home, day(1)) == [home.bram, home.anna]


@pytest.mark.parametrize("last_day", [day(-1), date.min, date.max, day(366)])
def test_the_last_day_is_today_or_later_within_a_year(db, team, home: Home, last_day: date):
    deputy = appoint(home, home.anna, duty=DEPUTY)
    with pytest.raises(Invalid) as refused:
        service.end(home.anna, deputy.id, last_day)
    assert "last_day" in refused.value.fields


@pytest.mark.parametrize("kind", KINDS)
def test_of_two_admins_who_appoint_at_the_same_moment_one_wins(fresh_database, kind: str):
    fresh_database(kind)
    with transaction() as db:
        make = Make(db)
        organisation = make.organisation()
        wijk = make.wijk()
        make.team(organisation, wijk)
        admins = [make.account(organisation, Role.ADMIN) for _ in range(6)]
    start, results = Barrier(len(admins)), []

    def tap(admin: Account) -> None:
        start.wait()
        try:
            results.append(service.appoint(admin, wijk.code, takes_over(admin)))
        except Refused as refused:
            results.append(refused)

    threads = [Thread(target=tap, args=(admin,)) for admin in admins]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sum(isinstance(one, ChangedMeanwhile) for one in results) == len(admins) - 1
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(ContactPerson)) == 1
