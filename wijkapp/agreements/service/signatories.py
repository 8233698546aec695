"""Who signs here for a party: colleagues with an account, named by their own organisation."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from wijkapp.agreements.models import Agreement, Party, Signatory
from wijkapp.agreements.register import Phase
from wijkapp.agreements.service.register import Ended, Hands, locked, seen
from wijkapp.kit.db import reading, transaction
from wijkapp.kit.errors import Invalid, NotAllowed, NotFound, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Account


@dataclass(frozen=True)
class Asked:
    """Somebody who signs, and for whom. recorded: the register has the day on which they did."""

    account_id: UUID
    organisation_id: UUID
    recorded: bool


@dataclass(frozen=True)
class OwnHands:
    """Who signs for the own party. colleagues: who could."""

    agreement: Agreement
    party: Party
    colleagues: Sequence[Account]


def required_signers(agreement: Agreement) -> list[Asked]:
    """Everybody who signs here, for the parties that take part now."""
    return [
        Asked(one.account_id, party.organisation_id, one.signed_on is not None)
        for party in agreement.taking_part
        for one in party.signatories
        if one.account_id is not None
    ]


def own_hands(actor: Account, agreement_id: UUID) -> OwnHands:
    """Who signs for the own party, for its admin. Raises NotAllowed for anybody else."""
    with reading() as db:
        agreement, hands = seen(db, actor, agreement_id)
        party = _own(agreement, hands)
        named = {one.account_id for one in party.signatories}
        found = db.scalars(
            select(Account)
            .where(Account.organisation_id == actor.organisation_id, Account.active)
            .order_by(Account.name, Account.id)
        )
        return OwnHands(agreement, party, [one for one in found if one.id not in named])


def _own(agreement: Agreement, hands: Hands) -> Party:
    if not hands.sign or hands.own is None:
        raise NotAllowed(_("Dit doet de beheerder van een partij, voor de eigen organisatie."))
    if agreement.phase is Phase.ENDED:
        raise Ended
    return hands.own


def name_signer(actor: Account, agreement_id: UUID, account_id: UUID, job_title: str) -> None:
    """This colleague signs for us."""
    with transaction() as db:
        locked(db, agreement_id)
        party = _own(*seen(db, actor, agreement_id))
        colleague = db.get(Account, account_id)
        if colleague is None or colleague.organisation_id != actor.organisation_id or not colleague.active:
            raise Invalid(fields={"account": str(_("Kies een collega uit de lijst."))})
        if any(one.account_id == colleague.id for one in party.signatories):
            return
        db.add(
            Signatory(party_id=party.id, name=colleague.name, job_title=job_title, account_id=colleague.id)
        )


def drop_signer(actor: Account, agreement_id: UUID, signatory_id: UUID) -> None:
    """Somebody does not sign for us after all, from the next version on; what was signed stays.

    What was signed here stays in the documents; a day on which paper was signed stands nowhere else.
    """
    with transaction() as db:
        locked(db, agreement_id)
        party = _own(*seen(db, actor, agreement_id))
        found = next((one for one in party.signatories if one.id == signatory_id), None)
        if found is None:
            raise NotFound
        if found.signed_on is not None and found.account_id is None:
            raise Refused(str(_("Wat getekend is, blijft staan.")))
        if found.signed_on is not None and len(party.signatories) == 1:
            raise Refused(str(_("Noem eerst wie er in plaats van deze collega tekent.")))
        db.delete(found)
