"""What the clock does with a request, and when. Pure: values in, values out; moments are UTC.

Waves ring within a round, rounds follow one another, and after the last one come the steps of the agreement:
the wijkregisseur, the shared mail group, "niet plaatsbaar". The agreement is the one of when it was posted.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wijkapp.agreements.hours import rings_at
from wijkapp.agreements.rules import Escalation, EscalationStep, Terms, Urgency
from wijkapp.matching.rules import DeclineReason, UnfillableReason
from wijkapp.matching.waves import looks_again

LAST_LOOK = 0.75
"""In the last round, from this part of the term on, everybody who is left is rung."""


class Move(StrEnum):
    WAIT = "wait"  # nothing to do yet
    LOOK = "look"  # is the chance of an offer still good enough? If not, ring more phones
    RING_ALL = "ring_all"  # everybody of this round who was not rung
    NEXT_ROUND = "next_round"
    ASK_CHOICE = "ask_choice"  # offers stand and the term is over: the asker hears that they wait
    END_TERM = "end_term"  # nobody can answer any more: no use waiting for the last term to end
    STEP = "step"  # the next step of the agreement
    REST = "rest"  # nobody need be chased any more


@dataclass(frozen=True)
class Standing:
    """Where a request stands, as far as the clock looks at it.

    covered    an offer stands that takes all that was asked
    partly     an offer stands that does not, or the asker waits for more than what is offered
    may_come   somebody who was rung has not answered
    waits      somebody of the running round was not rung yet
    short      everybody of it was, and the chance of an offer in time is still less than was agreed
    """

    terms: Terms
    urgency: Urgency
    round: int
    round_at: datetime
    answer_by: datetime
    ladder: int = 0
    covered: bool = False
    partly: bool = False
    may_come: bool = False
    waits: bool = False
    short: bool = False
    goes_on: bool = False  # the asker keeps it open for more offers

    @property
    def is_last_round(self) -> bool:
        return self.round >= len(self.terms.rounds)

    @property
    def may_widen(self) -> bool:
        """May the next round begin before the term of this one is over?"""
        return self.terms.widen_when_short and not self.is_last_round

    @property
    def step(self) -> EscalationStep | None:
        """The next step of the agreement; None when all were taken."""
        steps = self.terms.escalation
        return steps[self.ladder] if self.ladder < len(steps) else None


def what_now(standing: Standing, moment: datetime) -> Move:
    """What must happen at this moment."""
    if rings_at(moment, standing.terms, standing.urgency) > moment:
        return Move.WAIT
    settled = standing.covered and not standing.goes_on
    over = moment >= standing.answer_by
    if not over and settled:
        return Move.WAIT
    on_the_table = standing.partly and not standing.goes_on
    if not over and (standing.may_come or standing.waits or on_the_table):
        return _within_term(standing, moment)
    if settled or on_the_table:
        return Move.ASK_CHOICE
    if not standing.is_last_round:
        return Move.NEXT_ROUND
    if standing.waits:
        return Move.RING_ALL
    return _after_rounds(standing, moment) if over else Move.END_TERM


def _within_term(standing: Standing, moment: datetime) -> Move:
    if standing.short and not standing.waits and standing.may_widen:
        # Waiting out the term would only cost time: those who were rung can still answer.
        return Move.NEXT_ROUND
    if not standing.waits:
        return Move.WAIT
    last_look = standing.round_at + (standing.answer_by - standing.round_at) * LAST_LOOK
    return Move.RING_ALL if standing.is_last_round and moment >= last_look else Move.LOOK


def _after_rounds(standing: Standing, moment: datetime) -> Move:
    step = standing.step
    if step is None:
        return Move.REST
    if moment < step_at(standing, step):
        return Move.WAIT
    if step.who is Escalation.UNFILLABLE and (standing.covered or standing.partly):
        return Move.ASK_CHOICE  # the asker waits for more, but something is on the table
    return Move.STEP


def step_at(standing: Standing, step: EscalationStep) -> datetime:
    """When a step of the agreement is due."""
    return rings_at(standing.answer_by + step.after, standing.terms, standing.urgency)


def next_look(standing: Standing, moment: datetime) -> datetime | None:
    """When the clock looks at this request again, after what it did now; None: never."""
    rings = rings_at(moment, standing.terms, standing.urgency)
    if rings > moment:
        return rings
    if moment < standing.answer_by:
        look = standing.answer_by
        if standing.waits and not (standing.covered and not standing.goes_on):
            look = looks_again(standing.round_at, standing.answer_by, moment)
        return rings_at(look, standing.terms, standing.urgency)
    step = standing.step
    return max(step_at(standing, step), moment) if step else None


def why_unfillable(
    declines: list[DeclineReason], *, full: int, not_suited: int, silent: int, offered: int
) -> UnfillableReason:
    """The reason that fits most of those in reach.

    declines    of those who said no
    full        how many were not asked because they had published to be full, or closed
    not_suited  how many were not asked because they lack the care, the skill or the level
    silent      how many were asked and did not answer
    offered     how many offers were made that do not stand any more
    """
    if offered:
        return UnfillableReason.NO_FITTING_OFFER
    count = dict.fromkeys(UnfillableReason, 0)
    count[UnfillableReason.ALL_FULL] = full
    count[UnfillableReason.NO_ANSWER] = silent
    for one in declines:
        count[_OF_DECLINE[one]] += 1
    if not any(count.values()):
        return UnfillableReason.NOBODY_GIVES_THIS if not_suited else UnfillableReason.NO_ANSWER
    return max(count, key=lambda reason: count[reason])


_OF_DECLINE = {
    DeclineReason.NO_ROOM: UnfillableReason.ALL_FULL,
    DeclineReason.NO_ROOM_THEN: UnfillableReason.NOT_AT_THESE_MOMENTS,
    DeclineReason.START_TOO_SOON: UnfillableReason.NOT_AT_THESE_MOMENTS,
    DeclineReason.NO_SKILL: UnfillableReason.NOBODY_GIVES_THIS,
    DeclineReason.TOO_FAR: UnfillableReason.ALL_FULL,
    DeclineReason.NO_CONTRACT: UnfillableReason.NO_CONTRACT,
}
