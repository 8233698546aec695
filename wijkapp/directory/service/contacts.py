"""The fixed face of a provider in a wijk and its deputy: appointed, handed over, ended. History is kept."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session, contains_eager

from wijkapp.directory.models import ContactPerson, Team, Wijk
from wijkapp.directory.rules import FURTHEST_AHEAD, LONGEST_OVERLAP, ContactDuty
from wijkapp.directory.service.teams import ChangedMeanwhile, one_at_a_time, require_manager
from wijkapp.kit import time
from wijkapp.kit.db import reading, transaction
from wijkapp.kit.errors import Invalid, NotFound, Refused
from wijkapp.kit.words import gettext as _
from wijkapp.kit.words import lazy
from wijkapp.people.models import Account

EARLIEST = date(2000, 1, 1)


class SomebodyMustBeReachable(Refused):
    """Without a successor nobody would know whom to call."""

    sentence = lazy("Er moet altijd iemand te bellen zijn. Kies eerst een opvolger.")


class SuccessorIsWaiting(Refused):
    """A handover is planned already; two cannot wait."""


@dataclass(frozen=True)
class Appointment:
    """Who takes over a duty, from which day, and until when the old one stays reachable."""

    account_id: UUID
    duty: ContactDuty
    since: date
    replaces: UUID | None = None  # whom the page showed; None: nobody
    old_until: date | None = None  # last day of the one before; needed when there is one


@dataclass(frozen=True)
class Faces:
    """Everybody who has, had or will have a duty in one wijk, for the page of an admin."""

    wijk: Wijk
    lasting: dict[ContactDuty, ContactPerson]  # until further notice; may still have to begin
    leaving: dict[ContactDuty, list[ContactPerson]]  # today, but their last day is known
    past: list[ContactPerson]
    colleagues: list[Account]  # who may be chosen
    works_here: bool  # False: the last team stopped


def faces(actor: Account, wijk_code: str) -> Faces:
    """Who is the face of the own organisation in this wijk, now, before and soon."""
    today = time.today()
    with reading() as db:
        require_manager(actor)
        wijk = _own_wijk(db, actor, wijk_code)
        held = _held(db, actor.organisation_id, wijk.id)
        return Faces(
            wijk=wijk,
            lasting={one.duty: one for one in held if one.valid_until is None},
            leaving={
                duty: [
                    one for one in held if one.duty is duty and one.valid_until and one.valid_until >= today
                ]
                for duty in ContactDuty
            },
            past=[one for one in held if one.valid_until and one.valid_until < today],
            colleagues=_colleagues(db, actor.organisation_id),
            works_here=_works_in(db, actor.organisation_id, wijk.id),
        )


def appoint(actor: Account, wijk_code: str, appointment: Appointment) -> ContactPerson:
    """Give a colleague a duty in a wijk, after or beside the one before. The same twice is once."""
    with transaction() as db:
        require_manager(actor)
        wijk = _own_wijk(db, actor, wijk_code)
        one_at_a_time(db, actor.organisation_id)
        held = [one for one in _held(db, actor.organisation_id, wijk.id) if one.duty is appointment.duty]
        lasting = next((one for one in held if one.valid_until is None), None)
        if lasting and (lasting.account_id, lasting.valid_from) == (
            appointment.account_id,
            appointment.since,
        ):
            return lasting
        if (lasting.id if lasting else None) != appointment.replaces:
            raise ChangedMeanwhile
        _check_colleague(db, actor.organisation_id, wijk.id, appointment)
        _check_since(appointment, held, lasting)
        new = ContactPerson(
            organisation_id=actor.organisation_id,
            wijk_id=wijk.id,
            account_id=appointment.account_id,
            duty=appointment.duty,
            valid_from=appointment.since,
        )
        if lasting:
            _check_old_until(appointment, lasting)
            _end(db, lasting, appointment.old_until)
        db.add(new)
        db.flush()
        if lasting:
            lasting.successor_id = new.id
    return new


def end(actor: Account, contact_id: UUID, last_day: date) -> ContactPerson:
    """Let a deputy stop without a successor; a contact person only when the provider left the wijk."""
    with transaction() as db:
        require_manager(actor)
        contact = _own_contact(db, actor, contact_id)
        if contact.valid_until is not None:
            if contact.valid_until == last_day:
                return contact  # a double tap
            raise ChangedMeanwhile
        if contact.duty is ContactDuty.CONTACT and _works_in(db, contact.organisation_id, contact.wijk_id):
            raise SomebodyMustBeReachable
        today = time.today()
        if not max(today, contact.valid_from) <= last_day <= today + FURTHEST_AHEAD:
            raise Invalid(fields={"last_day": _("Kies een dag vanaf vandaag, en hooguit een jaar vooruit.")})
        _end(db, contact, last_day)
    return contact


def cancel(actor: Account, contact_id: UUID) -> ContactPerson:
    """A planned successor does not come after all: the one before stays."""
    with transaction() as db:
        require_manager(actor)
        planned = _own_contact(db, actor, contact_id)
        if planned.valid_from <= time.today():
            raise ChangedMeanwhile
        before = db.scalar(select(ContactPerson).where(ContactPerson.successor_id == planned.id))
        db.delete(planned)
        db.flush()
        if before is not None:
            before.valid_until = before.successor_id = None
    return planned


def _end(db: Session, contact: ContactPerson, last_day: date | None) -> None:
    ended = db.scalar(
        update(ContactPerson)
        .where(ContactPerson.id == contact.id, ContactPerson.valid_until.is_(None))
        .values(valid_until=last_day)
        .returning(ContactPerson.id)
    )
    if ended is None:  # somebody else was first
        raise ChangedMeanwhile


def _check_colleague(db: Session, organisation_id: UUID, wijk_id: UUID, appointment: Appointment) -> None:
    if appointment.account_id not in [one.id for one in _colleagues(db, organisation_id)]:
        raise Invalid(fields={"account": _("Kies iemand uit de lijst.")})
    if appointment.duty is ContactDuty.DEPUTY:
        faces = [one for one in _held(db, organisation_id, wijk_id) if one.duty is ContactDuty.CONTACT]
        if appointment.account_id in [one.account_id for one in faces if one.valid_until is None]:
            raise Invalid(fields={"account": _("Dit is al de contactpersoon. Kies iemand anders.")})


def _check_since(appointment: Appointment, held: list[ContactPerson], lasting: ContactPerson | None) -> None:
    today = time.today()
    if not EARLIEST <= appointment.since <= today + FURTHEST_AHEAD:
        raise Invalid(fields={"since": _("Kies een dag, hooguit een jaar vooruit.")})
    if lasting is None:
        last_day = max((one.valid_until for one in held if one.valid_until), default=None)
        if last_day and last_day >= today and appointment.since > last_day + timedelta(days=1):
            raise Invalid(
                fields={"since": _("Dan is er een tijd niemand. Kies uiterlijk de dag na de laatste dag.")}
            )
        return
    if lasting.valid_from > today:
        raise SuccessorIsWaiting(
            _("Er staat al iemand klaar: %(name)s. Haal die eerst weg.", name=lasting.account.name)
        )
    if lasting.account_id == appointment.account_id:
        raise Invalid(fields={"account": _("%(name)s is dit al.", name=lasting.account.name)})
    if appointment.since < today:
        raise Invalid(fields={"since": _("Kies vandaag of een dag daarna.")})


def _check_old_until(appointment: Appointment, lasting: ContactPerson) -> None:
    last_day, since = appointment.old_until, appointment.since
    if last_day is None:
        raise Invalid(
            fields={"old_until": _("Tot wanneer blijft %(name)s te bellen?", name=lasting.account.name)}
        )
    if last_day < max(since - timedelta(days=1), lasting.valid_from):
        raise Invalid(
            fields={
                "old_until": _("Dan is er een tijd niemand. Kies de dag voor de nieuwe begint, of later.")
            }
        )
    if last_day > since + LONGEST_OVERLAP:
        raise Invalid(fields={"old_until": _("Kies hooguit drie maanden na het begin van de nieuwe.")})


def _own_wijk(db: Session, actor: Account, code: str) -> Wijk:
    """A wijk where the organisation has a team, or had one. Raises NotFound."""
    works = select(Team.wijk_id).where(Team.organisation_id == actor.organisation_id)
    wijk = db.scalar(select(Wijk).where(Wijk.code == code, Wijk.id.in_(works)))
    if wijk is None:
        raise NotFound
    return wijk


def _own_contact(db: Session, actor: Account, contact_id: UUID) -> ContactPerson:
    contact = db.scalar(
        select(ContactPerson)
        .where(ContactPerson.id == contact_id, ContactPerson.organisation_id == actor.organisation_id)
        .with_for_update()
    )
    if contact is None:
        raise NotFound
    return contact


def _held(db: Session, organisation_id: UUID, wijk_id: UUID) -> list[ContactPerson]:
    return list(
        db.scalars(
            select(ContactPerson)
            .join(ContactPerson.account)
            .options(contains_eager(ContactPerson.account))
            .where(ContactPerson.organisation_id == organisation_id, ContactPerson.wijk_id == wijk_id)
            .order_by(ContactPerson.valid_from.desc(), ContactPerson.id)
        )
    )


def _colleagues(db: Session, organisation_id: UUID) -> list[Account]:
    return list(
        db.scalars(
            select(Account)
            .where(Account.organisation_id == organisation_id, Account.active)
            .order_by(Account.name, Account.email)
        )
    )


def _works_in(db: Session, organisation_id: UUID, wijk_id: UUID) -> bool:
    here = select(Team.id).where(
        Team.organisation_id == organisation_id, Team.wijk_id == wijk_id, Team.active
    )
    return db.scalar(here.limit(1)) is not None
