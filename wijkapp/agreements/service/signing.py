"""Signing a version: what somebody puts their name to, that they did, and what comes into force by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkapp.agreements import sealed, verifying
from wijkapp.agreements.models import (
    Agreement,
    Document,
    Factor,
    RotaTermsVersion,
    Signature,
    State,
    TermsVersion,
    Version,
)
from wijkapp.agreements.register import Phase
from wijkapp.agreements.rota_terms import RotaTerms
from wijkapp.agreements.rules import Terms
from wijkapp.agreements.service import rota
from wijkapp.agreements.service.documents import (
    VersionPage,
    document_of,
    documents_of,
    signatures_of,
    signed_by,
    template_of,
    version_page,
    wijken_of,
)
from wijkapp.agreements.service.dossier import refuse_forbidden
from wijkapp.agreements.service.register import Ended, in_charge, locked, seen_inside
from wijkapp.agreements.service.terms import record_terms
from wijkapp.directory.models import Wijk
from wijkapp.kit import outbox, time
from wijkapp.kit.crypto import MasterKey, Signer
from wijkapp.kit.db import new_id, reading, transaction
from wijkapp.kit.errors import NotAllowed, NotFound, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Account

_signer: Signer | None = None


def use(master: MasterKey) -> None:
    """Sign with the key of this installation, in this process."""
    global _signer
    _signer = signer_of(master)


def signer_of(master: MasterKey) -> Signer:
    """The key that files of signed agreements go out with."""
    return master.signer("agreements")


def signer() -> Signer:
    if _signer is None:
        raise RuntimeError("no key to sign with: call service.signing.use first")
    return _signer


class NotAsked(NotAllowed):
    """Somebody else signs, or they did already."""

    sentence = _("Van jou wordt hier geen handtekening gevraagd.")


class AnotherText(Refused):
    """What was on the screen is not what waits to be signed."""

    sentence = _("Er ligt intussen een andere tekst. Lees die eerst, en teken dan.")


@dataclass(frozen=True)
class Paper:
    """What waits for somebody's signature.

    touched    codes of the clauses that changed since they signed; all of them when they never did
    statement  what they put their name to
    """

    agreement: Agreement
    version: Version
    before: Version | None
    touched: tuple[str, ...]
    statement: dict[str, Any]


def paper(actor: Account, agreement_id: UUID, kind: str, nonce: str) -> Paper:
    """What waits for this person's signature. nonce: makes this asking unlike any other.

    Raises NotAsked, or Forbidden.
    """
    with reading() as db:
        agreement, _hands = seen_inside(db, actor, agreement_id)
        return _paper(db, actor, agreement, _document(db, agreement, kind), nonce)


def _document(db: Session, agreement: Agreement, kind: str) -> Document:
    template_of(agreement, kind)
    document = document_of(db, agreement.id, kind)
    if document is None:
        raise NotFound
    return document


def waits_for(document: Document, account_id: UUID) -> Version | None:
    """The version that this person is asked to sign, if any."""
    for version in document.versions:
        if version.state is State.OFFERED and account_id not in signed_by(document, version):
            return version if any(one.account_id == account_id for one in version.signers) else None
    return None


def _paper(db: Session, actor: Account, agreement: Agreement, document: Document, nonce: str) -> Paper:
    version = waits_for(document, actor.id)
    if version is None:
        raise NotAsked
    refuse_forbidden(db, agreement.id)
    before = next(
        (each for each in document.versions if any(one.account_id == actor.id for one in each.signatures)),
        None,
    )
    touched = sealed.touched(version.content, before.content if before else None)
    found = sealed.hashes(version.content)
    signs = next(one for one in version.signers if one.account_id == actor.id)
    party = next(one for one in agreement.parties if one.organisation_id == signs.organisation_id)
    named = next((one for one in party.signatories if one.account_id == actor.id), None)
    return Paper(
        agreement=agreement,
        version=version,
        before=before,
        touched=touched,
        statement={
            "document": str(document.id),
            "version": version.number,
            "title": version.content.title,
            "hash": version.digest,
            "touched": {code: found[code] for code in touched},
            "account": str(actor.id),
            "name": actor.name,
            "job_title": named.job_title if named else actor.job_title or "",
            "organisation_id": str(signs.organisation_id),
            "organisation": signs.organisation.name,
            "nonce": nonce,
        },
    )


@dataclass(frozen=True)
class Proof:
    """By what somebody proved that it was them. passkey: what it signed, to be checked by others."""

    factor: Factor
    passkey: dict[str, Any] | None = None


def sign(actor: Account, agreement_id: UUID, kind: str, *, digest: str, nonce: str, proof: Proof) -> bool:
    """Put one's name to the version that waits. Is it in force now?

    digest  of what was on the screen; nonce: as it was asked with

    Raises NotAsked, Forbidden, or AnotherText.
    """
    with transaction() as db:
        # Two last signers at once must not both think that the other has yet to sign.
        locked(db, agreement_id)
        agreement, _hands = seen_inside(db, actor, agreement_id)
        if agreement.phase is Phase.ENDED:
            raise Ended
        document = _document(db, agreement, kind)
        waiting = _paper(db, actor, agreement, document, nonce)
        if waiting.version.digest != digest:
            raise AnotherText
        db.add(_signature(actor, waiting, proof))
        db.flush()
        again = _document(db, agreement, kind)
        return come_into_force(db, actor, agreement, again)


def _signature(actor: Account, waiting: Paper, proof: Proof) -> Signature:
    moment = time.now().replace(microsecond=0)
    if proof.passkey and not verifying.passkey_signed(
        proof.passkey, verifying.challenge_of(waiting.statement)
    ):
        raise AnotherText
    made = Signature(
        id=new_id(),
        version_id=waiting.version.id,
        organisation_id=UUID(waiting.statement["organisation_id"]),
        account_id=actor.id,
        at=moment,
        factor=proof.factor,
        digest=waiting.version.digest,
        statement=waiting.statement,
        proof=proof.passkey,
    )
    made.seal = verifying.seal_of(_entry(made), signer())
    return made


def _entry(one: Signature) -> dict[str, Any]:
    return {
        "statement": one.statement,
        "factor": one.factor.value,
        "at": one.at.astimezone(UTC).isoformat(),
        "proof": one.proof,
    }


def come_into_force(db: Session, actor: Account, agreement: Agreement, document: Document) -> bool:
    """When everybody signed the version that waits: it counts from now on, and the app works by its terms."""
    version = next((one for one in document.versions if one.state is State.OFFERED), None)
    if version is None or not {one.account_id for one in version.signers} <= signed_by(document, version):
        return False
    before = next((one for one in document.versions if one.state is State.IN_FORCE), None)
    if before is not None:
        before.state = State.REPLACED
    version.state, version.in_force_at = State.IN_FORCE, time.now()
    if template_of(agreement, document.kind).terms:
        _record(agreement, signatures_of(document, version))
    if version.terms is not None:
        _put_to_work(db, actor, agreement, version, before)
        agreement.valid_from = agreement.valid_from or time.today()
    told = {one.account_id for one in version.signers} | set(in_charge(db, agreement.id))
    outbox.record(db, "agreements.in_force", about=agreement.id, to=sorted(told - {actor.id}))
    return True


def tell_turned(db: Session, actor: Account, agreement_id: UUID, *, forbidden: bool) -> None:
    """The competition check says otherwise than before about what waits for signatures.

    forbidden  nobody signs any more, and who signed or was asked hears why; if not, who has yet to sign can
    """
    asked: set[UUID] = set()
    left: set[UUID] = set()
    for document in documents_of(db, agreement_id):
        for version in document.versions:
            if version.state is State.OFFERED:
                signers = {one.account_id for one in version.signers}
                asked |= signers
                left |= signers - signed_by(document, version)
    if forbidden:
        outbox.record(db, "agreements.forbidden", about=agreement_id, to=sorted(asked - {actor.id}))
    else:
        outbox.record(db, "agreements.to_sign", about=agreement_id, to=sorted(left))


def _record(agreement: Agreement, signatures: Sequence[Signature]) -> None:
    """In the register too: who signed the agreement itself that is in force, and when they first did."""
    signed = {(one.organisation_id, one.account_id): one for one in signatures}
    for party in agreement.taking_part:
        for named in party.signatories:
            found = signed.get((party.organisation_id, named.account_id)) if named.account_id else None
            if found and named.signed_on is None:
                named.signed_on, named.recorded_by_id = time.local(found.at).date(), found.account_id


def _put_to_work(
    db: Session, actor: Account, agreement: Agreement, version: Version, before: Version | None
) -> None:
    """The terms hold from the agreed day; where they held already nothing changes."""
    terms, starts = version.terms, version.terms_from
    assert terms is not None  # noqa: S101
    assert starts is not None  # noqa: S101
    if before and before.terms and before.terms_from and before.terms_from > time.today():
        _forget(db, agreement, before, time.day_starts(before.terms_from))
        before = None
    if not isinstance(terms, RotaTerms):
        _in_wijken(db, actor, terms, starts, version, before)
    elif before is None or (before.terms, before.terms_from) != (terms, starts):
        rota.put_to_work(db, actor, agreement.region_id, terms, starts)


def _forget(db: Session, agreement: Agreement, before: Version, begins: datetime) -> None:
    """What is replaced before it begins does not begin. It never held, so nothing was done by it."""
    gone: list[RotaTermsVersion] | list[TermsVersion]
    if isinstance(before.terms, RotaTerms):
        here = RotaTermsVersion.region_id == agreement.region_id
        duties = db.scalars(select(RotaTermsVersion).where(here, RotaTermsVersion.valid_from >= begins))
        gone = [one for one in duties if before.terms.agrees_with(one.clauses)]
    else:
        there = Wijk.code.in_(wijken_of(before))
        coming = select(TermsVersion).join(Wijk).where(there, TermsVersion.valid_from >= begins)
        gone = [one for one in db.scalars(coming) if one.clauses == before.terms]
    for one in gone:
        db.delete(one)
    db.flush()


def _in_wijken(
    db: Session, actor: Account, terms: Terms, starts: date, version: Version, before: Version | None
) -> None:
    held = wijken_of(before) if before and before.terms == terms else set()
    new = wijken_of(version) - held
    found = db.scalars(select(Wijk).where(Wijk.code.in_(new)).order_by(Wijk.id).with_for_update())
    for wijk in found.all():
        if not _works_so(db, wijk.id, version):
            record_terms(db, actor, wijk.id, terms, starts)


def _works_so(db: Session, wijk_id: UUID, version: Version) -> bool:
    """Does this wijk work by these terms already, with nothing else to come?"""
    newest = db.scalar(
        select(TermsVersion)
        .where(TermsVersion.wijk_id == wijk_id)
        .order_by(TermsVersion.valid_from.desc(), TermsVersion.id.desc())
        .limit(1)
    )
    return newest is not None and newest.clauses == version.terms and newest.valid_from <= time.now()


def export(actor: Account, agreement_id: UUID, kind: str, number: int) -> bytes:
    """A version with its signatures, to keep and to check without us. Raises NotFound."""
    page: VersionPage = version_page(actor, agreement_id, kind, number)
    if not page.template.signed:
        raise NotFound
    version = page.version
    signed = {
        "document": str(version.document_id),
        "version": version.number,
        "offered_at": version.offered_at.astimezone(UTC).isoformat(),
        "content": sealed.to_plain(version.content),
        "hashes": sealed.hashes(version.content),
        "hash": version.digest,
        "signers": [
            {
                "account": str(one.account_id),
                "name": one.account.name,
                "organisation_id": str(one.organisation_id),
                "organisation": one.organisation.name,
            }
            for one in sorted(version.signers, key=lambda one: (one.organisation.name, one.account.name))
        ],
        "signatures": [_entry(one) | {"seal": one.seal} for one in page.signatures],
    }
    return verifying.file_of(signed, signer())
