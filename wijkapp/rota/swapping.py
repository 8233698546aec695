"""What may happen to a question whether somebody takes a duty, and when. Plain values; moments are aware."""

from datetime import datetime, timedelta
from enum import StrEnum

from wijkapp.kit.errors import Refused
from wijkapp.kit.words import lazy as _
from wijkapp.rota.rules import HeldBy, SwapKind, SwapState

S = SwapState

LAST_CALL = timedelta(hours=2)
"""A question ends so long before the duty: whoever keeps it still has time to get ready."""

AT_LEAST = timedelta(hours=1)
"""But somebody has so long to answer, when the duty itself is that far away."""

SHORTEST_PAUSE = timedelta(minutes=15)
"""Nobody hears the same question again within this time."""

NEAR = timedelta(hours=12)
"""A duty so near may be taken over at once, and a question about it may ring at night."""


class Step(StrEnum):
    """What somebody does to a swap."""

    TAKE = "take"  # a planner need not agree
    OFFER = "offer"  # somebody takes it, when a planner agrees
    LET_GO = "let_go"  # and cannot after all
    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"


STEPS: dict[Step, tuple[frozenset[SwapState], SwapState]] = {
    Step.TAKE: (frozenset({S.OPEN}), S.DONE),
    Step.OFFER: (frozenset({S.OPEN}), S.APPROVAL),
    Step.LET_GO: (frozenset({S.APPROVAL}), S.OPEN),
    Step.APPROVE: (frozenset({S.APPROVAL}), S.DONE),
    Step.REFUSE: (frozenset({S.APPROVAL}), S.REFUSED),
    Step.WITHDRAW: (frozenset({S.OPEN, S.APPROVAL}), S.WITHDRAWN),
    Step.LAPSE: (frozenset({S.OPEN, S.APPROVAL}), S.LAPSED),
}
"""Step -> from which states it may be done, and where it leads."""

UNDER_WAY = frozenset({S.OPEN, S.APPROVAL})


class AlreadyTaken(Refused):
    """Another was first."""

    sentence = _("Een collega was je net voor: deze dienst is al overgenomen. Dank dat je wilde.")


class SwapIsOver(Refused):
    """Nothing can be done to this swap any more."""

    sentence = _("Deze vraag is voorbij. Er kan niets meer mee.")


class NotYetTaken(Refused):
    """Nobody said yes, so there is nothing to agree with."""

    sentence = _("Nog niemand heeft ja gezegd. Er is nog niets om goed te keuren.")


class AlreadyAsked(Refused):
    """One question per duty at a time."""

    sentence = _("Voor deze dienst loopt al een vraag. Trek die eerst in als je iets anders wilt.")


class TooLate(Refused):
    """The duty runs or is over."""

    sentence = _("Deze dienst is al begonnen. Ruilen kan niet meer; overnemen kan nog wel.")


class TooEarly(Refused):
    """Taking over at once is for what cannot wait."""

    sentence = _("Deze dienst begint nog niet binnen 12 uur. Vraag een ruil.")


class DutyIsOver(Refused):
    """It has ended."""

    sentence = _("Deze dienst is voorbij.")


class NoWayBack(Refused):
    """Undoing is for right after taking over, and while nobody else took it since."""

    sentence = _("Terugdraaien kan niet meer. Bel je collega, of vraag de planner.")


def after(state: SwapState, step: Step) -> SwapState:
    """Where this step leads. Raises AlreadyTaken, NotYetTaken or SwapIsOver: why it cannot be done."""
    allowed, leads_to = STEPS[step]
    if state in allowed:
        return leads_to
    if step in {Step.TAKE, Step.OFFER} and state in {S.DONE, S.APPROVAL}:
        raise AlreadyTaken
    if step in {Step.APPROVE, Step.REFUSE, Step.LET_GO} and state is S.OPEN:
        raise NotYetTaken
    raise SwapIsOver


def needs_approval(kind: SwapKind, *, agreed: bool) -> bool:
    """Does a planner have to agree? Not when a planner asked it.

    agreed  what the region agreed about swaps (`RotaTerms.swap_approval`)
    """
    return agreed and kind is not SwapKind.PLANNER


def ends_at(first_start: datetime, moment: datetime) -> datetime:
    """Until when somebody can say yes. Raises TooLate when the first of the duties has begun."""
    if first_start <= moment:
        raise TooLate
    early = first_start - LAST_CALL
    return early if early - moment >= AT_LEAST else first_start


def next_ask(moment: datetime, ends: datetime, every: timedelta) -> datetime:
    """When those who did not answer hear it again: sooner as the end comes near; at the end itself it lapses.

    every  as the region agreed, at most
    """
    pause = max(min(every, (ends - moment) / 2), SHORTEST_PAUSE)
    return min(moment + pause, ends)


def may_ring_at_night(first_start: datetime, moment: datetime) -> bool:
    """Is it so near that nobody's quiet hours count?"""
    return first_start - moment <= NEAR


def check_take_over(starts: datetime, ends: datetime, moment: datetime) -> None:
    """May this duty change hands at once? Raises TooEarly or DutyIsOver."""
    if ends <= moment:
        raise DutyIsOver
    if starts - moment > NEAR:
        raise TooEarly


def may_undo(how: HeldBy, made_at: datetime, moment: datetime, within: timedelta) -> bool:
    """Can this way of getting a duty be turned back still?"""
    return how is HeldBy.TAKEOVER and moment < made_at + within
