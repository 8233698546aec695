"""What the client said: recorded, refused, objected, taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkapp.clients import keys, sealing
from wijkapp.clients.audit_rules import Event
from wijkapp.clients.models import BrokenGlass, ClientFile, Consent, ConsentParty
from wijkapp.clients.rules import (
    LONGEST_CONSENT,
    TOLD_VERSION,
    Answer,
    Data,
    EndReason,
    GivenBy,
    How,
    Purpose,
    Scope,
)
from wijkapp.clients.service import audit, ends
from wijkapp.clients.service.audit import Seat
from wijkapp.clients.service.ending import SEALED, empty, end_consent, end_holder
from wijkapp.clients.service.opening import TRIES, Busy, Damaged, key_name, log_refusal
from wijkapp.clients.service.standing import Standing, find, is_general
from wijkapp.clients.service.telling import tell
from wijkapp.kit.crypto import CannotOpen
from wijkapp.kit.db import new_id, reading, transaction
from wijkapp.kit.errors import Invalid, NotAllowed, NotFound, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Account


class FileEnded(Refused):
    """The placement is over; there is nothing to consent to."""

    status = 410
    sentence = _("Deze plaatsing is voorbij. Er kan niets meer worden vastgelegd.")


class StandingObjection(Refused):
    """The client objects to everything; that weighs as much as a consent, and wins."""

    sentence = _("De cliënt heeft bezwaar gemaakt. Trekt de cliënt het bezwaar in? Leg dat dan eerst vast.")


@dataclass(frozen=True)
class Given:
    """A consent as it is filled in.

    scopes   organisation -> how much it may see; a party that is not named sees nothing
    data     kinds of data; empty: all
    until    UTC; at most a year from now; None: a year
    """

    given_by: GivenBy
    how: How
    purposes: tuple[Purpose, ...]
    scopes: Mapping[UUID, Scope]
    data: tuple[Data, ...] = ()
    mitz_checked: bool = False
    until: datetime | None = None
    told_version: str = TOLD_VERSION


@dataclass(frozen=True)
class Objection:
    """A no: to everything, to one party, to some kinds of data, or to some kinds for one party."""

    given_by: GivenBy
    how: How
    organisation_id: UUID | None = None  # None: all parties
    data: tuple[Data, ...] = ()  # empty: all kinds
    mitz_checked: bool = False
    told_version: str = TOLD_VERSION


# --- yes


def record(actor: Account, seat: Seat, file_id: UUID, given: Given) -> UUID:
    """The client consents. Replaces an earlier consent: what is in the file goes over to a new key.

    Raises NotFound, NotAllowed (receiver, planner), Invalid, FileEnded, StandingObjection.
    """
    consent_id = new_id()
    for _again in range(TRIES):
        old_name = _check_first(actor, seat, file_id, given)
        old_key = keys.get(old_name) if old_name else None
        at_hand = _Keys(consent_id, keys.make(consent_id), old_name, old_key)
        try:
            done = _record(actor, seat, file_id, given, at_hand)
        except Refused:
            # Only then: after a failure of the database nobody knows whether the consent was stored.
            keys.destroy([consent_id])
            raise
        if done:
            ends.destroy_ended()
            return consent_id
        keys.destroy([consent_id])
    raise Busy


@dataclass(frozen=True)
class _Keys:
    """The key of the new consent and that of the one it replaces."""

    name: UUID
    key: bytes
    old_name: UUID | None
    old_key: bytes | None  # None: there was none, or it was destroyed


def _check_first(actor: Account, seat: Seat, file_id: UUID, given: Given) -> UUID | None:
    """Refuse before a key is made for it. Returns the name of the key there is now."""
    with reading() as db:
        standing = find(db, actor, file_id)
    refusal = _may_record(standing, given)
    if refusal:
        _log_refused(actor, seat, file_id, Event.CONSENT_GIVEN, refusal)
        raise refusal
    return key_name(file_id)


def _may_record(standing: Standing | None, given: Given) -> Refused | None:
    if standing is None or not standing.involved:
        return NotFound()
    if not standing.asks:
        return NotAllowed(str(_("De organisatie die de zorg vroeg, legt de toestemming vast.")))
    if not standing.open:
        return FileEnded()
    if any(one.answer is Answer.OBJECTION and is_general(one) for one in standing.noes):
        return StandingObjection()
    wrong = _wrong(standing, given)
    return Invalid(fields=wrong) if wrong else None


def _wrong(standing: Standing, given: Given) -> dict[str, str]:
    wrong = {}
    if not given.purposes:
        wrong["purposes"] = str(_("Kies waarvoor de cliënt toestemming geeft."))
    if not set(given.scopes) <= set(standing.parties):
        wrong["scopes"] = str(_("Kies alleen partijen van deze plaatsing."))
    elif all(scope is Scope.NONE for scope in given.scopes.values()):
        wrong["scopes"] = str(_("Kies wie wat mag zien. Mag niemand iets zien? Leg dan een weigering vast."))
    if given.until and not standing.moment < given.until <= standing.moment + LONGEST_CONSENT:
        wrong["until"] = str(_("Kies een dag na vandaag, hooguit een jaar vooruit."))
    return wrong


def _record(actor: Account, seat: Seat, file_id: UUID, given: Given, at_hand: _Keys) -> bool:
    """One transaction. False: the key that was fetched is no longer the one in use."""
    with transaction() as db:
        standing = find(db, actor, file_id, hold=True)
        refusal = _may_record(standing, given)
        if standing is None or refusal:
            raise refusal or NotFound
        holder = standing.holder
        if (holder.id if holder else None) != at_hand.old_name:
            return False
        if holder and not end_consent(db, holder, EndReason.REPLACED, actor.id):
            return False
        _end_refusals(db, standing, actor)
        _add(db, standing, given, at_hand.name)
        _reseal(db, standing.file, at_hand)
        tell(db, "clients.consented", file_id, but=[actor.id])
        _log(db, seat, standing, Event.CONSENT_GIVEN, at_hand.name)
    return True


def _end_refusals(db: Session, standing: Standing, actor: Account) -> None:
    """Asked again, the client now says yes. An objection stays until the client takes it back."""
    for one in standing.noes:
        if one.answer is Answer.REFUSED and one.organisation_id is None:
            end_consent(db, one, EndReason.REPLACED, actor.id)


def _add(db: Session, standing: Standing, given: Given, consent_id: UUID) -> None:
    moment = standing.moment
    db.add(
        Consent(
            id=consent_id,
            file_id=standing.file.id,
            answer=Answer.GIVEN,
            given_by=given.given_by,
            how=given.how,
            told_version=given.told_version,
            purposes=tuple(one.value for one in Purpose if one in given.purposes),
            data=tuple(one.value for one in Data if one in given.data),
            mitz_checked=given.mitz_checked,
            since=moment,
            until=given.until or moment + LONGEST_CONSENT,
            recorded_by_id=standing.actor.id,
            recorded_at=moment,
            holds_key=True,
        )
    )
    db.flush()
    for organisation_id in standing.parties:
        scope = given.scopes.get(organisation_id, Scope.NONE)
        db.add(ConsentParty(consent_id=consent_id, organisation_id=organisation_id, scope=scope))
    db.flush()


def _reseal(db: Session, file: ClientFile, at_hand: _Keys) -> None:
    """All that is in the file goes over to the new key; what nobody can open any more is deleted."""
    if at_hand.old_key is None:
        empty(db, file.id)
        return
    for table in (*SEALED, BrokenGlass):
        for row in db.scalars(select(table).where(table.file_id == file.id)):
            if isinstance(row, BrokenGlass) and (row.consent_id != at_hand.old_name or not row.why_sealed):
                continue  # of an earlier consent
            try:
                sealing.reseal(at_hand.old_key, at_hand.key, row)
            except CannotOpen:
                raise Damaged from None  # all stays as it was; one can withdraw, and start afresh
            row.consent_id = at_hand.name
    db.flush()


# --- no


def refuse(actor: Account, seat: Seat, file_id: UUID, no: Objection) -> UUID:
    """The client was asked and said no. A no to everything ends a consent there was and destroys the data.

    Either side may write it down. Raises NotFound, NotAllowed (planner), Invalid, FileEnded.
    """
    return _say_no(actor, seat, file_id, no, Answer.REFUSED)


def record_objection(actor: Account, seat: Seat, file_id: UUID, no: Objection) -> UUID:
    """The client objects, unasked. Works as `refuse`, but only `lift` ends it: a new consent does not."""
    return _say_no(actor, seat, file_id, no, Answer.OBJECTION)


def _say_no(actor: Account, seat: Seat, file_id: UUID, no: Objection, answer: Answer) -> UUID:
    event = Event.OBJECTED if answer is Answer.OBJECTION else Event.CONSENT_REFUSED
    with transaction() as db:
        standing = find(db, actor, file_id, hold=True)
        refusal = _may_speak(standing)
        if standing and refusal is None:
            answer_id = _add_no(db, seat, standing, no, answer, event)
    if refusal:
        _log_refused(actor, seat, file_id, event, refusal)
        raise refusal
    ends.destroy_ended()
    return answer_id


def _may_speak(standing: Standing | None) -> Refused | None:
    if standing is None or not standing.involved:
        return NotFound()
    if not standing.speaks:
        return NotAllowed(
            str(_("Wie met de cliënt spreekt, legt dit vast: een verpleegkundige of verwijzer."))
        )
    return None if standing.open else FileEnded()


def _add_no(db: Session, seat: Seat, standing: Standing, no: Objection, answer: Answer, event: Event) -> UUID:
    if no.organisation_id is not None and no.organisation_id not in standing.parties:
        raise Invalid(fields={"organisation_id": str(_("Kies een van de partijen."))})
    data = tuple(one.value for one in Data if one in no.data)
    for one in standing.noes:  # a double tap
        if (one.answer, one.organisation_id, one.data) == (answer, no.organisation_id, data):
            return one.id
    row = Consent(
        id=new_id(),
        file_id=standing.file.id,
        answer=answer,
        given_by=no.given_by,
        how=no.how,
        told_version=no.told_version,
        purposes=(),
        data=data,
        organisation_id=no.organisation_id,
        mitz_checked=no.mitz_checked,
        since=standing.moment,
        recorded_by_id=standing.actor.id,
        recorded_at=standing.moment,
        holds_key=False,
    )
    db.add(row)
    db.flush()
    if is_general(row):
        end_holder(db, standing.file.id, EndReason.WITHDRAWN, standing.actor.id)
    tell(db, "clients.refused", standing.file.id, but=[standing.actor.id])
    _log(db, seat, standing, event, row.id)
    return row.id


def lift(actor: Account, seat: Seat, file_id: UUID, answer_id: UUID) -> None:
    """The client takes a refusal or an objection back. Twice does no harm.

    Raises NotFound, NotAllowed (receiver, planner), FileEnded.
    """
    with transaction() as db:
        standing = find(db, actor, file_id, hold=True)
        refusal = _may_speak(standing)
        if standing and refusal is None and not standing.asks:
            refusal = NotAllowed(str(_("De organisatie die de zorg vroeg, legt dit vast.")))
        if standing and refusal is None:
            _lift(db, seat, standing, answer_id)
    if refusal:
        _log_refused(actor, seat, file_id, Event.LIFTED, refusal)
        raise refusal


def _lift(db: Session, seat: Seat, standing: Standing, answer_id: UUID) -> None:
    no = next(
        (one for one in standing.answers if one.id == answer_id and one.answer is not Answer.GIVEN), None
    )
    if no is None:
        raise NotFound
    if end_consent(db, no, EndReason.WITHDRAWN, standing.actor.id):
        tell(db, "clients.changed", standing.file.id, but=[standing.actor.id])
        _log(db, seat, standing, Event.LIFTED, no.id)


# --- taken back


def withdraw(actor: Account, seat: Seat, file_id: UUID) -> None:
    """The client takes consent back: nobody may look from now on, and the data is destroyed.

    Either side may write this down. Twice does no harm. Raises NotFound, NotAllowed (planner).
    """
    with transaction() as db:
        standing = find(db, actor, file_id, hold=True)
        refusal = _may_speak(standing)
        if isinstance(refusal, FileEnded):
            refusal = None  # what the client wants has happened, or the clock is about to do it
        holder = standing.holder if standing else None
        if standing and refusal is None and holder:
            end_holder(db, file_id, EndReason.WITHDRAWN, actor.id)
            tell(db, "clients.withdrawn", file_id, but=[actor.id])
            _log(db, seat, standing, Event.WITHDRAWN, holder.id)
    if refusal:
        _log_refused(actor, seat, file_id, Event.WITHDRAWN, refusal)
        raise refusal
    ends.destroy_ended()


def _log(db: Session, seat: Seat, standing: Standing, event: Event, consent_id: UUID) -> None:
    audit.record(
        db,
        seat,
        event,
        code=standing.file.code,
        object_kind="consent",
        object_id=consent_id,
        consent_id=consent_id,
    )


def _log_refused(actor: Account, seat: Seat, file_id: UUID, event: Event, refusal: Refused) -> None:
    if isinstance(refusal, Invalid):
        return
    with transaction() as db:
        standing = find(db, actor, file_id)
        if standing:
            log_refusal(db, seat, standing, event, None, refusal)
