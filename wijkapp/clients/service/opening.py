"""Doing something with what is sealed: the key first, then one transaction that checks, does and logs it.

The key store is never asked inside a transaction (law 3). So the consent may have been replaced in between;
then the key is another one, and it starts over.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkapp.clients import keys
from wijkapp.clients.audit_rules import Basis, Event, Outcome
from wijkapp.clients.models import Consent
from wijkapp.clients.rules import ConsentState, Data
from wijkapp.clients.service import audit
from wijkapp.clients.service.audit import Seat
from wijkapp.clients.service.standing import Standing, find
from wijkapp.kit.db import reading, transaction
from wijkapp.kit.errors import NotAllowed, NotFound, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Account

TRIES = 5

Result = TypeVar("Result")


class NoConsent(Refused):
    """The client did not (yet) say yes, or said no."""

    status = 403
    sentence = _("De cliënt gaf hiervoor geen toestemming. Daarom staat hier niets.")


class Gone(Refused):
    """The data was destroyed; nobody can bring it back."""

    status = 410
    sentence = _("Deze gegevens zijn vernietigd. Ze zijn niet terug te halen.")


class Damaged(Refused):
    """Something was changed outside the app, as by moving it to another row; it does not open."""

    status = 500
    sentence = _(
        "Een deel van deze gegevens is beschadigd en gaat niet open. Vraag wie wijkapp beheert om te kijken."
    )


class Busy(Refused):
    """Others keep changing the consent at this very moment."""

    sentence = _("Iemand anders verandert dit nu ook. Probeer het zo opnieuw.")


@dataclass(frozen=True)
class Opened:
    """A file whose key is at hand, within a transaction."""

    standing: Standing
    consent: Consent
    key: bytes
    seat: Seat

    def log(
        self, db: Session, event: Event, kind: Data, object_id: UUID | None = None, detail: str | None = None
    ) -> None:
        """One line in the log about one kind of data."""
        by_glass = self.standing.glass is not None and self.standing.party is None
        audit.record(
            db,
            self.seat,
            event,
            code=self.standing.file.code,
            object_kind=kind.value,
            object_id=object_id,
            purpose=self.standing.purpose,
            basis=Basis.VITAL_INTEREST if by_glass else Basis.CONSENT,
            consent_id=self.consent.id,
            detail=detail,
        )


def in_file(
    actor: Account,
    seat: Seat,
    file_id: UUID,
    event: Event,
    writes: Data | None,
    do: Callable[[Session, Opened], Result],
) -> Result:
    """Do something with what is sealed in this file.

    writes  the kind of data it changes; None: it only looks
    do      what to do, within the transaction; checks and the log of a refusal are done here

    Raises NotFound (no party), NotAllowed, NoConsent, Gone; a line in the log too, unless there is no file.
    """
    return with_key(
        actor,
        seat,
        file_id,
        event,
        refuse=lambda _db, standing, key: _refusal(standing, key, writes),
        do=do,
        writes=writes,
    )


def with_key(
    actor: Account,
    seat: Seat,
    file_id: UUID,
    event: Event,
    *,
    refuse: Callable[[Session, Standing | None, bytes | None], Refused | None],
    do: Callable[[Session, Opened], Result],
    writes: Data | None = None,
) -> Result:
    """The same, for whoever has an own reason to refuse; None only where there is a consent and its key."""
    for _again in range(TRIES):
        name = key_name(file_id)
        key = keys.get(name) if name else None
        with transaction() as db:
            standing = find(db, actor, file_id, hold=True)
            if standing and (standing.holder.id if standing.holder else None) != name:
                continue  # replaced or ended since we fetched the key
            refusal = refuse(db, standing, key)
            if standing and standing.consent and key and refusal is None:
                return do(db, Opened(standing, standing.consent, key, seat))
            if standing:
                log_refusal(db, seat, standing, event, writes, refusal)
        raise refusal or NotFound()
    raise Busy


def key_name(file_id: UUID) -> UUID | None:
    """The name of the key of this file: the consent that holds it now."""
    with reading() as db:
        return db.scalar(
            select(Consent.id).where(
                Consent.file_id == file_id, Consent.holds_key, Consent.ended_at.is_(None)
            )
        )


def _refusal(standing: Standing | None, key: bytes | None, writes: Data | None) -> Refused | None:
    if standing is None or not standing.involved:
        return NotFound()
    if standing.state is ConsentState.ENDED or (standing.consent and key is None):
        return Gone()
    if standing.state is not ConsentState.GIVEN:
        return NoConsent()
    if not standing.sees:
        return NoConsent(str(_("De cliënt wil niet dat jouw organisatie dit ziet.")))
    if writes and writes not in standing.writes:
        return NotAllowed(str(_("Dit mag jij hier niet opschrijven.")))
    return None


def log_refusal(
    db: Session,
    seat: Seat,
    standing: Standing,
    event: Event,
    kind: Data | None,
    refusal: Refused | None,
) -> None:
    """Somebody tried what may not be."""
    audit.record(
        db,
        seat,
        event,
        code=standing.file.code,
        object_kind=kind.value if kind else "file",
        object_id=standing.file.id,
        consent_id=standing.holder.id if standing.holder else None,
        outcome=Outcome.REFUSED,
        detail=type(refusal).__name__ if refusal else None,
    )
