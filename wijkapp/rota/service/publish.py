"""Everybody gets the rota: from now on a duty changes hands only with a yes of whoever gets it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from wijkapp.kit import outbox, time
from wijkapp.kit.db import changed, transaction
from wijkapp.kit.errors import Invalid
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Account
from wijkapp.rota.models import Duty, Member, Plan, PlanException, PlanRun, PlanTarget
from wijkapp.rota.rules import AcceptedWhy, RunState
from wijkapp.rota.service import holding, runs
from wijkapp.rota.service.plan_book import Fault, open_book
from wijkapp.rota.service.plans import AlreadyPublished, draft_of
from wijkapp.rota.service.problem import targets_of

PUBLISHED = "rota.published"


class NotAccepted(Invalid):
    """A rule says no, and nobody said why it may be so all the same."""

    sentence = _("Bij een regel die niet klopt, moet staan waarom het toch mag.")


class GapsNotSeen(Invalid):
    """A rota with gaps is published only by who knows of them."""

    sentence = _("Er zijn diensten die niemand heeft. Zeg dat je dat weet, of vul ze eerst.")


def key_of(fault: Fault) -> str:
    """By which a page and a service mean the same fault."""
    first = int(fault.violation.moments[0].timestamp())
    return f"{fault.violation.rule}.{fault.member_id or ''}.{first}"


def publish(
    actor: Account, plan_id: UUID, accepted: Mapping[str, AcceptedWhy], *, gaps_seen: bool = False
) -> None:
    """The rota stands. accepted: for each fault, by `key_of`, why it may be so.

    Raises NotFound, AlreadyPublished, NotAccepted, GapsNotSeen.
    """
    moment = time.now()
    with transaction() as db:
        plan = draft_of(db, actor, plan_id)
        book = open_book(db, plan)
        faults = {key_of(fault): fault for fault in book.faults()}
        if set(faults) - set(accepted):
            raise NotAccepted
        if not gaps_seen and any(duty.member_id is None for duty in book.duties):
            raise GapsNotSeen
        stands = (
            update(Plan)
            .where(Plan.id == plan.id, Plan.published_at.is_(None))
            .values(published_at=moment, published_by_id=actor.id)
        )
        if not changed(db, stands):
            raise AlreadyPublished
        db.add_all(_exception(plan, fault, accepted[key], actor, moment) for key, fault in faults.items())
        db.add_all(
            PlanTarget(plan_id=plan.id, member_id=member, points=points)
            for member, points in targets_of(book.problem).items()
        )
        holding.publish(db, book.duties, by=actor.id, moment=moment)
        _end_planning(db, plan, moment)
        outbox.record(db, PUBLISHED, about=plan.id, to=_everybody(db, plan, actor))


def _exception(plan: Plan, fault: Fault, why: AcceptedWhy, actor: Account, moment: datetime) -> PlanException:
    return PlanException(
        plan_id=plan.id,
        member_id=fault.member_id,
        rule=fault.violation.rule,
        starts_at=fault.violation.moments[0],
        why=why,
        accepted_by_id=actor.id,
        accepted_at=moment,
    )


def _end_planning(db: Session, plan: Plan, moment: datetime) -> None:
    """What the planner is still thinking of, or proposed, is of a rota that is no more."""
    for states, state in (
        (runs.UNDER_WAY, RunState.CANCELLED),
        ((RunState.DONE,), RunState.DROPPED),
    ):
        left = update(PlanRun).where(PlanRun.plan_id == plan.id, PlanRun.state.in_(states))
        db.execute(left.values(state=state, problem=runs.FORGOTTEN, ended_at=moment))


def _everybody(db: Session, plan: Plan, actor: Account) -> list[UUID]:
    """All who take duties there, and who has one in it."""
    has = select(Duty.member_id).where(Duty.plan_id == plan.id)
    found = db.scalars(
        select(Account.id)
        .join(Member, Member.account_id == Account.id)
        .where(Member.region_id == plan.region_id, Account.active, Member.active | Member.id.in_(has))
        .order_by(Account.id)
    )
    return [one for one in found if one != actor.id]
