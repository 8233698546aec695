"""A conversation as it stands on the page, and on paper: days, who goes on, who read it. For templates."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from babel.dates import format_date
from flask_babel import get_locale

from wijkapp.chat.rules import Kind, may_edit
from wijkapp.chat.service import Acknowledged, Line, Member, Page, ReadBy, ThreadLine, Transcript
from wijkapp.kit import time
from wijkapp.kit.words import gettext as _
from wijkapp.kit.words import mark
from wijkapp.people.models import Account

GOES_ON = timedelta(minutes=10)
"""Within so long the same writer needs no name again."""

NAMED = 2
"""So many organisations are named; of more only their number is told."""

ICONS = {Kind.WIJK: "users", Kind.REQUEST: "list-checks", Kind.CONTACT: "message-square", Kind.DUTY: "moon"}
KINDS = {
    Kind.WIJK: mark("Wijk"),
    Kind.REQUEST: mark("Zorgvraag"),
    Kind.CONTACT: mark("Contact"),
    Kind.DUTY: mark("Dienst"),
}


def icon(kind: Kind) -> str:
    return ICONS[kind]


def kind(kind: Kind) -> str:
    return _(KINDS[kind])


def worth_listing(threads: Iterable[ThreadLine]) -> list[ThreadLine]:
    """Every offer opens a thread; it is in the list once something was said. A wijk is always there."""
    return [one for one in threads if one.last_at or one.head.kind is Kind.WIJK]


@dataclass(frozen=True)
class Bubble:
    """One message and its place among the others."""

    line: Line
    mine: bool
    day: date | None  # the first one of this day
    goes_on: bool  # of whoever said the one before
    new: bool  # the first one that was not read yet
    changeable: bool
    asks_us: bool  # waits for a yes of the own organisation
    pieces: tuple[tuple[str, bool], ...]  # text; is it somebody's name after an @


def bubbles(page: Page, me: Account, members: Sequence[Member]) -> list[Bubble]:
    """The messages of a page, ready to show."""
    moment, names = time.now(), [me.name, *(one.name for one in members)]
    shown: list[Bubble] = []
    before: Line | None = None
    found_new = False
    for line in page.lines:
        mine = line.author_id == me.id
        is_new = not found_new and not mine and line.seq > page.read_seq
        found_new = found_new or is_new
        shown.append(
            Bubble(
                line=line,
                mine=mine,
                day=_new_day(before, line),
                goes_on=_goes_on(before, line) and not is_new,
                new=is_new,
                changeable=mine and not line.deleted and may_edit(line.said_at, moment),
                asks_us=any(one.at is None for one in _of(line.acknowledgements, me.organisation_id)),
                pieces=tuple(pieces(line.text, names)),
            )
        )
        before = line
    return shown


def _of(answers: Iterable[Acknowledged], organisation_id: UUID) -> list[Acknowledged]:
    return [one for one in answers if one.organisation_id == organisation_id]


def _new_day(before: Line | None, line: Line) -> date | None:
    day = time.local(line.said_at).date()
    return None if before and time.local(before.said_at).date() == day else day


def _goes_on(before: Line | None, line: Line) -> bool:
    if before is None or _new_day(before, line) or before.priority or line.priority:
        return False
    same = (before.author_id, before.organisation_id) == (line.author_id, line.organisation_id)
    return same and line.said_at - before.said_at <= GOES_ON


def pieces(text: str, names: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """A text cut at "@name", for names of people who take part."""
    if "@" not in text or not names:
        yield text, False
        return
    longest_first = sorted(names, key=len, reverse=True)
    named = re.compile("(" + "|".join(re.escape(f"@{name}") for name in longest_first) + ")")
    for n, part in enumerate(named.split(text)):
        if part:
            yield part, n % 2 == 1


def read_by(others: Sequence[ReadBy], seq: int) -> str:
    """How far one's own message came, in words."""
    readers = [one.organisation for one in others if one.seq >= seq]
    if not readers:
        return _("Verstuurd")
    if len(readers) <= NAMED:
        return _("Gelezen door %(names)s", names=", ".join(readers))
    if len(readers) == len(others):
        return _("Gelezen door alle organisaties")
    return _("Gelezen door %(some)s van %(all)s organisaties", some=len(readers), all=len(others))


def waits_for_us(page: Page, me: Account) -> list[Line]:
    """Priority messages that ask the own organisation for a yes."""
    return [
        line
        for line in page.lines
        if not line.deleted and any(one.at is None for one in _of(line.acknowledgements, me.organisation_id))
    ]


def when(moment: datetime | None) -> date | None:
    """The day, where it is shown."""
    return time.local(moment).date() if moment else None


def nothing_said(page: Page) -> Bubble:
    """An empty message: what the page's script fills in for those that come live."""
    nobody = UUID(int=0)
    line = Line(
        id=nobody,
        thread_id=page.head.id,
        seq=0,
        author_id=nobody,
        author="",
        organisation_id=nobody,
        organisation="",
        text="",
        priority=False,
        said_at=datetime(2000, 1, 1, tzinfo=UTC),
        edited_at=None,
        deleted=False,
    )
    return Bubble(line, True, None, False, False, True, False, ())


def readers_as_json(others: Sequence[ReadBy]) -> str:
    return json.dumps(
        {str(one.organisation_id): {"organisation": one.organisation, "seq": one.seq} for one in others}
    )


def answers_as_json(answers: Sequence[Acknowledged]) -> str:
    return json.dumps(
        [
            {
                "organisation_id": str(one.organisation_id),
                "organisation": one.organisation,
                "at": one.at.isoformat() if one.at else None,
                "by": one.by,
            }
            for one in answers
        ]
    )


def names_as_json(members: Sequence[Member]) -> str:
    """Whom one can call by name; oneself is not among them."""
    return json.dumps(
        [{"id": str(one.account_id), "name": one.name, "organisation": one.organisation} for one in members]
    )


# --- on paper


def printed(copy: Transcript) -> dict[str, Any]:
    """What stands in templates/chat/thread.typ."""
    return {
        "lang": str(get_locale() or "nl"),
        "title": copy.head.title,
        "about": copy.head.about,
        "parties": ", ".join(copy.parties),
        "made": _day_and_time(copy.made_at),
        "goes": _full_day(copy.head.wipe_at) if copy.head.wipe_at else None,
        "left_out": copy.left_out,
        "words": {
            "heading": _("Gesprek: %(title)s", title=copy.head.title),
            "parties": _("Deelnemers"),
            "made": _("Gemaakt op"),
            "goes": _("In de app weg op"),
            "page": _("Bladzijde"),
            "nothing": _("Er is niets gezegd."),
            "left_out": _("Oudere berichten staan hier niet meer in."),
            "note": _("Bewaar dit alleen waar dat mag. In wijkapp gaan deze berichten weg."),
        },
        "days": _days_of(copy.lines),
    }


def _days_of(lines: Sequence[Line]) -> list[dict[str, Any]]:
    days: list[dict[str, Any]] = []
    for line in lines:
        day = _full_day(line.said_at)
        if not days or days[-1]["day"] != day:
            days.append({"day": day, "lines": []})
        days[-1]["lines"].append(_printed_line(line))
    return days


def _printed_line(line: Line) -> dict[str, Any]:
    return {
        "at": time.clock(line.said_at),
        "who": line.author,
        "organisation": line.organisation,
        "text": _("Bericht verwijderd") if line.deleted else line.text,
        "gone": line.deleted,
        "priority": _("Spoed") if line.priority and not line.deleted else None,
        "edited": _("(bewerkt)") if line.edited_at and not line.deleted else None,
        "answers": [
            _("Bevestigd door %(organisation)s (%(who)s)", organisation=one.organisation, who=one.by or "")
            for one in line.acknowledgements
            if one.at
        ],
    }


def _full_day(moment: datetime) -> str:
    return format_date(time.local(moment).date(), "full", locale=get_locale() or "nl")


def _day_and_time(moment: datetime) -> str:
    return _("%(day)s om %(time)s", day=_full_day(moment), time=time.clock(moment))
