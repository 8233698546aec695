"""A file per placement: opened, handed over, ended; and the outside of it, without anything of the client."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from wijkapp.clients.rules import (
    KEPT_AFTER_HANDOVER,
    Answer,
    ConsentState,
    Data,
    EmergencyReason,
    EndReason,
    GivenBy,
    How,
    Scope,
    Verdict,
)
from wijkapp.people.models import Account


@dataclass(frozen=True)
class FileLine:
    """One file in a list. Nothing of the client but the code."""

    file_id: UUID
    about_id: UUID  # the placement
    code: str
    others: tuple[str, ...]  # names of the other parties
    source: bool  # the actor's organisation asked for the care, and asks for consent
    state: ConsentState
    may_look: bool
    opened_at: datetime
    closes_at: datetime | None
    ended_at: datetime | None
    emergency: bool  # only here because this person broke the glass


@dataclass(frozen=True)
class PartyLine:
    """An organisation that gives or passes on the care, and how much it may see now."""

    organisation_id: UUID
    name: str
    source: bool
    scope: Scope  # as the client said
    sees: frozenset[Data]  # what is left of that after objections


@dataclass(frozen=True)
class AnswerLine:
    """One recorded answer of the client, in force or over."""

    id: UUID
    answer: Answer
    given_by: GivenBy
    how: How
    told_version: str
    purposes: tuple[str, ...]
    data: tuple[str, ...]  # empty: all kinds
    organisation: str | None  # name; None: all parties
    mitz_checked: bool
    since: datetime
    until: datetime | None
    recorded_by: str
    recorded_at: datetime
    ended_at: datetime | None
    end_reason: EndReason | None
    may_lift: bool  # an objection or refusal that the actor may take back for the client


@dataclass(frozen=True)
class GlassLine:
    """One emergency. `why` in words is client data: the vault shows it, this does not."""

    id: UUID
    by: str
    organisation: str
    reason: EmergencyReason
    opened_at: datetime
    until: datetime
    reviewed_at: datetime | None
    verdict: Verdict | None
    may_review: bool


@dataclass(frozen=True)
class Shell:
    """The outside of one file: what may be shown without a line in the log. No client data."""

    file_id: UUID
    about_id: UUID
    code: str
    source: bool
    state: ConsentState
    end_reason: EndReason | None  # of the last consent that ended, when none is in force
    parties: tuple[PartyLine, ...]
    answers: tuple[AnswerLine, ...]  # newest first
    opened_at: datetime
    handed_over_at: datetime | None
    closes_at: datetime | None  # when it will be destroyed, as far as is known now
    ended_at: datetime | None
    sees: frozenset[Data]  # this person, now
    writes: frozenset[Data]
    may_record: bool  # may write down that the client consents
    may_refuse: bool  # may write down a refusal or an objection
    may_withdraw: bool
    may_erase: bool
    emergencies: tuple[GlassLine, ...]
    emergency_until: datetime | None  # this person sees it because the glass is broken


def open_file(
    db: Session, *, about: UUID, source: UUID, receiver: UUID, contacts: Mapping[UUID, UUID] | None = None
) -> UUID:
    """The client was placed: a file with a code and two parties, and nothing in it. Returns its id.

    about     the placement
    source    the organisation that asked; it asks for consent
    receiver  the organisation that was chosen
    contacts  organisation -> the account there that hears of it; without one, all who may speak with the client
    """
    raise NotImplementedError


@dataclass(frozen=True)
class FileState:
    """What the page of a placement shows of its file."""

    file_id: UUID
    code: str
    state: ConsentState
    may_look: bool
    closes_at: datetime | None


def file_about(db: Session, actor: Account, about: UUID) -> FileState | None:
    """The file of this placement, as far as this person may know of it; None when not at all."""
    raise NotImplementedError


def handed_over(db: Session, about: UUID, kept: timedelta = KEPT_AFTER_HANDOVER) -> None:
    """The handover is done: what is in the file is destroyed after so many days. Twice does no harm."""
    raise NotImplementedError


def end_file(db: Session, about: UUID, reason: EndReason = EndReason.PLACEMENT_ENDED) -> None:
    """The placement is over: nobody may look any more, from this transaction on; tells the parties.

    After the transaction: `ends.destroy_ended()` destroys the key; the clock does so if that never comes.
    """
    raise NotImplementedError


def my_files(actor: Account) -> list[FileLine]:
    """Files of the actor's organisation and those this person broke open; running ones first, newest first."""
    raise NotImplementedError


def show_file(actor: Account, file_id: UUID) -> Shell:
    """The outside of one file. Raises NotFound for whoever is no party."""
    raise NotImplementedError


def watch(actor: Account, file_id: UUID) -> None:
    """May this person hear, live, that this file changed? Raises NotFound."""
    raise NotImplementedError


def tell(db: Session, event: str, file_id: UUID, *, but: Collection[UUID] = ()) -> None:
    """Tell the parties, in the caller's transaction; never what, only that. but: accounts that know."""
    raise NotImplementedError
