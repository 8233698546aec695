"""How a file stands for one person: who are its parties, what the client said, and what is left to see."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkapp.clients.models import BrokenGlass, ClientFile, Consent, ConsentParty, FileParty
from wijkapp.clients.rules import (
    CARERS,
    SEES,
    Answer,
    ConsentState,
    Data,
    EndReason,
    Purpose,
    Said,
    Scope,
    permitted,
    seen_by_role,
    written_by_role,
)
from wijkapp.kit import time
from wijkapp.people import access
from wijkapp.people.models import Account


@dataclass(frozen=True)
class Standing:
    """One file at one moment, for one person."""

    file: ClientFile
    actor: Account
    moment: datetime
    parties: Mapping[UUID, FileParty]  # by organisation
    answers: Sequence[Consent]  # all there ever were, newest first
    scopes: Mapping[UUID, Scope]  # of the consent in force, by organisation
    glass: BrokenGlass | None  # that this person broke, and is open

    @property
    def involved(self) -> bool:
        """May this person know that the file exists?"""
        return self.party is not None or self.glass is not None

    @property
    def party(self) -> FileParty | None:
        """The actor's own organisation, when it is a party and the actor has a role for clients."""
        own = self.actor.organisation_id
        may = access.may(self.actor, "clients.use", organisation_id=own)
        return self.parties.get(own) if may else None

    @property
    def source(self) -> FileParty:
        return next(party for party in self.parties.values() if party.source)

    @property
    def speaks(self) -> bool:
        """May this person write down what the client says?"""
        return self.party is not None and bool(self.actor.role_set & CARERS)

    @property
    def asks(self) -> bool:
        """May this person write down that the client agrees? The source asks."""
        return self.party is not None and self.party.source and self.speaks

    @property
    def open(self) -> bool:
        """Does the file last? What the clock still has to end, is over already."""
        closed = self.file.closes_at is not None and self.file.closes_at <= self.moment
        return self.file.ended_at is None and not closed

    @property
    def holder(self) -> Consent | None:
        """The consent that holds the key, even when its time is over and the clock has still to come by."""
        return next((one for one in self.answers if one.holds_key and one.ended_at is None), None)

    @property
    def consent(self) -> Consent | None:
        """The consent in force now."""
        holder = self.holder
        in_time = holder is not None and (holder.until is None or self.moment < holder.until)
        return holder if in_time and self.open else None

    @property
    def noes(self) -> list[Consent]:
        """Refusals and objections in force."""
        return [one for one in self.answers if one.answer is not Answer.GIVEN and one.ended_at is None]

    @property
    def state(self) -> ConsentState:
        if self.consent:
            return ConsentState.GIVEN
        if any(is_general(one) for one in self.noes):
            return ConsentState.REFUSED
        if not self.open or any(one.holds_key for one in self.answers):
            return ConsentState.ENDED
        return ConsentState.WAITING

    @property
    def end_reason(self) -> EndReason | None:
        """Why nobody may look any more, when it was allowed once."""
        last = next((one for one in self.answers if one.holds_key), None)
        if last is None or self.consent:
            return None
        return last.end_reason or (EndReason.EXPIRED if self.open else EndReason.HANDED_OVER)

    @property
    def closes_at(self) -> datetime | None:
        """When it ends by itself, as far as is known now."""
        ends = [self.file.closes_at, self.consent.until if self.consent else None]
        return min((one for one in ends if one), default=None)

    def seen_by(self, organisation_id: UUID) -> frozenset[Data]:
        """What the client lets this organisation see now."""
        consent = self.consent
        if consent is None:
            return frozenset()
        said = [said_in(one) for one in (consent, *self.noes)]
        return frozenset(
            data
            for data in SEES[self.scopes.get(organisation_id, Scope.NONE)]
            if permitted(said, organisation_id, data, self.moment)
        )

    def seen_in_emergency(self, organisation_id: UUID) -> frozenset[Data]:
        """All but what the client objects to: a no stays a no."""
        if self.consent is None:
            return frozenset()
        noes = [said_in(one) for one in self.noes]
        return frozenset(
            data for data in Data if not any(_is_about(one, organisation_id, data) for one in noes)
        )

    @property
    def sees(self) -> frozenset[Data]:
        """What this person may see now: by organisation and role, and by a broken glass."""
        seen: frozenset[Data] = frozenset()
        if self.party:
            seen = self.seen_by(self.party.organisation_id) & seen_by_role(self.actor.role_set)
        return seen | self.seen_by_glass

    @property
    def seen_by_glass(self) -> frozenset[Data]:
        return self.seen_in_emergency(self.actor.organisation_id) if self.glass else frozenset()

    @property
    def writes(self) -> frozenset[Data]:
        """What this person may write. A broken glass lets one read, no more."""
        if self.party is None:
            return frozenset()
        return self.seen_by(self.party.organisation_id) & written_by_role(self.actor.role_set)

    @property
    def purpose(self) -> str | None:
        """What for, as the client was told."""
        told = self.consent.purposes if self.consent else ()
        first, then = Purpose.HANDOVER.value, Purpose.CONTINUITY.value
        order = (then, first) if self.file.handed_over_at else (first, then)
        return next((one for one in (*order, *told) if one in told), None)


def is_general(answer: Consent) -> bool:
    """Is it about everything and everybody?"""
    return answer.organisation_id is None and not answer.data


def said_in(answer: Consent) -> Said:
    """A recorded answer, as the rules read it."""
    data = frozenset(Data(one) for one in answer.data)
    return Said(answer.answer, answer.since, answer.until, answer.organisation_id, data)


def _is_about(said: Said, organisation_id: UUID, data: Data) -> bool:
    return said.organisation_id in (None, organisation_id) and (not said.data or data in said.data)


def find(db: Session, actor: Account, file_id: UUID, *, hold: bool = False) -> Standing | None:
    """The file with this id; None when there is none. Whether the actor may know of it: `involved`.

    hold: nobody ends, reseals or writes it until the caller's transaction is over
    """
    file = db.get(ClientFile, file_id, with_for_update=hold)
    return standings(db, actor, [file])[0] if file else None


def standings(db: Session, actor: Account, files: Sequence[ClientFile]) -> list[Standing]:
    """These files, as they stand for this person now; four queries, however many files."""
    ids = [file.id for file in files]
    moment = time.now()
    parties = _by_file(db.scalars(select(FileParty).where(FileParty.file_id.in_(ids))))
    answers = _by_file(
        db.scalars(
            select(Consent)
            .where(Consent.file_id.in_(ids))
            .order_by(Consent.recorded_at.desc(), Consent.id.desc())
        )
    )
    holders = [one.id for many in answers.values() for one in many if one.holds_key and one.ended_at is None]
    scopes = _scopes(db, holders)
    glass = _open_glass(db, actor, ids, holders, moment)
    return [
        Standing(
            file=file,
            actor=actor,
            moment=moment,
            parties={one.organisation_id: one for one in parties[file.id]},
            answers=answers[file.id],
            scopes=scopes[file.id],
            glass=glass.get(file.id),
        )
        for file in files
    ]


Of = TypeVar("Of", FileParty, Consent)


def _by_file(rows: Iterable[Of]) -> defaultdict[UUID, list[Of]]:
    found: defaultdict[UUID, list[Of]] = defaultdict(list)
    for row in rows:
        found[row.file_id].append(row)
    return found


def _scopes(db: Session, consent_ids: Collection[UUID]) -> defaultdict[UUID, dict[UUID, Scope]]:
    rows = db.execute(
        select(Consent.file_id, ConsentParty.organisation_id, ConsentParty.scope)
        .join(Consent, Consent.id == ConsentParty.consent_id)
        .where(ConsentParty.consent_id.in_(consent_ids))
    )
    found: defaultdict[UUID, dict[UUID, Scope]] = defaultdict(dict)
    for file_id, organisation_id, scope in rows:
        found[file_id][organisation_id] = scope
    return found


def _open_glass(
    db: Session, actor: Account, file_ids: Collection[UUID], holders: Collection[UUID], moment: datetime
) -> dict[UUID, BrokenGlass]:
    """What this person broke open, under the consent that is in force still."""
    if not access.may(actor, "clients.emergency"):
        return {}
    rows = db.scalars(
        select(BrokenGlass).where(
            BrokenGlass.file_id.in_(file_ids),
            BrokenGlass.consent_id.in_(holders),
            BrokenGlass.account_id == actor.id,
            BrokenGlass.until > moment,
        )
    )
    return {row.file_id: row for row in rows}
