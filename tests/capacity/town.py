"""A team that somebody keeps, a colleague, and people who have nothing to do with it."""

from datetime import datetime, timedelta
from datetime import time as hour

from sqlalchemy import select

from tests.capacity.make import Make
from wijkapp.agreements.models import TermsVersion
from wijkapp.agreements.rules import Terms
from wijkapp.capacity.models import Capacity, CapacityAsk
from wijkapp.directory.rules import ContactDuty
from wijkapp.kit import time
from wijkapp.kit.outbox import Event
from wijkapp.people.models import Account
from wijkapp.people.rules import Role

TUESDAY = datetime(2026, 11, 24, 9, tzinfo=time.AMSTERDAM)


class Town:
    """Anna is the contact person of a team with two figures, Daan her deputy; Carla works elsewhere."""

    def __init__(self, make: Make) -> None:
        self.make, self.db = make, make.db
        make.product()
        make.product("wondzorg", "Wondzorg", position=1)
        own = make.organisation("Zorg Dichtbij")
        self.anna = make.account(own, Role.NURSE, name="Anna de Wit")
        self.daan = make.account(own, Role.PLANNER, name="Daan Mol")
        self.bram = make.account(own, Role.ADMIN, name="Bram Smit")
        self.carla = make.account(None, Role.NURSE, name="Carla Kroon")
        self.wijk = make.wijk("Lunetten")
        make.contact(self.anna, self.wijk)
        make.contact(self.daan, self.wijk, ContactDuty.DEPUTY)
        self.team = make.team(own, self.wijk, name="Team Lunetten", products=("verpleging", "wondzorg"))
        self.agrees()

    def agrees(self, **clauses: object) -> None:
        """The wijk agreed on this; by itself on quiet hours from ten to seven."""
        terms = Terms(**{"quiet": (hour(22), hour(7))} | clauses)
        since = datetime(2020, 1, 1, tzinfo=time.AMSTERDAM) + timedelta(days=len(clauses))
        self.make._keep(
            TermsVersion(
                wijk_id=self.wijk.id, valid_from=since, clauses=terms, made_by_id=self.bram.id, made_at=since
            )
        )

    def figure(self, product: str = "verpleging", places: int = 2, **more: object) -> Capacity:
        """One that Anna confirmed just now."""
        return self.make.capacity(self.team, product, places, confirmed_by_id=self.anna.id, **more)

    def now(self, figure: Capacity) -> Capacity:
        return self.db.get_one(Capacity, figure.id, populate_existing=True)

    def asked(self) -> list[CapacityAsk]:
        return list(self.db.scalars(select(CapacityAsk).order_by(CapacityAsk.id)))

    def told(self, name: str = "capacity.remind") -> list[str]:
        """Who was told so, by first name."""
        names = select(Account.name).join(Event, Event.to_id == Account.id).where(Event.name == name)
        return [one.split()[0] for one in self.db.scalars(names.order_by(Event.id))]
