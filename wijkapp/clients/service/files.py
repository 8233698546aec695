"""A file per placement: opened, handed over, ended; and the outside of it, without anything of the client."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from wijkapp.clients.models import BrokenGlass, ClientFile, Consent, FileParty
from wijkapp.clients.rules import (
    CODE_LETTERS,
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
from wijkapp.clients.service import ending
from wijkapp.clients.service.standing import Standing, find, standings
from wijkapp.clients.service.telling import tell
from wijkapp.kit import time
from wijkapp.kit.db import new_id, reading
from wijkapp.kit.errors import NotFound
from wijkapp.people.models import Account, Organisation


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
class FileState:
    """What the page of a placement shows of its file."""

    file_id: UUID
    code: str
    state: ConsentState
    may_look: bool
    closes_at: datetime | None


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


MOST_FILES = 500
"""As many files as one list shows."""


def open_file(
    db: Session, *, about: UUID, source: UUID, receiver: UUID, contacts: Mapping[UUID, UUID] | None = None
) -> UUID:
    """The client was placed: a file with a code and its parties, and nothing in it. Returns its id.

    about     the placement
    source    the organisation that asked; it asks for consent
    receiver  the organisation that was chosen; may be the same
    contacts  organisation -> the account there that hears of it; without: all who may speak with the client
    """
    file = ClientFile(id=new_id(), about_id=about, code=_new_code(), opened_at=time.now())
    db.add(file)
    db.flush()
    for organisation_id in dict.fromkeys((source, receiver)):
        contact_id = (contacts or {}).get(organisation_id)
        db.add(
            FileParty(
                file_id=file.id,
                organisation_id=organisation_id,
                source=organisation_id == source,
                contact_id=contact_id,
            )
        )
    db.flush()
    return file.id


def _new_code() -> str:
    """As in K7QM-4X2P. Of 8.5 x 10^11, so nobody comes upon one by trying, and two are never the same."""
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def file_about(db: Session, actor: Account, about: UUID) -> FileState | None:
    """The file of this placement, as far as this person may know of it; None when not at all."""
    file_id = db.scalar(select(ClientFile.id).where(ClientFile.about_id == about))
    standing = find(db, actor, file_id) if file_id else None
    if standing is None or not standing.involved:
        return None
    file = standing.file
    return FileState(file.id, file.code, standing.state, bool(standing.sees), standing.closes_at)


def handed_over(db: Session, about: UUID) -> None:
    """The handover is done: what is in the file goes `KEPT_AFTER_HANDOVER` later. Twice does no harm."""
    moment = time.now()
    handed = db.scalar(
        update(ClientFile)
        .where(ClientFile.about_id == about, ClientFile.handed_over_at.is_(None))
        .values(handed_over_at=moment, closes_at=moment + KEPT_AFTER_HANDOVER)
        .returning(ClientFile.id)
    )
    if handed:
        tell(db, "clients.changed", handed)


def end_file(db: Session, about: UUID) -> None:
    """The placement is over: nobody may look any more, from this transaction on; tells the parties.

    Call it last in the transaction: it takes the end of the log, for which others wait.
    After the transaction: `ends.destroy_ended()` destroys the key; the clock does so if that never comes.
    """
    file = db.scalar(
        select(ClientFile)
        .where(ClientFile.about_id == about, ClientFile.ended_at.is_(None))
        .with_for_update()
    )
    if file:
        ending.end_file(db, file, EndReason.PLACEMENT_ENDED)


def my_files(actor: Account) -> list[FileLine]:
    """Files of the actor's organisation and those this person broke open; running first, newest first."""
    with reading() as db:
        files = db.scalars(
            select(ClientFile)
            .where(
                or_(
                    ClientFile.id.in_(
                        select(FileParty.file_id).where(FileParty.organisation_id == actor.organisation_id)
                    ),
                    ClientFile.id.in_(
                        select(BrokenGlass.file_id).where(
                            BrokenGlass.account_id == actor.id, BrokenGlass.until > time.now()
                        )
                    ),
                )
            )
            .order_by(ClientFile.ended_at.is_not(None), ClientFile.opened_at.desc(), ClientFile.id.desc())
            .limit(MOST_FILES)
        ).all()
        seen = [one for one in standings(db, actor, files) if one.involved]
        names = _names(db, [party for one in seen for party in one.parties])
    return [_line(one, names) for one in seen]


def _line(standing: Standing, names: Mapping[UUID, str]) -> FileLine:
    file, own = standing.file, standing.actor.organisation_id
    return FileLine(
        file_id=file.id,
        about_id=file.about_id,
        code=file.code,
        others=tuple(sorted(names[other] for other in standing.parties if other != own)),
        source=standing.party is not None and standing.party.source,
        state=standing.state,
        may_look=bool(standing.sees),
        opened_at=file.opened_at,
        closes_at=standing.closes_at,
        ended_at=file.ended_at,
        emergency=standing.party is None,
    )


def show_file(actor: Account, file_id: UUID) -> Shell:
    """The outside of one file. Raises NotFound for whoever is no party."""
    with reading() as db:
        standing = _involved(db, actor, file_id)
        names = _names(db, [*standing.parties, *(one.organisation_id for one in standing.answers)])
        people = _people(db, [one.recorded_by_id for one in standing.answers])
        emergencies = _emergencies(db, standing)
    return _shell(standing, names, people, emergencies)


def watch(actor: Account, file_id: UUID) -> None:
    """May this person hear, live, that this file changed? Raises NotFound."""
    with reading() as db:
        _involved(db, actor, file_id)


def _involved(db: Session, actor: Account, file_id: UUID) -> Standing:
    standing = find(db, actor, file_id)
    if standing is None or not standing.involved:
        raise NotFound
    return standing


def _shell(
    standing: Standing,
    names: Mapping[UUID, str],
    people: Mapping[UUID, str],
    emergencies: tuple[GlassLine, ...],
) -> Shell:
    file = standing.file
    return Shell(
        file_id=file.id,
        about_id=file.about_id,
        code=file.code,
        source=standing.party is not None and standing.party.source,
        state=standing.state,
        end_reason=standing.end_reason,
        parties=_party_lines(standing, names),
        answers=tuple(_answer_line(standing, one, names, people) for one in standing.answers),
        opened_at=file.opened_at,
        handed_over_at=file.handed_over_at,
        closes_at=standing.closes_at,
        ended_at=file.ended_at,
        sees=standing.sees,
        writes=standing.writes,
        may_record=standing.asks and standing.open,
        may_refuse=standing.speaks and standing.open,
        may_withdraw=standing.speaks and standing.holder is not None,
        may_erase=standing.speaks and file.ended_at is None,
        emergencies=emergencies,
        emergency_until=standing.glass.until if standing.glass else None,
    )


def _party_lines(standing: Standing, names: Mapping[UUID, str]) -> tuple[PartyLine, ...]:
    lines = [
        PartyLine(
            organisation_id=party.organisation_id,
            name=names[party.organisation_id],
            source=party.source,
            scope=standing.scopes.get(party.organisation_id, Scope.NONE),
            sees=standing.seen_by(party.organisation_id),
        )
        for party in standing.parties.values()
    ]
    return tuple(sorted(lines, key=lambda line: (not line.source, line.name)))


def _answer_line(
    standing: Standing, answer: Consent, names: Mapping[UUID, str], people: Mapping[UUID, str]
) -> AnswerLine:
    return AnswerLine(
        id=answer.id,
        answer=answer.answer,
        given_by=answer.given_by,
        how=answer.how,
        told_version=answer.told_version,
        purposes=answer.purposes,
        data=answer.data,
        organisation=names[answer.organisation_id] if answer.organisation_id else None,
        mitz_checked=answer.mitz_checked,
        since=answer.since,
        until=answer.until,
        recorded_by=people[answer.recorded_by_id],
        recorded_at=answer.recorded_at,
        ended_at=answer.ended_at,
        end_reason=answer.end_reason,
        may_lift=answer in standing.noes and standing.asks and standing.open,
    )


def _emergencies(db: Session, standing: Standing) -> tuple[GlassLine, ...]:
    """Every emergency, for the parties; one's own, for who is none."""
    rows = db.execute(
        select(BrokenGlass, Account.name, Organisation.name)
        .join(Account, Account.id == BrokenGlass.account_id)
        .join(Organisation, Organisation.id == Account.organisation_id)
        .where(BrokenGlass.file_id == standing.file.id)
        .order_by(BrokenGlass.opened_at.desc())
    )
    return tuple(
        GlassLine(
            id=glass.id,
            by=by,
            organisation=organisation,
            reason=glass.reason,
            opened_at=glass.opened_at,
            until=glass.until,
            reviewed_at=glass.reviewed_at,
            verdict=glass.verdict,
            may_review=standing.asks and glass.reviewed_at is None and glass.account_id != standing.actor.id,
        )
        for glass, by, organisation in rows
        if standing.party or glass.account_id == standing.actor.id
    )


def _names(db: Session, organisation_ids: Collection[UUID | None]) -> dict[UUID, str]:
    rows = db.execute(
        select(Organisation.id, Organisation.name).where(Organisation.id.in_(set(organisation_ids) - {None}))
    )
    return {row.id: row.name for row in rows}


def _people(db: Session, account_ids: Sequence[UUID]) -> dict[UUID, str]:
    rows = db.execute(select(Account.id, Account.name).where(Account.id.in_(set(account_ids))))
    return {row.id: row.name for row in rows}
