"""Writing a document of an agreement, and offering it to be signed."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from wijkapp.agreements import rota_terms, rules, sealed
from wijkapp.agreements.models import Agreement, Answer, Document, Signer, State, Version
from wijkapp.agreements.register import Kind
from wijkapp.agreements.rota_terms import RotaTerms
from wijkapp.agreements.rules import Terms
from wijkapp.agreements.sealed import Content
from wijkapp.agreements.service import meanwhile
from wijkapp.agreements.service.documents import (
    document_of,
    has_terms,
    is_fresh,
    signed_by,
    template_of,
    written,
)
from wijkapp.agreements.service.dossier import refuse_forbidden
from wijkapp.agreements.service.register import managed
from wijkapp.agreements.service.signatories import required_signers
from wijkapp.agreements.service.signing import come_into_force
from wijkapp.kit import outbox, time
from wijkapp.kit.db import new_id, transaction
from wijkapp.kit.errors import Invalid, NotFound, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Account


class NotWhole(Refused):
    """Something is still to be filled in before it can be offered."""

    sentence = _("Dit document is nog niet af. Kijk wat er nog mist.")


class NothingNew(Refused):
    """It says what the last version says, and everybody who must sign did or was asked."""

    sentence = _("Er is niets veranderd sinds de vorige versie.")


class Waiting(Refused):
    """A version waits for signatures; take it back first."""

    sentence = _("Er ligt al een versie om te tekenen. Neem die eerst terug.")


def _opened(db: Session, actor: Account, agreement: Agreement, kind: str) -> Document:
    """The document, begun when nobody did yet."""
    template_of(agreement, kind)
    found = document_of(db, agreement.id, kind)
    if found is None:
        moment = time.now()
        db.add(
            Document(
                id=new_id(),
                agreement_id=agreement.id,
                kind=kind,
                made_by_id=actor.id,
                made_at=moment,
                changed_at=moment,
            )
        )
        db.flush()
        found = document_of(db, agreement.id, kind)
        assert found is not None  # noqa: S101
    found.changed_at = time.now()
    return found


def answer(actor: Account, agreement_id: UUID, kind: str, code: str, words: str, *, seen: str = "") -> None:
    """Answer a question of a document; no words takes the answer away.

    seen  the stamp of the answer that was changed. Raises TypedOver
    """
    with transaction() as db:
        agreement = managed(db, actor, agreement_id)
        if template_of(agreement, kind).question(code) is None:
            raise NotFound
        document = _opened(db, actor, agreement, kind)
        held = db.get(Answer, (document.id, code))
        meanwhile.unless_changed(seen, meanwhile.stamp([held.words if held else ""]))
        if held is None and words:
            held = Answer(document_id=document.id, code=code)
            db.add(held)
        if held is None:
            return
        if not words:
            db.delete(held)
            return
        held.words, held.changed_by_id, held.changed_at = words, actor.id, time.now()


def set_terms(actor: Account, agreement_id: UUID, kind: str, terms: Terms | RotaTerms, starts: date) -> None:
    """What the app is going to do once it is signed, and from which day. Raises Invalid per clause.

    Only the wijkregisseur fills it in, who may change it by hand too: no two providers set it for a wijk.

    terms  of duties in an agreement about them, of a wijk in any other
    """
    with transaction() as db:
        agreement = managed(db, actor, agreement_id, app=True)
        fits = isinstance(terms, RotaTerms) is (agreement.kind is Kind.ANW)
        if not fits or not has_terms(agreement, template_of(agreement, kind)):
            raise NotFound
        wrong = _wrong(terms, agreement)
        if starts < time.today():
            wrong["valid_from"] = str(_("Kies vandaag of een dag die nog komt."))
        if wrong:
            raise Invalid(fields=wrong)
        if isinstance(terms, RotaTerms):
            terms = replace(terms, rules={})  # those are of the region, whatever is signed
        document = _opened(db, actor, agreement, kind)
        document.terms, document.terms_from = terms, starts


def _wrong(terms: Terms | RotaTerms, agreement: Agreement) -> dict[str, str]:
    if isinstance(terms, RotaTerms):
        return {name: str(words) for name, words in rota_terms.wrong_in(terms).items()}
    wrong = {name: str(words) for name, words in rules.wrong_in(terms).items()}
    if terms.tells_group and not all(wijk.shared_mail for wijk in agreement.wijken):
        wrong["mail"] = str(_("Niet elke wijk heeft een mailgroep. Zet de mail uit."))
    return wrong


def offer(actor: Account, agreement_id: UUID, kind: str) -> int:
    """Freeze what it says now as a version, and ask who must sign to sign what changed for them.

    Something that is not signed counts at once. Gives its number. Raises NotWhole, NothingNew, Waiting or
    Forbidden.
    """
    with transaction() as db:
        agreement = managed(db, actor, agreement_id)
        template = template_of(agreement, kind)
        if template.signed:
            refuse_forbidden(db, agreement_id)
        document = _opened(db, actor, agreement, kind)
        content, missing = written(db, agreement, template, document)
        if missing:
            raise NotWhole
        if any(one.state is State.OFFERED for one in document.versions):
            raise Waiting
        if not is_fresh(agreement, template, content, document.versions):
            raise NothingNew
        version = _version(actor, document, content, template.signed)
        if not template.signed:
            for one in document.versions:
                if one.state is State.IN_FORCE:
                    one.state = State.REPLACED
        db.add(version)
        db.flush()
        if template.signed:
            _ask(db, actor, agreement, version)
        return version.number


def _ask(db: Session, actor: Account, agreement: Agreement, version: Version) -> None:
    """Who signs for a party is asked; nobody is asked again for a text they signed before."""
    signers = required_signers(agreement)
    db.add_all(
        Signer(version_id=version.id, organisation_id=one.organisation_id, account_id=one.account_id)
        for one in signers
    )
    db.flush()
    document = document_of(db, agreement.id, version.content.kind)
    assert document is not None  # noqa: S101
    done = signed_by(document, version)
    to = [one.account_id for one in signers if one.account_id not in done]
    outbox.record(db, "agreements.to_sign", about=agreement.id, to=to)
    come_into_force(db, actor, agreement, document)


def _version(actor: Account, document: Document, content: Content, signed: bool) -> Version:
    moment = time.now()
    return Version(
        id=new_id(),
        document_id=document.id,
        number=max((one.number for one in document.versions), default=0) + 1,
        state=State.OFFERED if signed else State.IN_FORCE,
        content=content,
        digest=sealed.whole(content),
        terms=document.terms,
        terms_from=document.terms_from,
        offered_by_id=actor.id,
        offered_at=moment,
        in_force_at=None if signed else moment,
    )


def take_back(actor: Account, agreement_id: UUID, kind: str) -> None:
    """The version that waits is signed no further; who signed it did, and keeps that for the same text."""
    with transaction() as db:
        agreement = managed(db, actor, agreement_id)
        template_of(agreement, kind)
        document = document_of(db, agreement.id, kind)
        waits = [one for one in (document.versions if document else ()) if one.state is State.OFFERED]
        if not waits:
            raise NotFound
        for one in waits:
            one.state = State.TAKEN_BACK
