"""Bodies with mirrored seats, evaluation days with a reminder, escalation, and how it would end."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from wijkapp.agreements import checks
from wijkapp.agreements.models import Agreement, Body, Escalation, Evaluation, Seat
from wijkapp.agreements.register import BodyKind, Hears, Phase, SeatLevel
from wijkapp.agreements.service import meanwhile
from wijkapp.agreements.service.hearing import Hearers, hearers
from wijkapp.agreements.service.register import Hands, in_charge, managed, seen_inside
from wijkapp.kit import outbox, time
from wijkapp.kit.db import changed, reading, transaction
from wijkapp.kit.errors import Invalid, NotFound, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Account, Organisation

REMIND_BEFORE = timedelta(days=14)


class BodyHears(Refused):
    """A step of the ladder tells this body."""

    sentence = _("Een stap hieronder vraagt dit overleg. Haal eerst die stap weg.")


@dataclass(frozen=True)
class BodyLine:
    """A body, and where it is not mirrored."""

    body: Body
    uneven: Sequence[checks.Uneven]


@dataclass(frozen=True)
class StepLine:
    """A step of what happens when it does not work, and who hears of it as things are now."""

    step: Escalation
    hearers: Hearers


@dataclass(frozen=True)
class PlansPage:
    """What an agreement has arranged around itself.

    people  who works at a party, to give a seat
    whose   by seat of somebody whom no message reaches: whose it can be
    """

    agreement: Agreement
    hands: Hands
    bodies: Sequence[BodyLine]
    evaluations: Sequence[Evaluation]
    escalation: Sequence[StepLine]
    people: Sequence[Account]
    whose: Mapping[UUID, Sequence[Account]]

    @property
    def parties(self) -> list[Organisation]:
        """Those that take part now."""
        return [one.organisation for one in self.agreement.taking_part]


def plans_page(actor: Account, agreement_id: UUID) -> PlansPage:
    """Bodies, evaluations, escalation and the end, for the parties and who leads the region."""
    with reading() as db:
        agreement, hands = seen_inside(db, actor, agreement_id)
        bodies = _bodies(db, agreement_id)
        people = _people(db, agreement) if hands.manage else ()
        return PlansPage(
            agreement=agreement,
            hands=hands,
            bodies=[BodyLine(body, _uneven(agreement, body)) for body in bodies],
            evaluations=db.scalars(
                select(Evaluation).where(Evaluation.agreement_id == agreement_id).order_by(Evaluation.due_on)
            ).all(),
            escalation=[StepLine(one, hearers(db, agreement, one)) for one in _steps(db, agreement_id)],
            people=people,
            whose={
                one.id: _whose(one, body.seats, people)
                for body in bodies
                for one in body.seats
                if one.account is None or not one.account.active
            },
        )


def _steps(db: Session, agreement_id: UUID) -> Sequence[Escalation]:
    return db.scalars(
        select(Escalation)
        .options(joinedload(Escalation.body))
        .where(Escalation.agreement_id == agreement_id)
        .order_by(Escalation.after_days)
    ).all()


def _people(db: Session, agreement: Agreement) -> Sequence[Account]:
    """Who works at a party."""
    return db.scalars(
        select(Account)
        .where(Account.organisation_id.in_(_now_in(agreement)), Account.active)
        .order_by(Account.name, Account.id)
    ).all()


def _now_in(agreement: Agreement) -> set[UUID]:
    """The organisations that take part now."""
    return {one.organisation_id for one in agreement.taking_part}


_SEATS = selectinload(Body.seats)


def _bodies(db: Session, agreement_id: UUID) -> Sequence[Body]:
    return db.scalars(
        select(Body)
        .options(_SEATS.joinedload(Seat.organisation), _SEATS.joinedload(Seat.account))
        .where(Body.agreement_id == agreement_id)
        .order_by(Body.id)
    ).all()


def _uneven(agreement: Agreement, body: Body) -> Sequence[checks.Uneven]:
    """Only bodies that decide must be mirrored; a body without seats is not uneven but empty."""
    if body.kind not in (BodyKind.STEERING, BodyKind.CORE) or not body.seats:
        return ()
    parties = [one.organisation.name for one in agreement.taking_part]
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
    """This body is no more. Raises BodyHears."""
    with transaction() as db:
        managed(db, actor, agreement_id)
        body = _body(db, agreement_id, body_id)
        if db.scalar(select(Escalation.id).where(Escalation.body_id == body.id).limit(1)):
            raise BodyHears
        db.delete(body)


@dataclass(frozen=True)
class Sits:
    """Who takes a seat: a colleague with an account, or somebody by name, for a party."""

    level: SeatLevel
    account_id: UUID | None = None
    organisation_id: UUID | None = None
    name: str = ""


def seat(actor: Account, agreement_id: UUID, body_id: UUID, sits: Sits) -> None:
    """Somebody takes a seat for a party. Raises Invalid."""
    with transaction() as db:
        agreement = managed(db, actor, agreement_id)
        body = _body(db, agreement_id, body_id)
        taken = Seat(body_id=body.id, level=sits.level, account_id=sits.account_id)
        taken.organisation_id, taken.name = _sitter(db, agreement, sits)
        held = db.scalars(select(Seat).where(Seat.body_id == body.id))
        if _same_person(taken, held):
            words = str(_("Deze persoon zit al in dit overleg."))
            raise Invalid(fields={"account" if sits.account_id else "name": words})
        db.add(taken)


def _same_person(taken: Seat, held: Iterable[Seat]) -> bool:
    """Counted twice, one person would make a body look even."""
    who = taken.account_id or (taken.organisation_id, taken.name.casefold())
    return who in {one.account_id or (one.organisation_id, one.name.casefold()) for one in held}


def _sitter(db: Session, agreement: Agreement, sits: Sits) -> tuple[UUID, str]:
    """For which party, and the name."""
    if sits.account_id:
        known = db.get(Account, sits.account_id)
        if known is None or not known.active or known.organisation_id not in _now_in(agreement):
            raise Invalid(fields={"account": str(_("Kies een collega uit de lijst."))})
        return known.organisation_id, known.name
    wrong = {}
    if sits.organisation_id not in _now_in(agreement):
        wrong["organisation"] = str(_("Kies een organisatie uit de lijst."))
    if not sits.name:
        wrong["name"] = str(_("Vul dit in."))
    if sits.organisation_id is None or wrong:
        raise Invalid(fields=wrong)
    return sits.organisation_id, sits.name


def _whose(taken: Seat, held: Iterable[Seat], people: Iterable[Account]) -> list[Account]:
    """Colleagues at the same party who have no seat in this body yet; of the same name first."""
    seated = {one.account_id for one in held}
    able = [one for one in people if one.organisation_id == taken.organisation_id and one.id not in seated]
    return sorted(able, key=lambda one: one.name.casefold() != taken.name.casefold())


def sits_here(actor: Account, agreement_id: UUID, seat_id: UUID, account_id: UUID) -> None:
    """Whose seat this is, when nobody had said so: from now on messages reach them. Raises Invalid."""
    with transaction() as db:
        agreement = managed(db, actor, agreement_id)
        taken = _seat(db, agreement_id, seat_id)
        held = db.scalars(select(Seat).where(Seat.body_id == taken.body_id)).all()
        able = {one.id: one for one in _whose(taken, held, _people(db, agreement))}
        if account_id not in able:
            raise Invalid(fields={"account": str(_("Kies een collega uit de lijst."))})
        taken.account_id, taken.name = account_id, able[account_id].name


def _seat(db: Session, agreement_id: UUID, seat_id: UUID) -> Seat:
    taken = db.get(Seat, seat_id)
    if taken is None:
        raise NotFound
    _body(db, agreement_id, taken.body_id)
    return taken


def unseat(actor: Account, agreement_id: UUID, seat_id: UUID) -> None:
    """Somebody leaves a body."""
    with transaction() as db:
        managed(db, actor, agreement_id)
        db.delete(_seat(db, agreement_id, seat_id))


def plan_evaluation(actor: Account, agreement_id: UUID, due_on: date) -> None:
    """On this day the parties look whether it works."""
    with transaction() as db:
        agreement = managed(db, actor, agreement_id)
        if due_on < time.today():
            raise Invalid(fields={"due_on": str(_("Kies vandaag of een dag die nog komt."))})
        held = db.scalars(select(Evaluation.due_on).where(Evaluation.agreement_id == agreement.id))
        if due_on in set(held):
            raise Invalid(fields={"due_on": str(_("Deze dag staat er al."))})
        db.add(Evaluation(agreement_id=agreement.id, due_on=due_on))


class Evaluated(Refused):
    """Somebody else recorded it already."""

    sentence = _("Een ander legde al vast wat eruit kwam.")


def evaluated(actor: Account, agreement_id: UUID, evaluation_id: UUID, conclusion: str) -> None:
    """The parties looked; what came out of it."""
    with transaction() as db:
        managed(db, actor, agreement_id)
        one = db.get(Evaluation, evaluation_id)
        if one is None or one.agreement_id != agreement_id:
            raise NotFound
        if one.done_on is not None:
            raise Evaluated
        if not conclusion:
            raise Invalid(fields={"conclusion": str(_("Schrijf op wat eruit kwam."))})
        one.done_on, one.conclusion = time.today(), conclusion


def add_escalation(
    actor: Account, agreement_id: UUID, after_days: int, hears: Hears, step: str, body_id: UUID | None = None
) -> None:
    """A step of what happens when it does not work; one per number of days. body_id: with BODY."""
    with transaction() as db:
        agreement = managed(db, actor, agreement_id)
        held = db.scalars(select(Escalation.after_days).where(Escalation.agreement_id == agreement.id))
        if after_days in set(held):
            raise Invalid(fields={"after_days": str(_("Voor deze dag is er al een stap."))})
        if body_id:
            _body(db, agreement_id, body_id)
        db.add(
            Escalation(
                agreement_id=agreement.id, after_days=after_days, hears=hears, body_id=body_id, step=step
            )
        )


def drop_escalation(actor: Account, agreement_id: UUID, step_id: UUID) -> None:
    """This step is no more."""
    with transaction() as db:
        managed(db, actor, agreement_id)
        one = db.get(Escalation, step_id)
        if one is None or one.agreement_id != agreement_id:
            raise NotFound
        db.delete(one)


def plan_exit(actor: Account, agreement_id: UUID, words: str, *, seen: str = "") -> None:
    """How it would end: records, care that goes on, notice. seen: the stamp of it. Raises TypedOver."""
    with transaction() as db:
        agreement = managed(db, actor, agreement_id)
        meanwhile.unless_changed(seen, meanwhile.stamp([agreement.exit_plan]))
        agreement.exit_plan = words


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
