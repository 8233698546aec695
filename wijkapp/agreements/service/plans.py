"""Bodies with mirrored seats, evaluation days with a reminder, escalation, and how it would end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from wijkapp.agreements import checks
from wijkapp.agreements.models import Agreement, Body, Escalation, Evaluation, Seat
from wijkapp.agreements.register import BodyKind, Phase, SeatLevel
from wijkapp.agreements.service.register import Hands, in_charge, managed, seen_inside
from wijkapp.kit import outbox, time
from wijkapp.kit.db import changed, reading, transaction
from wijkapp.kit.errors import Invalid, NotFound
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Account, Organisation

REMIND_BEFORE = timedelta(days=14)


@dataclass(frozen=True)
class BodyLine:
    """A body, and where it is not mirrored."""

    body: Body
    uneven: Sequence[checks.Uneven]


@dataclass(frozen=True)
class PlansPage:
    """What an agreement has arranged around itself."""

    agreement: Agreement
    hands: Hands
    bodies: Sequence[BodyLine]
    evaluations: Sequence[Evaluation]
    escalation: Sequence[Escalation]


def plans_page(actor: Account, agreement_id: UUID) -> PlansPage:
    """Bodies, evaluations, escalation and the end, for the parties and who leads the region."""
    with reading() as db:
        agreement, hands = seen_inside(db, actor, agreement_id)
        return PlansPage(
            agreement=agreement,
            hands=hands,
            bodies=[BodyLine(body, _uneven(agreement, body)) for body in _bodies(db, agreement_id)],
            evaluations=db.scalars(
                select(Evaluation).where(Evaluation.agreement_id == agreement_id).order_by(Evaluation.due_on)
            ).all(),
            escalation=db.scalars(
                select(Escalation)
                .where(Escalation.agreement_id == agreement_id)
                .order_by(Escalation.after_days)
            ).all(),
        )


def seated(page: PlansPage) -> list[Organisation]:
    """For which organisations somebody can sit in a body."""
    return [one.organisation for one in page.agreement.parties if one.left_on is None]


def _bodies(db: Session, agreement_id: UUID) -> Sequence[Body]:
    return db.scalars(
        select(Body)
        .options(selectinload(Body.seats).joinedload(Seat.organisation))
        .where(Body.agreement_id == agreement_id)
        .order_by(Body.id)
    ).all()


def _uneven(agreement: Agreement, body: Body) -> Sequence[checks.Uneven]:
    """Only bodies that decide must be mirrored; a body without seats is not uneven but empty."""
    if body.kind not in (BodyKind.STEERING, BodyKind.CORE) or not body.seats:
        return ()
    parties = [one.organisation.name for one in agreement.parties if one.left_on is None]
    return checks.parity(parties, [(seat.organisation.name, seat.level) for seat in body.seats])


def add_body(actor: Account, agreement_id: UUID, kind: BodyKind, mandate: str, meets: str) -> None:
    """A body of this agreement."""
    with transaction() as db:
        agreement = managed(db, actor, agreement_id)
        db.add(Body(agreement_id=agreement.id, kind=kind, mandate=mandate, meets=meets))


def _body(db: Session, agreement_id: UUID, body_id: UUID) -> Body:
    body = db.get(Body, body_id)
    if body is None or body.agreement_id != agreement_id:
        raise NotFound
    return body


def drop_body(actor: Account, agreement_id: UUID, body_id: UUID) -> None:
    """This body is no more."""
    with transaction() as db:
        managed(db, actor, agreement_id)
        db.delete(_body(db, agreement_id, body_id))


def seat(
    actor: Account, agreement_id: UUID, body_id: UUID, organisation_id: UUID, level: SeatLevel, name: str
) -> None:
    """Somebody takes a seat for a party."""
    with transaction() as db:
        agreement = managed(db, actor, agreement_id)
        body = _body(db, agreement_id, body_id)
        if organisation_id not in {one.organisation_id for one in agreement.parties if one.left_on is None}:
            raise Invalid(fields={"organisation": str(_("Kies een organisatie uit de lijst."))})
        db.add(Seat(body_id=body.id, organisation_id=organisation_id, level=level, name=name))


def unseat(actor: Account, agreement_id: UUID, seat_id: UUID) -> None:
    """Somebody leaves a body."""
    with transaction() as db:
        managed(db, actor, agreement_id)
        taken = db.get(Seat, seat_id)
        if taken is None:
            raise NotFound
        _body(db, agreement_id, taken.body_id)
        db.delete(taken)


def plan_evaluation(actor: Account, agreement_id: UUID, due_on: date) -> None:
    """On this day the parties look whether it works."""
    with transaction() as db:
        agreement = managed(db, actor, agreement_id)
        held = db.scalars(select(Evaluation.due_on).where(Evaluation.agreement_id == agreement.id))
        if due_on in set(held):
            raise Invalid(fields={"due_on": str(_("Deze dag staat er al."))})
        db.add(Evaluation(agreement_id=agreement.id, due_on=due_on))


def evaluated(actor: Account, agreement_id: UUID, evaluation_id: UUID, conclusion: str) -> None:
    """The parties looked; what came out of it."""
    with transaction() as db:
        managed(db, actor, agreement_id)
        one = db.get(Evaluation, evaluation_id)
        if one is None or one.agreement_id != agreement_id:
            raise NotFound
        if not conclusion:
            raise Invalid(fields={"conclusion": str(_("Schrijf op wat eruit kwam."))})
        one.done_on, one.conclusion = time.today(), conclusion


def add_escalation(actor: Account, agreement_id: UUID, after_days: int, who: str, step: str) -> None:
    """A step of what happens when it does not work; one per number of days."""
    with transaction() as db:
        agreement = managed(db, actor, agreement_id)
        held = db.scalars(select(Escalation.after_days).where(Escalation.agreement_id == agreement.id))
        if after_days in set(held):
            raise Invalid(fields={"after_days": str(_("Voor deze dag is er al een stap."))})
        db.add(Escalation(agreement_id=agreement.id, after_days=after_days, who=who, step=step))


def drop_escalation(actor: Account, agreement_id: UUID, step_id: UUID) -> None:
    """This step is no more."""
    with transaction() as db:
        managed(db, actor, agreement_id)
        one = db.get(Escalation, step_id)
        if one is None or one.agreement_id != agreement_id:
            raise NotFound
        db.delete(one)


def plan_exit(actor: Account, agreement_id: UUID, words: str) -> None:
    """How it would end: records, care that goes on, notice."""
    with transaction() as db:
        managed(db, actor, agreement_id).exit_plan = words


def remind() -> int:
    """Tell who is in charge of an agreement that an evaluation comes near; each once. Gives how many."""
    today = time.today()
    with reading() as db:
        due = db.execute(
            select(Evaluation.id, Agreement.id)
            .join(Agreement, Agreement.id == Evaluation.agreement_id)
            .where(
                Evaluation.done_on.is_(None),
                Evaluation.reminded_at.is_(None),
                Evaluation.due_on <= today + REMIND_BEFORE,
                Agreement.phase != Phase.ENDED,
            )
        ).all()
    return sum(_remind(*one) for one in due)


def _remind(evaluation_id: UUID, agreement_id: UUID) -> bool:
    with transaction() as db:
        mine = changed(
            db,
            update(Evaluation)
            .where(Evaluation.id == evaluation_id, Evaluation.reminded_at.is_(None))
            .values(reminded_at=time.now()),
        )
        if mine:
            to = in_charge(db, agreement_id)
            outbox.record(db, "agreements.evaluation_due", about=agreement_id, to=to)
    return bool(mine)
