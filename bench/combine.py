"""combine: the smallest cover among 12 partial offers, exact; against trying every set slot by slot."""

import random
import time
from datetime import date
from itertools import combinations
from uuid import UUID

from _server import percentile, say

from wijkapp.matching.combine import EXACT_AMONG, Part, smallest

MOST_MS = 10
GOAL = f"p95 <= {MOST_MS} ms among {EXACT_AMONG} offers, the same sizes as trying every set"
SAMPLES, CHECKED = 400, 40
VISIT = 30


def case(dice: random.Random) -> tuple[tuple[int, ...], list[Part]]:
    """A week of care, and offers that each do some dayparts of it."""
    need = tuple(dice.choice((0, VISIT, 2 * VISIT)) for _slot in range(28))
    often = dice.uniform(0.15, 0.8)
    parts = [
        Part(
            UUID(int=number),
            tuple(minutes if dice.random() < often else 0 for minutes in need),
            date(2026, 12, dice.randint(1, 9)),
        )
        for number in range(EXACT_AMONG)
    ]
    return need, parts


def plainly(need: tuple[int, ...], parts: list[Part]) -> int:
    """How many offers it takes at least; 0 when all together do not do."""
    for size in range(1, len(parts) + 1):
        for chosen in combinations(parts, size):
            if all(sum(one.week[slot] for one in chosen) >= want for slot, want in enumerate(need)):
                return size
    return 0


def main() -> None:
    dice = random.Random(1)
    cases = [case(dice) for _each in range(SAMPLES)]
    ours, theirs, same = [], [], True
    for number, (need, parts) in enumerate(cases):
        visits = tuple(minutes // VISIT for minutes in need)
        start = time.perf_counter()
        found = smallest(need, parts, visits=visits, shuffle=b"x")
        ours.append((time.perf_counter() - start) * 1000)
        if number < CHECKED:
            start = time.perf_counter()
            size = plainly(need, parts)
            theirs.append((time.perf_counter() - start) * 1000)
            same &= size == (len(found[0].offer_ids) if found else 0)
    value, against = percentile(ours, 0.95), percentile(theirs, 0.95)
    met = value <= MOST_MS and same
    say("combine.p95", value, "ms", against=against, ratio=value / against, goal=GOAL, met=met)


if __name__ == "__main__":
    main()
