"""A round of a request: who is in reach, with what reason, and the first wave of phones."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from wijkapp.agreements.hours import rings_at, term_ends
from wijkapp.agreements.rules import Terms
from wijkapp.directory.models import Wijk
from wijkapp.kit.db import changed
from wijkapp.matching.ladder import Standing, next_look
from wijkapp.matching.models import CareRequest, Invitation
from wijkapp.matching.ranking import Need, Ranked, Reason
from wijkapp.matching.rules import ANSWERABLE, Step, after, week_of_minutes
from wijkapp.matching.service import reach
from wijkapp.matching.service.ring import ring, someone_waits
from wijkapp.matching.service.steps import hurry_when_nobody_is_left, terms_of_request, to_askers

if TYPE_CHECKING:
    from wijkapp.matching.service.post import Profile


def need_of(asked: "CareRequest | Profile", level: int, asker_id: UUID, shuffle: bytes) -> Need:
    """What is asked, as ranking sees it."""
    return Need(
        products=frozenset(asked.products),
        skills=frozenset(asked.skills),
        level=level,
        week=week_of_minutes(asked.moments, asked.minutes_per_week),
        start_on=asked.start_on,
        language=asked.language,
        uzovi=asked.uzovi,
        shuffle=shuffle,
        asker_id=asker_id,
    )


def need_of_request(request: CareRequest) -> Need:
    """A request that was sent: the same need, and the same order among equals, each time one looks."""
    return need_of(request, request.level, request.organisation_id, request.id.bytes)


def broadcast(db: Session, request: CareRequest, wijk: Wijk, terms: Terms, moment: datetime) -> int:
    """The running round begins: note everybody in reach with the reason, and ring the first wave.

    Counts the providers that were rung; none in quiet hours, then the clock rings when they are over.
    """
    found, _people = reach.ranked(db, need_of_request(request), wijk, terms, request.round, moment)
    starts = rings_at(moment, terms, request.urgency)
    _note(db, request, found, Reason.NEXT_WAVE if starts == moment else Reason.QUIET)
    request.round_at = starts
    request.answer_by = term_ends(moment, terms, request.urgency)
    request.ladder = 0
    rung = ring(db, request, moment)
    standing = _standing(db, request, terms)
    request.escalate_at = next_look(standing, moment)
    if rung and not standing.waits and standing.may_widen:
        request.escalate_at = moment  # the clock sees whether everybody of this round is enough
    db.flush()
    return rung


def _standing(db: Session, request: CareRequest, terms: Terms) -> Standing:
    return Standing(
        terms=terms,
        urgency=request.urgency,
        round=request.round,
        round_at=request.round_at,
        answer_by=request.answer_by,
        waits=someone_waits(db, request.id),
    )


def _note(db: Session, request: CareRequest, found: list[Ranked], waits_for: Reason) -> None:
    """One row for each provider in reach. Who was asked in an earlier round stays as it was."""
    known = {
        one.organisation_id: one
        for one in db.scalars(select(Invitation).where(Invitation.care_request_id == request.id))
    }
    for one in found:
        invitation = known.get(one.candidate.organisation_id)
        if invitation is None:
            invitation = Invitation(care_request_id=request.id, organisation_id=one.candidate.organisation_id)
            db.add(invitation)
        elif invitation.asked_at is not None:
            continue
        reasons = (waits_for, *one.reasons) if one.asked else one.reasons
        invitation.team_id = one.candidate.team_id
        invitation.distance = one.candidate.distance
        invitation.rank = one.rank
        invitation.reasons = tuple(reason.value for reason in reasons)
        invitation.round = request.round
    db.flush()


def ask_wider(db: Session, request: CareRequest, moment: datetime) -> bool:
    """Go to the next round of the agreement. False when there is none; nobody is asked then.

    The round is claimed by a conditional UPDATE: two who widen at once ask everybody once.
    """
    terms = terms_of_request(db, request)
    if request.round >= len(terms.rounds):
        return False
    claimed = changed(
        db,
        update(CareRequest)
        .where(
            CareRequest.id == request.id,
            CareRequest.round == request.round,
            CareRequest.status.in_(ANSWERABLE),
        )
        .values(round=request.round + 1),
    )
    db.refresh(request)
    if claimed != 1:
        after(request.status, Step.OFFER)  # raises when it is placed or ended meanwhile
        return True  # somebody else widened it
    broadcast(db, request, db.get_one(Wijk, request.wijk_id), terms, moment)
    hurry_when_nobody_is_left(db, request.id)
    to_askers(db, request, "matching.widened")
    return True
