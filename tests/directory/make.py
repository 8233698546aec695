"""Makes everything in the sociale kaart that a test's sentence does not mention."""

from collections.abc import Iterable
from datetime import date
from itertools import count
from typing import TypeVar

from sqlalchemy.orm import Session

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
from wijkapp.people.models import Account, AccountRole, Organisation
from wijkapp.people.rules import OrganisationKind, Role

LONG_AGO = date(2020, 1, 1)
Thing = TypeVar("Thing")


class Make:
    """One method per noun; what you do not give is made up."""

    def __init__(self, db: Session) -> None:
        self.db = db
        self._numbers = count(1)

    def region(self, name: str | None = None, members: Iterable[Organisation] = ()) -> Region:
        region = self._keep(Region(name=name or f"Regio {next(self._numbers)}"))
        for member in members:
            self._keep(RegionOrganisation(region_id=region.id, organisation_id=member.id))
        return region

    def wijk(
        self,
        name: str = "Lunetten",
        *,
        region: Region | None = None,
        pc4: Iterable[str] = (),
        next_to: Iterable[Wijk] = (),
        code: str | None = None,
    ) -> Wijk:
        wijk = self._keep(
            Wijk(
                code=code or f"WK0344{next(self._numbers):02d}",
                name=name,
                municipality_code="GM0344",
                municipality="Utrecht",
                region_id=region.id if region else None,
            )
        )
        for number in pc4:
            self._keep(Postcode(pc4=number, place="Utrecht", wijk_id=wijk.id))
        for other in next_to:
            self._keep(WijkNeighbour(wijk_id=wijk.id, neighbour_id=other.id))
            self._keep(WijkNeighbour(wijk_id=other.id, neighbour_id=wijk.id))
        return wijk

    def organisation(
        self, name: str | None = None, kind: OrganisationKind = OrganisationKind.HOME_CARE, **more: object
    ) -> Organisation:
        return self._keep(Organisation(name=name or f"Thuiszorg {next(self._numbers)}", kind=kind, **more))

    def account(
        self,
        organisation: Organisation | None = None,
        *roles: Role,
        name: str | None = None,
        active: bool = True,
        phone: str | None = None,
    ) -> Account:
        number = next(self._numbers)
        organisation = organisation or self.organisation()
        return self._keep(
            Account(
                organisation=organisation,
                organisation_id=organisation.id,
                name=name or f"Anna {number}",
                email=f"anna{number}@zorg.example",
                fs_uniquifier=f"{number:064d}",
                roles=[AccountRole(role=role) for role in roles or (Role.NURSE,)],
                active=active,
                phone=phone,
            )
        )

    def team(
        self,
        organisation: Organisation | None = None,
        wijk: Wijk | None = None,
        name: str = "Team",
        products: tuple[str, ...] = ("verpleging",),
        **more: object,
    ) -> Team:
        organisation, wijk = organisation or self.organisation(), wijk or self.wijk()
        return self._keep(
            Team(organisation_id=organisation.id, wijk_id=wijk.id, name=name, products=products, **more)
        )

    def contact(
        self,
        account: Account,
        wijk: Wijk,
        duty: ContactDuty = ContactDuty.CONTACT,
        since: date = LONG_AGO,
        until: date | None = None,
    ) -> ContactPerson:
        return self._keep(
            ContactPerson(
                organisation_id=account.organisation_id,
                wijk_id=wijk.id,
                account_id=account.id,
                duty=duty,
                valid_from=since,
                valid_until=until,
            )
        )

    def _keep(self, thing: Thing) -> Thing:
        self.db.add(thing)
        self.db.flush()
        return thing
