"""A rota in the making: who has what now, and whether somebody may have one duty more."""

from bisect import insort
from collections.abc import Collection, Sequence

from wijkapp.rota.fairness import Aims, Tally, aims_of
from wijkapp.rota.law import Law, Shift, minute
from wijkapp.rota.problem import Problem


class Table:
    """What does not change while planning: the law, the targets, who could ever have which duty.

    able     for each duty the people who could have it next to any one thing that is fixed
    refused  for each duty why the others never can: person -> rule
    fixed    for each person what they have anyway: busy, and duties that were fixed
    alike    for each duty those that no rule tells apart, itself too: same hours, both work or both not
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.law = Law(problem)
        numbers = {person.id: n for n, person in enumerate(problem.people)}
        duties = {duty.id: n for n, duty in enumerate(problem.duties)}
        self.kept = {duties[duty]: numbers[person] for duty, person in problem.keep.items()}
        self.fixed: list[list[Shift]] = [self.law.busy(person) for person in problem.people]
        for duty, person in self.kept.items():
            insort(self.fixed[person], self.law.duties[duty], key=_start)
        self.away = [
            [(minute(one.start), minute(one.end)) for one in person.unavailable] for person in problem.people
        ]
        self.refused: list[dict[int, str]] = [{} for _duty in problem.duties]
        self.able = [self._able(duty) for duty in range(len(problem.duties))]
        self.able_sets = [frozenset(people) for people in self.able]
        same: dict[tuple[int, int, bool], list[int]] = {}
        for duty, one in enumerate(self.law.duties):
            same.setdefault((one.start, one.end, one.work), []).append(duty)
        self.alike = [same[one.start, one.end, one.work] for one in self.law.duties]
        self.aims: Aims = aims_of(problem, self.able)

    def _able(self, duty: int) -> list[int]:
        if duty in self.kept:
            return [self.kept[duty]]
        found = []
        for n in range(len(self.problem.people)):
            rule = self._why_never(duty, n)
            if rule:
                self.refused[duty][n] = rule
            else:
                found.append(n)
        return found

    def _why_never(self, duty: int, n: int) -> str:
        """The rule against it, of one duty or of two; what takes more shifts is seen later."""
        person, level = self.problem.people[n], self.problem.duties[duty].level
        rule = self.law.alone(person, duty, level, self.away[n])
        return rule or self.law.clash(self.fixed[n], self.law.duties[duty])


class Roster:
    """Who has what. Duties that were fixed are in it from the start."""

    def __init__(self, table: Table) -> None:
        self.table, self.law = table, table.law
        self.tally = Tally(table.problem, table.aims)
        self.held = [list(shifts) for shifts in table.fixed]  # in order
        self.own: list[set[int]] = [set() for _person in table.fixed]  # duties that may move
        self.who: list[int | None] = [None] * len(table.able)
        for duty, person in table.kept.items():
            self.who[duty] = person
            self.tally.add(duty, person)

    def fits(self, person: int, duty: int, without: Collection[int] = ()) -> bool:
        """May this person have this duty, next to what they have (without these)?"""
        if person not in self.table.able_sets[duty]:
            return False
        held: Sequence[Shift] = self.held[person]
        if without:
            held = [one for one in held if one.duty not in without]
        return self.law.fits(held, self.law.duties[duty])

    def put(self, duty: int, person: int) -> None:
        insort(self.held[person], self.law.duties[duty], key=_start)
        self.own[person].add(duty)
        self.who[duty] = person
        self.tally.add(duty, person)

    def take(self, duty: int) -> int:
        """Away from whom has it; says who that was."""
        person = self.who[duty]
        if person is None:
            raise ValueError(f"nobody has duty {duty}")
        self.held[person].remove(self.law.duties[duty])
        self.own[person].remove(duty)
        self.who[duty] = None
        self.tally.add(duty, person, -1)
        return person

    def lawful(self, person: int) -> bool:
        return next(self.law.faults(self.held[person]), None) is None

    @property
    def gaps(self) -> list[int]:
        return [duty for duty, person in enumerate(self.who) if person is None]

    @property
    def score(self) -> tuple[int, ...]:
        return self.tally.score(self.who.count(None))

    def assignment(self) -> dict[int, int]:
        """duty -> person, of what may move."""
        return {duty: person for person, duties in enumerate(self.own) for duty in duties}

    def become(self, wanted: dict[int, int]) -> None:
        """Change so that of what may move exactly this is so."""
        for duty, person in self.assignment().items():
            if wanted.get(duty) != person:
                self.take(duty)
        for duty, person in wanted.items():
            if self.who[duty] is None:
                self.put(duty, person)


def _start(shift: Shift) -> int:
    return shift.start
