"""region_optimum: who could take which of 500 requests, among 300 teams; against first come first served.

A region is made up of 30 wijken in a ring. A team may take what is asked in its own wijk, and so many wijken
away as the case says: the farther, the more there is to choose from, and the harder it gets.
"""

import random
import time
from uuid import UUID

from _server import say

from wijkapp.matching.optimum import Room, Taker, Waiting, first_come, most_placed

REQUESTS, TEAMS, WIJKEN = 500, 300, 30
PRODUCTS = ("persoonlijke_verzorging", "verpleging", "wondzorg", "palliatief")
MOST_S = 2.0
SEEDS = 3
GOAL = f"more placed than first come first served, proven, each within {MOST_S:g} s"
DAYS = (range(7), range(5), (0, 2, 4))
VISITS = ((1, 0, 0, 0), (1, 0, 1, 0), (0, 0, 1, 0), (1, 1, 1, 0), (1, 0, 1, 1))


def region(dice: random.Random, reach: int) -> tuple[list[Waiting], list[Room]]:
    """Requests in the order in which they came, and what teams have free."""
    rooms: dict[tuple[int, str], Room] = {}
    teams = [(dice.randrange(WIJKEN), dice.randint(3, 5)) for _team in range(TEAMS)]
    for team in range(TEAMS):
        for product in sorted({PRODUCTS[0], *dice.sample(PRODUCTS, dice.randint(1, 3))}):
            places = dice.choices((0, 1, 2, 3, 4), (4, 4, 3, 2, 1))[0]
            week = tuple((90, 45, 60, 20)[slot % 4] * places * (dice.random() < 0.8) for slot in range(28))
            filled_in = dice.random() < 0.8
            rooms[team, product] = Room(UUID(int=team), product, places, week if filled_in else None)
    waiting = [_request(dice, number, teams, rooms, reach) for number in range(REQUESTS)]
    return waiting, list(rooms.values())


def _request(
    dice: random.Random,
    number: int,
    teams: list[tuple[int, int]],
    rooms: dict[tuple[int, str], Room],
    reach: int,
) -> Waiting:
    wijk, level = dice.randrange(WIJKEN), dice.randint(3, 5)
    products = tuple(dice.sample(PRODUCTS, dice.choices((1, 2), (4, 1))[0]))
    visits, days = dice.choice(VISITS), dice.choice(DAYS)
    week = [0] * 28
    for day in days:
        week[day * 4 : day * 4 + 4] = [30 * count for count in visits]
    takers = []
    for team, (home, can) in enumerate(teams):
        away = min((wijk - home) % WIJKEN, (home - wijk) % WIJKEN)
        if away <= reach and can >= level and all((team, product) in rooms for product in products):
            takers.append(Taker(UUID(int=team), min(away, 2)))
    takers.sort(key=lambda taker: taker.detour)
    return Waiting(UUID(int=number), products, tuple(week), tuple(takers), dice.randint(0, 3))


def main() -> None:
    for name, reach in (("wijk_and_neighbours", 1), ("near", 3), ("whole_region", WIJKEN)):
        slowest, placed, before, proven = 0.0, 0, 0, True
        for seed in range(SEEDS):
            waiting, rooms = region(random.Random(seed), reach)
            before += len(first_come(waiting, rooms))
            start = time.perf_counter()
            found = most_placed(waiting, rooms, shuffle=b"x")
            slowest = max(slowest, time.perf_counter() - start)
            placed += len(found.taken)
            proven &= found.proven
        met = proven and placed > before and slowest <= MOST_S
        say(
            f"region_optimum.{name}.placed",
            placed / SEEDS,
            "requests",
            against=before / SEEDS,
            ratio=placed / before,
            goal=GOAL,
            met=met,
        )
        say(f"region_optimum.{name}.time", slowest, "s", against=None, ratio=None, goal=GOAL, met=met)


if __name__ == "__main__":
    main()
