"""rota_year: a year for 150 people of 20 organisations, four duties a day; against turns and least loaded.

Deviations are in points; a duty weighs 1 to 4. Each rota is planned in a process of its own, and the first
once more to see that it is the same byte for byte.
"""

from _rota import judged, least_loaded, planned_apart, region, round_robin, written
from _server import say

SIZE = {"weeks": 52, "people": 150, "organisations": 20}
SEEDS = range(1, 6)
MOST_S, MOST_MB, MOST_POINTS, LEAST_PROVEN = 90, 600, 2, 4
GOAL = f"5 seeds: no violation, within a duty ({MOST_POINTS} points) of target, holidays within 1"


def main() -> None:
    problems = [region(seed, **SIZE) for seed in SEEDS]
    runs = [planned_apart(SIZE, seed) for seed in SEEDS]
    ours = [judged(problem, run.rota) for problem, run in zip(problems, runs, strict=True)]
    turns = [judged(problem, round_robin(problem)) for problem in problems]
    least = [judged(problem, least_loaded(problem)) for problem in problems]
    for what in ("violations", "open", "organisation", "person", "holidays"):
        value = max(getattr(one, what) for one in ours)
        most = {"violations": 0, "open": 0, "holidays": 1}.get(what, MOST_POINTS)
        for name, others in (("round_robin", turns), ("least_loaded", least)):
            against = max(getattr(one, what) for one in others)
            ratio = value / against if against else None
            label = f"rota_year.{what}.{name}"
            say(label, value, "", against=against, ratio=ratio, goal=GOAL, met=value <= most)
    proven = sum(run.rota.proven for run in runs)
    goal = f"proven against the bound in at least {LEAST_PROVEN} of {len(runs)}"
    say(
        "rota_year.proven",
        proven,
        "rotas",
        against=len(runs),
        ratio=None,
        goal=goal,
        met=proven >= LEAST_PROVEN,
    )
    slowest, largest = max(run.seconds for run in runs), max(run.megabytes for run in runs)
    goal = f"each <= {MOST_S} s and <= {MOST_MB} MB"
    say("rota_year.time", slowest, "s", against=None, ratio=None, goal=goal, met=slowest <= MOST_S)
    say("rota_year.memory", largest, "MB", against=None, ratio=None, goal=goal, met=largest <= MOST_MB)
    same = written(planned_apart(SIZE, SEEDS[0]).rota) == written(runs[0].rota)
    say("rota_year.identical", same, "", against=None, ratio=None, goal="the same on a second run", met=same)


if __name__ == "__main__":
    main()
