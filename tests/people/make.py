"""Makes the people and organisations that a test's sentence does not mention."""

from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkapp.kit import letters
from wijkapp.kit.letters import Letter
from wijkapp.people import service
from wijkapp.people.models import Account, AccountRole, Organisation
from wijkapp.people.rules import OrganisationKind, Role
from wijkapp.people.service import Invitee


class Make:
    """One method per noun; what you do not give is made up."""

    def __init__(self, db: Session) -> None:
        self.db = db
        self._numbers = count(1)

    def organisation(self, kind: OrganisationKind = OrganisationKind.HOME_CARE, **more: Any) -> Organisation:
        more.setdefault("name", f"Thuiszorg {next(self._numbers)}")
        organisation = Organisation(kind=kind, **more)
        self.db.add(organisation)
        self.db.flush()
        return organisation

    def account(self, organisation: Organisation | None = None, *roles: Role, **more: Any) -> Account:
        number = next(self._numbers)
        more.setdefault("name", f"Anna {number}")
        more.setdefault("email", f"anna{number}@zorg.example")
        account = Account(organisation=organisation or self.organisation(), **more)
        account.roles = [AccountRole(role=role) for role in roles or (Role.NURSE,)]
        self.db.add(account)
        self.db.flush()
        return account

    def admin(self, organisation: Organisation | None = None, **more: Any) -> Account:
        return self.account(organisation, Role.ADMIN, **more)

    def invitation(self, admin: Account, email: str = "bram@zorg.example", *roles: Role) -> str:
        """The token in the mail."""
        service.invite(admin, Invitee(email, "Bram", frozenset(roles or (Role.NURSE,))))
        return self.last_letter(email)["token"]

    def letters(self, to: str) -> list[Letter]:
        return list(self.db.scalars(select(Letter).where(Letter.to_address == to).order_by(Letter.id)))

    def last_letter(self, to: str) -> dict[str, str]:
        return letters.words_of(self.letters(to)[-1])
