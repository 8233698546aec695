"""The other providers of the demo answer by themselves: they look, think, and offer or decline.

Whether and when is decided by the invitation's own id, so nothing has to be remembered and a restart does no
harm. Providers with a printed log-in link are left alone: whoever tries the demo answers for them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import aliased

from wijkapp.demo import colleagues
from wijkapp.demo.parties import BY_HAND
from wijkapp.demo.pasts import half_of
from wijkapp.directory import service as directory
from wijkapp.directory.models import Team
from wijkapp.kit import time
from wijkapp.kit.db import reading
from wijkapp.kit.errors import Refused
from wijkapp.matching import service as matching
from wijkapp.matching.models import CareRequest, Invitation, Offer, Placement
from wijkapp.matching.ranking import Reason
from wijkapp.matching.rules import ANSWERABLE, Answer, DeclineReason, RequestStatus
from wijkapp.matching.service import Able
from wijkapp.people.models import Account, Organisation

RECENT = timedelta(minutes=10)  # what is older stays unanswered: the demo's own history
LOOKS = (2.0, 7.0)  # seconds after it was asked
THINKS = (1.0, 5.0)  # seconds after it looked
CALLS_BACK = timedelta(seconds=20)  # after it was chosen


@dataclass(frozen=True)
class Asked:
    """One provider that was asked and did not answer yet."""

    request: CareRequest
    invitation: Invitation
    actor: Account
    leads: bool


@dataclass(frozen=True)
class Plan:
    """What a provider is going to do. decline None: it offers; minutes 0: it only looks."""

    looks_after: timedelta
    answers_after: timedelta
    minutes: int = 0
    start_on: date | None = None
    decline: DeclineReason | None = None


def answer_due() -> None:
    """Everything that is due by now, each once. Called every second or so."""
    colleagues.do_what_is_due()
    moment = time.now()
    for asked in _waiting():
        plan = plan_for(asked.request, asked.invitation, leads=asked.leads)
        since = moment - (asked.invitation.asked_at or moment)
        if asked.invitation.seen_at is None and since >= plan.looks_after:
            matching.see(asked.actor, asked.request.id)
        if since >= plan.answers_after:
            _answer(asked, plan)
    for actor, request_id in _chosen():
        _politely(matching.hand_over, actor, request_id)


def plan_for(request: CareRequest, invitation: Invitation, *, leads: bool) -> Plan:
    """What this provider does with this request, from what it has free: the same each time one asks.

    leads  it is the best placed of those who answer by themselves; with a place it always offers
    """
    dice = Random(invitation.id.int)  # noqa: S311 - variety, no secret
    looks = dice.uniform(*LOOKS)
    looks_after, answers_after = timedelta(seconds=looks), timedelta(seconds=looks + dice.uniform(*THINKS))
    chance = 0.0 if leads else dice.random()
    reason = Reason(invitation.reasons[0])
    for up_to, part, later in _OFFERS.get(reason, ()):
        if chance < up_to:
            start_on = max(request.start_on, time.today()) + later
            minutes = max(15, int(request.minutes_per_week * part) // 15 * 15)
            return Plan(looks_after, answers_after, minutes, start_on)
    if chance > 0.9:
        return Plan(looks_after, answers_after)  # looks, and leaves it at that
    return Plan(looks_after, answers_after, decline=_DECLINES[dice.randrange(len(_DECLINES))])


ALL, HALF, NOW, A_WEEK = 1.0, 0.5, timedelta(0), timedelta(days=7)
_OFFERS = {
    # Reason -> below which chance it offers, which part of the hours, and how much later than asked.
    Reason.FITS: ((0.35, ALL, NOW), (0.5, HALF, NOW), (0.6, ALL, timedelta(days=2))),
    Reason.FITS_PARTLY: ((0.25, ALL, NOW), (0.6, HALF, NOW)),
    Reason.OPENS_LATER: ((0.4, ALL, A_WEEK),),
}
_DECLINES = (DeclineReason.NO_ROOM, DeclineReason.NO_ROOM_THEN, DeclineReason.START_TOO_SOON)


def _waiting() -> Sequence[Asked]:
    with reading() as db:
        rows = db.execute(
            select(CareRequest, Invitation, Team.wijk_id, _leader())
            .join(Invitation, Invitation.care_request_id == CareRequest.id)
            .join(Team, Team.id == Invitation.team_id)
            .join(Organisation, Organisation.id == Invitation.organisation_id)
            .where(
                CareRequest.status.in_(ANSWERABLE),
                Invitation.asked_at > time.now() - RECENT,
                Invitation.answer.in_([Answer.SILENT, Answer.SEEN]),
                Organisation.name.not_in(BY_HAND),
            )
        ).all()
        places = {(invitation.organisation_id, wijk_id) for _, invitation, wijk_id, _ in rows}
        contacts = directory.contacts_by_place(db, places, time.today())
        return [
            Asked(request, invitation, people[0].account, leads=invitation.rank == first)
            for request, invitation, wijk_id, first in rows
            if (people := contacts[invitation.organisation_id, wijk_id]) and people[0].account.role_set
        ]


def _leader() -> ScalarSelect[int]:
    """The rank of the best placed provider of a request that answers by itself."""
    asked = aliased(Invitation)
    return (
        select(func.min(asked.rank))
        .join(Organisation, Organisation.id == asked.organisation_id)
        .where(asked.care_request_id == CareRequest.id, asked.asked_at.is_not(None))
        .where(Organisation.name.not_in(BY_HAND))
        .correlate(CareRequest)
        .scalar_subquery()
    )


def _answer(asked: Asked, plan: Plan) -> None:
    if plan.decline:
        _politely(matching.decline, asked.actor, asked.request.id, plan.decline)
    elif plan.minutes:
        _politely(matching.offer_part, asked.actor, asked.request.id, _able(asked, plan))


def _able(asked: Asked, plan: Plan) -> Able:
    """All of it, or the visits on some of the days: two such halves may make a whole."""
    moments = asked.request.moments
    part = half_of(moments, second=asked.invitation.id.int % 2 == 1)
    if plan.minutes >= asked.request.minutes_per_week or not any(part):
        return Able(start_on=plan.start_on)
    return Able(start_on=plan.start_on, visits=part)


def _chosen() -> Sequence[tuple[Account, UUID]]:
    """Placements that the chosen provider has yet to call about."""
    with reading() as db:
        rows = db.execute(
            select(Offer.offered_by_id, CareRequest.id)
            .join(Placement, Placement.offer_id == Offer.id)
            .join(CareRequest, CareRequest.id == Offer.care_request_id)
            .join(Organisation, Organisation.id == Offer.organisation_id)
            .where(
                CareRequest.status == RequestStatus.MATCHED,
                Placement.placed_at < time.now() - CALLS_BACK,
                Placement.placed_at > time.now() - RECENT,
                Organisation.name.not_in(BY_HAND),
            )
        ).all()
        return [(db.get_one(Account, account_id), request_id) for account_id, request_id in rows]


def _politely(step: object, *given: object) -> None:
    try:
        step(*given)  # type: ignore[operator]
    except Refused:
        return  # somebody was first, or it was withdrawn: as among people
