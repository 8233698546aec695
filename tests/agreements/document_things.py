"""What the doors of documents may be opened on: one that was offered, and waits for whoever is asked."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from tests.agreements.things import Made, Things
from wijkapp.agreements import sealed
from wijkapp.agreements.models import Document, Item, Signer, Version
from wijkapp.agreements.register import Kind, ProofKind
from wijkapp.agreements.rota_terms import RotaTerms
from wijkapp.agreements.rules import Terms
from wijkapp.agreements.sealed import Clause, Content
from wijkapp.agreements.service import proofs
from wijkapp.agreements.service.proofs import Pointer
from wijkapp.kit import time
from wijkapp.kit.db import new_id
from wijkapp.people.models import Account

INSIDE = ("index", "show", "version", "draft_pdf", "draft_docx", "pdf", "word", "signed_file")
MANAGE = ("question", "answer", "terms", "set_terms", "offer", "take_back")
SIGN = ("signers", "name_signer", "drop_signer")
WAITS = ("paper", "ask_passkey", "sign")


def offer_document(db: Session, made: Made, by: Account, signers: Iterable[Account] = ()) -> None:
    """A first version of the agreement itself waits for these signatures, and a point shows it."""
    moment = time.now()
    terms = RotaTerms() if made.agreement.kind is Kind.ANW else Terms()
    document = Document(
        id=new_id(),
        agreement_id=made.agreement.id,
        kind="cooperation",
        terms=terms,
        terms_from=date(2099, 1, 1),
        made_by_id=by.id,
        made_at=moment,
        changed_at=moment,
    )
    content = Content(
        str(made.agreement.id), "cooperation", "Samen in Oost", (Clause("goal", "Doel", ("Samen.",)),)
    )
    version = Version(
        id=new_id(),
        document_id=document.id,
        number=1,
        content=content,
        digest=sealed.whole(content),
        terms=terms,
        terms_from=date(2099, 1, 1),
        offered_by_id=by.id,
        offered_at=moment,
    )
    db.add(document)
    db.flush()
    db.add(version)
    db.flush()
    item = db.get_one(Item, UUID(made.things["item_id"]))
    proofs.point_at(item, Pointer(ProofKind.VERSION, version.id))
    db.add_all(
        Signer(version_id=version.id, organisation_id=one.organisation_id, account_id=one.id)
        for one in signers
    )
    db.flush()


def things_of_documents(
    made: Made, *, inside: bool, manage: bool, sign: bool, code: str = "agreed"
) -> dict[str, Things]:
    """Endpoint -> what its address names. Who is inside and does not lead the region is asked to sign."""
    doors = [*(INSIDE if inside else ()), *(MANAGE if manage else ()), *(SIGN if sign else ())]
    doors += WAITS if inside and (sign or not manage) else ()
    named = made.things | {"kind": "cooperation", "code": code, "number": "1"}
    return {f"documents.{door}": named for door in doors}
