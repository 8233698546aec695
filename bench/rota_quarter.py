"""rota_quarter: 13 weeks for 30 people of 8 organisations, proven; against turns and least loaded."""

from _rota import judged, least_loaded, planned_apart, region, round_robin
from _server import say

SIZE = {"weeks": 13, "people": 30, "organisations": 8}
SEEDS = range(1, 4)
MOST_S = 10
GOAL = f"proven, no violation, each <= {MOST_S} s"


def main() -> None:
    problems = [region(seed, **SIZE) for seed in SEEDS]
    runs = [planned_apart(SIZE, seed) for seed in SEEDS]
    ours = [judged(problem, run.rota) for problem, run in zip(problems, runs, strict=True)]
    for what in ("violations", "person"):
        value = max(getattr(one, what) for one in ours)
        for name, make in (("round_robin", round_robin), ("least_loaded", least_loaded)):
            against = max(getattr(judged(problem, make(problem)), what) for problem in problems)
            ratio, met = value / against if against else None, what != "violations" or value == 0
            label = f"rota_quarter.{what}.{name}"
            say(label, value, "", against=against, ratio=ratio, goal=GOAL, met=met)
    proven, slowest = sum(run.rota.proven for run in runs), max(run.seconds for run in runs)
    met = proven == len(runs)
    say("rota_quarter.proven", proven, "rotas", against=len(runs), ratio=None, goal=GOAL, met=met)
    say("rota_quarter.time", slowest, "s", against=None, ratio=None, goal=GOAL, met=slowest <= MOST_S)


if __name__ == "__main__":
    main()
