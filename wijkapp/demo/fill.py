"""Puts the demo region in the database: places, organisations, people, teams and what they have free."""

import unicodedata
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from datetime import time as hour
from hashlib import sha256
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy.orm import Session

from wijkapp.agreements import rules
from wijkapp.agreements.models import TermsVersion
from wijkapp.demo import figures
from wijkapp.demo.parties import OTHERS, PROVIDERS, Care, Party, Person
from wijkapp.demo.region import BORDERS, MUNICIPALITY, REGION, WIJKEN
from wijkapp.directory.models import (
    ContactPerson,
    Postcode,
    Region,
    RegionOrganisation,
    Team,
    Wijk,
    WijkNeighbour,
)
from wijkapp.directory.rules import ContactDuty
from wijkapp.kit import time
from wijkapp.kit.db import new_id
from wijkapp.people.models import Account, AccountRole, Organisation, OrganisationPaper
from wijkapp.people.rules import PROVIDERS as PROVIDER_KINDS
from wijkapp.people.rules import OrganisationKind, PaperKind, Role, WtzaStatus

STARTED = timedelta(days=200)  # how long ago everybody began


@dataclass
class Filled:
    """What was made, by name."""

    wijken: dict[str, Wijk] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)


def fill(db: Session) -> Filled:
    """The whole region, within the caller's transaction."""
    made, region = Filled(), Region(id=new_id(), name=REGION)
    db.add(region)
    _places(db, made, region)
    for number, party in enumerate((*PROVIDERS, *OTHERS), 1):
        _party(db, made, number, party)
        db.add(RegionOrganisation(region_id=region.id, organisation_id=made.organisations[party.name].id))
        db.flush()
    for party in PROVIDERS:
        if party.care:
            _teams(db, made, party, party.care)
    _terms(db, made)
    figures.write(db)
    return made


def _terms(db: Session, made: Filled) -> None:
    """The wijken agreed as the defaults have it, but somebody who tries the demo by night is answered too."""
    maker = next(one for one in made.accounts.values() if Role.COORDINATOR in one.role_set)
    for number, wijk in enumerate(made.wijken.values()):
        agreed = replace(rules.DEFAULTS, quiet=(hour(0), hour(0)), public_figures=number == 0)
        since = time.now() - STARTED
        db.add(
            TermsVersion(
                wijk_id=wijk.id, valid_from=since, clauses=agreed, made_by_id=maker.id, made_at=since
            )
        )


def _places(db: Session, made: Filled, region: Region) -> None:
    code, municipality = MUNICIPALITY
    db.flush()
    for number, place in enumerate(WIJKEN, 1):
        made.wijken[place.name] = wijk = Wijk(
            id=new_id(),
            code=place.code,
            name=place.name,
            municipality_code=code,
            municipality=municipality,
            region_id=region.id,
            inhabitants=place.inhabitants,
            shared_phone=f"+31300000{900 + number}",
            shared_mail=f"wijk{number}@wijkapp.example",
        )
        db.add(wijk)
        db.flush()
        db.add_all(
            Postcode(pc4=pc4, place=municipality, latitude=latitude, longitude=longitude, wijk_id=wijk.id)
            for pc4, (latitude, longitude) in place.postcodes.items()
        )
    for one, other in BORDERS:
        a, b = made.wijken[one].id, made.wijken[other].id
        db.add_all([WijkNeighbour(wijk_id=a, neighbour_id=b), WijkNeighbour(wijk_id=b, neighbour_id=a)])


def _party(db: Session, made: Filled, number: int, party: Party) -> None:
    joined = time.now() - STARTED
    organisation = Organisation(
        id=uuid5(NAMESPACE_URL, f"wijkapp-demo-{party.domain}"),  # ranking shuffles equals by it
        kind=party.kind,
        name=party.name,
        agb_code=f"99{number:06d}",
        kvk_number=f"{number:08d}",
        wtza_status=_wtza(party.kind),
        phone=f"+31300000{number:03d}",
        email=f"info@{party.domain}.example",
        place=MUNICIPALITY[1],
        joined_at=joined,
    )
    made.organisations[party.name] = organisation
    db.add(organisation)
    db.flush()
    for person in party.people:
        _person(db, made, organisation, party, person, joined)
    if organisation.is_provider:
        _papers(db, organisation, number)


def _papers(db: Session, organisation: Organisation, number: int) -> None:
    """All of them valid; of most the insurance is the first to be renewed."""
    today = time.today()
    for kind, days in ((PaperKind.INSURANCE, 40), (PaperKind.QUALITY, 300)):
        until = today + timedelta(days=days + 9 * number)
        db.add(OrganisationPaper(organisation_id=organisation.id, kind=kind, valid_until=until))


def _wtza(kind: OrganisationKind) -> WtzaStatus:
    if kind not in PROVIDER_KINDS:
        return WtzaStatus.EXEMPT
    return WtzaStatus.REPORTED if kind is OrganisationKind.SOLO else WtzaStatus.LICENSED


def _person(
    db: Session, made: Filled, organisation: Organisation, party: Party, person: Person, joined: datetime
) -> None:
    number = len(made.accounts) + 1
    account = Account(
        id=new_id(),
        organisation_id=organisation.id,
        name=person.name,
        email=address(person.name, party.domain),
        phone=f"+316000{number:05d}",
        job_title=person.title,
        big_number=f"{number:09d}30" if person.title.endswith("verpleegkundige") else None,
        created_at=joined + timedelta(minutes=number),
        # The same after starting over, so that a printed log-in link keeps working.
        fs_uniquifier=sha256(f"demo {person.name}".encode()).hexdigest()[:16],
    )
    made.accounts[person.name] = account
    db.add(account)
    db.flush()
    db.add_all(AccountRole(account_id=account.id, role=role) for role in person.roles)


def address(name: str, domain: str) -> str:
    """samira.wolderink@wilgenwoud.example"""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return f"{plain.replace(' ', '.')}@{domain}.example"


def _teams(db: Session, made: Filled, party: Party, care: Care) -> None:
    organisation = made.organisations[party.name]
    nurses = [made.accounts[person.name] for person in party.people if Role.NURSE in person.roles]
    for number, name in enumerate(care.wijken):
        wijk = made.wijken[name]
        team = Team(
            id=new_id(),
            organisation_id=organisation.id,
            wijk_id=wijk.id,
            name=f"Team {name}",
            phone=organisation.phone,
            products=care.products,
            skills=care.skills,
            highest_level=care.level,
            languages=care.languages,
            contracts=care.contracts,
        )
        db.add(team)
        db.flush()
        _contacts(db, team, nurses, number)


def _contacts(db: Session, team: Team, nurses: list[Account], number: int) -> None:
    """Contact person and deputy take turns over the wijken; where there is a third nurse, one hands over."""
    began, today = (time.now() - STARTED).date(), time.today()
    contact, deputy = nurses[number % 2 % len(nurses)], nurses[(number + 1) % 2 % len(nurses)]
    leaves = today + timedelta(days=12) if len(nurses) > 2 and number == 4 else None
    face = _contact(team, contact, ContactDuty.CONTACT, began, leaves)
    db.add(face)
    if leaves:
        successor = _contact(team, nurses[2], ContactDuty.CONTACT, today - timedelta(days=2), None)
        db.add(successor)
        db.flush()
        face.successor_id = successor.id
    if deputy is not contact:
        db.add(_contact(team, deputy, ContactDuty.DEPUTY, began, None))


def _contact(
    team: Team, account: Account, duty: ContactDuty, first: date, last: date | None
) -> ContactPerson:
    return ContactPerson(
        id=new_id(),
        organisation_id=team.organisation_id,
        wijk_id=team.wijk_id,
        account_id=account.id,
        duty=duty,
        valid_from=first,
        valid_until=last,
    )
