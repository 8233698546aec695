"""What is a fair part of the work: whole-number targets, and how far a rota is from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

from wijkapp.rota.problem import Problem


def fair_parts(
    total: Fraction, shares: Sequence[Fraction], before: Sequence[Fraction]
) -> tuple[list[Fraction], Fraction]:
    """Everybody's part of `total`, so that with what they did before they are level by share; and that level.

    Nobody gets less than nothing: who did too much before is passed over, and the others share the rest.
    """
    parts = [Fraction(0)] * len(shares)
    level = Fraction(0)
    taking = [n for n, share in enumerate(shares) if share > 0]
    while taking:
        together = sum((shares[n] for n in taking), Fraction(0))
        level = (total + sum((before[n] for n in taking), Fraction(0))) / together
        behind = [n for n in taking if level * shares[n] >= before[n]]
        if len(behind) == len(taking):
            for n in taking:
                parts[n] = level * shares[n] - before[n]
            break
        taking = behind
    return parts, level


def whole_parts(parts: Sequence[Fraction], total: int) -> list[int]:
    """The same in whole numbers that add up to `total`: the largest remainders are rounded up."""
    found = [part.numerator // part.denominator for part in parts]
    order = sorted(range(len(parts)), key=lambda n: (found[n] - parts[n], n))
    for n in order[: max(0, total - sum(found))]:
        found[n] += 1
    return found


@dataclass(frozen=True)
class Aims:
    """What everybody's part is. In units of `unit` points, by index of organisation and person.

    owed      the exact part of each person, before rounding: what they do more or less goes to the next rota
    holidays  how many holiday duties each person should have
    """

    unit: Fraction
    weights: tuple[int, ...]
    organisation_of: tuple[int, ...]
    organisations: tuple[int, ...]
    people: tuple[int, ...]
    holidays: tuple[int, ...]
    owed: tuple[Fraction, ...]


def aims_of(problem: Problem, able: Sequence[Sequence[int]]) -> Aims:
    """The targets. able: for each duty the people (by index) who could ever have it."""
    unit = _unit([duty.weight for duty in problem.duties])
    weights = tuple(int(duty.weight / unit) for duty in problem.duties)
    places = {one.id: n for n, one in enumerate(problem.organisations)}
    home = tuple(places[person.organisation] for person in problem.people)
    # A duty that weighs nothing is of another rota: it makes nobody useful in this one.
    useful = {person for weight, people in zip(weights, able, strict=True) if weight for person in people}
    total = sum(weight for weight, people in zip(weights, able, strict=True) if people)
    balance = [person.balance / unit for person in problem.people]
    shares = [person.share if n in useful else Fraction(0) for n, person in enumerate(problem.people)]
    of_organisation, level = _of_organisations(problem, home, shares, balance, total)
    people, owed = [0] * len(home), [-done for done in balance]
    for place, target in enumerate(of_organisation):
        staff = [n for n, own in enumerate(home) if own == place]
        before, own = [balance[n] for n in staff], [shares[n] for n in staff]
        parts, _level = fair_parts(Fraction(target), own, before)
        for n, whole in zip(staff, whole_parts(parts, target), strict=True):
            people[n] = whole
            owed[n] += level[place] * shares[n] / (sum(own) or 1)
    holidays = _holidays(problem, home, shares, able)
    return Aims(unit, weights, home, tuple(of_organisation), tuple(people), holidays, tuple(owed))


def _unit(weights: Sequence[Fraction]) -> Fraction:
    """The largest number of points of which every weight is a multiple."""
    positive = [weight for weight in weights if weight > 0]
    if not positive:
        return Fraction(1)
    below = lcm(*(weight.denominator for weight in positive))
    return Fraction(gcd(*(int(weight * below) for weight in positive)), below)


def _of_organisations(
    problem: Problem,
    home: Sequence[int],
    shares: Sequence[Fraction],
    balance: Sequence[Fraction],
    total: int,
) -> tuple[list[int], list[Fraction]]:
    """Whole targets of organisations, by their key and what their people did before; and the exact level.

    An organisation of which nobody could ever have a duty has no part.
    """
    able = {place for place, share in zip(home, shares, strict=True) if share > 0}
    keys = [one.key if n in able else Fraction(0) for n, one in enumerate(problem.organisations)]
    if not any(keys):
        keys = [Fraction(n in able) for n in range(len(keys))]
    before = [
        sum((balance[n] for n, own in enumerate(home) if own == place), Fraction(0))
        for place in range(len(keys))
    ]
    parts, level = fair_parts(Fraction(total), keys, before)
    return whole_parts(parts, total if any(parts) else 0), [level * key for key in keys]


def _holidays(
    problem: Problem, home: Sequence[int], shares: Sequence[Fraction], able: Sequence[Sequence[int]]
) -> tuple[int, ...]:
    """How many holidays each should have, with those of earlier years counted."""
    count = sum(duty.holiday and bool(people) for duty, people in zip(problem.duties, able, strict=True))
    staff = [
        sum((shares[n] for n, own in enumerate(home) if own == place), Fraction(0))
        for place in range(len(problem.organisations))
    ]
    part = [
        problem.organisations[own].key * shares[n] / staff[own] if staff[own] else Fraction(0)
        for n, own in enumerate(home)
    ]
    before = [Fraction(person.holidays) for person in problem.people]
    parts, _level = fair_parts(Fraction(count), part, before)
    return tuple(whole_parts(parts, count if any(parts) else 0))


class Tally:
    """How far a rota in the making is from its aims."""

    def __init__(self, problem: Problem, aims: Aims) -> None:
        self.aims = aims
        self.load = [-target for target in aims.people]  # above target is positive
        self.organisation = [-target for target in aims.organisations]
        self.holidays = [-target for target in aims.holidays]
        self.is_holiday = [duty.holiday for duty in problem.duties]
        self.avoid = [
            frozenset(n for n, duty in enumerate(problem.duties) if duty.id in person.avoid)
            for person in problem.people
        ]
        self.unwished = 0

    def add(self, duty: int, person: int, sign: int = 1) -> None:
        weight = sign * self.aims.weights[duty]
        self.load[person] += weight
        self.organisation[self.aims.organisation_of[person]] += weight
        self.holidays[person] += sign * self.is_holiday[duty]
        self.unwished += sign * (duty in self.avoid[person])

    def score(self, open_duties: int) -> tuple[int, ...]:
        """What is left to wish for; the first number weighs most. In units, not points."""
        return (
            open_duties,
            max(map(abs, self.organisation), default=0),
            max(map(abs, self.load), default=0),
            max(map(abs, self.holidays), default=0),
            sum(map(abs, self.load)),
            self.unwished,
        )
