"""What the forms about an agreement have in common: messages, and lists to choose from."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from wtforms import SelectChoice  # type: ignore[attr-defined]  # newer than the types
from wtforms.validators import DataRequired, InputRequired, Length

from wijkapp.kit.forms import Needed
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Account

CHOOSE = InputRequired(_("Kies iets uit de lijst."))
A_DAY = Needed(_("Kies een dag."))
FILL_IN = DataRequired(_("Vul dit in."))


def at_most(most: int) -> Length:
    return Length(max=most, message=_("Houd het korter: hooguit %(most)s tekens.", most=most))


def listed(words: Mapping[StrEnum, object], only: Collection[StrEnum] | None = None) -> list[SelectChoice]:
    """Values with their words; only: in this order."""
    chosen = words if only is None else {one: words[one] for one in only}
    return [SelectChoice(one.value, word) for one, word in chosen.items()]


def colleagues(people: Iterable[Account]) -> list[SelectChoice]:
    """People, each with where they work."""
    return [SelectChoice(str(one.id), f"{one.name}, {one.organisation.name}") for one in people]
