"""What leaves the app: calendars, whom to ring for a telephone switch, and their secret addresses."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from icalendar import Calendar

from tests.rota.make import Make, RotaTown, at
from tests.web import Visitor
from wijkapp.kit import time
from wijkapp.kit.limits import limiter
from wijkapp.rota import ical
from wijkapp.rota.ical import Entry
from wijkapp.rota.models import Plan
from wijkapp.rota.rules import AddressKind, HeldBy, Line
from wijkapp.rota.service import addresses, holding

pytestmark = pytest.mark.database("sqlite")

Visit = Callable[..., Visitor]
NIGHT = at("2027-01-06 00:30")  # in the night that began on Tuesday the 5th


@pytest.fixture(autouse=True)
def _at_night(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "now", lambda: NIGHT)


def calendar(visitor: Visit, secret: str) -> Calendar:
    answer = visitor().get(f"/dienst/agenda/{secret}.ics")
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    found = Calendar.from_ical(answer.data)
    assert isinstance(found, Calendar)
    return found


def test_a_telephone_switch_asks_whom_to_ring_and_gets_numbers_in_order(
    make: Make, town: RotaTown, plan: Plan, visitor: Visit
) -> None:
    night, behind = (
        make.duty_on(plan, date(2027, 1, 5)),
        make.duty_on(plan, date(2027, 1, 5), line=Line.BACKUP),
    )
    town.account(night.member_id).phone, town.account(behind.member_id).phone = "+31611111111", "+31622222222"
    town.coordinator.phone = "+31633333333"
    make.db.flush()
    secret = addresses.make(town.coordinator, AddressKind.PHONE, town.region.id)
    path = f"/api/v1/dienst/{town.region.id}/nu"

    answer = visitor().get(path, headers={"Authorization": f"Bearer {secret}"})
    told = answer.get_json()
    assert told["ring"] == ["+31611111111", "+31622222222", "+31633333333"]
    assert [one["line"] for one in told["now"]] == ["main", "backup"]
    assert told["now"][0]["name"] == town.account(night.member_id).name
    assert told["now"][0]["ends"] == "2027-01-06T06:00:00+00:00"
    assert told["next"][0]["starts"] == "2027-01-06T16:00:00+00:00"
    assert answer.headers["Cache-Control"] == "no-store"

    text = visitor().get(f"{path}.txt?token={secret}")
    assert text.content_type == "text/plain; charset=utf-8"
    assert text.text == "+31611111111\n+31622222222\n+31633333333\n"


def test_when_the_back_up_stands_in_that_number_is_rung_first_and_once(
    make: Make, town: RotaTown, plan: Plan, visitor: Visit
) -> None:
    night, behind = (
        make.duty_on(plan, date(2027, 1, 5)),
        make.duty_on(plan, date(2027, 1, 5), line=Line.BACKUP),
    )
    town.account(behind.member_id).phone = "+31622222222"
    holding.give(make.db, night, behind.member_id, how=HeldBy.STANDS_IN, by=None, moment=NIGHT)
    secret = addresses.make(town.coordinator, AddressKind.PHONE, town.region.id)
    text = visitor().get(f"/api/v1/dienst/{town.region.id}/nu.txt?token={secret}").text
    assert text.splitlines()[0] == "+31622222222"
    assert text.count("+31622222222") == 1


@pytest.mark.parametrize("ending", ["", ".txt"])
def test_without_a_good_token_the_switch_gets_nothing(
    town: RotaTown, plan: Plan, visitor: Visit, ending: str
) -> None:
    path = f"/api/v1/dienst/{town.region.id}/nu{ending}"
    assert visitor().get(path).status_code == 401
    wrong = visitor().get(path, headers={"Authorization": "Bearer nonsense", "Accept": "text/html"})
    assert wrong.status_code == 401
    assert "<" not in wrong.text
    calendar_only = addresses.make(town.coordinator, AddressKind.REGION, town.region.id)
    assert visitor().get(path, headers={"Authorization": f"Bearer {calendar_only}"}).status_code == 401


def test_a_switch_that_asks_too_often_is_told_so_as_it_asked(
    town: RotaTown, plan: Plan, visitor: Visit
) -> None:
    browser = visitor()
    path = f"/api/v1/dienst/{town.region.id}/nu"
    answers = [browser.get(path) for _time in range(125)]
    limiter.reset()
    assert answers[-1].status_code == 429
    assert answers[-1].get_json()["error"]


def test_a_token_of_one_region_opens_no_other(town: RotaTown, plan: Plan, visitor: Visit) -> None:
    secret = addresses.make(town.coordinator, AddressKind.PHONE, town.region.id)
    answer = visitor().get(f"/api/v1/dienst/{uuid4()}/nu", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 404
    assert answer.get_json()["error"]


def test_an_address_that_was_taken_back_gives_nothing(town: RotaTown, plan: Plan, visitor: Visit) -> None:
    browser = visitor(town.coordinator)
    secret = addresses.make(town.coordinator, AddressKind.REGION, town.region.id)
    assert visitor().get(f"/dienst/agenda/{secret}.ics").status_code == 200
    page = browser.get("/dienst/adressen").text
    path = re.search(r'action="(/dienst/adressen/[^"]+/intrekken[^"]*)"', page)
    assert path
    assert browser.post(path[1]).status_code == 302
    assert visitor().get(f"/dienst/agenda/{secret}.ics").status_code == 404


def test_an_address_is_shown_once_and_kept_as_a_hash(town: RotaTown, plan: Plan, visitor: Visit) -> None:
    browser = visitor(town.nurses[0])
    made = browser.post("/dienst/adressen", {"kind": "person", "region": str(town.region.id)})
    assert made.status_code == 200
    assert made.headers["Cache-Control"] == "no-store"
    secret = re.search(r"/dienst/agenda/([\w-]+)\.ics", made.text)
    assert secret
    assert secret[1] not in browser.get("/dienst/adressen").text
    assert visitor().get(f"/dienst/agenda/{secret[1]}.ics").status_code == 200
    assert "nog niet gebruikt" not in browser.get("/dienst/adressen").text


def test_a_calendar_is_in_the_language_of_its_person_whatever_program_asks(
    make: Make, town: RotaTown, plan: Plan, visitor: Visit
) -> None:
    nurse = town.nurses[0]
    nurse.language = "en"
    make.db.commit()
    theirs = addresses.make(nurse, AddressKind.PERSON, town.region.id)
    assert "Duty night" in visitor().get(f"/dienst/agenda/{theirs}.ics").text
    shared = addresses.make(town.coordinator, AddressKind.REGION, town.region.id)
    asked = {"Accept-Language": "en"}
    assert "Dienst nacht" in visitor().get(f"/dienst/agenda/{shared}.ics", headers=asked).text


def test_a_nurse_makes_no_address_for_the_region(town: RotaTown, plan: Plan, visitor: Visit) -> None:
    for kind in ("region", "phone"):
        made = visitor(town.nurses[0]).post("/dienst/adressen", {"kind": kind, "region": str(town.region.id)})
        assert made.status_code == 403


def test_the_address_of_somebody_who_left_gives_nothing(
    make: Make, town: RotaTown, plan: Plan, visitor: Visit
) -> None:
    secret = addresses.make(town.nurses[0], AddressKind.PERSON, town.region.id)
    town.nurses[0].active = False
    make.db.flush()
    assert visitor().get(f"/dienst/agenda/{secret}.ics").status_code == 404


def test_a_calendar_has_the_duties_of_its_person_with_times_of_amsterdam(
    make: Make, town: RotaTown, plan: Plan, visitor: Visit
) -> None:
    night = make.duty_on(plan, date(2027, 1, 5))
    secret = addresses.make(town.account(night.member_id), AddressKind.PERSON, town.region.id)
    found = calendar(visitor, secret)
    theirs = [one for one in make.duties(plan) if one.member_id == night.member_id]
    assert len(found.events) == len(theirs)
    event = next(one for one in found.events if one["UID"] == f"{night.id}@wijkapp")
    assert event["SUMMARY"] == "Dienst nacht"
    assert event["STATUS"] == "CONFIRMED"
    assert event["DTSTART"].params["TZID"] == "Europe/Amsterdam"
    assert event.start == datetime(2027, 1, 5, 23, tzinfo=ZoneInfo("Europe/Amsterdam"))
    assert event.end - event.start == timedelta(hours=8)


def test_a_duty_that_went_to_another_is_cancelled_with_the_same_uid_and_a_higher_number(
    make: Make, town: RotaTown, plan: Plan, visitor: Visit
) -> None:
    duty = make.duty_on(plan, date(2027, 1, 7))
    before = town.account(duty.member_id)
    after = next(one for one in town.nurses if town.member(one).id != duty.member_id)
    old = addresses.make(before, AddressKind.PERSON, town.region.id)
    new = addresses.make(after, AddressKind.PERSON, town.region.id)
    uid = f"{duty.id}@wijkapp"

    first = next(one for one in calendar(visitor, old).events if one["UID"] == uid)
    holding.give(make.db, duty, town.member(after).id, how=HeldBy.SWAP, by=None, moment=NIGHT)
    cancelled = next(one for one in calendar(visitor, old).events if one["UID"] == uid)
    given = next(one for one in calendar(visitor, new).events if one["UID"] == uid)

    assert cancelled["STATUS"] == "CANCELLED"
    assert given["STATUS"] == "CONFIRMED"
    assert cancelled["SEQUENCE"] > first["SEQUENCE"]
    assert cancelled["DTSTAMP"].dt > first["DTSTAMP"].dt


def test_a_duty_that_was_taken_over_while_it_ran_is_in_both_calendars_in_part(
    make: Make, town: RotaTown, plan: Plan, visitor: Visit
) -> None:
    duty = make.duty_on(plan, date(2027, 1, 5))
    before = town.account(duty.member_id)
    after = next(one for one in town.nurses if town.member(one).id != duty.member_id)
    holding.give(make.db, duty, town.member(after).id, how=HeldBy.TAKEOVER, by=after.id, moment=NIGHT)
    spans = []
    for account in (before, after):
        secret = addresses.make(account, AddressKind.PERSON, town.region.id)
        found = calendar(visitor, secret).events
        event = next(one for one in found if one["UID"] == f"{duty.id}@wijkapp")
        assert event["STATUS"] == "CONFIRMED"
        spans.append((event.start, event.end))
    assert spans == [(duty.starts_at, NIGHT), (NIGHT, duty.ends_at)]


def test_a_gap_is_loud_in_the_calendar_of_the_region(
    make: Make, town: RotaTown, plan: Plan, visitor: Visit
) -> None:
    duty = make.duty_on(plan, date(2027, 1, 7))
    holding.give(make.db, duty, None, how=HeldBy.NOBODY, by=None, moment=NIGHT)
    secret = addresses.make(town.coordinator, AddressKind.REGION, town.region.id)
    event = next(one for one in calendar(visitor, secret).events if one["UID"] == f"{duty.id}@wijkapp")
    assert event["SUMMARY"] == "NIEMAND: Dienst nacht"


def test_a_calendar_that_did_not_change_is_not_sent_again(town: RotaTown, plan: Plan, visitor: Visit) -> None:
    path = f"/dienst/agenda/{addresses.make(town.coordinator, AddressKind.REGION, town.region.id)}.ics"
    first = visitor().get(path)
    again = visitor().get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_every_line_of_a_calendar_is_as_the_standard_wants_it(
    town: RotaTown, plan: Plan, visitor: Visit
) -> None:
    """RFC 5545 sections 3.1 and 3.6: CRLF, at most 75 octets a line, and what must be there once."""
    secret = addresses.make(town.coordinator, AddressKind.REGION, town.region.id)
    body = visitor().get(f"/dienst/agenda/{secret}.ics").data
    assert body.startswith(b"BEGIN:VCALENDAR\r\n")
    assert body.endswith(b"END:VCALENDAR\r\n")
    assert max(map(len, body.split(b"\r\n"))) <= 75
    found = Calendar.from_ical(body)
    assert found["VERSION"] == "2.0"
    assert found["PRODID"]
    uids = [str(event["UID"]) for event in found.walk("VEVENT")]
    assert len(uids) == len(set(uids)) > 0
    for event in found.walk("VEVENT"):
        for once in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "STATUS"):
            assert not isinstance(event[once], list), once


def test_the_time_zone_in_a_calendar_changes_when_the_clock_does() -> None:
    """Every change of 2026-2035. RFC 5545 section 3.6.5: an onset is told in the time before it."""
    amsterdam = ZoneInfo("Europe/Amsterdam")
    for part in ical._amsterdam().subcomponents:
        rule = rrulestr(part["RRULE"].to_ical().decode(), dtstart=part["DTSTART"].dt)
        before, after = part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td
        for onset in rule.between(datetime(2026, 1, 1), datetime(2036, 1, 1)):  # noqa: DTZ001 - on a clock
            moment = (onset - before).replace(tzinfo=ZoneInfo("UTC"))
            assert moment.astimezone(amsterdam).utcoffset() == after
            assert (moment - timedelta(seconds=1)).astimezone(amsterdam).utcoffset() == before


@pytest.mark.parametrize("year", range(2026, 2036))
def test_a_night_in_which_the_clock_jumps_keeps_its_hours_in_a_calendar(year: int) -> None:
    """Seven hours in March, nine in October: from eleven to seven on the clock both times."""
    for month, hours in ((3, 7), (10, 9)):
        last = date(year, month, 31)
        saturday = last - timedelta(days=(last.weekday() - 6) % 7 + 1)
        start, end = at(f"{saturday} 23:00"), at(f"{saturday + timedelta(days=1)} 07:00")
        entry = Entry(uuid4(), 0, NIGHT, start, end, "Dienst nacht", "", "https://wijk.example")
        (event,) = Calendar.from_ical(ical.calendar("Diensten", [entry])).walk("VEVENT")
        assert (event.start, event.end) == (start, end)
        assert event.end.astimezone(UTC) - event.start.astimezone(UTC) == timedelta(hours=hours)
        assert (event.start.hour, event.end.hour) == (23, 7)
