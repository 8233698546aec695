"""The documents of an agreement: what each says now, what misses, its versions, and who signed them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from wijkapp.agreements import drafting, sealed
from wijkapp.agreements.drafting import Template, templates
from wijkapp.agreements.models import (
    Agreement,
    Document,
    Party,
    Signature,
    Signer,
    State,
    Version,
)
from wijkapp.agreements.register import Kind, Phase
from wijkapp.agreements.rota_terms import RotaTerms
from wijkapp.agreements.rule_sets import RuleSet
from wijkapp.agreements.rules import Terms
from wijkapp.agreements.sealed import Clause, Content
from wijkapp.agreements.service.dossier import is_forbidden
from wijkapp.agreements.service.merging import IN_REGISTER, STARTS, clauses_of, facts_of, parties_of
from wijkapp.agreements.service.register import Hands, seen_inside
from wijkapp.agreements.service.rota import SignedRota, rest_rules, rota_terms_for, signed_rota, source_of
from wijkapp.agreements.service.signatories import required_signers
from wijkapp.agreements.service.terms import terms_for, terms_of
from wijkapp.directory.models import Wijk
from wijkapp.kit import time
from wijkapp.kit.db import reading
from wijkapp.kit.errors import NotFound
from wijkapp.people.models import Account, Organisation

FEWEST = 2  # parties of something that is signed
COUNTS = (State.OFFERED, State.IN_FORCE)


@dataclass(frozen=True)
class Missing:
    """Something that is not filled in. where: question, register, plans, terms, parties or signers."""

    name: str
    where: str


@dataclass(frozen=True)
class Line:
    """One kind of document of an agreement, and how far it is. version: the latest that counts."""

    template: Template
    begun: bool
    missing: int
    version: Version | None
    signed: int
    asked: int
    mine: bool  # waits for the signature of who looks


@dataclass(frozen=True)
class Shelf:
    """All documents of one agreement. forbidden: the competition check says that nothing may be signed."""

    agreement: Agreement
    hands: Hands
    lines: Sequence[Line]
    parties: Sequence[Party]
    forbidden: bool


@dataclass(frozen=True)
class Desk:
    """One document: what it says now, what misses, and its versions, newest first.

    answers  by question; offered: the version that waits for signatures; in_force: the one that counts
    fresh    says something else than the last version, or asks somebody else
    works_by  how the app works now in the first of its wijken; None: it is of no wijk. Of duties: how they go
              now, or on the day from which what was signed holds
    instead   of duties: the other agreement that they go by now
    apart     wijken in which the app works otherwise by now than was signed for them
    sharing   of duties: who can have a part in them, the parties first
    rest      of duties: the rules for rest and work on the first day, with what the region chose itself
    forbidden  the competition check says that it may not be: nothing is signed
    """

    agreement: Agreement
    hands: Hands
    template: Template
    document: Document | None
    answers: dict[str, str]
    content: Content
    missing: Sequence[Missing]
    versions: Sequence[Version]
    fresh: bool
    has_terms: bool
    works_by: Terms | RotaTerms | None
    instead: SignedRota | None
    apart: Sequence[Wijk]
    sharing: Sequence[Organisation]
    rest: RuleSet | None
    forbidden: bool

    @property
    def about_duties(self) -> bool:
        return self.agreement.kind is Kind.ANW

    @property
    def drifted(self) -> bool:
        """Does the app work otherwise by now than was signed?"""
        signed = self.in_force
        if signed is not None and isinstance(signed.terms, RotaTerms):
            return not signed.terms.agrees_with(self.works_by)
        return bool(self.apart)

    @property
    def offered(self) -> Version | None:
        return next((one for one in self.versions if one.state is State.OFFERED), None)

    @property
    def in_force(self) -> Version | None:
        return next((one for one in self.versions if one.state is State.IN_FORCE), None)


def shelf(actor: Account, agreement_id: UUID) -> Shelf:
    """The documents of an agreement, for who takes part or leads the region."""
    with reading() as db:
        agreement, hands = seen_inside(db, actor, agreement_id)
        found = {one.kind: one for one in documents_of(db, agreement_id)}
        return Shelf(
            agreement=agreement,
            hands=hands,
            lines=[
                _line(db, actor, agreement, one, found.get(one.code))
                for one in templates().values()
                if one.is_for(agreement.path)
            ],
            parties=parties_of(agreement),
            forbidden=is_forbidden(db, agreement_id),
        )


def _line(
    db: Session, actor: Account, agreement: Agreement, template: Template, document: Document | None
) -> Line:
    _content, missing = written(db, agreement, template, document)
    versions = document.versions if document else ()
    version = next((one for one in versions if one.state in COUNTS), None)
    done = signed_by(document, version) if document and version else set()
    asked = {one.account_id for one in version.signers} if version else set()
    return Line(
        template=template,
        begun=document is not None,
        missing=len(missing),
        version=version,
        signed=len(done & asked),
        asked=len(asked),
        mine=version is not None and version.state is State.OFFERED and actor.id in asked - done,
    )


def signed_by(document: Document, version: Version) -> set[UUID]:
    """Who signed what this version says, on it or on the one they signed last."""
    return {one.account_id for one in signatures_of(document, version)}


def signatures_of(document: Document, version: Version) -> list[Signature]:
    """The signatures under what this version says.

    What somebody signed before counts when they signed nothing else since: an agreement does not go back to
    an earlier text without them.
    """
    last: dict[UUID, Signature] = {}
    for each in sorted(document.versions, key=lambda one: one.number):
        if each.number <= version.number:
            last |= {one.account_id: one for one in each.signatures}
    return [one for one in last.values() if one.digest == version.digest]


_SIGNERS = selectinload(Document.versions).selectinload(Version.signers)
_WHOLE = (
    selectinload(Document.answers),
    _SIGNERS.joinedload(Signer.account),
    _SIGNERS.joinedload(Signer.organisation),
    selectinload(Document.versions).selectinload(Version.signatures),
    selectinload(Document.versions).joinedload(Version.offered_by),
)


def documents_of(db: Session, agreement_id: UUID) -> Sequence[Document]:
    """The documents that somebody began, whole."""
    return db.scalars(select(Document).options(*_WHOLE).where(Document.agreement_id == agreement_id)).all()


def template_of(agreement: Agreement, kind: str) -> Template:
    """The template of a kind of document that this agreement may have. Raises NotFound."""
    template = templates().get(kind)
    if template is None or not template.is_for(agreement.path):
        raise NotFound
    return template


def document_of(db: Session, agreement_id: UUID, kind: str) -> Document | None:
    """The document of this kind, whole; None while nobody wrote anything."""
    return db.scalar(
        select(Document)
        .options(*_WHOLE)
        .where(Document.agreement_id == agreement_id, Document.kind == kind)
        .execution_options(populate_existing=True)
    )


def desk(actor: Account, agreement_id: UUID, kind: str) -> Desk:
    """One document, for who takes part or leads the region."""
    with reading() as db:
        agreement, hands = seen_inside(db, actor, agreement_id)
        template = template_of(agreement, kind)
        document = document_of(db, agreement_id, kind)
        content, missing = written(db, agreement, template, document)
        versions = document.versions if document else ()
        in_force = next((one for one in versions if one.state is State.IN_FORCE), None)
        ended = in_force if agreement.phase is Phase.ENDED else None
        works_by, signed = _works_by(db, agreement)
        return Desk(
            agreement=agreement,
            hands=hands,
            template=template,
            document=document,
            answers=_answers(document),
            content=ended.content if ended else content,  # it says what it said last
            missing=missing,
            versions=versions,
            fresh=not ended and is_fresh(agreement, template, content, versions),
            has_terms=has_terms(agreement, template),
            works_by=works_by,
            instead=signed if signed and signed.agreement_id != agreement_id else None,
            apart=_apart(db, in_force),
            sharing=_sharing(db, agreement, (document.terms if document else None) or works_by),
            rest=rest_rules(db, agreement, document.terms_from if document else None),
            forbidden=template.signed and is_forbidden(db, agreement_id),
        )


def _works_by(db: Session, agreement: Agreement) -> tuple[Terms | RotaTerms | None, SignedRota | None]:
    """How the app works, and of duties the agreement that says so."""
    if agreement.kind is Kind.ANW:
        signed = signed_rota(db, agreement.region_id)
        own = [one for one in signed if one.agreement_id == agreement.id]
        moment = max([time.now(), *(time.day_starts(one.starts) for one in own)])
        terms = rota_terms_for(db, agreement.region_id, moment)
        return terms, source_of(terms, own) or source_of(terms, signed)
    return terms_for(db, agreement.wijken[0].id, time.now()) if agreement.wijken else None, None


def _apart(db: Session, signed: Version | None) -> list[Wijk]:
    if signed is None or not isinstance(signed.terms, Terms) or not signed.terms_from:
        return []
    if signed.terms_from > time.today():
        return []
    wijken = db.scalars(select(Wijk).where(Wijk.code.in_(wijken_of(signed))).order_by(Wijk.name)).all()
    now = terms_of(db, [wijk.id for wijk in wijken], time.now())
    return [wijk for wijk in wijken if now[wijk.id] != signed.terms]


def wijken_of(version: Version) -> set[str]:
    """The wijken that a version says the app works in: their CBS codes."""
    clause = version.content.clause(STARTS)
    return set(clause.value.get("wijken", ())) if clause and clause.value else set()


def _sharing(db: Session, agreement: Agreement, terms: Terms | RotaTerms | None) -> list[Organisation]:
    """Who can have a part in the duties: the parties, and whoever has one already."""
    if not isinstance(terms, RotaTerms):
        return []
    parties = [one.organisation for one in parties_of(agreement)]
    others = set(terms.key) - {one.id for one in parties}
    found = select(Organisation).where(Organisation.id.in_(others)).order_by(Organisation.name)
    return [*parties, *(db.scalars(found) if others else ())]


def _answers(document: Document | None) -> dict[str, str]:
    return {one.code: one.words for one in document.answers} if document else {}


def has_terms(agreement: Agreement, template: Template) -> bool:
    """Does it say what the app does? What is agreed for a wijk does, and what is agreed about duties."""
    return template.terms and agreement.kind in (Kind.WIJK, Kind.ANW)


def is_fresh(agreement: Agreement, template: Template, content: Content, versions: Sequence[Version]) -> bool:
    """Does it say something else than the last version that counts, or must somebody else sign it?

    Somebody else is also who was named anew since it came into force: the register has no day for them.
    """
    last = next((one for one in versions if one.state in COUNTS), None)
    if last is None or last.digest != sealed.whole(content):
        return True
    asked = {one.account_id for one in last.signers}
    anew = template.terms and last.state is State.IN_FORCE
    return template.signed and any(
        one.account_id not in asked or (anew and not one.recorded) for one in required_signers(agreement)
    )


def written(
    db: Session, agreement: Agreement, template: Template, document: Document | None
) -> tuple[Content, list[Missing]]:
    """The document as it would be offered now, and what misses."""
    facts = facts_of(db, agreement)
    made = drafting.draft(template, agreement.path, facts, _answers(document))
    clauses = [_with_parties(one, agreement) if one.code == "parties" else one for one in made.clauses]
    missing = [_missing(template, name) for name in made.missing]
    if has_terms(agreement, template):
        if document and document.terms and document.terms_from:
            at = _place(clauses)
            names = {one.id: one.name for one in _sharing(db, agreement, document.terms)}
            clauses[at:at] = clauses_of(document.terms, document.terms_from, agreement, names)
            if agreement.valid_from and document.terms_from < agreement.valid_from:
                missing.append(Missing("starts", "terms"))
        else:
            missing.append(Missing("terms", "terms"))
    if template.signed:
        missing += _missing_hands(agreement)
    title = f"{template.title}: {agreement.title}"
    return Content(str(agreement.id), template.code, title, tuple(clauses)), missing


def _place(clauses: Sequence[Clause]) -> int:
    """What the app does comes after what was agreed in words."""
    return next((at + 1 for at, one in enumerate(clauses) if one.code == "subjects"), len(clauses))


def _missing(template: Template, name: str) -> Missing:
    if template.question(name):
        return Missing(name, "question")
    return Missing(name, "register" if name in IN_REGISTER else "plans")


def _missing_hands(agreement: Agreement) -> list[Missing]:
    parties = parties_of(agreement)
    missing = [Missing("parties", "parties")] if len(parties) < FEWEST else []
    missing += [
        Missing(party.organisation.name, "signers")
        for party in parties
        if not party.signatories or any(one.account_id is None for one in party.signatories)
    ]
    return missing


def _with_parties(clause: Clause, agreement: Agreement) -> Clause:
    parties = [
        {
            "id": str(one.organisation_id),
            "name": one.organisation.name,
            "kvk": one.organisation.kvk_number,
            "agb": one.organisation.agb_code,
        }
        for one in parties_of(agreement)
    ]
    return Clause(clause.code, clause.title, clause.words, {"parties": parties})


@dataclass(frozen=True)
class VersionPage:
    """One version of a document, and the one it is compared with."""

    agreement: Agreement
    hands: Hands
    template: Template
    version: Version
    before: Version | None
    signatures: Sequence[Signature]  # also on an earlier version that says the same

    @property
    def waits_for(self) -> Sequence[Signer]:
        done = {one.account_id for one in self.signatures}
        return [one for one in self.version.signers if one.account_id not in done]


def version_page(actor: Account, agreement_id: UUID, kind: str, number: int) -> VersionPage:
    """A version, with who signed it. Raises NotFound."""
    with reading() as db:
        agreement, hands = seen_inside(db, actor, agreement_id)
        template = template_of(agreement, kind)
        document = document_of(db, agreement_id, kind)
        version = next((one for one in document.versions if one.number == number), None) if document else None
        if document is None or version is None:
            raise NotFound
        earlier = [one for one in document.versions if one.number < number]
        counted = [one for one in earlier if one.state is not State.TAKEN_BACK]
        return VersionPage(
            agreement=agreement,
            hands=hands,
            template=template,
            version=version,
            before=next(iter(counted or earlier), None),
            signatures=signatures_of(document, version),
        )
