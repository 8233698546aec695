"""What an account and an organisation say about themselves, and how the first of them are made."""

from dataclasses import asdict, dataclass
from datetime import time as hour
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from wijkapp.kit.db import reading, transaction
from wijkapp.kit.errors import Invalid, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.people import access
from wijkapp.people.models import Account, Organisation
from wijkapp.people.rules import OrganisationKind, Role, WtzaStatus, looks_right
from wijkapp.people.service.invite import Invitee, make_invitation
from wijkapp.people.service.members import forget_factors
from wijkapp.people.service.sign_in import make_link, may_come_in


@dataclass(frozen=True)
class Profile:
    """What somebody tells about themselves. `phone` is E.164; quiet hours that are equal are none."""

    name: str
    phone: str | None
    job_title: str | None
    big_number: str | None
    language: str
    quiet_from: hour
    quiet_until: hour


@dataclass(frozen=True)
class Details:
    """What an organisation tells about itself. `phone` is E.164."""

    name: str
    agb_code: str | None
    kvk_number: str | None
    wtza_status: WtzaStatus
    phone: str | None
    email: str | None
    place: str | None
    on_public_page: bool | None = None  # may everybody see it; for who gives care


class NumberIsTaken(Invalid):
    """Another organisation has this AGB code."""

    def __init__(self) -> None:
        sentence = str(_("Deze AGB-code hoort al bij een andere organisatie op wijkapp."))
        super().__init__(fields={"agb_code": sentence})


def save_profile(actor: Account, profile: Profile) -> None:
    """Change one's own name, number, job and language."""
    access.require(actor, "account.use")
    with transaction() as db:
        account = db.get_one(Account, actor.id)
        for name, value in asdict(profile).items():
            setattr(account, name, value)


def organisation_of(actor: Account) -> Organisation:
    """The actor's own organisation, as it is now."""
    with reading() as db:
        return db.get_one(Organisation, actor.organisation_id)


def save_organisation(actor: Account, details: Details) -> None:
    """Change what the actor's own organisation tells. Raises NumberIsTaken."""
    access.require(actor, "people.manage", organisation_id=actor.organisation_id)
    with transaction() as db:
        organisation = db.get_one(Organisation, actor.organisation_id)
        try:
            with db.begin_nested():
                for name, value in asdict(details).items():
                    if name != "on_public_page" or organisation.is_provider:
                        setattr(organisation, name, value)
        except IntegrityError as taken:
            raise NumberIsTaken from taken


def odd_numbers(organisation: Organisation) -> frozenset[str]:
    """Which numbers of an organisation do not look as their register writes them."""
    kinds = ("agb_code", "kvk_number")
    return frozenset(k for k in kinds if (number := getattr(organisation, k)) and not looks_right(k, number))


# --- by whoever hosts the app


def add_organisation(kind: OrganisationKind, name: str, agb_code: str | None, place: str | None) -> UUID:
    """A new party. Raises NumberIsTaken, and Refused when one with this name is there already."""
    organisation = Organisation(kind=kind, name=name, agb_code=agb_code, place=place)
    with transaction() as db:
        if db.scalar(select(exists().where(Organisation.name == name))):
            raise Refused(str(_("Er is al een organisatie met deze naam.")))
        try:
            with db.begin_nested():
                db.add(organisation)
        except IntegrityError as taken:
            raise NumberIsTaken from taken
        return organisation.id


def invite_from_outside(organisation_name: str, invitee: Invitee) -> str:
    """The token of an invitation that whoever hosts the app hands over; no mail is sent."""
    with transaction() as db:
        return make_invitation(db, _by_name(db, organisation_name), invitee, by=None)


def link_from_outside(email: str, *, forget: bool) -> str:
    """The token of a log-in link for an account that exists.

    forget  also throw its passkeys, authenticator, codes and password away: nobody else could
    """
    with transaction() as db:
        account = db.scalar(select(Account).where(Account.email == email.lower(), Account.active))
        if account is None:
            raise Refused(str(_("Er is geen account met dit adres.")))
        if forget:
            forget_factors(db, account)
        return make_link(db, account.id)


def _by_name(db: Session, name: str) -> Organisation:
    found = db.scalar(select(Organisation).where(Organisation.name == name, Organisation.active))
    if found is None:
        raise Refused(str(_("Er is geen organisatie met deze naam.")))
    return found


def demo_accounts() -> list[Account]:
    """One account per kind of organisation and role, for the log-in page of the demo; one admin is enough."""
    with reading() as db:
        everybody = db.scalars(may_come_in().order_by(Account.created_at, Account.id))
        shown: dict[object, Account] = {}
        for account in everybody:
            work = account.role_set - {Role.ADMIN}
            shown.setdefault((account.organisation.kind, work) if work else Role.ADMIN, account)
        return list(shown.values())
