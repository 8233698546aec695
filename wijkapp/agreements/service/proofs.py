"""What a point shows beside words: a version of a document of the agreement, or a paper of a party."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from wijkapp.agreements.drafting import templates
from wijkapp.agreements.models import Agreement, Document, Item, State, Version
from wijkapp.agreements.register import ProofKind
from wijkapp.kit import time
from wijkapp.people import access
from wijkapp.people.models import Account, Organisation, OrganisationPaper
from wijkapp.people.rules import PaperKind, PaperState, paper_state


@dataclass(frozen=True)
class Pointer:
    """Which one. Its text is what a form sends."""

    proof: ProofKind
    id: UUID

    def __str__(self) -> str:
        return f"{self.proof.value}:{self.id}"

    @classmethod
    def of(cls, text: str) -> "Pointer":
        proof, _colon, its_id = text.partition(":")
        return cls(ProofKind(proof), UUID(its_id))


@dataclass(frozen=True)
class ShownVersion:
    """A version of a document of this agreement."""

    pointer: Pointer
    kind: str
    title: str
    number: int
    state: State


@dataclass(frozen=True)
class ShownPaper:
    """A paper of a party: what it is, and until when it is valid."""

    pointer: Pointer
    kind: PaperKind
    organisation_id: UUID
    organisation: str
    valid_until: date
    state: PaperState


Shown = ShownVersion | ShownPaper


def pointer_of(item: Item) -> Pointer | None:
    """What this point shows; None: nothing, or something that is gone."""
    if item.version_id:
        return Pointer(ProofKind.VERSION, item.version_id)
    return Pointer(ProofKind.PAPER, item.paper_id) if item.paper_id else None


def shown(db: Session, items: Iterable[Item]) -> dict[UUID, Shown]:
    """By point what it shows. One question per kind, and none when they show nothing."""
    pointers = {item.id: pointer for item in items if (pointer := pointer_of(item))}
    versions = [one.id for one in pointers.values() if one.proof is ProofKind.VERSION]
    papers = [one.id for one in pointers.values() if one.proof is ProofKind.PAPER]
    found: list[Shown] = []
    if versions:
        found += _versions(db, Version.id.in_(versions))
    if papers:
        found += _papers(db, OrganisationPaper.id.in_(papers))
    known = {one.pointer: one for one in found}
    return {item_id: known[pointer] for item_id, pointer in pointers.items()}


def to_choose(db: Session, actor: Account, agreement: Agreement, item: Item) -> Sequence[Shown]:
    """What this point can show: versions that were not taken back, papers of the actor's own organisation
    when they may see those and it takes part, and what it shows already.
    """
    counts = (Document.agreement_id == agreement.id) & (Version.state != State.TAKEN_BACK)
    found: list[Shown] = [*_versions(db, counts)]
    parties = {one.organisation_id for one in agreement.taking_part}
    own = actor.organisation_id
    if own in parties and access.may(actor, "people.manage", organisation_id=own):
        found += _papers(db, OrganisationPaper.organisation_id == own)
    known = {one.pointer for one in found}
    return [*found, *(one for one in shown(db, [item]).values() if one.pointer not in known)]


def _versions(db: Session, which: ColumnElement[bool]) -> list[ShownVersion]:
    rows = db.execute(
        select(Version.id, Document.kind, Version.number, Version.state)
        .join(Document, Document.id == Version.document_id)
        .where(which)
        .order_by(Document.kind, Version.number.desc())
    )
    return [
        ShownVersion(Pointer(ProofKind.VERSION, its_id), kind, templates()[kind].title, number, state)
        for its_id, kind, number, state in rows
    ]


def _papers(db: Session, which: ColumnElement[bool]) -> list[ShownPaper]:
    rows = db.execute(
        select(OrganisationPaper, Organisation.name)
        .join(Organisation, Organisation.id == OrganisationPaper.organisation_id)
        .where(which)
        .order_by(OrganisationPaper.kind)
    )
    today = time.today()
    return [
        ShownPaper(
            pointer=Pointer(ProofKind.PAPER, one.id),
            kind=one.kind,
            organisation_id=one.organisation_id,
            organisation=name,
            valid_until=one.valid_until,
            state=paper_state(one.valid_until, today),
        )
        for one, name in rows
    ]


def point_at(item: Item, pointer: Pointer | None) -> None:
    """From now on this point shows that, or nothing."""
    item.proof = pointer.proof if pointer else None
    item.version_id = pointer.id if pointer and pointer.proof is ProofKind.VERSION else None
    item.paper_id = pointer.id if pointer and pointer.proof is ProofKind.PAPER else None


def take_back(db: Session, agreement_id: UUID, organisation_id: UUID) -> None:
    """This organisation left: the others see no longer until when its papers are valid."""
    theirs = select(OrganisationPaper.id).where(OrganisationPaper.organisation_id == organisation_id)
    db.execute(
        update(Item).where(Item.agreement_id == agreement_id, Item.paper_id.in_(theirs)).values(paper_id=None)
    )
