"""The duties of a day by the clock: nights in which it jumps, leap days, week 53 and holidays."""

from datetime import date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from wijkapp.agreements.rota_terms import DEFAULTS, Days, DutyBlock, RotaTerms
from wijkapp.rota.layout import duties_of, is_free
from wijkapp.rota.problem import Kind
from wijkapp.rota.rules import Line

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
HOUR = timedelta(hours=1)

# The night in which the clock jumps begins on the evening before: the last Saturday of March and of October.
SPRING = [
    (2026, 3, 28),
    (2027, 3, 27),
    (2028, 3, 25),
    (2029, 3, 24),
    (2030, 3, 30),
    (2031, 3, 29),
    (2032, 3, 27),
    (2033, 3, 26),
    (2034, 3, 25),
    (2035, 3, 24),
]
AUTUMN = [
    (2026, 10, 24),
    (2027, 10, 30),
    (2028, 10, 28),
    (2029, 10, 27),
    (2030, 10, 26),
    (2031, 10, 25),
    (2032, 10, 30),
    (2033, 10, 29),
    (2034, 10, 28),
    (2035, 10, 27),
]


def main(terms: RotaTerms, first: date, last: date | None = None, block: str | None = None):
    found = duties_of(terms, first, last or first)
    return [one for one in found if one.line is Line.MAIN and block in (None, one.block)]


@pytest.mark.parametrize(("day", "hours"), [(d, 7) for d in SPRING] + [(d, 9) for d in AUTUMN])
def test_a_night_in_which_the_clock_jumps_lasts_seven_or_nine_hours(day, hours):
    [night] = main(DEFAULTS, date(*day), block="night")
    assert night.end - night.start == hours * HOUR
    assert (night.start.astimezone(AMSTERDAM).hour, night.end.astimezone(AMSTERDAM).hour) == (23, 7)
    assert night.day == date(*day)
    # The weight is agreed for a night, however long it lasts; only Easter makes it a holiday.
    assert night.weight == (3 if night.holiday else Fraction(3, 2))


@pytest.mark.parametrize("year", range(2026, 2036))
def test_a_year_is_covered_without_a_hole_or_an_overlap(year):
    """One after the other: every evening joins its night, also when the clock jumps."""
    found = main(DEFAULTS, date(year, 1, 1), date(year, 12, 31))
    for one, other in pairwise(found):
        assert one.end <= other.start
        if one.block == "evening":
            assert other.block == "night"
            assert one.end == other.start
        if other.block == "day":
            assert one.end == other.start
    nights = [one for one in found if one.block == "night"]
    assert len(nights) == (366 if year % 4 == 0 else 365)
    hours = sum((one.end - one.start for one in nights), timedelta(0)) / HOUR
    assert hours == 8 * len(nights)  # what spring takes autumn gives


def test_every_duty_of_summer_and_winter_starts_when_the_clock_says():
    clocks = {
        (one.block, one.start.astimezone(AMSTERDAM).strftime("%H:%M"))
        for one in duties_of(DEFAULTS, date(2026, 1, 1), date(2026, 12, 31))
    }
    assert clocks == {("evening", "17:00"), ("night", "23:00"), ("day", "07:00")}


def test_a_leap_day_has_duties_of_its_own():
    [evening, night] = main(DEFAULTS, date(2028, 2, 29))
    assert evening.start == datetime(2028, 2, 29, 16, tzinfo=ZoneInfo("UTC"))
    assert night.end.astimezone(AMSTERDAM).date() == date(2028, 3, 1)
    assert main(DEFAULTS, date(2027, 2, 28), date(2027, 3, 1), "night")[1].day == date(2027, 3, 1)


def test_week_53_runs_over_new_year():
    first = date.fromisocalendar(2026, 53, 1)
    found = main(DEFAULTS, first, first + timedelta(days=6))
    assert first == date(2026, 12, 28)
    assert found[-1].day == date(2027, 1, 3)
    assert [one.day for one in found if one.holiday] == [
        date(2026, 12, 31),  # the night that is mostly in the new year
        date(2027, 1, 1),
        date(2027, 1, 1),
    ]
    assert {one.day for one in found if one.block == "day"} == {date(2027, 1, d) for d in (1, 2, 3)}


@pytest.mark.parametrize("year", [2031, 2036])
def test_kings_day_is_the_day_before_when_it_falls_on_a_sunday(year):
    assert date(year, 4, 27).weekday() == 6
    evenings = main(DEFAULTS, date(year, 4, 26), date(year, 4, 27), "evening")
    assert [one.holiday for one in evenings] == [True, False]
    [plain] = main(DEFAULTS, date(2027, 4, 27), block="evening")
    assert plain.holiday


@pytest.mark.parametrize(
    ("setting", "year", "holiday"),
    [
        ("never", 2027, False),
        ("never", 2030, False),
        ("lustrum", 2027, False),
        ("lustrum", 2030, True),
        ("always", 2027, True),
        ("always", 2030, True),
    ],
)
def test_5_may_is_a_holiday_as_the_region_chose(setting, year, holiday):
    terms = RotaTerms(liberation_day=setting)
    [evening] = main(terms, date(year, 5, 5), block="evening")
    assert evening.holiday is holiday
    assert evening.weight == (2 if holiday else 1)
    # On a working day there is duty by day only when it is a holiday. (In 2030 it is a Sunday, free anyhow.)
    by_day = main(terms, date(year, 5, 5), block="day")
    assert bool(by_day) is is_free(date(year, 5, 5), setting)


def test_the_night_before_a_holiday_counts_as_one_and_the_night_after_does_not():
    nights = main(DEFAULTS, date(2026, 12, 23), date(2026, 12, 27), "night")
    assert [one.holiday for one in nights] == [False, True, True, False, False]
    assert [one.weight for one in nights] == [Fraction(3, 2), 3, 3, Fraction(3, 2), Fraction(3, 2)]


def test_there_is_duty_by_day_in_weekends_and_on_holidays_alone():
    days = [one.day for one in main(DEFAULTS, date(2026, 5, 11), date(2026, 5, 17), "day")]
    assert days == [date(2026, 5, 14), date(2026, 5, 16), date(2026, 5, 17)]  # the 14th is Ascension day


def test_behind_everybody_is_a_backup_who_is_reachable_from_home():
    found = duties_of(DEFAULTS, date(2026, 11, 23), date(2026, 11, 23))
    assert [(one.block, one.line) for one in found] == [
        ("evening", Line.MAIN),
        ("evening", Line.BACKUP),
        ("night", Line.MAIN),
        ("night", Line.BACKUP),
    ]
    backup = found[3]
    assert (backup.kind, backup.weight, backup.level) == (Kind.REACHABLE, Fraction(1, 4), 3)
    assert not backup.kind.works


def test_several_at_once_have_seats_and_share_one_backup():
    block = DutyBlock("evening", "avond", time(17), time(23), seats=3, points=Fraction(2), level=4)
    found = duties_of(RotaTerms(blocks=(block,)), date(2026, 11, 23), date(2026, 11, 23))
    assert [(one.line, one.seat) for one in found] == [
        (Line.MAIN, 1),
        (Line.MAIN, 2),
        (Line.MAIN, 3),
        (Line.BACKUP, 1),
    ]


def test_a_duty_that_ends_when_it_starts_lasts_a_day_by_the_clock():
    block = DutyBlock("round", "etmaal", time(8), time(8), days=Days.ALL, backup=False)
    terms = RotaTerms(blocks=(block,))
    [spring] = duties_of(terms, date(2026, 3, 28), date(2026, 3, 28))
    assert spring.end - spring.start == 23 * HOUR


def test_a_duty_in_the_hour_that_does_not_exist_is_left_out():
    block = DutyBlock("odd", "vreemd", time(2), time(2, 30), backup=False)
    found = duties_of(RotaTerms(blocks=(block,)), date(2026, 3, 28), date(2026, 3, 30))
    assert all(one.end > one.start for one in found)
    assert [one.day for one in found if one.day != date(2026, 3, 29)] == [
        date(2026, 3, 28),
        date(2026, 3, 30),
    ]
