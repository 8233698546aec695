"""What the wijkregisseur can do with a request that waits: have a provider look again, or close it.

Never offers for anybody, and never chooses: a provider that is asked again answers as before.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wijkapp.agreements.hours import rings_at
from wijkapp.directory import service as directory
from wijkapp.directory.models import Team, Wijk
from wijkapp.kit import outbox, time
from wijkapp.kit.errors import Refused
from wijkapp.kit.words import lazy as _
from wijkapp.matching.models import CareRequest, Invitation
from wijkapp.matching.ranking import NOT_ASKED, Reason
from wijkapp.matching.rules import Answer, OutsideWhere, RequestStatus, Step, after
from wijkapp.matching.service import talk
from wijkapp.matching.service.climb import why
from wijkapp.matching.service.steps import take_step, terms_of_request, to_askers


class SomethingStands(Refused):
    """There is an offer, or the request came to an end in another way."""

    sentence = _("Bij deze zorgvraag is intussen iets veranderd. Kijk eerst hoe hij ervoor staat.")


def ask_again(db: Session, request: CareRequest, team: Team, moment: datetime) -> bool:
    """Ring this provider once more, with the note that the wijkregisseur thinks it could.

    False when it answered already. Raises the IllegalStep that says why nobody can answer any more.
    """
    after(request.status, Step.OFFER)
    invitation = db.scalar(
        select(Invitation).where(
            Invitation.care_request_id == request.id, Invitation.organisation_id == team.organisation_id
        )
    )
    if invitation is None:
        invitation = _invite(db, request, team)
    elif invitation.answer in {Answer.OFFERED, Answer.DECLINED}:
        return False
    fits = [code for code in invitation.reasons if Reason(code) not in NOT_ASKED | {Reason.PROPOSED}]
    invitation.reasons = (*fits, Reason.PROPOSED.value)
    invitation.team_id = team.id
    invitation.asked_at = invitation.asked_at or moment
    rings = rings_at(moment, terms_of_request(db, request), request.urgency)
    invitation.rung_at = rings
    contacts = directory.contacts_for(db, team.organisation_id, team.wijk_id, time.local(moment).date())
    people = [account.id for account in contacts]
    outbox.record(db, "matching.asked_again", about=request.id, to=people, wait=dict.fromkeys(people, rings))
    return True


def _invite(db: Session, request: CareRequest, team: Team) -> Invitation:
    """Of a provider that came to the region after the request was sent."""
    distances = directory.around(db, db.get_one(Wijk, request.wijk_id))
    last = db.scalar(select(func.max(Invitation.rank)).where(Invitation.care_request_id == request.id))
    made = Invitation(
        care_request_id=request.id,
        organisation_id=team.organisation_id,
        team_id=team.id,
        distance=distances[team.wijk_id],
        rank=(last or 0) + 1,
        reasons=(),
        round=request.round,
    )
    db.add(made)
    return made


def close_outside(
    db: Session, request: CareRequest, where: OutsideWhere, by_id: UUID, moment: datetime
) -> None:
    """Somebody who does not work with wijkapp takes it: nobody here need answer any more.

    Raises SomethingStands when there is an offer or a placement to look at first.
    """
    if request.status is RequestStatus.OPEN:
        reason = why(db, request.id)
        take_step(db, request.id, Step.GIVE_UP, unfillable_reason=reason, ended_at=moment, escalate_at=None)
        db.refresh(request)
        talk.close(db, request.id)
    elif request.status is not RequestStatus.UNFILLABLE:
        raise SomethingStands
    request.outside_at, request.outside_where, request.outside_by_id = moment, where, by_id
    to_askers(db, request, "matching.outside")
