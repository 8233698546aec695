"""The fairest division of a part of the rota, with the proof, by CP-SAT.

One worker, a fixed seed and budgets of counted work, so the same question has the same answer everywhere.
First without the rules over longer stretches that seldom bind: that gives the bound. An answer that breaks
one is mended among a few people, so that it is still better than what there was; the rule is taken in and
asked again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Any

from wijkapp.rota.question import GOALS, Cut, Question, cliques
from wijkapp.rota.roster import Roster, Table

MOST_CUTS = 400  # answers that may prove unlawful before we say that it takes too long
NOTHING_KNOWN = (0,) * GOALS
MENDERS = (6, 10, 16, 24)  # people among whom an unlawful answer is mended
WORK_TO_MEND = 0.6


@dataclass
class Budget:
    """Work that may still be done, in seconds as the solver counts them, and what was learnt on the way."""

    seconds: float
    seed: int = 1
    used: float = 0.0
    cuts: dict[Cut, None] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """found: duty -> person. goals: what is left to wish for; bounds: what is left at the very least."""

    found: dict[int, int]
    goals: tuple[int, ...]
    bounds: tuple[int, ...]

    @property
    def proven(self) -> bool:
        return self.goals == self.bounds


@dataclass(frozen=True)
class Reply:
    """What the solver said to one question."""

    found: dict[int, int] | None = None
    bound: int = 0
    impossible: bool = False


def ask(question: Question, budget: Budget, seconds: float) -> Reply:
    """One answer within so much work; it may break a rule over a longer stretch."""
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = budget.seed
    solver.parameters.max_deterministic_time = max(0.01, min(seconds, budget.seconds))
    status = solver.solve(question.model)
    budget.used += solver.deterministic_time
    budget.seconds -= solver.deterministic_time
    if status == cp_model.INFEASIBLE:
        return Reply(impossible=True)
    aims = question.model.has_objective()
    bound = ceil(solver.best_objective_bound - 1e-6) if aims else 0
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Reply(bound=max(0, bound))
    return Reply({duty: n for (duty, n), x in question.x.items() if solver.boolean_value(x)}, bound)


def ask_lawful(question: Question, budget: Budget, seconds: float) -> Reply:
    """A lawful answer: what breaks a rule is refused, the rule taken in, and asked again."""
    until = budget.used + min(seconds, budget.seconds)
    for _attempt in range(MOST_CUTS):
        reply = ask(question, budget, until - budget.used)
        if reply.found is None:
            return reply
        cuts = question.broken(reply.found)
        if not cuts:
            return reply
        if not _learn(question, budget, cuts) or budget.used >= until:
            return Reply(bound=reply.bound)
    return Reply()


def _learn(question: Question, budget: Budget, cuts: Sequence[Cut]) -> bool:
    """Take these in; says whether there was anything new."""
    budget.cuts.update(dict.fromkeys(cuts))
    return any([question.add(cut) for cut in cuts])  # noqa: C419 - each of them, not up to the first


def best(
    question: Question, budget: Budget, seconds: float, known: Sequence[int] = NOTHING_KNOWN
) -> Answer | None:
    """The best answer there is, goal after goal. None when it is proven that there is none at all.

    seconds  for each goal
    known    what is left at the very least, as is known already; what comes after the open duties only
             when no more of them are open
    """
    now = Answer(question.now(), question.roster.score, tuple(known))
    bounds, certain = list(known), True
    for number, goal in enumerate(question.goals):
        least = known[number] if now.goals[0] == known[0] or number == 0 else 0
        tried = _descend(question, number, replace(now, bounds=(least,)), budget, seconds)
        if tried is None:
            return None
        now = tried
        if certain:
            bounds[number] = min(now.bounds[0], now.goals[number])
            certain = bounds[number] == now.goals[number]
        question.model.add(goal <= now.goals[number])
    return replace(now, bounds=tuple(bounds))


def _descend(question: Question, number: int, now: Answer, budget: Budget, seconds: float) -> Answer | None:
    """This goal made as small as can be, without giving in on those before. bounds: of this goal alone."""
    until = budget.used + min(seconds, budget.seconds / 2)
    asking = mending = 0.0
    for _attempt in range(MOST_CUTS):
        if now.goals[number] <= now.bounds[0] or budget.used >= until:
            break
        question.hint(now.found)
        question.model.minimize(question.goals[number])
        before = budget.used
        reply = ask(question, budget, until - budget.used)
        asking += budget.used - before
        question.model.clear_objective()
        if reply.impossible:
            return None
        now = replace(now, bounds=(max(now.bounds[0], reply.bound),))
        if reply.found is None:
            break
        cuts = question.broken(reply.found)
        fresh = _learn(question, budget, cuts)
        found = None if cuts else reply.found
        if cuts and mending <= asking:  # asking anew may be cheaper
            before = budget.used
            found = _mend(question, number, reply.found, now, budget)
            mending += budget.used - before
        if found is not None and (score := question.score(found)) < now.goals:
            now = Answer(found, score, now.bounds)
        if not fresh:
            break
    return now


def _mend(
    question: Question, number: int, wrong: Mapping[int, int], now: Answer, budget: Budget
) -> dict[int, int] | None:
    """Make an unlawful answer lawful among a few people, so that it is still better than what there is."""
    roster, before = question.roster, question.now()
    question.take_over(wrong)
    try:
        return _mended(question, number, now.goals, budget)
    finally:
        for duty in question.duties:
            if roster.who[duty] is not None:
                roster.take(duty)
        for duty, person in before.items():
            roster.put(duty, person)


def _mended(question: Question, number: int, most: Sequence[int], budget: Budget) -> dict[int, int] | None:
    roster = question.roster
    wrong = [person for person in question.people if not roster.lawful(person)]
    for many in MENDERS:
        for people in _groups(question, wrong, many):
            part = Question(roster, people, budget.cuts, may_open=question.may_open)
            for place, goal in enumerate(part.goals[: number + 1]):
                part.model.add(goal <= most[place] - (place == number))
            part.model.minimize(part.goals[number])
            part.hint(part.now())
            reply = ask_lawful(part, budget, WORK_TO_MEND)
            if reply.found is None:
                continue
            part.take_over(reply.found)
            wrong = [person for person in wrong if not roster.lawful(person)]
            if not wrong:
                return question.now()
        if many >= len(question.people) or budget.seconds <= 0:
            break
    return None


def _groups(question: Question, wrong: Sequence[int], many: int) -> Iterator[list[int]]:
    """Those in whose duties something is wrong, one after the other, each with some others."""
    for person in wrong[:many]:
        others = [other for other in question.people if other not in wrong]
        step = max(1, len(others) // many)
        start = person % step
        yield sorted({person, *others[start::step][: many - 1]})


def on_target(question: Question, budget: Budget, seconds: float) -> Mapping[int, int] | None:
    """Everybody exactly on target, if that is found in time. The question was made with `exactly`."""
    question.hint(question.now())
    return ask_lawful(question, budget, seconds).found


def fewest_days_off(table: Table, budget: Budget, seconds: float) -> int:
    """How far from target the holidays of somebody must be: looks at the holidays alone, so it is quick."""
    from ortools.sat.python import cp_model

    model, x = cp_model.CpModel(), dict[tuple[int, int], Any]()
    days = [duty for duty, one in enumerate(table.problem.duties) if one.holiday and table.able[duty]]
    for duty in days:
        for person in table.able[duty]:
            x[duty, person] = model.new_bool_var("")
        model.add_exactly_one([x[duty, person] for person in table.able[duty]])
    people = range(len(table.fixed))
    for clique in cliques(table, [duty for duty in days if duty not in table.kept]):
        for person in people:
            model.add_at_most_one([x[duty, person] for duty in clique if (duty, person) in x])
    worst = model.new_int_var(0, len(days), "")
    for person in people:
        has = sum(x[duty, person] for duty in days if (duty, person) in x)
        model.add(worst >= has - table.aims.holidays[person])
        model.add(worst >= table.aims.holidays[person] - has)
    model.minimize(worst)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.random_seed = 1, budget.seed
    solver.parameters.max_deterministic_time = seconds
    status = solver.solve(model)
    budget.used += solver.deterministic_time
    known = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return ceil(solver.best_objective_bound - 1e-6) if known else 0


def fill_all(roster: Roster, budget: Budget, seconds: float) -> None:
    """Give out what the search left open, as far as that can be."""
    question = Question(roster, range(len(roster.own)), budget.cuts, may_open=True)
    question.hint(question.now())
    question.model.minimize(question.goals[0])
    found = ask_lawful(question, budget, seconds).found
    if found is not None and question.score(found) < roster.score:
        question.take_over(found)
