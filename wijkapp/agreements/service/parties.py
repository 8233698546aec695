"""Who takes part: parties come and go, name who signs for them, and record that it was signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from wijkapp.agreements.models import Agreement, Application, Document, Party, Signatory, State, Version
from wijkapp.agreements.register import UNDECIDED, JoinState, PartyRole, Phase
from wijkapp.agreements.service import proofs
from wijkapp.agreements.service.register import Ended, Hands, locked, managed, seen, seen_inside
from wijkapp.agreements.service.route import reopen
from wijkapp.directory import service as directory
from wijkapp.kit import time
from wijkapp.kit.db import reading, transaction
from wijkapp.kit.errors import Invalid, NotAllowed, NotFound, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Account, Organisation


class AlreadyIn(Refused):
    """This organisation takes part already."""

    sentence = _("Deze organisatie doet al mee.")


class SignsHere(Refused):
    """Who signs in the app does so in person."""

    sentence = _("Deze persoon tekent zelf, bij de documenten.")


@dataclass(frozen=True)
class PartiesPage:
    """Who takes part. others: organisations of the region that do not."""

    agreement: Agreement
    hands: Hands
    others: Sequence[Organisation]


def parties_page(actor: Account, agreement_id: UUID) -> PartiesPage:
    """The parties of an agreement, for who takes part or leads the region."""
    with reading() as db:
        agreement, hands = seen_inside(db, actor, agreement_id)
        held = {party.organisation_id for party in agreement.taking_part}
        others = directory.organisations_in(db, agreement.region_id) if hands.manage else ()
        return PartiesPage(agreement, hands, [one for one in others if one.id not in held])


def add_party(
    actor: Account, agreement_id: UUID, organisation_id: UUID, role: PartyRole = PartyRole.MEMBER
) -> None:
    """An organisation of the region takes part from today; checks that depend on the parties open again."""
    with transaction() as db:
        agreement = managed(db, actor, agreement_id)
        if organisation_id not in {one.id for one in directory.organisations_in(db, agreement.region_id)}:
            raise Invalid(fields={"organisation": str(_("Kies een organisatie uit de lijst."))})
        let_in(db, agreement, organisation_id, role)


def let_in(db: Session, agreement: Agreement, organisation_id: UUID, role: PartyRole) -> None:
    """The same, within the caller's transaction. What it asked itself is answered by it. Raises AlreadyIn."""
    party = next((one for one in agreement.parties if one.organisation_id == organisation_id), None)
    if party is not None and party.left_on is None:
        raise AlreadyIn
    if party is None:
        party = Party(agreement_id=agreement.id, organisation_id=organisation_id)
        db.add(party)
    else:  # came back: signs anew
        for signatory in party.signatories:
            db.delete(signatory)
    party.role, party.joined_on, party.left_on = role, time.today(), None
    db.execute(
        update(Application)
        .where(
            Application.agreement_id == agreement.id,
            Application.organisation_id == organisation_id,
            Application.state.in_(UNDECIDED),
        )
        .values(state=JoinState.ACCEPTED, decided_at=time.now())
    )
    reopen(db, agreement, organisation_id)


def leave(actor: Account, agreement_id: UUID, party_id: UUID) -> None:
    """This party stops today. It does so itself, or the wijkregisseur records it; no party puts another out.

    What waits for signatures is taken back: who is gone can never sign it.
    """
    with transaction() as db:
        locked(db, agreement_id)
        agreement, hands = seen(db, actor, agreement_id)
        party = _party(agreement, party_id)
        if not hands.leads and not (hands.sign and party is hands.own):
            raise NotAllowed(_("Dit doet de wijkregisseur, of de beheerder van die organisatie zelf."))
        if agreement.phase is Phase.ENDED:
            raise Ended
        if party.left_on is None:
            party.left_on = time.today()
            proofs.take_back(db, agreement.id, party.organisation_id)
            db.flush()
            _take_back(db, agreement.id)
            reopen(db, agreement, party.organisation_id)


def _take_back(db: Session, agreement_id: UUID) -> None:
    documents = select(Document.id).where(Document.agreement_id == agreement_id)
    db.execute(
        update(Version)
        .where(Version.document_id.in_(documents), Version.state == State.OFFERED)
        .values(state=State.TAKEN_BACK)
    )


def _party(agreement: Agreement, party_id: UUID) -> Party:
    party = next((one for one in agreement.parties if one.id == party_id), None)
    if party is None:
        raise NotFound
    return party


def _own_party(db: Session, actor: Account, agreement_id: UUID, party_id: UUID) -> Party:
    """The own party, for its admin: nobody signs for another."""
    agreement, hands = seen(db, actor, agreement_id)
    party = _party(agreement, party_id)
    if not hands.sign or party is not hands.own:
        raise NotAllowed(_("Dit doet de beheerder van die organisatie zelf."))
    if agreement.phase is Phase.ENDED:
        raise Ended
    return party


def name_signatory(actor: Account, agreement_id: UUID, party_id: UUID, name: str, job_title: str) -> None:
    """Somebody signs for the own party."""
    with transaction() as db:
        party = _own_party(db, actor, agreement_id, party_id)
        db.add(Signatory(party_id=party.id, name=name, job_title=job_title))


def signed(actor: Account, agreement_id: UUID, signatory_id: UUID, day: date) -> None:
    """The own party records on which day this signatory signed the paper."""
    with transaction() as db:
        locked(db, agreement_id)
        signatory = db.get(Signatory, signatory_id)
        if signatory is None:
            raise NotFound
        _own_party(db, actor, agreement_id, signatory.party_id)
        if day > time.today():
            raise Invalid(fields={"day": str(_("Deze dag moet nog komen."))})
        if signatory.account_id is not None:
            raise SignsHere
        signatory.signed_on, signatory.recorded_by_id = day, actor.id


def told_payers(actor: Account, agreement_id: UUID, party_id: UUID) -> None:
    """The own party showed what was agreed to its insurers, today."""
    with transaction() as db:
        party = _own_party(db, actor, agreement_id, party_id)
        party.told_payers_on = party.told_payers_on or time.today()
