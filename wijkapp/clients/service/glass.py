"""Breaking the glass: in an emergency a nurse of the region opens a file, and others look back at it."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from wijkapp.clients import sealing
from wijkapp.clients.audit_rules import Basis, Event
from wijkapp.clients.models import BrokenGlass, ClientFile
from wijkapp.clients.rules import GLASS_OPEN, LONGEST_TEXT, EmergencyReason, Verdict, code_of
from wijkapp.clients.service import audit
from wijkapp.clients.service.audit import Seat
from wijkapp.clients.service.opening import Opened, log_refusal, with_key
from wijkapp.clients.service.standing import Standing, find
from wijkapp.clients.service.telling import tell
from wijkapp.directory import service as directory
from wijkapp.kit import outbox, time
from wijkapp.kit.db import changed, new_id, reading, transaction
from wijkapp.kit.errors import Invalid, NotAllowed, NotFound, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.people import access
from wijkapp.people.models import Account

SHORTEST_WHY = 10  # characters


class NoSuchFile(NotFound):
    """Not there, not in this region, or nothing in it; an outsider is not told which."""

    sentence = _("Er is geen dossier met deze cliëntcode dat je nu kunt openen. Klopt de code?")


class Objected(Refused):
    """The client said that this organisation may not see it. An emergency does not undo that."""

    status = 403
    sentence = _("De cliënt heeft bezwaar gemaakt tegen inzage door jouw organisatie. Dat geldt ook nu.")


class AlreadyReviewed(Refused):
    sentence = _("Een collega heeft hier al op teruggekeken.")


def break_glass(actor: Account, seat: Seat, code: str, reason: EmergencyReason, why: str) -> UUID:
    """Open the file with this code for 48 hours, for this person alone. Returns the file's id; then `look`.

    The parties hear of it at once, and the source looks back at it.
    Raises NotAllowed (role), NoSuchFile (also: other region, no consent in force), Objected, Invalid.
    """
    access.require(actor, "clients.emergency")
    why = why.strip()
    if not SHORTEST_WHY <= len(why) <= LONGEST_TEXT:
        raise Invalid(fields={"why": str(_("Schrijf in een paar woorden waarom dit nodig is."))})
    file_id = _file_of(code)
    with_key(
        actor,
        seat,
        file_id,
        Event.GLASS_BROKEN,
        refuse=_refusal,
        do=lambda db, opened: _break(db, opened, reason, why),
    )
    return file_id


def _file_of(code: str) -> UUID:
    with reading() as db:
        file_id = db.scalar(select(ClientFile.id).where(ClientFile.code == code_of(code)))
    if file_id is None:
        raise NoSuchFile
    return file_id


def _refusal(db: Session, standing: Standing | None, key: bytes | None) -> Refused | None:
    if standing is None or not _in_region(db, standing) or standing.consent is None or key is None:
        return NoSuchFile()
    return None if standing.seen_in_emergency(standing.actor.organisation_id) else Objected()


def _in_region(db: Session, standing: Standing) -> bool:
    """Does one of the parties work in a region that the actor's organisation takes part in?"""
    own = directory.regions_of(db, standing.actor.organisation_id)
    there = {region for party in standing.parties for region in directory.regions_of(db, party)}
    return any(
        access.may(standing.actor, "clients.emergency", region_id=region, regions=own) for region in there
    )


def _break(db: Session, opened: Opened, reason: EmergencyReason, why: str) -> None:
    standing = opened.standing
    if standing.glass:  # a double tap
        return
    moment = standing.moment
    glass = BrokenGlass(
        id=new_id(),
        file_id=standing.file.id,
        consent_id=opened.consent.id,
        account_id=standing.actor.id,
        reason=reason,
        opened_at=moment,
        until=moment + GLASS_OPEN,
    )
    db.add(sealing.write(opened.key, glass, why=why))
    db.flush()
    tell(db, "clients.glass", standing.file.id, but=[standing.actor.id])
    _log(db, opened.seat, Event.GLASS_BROKEN, standing.file.code, glass, reason.value)


def review(actor: Account, seat: Seat, glass_id: UUID, verdict: Verdict) -> None:
    """The source looks back: was it right? Unjustified closes the file for that person at once.

    Raises NotFound (no party), NotAllowed (not the source, or the one who did it), AlreadyReviewed.
    """
    with transaction() as db:
        glass = db.get(BrokenGlass, glass_id)
        standing = find(db, actor, glass.file_id, hold=True) if glass else None
        refusal = _may_review(standing, glass)
        if standing and glass and refusal is None:
            _review(db, seat, standing, glass, verdict)
        elif standing:
            log_refusal(db, seat, standing, Event.GLASS_REVIEWED, None, refusal)
    if refusal:
        raise refusal


def _may_review(standing: Standing | None, glass: BrokenGlass | None) -> Refused | None:
    if standing is None or glass is None or standing.party is None:
        return NotFound()
    if glass.account_id == standing.actor.id:
        return NotAllowed(str(_("Op je eigen noodtoegang kijkt een ander terug.")))
    if not standing.asks:
        return NotAllowed(str(_("De organisatie die de zorg vroeg, kijkt hierop terug.")))
    return None


def _review(db: Session, seat: Seat, standing: Standing, glass: BrokenGlass, verdict: Verdict) -> None:
    moment = time.now()
    until = min(glass.until, moment) if verdict is Verdict.UNJUSTIFIED else glass.until
    reviewed = changed(
        db,
        update(BrokenGlass)
        .where(BrokenGlass.id == glass.id, BrokenGlass.reviewed_at.is_(None))
        .values(reviewed_at=moment, reviewed_by_id=standing.actor.id, verdict=verdict, until=until),
    )
    if not reviewed:
        raise AlreadyReviewed
    # Whoever has it open must see at once that it closed; the parties see that it was looked at.
    outbox.record(db, "clients.changed", about=standing.file.id, to=[glass.account_id])
    _log(db, seat, Event.GLASS_REVIEWED, standing.file.code, glass, verdict.value)


def _log(db: Session, seat: Seat, event: Event, code: str, glass: BrokenGlass, detail: str) -> None:
    audit.record(
        db,
        seat,
        event,
        code=code,
        object_kind="emergency",
        object_id=glass.id,
        basis=Basis.VITAL_INTEREST,
        consent_id=glass.consent_id,
        detail=detail,
    )
