"""Three answers for whoever comes next. They are read by who wrote them and by the next, and then they go.

That there was a handover, and when it was read, stays: a region measures how often that is in time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from wijkapp.agreements import service as agreements
from wijkapp.chat.rules import KEPT_AFTER_CLOSING
from wijkapp.kit import outbox, time
from wijkapp.kit.db import changed, insert_new, reading, transaction
from wijkapp.kit.errors import NotFound, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.people import access
from wijkapp.people.models import Account
from wijkapp.rota.checkin import REMIND_BEFORE, confirmed_by
from wijkapp.rota.models import Duty, Handover
from wijkapp.rota.rules import Line
from wijkapp.rota.service import talk
from wijkapp.rota.service.who import account_of, coordinators, next_duty, own, published

READY, CONFIRMED, UNREAD = "rota.handover_ready", "rota.handover_confirmed", "rota.handover_unread"

WRITABLE_FOR = timedelta(hours=12)
"""So long after the end one may still write it, or change it as long as nobody confirmed it."""

KEPT_FOR = KEPT_AFTER_CLOSING
"""So long after it was written the answers go, as a conversation does."""


class NotNow(Refused):
    """The duty has not begun, or is long over."""

    sentence = _("Een overdracht schrijf je tijdens je dienst, of kort daarna.")


class NoHandover(Refused):
    """A back-up hands nothing over."""

    sentence = _("Een achterwacht hoeft geen overdracht te schrijven.")


class ReadAlready(Refused):
    """The next knows it already."""

    sentence = _("De volgende heeft je overdracht al gelezen. Stuur een bericht als er nog iets is.")


class WroteMeanwhile(Refused):
    """The page is older than what was written on another."""

    sentence = _("Je schreef intussen al iets anders op. Dat staat er nog; dit kwam er niet bij.")


@dataclass(frozen=True, slots=True)
class Answers:
    """What was going on, what still has to be done, what to watch. Empty: nothing."""

    happened: str
    still_open: str
    watch: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A handover, or what may become one, as one of the two sees it."""

    duty: Duty
    following: Duty | None
    answers: Answers | None
    written_by: str | None
    written_at: datetime | None
    confirmed_by: str | None
    confirmed_at: datetime | None
    may_write: bool
    may_confirm: bool

    @property
    def seen(self) -> str:
        """Of the handover as it is; another when it is written anew."""
        return _seen(self.written_at)


def write(actor: Account, duty_id: UUID, answers: Answers, seen: str | None = None) -> None:
    """Write it, or change it as long as nobody confirmed it. The next hears it, but not at night before.

    seen  `Shown.seen` of the page; None: whatever was there

    Raises NotFound, NotYourDuty, NotNow, NoHandover, ReadAlready, WroteMeanwhile.
    """
    access.require(actor, "rota.take")
    moment = time.now()
    with transaction() as db:
        duty, _hold = own(db, actor, duty_id)
        if duty.line is not Line.MAIN:
            raise NoHandover
        if not _may_write(duty, moment):
            raise NotNow
        if seen is not None and _is_other(db.get(Handover, duty_id), answers, seen):
            raise WroteMeanwhile
        following = next_duty(db, duty)
        _store(db, duty, following, actor, answers, moment)
        talk.open_between(db, duty, following)
        if following:
            _tell_next(db, duty, following, moment)


def _seen(written_at: datetime | None) -> str:
    return str(written_at.timestamp()) if written_at else ""


def _is_other(kept: Handover | None, answers: Answers, seen: str) -> bool:
    """Was something else written since the page was made? The same, sent twice, is not."""
    if kept is None or seen == _seen(kept.written_at):
        return False
    return answers != Answers(kept.happened, kept.still_open, kept.watch)


def _may_write(duty: Duty, moment: datetime) -> bool:
    return duty.starts_at <= moment <= duty.ends_at + WRITABLE_FOR


def _store(
    db: Session, duty: Duty, following: Duty | None, actor: Account, answers: Answers, moment: datetime
) -> None:
    terms = agreements.rota_terms_for(db, duty.region_id, moment)
    values = {
        "happened": answers.happened,
        "still_open": answers.still_open,
        "watch": answers.watch,
        "written_by_id": actor.id,
        "written_at": moment,
        "to_duty_id": following.id if following else None,
        "escalate_at": confirmed_by(duty.ends_at, following.starts_at, terms) if following else None,
    }
    insert_new(db, Handover, [{"duty_id": duty.id, **values}])
    unread = Handover.confirmed_at.is_(None)
    if changed(db, update(Handover).where(Handover.duty_id == duty.id, unread).values(values)) != 1:
        raise ReadAlready


def _tell_next(db: Session, duty: Duty, following: Duty, moment: datetime) -> None:
    hearer = account_of(db, following.member_id)
    if hearer is None:
        return
    outbox.take_back(db, [READY], about=duty.id, to=[hearer])
    soon = max(moment, following.starts_at - REMIND_BEFORE)
    outbox.record(db, READY, about=duty.id, to=[hearer], wait={hearer: soon})


def confirm(actor: Account, duty_id: UUID) -> None:
    """The next has read it. Twice is fine. Raises NotFound, also when it is not for this person."""
    access.require(actor, "rota.take")
    moment = time.now()
    with transaction() as db:
        handover = _kept(db, duty_id)
        following = published(db, handover.to_duty_id) if handover and handover.to_duty_id else None
        if handover is None or following is None or account_of(db, following.member_id) != actor.id:
            raise NotFound
        done = changed(
            db,
            update(Handover)
            .where(Handover.duty_id == duty_id, Handover.confirmed_at.is_(None))
            .values(confirmed_at=moment, confirmed_by_id=actor.id, escalate_at=None),
        )
        if done:
            outbox.record(db, CONFIRMED, about=duty_id, to={handover.written_by_id} - {actor.id})


def look(actor: Account, duty_id: UUID) -> Shown:
    """The handover of a duty, to who has that duty and who has the next. Raises NotFound to others."""
    access.require(actor, "rota.take")
    with reading() as db:
        duty = published(db, duty_id)
        shown = of_duty(db, actor, duty) if duty else None
    if shown is None:
        raise NotFound
    return shown


def of_duty(db: Session, actor: Account, duty: Duty) -> Shown | None:
    """The same; None to whom it is none of."""
    handover = _kept(db, duty.id)
    written_to = handover.to_duty_id if handover else None
    following = db.get(Duty, written_to) if written_to else next_duty(db, duty)
    is_mine = account_of(db, duty.member_id) == actor.id
    is_next = following is not None and account_of(db, following.member_id) == actor.id
    wrote = handover is not None and handover.written_by_id == actor.id
    if duty.line is not Line.MAIN or not (is_mine or wrote or (is_next and handover)):
        return None
    unread = handover is None or handover.confirmed_at is None
    return Shown(
        duty=duty,
        following=following,
        answers=Answers(handover.happened, handover.still_open, handover.watch) if handover else None,
        written_by=_name(db, handover.written_by_id) if handover else None,
        written_at=handover.written_at if handover else None,
        confirmed_by=_name(db, handover.confirmed_by_id) if handover else None,
        confirmed_at=handover.confirmed_at if handover else None,
        may_write=is_mine and unread and _may_write(duty, time.now()),
        may_confirm=is_next and handover is not None and unread,
    )


def to_duty(db: Session, actor: Account, duty: Duty) -> list[Shown]:
    """What others wrote for whoever has this duty, when that is this person."""
    if account_of(db, duty.member_id) != actor.id:
        return []
    earlier = db.scalars(
        select(Duty)
        .join(Handover, Handover.duty_id == Duty.id)
        .where(Handover.to_duty_id == duty.id, Handover.written_at > time.now() - KEPT_FOR)
        .order_by(Duty.starts_at, Duty.seat)
    ).all()
    return [shown for one in earlier if (shown := of_duty(db, actor, one)) is not None]


def _kept(db: Session, duty_id: UUID) -> Handover | None:
    """The handover of a duty as long as its answers are there to read."""
    handover = db.get(Handover, duty_id)
    return handover if handover and handover.written_at > time.now() - KEPT_FOR else None


def _name(db: Session, account_id: UUID | None) -> str | None:
    return db.scalar(select(Account.name).where(Account.id == account_id)) if account_id else None


# --- by itself


def unread(db: Session, moment: datetime, most: int) -> Sequence[UUID]:
    """Duties whose handover nobody confirmed in time."""
    return db.scalars(
        select(Handover.duty_id)
        .where(Handover.escalate_at <= moment, Handover.confirmed_at.is_(None))
        .order_by(Handover.escalate_at)
        .limit(most)
    ).all()


def tell_of_unread(duty_id: UUID, moment: datetime) -> bool:
    """The next hears it again, and the coordinators: is that person there? Once."""
    with transaction() as db:
        waits = (Handover.escalate_at <= moment, Handover.confirmed_at.is_(None))
        claim = update(Handover).where(Handover.duty_id == duty_id, *waits).values(escalate_at=None)
        if changed(db, claim) != 1:
            return False
        duty, handover = db.get_one(Duty, duty_id), db.get_one(Handover, duty_id)
        following = db.get(Duty, handover.to_duty_id) if handover.to_duty_id else None
        hearer = account_of(db, following.member_id) if following else None
        outbox.record(db, READY, about=duty_id, to=[hearer] if hearer else [])
        outbox.record(db, UNREAD, about=duty_id, to=coordinators(db, duty.region_id))
        return True


def forget(moment: datetime) -> int:
    """Let the answers go that are older than KEPT_FOR. Returns of how many handovers."""
    gone = {"happened": "", "still_open": "", "watch": ""}
    said = or_(*(getattr(Handover, name) != "" for name in gone))
    with transaction() as db:
        return changed(
            db, update(Handover).where(Handover.written_at <= moment - KEPT_FOR, said).values(gone)
        )
