"""A wijk agreement of three providers, as far as a test needs it."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from tests.matching.make import Make, Town
from wijkapp.agreements.models import Factor
from wijkapp.agreements.register import Form, Kind, Path
from wijkapp.agreements.rota_terms import RotaTerms
from wijkapp.agreements.rules import Terms, Urgency
from wijkapp.agreements.service import documents, offering, parties, register, signatories, signing
from wijkapp.kit import time
from wijkapp.people.models import Account
from wijkapp.people.rules import Role

COOPERATION = "cooperation"
ANSWERS = {
    "considerations": "Wij kwamen elkaar op elke galerij tegen.",
    "agreed": "Wij overleggen elke week.\nWij nemen van elkaar over in de vakantie.",
}
FORTY = Terms(answer_within=dict.fromkeys(Urgency, timedelta(minutes=40)))
TEN = replace(FORTY, answer_within=dict.fromkeys(Urgency, timedelta(minutes=10)))
QUIET = replace(FORTY, escalation=FORTY.escalation[:1])


@dataclass(frozen=True)
class Three:
    """coordinator leads the region; admins sign for their organisation."""

    agreement_id: UUID
    coordinator: Account
    admins: tuple[Account, ...]
    town: Town

    @property
    def signs(self) -> tuple[Account, ...]:
        return self.admins


def facts(town: Town, **more: object) -> register.Facts:
    given = {
        "title": "Samen in Oost",
        "kind": Kind.WIJK,
        "path": Path.LIGHT,
        "form": Form.WORKING,
        "purpose": "Elke zorgvraag heeft binnen een dag een antwoord.",
        "wijken": (town.here.code,),
        "valid_from": time.today(),
        "notice_months": 3,
        "complaints": "De klachtenfunctionaris van Oost.",
        "joining": "Je geeft wijkverpleging in deze wijk.\nJe houdt je vrije plekken bij.",
    }
    return register.Facts(**(given | more))  # type: ignore[arg-type]


def admins_of(make: Make, town: Town) -> tuple[Account, ...]:
    """The admins of three providers of the wijk."""
    providers = [make.provider(town.here, name=name) for name in ("Oost", "West", "Zuid")]
    return tuple(make.account(one.organisation, Role.ADMIN) for one in providers)


def three(town: Town, admins: tuple[Account, ...], **more: object) -> Three:
    """Begun, with three parties that each named who signs."""
    agreement_id = register.begin(town.coordinator, facts(town, **more))
    for admin in admins:
        parties.add_party(town.coordinator, agreement_id, admin.organisation_id)
        signatories.name_signer(admin, agreement_id, admin.id, "bestuurder")
    return Three(agreement_id, town.coordinator, admins, town)


def written(made: Three, terms: Terms | RotaTerms = QUIET, starts: date | None = None) -> None:
    """Everything of the cooperation agreement filled in; its terms hold from today or this day."""
    for code, words in ANSWERS.items():
        offering.answer(made.coordinator, made.agreement_id, COOPERATION, code, words)
    offering.set_terms(made.coordinator, made.agreement_id, COOPERATION, terms, starts or time.today())


def sign(made: Three, who: Account, kind: str = COOPERATION) -> bool:
    """This person signs what waits, by a code. Is it in force now?"""
    offered = documents.desk(who, made.agreement_id, kind).offered
    assert offered is not None
    return signing.sign(
        who,
        made.agreement_id,
        kind,
        digest=offered.digest,
        nonce="00",
        proof=signing.Proof(Factor.CODE),
    )


def signed(made: Three) -> None:
    """Offered as it is written, and signed by all three."""
    offering.offer(made.coordinator, made.agreement_id, COOPERATION)
    for one in made.admins:
        sign(made, one)


def in_force(make: Make, town: Town, terms: Terms = QUIET) -> Three:
    """Written, and signed by all three."""
    made = three(town, admins_of(make, town))
    written(made, terms)
    signed(made)
    return made
