"""The sentences of the rota's engines, in Dutch. `mark`ed for `make words`, so pages can translate them."""

from datetime import datetime
from zoneinfo import ZoneInfo

WEEKDAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")
MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")


def mark(text: str) -> str:
    """The text itself; the engines stay clear of Flask-Babel."""
    return text


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


def moment(value: datetime, zone: ZoneInfo) -> str:
    """za 28 mrt 2026 23:00, on a clock where the duty is."""
    here = value.astimezone(zone)
    return f"{WEEKDAYS[here.weekday()]} {here.day} {MONTHS[here.month - 1]} {here.year} {here:%H:%M}"


OPEN = {
    "unavailable": mark("Afwezig: %(people)s."),
    "level": mark("Niveau lager dan %(level)s: %(people)s."),
    "exempt_nights": mark("Hoeft geen nachten: %(people)s."),
}
ELSEWHERE = mark("Kan niet naast werk dat al vaststaat (%(title)s): %(people)s.")
RULE = mark("Regel: %(title)s, %(figure)s %(unit)s (%(source)s).")
OTHER_DUTIES = mark("Deze diensten vragen dezelfde mensen: %(duties)s.")
NOBODY = mark("Er is niemand om te vragen.")
TOGETHER = mark("niet twee dingen tegelijk")
UNPROVEN = mark("Niemand gevonden; dat het echt niet kan, is niet bewezen.")
