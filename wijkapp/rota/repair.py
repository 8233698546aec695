"""When somebody falls out: who could take one duty, and how to mend a rota while few people notice."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

from wijkapp.rota.exact import Budget, ask_lawful
from wijkapp.rota.law import Law, Shift, minute
from wijkapp.rota.planner import as_rota
from wijkapp.rota.problem import Duty, Problem, Rota
from wijkapp.rota.question import Question
from wijkapp.rota.roster import Roster, Table

NEAR = timedelta(days=8)  # duties that may move when nobody can simply take over
CLOSE = 2 * 1440  # minutes; a duty so close by makes a week full
WORK_TO_REPAIR = 4.0


@dataclass(frozen=True, slots=True)
class Substitute:
    """Somebody who may lawfully take a duty.

    behind  points under target that remain after taking it; more is a better choice
    close   own duties and shifts within two days around it
    unwished  they would rather not
    """

    person: str
    behind: Fraction
    close: int
    unwished: bool


def substitutes(problem: Problem, rota: Rota, duty: str) -> list[Substitute]:
    """Who may take this duty instead of who has it, the best choice first."""
    wanted, rota = problem.duty[duty], _of_today(problem, rota)
    duties = tuple(one for one in problem.duties if one is wanted or one.id in rota.assignments)
    law = Law(replace(problem, duties=duties))
    shifts = {one.id: shift for one, shift in zip(duties, law.duties, strict=True)}
    held: dict[str, list[Shift]] = {}
    for name, person in rota.assignments.items():
        if name != duty:
            held.setdefault(person, []).append(shifts[name])
    done, meant = rota.load or _loads(problem, rota), rota.target or _shares(problem)
    found = []
    for someone in problem.people:
        if someone.id == rota.assignments.get(duty):
            continue
        away = [(minute(one.start), minute(one.end)) for one in someone.unavailable]
        place = shifts[duty].duty
        if law.alone(someone, place, wanted.level, away):
            continue
        own = sorted([*held.get(someone.id, []), *law.busy(someone)], key=lambda one: one.start)
        if not law.fits(own, shifts[duty]):
            continue
        behind = meant.get(someone.id, Fraction(0)) - done.get(someone.id, Fraction(0)) - wanted.weight
        close = sum(abs(one.start - shifts[duty].start) < CLOSE for one in own)
        found.append(Substitute(someone.id, behind, close, duty in someone.avoid))
    return sorted(found, key=lambda one: (one.unwished, one.close - one.behind, -one.behind, one.person))


def _of_today(problem: Problem, rota: Rota) -> Rota:
    """Without who left, and what is no duty any more."""
    people, duties = problem.person, problem.duty
    still = {duty: who for duty, who in rota.assignments.items() if duty in duties and who in people}
    return replace(rota, assignments=still)


def _loads(problem: Problem, rota: Rota) -> dict[str, Fraction]:
    """Points in this rota, for one that came without them."""
    found = {person.id: person.balance for person in problem.people}
    for duty, person in rota.assignments.items():
        found[person] += problem.duty[duty].weight
    return found


def _shares(problem: Problem) -> dict[str, Fraction]:
    """What each would do if the work went by FTE alone; for a rota that came without targets."""
    fte = sum((one.share for one in problem.people), Fraction(0)) or Fraction(1)
    points = sum((one.weight for one in problem.duties), Fraction(0))
    return {person.id: points * person.share / fte for person in problem.people}


def replan(problem: Problem, rota: Rota, seed: int = 1) -> Rota:
    """The rota for the problem as it is now: what cannot stay is given to others, to as few people as can be.

    Who only loses a duty that they could not do any more does not count as changed.
    """
    kept = _what_can_stay(problem, _of_today(problem, rota))
    budget = Budget(4 * WORK_TO_REPAIR, seed)
    roster = _refill(problem, kept, {}, budget)
    if roster.gaps:
        gaps = [problem.duties[duty] for duty in roster.gaps]
        near = {
            name: who
            for name, who in kept.items()
            if name not in problem.keep and any(_are_near(problem.duty[name], gap) for gap in gaps)
        }
        still = {name: who for name, who in kept.items() if name not in near}
        roster = _refill(problem, still, near, budget)
    # How fair it is goes by the problem as it was asked, not by what was held fast while mending.
    whole = Roster(Table(problem))
    for duty, person in enumerate(roster.who):
        if person is not None and duty not in whole.table.kept:
            whole.put(duty, person)
    return as_rota(whole, (0,) * 6, budget)


def _are_near(one: Duty, other: Duty) -> bool:
    return abs(one.start - other.start) < NEAR


def _what_can_stay(problem: Problem, rota: Rota) -> dict[str, str]:
    """What of this rota is lawful still; of two that clash the first stays."""
    table = Table(problem)
    roster = Roster(table)
    numbers = {person.id: n for n, person in enumerate(problem.people)}
    kept = dict(problem.keep)
    for duty, one in sorted(enumerate(problem.duties), key=lambda pair: (pair[1].start, pair[0])):
        person = rota.assignments.get(one.id)
        if person is None or duty in table.kept:
            continue
        if duty not in table.kept and roster.fits(numbers[person], duty):
            roster.put(duty, numbers[person])
            kept[one.id] = person
    return kept


def _refill(problem: Problem, fast: Mapping[str, str], loose: Mapping[str, str], budget: Budget) -> Roster:
    """Give out all that is not held fast. loose: who has what now and keeps it rather."""
    table = Table(replace(problem, keep=dict(fast)))
    roster = Roster(table)
    numbers = {person.id: n for n, person in enumerate(problem.people)}
    places = {duty.id: n for n, duty in enumerate(problem.duties)}
    for name, person in loose.items():
        roster.put(places[name], numbers[person])
    before = dict(enumerate(roster.who))
    if not roster.gaps:
        return roster
    question = Question(roster, range(len(table.fixed)), may_open=True)
    changed = _changed(question, before)
    for goal in (question.goals[0], changed, question.goals[1] + question.goals[2], question.goals[4]):
        question.hint(question.now())
        question.model.minimize(goal)
        reply = ask_lawful(question, budget, WORK_TO_REPAIR)
        if reply.found is None:
            break
        question.take_over(reply.found)
        question.model.clear_objective()
        question.model.add(goal <= _value(goal, question, reply.found, changed, before))
    return roster


def _changed(question: Question, before: Mapping[int, int | None]) -> Any:
    """How many people see something else than before; then how many duties moved."""
    people: dict[int, list[Any]] = {}
    moved = []
    for (duty, person), x in question.x.items():
        had = before.get(duty)
        if had != person:
            people.setdefault(person, []).append(x)
        if had is not None and had == person:
            people.setdefault(person, []).append(~x)
            moved.append(~x)
    differs = []
    for signs in people.values():
        one = question.model.new_bool_var("")
        question.model.add_max_equality(one, signs)
        differs.append(one)
    return 100 * sum(differs) + sum(moved)


def _value(
    goal: Any, question: Question, found: Mapping[int, int], changed: Any, before: Mapping[int, int | None]
) -> int:
    score = question.roster.score
    if goal is changed:
        new = {person for duty, person in found.items() if before.get(duty) != person}
        lost = {duty for duty, had in before.items() if had is not None and found.get(duty, had) != had}
        return 100 * len(new | {had for duty in lost if (had := before[duty]) is not None}) + len(lost)
    if goal is question.goals[0]:
        return score[0]
    return score[4] if goal is question.goals[4] else score[1] + score[2]
