"""A request in words: its headline, its moments, and every code as a word. For templates."""

from collections.abc import Sequence

from wijkapp.capacity.rules import DAYPARTS
from wijkapp.directory.rules import Distance
from wijkapp.kit.forms import language_names
from wijkapp.kit.words import gettext as _
from wijkapp.kit.words import lazy, ngettext
from wijkapp.matching import reasons
from wijkapp.matching.answering import Habit
from wijkapp.matching.models import CareRequest
from wijkapp.matching.ranking import Reason
from wijkapp.matching.rare import Where
from wijkapp.matching.rules import Answer, RequestStatus
from wijkapp.matching.service.lists import Line
from wijkapp.matching.service.words import Names

DISTANCES = {
    Distance.WIJK: lazy("in deze wijk"),
    Distance.NEIGHBOUR: lazy("wijk ernaast"),
    Distance.REGION: lazy("verderop in de regio"),
}

NEARNESS = frozenset({Reason.IN_WIJK, Reason.NEIGHBOUR, Reason.IN_REGION})

DAYS = 7
PARTS = 4

_STATUS_TAG = {
    RequestStatus.OPEN: "few",
    RequestStatus.OFFERED: "ok",
    RequestStatus.MATCHED: "ok",
    RequestStatus.HANDED_OVER: "ok",
    RequestStatus.IN_CARE: "ok",
    RequestStatus.UNFILLABLE: "full",
}
_ANSWER_TAG = {Answer.OFFERED: "ok", Answer.DECLINED: "full", Answer.SEEN: "", Answer.SILENT: "stale"}


def headline(request: CareRequest | Line, names: Names) -> str:
    """What is asked, in one line: Wondzorg complex, 2× per dag. Skills say more than the product."""
    skills = [names.skills.get(code, code) for code in request.skills]
    products = [names.products.get(code, code) for code in request.products]
    care = ", ".join(_(name) for name in skills or products)
    return _("%(care)s, %(often)s", care=care, often=often(request.moments))


def where(one: CareRequest | Line, own: bool = False) -> str:
    """Where the care is asked: all of it to who asks, to others as precisely as they may know."""
    wijk, municipality = (
        (one.wijk, one.municipality) if isinstance(one, Line) else (one.wijk.name, one.wijk.municipality)
    )
    if own or one.shown_where is Where.PC4:
        return f"{one.pc4} {wijk}"
    return municipality if one.shown_where is Where.MUNICIPALITY else _("wijk %(name)s", name=wijk)


def spot(request: CareRequest, own: bool = False) -> str:
    """The same in one word, to call a request by: 3524, Zuid or Utrecht."""
    shown = Where.PC4 if own else request.shown_where
    return {
        Where.PC4: request.pc4,
        Where.WIJK: request.wijk.name,
        Where.MUNICIPALITY: request.wijk.municipality,
    }[shown]


def often(moments: Sequence[int]) -> str:
    """2× per dag when each day is the same, 9× per week otherwise."""
    per_day = {sum(moments[day * PARTS : (day + 1) * PARTS]) for day in range(DAYS)}
    if len(per_day) == 1:
        return _("%(n)s× per dag", n=per_day.pop())
    return _("%(n)s× per week", n=sum(moments))


def dayparts(moments: Sequence[int]) -> str:
    """The dayparts in which something is asked: ochtend, avond."""
    return ", ".join(_(part) for row, part in enumerate(DAYPARTS) if any(moments[row::PARTS]))


def status(one: RequestStatus) -> str:
    return str(reasons.STATUSES[one])


def status_tag(one: RequestStatus) -> str:
    return _STATUS_TAG.get(one, "stale")


def answer(one: Answer) -> str:
    return str(reasons.ANSWERS[one])


def answer_tag(one: Answer) -> str:
    return _ANSWER_TAG[one]


def why(codes: Sequence[str]) -> str:
    """The reasons of a rank as one sentence."""
    return ", ".join(str(reasons.REASONS[code]) for code in codes)  # type: ignore[index]


def why_us(codes: Sequence[str], request: CareRequest) -> str:
    """The same to the provider itself: how near it is would tell the wijk where only the town is told."""
    hidden = NEARNESS if request.shown_where is Where.MUNICIPALITY else frozenset()
    return why([code for code in codes if code not in hidden])


def usually(habit: Habit) -> str:
    """How a provider answers, as the app reckons with it; empty as long as it does not know."""
    minutes = habit.usual_minutes()
    if minutes is None or habit.known < ENOUGH_KNOWN:
        return ""
    rounded = max(round(minutes), 1)
    if rounded < 90:
        span = ngettext("%(num)s minuut", "%(num)s minuten", rounded)
    else:
        span = _("%(hours)s uur", hours=round(rounded / 60))
    return _(
        "Jullie antwoorden meestal binnen %(span)s. Daarmee rekent de app uit hoeveel telefoons er gaan.",
        span=span,
    )


ENOUGH_KNOWN = 3
"""Times rung before anything is said about it."""


def declined(code: str) -> str:
    return str(reasons.DECLINES[code])  # type: ignore[index]


def urgency(code: str) -> str:
    return str(reasons.URGENCIES[code])  # type: ignore[index]


def outside(code: str) -> str:
    """Where care was found when nobody here could give it."""
    return str(reasons.OUTSIDE[code])  # type: ignore[index]


def withdrawn(code: str) -> str:
    return str(reasons.WITHDRAWALS[code])  # type: ignore[index]


def ehealth(code: str) -> str:
    return str(reasons.EHEALTH[code])  # type: ignore[index]


def gender(code: str) -> str:
    return str(reasons.GENDERS[code])  # type: ignore[index]


def language(code: str) -> str:
    return language_names([code])[code]


def chooser(code: str) -> str:
    return str(reasons.CHOOSERS[code])  # type: ignore[index]
