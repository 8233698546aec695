"""Small problems, written short, and random ones."""

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from wijkapp.rota.problem import Duty, Interval, Kind, Organisation, Person, Problem, in_utc, joined

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MONDAY = datetime(2026, 3, 2, tzinfo=AMSTERDAM)


def at(text: str) -> datetime:
    """A moment on the clock in Amsterdam, as 2026-03-02 23:00, in UTC."""
    return in_utc(datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM))


def duty(name: str, start: str, end: str, **more: Any) -> Duty:
    return Duty(name, at(start), at(end), **more)


def away(start: str, end: str) -> Interval:
    return Interval(at(start), at(end))


def person(name: str, **more: Any) -> Person:
    given = {"organisation": "oost", "level": 3, "share": Fraction(1)} | more
    return Person(id=name, **given)


def problem(people: list[Person], duties: list[Duty], **more: Any) -> Problem:
    names = dict.fromkeys(one.organisation for one in people)
    organisations = tuple(Organisation(name, Fraction(1)) for name in names)
    return Problem("Europe/Amsterdam", organisations, tuple(people), tuple(duties), **more)


def weeks(count: int, *, start: datetime = MONDAY, a_day: int = 2, level: int = 2) -> list[Duty]:
    """Evenings and nights, and from three a day a second evening, from four a second night."""
    found = []
    for day in range(7 * count):
        midnight = start + timedelta(days=day)
        for number in range(a_day):
            from_hour, to_hour = ((17, 23), (23, 31))[number % 2]
            begins = (midnight + timedelta(hours=from_hour)).replace(tzinfo=AMSTERDAM)
            ends = (midnight + timedelta(hours=to_hour)).replace(tzinfo=AMSTERDAM)
            name = f"{midnight.date()}-{number}"
            weight = Fraction(1 + number % 2)
            found.append(Duty(name, in_utc(begins), in_utc(ends), Kind.WORK, level, weight))
    return found


# Figures so low that a small problem meets every rule.
LOW = {
    "weekends_off": st.integers(2, 4),
    "sundays_off": st.integers(50, 52),
    "nights": st.integers(1, 3),
    "longest_run": st.integers(1, 4),
    "week_hours": st.integers(8, 40),
    "average_short": st.integers(4, 20),
    "average_long": st.integers(1, 4),
    "many_nights": st.integers(1, 3),
    "average_nights": st.integers(1, 3),
    "on_call_days": st.integers(1, 5),
    "on_call_free": st.integers(8, 13),
    "weekly_rest": st.one_of(st.integers(36, 90), st.none()),
    "daily_rest": st.one_of(st.integers(0, 24), st.just(False)),
    "night_work": st.integers(0, 3),
    "shift_hours": st.integers(6, 12),
}


@st.composite
def intervals(draw: st.DrawFn, first: datetime, hours: int, most: int) -> tuple[Interval, ...]:
    found = []
    for _one in range(draw(st.integers(0, most))):
        start = first + timedelta(hours=draw(st.integers(0, hours)))
        found.append(Interval(start, start + timedelta(hours=draw(st.integers(3, 30)))))
    return joined(found)


@st.composite
def problems(
    draw: st.DrawFn, *, duties: int = 12, people: int = 4, days: int = 10, low: bool = True
) -> Problem:
    """Any small problem. low: with figures so low that they bind."""
    first = draw(st.sampled_from(["2026-03-23 00:00", "2026-10-19 00:00", "2028-02-24 00:00"]))
    start = at(first)
    made = []
    for number in range(draw(st.integers(1, duties))):
        begins = start + timedelta(hours=draw(st.integers(0, days * 24)))
        ends = begins + timedelta(hours=draw(st.sampled_from([6, 8, 10, 13])))
        kind = draw(st.sampled_from([Kind.WORK, Kind.WORK, Kind.WORK, *Kind]))
        weight, level = draw(st.integers(1, 3)), draw(st.sampled_from([2, 2, 2, 4]))
        made.append(Duty(f"d{number}", begins, ends, kind, level, Fraction(weight), draw(st.booleans())))
    staff = [_someone(draw, number, start, days * 24, made) for number in range(draw(st.integers(1, people)))]
    rules = draw(st.fixed_dictionaries({}, optional=LOW)) if low else {}
    return problem(staff, made, rules=rules)


def _someone(draw: st.DrawFn, number: int, start: datetime, hours: int, made: list[Duty]) -> Person:
    return person(
        f"p{number}",
        organisation=draw(st.sampled_from(["oost", "west"])),
        level=draw(st.sampled_from([2, 4])),
        share=Fraction(draw(st.sampled_from(["0.5", "1"]))),
        unavailable=draw(intervals(start, hours, 1)),
        busy=draw(intervals(start, hours, 2)),
        avoid=frozenset(draw(st.sets(st.sampled_from([one.id for one in made]), max_size=2))),
        balance=Fraction(draw(st.integers(-2, 2))),
        holidays=draw(st.integers(0, 2)),
        exempt_nights=draw(st.booleans()),
    )
