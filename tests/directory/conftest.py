"""What the tests of the sociale kaart may ask for."""

from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from tests.directory.make import Make
from wijkapp.directory import service
from wijkapp.directory.models import Region, Wijk
from wijkapp.people.models import Account, Organisation
from wijkapp.people.rules import Role


@pytest.fixture
def make(db: Session) -> Make:
    return Make(db)


@dataclass(frozen=True)
class Home:
    """Anna's organisation, and a wijk of the region that it takes part in."""

    organisation: Organisation
    region: Region
    wijk: Wijk
    anna: Account  # admin
    bram: Account  # nurse at the same organisation
    carla: Account  # admin of a provider in another region


@pytest.fixture
def home(db: Session, make: Make) -> Home:
    service.seed_reference(db)
    organisation, other = make.organisation("Zorg Dichtbij"), make.organisation("Zorg Ver Weg")
    region = make.region("Utrecht-Zuid", members=[organisation])
    make.team(other, make.wijk("Overvecht", region=make.region("Noord", members=[other])))
    return Home(
        organisation=organisation,
        region=region,
        wijk=make.wijk("Lunetten", region=region, pc4=["3524", "3525"], code="WK034407"),
        anna=make.account(organisation, Role.ADMIN, name="Anna de Wit"),
        bram=make.account(organisation, Role.NURSE, name="Bram Smit"),
        carla=make.account(other, Role.ADMIN, name="Carla Kok"),
    )
