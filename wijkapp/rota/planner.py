"""The rota: lawful, complete when that can be, and as fair as can be, with how fair it could be at best.

Pure: the same problem and seed give the same rota, on any machine. No clock; work is counted by the solver.
"""

import random
from collections.abc import Callable
from fractions import Fraction

from wijkapp.rota import search, wording
from wijkapp.rota.exact import Budget, best, fewest_days_off, fill_all, on_target
from wijkapp.rota.explain import why_open
from wijkapp.rota.fairness import Aims
from wijkapp.rota.problem import Open, Problem, Rota
from wijkapp.rota.question import Question
from wijkapp.rota.roster import Roster, Table

Progress = Callable[[str, tuple[int, ...]], None]
PEOPLE_AT_ONCE = (10, 20, 30)
ROUNDS, MOST_FAILURES = 30, 4
MOST_EXPLAINED = 30  # open duties for which it is worked out why; a rota with more has other troubles
SMALL = 30_000  # pairs of a duty and a person: so much the solver takes whole
WORK, WORK_A_TRY, WORK_TO_LEVEL = 25.0, 12.0, 1.0  # seconds, as the solver counts them
A_FEW, MOST_FAILURES_OF_A_FEW, WORK_FOR_A_FEW = 6, 12, 0.5


def _silent(_what: str, _score: tuple[int, ...]) -> None:
    """Nobody is watching."""


def plan_rota(problem: Problem, seed: int = 1, *, work: float = WORK, progress: Progress = _silent) -> Rota:
    """Who does which duty.

    work      seconds the solver may count; less is sooner ready and perhaps less fair
    progress  called now and then with what is being done and how fair it is; may raise to stop
    """
    table, budget = Table(problem), Budget(work, seed)
    roster = Roster(table)
    search.greedy(roster, seed)
    progress("greedy", roster.score)
    search.fill(roster)
    search.improve(roster)
    progress("search", roster.score)
    least = _least(roster, budget)
    if roster.gaps:
        fill_all(roster, budget, WORK_A_TRY)
        search.improve(roster)
        progress("cover", roster.score)
    if roster.score != least:
        _polish(roster, budget, least[3], progress)
    bounds = least
    if roster.score != least:
        search.sharpen(roster, seed)
        progress("sharpen", roster.score)
        bounds = _settle(roster, budget, least)
    if roster.score != bounds:
        _refine(roster, budget, seed, progress)
        search.sharpen(roster, seed)
    progress("ready", roster.score)
    return as_rota(roster, bounds, budget)


def _least(roster: Roster, budget: Budget) -> tuple[int, ...]:
    """What is left to wish for at the very least: duties that nobody could ever have stay open."""
    gaps = sum(not people for people in roster.table.able)
    # With gaps that can perhaps be filled the holidays may come out otherwise.
    days = 0 if len(roster.gaps) > gaps else fewest_days_off(roster.table, budget, WORK_A_TRY / 12)
    return (gaps, 0, 0, days, 0, 0)


def _polish(roster: Roster, budget: Budget, days_off: int, progress: Progress) -> None:
    """Bring people on target: first among a few, which is quick, then among some thirty."""
    failures = 0
    for number in range(ROUNDS):
        if not _off_target(roster, days_off) or budget.seconds <= 0:
            return
        groups = [_some_off_target(roster, number, days_off, size) for size in PEOPLE_AT_ONCE]
        if not any(_level(roster, people, budget, days_off) for people in groups):
            failures += 1
            # What is small enough is settled as a whole hereafter; otherwise others are asked along.
            small = sum(map(len, roster.table.able)) <= SMALL
            if small or (not _better(roster, groups[-1], budget) and failures >= MOST_FAILURES):
                return
        progress("polish", roster.score)


def _level(roster: Roster, people: list[int], budget: Budget, days_off: int) -> bool:
    """Try at once whether all of these can be exactly on target; that is quick when they can."""
    for all_wishes in (True, False):
        question = Question(roster, people, budget.cuts, exactly=True, days_off=days_off)
        if all_wishes:
            question.model.add(question.goals[5] <= _unwished_by_others(roster, people))
        found = on_target(question, budget, WORK_TO_LEVEL)
        before, goals, off = question.now(), roster.score, len(_off_target(roster, days_off))
        if found is None:
            continue
        question.take_over(found)
        if len(_off_target(roster, days_off)) < off and roster.score[:5] <= goals[:5]:
            return True
        question.take_over(before)
    return False


def _unwished_by_others(roster: Roster, people: list[int]) -> int:
    mine = sum(len(roster.own[person] & roster.tally.avoid[person]) for person in people)
    return roster.tally.unwished - mine


def _off_target(roster: Roster, days_off: int) -> list[int]:
    tally = roster.tally
    off = [
        p
        for p, load in enumerate(tally.load)
        if load or abs(tally.holidays[p]) > days_off or roster.own[p] & tally.avoid[p]
    ]
    return sorted(off, key=lambda p: (-abs(tally.load[p]), -abs(tally.holidays[p]), p))


def _some_off_target(roster: Roster, number: int, days_off: int, size: int) -> list[int]:
    """So many people: mostly off target, chosen so that what one has too much another has too little."""
    tally, left, chosen = roster.tally, _off_target(roster, days_off), list[int]()
    points = days = 0
    while left and len(chosen) < size * 4 // 5:
        person = min(
            left,
            key=lambda p: (abs(points + tally.load[p]) + 2 * abs(days + tally.holidays[p]), left.index(p)),
        )
        left.remove(person)
        chosen.append(person)
        points, days = points + tally.load[person], days + tally.holidays[person]
    rest = [p for p in range(len(tally.load)) if p not in chosen]
    more = min(size - len(chosen), len(rest))
    return chosen + [rest.pop((7 * step + 13 * number) % len(rest)) for step in range(more)]


def _refine(roster: Roster, budget: Budget, seed: int, progress: Progress) -> None:
    """When not everybody can be on target: the best division among a few people, and among a few others."""
    dice, failures, everybody = random.Random(seed), 0, range(len(roster.own))  # noqa: S311
    while failures < MOST_FAILURES_OF_A_FEW and budget.seconds > 0:
        people = dice.sample(everybody, min(A_FEW, len(everybody)))
        failures = 0 if _better(roster, people, budget, WORK_FOR_A_FEW) else failures + 1
        progress("refine", roster.score)


def _better(roster: Roster, people: list[int], budget: Budget, seconds: float = WORK_A_TRY / 4) -> bool:
    before = roster.score
    answer = best(Question(roster, people, budget.cuts), budget, seconds)
    if answer is None or answer.goals >= before:
        return False
    roster.become(
        {duty: person for duty, person in roster.assignment().items() if person not in people} | answer.found
    )
    return True


def _settle(roster: Roster, budget: Budget, least: tuple[int, ...]) -> tuple[int, ...]:
    """The whole question at once when it is small enough: the best rota there is, and the proof."""
    if sum(map(len, roster.table.able)) > SMALL or budget.seconds <= 0:
        return least
    everybody = range(len(roster.own))
    answer = best(
        Question(roster, everybody, budget.cuts, may_open=bool(roster.gaps)),
        budget,
        WORK_A_TRY / 2,
        least,
    )
    if answer is None:
        return least
    roster.become(answer.found)
    return answer.bounds


def as_rota(roster: Roster, bounds: tuple[int, ...], budget: Budget) -> Rota:
    """In the names and points of the problem."""
    problem, aims, tally = roster.table.problem, roster.table.aims, roster.tally
    who = {
        duty.id: problem.people[person].id
        for duty, person in zip(problem.duties, roster.who, strict=True)
        if person is not None
    }
    load = {
        person.id: (tally.load[n] + aims.people[n]) * aims.unit for n, person in enumerate(problem.people)
    }
    organisations = {
        one.id: (tally.organisation[n] + aims.organisations[n]) * aims.unit
        for n, one in enumerate(problem.organisations)
    }
    why = {
        duty: why_open(roster, duty, budget, quick=number >= MOST_EXPLAINED)
        for number, duty in enumerate(roster.gaps)
    }
    gaps = tuple(
        Open(problem.duties[duty].id, tuple(wording.reason(one.kind, one.facts) for one in reasons), reasons)
        for duty, reasons in why.items()
    )
    return Rota(
        assignments=who,
        open=gaps,
        load=load,
        organisation_load=organisations,
        target={person.id: aims.people[n] * aims.unit for n, person in enumerate(problem.people)},
        balance={p.id: load[p.id] - aims.owed[n] * aims.unit for n, p in enumerate(problem.people)},
        objective=in_points(aims, roster.score),
        bound=in_points(aims, bounds),
        proven=bounds == roster.score,
        seconds=round(budget.used, 3),
    )


def in_points(aims: Aims, score: tuple[int, ...]) -> tuple[Fraction, ...]:
    """A score in points where it is about points."""
    one, points = Fraction(1), aims.unit
    units = (one, points, points, one, points, one)
    return tuple(value * unit for value, unit in zip(score, units, strict=True))
