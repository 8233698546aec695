"""replan: somebody is ill for three weeks in the year's rota; against planning all of it again.

Also how soon it is known who may take one duty.
"""

from dataclasses import replace
from time import perf_counter

from _rota import region
from _server import percentile, say

from wijkapp.rota.checker import check_rota
from wijkapp.rota.planner import plan_rota
from wijkapp.rota.problem import Interval, Problem, Rota
from wijkapp.rota.repair import replan, substitutes

SIZE = {"weeks": 52, "people": 150, "organisations": 20}
WEEKS_ILL = (2, 5)
MOST_CHANGED, MOST_S, MOST_MS, SAMPLES = 2, 10, 100, 30


def ill(problem: Problem, rota: Rota) -> Problem:
    """Who has most duties in those weeks is away all that time."""
    days = sorted(duty.start for duty in problem.duties)
    start, end = (days[len(days) * week // 52] for week in (20 + WEEKS_ILL[0], 20 + WEEKS_ILL[1]))
    lost = [rota.assignments[duty.id] for duty in problem.duties if start <= duty.start < end]
    who = max(sorted(set(lost)), key=lost.count)
    away = Interval(start, end)
    people = (
        replace(one, unavailable=(*one.unavailable, away)) if one.id == who else one for one in problem.people
    )
    return replace(problem, people=tuple(people))


def changed(before: Rota, after: Rota) -> int:
    """Colleagues with a duty that they did not have, or without one that they did."""
    moved = [name for name, who in after.assignments.items() if before.assignments.get(name) != who]
    return len({after.assignments[name] for name in moved})


def main() -> None:
    problem = region(1, **SIZE)
    rota = plan_rota(problem)
    now = ill(problem, rota)
    start = perf_counter()
    mended = replan(now, rota)
    taken = perf_counter() - start
    again = plan_rota(now)
    wrong = len(check_rota(now, mended)) + len(mended.open)
    value, against = changed(rota, mended), changed(rota, again)
    goal = f"<= {MOST_CHANGED} colleagues, nothing unlawful or open"
    met = value <= MOST_CHANGED and wrong == 0
    say("replan.changed", value, "people", against=against, ratio=value / against, goal=goal, met=met)
    say("replan.time", taken, "s", against=None, ratio=None, goal=f"<= {MOST_S} s", met=taken <= MOST_S)
    times = []
    for duty in problem.duties[:: len(problem.duties) // SAMPLES]:
        start = perf_counter()
        substitutes(problem, rota, duty.id)
        times.append((perf_counter() - start) * 1000)
    slow = percentile(times, 0.95)
    goal = f"p95 <= {MOST_MS} ms"
    say("replan.substitutes", slow, "ms", against=None, ratio=None, goal=goal, met=slow <= MOST_MS)


if __name__ == "__main__":
    main()
