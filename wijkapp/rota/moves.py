"""A rota of which one or two duties go to somebody else: is that lawful, and which two could be traded?

Plain values. The checker judges each change; trades are looked for with the planner's quick rules, and judged
by the checker when one is made.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from wijkapp.agreements.rule_sets import newest
from wijkapp.rota.checker import Violation, check_person
from wijkapp.rota.law import Law, Shift, minute
from wijkapp.rota.problem import Duty, Interval, Person, Problem, Rota


@dataclass(frozen=True, slots=True)
class Trade:
    """A duty that could come in return: both may lawfully have what the other has now.

    apart   minutes between the starts of the two
    uneven  how much more work (points) one of them does than the other
    """

    duty: str
    person: str
    apart: int
    uneven: float
    unwished: bool


def wrong_after(problem: Problem, rota: Rota, moved: Mapping[str, str | None]) -> list[Violation]:
    """What becomes unlawful when these duties go to these people; what was so already is not told.

    moved  duty id -> person id, or None: nobody

    Who gives something away can break a rule too: a night less may leave too short a rest between two others.
    """
    rules = newest().changed(problem.rules)
    now = {**rota.assignments}
    then = {**now, **{duty: person for duty, person in moved.items() if person}}
    for duty, taker in moved.items():
        if taker is None:
            then.pop(duty, None)
    touched = {one for one in (*moved.values(), *(now.get(duty) for duty in moved)) if one}
    found: list[Violation] = []
    for name in sorted(touched):
        person = problem.person[name]
        before = list(check_person(problem, rules, person, _of(problem, now, name)))
        for one in check_person(problem, rules, person, _of(problem, then, name)):
            new = any(
                then.get(duty) == name and now.get(duty) != name for duty in moved if duty in one.duties
            )
            if new or not any(_was(one, old) for old in before):
                found.append(one)
    return sorted(found, key=lambda one: (one.moments, one.people, one.rule))


def _of(problem: Problem, assignments: Mapping[str, str], name: str) -> list[Duty]:
    return [problem.duty[duty] for duty, person in assignments.items() if person == name]


def _was(one: Violation, old: Violation) -> bool:
    return one.rule == old.rule and set(one.duties) <= set(old.duties)


def from_now(problem: Problem, duty: str, moment: datetime) -> Problem:
    """The same problem, with of a duty that runs only the rest: that is what somebody takes over."""
    one = problem.duty[duty]
    if one.start >= moment:
        return problem
    rest = replace(one, start=min(moment, one.end))
    return replace(problem, duties=tuple(rest if each is one else each for each in problem.duties))


def widened(problem: Problem, rota: Rota, others: Mapping[Duty, str]) -> tuple[Problem, Rota]:
    """The same with duties of other rotas on the table too, that were only time in which somebody was busy.

    others  duty -> who has it
    """
    gone: dict[str, list[Interval]] = {}
    for duty, name in others.items():
        gone.setdefault(name, []).append(duty.interval)
    people = tuple(
        replace(one, busy=_without(one.busy, gone[one.id])) if one.id in gone else one
        for one in problem.people
    )
    new = {duty.id: name for duty, name in others.items() if name in problem.person}
    kept = {duty: name for duty, name in problem.keep.items() if duty not in new}
    duties = (
        *(one for one in problem.duties if one.id not in new),
        *(one for one in others if one.id in new),
    )
    wide = replace(problem, people=people, duties=duties, keep=kept)
    return wide, replace(rota, assignments={**rota.assignments, **new})


def _without(busy: Sequence[Interval], gone: Sequence[Interval]) -> tuple[Interval, ...]:
    left = list(busy)
    for one in gone:
        parts = [
            part
            for each in left
            for part in (
                Interval(each.start, min(each.end, one.start)),
                Interval(max(each.start, one.end), each.end),
            )
        ]
        left = [part for part in dict.fromkeys(parts) if part.start < part.end]
    return tuple(left)


def trades(problem: Problem, rota: Rota, duty: str, among: Collection[str]) -> list[Trade]:
    """Duties of others that could come in return for this one, the nearest first.

    among  ids of the duties that may be traded
    """
    mine = rota.assignments[duty]
    book = _Book(problem, rota)
    me, wanted = problem.person[mine], problem.duty[duty]
    found = []
    for other in problem.duties:
        who = rota.assignments.get(other.id)
        if who is None or who == mine or other.id not in among or other.id in problem.keep:
            continue
        them = problem.person[who]
        if book.may_have(me, other, without=wanted) and book.may_have(them, wanted, without=other):
            apart = int(abs(other.start - wanted.start).total_seconds() // 60)
            uneven = float(abs(other.weight - wanted.weight))
            found.append(Trade(other.id, who, apart, uneven, duty in them.avoid))
    return sorted(found, key=lambda one: (one.unwished, one.uneven, one.apart, one.duty))


class _Book:
    """Who has what, as the planner's rules read it."""

    def __init__(self, problem: Problem, rota: Rota) -> None:
        self.law = Law(problem)
        self.shift = {one.id: shift for one, shift in zip(problem.duties, self.law.duties, strict=True)}
        self.held: dict[str, list[Shift]] = {}
        for name, person in rota.assignments.items():
            self.held.setdefault(person, []).append(self.shift[name])
        self.busy: dict[str, Sequence[Shift]] = {}

    def may_have(self, someone: Person, duty: Duty, *, without: Duty) -> bool:
        """May they have this duty, when they give that one away?"""
        shift, away = self.shift[duty.id], [(minute(a.start), minute(a.end)) for a in someone.unavailable]
        if self.law.alone(someone, shift.duty, duty.level, away):
            return False
        if someone.id not in self.busy:
            self.busy[someone.id] = self.law.busy(someone)
        gone = self.shift[without.id]
        own = [one for one in (*self.held.get(someone.id, ()), *self.busy[someone.id]) if one is not gone]
        return self.law.fits(sorted(own, key=lambda one: one.start), shift)
