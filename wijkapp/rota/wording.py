"""What the rota's engines found, in words: the reader's on a page, Dutch in the commands.

The engines keep facts; a sentence is made of them when somebody reads it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from wijkapp.kit.time import MONTHS, WEEKDAYS
from wijkapp.kit.words import decimal, gettext, mark, ngettext

VIOLATIONS = {
    "cover": mark("Niemand heeft de dienst van %(first)s."),
    "keep": mark("%(person)s had de dienst van %(first)s vast; nu heeft een ander die."),
    "overlap": mark("%(person)s heeft twee dingen tegelijk: van %(first)s en van %(last)s."),
    "unavailable": mark("%(person)s is er niet tijdens de dienst van %(first)s."),
    "level": mark("%(person)s heeft niveau %(found)s; de dienst van %(first)s vraagt niveau %(limit)s."),
    "exempt_nights": mark("%(person)s hoeft geen nachten, en heeft de dienst van %(first)s."),
    "shift_hours": mark("De dienst van %(first)s duurt %(found)s uur; dat mag hoogstens %(limit)s uur zijn."),
    "night_hours": mark(
        "De nachtdienst van %(first)s duurt %(found)s uur; dat mag hoogstens %(limit)s uur zijn."
    ),
    "stand_by_hours": mark(
        "De dienst van %(first)s duurt %(found)s uur; dat mag hoogstens %(limit)s uur zijn."
    ),
    "daily_rest": mark(
        "%(person)s rust %(found)s uur tussen %(first)s en de dienst van %(last)s; nodig is %(limit)s uur."
    ),
    "rest_after_night": mark(
        "%(person)s rust %(found)s uur na de nacht van %(first)s, tot %(last)s; nodig is %(limit)s uur."
    ),
    "rest_after_nights": mark(
        "%(person)s rust %(found)s uur na een reeks nachten, tot %(last)s; nodig is %(limit)s uur."
    ),
    "weekly_rest": mark(
        "%(person)s rust in zeven dagen vanaf %(first)s hoogstens %(found)s uur; nodig is %(limit)s uur."
    ),
    "longest_run": mark(
        "%(person)s heeft %(found)s diensten achter elkaar vanaf %(first)s; dat mogen er %(limit)s zijn."
    ),
    "nights": mark(
        "%(person)s heeft %(found)s nachten in %(weeks)s weken vanaf %(first)s; dat mogen er %(limit)s zijn."
    ),
    "week_hours": mark(
        "%(person)s werkt %(found)s uur in de week van %(first)s; dat mag %(limit)s uur zijn."
    ),
    "average_short": mark(
        "%(person)s werkt in %(weeks)s weken vanaf %(first)s gemiddeld %(found)s uur; %(limit)s mag."
    ),
    "average_long": mark(
        "%(person)s werkt in %(weeks)s weken vanaf %(first)s gemiddeld %(found)s uur; %(limit)s mag."
    ),
    "average_nights": mark(
        "%(person)s werkt met zoveel nachten gemiddeld %(found)s uur vanaf %(first)s; %(limit)s mag."
    ),
    "weekends_off": mark(
        "%(person)s heeft %(found)s vrije weekenden in %(weeks)s weken vanaf %(first)s; nodig: %(limit)s."
    ),
    "sundays_off": mark(
        "%(person)s heeft %(found)s vrije zondagen in %(weeks)s weken vanaf %(first)s; nodig: %(limit)s."
    ),
    "on_call_days": mark(
        "%(person)s is %(found)s dagen oproepbaar in %(weeks)s weken vanaf %(first)s; %(limit)s mag."
    ),
    "on_call_free": mark(
        "%(person)s is in %(weeks)s weken vanaf %(first)s %(found)s maal twee dagen vrij; nodig: %(limit)s."
    ),
    "on_call_before_night": mark(
        "%(person)s is oproepbaar vanaf %(first)s, te kort voor de nacht van %(last)s: %(limit)s uur."
    ),
    "on_call_after_night": mark(
        "%(person)s is oproepbaar vanaf %(last)s, te kort na de nacht van %(first)s: %(limit)s uur."
    ),
}


REASONS = {
    "unavailable": mark("Afwezig: %(people)s."),
    "level": mark("Niveau lager dan %(level)s: %(people)s."),
    "exempt_nights": mark("Hoeft geen nachten: %(people)s."),
    "elsewhere": mark("Kan niet naast werk dat al vaststaat (%(title)s): %(people)s."),
    "rule": mark("Regel: %(title)s, %(amount)s (%(source)s)."),
    "duty": mark("Deze diensten vragen dezelfde mensen: %(duties)s."),
    "nobody": mark("Er is niemand om te vragen."),
    "unproven": mark("Niemand gevonden; dat het echt niet kan, is niet bewezen."),
}
"""Why a duty stays open, by the kind of a `problem.Reason`."""

MOST_NAMES, NAMES_OF_A_CROWD = 15, 10
TOGETHER = mark("niet twee dingen tegelijk")


def violation(rule: str, person: str, first: datetime, last: datetime, figures: Mapping[str, float]) -> str:
    """What is wrong. first, last: as the clock says where the duty is."""
    words: dict[str, object] = {name: decimal(value) for name, value in figures.items()}
    words |= {"person": person, "first": moment(first), "last": moment(last)}
    return gettext(VIOLATIONS[rule], **words)


def reason(kind: str, facts: Mapping[str, Any]) -> str:
    """One reason why nobody can have a duty. kind, facts: of a `problem.Reason`."""
    words = dict(facts)
    if "people" in facts:
        words["people"] = _names(facts["people"])
    if "duties" in facts:
        words["duties"] = ", ".join(moment(datetime.fromisoformat(one)) for one in facts["duties"])
    if "figure" in facts:
        words["amount"] = amount(facts["figure"], facts["unit"])
    words |= {name: gettext(facts[name]) for name in ("title", "source") if name in facts}
    return gettext(REASONS[kind], **words)


def _names(people: Sequence[str]) -> str:
    """Of a crowd the first: a sentence is to be read."""
    if len(people) <= MOST_NAMES:
        return ", ".join(people)
    names, more = ", ".join(people[:NAMES_OF_A_CROWD]), len(people) - NAMES_OF_A_CROWD
    return gettext("%(names)s en nog %(more)s", names=names, more=more)


def moment(here: datetime) -> str:
    """za 28 mrt 2026 23:00; here: as the clock says where the duty is."""
    day, month = gettext(WEEKDAYS[here.weekday()]), gettext(MONTHS[here.month - 1])
    return f"{day} {here.day} {month} {here.year} {here:%H:%M}"


def amount(value: float, unit: str) -> str:
    """A figure of a rule with its unit: 11 uur, 36 nachtdiensten."""
    number = decimal(value)
    if unit == "uur":  # one hour and more are one word in Dutch, two in English
        return ngettext("%(number)s uur", "%(number)s uur", 1 if value == 1 else 2, number=number)
    return f"{number} {gettext(unit)}" if unit else number
