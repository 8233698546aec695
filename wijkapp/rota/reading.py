"""Problems and rotas out of JSON: whatever is wrong is said per field, in Dutch, all at once."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from wijkapp.agreements import rule_sets
from wijkapp.rota.problem import (
    BadInput,
    Duty,
    Interval,
    Kind,
    Open,
    Organisation,
    Person,
    Problem,
    Rota,
    in_utc,
    joined,
    plain,
)

T = TypeVar("T")
LEVELS = range(2, 7)
LONGEST_ID = 100
MOST_POINTS = 10_000
MOST_KEY = 10**9  # clients, or euros
MOST_OF_ONE = 20_000  # people, duties, moments of one person: more is a mistake
LONGEST_DUTY = timedelta(days=7)
MISSING = object()


class Reader:
    """Reads one file and remembers what is wrong with it."""

    def __init__(self) -> None:
        self.wrong: dict[str, str] = {}

    def say(self, where: str, what: str) -> None:
        self.wrong.setdefault(where, what)

    def table(self, value: object, where: str, known: frozenset[str]) -> dict[str, Any]:
        if not isinstance(value, dict):
            self.say(where, "moet een object zijn, met accolades")
            return {}
        for name in value:
            if name not in known:
                self.say(f"{where}.{name}".lstrip("."), "ken ik niet; staat er een typefout in?")
        return value

    def rows(self, value: object, where: str) -> list[Any]:
        if value is MISSING or not isinstance(value, list):
            self.say(where, "moet een lijst zijn, met blokhaken")
            return []
        if len(value) > MOST_OF_ONE:
            self.say(where, f"mag hoogstens {MOST_OF_ONE} regels hebben")
            return []
        return value

    def text(self, value: object, where: str) -> str:
        if not isinstance(value, str) or not value.strip():
            self.say(where, "moet een tekst zijn en mag niet leeg zijn")
            return ""
        if len(value) > LONGEST_ID or not value.isprintable():
            self.say(where, f"mag hoogstens {LONGEST_ID} leesbare tekens hebben")
        return value

    def number(self, value: object, where: str, low: float, high: float) -> Fraction:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not low <= value <= high:  # type: ignore[operator] # not a number is in no range
            self.say(where, f"moet een getal zijn van {low:g} tot en met {high:g}")
            return Fraction(0)
        return Fraction(str(value))

    def points(self, value: object, where: str, low: float, high: float = MOST_POINTS) -> Fraction:
        """In four decimals, as they are written too: a program says 0.30000000000000004, or a third."""
        return Fraction(round(self.number(value, where, low, high) * 10_000), 10_000)

    def whole(self, value: object, where: str, low: int, high: int) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self.say(where, f"moet een heel getal zijn van {low} tot en met {high}")
            return low
        return value

    def truth(self, value: object, where: str) -> bool:
        if not isinstance(value, bool):
            self.say(where, "moet true of false zijn")
        return value is True

    def moment(self, value: object, where: str) -> datetime | None:
        try:
            found = datetime.fromisoformat(value) if isinstance(value, str) else None
            moment = in_utc(found) if found and found.tzinfo else None
        except (ValueError, OverflowError):
            moment = None
        if moment is None or not 1970 <= moment.year <= 2200:
            self.say(where, "moet een moment zijn met het verschil met UTC, als 2026-03-28T23:00:00+01:00")
            return None
        if moment.second or moment.microsecond:
            self.say(where, "moet op een hele minuut vallen")
        return moment

    def interval(self, value: object, where: str) -> Interval | None:
        if not isinstance(value, list) or len(value) != 2:
            self.say(where, "moet een begin en een einde hebben, tussen blokhaken")
            return None
        return self.between(value[0], value[1], f"{where}[0]", f"{where}[1]")

    def between(self, first: object, last: object, where_first: str, where_last: str) -> Interval | None:
        start, end = self.moment(first, where_first), self.moment(last, where_last)
        if start is None or end is None:
            return None
        if end <= start:
            self.say(where_last, "moet na het begin liggen")
            return None
        return Interval(start, end)

    def intervals(self, value: object, where: str) -> tuple[Interval, ...]:
        found = [self.interval(one, f"{where}[{n}]") for n, one in enumerate(self.rows(value, where))]
        return joined([one for one in found if one is not None])

    def unique(self, value: object, where: str, seen: set[str]) -> str:
        name = self.text(value, where)
        if name in seen:
            self.say(where, f"komt al eerder voor: {name}")
        seen.add(name)
        return name

    def link(self, value: object, where: str, known: set[str]) -> str:
        name = self.text(value, where)
        if name and name not in known:
            self.say(where, f"bestaat niet: {name}")
        return name

    def each(self, value: object, where: str, read: Callable[[Any, str], T]) -> tuple[T, ...]:
        return tuple(read(one, f"{where}[{n}]") for n, one in enumerate(self.rows(value, where)))

    def end(self) -> None:
        if self.wrong:
            raise BadInput(self.wrong)


PROBLEM = frozenset({"timezone", "organisations", "people", "duties", "rules", "keep"})
ORGANISATION = frozenset({"id", "key"})
PERSON = frozenset(
    {"id", "organisation", "level", "share", "unavailable", "busy", "avoid", "balance", "holidays"}
    | {"exempt_nights"}
)
DUTY = frozenset({"id", "start", "end", "kind", "level", "weight", "holiday"})


def read_problem(data: object) -> Problem:
    """The problem in this JSON. Raises BadInput with a sentence for every field that is wrong."""
    reader = Reader()
    top = reader.table(data, "", PROBLEM)
    timezone = _timezone(reader, top.get("timezone", "Europe/Amsterdam"))
    seen: tuple[set[str], set[str], set[str]] = (set(), set(), set())
    organisations = reader.each(
        top.get("organisations", MISSING), "organisations", lambda v, w: _organisation(reader, v, w, seen[0])
    )
    duties = reader.each(top.get("duties", MISSING), "duties", lambda v, w: _duty(reader, v, w, seen[2]))
    people = reader.each(top.get("people", MISSING), "people", lambda v, w: _person(reader, v, w, *seen))
    if organisations and not any(one.key > 0 for one in organisations):
        reader.say("organisations", "minstens één sleutel moet groter zijn dan nul")
    rules, keep = _rules(reader, top.get("rules", {})), _keep(reader, top.get("keep", {}), seen[2], seen[1])
    reader.end()
    return Problem(timezone, organisations, people, duties, rules, keep)


def _timezone(reader: Reader, value: object) -> str:
    name = reader.text(value, "timezone")
    try:
        ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        reader.say("timezone", "is geen tijdzone die ik ken, zoals Europe/Amsterdam")
    return name


def _organisation(reader: Reader, value: object, where: str, seen: set[str]) -> Organisation:
    row = reader.table(value, where, ORGANISATION)
    return Organisation(
        reader.unique(row.get("id"), f"{where}.id", seen),
        reader.points(row.get("key", 1), f"{where}.key", 0, MOST_KEY),
    )


def _person(
    reader: Reader, value: object, where: str, organisations: set[str], seen: set[str], duties: set[str]
) -> Person:
    row = reader.table(value, where, PERSON)
    avoid = reader.each(row.get("avoid", []), f"{where}.avoid", lambda v, w: reader.link(v, w, duties))
    return Person(
        id=reader.unique(row.get("id"), f"{where}.id", seen),
        organisation=reader.link(row.get("organisation"), f"{where}.organisation", organisations),
        level=reader.whole(row.get("level"), f"{where}.level", LEVELS[0], LEVELS[-1]),
        share=reader.number(row.get("share", 1), f"{where}.share", 0, 2),
        unavailable=reader.intervals(row.get("unavailable", []), f"{where}.unavailable"),
        busy=reader.intervals(row.get("busy", []), f"{where}.busy"),
        avoid=frozenset(avoid),
        balance=reader.points(row.get("balance", 0), f"{where}.balance", -MOST_POINTS),
        holidays=reader.whole(row.get("holidays", 0), f"{where}.holidays", 0, 10_000),
        exempt_nights=reader.truth(row.get("exempt_nights", False), f"{where}.exempt_nights"),
    )


def _duty(reader: Reader, value: object, where: str, seen: set[str]) -> Duty:
    row = reader.table(value, where, DUTY)
    name = reader.unique(row.get("id"), f"{where}.id", seen)
    when = reader.between(row.get("start"), row.get("end"), f"{where}.start", f"{where}.end")
    if when and when.end - when.start > LONGEST_DUTY:
        reader.say(f"{where}.end", "een dienst duurt hoogstens een week")
    kind = row.get("kind", Kind.WORK)
    if not isinstance(kind, str) or kind not in list(Kind):
        reader.say(f"{where}.kind", f"moet een van deze zijn: {', '.join(Kind)}")
        kind = Kind.WORK
    level = reader.whole(row.get("level", LEVELS[0]), f"{where}.level", LEVELS[0], LEVELS[-1])
    weight = reader.points(row.get("weight", 1), f"{where}.weight", 0)
    holiday = reader.truth(row.get("holiday", False), f"{where}.holiday")
    moment = datetime.fromisoformat("2000-01-01T00:00+00:00")
    start, end = (when.start, when.end) if when else (moment, moment)
    return Duty(name, start, end, Kind(kind), level, weight, holiday)


def _rules(reader: Reader, value: object) -> Mapping[str, float | bool | None]:
    known = rule_sets.newest().rules
    row = reader.table(value, "rules", frozenset(known))
    for name, figure in row.items():
        if name not in known or figure is None or figure is False:
            continue  # off
        if isinstance(known[name].value, bool):
            reader.truth(figure, f"rules.{name}")
        else:
            most = 24 if known[name].unit == rule_sets.CLOCK else 10_000
            reader.number(figure, f"rules.{name}", 0, most)
    return dict(row)


def _keep(reader: Reader, value: object, duties: set[str], people: set[str]) -> dict[str, str]:
    if not isinstance(value, dict):
        reader.say("keep", "moet een object zijn, met accolades")
        return {}
    for duty, person in value.items():
        if duty not in duties:
            reader.say(f"keep.{duty}", "deze dienst bestaat niet")
        reader.link(person, f"keep.{duty}", people)
    return dict(value)


def read_rota(data: object, problem: Problem) -> Rota:
    """Who has which duty, out of the JSON of a rota; the rest of the file is worked out anew when needed."""
    reader = Reader()
    if not isinstance(data, dict):
        raise BadInput({"": "moet een object zijn, met accolades"})
    given = data.get("assignments", MISSING)
    if not isinstance(given, dict):
        raise BadInput({"assignments": "moet een object zijn, met accolades"})
    for duty, person in given.items():
        if duty not in problem.duty:
            reader.say(f"assignments.{duty}", "deze dienst bestaat niet")
        reader.link(person, f"assignments.{duty}", set(problem.person))
    gaps = reader.each(data.get("open", []), "open", lambda v, w: _open(reader, v, w, set(problem.duty)))
    reader.end()
    return Rota(dict(given), gaps)


def _open(reader: Reader, value: object, where: str, duties: set[str]) -> Open:
    row = reader.table(value, where, frozenset({"duty", "why"}))
    why = reader.rows(row.get("why", []), f"{where}.why")
    return Open(reader.link(row.get("duty"), f"{where}.duty", duties), tuple(str(one) for one in why))


def problem_to_json(problem: Problem) -> dict[str, Any]:
    """The problem as in the file; `read_problem` of it is the same problem."""
    zone = problem.zone
    return {
        "timezone": problem.timezone,
        "organisations": [{"id": one.id, "key": plain(one.key)} for one in problem.organisations],
        "people": [_person_to_json(person, zone) for person in problem.people],
        "duties": [
            {
                "id": duty.id,
                "start": duty.start.astimezone(zone).isoformat(),
                "end": duty.end.astimezone(zone).isoformat(),
                "kind": duty.kind.value,
                "level": duty.level,
                "weight": plain(duty.weight),
                "holiday": duty.holiday,
            }
            for duty in problem.duties
        ],
        "rules": dict(problem.rules),
        "keep": dict(problem.keep),
    }


def _person_to_json(person: Person, zone: ZoneInfo) -> dict[str, Any]:
    def pairs(intervals: tuple[Interval, ...]) -> list[list[str]]:
        return [[at.astimezone(zone).isoformat() for at in (one.start, one.end)] for one in intervals]

    return {
        "id": person.id,
        "organisation": person.organisation,
        "level": person.level,
        "share": plain(person.share),
        "unavailable": pairs(person.unavailable),
        "busy": pairs(person.busy),
        "avoid": sorted(person.avoid),
        "balance": plain(person.balance),
        "holidays": person.holidays,
        "exempt_nights": person.exempt_nights,
    }
