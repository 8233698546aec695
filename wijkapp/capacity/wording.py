"""Free places in words: which part of the week, and how long ago somebody looked."""

from collections.abc import Sequence
from datetime import datetime

from wijkapp.capacity import rules
from wijkapp.capacity.models import Capacity, CapacityChange
from wijkapp.capacity.rules import DAYPARTS, PauseReason, Tap
from wijkapp.capacity.service import Asking, Tapped
from wijkapp.directory.models import Team
from wijkapp.kit import time
from wijkapp.kit.words import gettext, listed, ngettext
from wijkapp.kit.words import lazy as _

PAUSE_WORDS = {
    PauseReason.HOLIDAY: _("vakantie"),
    PauseReason.PUBLIC_HOLIDAYS: _("feestdagen"),
    PauseReason.TRAINING: _("scholing"),
    PauseReason.SHORT_STAFFED: _("te weinig mensen"),
    PauseReason.ILLNESS: _("ziekte in het team"),
    PauseReason.HEAVY_CARE: _("zwaardere zorg dan normaal"),
    PauseReason.CEILING: _("plafond van de verzekeraar bereikt"),
    PauseReason.REORGANISING: _("het team verandert"),
}


def week_in_words(week: Sequence[int]) -> str:
    """ochtend en avond; ochtend op werkdagen; avond op za en zo; empty for a week without free hours.

    week  minutes a week in each of the 28 slots
    """
    parts = [gettext(DAYPARTS[part]) for part in rules.dayparts_in(week)]
    days = rules.days_in(week)
    if not parts:
        return ""
    if len(parts) == len(DAYPARTS):
        parts = [gettext("dag en nacht")]
    if len(days) == len(time.WEEKDAYS):
        return listed(parts)
    if days == rules.WORKDAYS:
        return gettext("%(parts)s op werkdagen", parts=listed(parts))
    if days == rules.WEEKEND:
        return gettext("%(parts)s in het weekend", parts=listed(parts))
    names = [gettext(time.WEEKDAYS[day]) for day in sorted(days)]
    return gettext("%(parts)s op %(days)s", parts=listed(parts), days=listed(names))


def days_ago(moment: datetime) -> int:
    """How many days ago, as a calendar in Amsterdam counts them."""
    return (time.today() - time.local(moment).date()).days


def place_of(team: Team) -> str:
    """A team among those of its own organisation: its name, with the wijk when that does not tell it."""
    if team.wijk.name.lower() in team.name.lower():
        return team.name
    return gettext("%(team)s in %(wijk)s", team=team.name, wijk=team.wijk.name)


def places_in_words(figure: Capacity | CapacityChange) -> str:
    """vol, geen plek, 2 plekken"""
    if figure.full:
        return gettext("vol")
    if not figure.places:
        return gettext("geen plek")
    return ngettext("%(num)s plek", "%(num)s plekken", figure.places)


def asked_in_words(asking: Asking) -> str:
    """Rivierenwijk: verpleging 2 plekken, wondzorg vol."""
    lines = [
        gettext("%(care)s %(places)s", care=product.word.lower(), places=places_in_words(figure))
        for product, figure in asking.lines
    ]
    return gettext("%(wijk)s: %(lines)s.", wijk=asking.team.wijk.name, lines=", ".join(lines))


def tapped_in_words(tapped: Tapped) -> tuple[str, str]:
    """What one tap did, as a title and a sentence."""
    if tapped.tap is Tap.FULL:
        return gettext("Jullie staan op vol"), gettext("Tik om iets te wijzigen.")
    return gettext("Bevestigd"), ngettext(
        "%(num)s cijfer klopt nog. Dank je wel.", "%(num)s cijfers kloppen nog. Dank je wel.", tapped.figures
    )
