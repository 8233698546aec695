"""Made-up regions to plan for: organisations with a key, people who are away, busy and have wishes."""

import json
import random
import resource
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from multiprocessing import get_context
from time import perf_counter
from zoneinfo import ZoneInfo

from wijkapp.rota.calendar import block, holidays_in
from wijkapp.rota.checker import check_rota
from wijkapp.rota.fairness import Tally
from wijkapp.rota.planner import plan_rota
from wijkapp.rota.problem import Duty, Interval, Kind, Organisation, Person, Problem, Rota, joined
from wijkapp.rota.roster import Table

ZONE = "Europe/Amsterdam"
START = date(2027, 1, 4)
DAYS_OFF, WEEKEND = 5, (5, 6)


def region(seed: int, *, weeks: int, people: int, organisations: int) -> Problem:
    """Four duties a day: on working days two evenings, a night and its back-up, in weekends a day too."""
    dice = random.Random(seed)
    duties = [duty for day in range(7 * weeks) for duty in _of_day(START + timedelta(days=day))]
    sizes = [dice.randint(1, 6) for _house in range(organisations)]
    homes = sorted(
        [*range(organisations), *dice.choices(range(organisations), sizes, k=people - organisations)]
    )
    staff = tuple(_person(dice, n, f"o{home:02}", duties, weeks) for n, home in enumerate(homes))
    houses = tuple(_house(dice, f"o{n:02}", staff) for n in range(organisations))
    return Problem(ZONE, houses, staff, tuple(duties))


def _house(dice: random.Random, name: str, staff: tuple[Person, ...]) -> Organisation:
    """Its key is the FTE of its people, more or less: it goes by clients."""
    fte = sum((person.share for person in staff if person.organisation == name), Fraction(0))
    return Organisation(name, fte * dice.randint(90, 110) / 100)


def _of_day(day: date) -> list[Duty]:
    """Evening, night, and who backs them up from home; in weekends and on holidays the day is one too."""
    holiday = day in holidays_in(day.year)
    off = holiday or day.weekday() in WEEKEND
    blocks = [("day", 7, 17)] if off else [("evening2", 17, 23)]
    blocks += [("evening", 17, 23), ("night", 23, 7), ("backup", 23, 7)]
    found = []
    for name, starts, ends in blocks:
        when = block(day, time(starts), time(ends), ZoneInfo(ZONE))
        kind = Kind.ON_CALL if name == "backup" else Kind.WORK
        weight = {"night": 2, "day": 2, "backup": 1}.get(name, 1 + off) * (1 + holiday)
        level = {"night": 3, "evening": 3}.get(name, 2)
        found.append(Duty(f"{day}-{name}", when.start, when.end, kind, level, Fraction(weight), holiday))
    return found


def _person(dice: random.Random, number: int, home: str, duties: list[Duty], weeks: int) -> Person:
    level = dice.choices((2, 3, 4, 5), (1, 4, 4, 2))[0]
    away = [_away(dice, weeks, 14 if n == 0 else 7) for n in range(1 + weeks // 17)]
    busy = [_shift(dice, week) for week in range(weeks) if number % 3 == 0]
    return Person(
        f"p{number:03}",
        home,
        level,
        Fraction(dice.choice(("0.4", "0.6", "0.8", "1"))),
        joined(away),
        joined(busy),
        frozenset(dice.sample([duty.id for duty in duties], 3)),
        Fraction(dice.randint(-2, 2)),
        dice.randint(0, 2),
        dice.random() < 0.1,
    )


def _away(dice: random.Random, weeks: int, days: int) -> Interval:
    start = datetime.combine(START, time(0), tzinfo=ZoneInfo(ZONE)) + timedelta(
        days=dice.randrange(7 * weeks)
    )
    return Interval(start.astimezone(UTC), (start + timedelta(days=days)).astimezone(UTC))


def _shift(dice: random.Random, week: int) -> Interval:
    """A day shift at their own organisation."""
    return block(START + timedelta(days=7 * week + dice.randrange(5)), time(7, 30), time(16), ZoneInfo(ZONE))


def round_robin(problem: Problem) -> Rota:
    """As by hand: the next on the list with the level, who is not away."""
    people, given, turn = problem.people, {}, 0
    for duty in problem.duties:
        for step in range(len(people)):
            person = people[(turn + step) % len(people)]
            if _could(person, duty):
                given[duty.id], turn = person.id, turn + step + 1
                break
    return Rota(given)


def least_loaded(problem: Problem) -> Rota:
    """Greedy: to whoever did least for their FTE, has the level, is not away and slept (11 hours)."""
    load = {person.id: person.balance for person in problem.people}
    given: dict[str, str] = {}
    own: dict[str, list[Duty]] = {person.id: [] for person in problem.people}
    for duty in problem.duties:
        able = [p for p in problem.people if _could(p, duty) and _slept(own[p.id], duty)]
        if able:
            person = min(able, key=lambda p: (load[p.id] / p.share, p.id))
            given[duty.id] = person.id
            own[person.id].append(duty)
            load[person.id] += duty.weight
    return Rota(given)


def _could(person: Person, duty: Duty) -> bool:
    return person.level >= duty.level and not any(one.overlaps(duty.interval) for one in person.unavailable)


def _slept(own: list[Duty], duty: Duty) -> bool:
    return not own or duty.start - own[-1].end >= timedelta(hours=11)


@dataclass(frozen=True)
class Judged:
    """violations by the checker; the largest deviation of an organisation and of a person, in points."""

    violations: int
    organisation: float
    person: float
    holidays: int
    open: int


def judged(problem: Problem, rota: Rota) -> Judged:
    table = Table(problem)
    tally, people = Tally(problem, table.aims), {one.id: n for n, one in enumerate(problem.people)}
    for number, duty in enumerate(problem.duties):
        if duty.id in rota.assignments:
            tally.add(number, people[rota.assignments[duty.id]])
    gaps = len(problem.duties) - len(rota.assignments)
    _open, organisation, person, holidays, _all, _wishes = tally.score(gaps)
    violations = sum(one.rule != "cover" for one in check_rota(problem, rota))
    unit = float(table.aims.unit)
    return Judged(violations, organisation * unit, person * unit, holidays, gaps)


@dataclass(frozen=True)
class Run:
    """One rota as planned in a process of its own."""

    rota: Rota
    seconds: float
    megabytes: float


def planned_apart(size: dict[str, int], seed: int) -> Run:
    """Plan in a fresh process, as the app does, so that its memory is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as one:
        return one.submit(_plan, size, seed).result()


def _plan(size: dict[str, int], seed: int) -> Run:
    problem = region(seed, **size)
    start = perf_counter()
    rota = plan_rota(problem, seed)
    taken = perf_counter() - start
    return Run(rota, taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def written(rota: Rota) -> str:
    return json.dumps(rota.to_json())
