"""Why a rota is fair: what everybody does in it beside what was meant for them. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from wijkapp.agreements.rule_sets import newest
from wijkapp.rota.calendar import Calendar
from wijkapp.rota.problem import Problem, Rota
from wijkapp.rota.roster import Table


@dataclass
class Share:
    """What a person or an organisation does in one rota. points, target: in points.

    nights, weekends  of work; being on call from home is only in the points
    weekends          in how many weekends; of an organisation: those of its people, added
    """

    points: Fraction = Fraction(0)
    target: Fraction = Fraction(0)
    duties: int = 0
    nights: int = 0
    holidays: int = 0
    unwished: int = 0
    weekends: int = 0
    seen: set[date] = field(default_factory=set, repr=False)

    @property
    def off(self) -> Fraction:
        """Above target is positive."""
        return self.points - self.target


@dataclass(frozen=True)
class Shares:
    """Of everybody in the problem, by id."""

    people: Mapping[str, Share]
    organisations: Mapping[str, Share]

    @property
    def furthest(self) -> Fraction:
        """How far the person furthest off is from target."""
        return max((abs(one.off) for one in self.people.values()), default=Fraction(0))


def shares_of(
    problem: Problem, rota: Rota, handed_on: Mapping[str, tuple[Fraction, int]] | None = None
) -> Shares:
    """Who does what, with the targets the planner works to.

    handed_on  points and holidays somebody did more or less, of duties that went to another while they ran
    """
    aims = Table(problem).aims
    people = {person.id: Share(target=aims.people[n] * aims.unit) for n, person in enumerate(problem.people)}
    organisations = {
        one.id: Share(target=aims.organisations[n] * aims.unit) for n, one in enumerate(problem.organisations)
    }
    calendar = Calendar(problem.zone, newest().changed(problem.rules))
    for name, person in rota.assignments.items():
        duty, mine = problem.duty[name], people[person]
        if duty.weight == 0 and name in problem.keep:
            continue  # of another rota; it is here for the rests only
        mine.points += duty.weight
        mine.duties += 1
        mine.holidays += duty.holiday
        mine.unwished += name in problem.person[person].avoid
        if duty.kind.works:
            dark = calendar.is_dark(duty.start, duty.end) and calendar.ends_late(duty.start, duty.end)
            mine.nights += dark
            mine.seen.update(calendar.weekends(duty.start, duty.end))
    for name, (points, holidays) in (handed_on or {}).items():
        if name in people:
            people[name].points += points
            people[name].holidays += holidays
    for one in people.values():
        one.weekends = len(one.seen)
    for place in problem.organisations:
        _add(organisations[place.id], (people[p.id] for p in problem.people if p.organisation == place.id))
    return Shares(people, organisations)


def _add(whole: Share, parts: Iterable[Share]) -> None:
    for one in parts:
        whole.points += one.points
        whole.duties += one.duties
        whole.nights += one.nights
        whole.holidays += one.holidays
        whole.unwished += one.unwished
        whole.weekends += one.weekends
