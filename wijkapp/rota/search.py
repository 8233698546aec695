"""A good rota quickly: give every duty to who is furthest behind, then move and swap while it gets fairer."""

import random
from collections.abc import Iterator, Sequence

from wijkapp.rota.roster import Roster

# What a deviation costs while searching, squared; the exact part decides by the order of the aims.
ORGANISATION, PERSON, HOLIDAY, WISH = 3, 3, 8, 1
MOST_ROUNDS = 60
MOST_TRIES, MOST_IN_VAIN, TRIES_WITH_THE_SAME, SWAPS = 200_000, 40_000, 200, 0.7


def greedy(roster: Roster, seed: int) -> None:
    """Hand out every duty: holidays and heavy ones first, and those that few can have.

    Light ones come last, so that they can make up what is missing.
    """
    table, dice = roster.table, random.Random(seed)  # noqa: S311 - for the order of equals, not for secrets
    luck = list(range(len(table.problem.people)))
    dice.shuffle(luck)
    duties = table.problem.duties
    order = sorted(
        roster.gaps,
        key=lambda d: (not duties[d].holiday, -table.aims.weights[d], len(table.able[d]), duties[d].start, d),
    )
    for duty in order:
        offers = sorted(
            (cost_of(roster, duty, person, 1), luck[person], person) for person in table.able[duty]
        )
        for _cost, _luck, person in offers:
            if roster.fits(person, duty):
                roster.put(duty, person)
                break


def fill(roster: Roster) -> None:
    """Fill what is open by moving one duty of somebody who could have it otherwise."""
    for duty in roster.gaps:
        for person in roster.table.able[duty]:
            if _make_room(roster, duty, person):
                break


def _make_room(roster: Roster, duty: int, person: int) -> bool:
    if roster.fits(person, duty):
        roster.put(duty, person)
        return True
    for own in sorted(roster.own[person]):
        if not roster.fits(person, duty, without=(own,)):
            continue
        for other in roster.table.able[own]:
            if other != person and roster.fits(other, own):
                roster.take(own)
                roster.put(own, other)
                roster.put(duty, person)
                return True
    return False


def improve(roster: Roster, people: list[int] | None = None) -> None:
    """Move and swap duties of whoever is off target, until nothing gets better."""
    for _round in range(MOST_ROUNDS):
        if not any(_step(roster, person) for person in people or _off_target(roster)):
            return


def _off_target(roster: Roster) -> list[int]:
    tally = roster.tally
    unwished = {person for person, own in enumerate(roster.own) if own & tally.avoid[person]}
    off = [p for p, load in enumerate(tally.load) if load or tally.holidays[p] or p in unwished]
    return sorted(off, key=lambda p: (-abs(tally.load[p]), p))


def _step(roster: Roster, person: int) -> bool:
    """The best single move or swap of this person that makes the rota fairer, if any."""
    moves = sorted(_moves(roster, person))
    for gain, give, other, get in moves:
        if gain >= 0:
            break
        if _may(roster, person, give, other, get):
            for duty in (give, get):
                if duty >= 0:
                    roster.take(duty)
            if give >= 0:
                roster.put(give, other)
            if get >= 0:
                roster.put(get, person)
            return True
    return False


def _may(roster: Roster, person: int, give: int, other: int, get: int) -> bool:
    mine = give < 0 or roster.fits(other, give, without=(get,))
    return mine and (get < 0 or roster.fits(person, get, without=(give,)))


def sharpen(roster: Roster, seed: int) -> None:
    """Move and swap at random, for when not everybody can be on target: what is no worse by the aims stays.

    The search before it weighs deviations; here the largest of an organisation comes first, as in the aims.
    """
    dice, now, since, worst = random.Random(seed), roster.score, 0, list[int]()  # noqa: S311
    for number in range(MOST_TRIES):
        since += 1
        if since > MOST_IN_VAIN:
            return
        if number % TRIES_WITH_THE_SAME == 0:
            worst = _worst(roster)
        change = _at_random(roster, dice, worst if number % 2 else range(len(roster.own)))
        if change is None:
            continue
        person, give, other, get = change
        _trade(roster, person, give, other, get)
        score = roster.score
        if score <= now and roster.lawful(person) and roster.lawful(other):
            since, now = 0 if score < now else since, score
        else:
            _trade(roster, other, give, person, get)


def _worst(roster: Roster) -> list[int]:
    """Whoever is furthest from target, in points or holidays, or is of an organisation that is."""
    tally, home = roster.tally, roster.table.aims.organisation_of
    rows = (
        [abs(tally.organisation[place]) for place in home],
        [abs(load) for load in tally.load],
        [abs(days) for days in tally.holidays],
    )
    return sorted({p for row in rows for p, off in enumerate(row) if off and off == max(row)})


def _at_random(roster: Roster, dice: random.Random, some: Sequence[int]) -> tuple[int, int, int, int] | None:
    """One of these, what they give, to whom, and what they get (or nothing); if each duty alone allows it."""
    if not some:
        return None
    person, other = dice.choice(some), dice.randrange(len(roster.own))
    if person == other or not roster.own[person]:
        return None
    able = roster.table.able_sets
    give, get = dice.choice(sorted(roster.own[person])), NOTHING
    if roster.own[other] and dice.random() < SWAPS:
        get = dice.choice(sorted(roster.own[other]))
    if other not in able[give] or (get != NOTHING and person not in able[get]):
        return None
    return person, give, other, get


def _trade(roster: Roster, person: int, give: int, other: int, get: int) -> None:
    roster.take(give)
    if get != NOTHING:
        roster.take(get)
        roster.put(get, person)
    roster.put(give, other)


NOTHING = -2  # no duty; -1 is what somebody does elsewhere


def _moves(roster: Roster, person: int) -> Iterator[tuple[int, int, int, int]]:
    """What this person could give away, get, or swap, and what that would cost: less than nothing is good.

    gain, the duty given, to whom, the duty got
    """
    able = roster.table.able_sets
    mine = sorted(roster.own[person])
    for other in range(len(roster.own)):
        if other == person:
            continue
        theirs = sorted(roster.own[other])
        for give in mine:
            if other in able[give]:
                yield _gain(roster, person, give, other, NOTHING), give, other, NOTHING
        for get in theirs:
            if person not in able[get]:
                continue
            yield _gain(roster, person, NOTHING, other, get), NOTHING, other, get
            for give in mine:
                if other in able[give] and _differ(roster, give, get, person, other):
                    yield _gain(roster, person, give, other, get), give, other, get


def _differ(roster: Roster, one: int, two: int, person: int, other: int) -> bool:
    tally, weights = roster.tally, roster.table.aims.weights
    if weights[one] != weights[two] or tally.is_holiday[one] != tally.is_holiday[two]:
        return True
    return bool({one, two} & (tally.avoid[person] | tally.avoid[other]))


def _gain(roster: Roster, person: int, give: int, other: int, get: int) -> int:
    """What it costs that `person` gives `give` to `other` for `get`."""
    tally, aims = roster.tally, roster.table.aims
    weight = (aims.weights[give] if give >= 0 else 0) - (aims.weights[get] if get >= 0 else 0)
    days = (give >= 0 and tally.is_holiday[give]) - (get >= 0 and tally.is_holiday[get])
    gain = 2 * PERSON * weight * (weight + tally.load[other] - tally.load[person])
    gain += 2 * HOLIDAY * days * (days + tally.holidays[other] - tally.holidays[person])
    home, there = aims.organisation_of[person], aims.organisation_of[other]
    if home != there:
        gain += 2 * ORGANISATION * weight * (weight + tally.organisation[there] - tally.organisation[home])
    wished = tally.avoid[other], tally.avoid[person]
    for duty, new, old in ((give, wished[0], wished[1]), (get, wished[1], wished[0])):
        gain += WISH * ((duty in new) - (duty in old)) if duty >= 0 else 0
    return gain


def cost_of(roster: Roster, duty: int, person: int, sign: int) -> int:
    """What it costs that this person gets this duty; less than nothing when they are behind."""
    tally, aims = roster.tally, roster.table.aims
    weight, days = sign * aims.weights[duty], sign * tally.is_holiday[duty]
    organisation = tally.organisation[aims.organisation_of[person]]
    cost = PERSON * weight * (weight + 2 * tally.load[person])
    cost += ORGANISATION * weight * (weight + 2 * organisation)
    cost += HOLIDAY * days * (days + 2 * tally.holidays[person])
    return cost + WISH * sign * (duty in tally.avoid[person])
