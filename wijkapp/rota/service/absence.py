"""When somebody cannot, works elsewhere, or would rather not: from when until when, never why.

Whoever takes duties in several regions says it once; it holds in all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from wijkapp.agreements import service as agreements
from wijkapp.kit import outbox, time
from wijkapp.kit.aside import aside
from wijkapp.kit.db import changed, insert_new, new_id, reading, transaction
from wijkapp.kit.errors import Invalid, NotAllowed, NotFound
from wijkapp.kit.words import lazy as _
from wijkapp.people import access
from wijkapp.people.models import Account
from wijkapp.rota.busy import Found, NoCalendar, read
from wijkapp.rota.models import Absence, Duty, Member, Plan, Wish
from wijkapp.rota.problem import Interval
from wijkapp.rota.rules import AbsenceKind, Source
from wijkapp.rota.service.members import own
from wijkapp.rota.service.who import quiet

SAID = "rota.cannot"

MOST_OWN = 300
"""So many times one can type in; more comes out of a calendar."""

ABSENCE_KEPT = timedelta(days=400)
"""Free Sundays are counted over a year; what is longer ago says nothing any more."""

AHEAD = timedelta(weeks=54)
BACK = timedelta(weeks=17)  # averages are over 16 weeks
LONGEST = timedelta(days=370)
_IMPORTED = (Source.ICAL, Source.CSV)


class NotTakingPart(NotAllowed):
    """Only who takes duties says when they cannot."""

    sentence = _("Je staat nog niet op de lijst voor diensten. Vraag je planner om je erbij te zetten.")


@dataclass(frozen=True)
class Imported:
    """What came out of a calendar. count: moments that are still to come."""

    source: Source
    count: int
    last: datetime


@dataclass(frozen=True)
class Availability:
    """When somebody cannot, or would rather not. members is empty: not on the list.

    said_by  absence -> the name of the planner who wrote it down
    """

    members: Sequence[Member]
    absences: Sequence[Absence]
    wishes: Sequence[Wish]
    imported: Sequence[Imported]
    said_by: dict[UUID, str]
    blocks: dict[str, str]  # code -> name

    @property
    def takes_part(self) -> bool:
        return bool(self.members)


def availability(actor: Account) -> Availability:
    """What the actor said about times that are still to come."""
    with reading() as db:
        access.require(actor, "rota.take")
        members = [one for one in _members(db, actor.id) if one.active]
        if not members:
            return Availability((), (), (), (), {}, {})
        first = members[0].id  # the others have the same
        coming = (Absence.member_id == first, Absence.ends_at > time.now())
        own = select(Absence).where(*coming, Absence.source == Source.TYPED)
        wishes = select(Wish).where(Wish.member_id == first, Wish.day >= time.today())
        imported = db.execute(
            select(Absence.source, func.count(), func.max(Absence.ends_at))
            .where(*coming, Absence.source.in_(_IMPORTED))
            .group_by(Absence.source)
        )
        said = select(Absence.id, Account.name).join(Account, Account.id == Absence.said_by_id)
        return Availability(
            members,
            db.scalars(own.order_by(Absence.starts_at)).all(),
            db.scalars(wishes.order_by(Wish.day, Wish.block)).all(),
            [Imported(*row) for row in imported],
            {row.id: row.name for row in db.execute(said.where(*coming))},
            _blocks(db, members),
        )


def _members(db: Session, account_id: UUID) -> Sequence[Member]:
    """In every region, also where they stopped: who takes part there again cannot at the same times."""
    mine = select(Member).where(Member.account_id == account_id)
    return db.scalars(mine.order_by(Member.active.desc(), Member.id)).all()


def _required(db: Session, actor: Account) -> Sequence[Member]:
    access.require(actor, "rota.take")
    return _taking_part(db, actor.id)


def _taking_part(db: Session, account_id: UUID) -> Sequence[Member]:
    members = _members(db, account_id)
    if not any(one.active for one in members):
        raise NotTakingPart
    return members


def _blocks(db: Session, members: Sequence[Member]) -> dict[str, str]:
    terms = agreements.rota_terms_of(db, {one.region_id for one in members}, time.now())
    return {block.code: block.name for one in terms.values() for block in one.blocks}


def add_absence(actor: Account, start: datetime, end: datetime) -> Sequence[Duty]:
    """The actor cannot between these moments; gives the duties of published rotas that fall in it.

    Those stay where they are: whoever has them asks others to take them. Raises NotTakingPart or Invalid.
    """
    with transaction() as db:
        return _add(db, _required(db, actor), start, end, by=actor)


def of_colleague(actor: Account, member_id: UUID) -> Sequence[Absence]:
    """When a colleague cannot in times that are still to come, but for what came out of a calendar.

    Raises NotFound, or NotAllowed for whoever does not keep this one on the list.
    """
    with reading() as db:
        member, _account = own(db, actor, member_id)
        typed = (Absence.member_id == member.id, Absence.source == Source.TYPED)
        coming = select(Absence).where(*typed, Absence.ends_at > time.now())
        return db.scalars(coming.order_by(Absence.starts_at)).all()


def add_for(actor: Account, member_id: UUID, start: datetime, end: datetime) -> Sequence[Duty]:
    """A planner writes down for a colleague that they cannot; otherwise as `add_absence`.

    Only for colleagues of the own organisation: see `falls_out` for who falls out now.

    Raises NotFound, NotAllowed, NotTakingPart or Invalid.
    """
    with transaction() as db:
        _member, account = own(db, actor, member_id)
        return _add(db, _taking_part(db, account.id), start, end, by=actor)


def drop_for(actor: Account, member_id: UUID, absence_id: UUID) -> None:
    """The colleague can after all. Raises NotFound, or NotAllowed."""
    with transaction() as db:
        _member, account = own(db, actor, member_id)
        _drop(db, _members(db, account.id), absence_id)


def falls_out(db: Session, account_id: UUID, start: datetime, end: datetime, by: Account) -> None:
    """Somebody cannot between these moments, says a planner.

    Of any organisation in the region: at night it is whoever is there. The caller asked whether that may.
    """
    _write(db, _members(db, account_id), start, end, by)


def _add(
    db: Session, members: Sequence[Member], start: datetime, end: datetime, by: Account
) -> Sequence[Duty]:
    wrong = _wrong(start, end)
    if wrong:
        raise Invalid(fields=wrong)
    typed = (Absence.member_id == members[0].id, Absence.source == Source.TYPED)
    coming = select(func.count()).where(*typed, Absence.ends_at > time.now())
    if (db.scalar(coming) or 0) >= MOST_OWN:
        raise Invalid(fields={"first": str(_("Dit zijn er te veel. Neem je agenda over als bestand."))})
    _write(db, members, start, end, by)
    return _duties_in(db, members, start, end)


def _write(db: Session, members: Sequence[Member], start: datetime, end: datetime, by: Account) -> None:
    """Whom it is about hears it when another wrote it down, and may take it away."""
    account = db.get_one(Account, members[0].account_id)
    told = [account] if account.id != by.id else []
    row = {
        "kind": AbsenceKind.UNAVAILABLE,
        "source": Source.TYPED,
        "starts_at": start,
        "ends_at": end,
        "said_by_id": by.id if told else None,
    }
    db.execute(insert(Absence), [row | {"id": new_id(), "member_id": one.id} for one in members])
    outbox.record(db, SAID, about=members[0].id, to=[one.id for one in told], wait=quiet(told, time.now()))


def _wrong(start: datetime, end: datetime) -> dict[str, str]:
    now = time.now()
    if end <= start:
        return {"last": str(_("Het einde komt na het begin."))}
    if end <= now:
        return {"last": str(_("Kies een tijd die nog komt."))}
    if end - start > LONGEST:
        return {"last": str(_("Dit is langer dan een jaar. Vraag je planner om je van de lijst te halen."))}
    if start > now + 2 * AHEAD:
        return {"first": str(_("Dit is te ver weg. Kies een dag binnen twee jaar."))}
    return {}


def _duties_in(db: Session, members: Sequence[Member], start: datetime, end: datetime) -> Sequence[Duty]:
    return db.scalars(
        select(Duty)
        .join(Plan, Plan.id == Duty.plan_id)
        .where(
            Duty.member_id.in_([one.id for one in members]),
            Duty.starts_at < end,
            Duty.ends_at > start,
            Duty.ends_at > time.now(),
            Plan.published_at.is_not(None),
        )
        .order_by(Duty.starts_at)
    ).all()


def drop_absence(actor: Account, absence_id: UUID) -> None:
    """The actor can after all. Raises NotFound."""
    with transaction() as db:
        _drop(db, _required(db, actor), absence_id)


def _drop(db: Session, of: Sequence[Member], absence_id: UUID) -> None:
    ids = [one.id for one in of]
    gone = db.get(Absence, absence_id)
    if gone is None or gone.member_id not in ids:
        raise NotFound
    db.execute(
        delete(Absence).where(
            Absence.member_id.in_(ids),
            Absence.source == gone.source,
            Absence.starts_at == gone.starts_at,
            Absence.ends_at == gone.ends_at,
        )
    )


def add_wish(actor: Account, day: date, block: str) -> None:
    """The actor would rather not on this day. block: one of the day's, or empty for all of it."""
    with transaction() as db:
        members = _required(db, actor)
        if block and block not in _blocks(db, members):
            raise Invalid(fields={"block": str(_("Kies iets uit de lijst."))})
        if not time.today() <= day <= time.today() + AHEAD:
            raise Invalid(fields={"day": str(_("Kies een dag binnen een jaar van nu."))})
        insert_new(db, Wish, [{"member_id": one.id, "day": day, "block": block} for one in members])


def drop_wish(actor: Account, day: date, block: str) -> None:
    """The actor does not mind any more."""
    with transaction() as db:
        members = [one.id for one in _required(db, actor)]
        db.execute(delete(Wish).where(Wish.member_id.in_(members), Wish.day == day, Wish.block == block))


def import_busy(actor: Account, data: bytes) -> Found:
    """Take over a calendar: what it says replaces what earlier files said about the same time and later.

    Of a file of which nothing can be read nothing is taken over, and what was there stays. Only from when
    until when is kept. Raises NotTakingPart, or Invalid for what is no calendar.
    """
    now = time.now()
    with reading() as db:
        _required(db, actor)
    try:
        found = aside(lambda: read(data, Interval(now - BACK, now + AHEAD)))
    except NoCalendar as error:
        sentence = _("Hier vind ik geen tijden in. Kies een agenda (.ics) of een lijst (.csv).")
        raise Invalid(fields={"file": str(sentence)}) from error
    if found.is_unreadable:
        return found
    with transaction() as db:
        members = _required(db, actor)
        since = min([one.start for _kind, one in found.moments], default=now)
        _forget(db, members, since)
        rows: list[dict[str, Any]] = [
            {
                "id": new_id(),
                "member_id": member.id,
                "kind": kind,
                "source": found.source,
                "starts_at": one.start,
                "ends_at": one.end,
            }
            for member in members
            for kind, one in found.moments
        ]
        if rows:
            db.execute(insert(Absence), rows)
    return found


def forget_busy(actor: Account) -> None:
    """Take away everything that came out of files."""
    with transaction() as db:
        _forget(db, _required(db, actor), None)


def _forget(db: Session, members: Sequence[Member], since: datetime | None) -> None:
    gone = delete(Absence).where(
        Absence.member_id.in_([one.id for one in members]), Absence.source.in_(_IMPORTED)
    )
    db.execute(gone if since is None else gone.where(Absence.ends_at > since))


def forget(moment: datetime) -> int:
    """Let go when somebody could not, long ago. Returns how many times and wishes."""
    with transaction() as db:
        times = delete(Absence).where(Absence.ends_at < moment - ABSENCE_KEPT)
        wishes = delete(Wish).where(Wish.day < time.local(moment - ABSENCE_KEPT).date())
        return changed(db, times) + changed(db, wishes)
