"""Documents of the demo: an agreement that three signed, and a change that waits for one of them."""

from uuid import UUID

from sqlalchemy import select

from wijkapp.agreements.models import Agreement, Factor
from wijkapp.agreements.service import documents, offering, signing, terms_for
from wijkapp.agreements.service.signing import Proof
from wijkapp.demo.agreements import NADIA, WIJK
from wijkapp.kit import time
from wijkapp.kit.config import Settings
from wijkapp.kit.db import reading
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


def write(settings: Settings) -> None:
    """The first version signed by all, the second by all but one."""
    signing.use(settings.secrets.master)
    with reading() as db:
        nadia = db.scalars(select(Account).where(Account.name == NADIA)).one()
        agreement_id = db.scalars(select(Agreement.id).where(Agreement.title == WIJK.title)).one()
    for code, words in ANSWERS.items():
        offering.answer(nadia, agreement_id, KIND, code, words)
    _as_it_works_now(nadia, agreement_id)
    offering.offer(nadia, agreement_id, KIND)
    _sign(nadia, agreement_id)
    offering.answer(nadia, agreement_id, KIND, "agreed", CHANGE)
    offering.offer(nadia, agreement_id, KIND)
    _sign(nadia, agreement_id, but=WIJK.parties[0])


def _as_it_works_now(nadia: Account, agreement_id: UUID) -> None:
    page = documents.desk(nadia, agreement_id, KIND)
    with reading() as db:
        terms = terms_for(db, page.agreement.wijken[0].id, time.now())
    offering.set_terms(nadia, agreement_id, KIND, terms, time.today())


def _sign(nadia: Account, agreement_id: UUID, but: str = "") -> None:
    offered = documents.desk(nadia, agreement_id, KIND).offered
    assert offered is not None  # noqa: S101
    for one in offered.signers:
        if one.organisation.name != but:
            signing.sign(
                one.account, agreement_id, KIND, digest=offered.digest, nonce="", proof=Proof(Factor.DEMO)
            )
