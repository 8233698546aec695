"""What came of each clause of an agreement, in words."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from wijkapp.agreements import rota_words, wording
from wijkapp.agreements.wording import Clause, Part
from wijkapp.kit.words import gettext as _
from wijkapp.kit.words import ngettext
from wijkapp.oversight.region_wording import NONE, pace, percent, share, within
from wijkapp.oversight.rules.picture import Pace
from wijkapp.oversight.service.evidence import Duties, Evidence, Group, Measured

_WIJK: dict[str, Callable[[Measured], str]] = {
    "answer_within": lambda one: percent(one.shown.in_time),
    "rounds": lambda one: _times(one.shown.offer),
    "wanted_chance": lambda one: _times(one.shown.answer),
    "escalation": lambda one: percent(one.shown.placed),
    "fresh_for": lambda one: share(one.stale) if one.stale is not None else NONE,
    "remind_capacity": lambda one: share(one.stale) if one.stale is not None else NONE,
}
_DUTIES: dict[str, Callable[[Duties], str]] = {
    "blocks": lambda all_of: percent(all_of.filled),
    "publish_ahead": lambda all_of: _days(all_of.ahead),
    "check_in_within": lambda all_of: percent(all_of.there),
    "on_site_within": lambda all_of: percent(all_of.on_site),
    "confirm_within": lambda all_of: percent(all_of.confirmed),
}


def _times(one: Pace) -> str:
    if one.median is None:
        return NONE
    half = _("de helft %(within)s", within=within(one.median))
    return f"{half}, {pace(one)}" if pace(one) else half


def _days(ahead: timedelta | None) -> str:
    if ahead is None:
        return NONE
    return ngettext("minstens %(num)s dag ervoor", "minstens %(num)s dagen ervoor", max(ahead.days, 0))


def parts(group: Group) -> Sequence[Part]:
    return wording.parts(group.terms)


def figures(group: Group, clause: Clause) -> Sequence[tuple[str, str]]:
    """Per wijk what it came to; nothing for a clause that has no figure."""
    told = _WIJK.get(clause.names[0])
    return [(one.wijk.name, told(one)) for one in group.wijken] if told else []


def rota_parts(page: Evidence) -> Sequence[Part]:
    """Who looks from outside sees no numbers of one provider, so not the key."""
    if page.rota is None:
        return []
    return [
        Part(
            part.title,
            tuple(one for one in part.clauses if not (page.from_outside and one.names[0] == "key")),
        )
        for part in rota_words.parts(page.rota, page.names)
    ]


def duty_figure(page: Evidence, clause: Clause) -> str:
    """What it came to in the region; empty for a clause that has no figure."""
    told = _DUTIES.get(clause.names[0])
    return told(page.duties) if told and page.duties else ""
