"""Calendars and lists: only from when until when is read, and what cannot be read is said by its row."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rota.make import at
from wijkapp.rota.busy import MOST, NoCalendar, read
from wijkapp.rota.problem import Interval
from wijkapp.rota.rules import AbsenceKind, Source

AROUND = Interval(at("2026-10-01 00:00"), at("2027-04-30 00:00"))
SECRET = "Mevrouw Jansen, Kerkstraat 12"
ZONE = """BEGIN:VTIMEZONE
TZID:Europe/Amsterdam
BEGIN:DAYLIGHT
DTSTART:19810329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""


def ical(*events: str) -> bytes:
    body = "".join(
        f"BEGIN:VEVENT\nUID:{n}\nSUMMARY:{SECRET}\n{one}\nEND:VEVENT\n" for n, one in enumerate(events)
    )
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{ZONE}{body}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def times(found, kind=AbsenceKind.BUSY):
    return [(one.start, one.end) for sort, one in found.moments if sort is kind]


def test_of_a_calendar_nothing_but_times_is_left():
    found = read(ical("DTSTART:20261123T060000Z\nDTEND:20261123T140000Z\nLOCATION:Kerkstraat"), AROUND)
    assert found.source is Source.ICAL
    assert times(found) == [(at("2026-11-23 07:00"), at("2026-11-23 15:00"))]
    assert "Jansen" not in repr(found)
    assert "Kerkstraat" not in repr(found)


def test_a_shift_that_repeats_keeps_its_hour_when_the_clock_changes():
    rule = (
        "DTSTART;TZID=Europe/Amsterdam:20270320T230000\nDTEND;TZID=Europe/Amsterdam:20270321T070000\n"
        "RRULE:FREQ=WEEKLY;COUNT=3"
    )
    assert times(read(ical(rule), AROUND)) == [
        (at("2027-03-20 23:00"), at("2027-03-21 07:00")),
        (at("2027-03-27 23:00"), at("2027-03-27 23:00") + timedelta(hours=8)),
        (at("2027-04-03 23:00"), at("2027-04-04 07:00")),
    ]


def test_what_was_left_out_moved_cancelled_or_is_free_does_not_count():
    weekly = (
        "DTSTART;TZID=Europe/Amsterdam:20261102T070000\nDTEND;TZID=Europe/Amsterdam:20261102T150000\n"
        "RRULE:FREQ=WEEKLY;UNTIL=20261130T235959Z\nEXDATE;TZID=Europe/Amsterdam:20261109T070000"
    )
    moved = (
        "RECURRENCE-ID;TZID=Europe/Amsterdam:20261116T070000\n"
        "DTSTART;TZID=Europe/Amsterdam:20261117T070000\nDTEND;TZID=Europe/Amsterdam:20261117T150000"
    )
    data = ical(
        weekly,
        moved,
        "STATUS:CANCELLED\nDTSTART:20261201T060000Z\nDTEND:20261201T140000Z",
        "TRANSP:TRANSPARENT\nDTSTART:20261202T060000Z\nDTEND:20261202T140000Z",
    ).replace(b"UID:1", b"UID:0")
    days = [start.day for start, _end in times(read(data, AROUND))]
    assert days == [2, 17, 23, 30]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=YEARLY;INTERVAL=0;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYSECOND=" + ",".join(map(str, range(60))) + ";BYMINUTE=0,1,2,3,4,5,6,7,8,9",
        "FREQ=DAILY;COUNT=999999999999999999999",
        "FREQ=DAILY;UNTIL=99991231",
    ],
)
def test_a_rule_that_would_take_for_ever_is_named_and_the_rest_is_read(rule):
    one = "DTSTART:20261123T060000Z\nDTEND:20261123T140000Z"
    found = read(ical(f"{one}\nRRULE:{rule}", one.replace("1123", "1124")), AROUND)
    assert set(found.wrong) == {1}
    assert times(found) == [(at("2026-11-24 07:00"), at("2026-11-24 15:00"))]


def test_whole_days_are_a_time_away_and_no_shift():
    found = read(ical("DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227"), AROUND)
    assert times(found) == []
    assert times(found, AbsenceKind.UNAVAILABLE) == [(at("2026-12-24 00:00"), at("2026-12-27 00:00"))]


def test_an_appointment_that_cannot_be_read_is_named_by_its_number():
    found = read(
        ical(
            "DTSTART:20261123T060000Z\nDTEND:20261122T060000Z",
            "DTSTART:20261124T060000Z\nDTEND:20261124T140000Z",
            "DTSTART:20261124T060000Z\nDTEND:20261124T140000Z\nRRULE:FREQ=SECONDLY",
        ),
        AROUND,
    )
    assert len(times(found)) == 1
    assert set(found.wrong) == {1, 3}
    assert not any("Jansen" in why for why in found.wrong.values())


def test_rules_without_an_end_and_rules_that_never_come_true_end():
    found = read(
        ical(
            "DTSTART:20150101T060000Z\nDTEND:20150101T140000Z\nRRULE:FREQ=DAILY",
            "DTSTART:20260101T060000Z\nDTEND:20260101T140000Z\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        ),
        AROUND,
    )
    assert 200 < len(times(found)) < 220


def test_more_than_a_year_of_moments_is_too_much():
    start = at("2026-11-01 00:00")
    moments = [start + timedelta(minutes=30 * n) for n in range(MOST + 5)]
    rows = "".join(f"{one.isoformat()};{(one + timedelta(minutes=9)).isoformat()}\n" for one in moments)
    found = read(rows.encode(), AROUND)
    assert len(found.moments) == MOST
    assert 0 in found.wrong


@pytest.mark.parametrize(
    "text",
    [
        "datum;van;tot\n23-11-2026;07:00;15:00\n24-11-2026;23:00;07:00\n",
        "Naam,Datum,Van,Tot,Wat\nJansen,2026-11-23,07:00,15:00,route\nJansen,2026-11-24,23.00,7:00,nacht\n",
        "van\ttot\n2026-11-23 07:00\t2026-11-23 15:00\n24/11/2026 23:00\t25/11/2026 07:00\n",
        "2026-11-23T07:00:00+01:00;2026-11-23T14:00:00Z\n2026-11-24 23:00;2026-11-25 07:00\n",
        "23-11-26;7:00;15:00\n\n24-11-26;23:00;7:00\n",
        "\ufeffDatum;Begin;Einde\r\n23/11/2026;07:00;15:00\r\n24/11/2026;23:00;07:00\r\n",
    ],
)
def test_a_list_is_read_in_the_forms_people_have_it_in(text):
    assert times(read(text.encode(), AROUND)) == [
        (at("2026-11-23 07:00"), at("2026-11-23 15:00")),
        (at("2026-11-24 23:00"), at("2026-11-25 07:00")),
    ]


def test_a_row_that_cannot_be_read_is_named_and_the_others_count():
    found = read(
        f"dag;van;tot\n{SECRET};07:00;15:00\n2026-11-24;07:00;25:00\n2026-11-25;7:00;8:00\n".encode(), AROUND
    )
    assert set(found.wrong) == {2, 3}
    assert len(times(found)) == 1
    assert "Jansen" not in repr(found)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hallo",
        b"\x00\x01\x02",
        b"BEGIN:VCALENDAR",
        b"%PDF-1.4\n1;2;3",
        b"van;tot\n" + b"x" * 140_000,  # longer than a cell may be
        b"\n" * 30_000,
        ical("RECURRENCE-ID:00010101T000000"),
    ],
)
def test_what_is_no_calendar_is_refused(data):
    with suppress(NoCalendar):
        assert read(data, AROUND).moments == ()  # an empty calendar is one


def test_so_much_that_repeats_is_cut_short_and_says_so():
    found = read(
        ical(*["DTSTART:20261101T060000Z\nDTEND:20261101T070000Z\nRRULE:FREQ=DAILY;COUNT=2"] * 150), AROUND
    )
    assert len(times(found)) == 2
    assert 0 in found.wrong


def test_what_is_far_away_is_left_out():
    found = read(b"2020-01-01;07:00;15:00\n2026-11-25;7:00;8:00\n", AROUND)
    assert len(found.moments) == 1
    assert found.wrong == {}


@settings(max_examples=60)
@given(st.text(max_size=200), st.sampled_from(["", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "van;tot\n"]))
def test_no_file_whatever_breaks_it(text, head):
    with suppress(NoCalendar):
        read((head + text).encode("utf-8", "ignore"), AROUND)
