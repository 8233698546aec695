"""Asking others to take a duty: one colleague, everybody who lawfully can, or a trade; or the planner asks.

Until it is done the duty stays with who had it, and they know that.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from wijkapp.agreements import service as agreements
from wijkapp.agreements.rota_terms import RotaTerms
from wijkapp.directory import service as directory
from wijkapp.kit import outbox, time
from wijkapp.kit.db import new_id, transaction
from wijkapp.kit.errors import Invalid, NotAllowed, NotFound, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.people import access
from wijkapp.people.models import Account
from wijkapp.rota import swapping
from wijkapp.rota.models import Duty, Member, Swap, SwapAsk
from wijkapp.rota.rules import SwapKind, SwapState
from wijkapp.rota.service import candidates, who
from wijkapp.rota.service.candidates import NotLawful
from wijkapp.rota.service.regions import may_plan
from wijkapp.rota.swapping import UNDER_WAY, AlreadyAsked

ASKED, ASKED_AGAIN = "rota.swap_asked", "rota.swap_asked_again"
FOR_YOU = "rota.swap_for_you"


class NobodyCan(Refused):
    """There is nobody to ask."""

    sentence = _("Niemand mag deze dienst nu volgens de regels overnemen. Bel de planner.")


class NotYours(NotAllowed):
    """Only who has a duty, or who plans, may ask others to take it."""

    sentence = _("Alleen wie de dienst heeft, of de planner, kan een ander vragen.")


@dataclass(frozen=True)
class Question:
    """What is asked of whom.

    to              members; empty: everybody who lawfully can, now and at each follow-up
    return_duty_id  a trade: this duty comes in return, and its holder is asked
    """

    to: frozenset[UUID] = frozenset()
    return_duty_id: UUID | None = None


def ask(actor: Account, duty_id: UUID, question: Question) -> UUID:
    """Whoever has this duty asks others to take it, or the planner does. Gives the id of the swap.

    The planner's question needs no approval; who has the duty is told and may still withdraw it.
    Raises NotFound, NotYours, TooLate, AlreadyAsked, NotLawful, NobodyCan, Invalid.
    """
    moment = time.now()
    with transaction() as db:
        duty = held(db, actor, duty_id, question.return_duty_id)
        mine = member_of(db, actor, duty.region_id)
        plans = mine is None or duty.member_id != mine.id
        if plans:
            require_planner(db, actor, duty.region_id)
            if question.return_duty_id:
                raise NotYours  # whoever has it would get a duty without having been asked
        if under_way(db, duty.id):
            raise AlreadyAsked
        return_duty = _return_duty(db, duty, question.return_duty_id)
        starts = [duty.starts_at, *([return_duty.starts_at] if return_duty else [])]
        ends = swapping.ends_at(min(starts), moment)
        to = _asked(db, duty, return_duty, question, moment)
        swap = _made(actor, duty, question, plans=plans, ends=ends, moment=moment)
        every = terms_of(db, duty, moment).ask_again_every
        swap.ask_again_at = swapping.next_ask(moment, ends, every)
        db.add(swap)
        db.flush()
        add_asked(db, swap, duty, to, moment)
        holder = who.account_of(db, duty.member_id)
        if plans and holder and holder != actor.id:
            outbox.record(db, FOR_YOU, about=swap.id, to=[holder])
    return swap.id


def _made(
    actor: Account, duty: Duty, question: Question, *, plans: bool, ends: datetime, moment: datetime
) -> Swap:
    return Swap(
        id=new_id(),
        duty_id=duty.id,
        kind=_kind(question, plans=plans),
        state=SwapState.OPEN,
        from_id=duty.member_id,
        return_duty_id=question.return_duty_id,
        asked_by_id=actor.id,
        asked_at=moment,
        ends_at=ends,
    )


def _kind(question: Question, *, plans: bool) -> SwapKind:
    if plans:
        return SwapKind.PLANNER
    if question.return_duty_id:
        return SwapKind.TRADE
    return SwapKind.ONE if question.to else SwapKind.POOL


def _return_duty(db: Session, duty: Duty, return_duty_id: UUID | None) -> Duty | None:
    if return_duty_id is None:
        return None
    other = who.published(db, return_duty_id)
    fits = other is not None and other.region_id == duty.region_id and other.member_id is not None
    if other is None or not fits or duty.member_id in (None, other.member_id):
        raise Invalid(fields={"return_duty": str(_("Kies een dienst van een collega."))})
    return other


def _asked(
    db: Session, duty: Duty, return_duty: Duty | None, question: Question, moment: datetime
) -> list[UUID]:
    """The members to ask. Raises NotLawful when one of them may not, NobodyCan when there is none."""
    if return_duty is not None and return_duty.member_id is not None:
        moved = {duty.id: return_duty.member_id, return_duty.id: duty.member_id}
        candidates.require_lawful(db, duty, moved, moment)
        return [return_duty.member_id]
    at = candidates.desk(db, duty, moment)
    able = {one.who.member_id: one for one in candidates.lawful_at(db, at)}
    for member_id in question.to - set(able):
        said = candidates.wrong(at, {duty.id: member_id})
        raise NotLawful(candidates.with_names(db, at, said))
    if not able:
        raise NobodyCan
    return [member_id for member_id in able if not question.to or member_id in question.to]


def add_asked(db: Session, swap: Swap, duty: Duty, members: Iterable[UUID], moment: datetime) -> None:
    """These are asked from now on; at night only when it cannot wait."""
    new = list(members)
    db.add_all(SwapAsk(swap_id=swap.id, member_id=one, asked_at=moment) for one in new)
    db.flush()
    ring(db, ASKED, swap, duty, new, moment)


def ring(
    db: Session, event: str, swap: Swap, duty: Duty, members: Collection[UUID], moment: datetime
) -> None:
    """Tell these members of a swap, but nobody in their quiet hours unless the duty is near."""
    accounts = db.scalars(
        select(Account)
        .join(Member, Member.account_id == Account.id)
        .where(Member.id.in_(members), Member.active, Account.active)
    ).all()
    near = swapping.may_ring_at_night(duty.starts_at, moment)
    wait = {} if near else who.quiet(accounts, moment)
    outbox.record(db, event, about=swap.id, to=[one.id for one in accounts], wait=wait)


# --- what every step of a swap asks


def held(db: Session, actor: Account, duty_id: UUID, beside: UUID | None = None) -> Duty:
    """A published duty in a region the actor's organisation takes part in; held until the transaction ends.

    beside  a duty that may go the other way, held too

    Raises NotFound: no hint that it exists.
    """
    both = [one for one in (duty_id, beside) if one]
    # In one order for everybody, so that two trades never wait for each other.
    locked = select(Duty).where(Duty.id.in_(both)).order_by(Duty.id).with_for_update()
    found = db.scalars(locked, execution_options={"populate_existing": True})
    duty = next((one for one in found.all() if one.id == duty_id), None)
    if (
        duty is None
        or who.published(db, duty_id) is None
        or duty.region_id not in directory.regions_of(db, actor.organisation_id)
    ):
        raise NotFound
    return duty


_MEMBER = select(Member).where(
    Member.region_id == bindparam("region"), Member.account_id == bindparam("account"), Member.active
)


def member_of(db: Session, actor: Account, region_id: UUID) -> Member | None:
    """The actor as somebody who takes duties there; None for who does not."""
    if not access.may(actor, "rota.take"):
        return None
    return db.scalar(_MEMBER, {"region": region_id, "account": actor.id})


def require_planner(db: Session, actor: Account, region_id: UUID) -> None:
    """Raises NotYours for whoever does not plan in this region."""
    if not may_plan(db, actor, region_id):
        raise NotYours


def under_way(db: Session, duty_id: UUID) -> Swap | None:
    """The one question that runs about a duty."""
    return db.scalar(select(Swap).where(Swap.duty_id == duty_id, Swap.state.in_(UNDER_WAY)))


def terms_of(db: Session, duty: Duty, moment: datetime) -> RotaTerms:
    """What the region of a duty agreed."""
    return agreements.rota_terms_for(db, duty.region_id, moment)
