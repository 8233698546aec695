"""What a planner fills in about somebody who takes duties."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from wtforms import (  # type: ignore[attr-defined]  # SelectChoice is newer than the types
    BooleanField,
    HiddenField,
    SelectChoice,
)

from wijkapp.agreements.rota_words import LEVELS
from wijkapp.kit.forms import Choice, Form, Whole
from wijkapp.kit.numbers import Number
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Account
from wijkapp.rota.service.members import Facts, Taker


class PersonForm(Form):
    """Level, FTE, and what was done before wijkapp."""

    seen = HiddenField()
    level = Choice(_("Niveau"), choices=[SelectChoice(str(level), words) for level, words in LEVELS.items()])
    share = Number(_("FTE voor diensten"), most=2)
    exempt_nights = BooleanField(_("Geen nachten"))
    first_balance = Number(_("Saldo van vóór wijkapp"), least=-500, most=500)
    first_holidays = Whole(_("Feestdagen van vóór wijkapp"), most=200)
    active = BooleanField(_("Doet mee met diensten"))

    @classmethod
    def of(cls, taker: Taker) -> "PersonForm":
        """The form as somebody is now, also on a page where another form was sent."""
        member = taker.member
        return cls(
            formdata=None,
            data={
                "seen": taker.seen,
                "level": str(member.level),
                "share": Fraction(member.share, 100),
                "exempt_nights": member.exempt_nights,
                "first_balance": Fraction(member.first_balance, 100),
                "first_holidays": member.first_holidays,
                "active": member.active,
            },
        )

    @property
    def facts(self) -> Facts:
        """What was filled in; `check` went before."""
        return Facts(
            level=int(self.level.data),
            share=round(self.share.data * 100),
            exempt_nights=self.exempt_nights.data,
            first_balance=round(self.first_balance.data * 100),
            first_holidays=self.first_holidays.data,
            active=self.active.data,
        )


class NewPersonForm(PersonForm):
    """The same, of a colleague who is new on the list."""

    account = Choice(_("Collega"))

    @classmethod
    def among(cls, accounts: Iterable[Account], **given: Any) -> "NewPersonForm":
        start = {"level": "3", "share": Fraction(1), "first_balance": Fraction(0), "first_holidays": 0}
        form = cls(data=start | {"active": True} | given)
        form.account.choices = [
            SelectChoice(str(one.id), f"{one.name}, {one.organisation.name}") for one in accounts
        ]
        return form
