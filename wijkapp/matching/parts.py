"""A part of a request: what an offer takes of it, what is left, and in which order offers are shown. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import blake2b
from typing import Protocol, TypeVar
from uuid import UUID

from wijkapp.capacity.rules import DAYPARTS, SLOTS
from wijkapp.matching import combine
from wijkapp.matching.combine import Part
from wijkapp.matching.rules import week_of_minutes

PARTS = len(DAYPARTS)
AS_ASKED = tuple(range(SLOTS))
MOST_TOGETHER = 3
"""Combinations that are shown; a client cannot weigh more of them."""


class Asked(Protocol):
    """As much of a request as is needed here."""

    id: UUID
    moments: tuple[int, ...]
    minutes_per_week: int


class Offered(Protocol):
    """As much of an offer as is needed here."""

    id: UUID
    organisation_id: UUID
    week: tuple[int, ...]
    counter: tuple[int, ...] | None
    start_on: date


Some = TypeVar("Some", bound=Offered)


class Cover(StrEnum):
    """How much of a request one offer takes."""

    ALL = "all"
    OTHER_TIMES = "other_times"  # all of it, when the client agrees to other times
    PART = "part"


@dataclass(frozen=True)
class Together:
    """Offers that are chosen together, or not at all.

    shares      minutes per slot that each of them does, in the order of `offer_ids`
    start_on    the first day that all of it is covered
    other_times at least one of them comes at another time than was asked
    """

    offer_ids: tuple[UUID, ...]
    shares: tuple[tuple[int, ...], ...]
    start_on: date
    other_times: bool


def asked_week(asked: Asked) -> tuple[int, ...]:
    """Minutes per slot (28) that a request asks for."""
    return week_of_minutes(asked.moments, asked.minutes_per_week)


def week_for(asked: Asked, visits: Sequence[int], minutes: int | None) -> tuple[int, ...]:
    """Minutes per slot for these visits: as long as was asked, or `minutes` a week for all together."""
    if minutes is not None:
        return week_of_minutes(visits, minutes)
    return tuple(
        whole * count // of if of else 0
        for whole, count, of in zip(asked_week(asked), visits, asked.moments, strict=True)
    )


def counter_of(moves: Mapping[int, int]) -> tuple[int, ...] | None:
    """Per slot the slot instead, when whole dayparts move: {0: 2} is the mornings in the evening."""
    instead = tuple(slot - slot % PARTS + moves.get(slot % PARTS, slot % PARTS) for slot in AS_ASKED)
    return None if instead == AS_ASKED else instead


def moves_of(moments: Sequence[int], counter: Sequence[int] | None) -> dict[int, int]:
    """Which dayparts of what is asked move, and where to."""
    if counter is None:
        return {}
    return {
        slot % PARTS: counter[slot] % PARTS
        for slot, count in enumerate(moments)
        if count and counter[slot] != slot
    }


def moved(week: Sequence[int], counter: Sequence[int] | None) -> tuple[int, ...]:
    """The minutes in the slots in which somebody really comes."""
    if counter is None:
        return tuple(week)
    there = [0] * len(week)
    for slot, minutes in enumerate(week):
        there[counter[slot]] += minutes
    return tuple(there)


def cover(asked: Asked, offer: Offered) -> Cover:
    """Does this offer take all of the request?"""
    if any(have < want for have, want in zip(offer.week, asked_week(asked), strict=True)):
        return Cover.PART
    return Cover.ALL if offer.counter is None else Cover.OTHER_TIMES


def in_order(asked: Asked, offers: Sequence[Some]) -> list[Some]:
    """Earliest full cover first; after that an order that favours nobody, the same each time one looks."""

    def place(offer: Some) -> tuple[bool, date, bytes]:
        full = cover(asked, offer) is Cover.ALL
        shuffled = blake2b(asked.id.bytes + offer.organisation_id.bytes, digest_size=8).digest()
        return not full, offer.start_on if full else date.max, shuffled

    return sorted(offers, key=place)


def together(asked: Asked, offers: Sequence[Offered]) -> list[Together]:
    """The smallest combinations of several offers that cover the whole request; none when one offer does.

    A visit is not cut in two: a combination counts whole visits only.
    """
    by_id = {offer.id: offer for offer in offers}
    found = combine.smallest(
        asked_week(asked),
        [_part(offer) for offer in offers],
        visits=asked.moments,
        shuffle=asked.id.bytes,
        most=MOST_TOGETHER,
    )
    return [
        shared(asked, [by_id[offer_id] for offer_id in one.offer_ids])
        for one in found
        if len(one.offer_ids) > 1
    ]


def shared(asked: Asked, offers: Sequence[Offered]) -> Together:
    """Who does what when these are taken together. One offer does all that it offers."""
    shares = (
        [offers[0].week]
        if len(offers) == 1
        else combine.shares(asked_week(asked), [_part(one) for one in offers], visits=asked.moments)
    )
    return Together(
        offer_ids=tuple(offer.id for offer in offers),
        shares=tuple(shares),
        start_on=max(offer.start_on for offer in offers),
        other_times=any(offer.counter is not None for offer in offers),
    )


def _part(offer: Offered) -> Part:
    return Part(offer.id, offer.week, offer.start_on)


def visits_left(asked: Asked, weeks: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """The visits per slot that nobody comes for when these weeks (minutes per slot) are done."""
    left = minutes_left(asked, weeks)
    return tuple(
        # A minute that did not divide is no visit.
        -(-max(open_ - 1, 0) * count // whole) if count and whole else 0
        for open_, whole, count in zip(left, asked_week(asked), asked.moments, strict=True)
    )


def minutes_left(asked: Asked, weeks: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """The minutes per slot that nobody does when these weeks are done."""
    done = [sum(slot) for slot in zip(*weeks, strict=True)] if weeks else [0] * SLOTS
    return tuple(max(want - have, 0) for want, have in zip(asked_week(asked), done, strict=True))


def visits_in(asked: Asked, week: Sequence[int]) -> tuple[int, ...]:
    """How many visits in each slot go with these minutes; at least one where there are any."""
    return tuple(
        max(1, min(count, round(minutes * count / whole))) if minutes and whole else 0
        for minutes, whole, count in zip(week, asked_week(asked), asked.moments, strict=True)
    )
