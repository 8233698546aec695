"""What every template may use: who is here, the tabs, and how moments, hours and phones are written."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as hour

from flask import Flask, current_app, request, url_for
from flask_babel import get_locale

from wijkapp.capacity.rules import DAYPARTS
from wijkapp.chat import service as chat
from wijkapp.kit import time
from wijkapp.kit.db import reading
from wijkapp.kit.forms import hours_typed
from wijkapp.kit.phones import phone_as_written
from wijkapp.kit.words import decimal, gettext, mark, ngettext
from wijkapp.matching import service as matching
from wijkapp.people import access, session
from wijkapp.people.models import Account
from wijkapp.people.rules import Role


@dataclass(frozen=True)
class Tab:
    label: str
    icon: str
    url: str
    here: bool
    count: int = 0
    counts: str = ""  # what the number is of
    live: str = ""  # where to ask for the number again
    more: bool = False  # on a phone behind the last tab


def init_app(app: Flask) -> None:
    """Give templates their words and filters."""
    app.jinja_env.filters.update(
        phone=phone_as_written,
        initials=initials,
        hours=hours,
        decimal=decimal,
        hours_typed=hours_typed,
        day=day,
        moment=moment,
        ago=ago,
        clock=clock,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True  # less of a page is white space
    app.jinja_env.globals.update(dayparts=DAYPARTS, weekdays=time.WEEKDAYS)
    app.jinja_env.add_extension("jinja2.ext.do")
    app.context_processor(_on_every_page)


def _on_every_page() -> dict[str, object]:
    me = session.current_account()
    return {
        "me": me,
        "tabs": tabs(me) if me else (),
        "settings": current_app.config["SETTINGS"],
        "language": str(get_locale() or "nl"),
        "ui": current_app.jinja_env.get_template("_ui.html").module,
        "now": time.now(),
        "today": time.today(),
        "may": lambda permission, **where: access.may(me, permission, **where),
    }


# Label, icon, endpoint, where it is the current tab, and who has it.
_STAFF = access.PROVIDER_STAFF
_FOLLOWERS = _STAFF | {Role.REFERRER, Role.COORDINATOR}
TABS = (
    (mark("Vandaag"), "house", "matching.today", ("/vandaag",), _STAFF),
    (mark("Regio"), "map", "oversight.index", ("/regio",), frozenset({Role.COORDINATOR})),
    (mark("In beeld"), "map", "region.index", ("/regio/overzicht",), frozenset({Role.VIEWER})),
    (mark("Signalen"), "bell", "region.signals", ("/regio/signalen",), frozenset({Role.VIEWER})),
    (mark("Zoek zorg"), "search", "search.show", ("/zoek",), frozenset({Role.REFERRER})),
    (mark("Vraag zorg"), "plus", "matching.new", ("/zorgvragen/nieuw",), frozenset({Role.REFERRER})),
    (mark("Zorgvragen"), "list-checks", "matching.index", ("/zorgvragen",), _FOLLOWERS),
    (mark("Capaciteit"), "chart-column", "capacity.index", ("/capaciteit",), _STAFF),
    (mark("Berichten"), "message-square", "chat.index", ("/berichten",), _FOLLOWERS),
    (mark("Dienst"), "moon", "rota.index", ("/dienst",), _FOLLOWERS),
    (mark("Cliënten"), "lock", "clients.index", ("/clienten",), _STAFF | {Role.REFERRER}),
    (
        mark("Afspraken"),
        "heart-handshake",
        "register.index",
        ("/afspraken",),
        frozenset({Role.COORDINATOR, Role.VIEWER, Role.ADMIN}),
    ),
    (mark("Wijken"), "map-pin", "directory.index", ("/wijken",), access.EVERYONE),
    (
        mark("Organisatie"),
        "building-2",
        "people.organisation",
        ("/organisatie", "/privacy"),
        frozenset({Role.ADMIN}),
    ),
)


MOST_TABS = 5  # side by side on a phone


def tabs(me: Account) -> list[Tab]:
    """The tabs of somebody with these roles; the most telling path is the current one."""
    roles = me.role_set
    mine = [tab for tab in TABS if tab[4] & roles]
    matches = [path for tab in mine for path in tab[3] if (request.path + "/").startswith(path + "/")]
    here = max(matches, key=len, default=None)
    counts = {}
    with reading():
        if roles & _STAFF:
            counts["matching.index"] = matching.waiting_count(me)
        if roles & _FOLLOWERS:
            counts["chat.index"] = chat.unread_count(me)
    room = MOST_TABS if len(mine) <= MOST_TABS else MOST_TABS - 1
    return [
        Tab(
            gettext(label),
            icon,
            url_for(endpoint),
            here in paths,
            counts.get(endpoint, 0),
            counts=gettext("ongelezen") if endpoint == "chat.index" else gettext("wachten op antwoord"),
            live=url_for("chat.unread") if endpoint == "chat.index" else "",
            more=number >= room,
        )
        for number, (label, icon, endpoint, paths, _roles) in enumerate(mine)
    ]


def initials(name: str) -> str:
    """Two letters for somebody's round button: first and last name."""
    words = [word for word in name.split() if word[:1].isupper()] or name.split()
    return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper() if words else "?"


def hours(minutes: int) -> str:
    """Minutes a week as hours: 7 uur, 3,5 uur."""
    # One hour and more are one word in Dutch, two in English.
    return ngettext(
        "%(number)s uur", "%(number)s uur", 1 if minutes == 60 else 2, number=hours_typed(minutes)
    )


def clock(moment: datetime | hour | None) -> str:
    """14.05; nothing for what has no moment yet."""
    return time.clock(moment) if moment else ""


NEAR = {0: mark("vandaag"), 1: mark("morgen"), -1: mark("gisteren")}


def day(value: date) -> str:
    """vandaag, morgen, gisteren, or ma 24 nov (with the year when it is another)."""
    today = time.today()
    near = NEAR.get((value - today).days)
    if near:
        return gettext(near)
    text = f"{gettext(time.WEEKDAYS[value.weekday()])} {value.day} {gettext(time.MONTHS[value.month - 1])}"
    return text if value.year == today.year else f"{text} {value.year}"


def moment(value: datetime) -> str:
    """vandaag 14.05"""
    return f"{day(time.local(value).date())} {clock(value)}"


def ago(value: datetime) -> str:
    """zojuist, 6 min geleden, 3 uur geleden, and from the day before on the day itself."""
    span = time.now() - value
    if span < timedelta(minutes=1):
        return gettext("zojuist")
    if span < timedelta(hours=1):
        return gettext("%(n)s min geleden", n=int(span.total_seconds() // 60))
    if span < timedelta(hours=6):
        return ngettext("%(num)s uur geleden", "%(num)s uur geleden", int(span.total_seconds() // 3600))
    return moment(value) if span < timedelta(hours=36) else day(time.local(value).date())
