"""How others join: objective criteria known beforehand, a question, a decision with reasons, an appeal."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from wijkapp.agreements.drafting import lines_of
from wijkapp.agreements.models import Agreement, Application
from wijkapp.agreements.register import UNDECIDED, JoinState, PartyRole, Phase
from wijkapp.agreements.service.parties import AlreadyIn, let_in
from wijkapp.agreements.service.register import Ended, Hands, admins, in_charge, locked, managed, seen
from wijkapp.kit import outbox, time
from wijkapp.kit.db import reading, transaction
from wijkapp.kit.errors import Invalid, NotAllowed, NotFound, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.people import access
from wijkapp.people.models import Account


class NoCriteria(Refused):
    """Nobody can be judged by what was not written down."""

    sentence = _("Er staat nog niet hoe je aansluit. Vraag de wijkregisseur om dat op te schrijven.")


class StillWaiting(Refused):
    """There is a question already, or it was answered meanwhile."""

    sentence = _("Hier is al een vraag of een antwoord. Kijk na wat er nu staat.")


@dataclass(frozen=True)
class JoinPage:
    """How to join, and the questions somebody may see: all of them, or those of the own organisation."""

    agreement: Agreement
    hands: Hands
    criteria: Sequence[str]
    applications: Sequence[Application]
    may_apply: bool


def join_page(actor: Account, agreement_id: UUID) -> JoinPage:
    """How to join an agreement; everybody in the region may read it."""
    with reading() as db:
        agreement, hands = seen(db, actor, agreement_id)
        found = _applications(db, agreement_id)
        mine = [one for one in found if one.organisation_id == actor.organisation_id]
        waits = any(one.state in UNDECIDED for one in mine[:1])
        return JoinPage(
            agreement=agreement,
            hands=hands,
            criteria=lines_of(agreement.joining),
            applications=found if hands.inside else mine,
            may_apply=access.may(actor, "register.join")
            and actor.organisation.is_provider
            and hands.own is None
            and not waits
            and agreement.phase is not Phase.ENDED,
        )


def _applications(db: Session, agreement_id: UUID) -> Sequence[Application]:
    return db.scalars(
        select(Application)
        .options(joinedload(Application.organisation))
        .where(Application.agreement_id == agreement_id)
        .order_by(Application.id.desc())
    ).all()


def apply(actor: Account, agreement_id: UUID, why: str) -> None:
    """Ask to take part, by the criteria as they stand today."""
    with transaction() as db:
        locked(db, agreement_id)
        agreement, hands = seen(db, actor, agreement_id)
        access.require(actor, "register.join")
        if hands.own is not None:
            raise AlreadyIn(str(_("Jullie doen al mee.")))
        if agreement.phase is Phase.ENDED:
            raise Ended
        if not agreement.joining:
            raise NoCriteria
        last = next((o for o in _applications(db, agreement_id) if _is_of(o, actor)), None)
        if not actor.organisation.is_provider or (last and last.state in UNDECIDED):
            raise StillWaiting
        db.add(
            Application(
                agreement_id=agreement.id,
                organisation_id=actor.organisation_id,
                criteria=agreement.joining,
                why=why,
                applied_by_id=actor.id,
                applied_at=time.now(),
            )
        )
        outbox.record(db, "agreements.asked_to_join", about=agreement.id, to=in_charge(db, agreement.id))


def _is_of(one: Application, actor: Account) -> bool:
    return one.organisation_id == actor.organisation_id


def _application(db: Session, agreement_id: UUID, application_id: UUID) -> Application:
    one = db.get(Application, application_id)
    if one is None or one.agreement_id != agreement_id:
        raise NotFound
    return one


def application(actor: Account, agreement_id: UUID, application_id: UUID) -> Application:
    """One question, for who may decide about it. Raises NotFound or NotAllowed."""
    with reading() as db:
        _agreement, hands = seen(db, actor, agreement_id)
        if not hands.manage:
            raise NotAllowed
        return _application(db, agreement_id, application_id)


def decide_application(
    actor: Account,
    agreement_id: UUID,
    application_id: UUID,
    *,
    welcome: bool,
    unmet: Sequence[int] = (),
    reasons: str = "",
) -> None:
    """Yes, and the organisation takes part from today; or no, on a criterion that was known, with reasons."""
    with transaction() as db:
        agreement = managed(db, actor, agreement_id)
        one = _application(db, agreement_id, application_id)
        if one.state not in UNDECIDED:
            raise StillWaiting
        known = range(1, len(lines_of(one.criteria)) + 1)
        if not welcome and not (unmet and set(unmet) <= set(known)):
            raise Invalid(fields={"unmet": str(_("Kies aan welk criterium het niet voldoet."))})
        if not reasons:
            raise Invalid(fields={"reasons": str(_("Schrijf op waarom."))})
        one.state = JoinState.ACCEPTED if welcome else JoinState.REFUSED
        one.unmet, one.reasons = (() if welcome else tuple(unmet)), reasons
        one.decided_by_id, one.decided_at = actor.id, time.now()
        if welcome:
            let_in(db, agreement, one.organisation_id, PartyRole.MEMBER)
        to = admins(db, [one.organisation_id])
        outbox.record(db, "agreements.join_answered", about=agreement.id, to=to)


def appeal(actor: Account, agreement_id: UUID, application_id: UUID, words: str) -> None:
    """The organisation that was refused does not agree: it is looked at again."""
    with transaction() as db:
        locked(db, agreement_id)
        agreement, _hands = seen(db, actor, agreement_id)
        one = _application(db, agreement_id, application_id)
        access.require(actor, "register.join", organisation_id=one.organisation_id)
        if one.state is not JoinState.REFUSED or one.appealed_at is not None:
            raise StillWaiting
        if not words:
            raise Invalid(fields={"appeal": str(_("Schrijf op waarom jullie het er niet mee eens zijn."))})
        one.state, one.appeal, one.appealed_at = JoinState.APPEALED, words, time.now()
        outbox.record(db, "agreements.asked_to_join", about=agreement.id, to=in_charge(db, agreement.id))
