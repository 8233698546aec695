"""Documents of the demo: two agreements that three signed, and a change that waits for one of them."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select

from wijkapp.agreements.models import Agreement, Document, Factor, Item, Version
from wijkapp.agreements.register import ProofKind
from wijkapp.agreements.service import documents, offering, proofs, signing
from wijkapp.agreements.service.proofs import Pointer
from wijkapp.agreements.service.signing import Proof
from wijkapp.demo.agreements import NADIA, NIGHT, WIJK
from wijkapp.kit import time
from wijkapp.kit.config import Settings
from wijkapp.kit.db import reading, transaction
from wijkapp.people.models import Account

KIND = "cooperation"
MONDAYS = """Elke maandag bespreken we wat moeilijk te plaatsen is.
Wie geen plek heeft, zet dat dezelfde dag in de app."""
ANSWERS = {
    "considerations": "Op één galerij kwamen soms drie aanbieders. Niemand wist wie te bellen.",
    "agreed": f"We nemen van elkaar over in vakanties.\n{MONDAYS}",
    "liability": "Elke partij is verzekerd voor beroepsaansprakelijkheid.",
}
CHANGE = f"We nemen van elkaar over in vakanties en bij ziekte.\n{MONDAYS}"
NIGHTS = {
    "considerations": "In de nacht reden soms drie auto’s naar dezelfde straat. En soms kwam er niemand.",
    "agreed": "Eén team doet elke avond, nacht en weekend voor ons allemaal.\n"
    "Wie dienst heeft, gaat ook naar cliënten van de anderen.",
    "liability": "Elke partij is verzekerd voor wat haar mensen in het nachtteam doen.",
}


def write(settings: Settings) -> None:
    """Of the wijk the first version signed by all, the second by all but one; of the nights one, by all."""
    signing.use(settings.secrets.master)
    with reading() as db:
        nadia = db.scalars(select(Account).where(Account.name == NADIA)).one()
        ids = dict(db.execute(select(Agreement.title, Agreement.id)).all())
    _wijk(nadia, ids[WIJK.title])
    _night(nadia, ids[NIGHT.title])


def _wijk(nadia: Account, agreement_id: UUID) -> None:
    _fill_in(nadia, agreement_id, ANSWERS)
    offering.offer(nadia, agreement_id, KIND)
    _sign(nadia, agreement_id)
    _show(agreement_id)
    offering.answer(nadia, agreement_id, KIND, "agreed", CHANGE)
    offering.offer(nadia, agreement_id, KIND)
    _sign(nadia, agreement_id, but=WIJK.parties[0])


def _show(agreement_id: UUID) -> None:
    """A point of the list shows the version that was signed."""
    with transaction() as db:
        version_id = db.scalars(
            select(Version.id)
            .join(Document, Document.id == Version.document_id)
            .where(Document.agreement_id == agreement_id)
        ).one()
        about = (Item.agreement_id == agreement_id, Item.code == "step_3.new_requests")
        shows = Pointer(ProofKind.VERSION, version_id)
        proofs.point_at(db.scalars(select(Item).where(*about)).one(), shows)


def _night(nadia: Account, agreement_id: UUID) -> None:
    """The duties go on as they went; from now on that is signed."""
    _fill_in(nadia, agreement_id, NIGHTS)
    offering.offer(nadia, agreement_id, KIND)
    _sign(nadia, agreement_id)


def _fill_in(nadia: Account, agreement_id: UUID, answers: Mapping[str, str]) -> None:
    """These answers, and that the app goes on as it works now."""
    for code, words in answers.items():
        offering.answer(nadia, agreement_id, KIND, code, words)
    works_by = documents.desk(nadia, agreement_id, KIND).works_by
    assert works_by is not None  # noqa: S101
    offering.set_terms(nadia, agreement_id, KIND, works_by, time.today())


def _sign(nadia: Account, agreement_id: UUID, but: str = "") -> None:
    offered = documents.desk(nadia, agreement_id, KIND).offered
    assert offered is not None  # noqa: S101
    for one in offered.signers:
        if one.organisation.name != but:
            signing.sign(
                one.account, agreement_id, KIND, digest=offered.digest, nonce="", proof=Proof(Factor.DEMO)
            )
