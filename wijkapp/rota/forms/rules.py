"""The figures of the law for work and rest, as a wijkregisseur fills them in."""

from datetime import date
from fractions import Fraction
from typing import Any, cast

from wtforms import BooleanField, HiddenField

from wijkapp.agreements.rule_sets import Figure, RuleSet
from wijkapp.kit import time
from wijkapp.kit.forms import Day, Form, Needed
from wijkapp.kit.numbers import Number
from wijkapp.kit.words import gettext
from wijkapp.kit.words import lazy as _


class RulesForm(Form):
    """The figures for work and rest; each has a field, see `rules_form_for`. Nothing typed: it is off."""

    seen = HiddenField()
    valid_from = Day(_("Geldt vanaf"), [Needed(_("Kies een dag."))])

    names: tuple[str, ...] = ()

    @property
    def figures(self) -> dict[str, Figure]:
        """What was typed, by name; `check` went before."""
        return {name: _figure(self[f"rule_{name}"].data) for name in self.names}

    @property
    def first_day(self) -> date:
        assert self.valid_from.data is not None  # noqa: S101 - check() saw to it
        return self.valid_from.data


def _figure(typed: Fraction | bool | None) -> Figure:
    if typed is None or isinstance(typed, bool):
        return typed or None
    return int(typed) if typed.denominator == 1 else float(typed)


def rules_form_for(rules: RuleSet, seen: str) -> RulesForm:
    """The form as these rules fill it in."""
    fields: dict[str, Any] = {}
    filled: dict[str, Any] = {"seen": seen, "valid_from": time.today()}
    for name, rule in rules.rules.items():
        is_switch = isinstance(rule.value, bool) or not rule.unit
        title = gettext(rule.title)
        fields[f"rule_{name}"] = (
            BooleanField(title) if is_switch else Number(title, most=10_000, optional=True)
        )
        filled[f"rule_{name}"] = rule.value if is_switch or rule.value is None else Fraction(str(rule.value))
    kind = type("RulesForm", (RulesForm,), fields | {"names": tuple(rules.rules)})
    return cast(RulesForm, kind(data=filled))
