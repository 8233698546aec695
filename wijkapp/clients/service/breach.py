"""The log of breaches: what went wrong with personal data, what was done, who was told, and the 72 hours."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from wijkapp.clients import breach_rules as rules
from wijkapp.clients import sealing
from wijkapp.clients.breach_rules import Kind, Risk, State
from wijkapp.clients.models import Breach
from wijkapp.kit import crypto, outbox, time
from wijkapp.kit.db import changed, new_id, reading, transaction
from wijkapp.kit.errors import Invalid, NotFound, Refused
from wijkapp.kit.words import gettext
from wijkapp.kit.words import lazy as _
from wijkapp.people import access
from wijkapp.people.models import Account, AccountRole
from wijkapp.people.rules import Role

LONGEST_BACK = timedelta(days=366)

_key: bytes | None = None


def use(master: crypto.MasterKey) -> None:
    """Seal the words with this installation's key from now on, in this process."""
    global _key
    _key = master.derive("breaches")


class NotReady(Refused):
    """Something must be done before it can be closed."""

    sentence = _("Dit datalek kan nog niet dicht.")


@dataclass(frozen=True)
class Told:
    """What somebody writes down about a breach."""

    found_at: datetime
    kind: Kind
    risk: Risk
    what: str
    measures: str = ""
    people_touched: int | None = None


@dataclass(frozen=True)
class BreachLine:
    """One breach, without its words."""

    id: UUID
    found_at: datetime
    kind: Kind
    risk: Risk
    state: State
    tell_before: datetime
    people_touched: int | None
    reported_at: datetime | None
    clients_told_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True)
class BreachShown:
    line: BreachLine
    what: str
    measures: str
    recorded_by: str
    recorded_at: datetime


def breaches(actor: Account) -> list[BreachLine]:
    """Those of the own organisation, the last found first."""
    access.require(actor, "privacy.oversee", organisation_id=actor.organisation_id)
    with reading() as db:
        rows = db.scalars(
            select(Breach)
            .where(Breach.organisation_id == actor.organisation_id)
            .order_by(Breach.found_at.desc(), Breach.id.desc())
        )
        return [_line(row) for row in rows]


def show(actor: Account, breach_id: UUID) -> BreachShown:
    """One breach with its words. Raises NotFound."""
    with reading() as db:
        row = _own(db, actor, breach_id)
        by = db.scalar(select(Account.name).where(Account.id == row.recorded_by_id)) or ""
        key = _key_in_use()
        words = sealing.read(key, row, "what"), sealing.read(key, row, "measures")
        return BreachShown(_line(row), *words, recorded_by=by, recorded_at=row.recorded_at)


def write_down(actor: Account, told: Told) -> UUID:
    """A new breach. From the moment it was found the clock ticks. Raises Invalid."""
    access.require(actor, "privacy.oversee", organisation_id=actor.organisation_id)
    moment = time.now()
    _check(told, _wrong_moment(told.found_at, moment))
    row = Breach(
        id=new_id(),
        organisation_id=actor.organisation_id,
        found_at=told.found_at,
        recorded_by_id=actor.id,
        recorded_at=moment,
    )
    _fill(row, told)
    row.remind_at = None if told.risk is Risk.NONE else rules.first_reminder(told.found_at, moment)
    with transaction() as db:
        db.add(row)
    return row.id


def change(actor: Account, breach_id: UUID, told: Told) -> None:
    """More is known now. The moment it was found stays. Raises NotFound, Invalid, NotReady (closed)."""
    _check(told, {})
    with transaction() as db:
        row = _own(db, actor, breach_id, hold=True)
        if row.closed_at:
            raise NotReady(str(_("Dit datalek is gesloten.")))
        _fill(row, told)
        due = told.risk is not Risk.NONE and row.reported_at is None
        row.remind_at = (row.remind_at or _reminder_left(row)) if due else None


def told_authority(actor: Account, breach_id: UUID) -> None:
    """It was reported to the Autoriteit Persoonsgegevens. Twice does no harm. Raises NotFound."""
    _mark(actor, breach_id, "reported_at", remind_at=None)


def told_people(actor: Account, breach_id: UUID) -> None:
    """The people whom the data is about were told. Twice does no harm. Raises NotFound."""
    _mark(actor, breach_id, "clients_told_at")


def close(actor: Account, breach_id: UUID) -> None:
    """All is done. Raises NotFound, NotReady when somebody must be told first."""
    with transaction() as db:
        row = _own(db, actor, breach_id, hold=True)
        missing = _missing(row, sealing.read(_key_in_use(), row, "measures"))
        if missing:
            raise NotReady(missing)
        row.closed_at, row.remind_at = row.closed_at or time.now(), None


def _missing(row: Breach, measures: str) -> str | None:
    risk = Risk(row.risk)
    if risk is not Risk.NONE and row.reported_at is None:
        return gettext("Meld dit datalek eerst bij de Autoriteit Persoonsgegevens.")
    if risk is Risk.HIGH and row.clients_told_at is None:
        return gettext("Vertel het eerst aan de mensen om wie het gaat. Het risico is hoog.")
    return None if measures else gettext("Schrijf eerst op wat jullie deden om het op te lossen.")


def remind_due() -> int:
    """For the clock: the time to tell the authority is nearly up, or is. Returns how many it spoke up for."""
    moment = time.now()
    with reading() as db:
        due = list(db.scalars(select(Breach.id).where(Breach.remind_at <= moment)))
    return sum(_remind(breach_id, moment) for breach_id in due)


def _remind(breach_id: UUID, moment: datetime) -> bool:
    with transaction() as db:
        row = db.get(Breach, breach_id)
        if row is None or row.remind_at is None or row.remind_at > moment:
            return False
        claimed = changed(
            db,
            update(Breach)
            .where(Breach.id == breach_id, Breach.remind_at == row.remind_at)
            .values(remind_at=rules.next_reminder(row.found_at, moment)),
        )
        if claimed:
            outbox.record(db, "clients.breach_due", about=breach_id, to=_admins(db, row.organisation_id))
    return bool(claimed)


def _admins(db: Session, organisation_id: UUID) -> list[UUID]:
    return list(
        db.scalars(
            select(Account.id)
            .join(AccountRole, AccountRole.account_id == Account.id)
            .where(Account.organisation_id == organisation_id, Account.active, AccountRole.role == Role.ADMIN)
        )
    )


def _own(db: Session, actor: Account, breach_id: UUID, *, hold: bool = False) -> Breach:
    access.require(actor, "privacy.oversee", organisation_id=actor.organisation_id)
    row = db.get(Breach, breach_id, with_for_update=hold or None)
    if row is None or row.organisation_id != actor.organisation_id:
        raise NotFound
    return row


def _mark(actor: Account, breach_id: UUID, column: str, **more: Any) -> None:
    with transaction() as db:
        row = _own(db, actor, breach_id, hold=True)
        for name, value in {column: getattr(row, column) or time.now(), **more}.items():
            setattr(row, name, value)


def _reminder_left(row: Breach) -> datetime | None:
    moment, last = time.now(), rules.tell_before(row.found_at)
    return None if moment > last else rules.first_reminder(row.found_at, moment)


def _fill(row: Breach, told: Told) -> None:
    row.kind, row.risk, row.people_touched = told.kind.value, told.risk.value, told.people_touched
    sealing.write(_key_in_use(), row, what=told.what, measures=told.measures)


def _wrong_moment(found_at: datetime, moment: datetime) -> dict[str, str]:
    if found_at > moment:
        return {"found_on": gettext("Dit ligt in de toekomst.")}
    if found_at < moment - LONGEST_BACK:
        return {"found_on": gettext("Dit is langer dan een jaar geleden.")}
    return {}


def _check(told: Told, wrong: dict[str, str]) -> None:
    if not told.what.strip():
        wrong["what"] = gettext("Vul dit in.")
    for name in ("what", "measures"):
        if len(getattr(told, name)) > rules.LONGEST_WORDS:
            wrong[name] = gettext("Dit is te lang: hooguit %(most)s tekens.", most=rules.LONGEST_WORDS)
    if wrong:
        raise Invalid(fields=wrong)


def _line(row: Breach) -> BreachLine:
    risk = Risk(row.risk)
    return BreachLine(
        id=row.id,
        found_at=row.found_at,
        kind=Kind(row.kind),
        risk=risk,
        state=rules.state(row.found_at, risk, row.reported_at, row.closed_at, time.now()),
        tell_before=rules.tell_before(row.found_at),
        people_touched=row.people_touched,
        reported_at=row.reported_at,
        clients_told_at=row.clients_told_at,
        closed_at=row.closed_at,
    )


def _key_in_use() -> bytes:
    if _key is None:
        raise RuntimeError("no key for breaches yet: call clients.service.breach.use first")
    return _key
