"""The clauses in Dutch B1: what was agreed, and what the app does because of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time as hour
from datetime import timedelta
from typing import Any

from wijkapp.agreements.rules import DEFAULTS, Escalation, Terms, Urgency
from wijkapp.directory.rules import Distance
from wijkapp.kit import time
from wijkapp.kit.words import gettext, ngettext
from wijkapp.kit.words import lazy as _

URGENCIES = {
    Urgency.TODAY: _("Vandaag nodig"),
    Urgency.DAY: _("Binnen 24 uur"),
    Urgency.THREE_WORKDAYS: _("Binnen 3 werkdagen"),
    Urgency.PLANNED: _("Op datum"),
}

ROUNDS: dict[str, Any] = {
    "near_first": _("Eerst de wijk en de wijken ernaast, dan de hele regio"),
    "wijk_first": _("Eerst de wijk, dan de wijken ernaast, dan de hele regio"),
    "near_only": _("Alleen de wijk en de wijken ernaast"),
    "all_at_once": _("Meteen de hele regio"),
}

_PLACES = {
    Distance.WIJK: _("de wijk"),
    Distance.NEIGHBOUR: _("de wijken ernaast"),
    Distance.REGION: _("de hele regio"),
}

_STEPS = {
    Escalation.COORDINATOR: _("de wijkregisseur hoort het"),
    Escalation.SHARED_MAIL: _("de mailgroep van de wijk krijgt een mail"),
    Escalation.UNFILLABLE: _("de zorgvraag is niet plaatsbaar"),
}

_NO_FIGURE = _("Dit doet de app zelf, elke keer. Hier hoort geen cijfer bij.")
_TOO_OLD = _("Welk deel van de cijfers over vrije plekken te oud is.")

MEASURED: dict[str, Any] = {
    "answer_within": _("Welk deel van de zorgvragen op tijd een passend aanbod krijgt."),
    "rounds": _("Hoe lang het duurt tot het eerste passende aanbod."),
    "wanted_chance": _("Hoe lang het duurt tot het eerste antwoord."),
    "quiet": _NO_FIGURE,
    "take_back_within": _NO_FIGURE,
    "escalation": _("Welk deel van de zorgvragen geplaatst wordt."),
    "fresh_for": _TOO_OLD,
    "remind_capacity": _TOO_OLD,
    "hold_while_offered": _NO_FIGURE,
    "messages_kept": _NO_FIGURE,
    "public_figures": _NO_FIGURE,
    "blocks": _("Welk deel van de diensten bezet was, zonder de achterwacht."),
    "key": _("Punten tegenover het deel. De partijen zien dat bij het rooster."),
    "holiday_times": _NO_FIGURE,
    "publish_ahead": _("Hoe lang voor de eerste dag een rooster klaar was. De kortste tijd telt."),
    "swap_approval": _NO_FIGURE,
    "undo_within": _NO_FIGURE,
    "check_in_within": _("Bij welk deel van de bezette diensten iemand zich op tijd aanmeldde."),
    "on_site_within": _("Bij welk deel van de oproepen iemand op tijd bij de cliënt was."),
    "confirm_within": _("Welk deel van de overdrachten op tijd is gelezen."),
}
"""By the first name of a clause: how it is measured. What it came to, oversight knows."""


@dataclass(frozen=True)
class Clause:
    """One clause. does: what the app does because of it; own: it differs from what everybody starts with.

    names   of what it is about, as in `Terms` or `RotaTerms`
    block   code of the duty it is about, when there is a clause for each
    """

    title: str
    lines: tuple[str, ...]
    does: str
    own: bool
    names: tuple[str, ...] = ()
    block: str = ""

    @property
    def measured(self) -> str:
        """How one can tell whether it works; empty where nobody said."""
        return str(MEASURED.get(self.names[0], "")) if self.names else ""


@dataclass(frozen=True)
class Part:
    title: str
    clauses: tuple[Clause, ...]


def span(length: timedelta) -> str:
    """How long: 30 minuten, 2 uur, 3 dagen."""
    minutes = int(length.total_seconds() // 60)
    if minutes % 60 or not minutes:
        return ngettext("%(num)s minuut", "%(num)s minuten", minutes)
    if minutes % (24 * 60) or minutes < 72 * 60:
        return gettext("%(hours)s uur", hours=minutes // 60)
    return ngettext("%(num)s dag", "%(num)s dagen", minutes // (24 * 60))


def parts(terms: Terms) -> tuple[Part, ...]:
    """All clauses of a wijk, in the order of a request."""
    return (
        Part(gettext("Vragen en antwoorden"), (*_asking(terms), *_ringing(terms))),
        Part(gettext("Als niemand kan"), tuple(_nobody(terms))),
        Part(gettext("Vrije plekken"), tuple(_figures(terms))),
        Part(gettext("Berichten en openbaar"), tuple(_others(terms))),
    )


def _clause(terms: Terms, names: str | tuple[str, ...], title: str, lines: list[str], does: str) -> Clause:
    names = (names,) if isinstance(names, str) else names
    own = any(getattr(terms, name) != getattr(DEFAULTS, name) for name in names)
    return Clause(title, tuple(lines), does, own, names)


def _asking(terms: Terms) -> Iterator[Clause]:
    within = [
        gettext("%(what)s: %(span)s", what=URGENCIES[urgency], span=span(terms.answer_within[urgency]))
        for urgency in Urgency
    ]
    yield _clause(
        terms,
        "answer_within",
        gettext("Zo snel antwoorden we"),
        within,
        gettext("Is die tijd om en is er geen aanbod? Dan vraagt de app de volgende ronde."),
    )
    yield _clause(
        terms,
        "rounds",
        gettext("Wie wordt gevraagd"),
        [
            gettext("Ronde %(n)s: %(where)s", n=number, where=_where(distances))
            for number, distances in enumerate(terms.rounds, 1)
        ],
        gettext("Iedereen in bereik ziet de zorgvraag en mag antwoorden, ook als de telefoon nog niet ging."),
    )


def _ringing(terms: Terms) -> Iterator[Clause]:
    yield _clause(
        terms,
        ("wanted_chance", "widen_when_short"),
        gettext("Hoeveel telefoons gaan"),
        [
            gettext("Genoeg voor %(part)s%% kans op passend aanbod", part=round(terms.wanted_chance * 100)),
            gettext("Is die kans er niet in deze ronde: meteen de volgende")
            if terms.widen_when_short
            else gettext("De volgende ronde wacht tot de tijd om is"),
        ],
        gettext(
            "De app kijkt hoe snel aanbieders eerder antwoordden. Hij belt de best passende eerst, en niet "
            "meer dan nodig. Komt er niets, dan volgen er meer."
        ),
    )
    yield _clause(
        terms,
        "quiet",
        gettext("Stille uren"),
        [_quiet(terms.quiet)],
        gettext("Dan gaat er geen telefoon en staat de tijd stil. Zorg die vandaag nodig is, gaat wel door.")
        if terms.quiet[0] != terms.quiet[1]
        else gettext("De telefoon mag op elk uur gaan. Ieders eigen stille uren voor berichten blijven."),
    )
    yield _clause(
        terms,
        "take_back_within",
        gettext("Aanbod terugnemen"),
        [gettext("Binnen %(span)s", span=span(terms.take_back_within))],
        gettext("Zo lang telt een aanbod als vergissing, ook als het al is gekozen."),
    )


def _where(distances: frozenset[Distance]) -> str:
    # A round takes in the ones before it, so the farthest says it all, but for the first two together.
    if distances == {Distance.WIJK, Distance.NEIGHBOUR}:
        return gettext("de wijk en de wijken ernaast")
    farthest = max(distances, key=list(Distance).index)
    return str(_PLACES[farthest])


def _quiet(quiet: tuple[hour, hour]) -> str:
    start, end = (time.clock(one) for one in quiet)
    return gettext("Geen") if start == end else gettext("Van %(start)s tot %(end)s", start=start, end=end)


def _nobody(terms: Terms) -> Iterator[Clause]:
    yield _clause(
        terms,
        "escalation",
        gettext("Na de laatste ronde"),
        [
            gettext("Na %(span)s: %(step)s", span=span(step.after), step=_STEPS[step.who])
            if step.after
            else gettext("Meteen: %(step)s", step=_STEPS[step.who])
            for step in terms.escalation
        ],
        gettext(
            "Elke stap gebeurt één keer. Wie zorg vroeg, hoort het ook. Wat niet plaatsbaar is, staat met de "
            "reden op de werklijst van de wijkregisseur."
        ),
    )


def _figures(terms: Terms) -> Iterator[Clause]:
    yield _clause(
        terms,
        ("fresh_for", "stale_after", "weekend_counts"),
        gettext("Hoe lang een cijfer telt"),
        [
            gettext("Telt volledig: %(span)s", span=span(terms.fresh_for)),
            gettext("Onbekend na: %(span)s", span=span(terms.stale_after)),
            gettext("Weekend en feestdagen tellen mee")
            if terms.weekend_counts
            else gettext("Weekend en feestdagen tellen niet mee"),
        ],
        gettext("Een ouder cijfer komt lager in de lijst. Daarna staat het op grijs: onbekend."),
    )
    yield _clause(
        terms,
        "remind_capacity",
        gettext("Herinneren"),
        [gettext("Ja") if terms.remind_capacity else gettext("Nee")],
        gettext("Teams krijgen een melding op hun eigen vaste moment, met ‘klopt nog’ en ‘vol’."),
    )
    yield _clause(
        terms,
        "hold_while_offered",
        gettext("Een plek die is aangeboden"),
        [gettext("Staat op ‘in gesprek’") if terms.hold_while_offered else gettext("Blijft gewoon vrij")],
        gettext("Anderen zien dat over die plek wordt gepraat. Aanbieden mag nog steeds."),
    )


def _others(terms: Terms) -> Iterator[Clause]:
    yield _clause(
        terms,
        "messages_kept",
        gettext("Berichten"),
        [gettext("Weg na %(span)s", span=span(terms.messages_kept))],
        gettext("Zo lang na het einde van een zorgvraag wist de app de berichten erover."),
    )
    yield _clause(
        terms,
        "public_figures",
        gettext("Openbare pagina"),
        [gettext("Met vrije plekken") if terms.public_figures else gettext("Zonder vrije plekken")],
        gettext("Wie hier werkt en hoe je belt, kan iedereen zien. Vrije plekken alleen met deze afspraak."),
    )
