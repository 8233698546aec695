"""Makes everything about the journey of a care request that a test's sentence does not mention."""

from dataclasses import dataclass
from uuid import UUID

from tests.capacity.make import EVERY_MORNING
from tests.capacity.make import Make as MakeCapacity
from wijkapp.agreements.rules import Urgency
from wijkapp.directory.models import Region, Team, Wijk
from wijkapp.directory.rules import ContactDuty
from wijkapp.kit import time
from wijkapp.kit.db import new_id
from wijkapp.matching import service
from wijkapp.matching.models import CareRequest
from wijkapp.matching.rules import Chooser
from wijkapp.matching.service import Profile
from wijkapp.people.models import Account, Organisation
from wijkapp.people.rules import OrganisationKind, Role

ONE_A_MORNING = tuple(int(minutes > 0) for minutes in EVERY_MORNING)
WEEK = 210  # minutes: half an hour each morning


def profile(pc4: str = "3524", **more: object) -> Profile:
    """What somebody asks for."""
    return Profile(
        **{
            "pc4": pc4,
            "products": ("verpleging",),
            "skills": (),
            "moments": ONE_A_MORNING,
            "minutes_per_week": WEEK,
            "urgency": Urgency.DAY,
            "start_on": time.today(),
        }
        | more
    )


def posted(by: Account, form_id: UUID | None = None, **more: object) -> UUID:
    """A request that was sent. Opens its own transaction."""
    return service.post_request(by, form_id or new_id(), profile(**more))


def offered(by: Account, request_id: UUID, minutes_per_week: int = WEEK) -> UUID:
    """An offer that starts today. Opens its own transaction."""
    return service.offer(by, request_id, time.today(), minutes_per_week)


def chosen(by: Account, offer_id: UUID) -> UUID:
    """The choice of the client, recorded. Opens its own transaction."""
    return service.choose_offer(by, offer_id, Chooser.CLIENT)


@dataclass(frozen=True)
class Provider:
    """An organisation with one team in one wijk."""

    organisation: Organisation
    team: Team
    nurse: Account  # its contact person
    deputy: Account | None


@dataclass(frozen=True)
class Town:
    """A region of three wijken: PC4 3524, the wijk next to it (3525) and one further on (3526)."""

    region: Region
    here: Wijk
    near: Wijk
    far: Wijk
    referrer: Account  # a huisarts
    coordinator: Account  # the wijkregisseur


class Make(MakeCapacity):
    def town(self, pc4: int = 3524) -> Town:
        self.product()
        practice = self.organisation("Huisartsen Lunetten", OrganisationKind.GP_PRACTICE)
        municipality = self.organisation("Gemeente", OrganisationKind.MUNICIPALITY)
        region = self.region(members=[practice, municipality])
        here = self.wijk("Lunetten", region=region, pc4=[str(pc4)])
        return Town(
            region=region,
            here=here,
            near=self.wijk("Hoograven", region=region, pc4=[str(pc4 + 1)], next_to=[here]),
            far=self.wijk("Overvecht", region=region, pc4=[str(pc4 + 2)]),
            referrer=self.account(practice, Role.REFERRER),
            coordinator=self.account(municipality, Role.COORDINATOR),
        )

    def provider(
        self,
        wijk: Wijk,
        places: int | None = 2,
        name: str | None = None,
        deputy: bool = False,
        full: bool = False,
        **team: object,
    ) -> Provider:
        """places: free places it published for `verpleging`; None: it published nothing."""
        organisation = self.organisation(name)
        made = self.team(organisation, wijk, **team)
        nurse = self.account(organisation, Role.NURSE)
        self.contact(nurse, wijk)
        second = self.account(organisation, Role.NURSE) if deputy else None
        if second:
            self.contact(second, wijk, ContactDuty.DEPUTY)
        if places is not None:
            self.capacity(made, places=places, full=full)
        return Provider(organisation, made, nurse, second)

    def request(self, by: Account, **more: object) -> CareRequest:
        """A request that was sent, through the service: everybody it reaches has been told."""
        return self.db.get_one(CareRequest, posted(by, **more))
