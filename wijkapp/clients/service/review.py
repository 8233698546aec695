"""The monthly look at what stands out in the log, by the admin of an organisation."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from wijkapp.clients import duties
from wijkapp.clients.audit_rules import Event, Outcome
from wijkapp.clients.models import AuditEvent, AuditReview, ClientFile, FileParty
from wijkapp.clients.odd_rules import WRITES, Handover, Line, Odd, Rule, Verdict, odd
from wijkapp.clients.service import audit
from wijkapp.clients.service.audit import Seat
from wijkapp.kit import time
from wijkapp.kit.db import reading, transaction
from wijkapp.kit.errors import NotFound, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.people import access
from wijkapp.people.models import Account


class AlreadyReviewed(Refused):
    """A colleague looked at it just before."""

    sentence = _("Een collega heeft dit al beoordeeld.")


@dataclass(frozen=True)
class ToReview:
    """One thing that stands out, and what was made of it."""

    odd: Odd
    who: str
    organisation: str  # whose colleague it is
    codes: tuple[str, ...]
    first: datetime
    last: datetime
    verdict: Verdict | None
    reviewed_by: str | None
    reviewed_at: datetime | None


def to_review(actor: Account, month: date) -> list[ToReview]:
    """What stands out in this month: what own colleagues did, and what others did at own files.

    month  any day in it
    """
    access.require(actor, "privacy.oversee", organisation_id=actor.organisation_id)
    with reading() as db:
        rows = _rows(db, actor.organisation_id, month)
        people = {row.account_id for row in rows if row.account_id}
        found = odd(
            [_line(row) for row in rows],
            _handovers(db, {row.client_code for row in rows if row.client_code}),
            _wrote_before(db, people, month),
            duties.on_duty(people, *_limits(month)),
        )
        marks = _marks(db, actor.organisation_id)
        names = {row.account_id: (row.account_name, row.organisation_name) for row in rows}
    return [_shown(one, names[one.account_id], marks.get((one.rule, one.first_seq))) for one in found]


def review(actor: Account, seat: Seat, month: date, rule: Rule, first_seq: int, verdict: Verdict) -> None:
    """This was looked at, and this came out. Raises NotFound, AlreadyReviewed."""
    listed = [
        one for one in to_review(actor, month) if (one.odd.rule, one.odd.first_seq) == (rule, first_seq)
    ]
    if not listed:
        raise NotFound
    try:
        with transaction() as db:
            db.add(
                AuditReview(
                    organisation_id=actor.organisation_id,
                    rule=rule.value,
                    first_seq=first_seq,
                    verdict=verdict.value,
                    reviewed_by_id=actor.id,
                    reviewed_at=time.now(),
                )
            )
            db.flush()
            audit.record(db, seat, Event.REVIEWED, object_kind=rule.value, detail=verdict.value)
    except IntegrityError:
        raise AlreadyReviewed from None


def _rows(db: Session, organisation_id: UUID, month: date) -> Sequence[AuditEvent]:
    begins, ends = _limits(month)
    return db.scalars(
        select(AuditEvent)
        .where(AuditEvent.at >= begins, AuditEvent.at < ends, _concerns(organisation_id))
        .order_by(AuditEvent.seq)
    ).all()


def _limits(month: date) -> tuple[datetime, datetime]:
    first = month.replace(day=1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return time.day_starts(first), time.day_starts(following)


def _concerns(organisation_id: UUID) -> ColumnElement[bool]:
    """What own colleagues did; and emergencies and refusals of others at files of the own organisation."""
    own_codes = (
        select(ClientFile.code)
        .join(FileParty, FileParty.file_id == ClientFile.id)
        .where(FileParty.organisation_id == organisation_id, FileParty.source)
    )
    by_others = or_(AuditEvent.event == Event.GLASS_BROKEN, AuditEvent.outcome == Outcome.REFUSED)
    return or_(
        AuditEvent.organisation_id == organisation_id,
        and_(AuditEvent.client_code.in_(own_codes), by_others),
    )


def _line(row: AuditEvent) -> Line:
    return Line(
        seq=row.seq,
        at=row.at,
        local=time.local(row.at),
        event=Event(row.event),
        outcome=Outcome(row.outcome),
        code=row.client_code,
        account_id=row.account_id,
        organisation_id=row.organisation_id,
    )


def _handovers(db: Session, codes: Collection[str]) -> dict[str, Handover]:
    rows = db.execute(
        select(ClientFile.code, ClientFile.handed_over_at, FileParty.organisation_id)
        .join(FileParty, and_(FileParty.file_id == ClientFile.id, FileParty.source))
        .where(ClientFile.code.in_(codes), ClientFile.handed_over_at.is_not(None))
    )
    return {code: Handover(at, source) for code, at, source in rows if at}


def _wrote_before(db: Session, accounts: Collection[UUID], month: date) -> set[UUID]:
    begins, _ends = _limits(month)
    rows = db.scalars(
        select(AuditEvent.account_id)
        .where(AuditEvent.account_id.in_(accounts), AuditEvent.at < begins, AuditEvent.event.in_(WRITES))
        .distinct()
    )
    return {row for row in rows if row}


def _marks(db: Session, organisation_id: UUID) -> dict[tuple[str, int], tuple[AuditReview, str]]:
    rows = db.execute(
        select(AuditReview, Account.name)
        .join(Account, Account.id == AuditReview.reviewed_by_id)
        .where(AuditReview.organisation_id == organisation_id)
    )
    return {(mark.rule, mark.first_seq): (mark, name) for mark, name in rows}


def _shown(one: Odd, name: tuple[str | None, str | None], mark: tuple[AuditReview, str] | None) -> ToReview:
    return ToReview(
        odd=one,
        who=name[0] or "",
        organisation=name[1] or "",
        codes=one.codes,
        first=one.lines[0].at,
        last=one.lines[-1].at,
        verdict=Verdict(mark[0].verdict) if mark else None,
        reviewed_by=mark[1] if mark else None,
        reviewed_at=mark[0].reviewed_at if mark else None,
    )
