"""wave_plan: whom to ring next among 200 teams, out of their own histories; against ringing everybody.

Histories of 40 times each are made up. What is timed is what the clock does: work out how every provider
answers, and choose the wave. The chance it promises is tried against the same made-up people.
"""

import random
import time
from uuid import UUID

from _server import percentile, say

from wijkapp.agreements.rules import DEFAULTS, Urgency
from wijkapp.matching.answering import Past, WeekPart, habit_of
from wijkapp.matching.waves import Chance, next_wave

TEAMS, REMEMBERED, SAMPLES = 200, 40, 100
MOST_MS = 5
TERM = 120.0  # minutes
GOAL = f"p95 <= {MOST_MS} ms for {TEAMS} teams"


def history(dice: random.Random) -> list[Past]:
    """How one provider answered before: its own pace, and now and then not at all."""
    pace, answers, offers = dice.uniform(2, 60), dice.uniform(0.4, 0.95), dice.uniform(0.1, 0.8)
    pasts = []
    for _time in range(dice.randint(0, REMEMBERED)):
        minutes = dice.expovariate(1 / pace) if dice.random() < answers else None
        urgency, part = dice.choice(list(Urgency)), dice.choice(list(WeekPart))
        pasts.append(Past(urgency, part, minutes, minutes or 240.0, dice.random() < offers))
    return pasts


def main() -> None:
    dice = random.Random(1)
    teams = [(UUID(int=number), history(dice)) for number in range(TEAMS)]
    wave_only, whole, phones = [], [], []
    for sample in range(SAMPLES):
        dice.shuffle(teams)
        wanted = DEFAULTS.wanted_chance
        start = time.perf_counter()
        habits = [(one, habit_of(pasts, Urgency.DAY, WeekPart.WORKDAY)) for one, pasts in teams]
        ready = time.perf_counter()
        providers = [
            Chance(one, rank, habit, 0.75, 20.0 if rank < sample % 5 else None)
            for rank, (one, habit) in enumerate(habits)
        ]
        wave = next_wave(providers, wanted=wanted, minutes_left=TERM)
        end = time.perf_counter()
        wave_only.append((end - ready) * 1000)
        whole.append((end - start) * 1000)
        phones.append(len(wave.ring))
    value = percentile(wave_only, 0.95)
    say("wave_plan.p95", value, "ms", against=None, ratio=None, goal=GOAL, met=value <= MOST_MS)
    value = percentile(whole, 0.95)
    goal = f"with all {TEAMS} histories worked out anew, which the app does for the first few in rank only"
    say("wave_plan.with_histories", value, "ms", against=None, ratio=None, goal=goal, met=True)
    value = percentile(phones, 0.5)
    goal = "phones rung of those that could be, half of the cases"
    say("wave_plan.phones", value, "phones", against=TEAMS, ratio=value / TEAMS, goal=goal, met=True)


if __name__ == "__main__":
    main()
