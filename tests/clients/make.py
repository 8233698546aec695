"""Makes a client's file, its parties and what the client said, when a test's sentence does not mention it."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import select

from tests.directory.make import Make as MakeDirectory
from wijkapp.clients import service
from wijkapp.clients.models import ClientFile
from wijkapp.clients.rules import GivenBy, How, Purpose, Scope
from wijkapp.clients.service import consent, vault
from wijkapp.clients.service.audit import Seat
from wijkapp.clients.service.consent import Given, Objection
from wijkapp.kit.db import new_id, transaction
from wijkapp.people.models import Account, Organisation
from wijkapp.people.rules import OrganisationKind, Role

ROOS = vault.Person(
    name="Roos van der Velden",
    birth_date=date(1941, 3, 9),
    address="Kanaalweg 12, 3524 AB Utrecht",
    phone="030 555 01 23",
    contact="Dochter Marijke, 06 555 01 234",
    entry="Sleutelkluis 4471",
)
SBAR = vault.Sbar("Gevallen in huis", "Woont alleen", "Heup pijnlijk", "Twee keer per dag wassen")
TOMORROW = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)


def seat(account: Account) -> Seat:
    """Where this person sits, as a door would say."""
    return Seat(account, account.role_set, account.organisation, "192.0.2.7", None)


@dataclass(frozen=True)
class Case:
    """One client, placed by a practice with a provider."""

    file_id: UUID
    about: UUID
    practice: Organisation
    provider: Organisation
    asker: Account  # the huisarts: asks for consent
    nurse: Account  # of the provider
    planner: Account  # of the provider
    admin: Account  # of the provider; has no role for clients
    carla: Account  # a nurse of another organisation in the same region

    def scopes(self, provider: Scope = Scope.ALL, practice: Scope = Scope.ALL) -> dict[UUID, Scope]:
        return {self.provider.id: provider, self.practice.id: practice}


class Make(MakeDirectory):
    def case(self, *, consented: bool = False, filled: bool = False) -> Case:
        """consented: to everything, for both; filled: and there is something in it."""
        case = self.opened(self.parties())
        if consented or filled:
            self.consented(case)
        if filled:
            self.filled(case)
        return case

    def parties(self) -> Case:
        """The people and organisations; there is no file yet."""
        practice = self.organisation("Huisartsen Lunetten", OrganisationKind.GP_PRACTICE)
        provider = self.organisation("Zorg Oost")
        other = self.organisation("Zorg West")
        self.region(members=[practice, provider, other])
        return Case(
            file_id=new_id(),
            about=new_id(),
            practice=practice,
            provider=provider,
            asker=self.account(practice, Role.REFERRER, name="Anna Asker"),
            nurse=self.account(provider, Role.NURSE, name="Noor Nurse"),
            planner=self.account(provider, Role.PLANNER, name="Piet Planner"),
            admin=self.account(provider, Role.ADMIN, name="Bea Beheer"),
            carla=self.account(other, Role.NURSE, name="Carla Elders"),
        )

    def opened(self, case: Case) -> Case:
        """The client was placed. Opens its own transaction."""
        contacts = {case.practice.id: case.asker.id, case.provider.id: case.nurse.id}
        with transaction() as db:
            file_id = service.open_file(
                db,
                about=case.about,
                source=case.practice.id,
                receiver=case.provider.id,
                contacts=contacts,
            )
        return replace(case, file_id=file_id)

    def consented(self, case: Case, **more: object) -> UUID:
        """The client said yes. Opens its own transaction."""
        said = {"given_by": GivenBy.CLIENT, "how": How.SPOKEN, "purposes": (Purpose.HANDOVER,)}
        given = Given(**said | {"scopes": case.scopes()} | more)
        return consent.record(case.asker, seat(case.asker), case.file_id, given)

    def objected(self, case: Case, by: Account | None = None, **more: object) -> UUID:
        """The client objects. Opens its own transaction."""
        by = by or case.asker
        no = Objection(GivenBy.CLIENT, How.SPOKEN, **more)
        return consent.record_objection(by, seat(by), case.file_id, no)

    def filled(self, case: Case) -> None:
        """Something of each kind."""
        asker, file_id = case.asker, case.file_id
        vault.write_identity(asker, seat(asker), file_id, ROOS)
        vault.write_handover(asker, seat(asker), file_id, SBAR)
        vault.add_appointment(asker, seat(asker), file_id, TOMORROW, "Wondzorg", case.provider.id)
        vault.add_report(asker, seat(asker), file_id, "Mevrouw at goed vandaag")

    def code(self, case: Case) -> str:
        return self.db.scalars(select(ClientFile.code).where(ClientFile.id == case.file_id)).one()
