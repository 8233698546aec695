"""What a team fills in about its free places."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, cast
from uuid import UUID

from wtforms import BooleanField, Field, IntegerField, ValidationError
from wtforms.validators import InputRequired, NumberRange

from wijkapp.capacity.models import Capacity
from wijkapp.capacity.rules import MOST_PLACES, MOST_SLOT_MINUTES, NO_WEEK, SLOTS, PauseReason
from wijkapp.capacity.service import NOT_THERE, Published, Shown
from wijkapp.capacity.wording import PAUSE_WORDS, place_of
from wijkapp.directory.models import Team
from wijkapp.kit import time
from wijkapp.kit.forms import Chips, Day, Form, RadioChoice, hours_typed, plain
from wijkapp.kit.words import gettext
from wijkapp.kit.words import lazy as _

NOW, LATER = "now", "later"


class WholeNumber(IntegerField):
    """A number of at most four digits; `data` is None when it is none."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if valuelist and valuelist[0].strip():
            if not re.fullmatch(r"[0-9]{1,4}", valuelist[0].strip()):
                raise ValueError(_("Vul een heel getal in, zoals 2."))
            self.data = int(valuelist[0])


class Week(Field):
    """28 cells with hours; `data` is minutes, `typed` is what stood in the cells."""

    def process_data(self, value: tuple[int, ...] | None) -> None:
        self.data = value or NO_WEEK
        self.typed = [hours_typed(minutes) if minutes else "" for minutes in self.data]

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.typed = ([plain(text)[:6] for text in valuelist] + [""] * SLOTS)[:SLOTS]
        if len(valuelist) != SLOTS:
            raise ValueError(_("De week kwam niet goed over. Ververs de pagina en probeer het opnieuw."))
        self.data = tuple(_minutes(plain(text)) for text in valuelist)


def _minutes(hours: str) -> int:
    if not re.fullmatch(r"(?:[0-9]{1,2}(?:[.,][0-9]{0,2})?)?", hours):
        raise ValueError(_("Vul uren in als getal, zoals 2 of 1,5."))
    minutes = round(float(hours.replace(",", ".") or 0) * 60)
    if minutes > MOST_SLOT_MINUTES:
        raise ValueError(_("Kies per dagdeel 0 tot 24 uur."))
    return minutes


class PlacesForm(Form):
    """The stepper on a card."""

    places = WholeNumber(
        _("Vrije plekken"),
        [
            InputRequired(_("Vul een getal in.")),
            NumberRange(0, MOST_PLACES, _("Vul een getal van 0 tot en met 99 in.")),
        ],
    )
    seen = WholeNumber(validators=[InputRequired(_("Ververs de pagina en probeer het opnieuw."))])


class FigureForm(PlacesForm):
    """Everything about one figure."""

    week = Week(_("Vrije uren in de week"))
    start = RadioChoice(
        _("Vanaf wanneer?"),
        validators=[InputRequired(_("Kies nu, of een dag."))],
        default=NOW,
    )
    from_date = Day(_("Eerste dag"))
    skills = Chips(_("Bijzonderheden"))
    full = BooleanField(_("Vol"))
    expected_on = Day(_("Wanneer verwacht je weer plek?"))
    waiting_list = BooleanField(_("We houden een wachtlijst bij"))

    def validate_from_date(self, field: Day) -> None:
        if self.start.data == LATER and field.data is None and not field.errors:
            raise ValidationError(_("Kies de eerste dag waarop het kan."))

    def published(self) -> Published:
        """What was filled in, to be checked and stored. Call after `check()`."""
        return Published(
            places=self.places.data,
            week=self.week.data,
            from_date=(self.from_date.data if self.start.data == LATER else None) or time.today(),
            skills=tuple(dict.fromkeys(self.skills.data or ())),
            full=self.full.data,
            waiting_list=self.waiting_list.data,
            expected_on=self.expected_on.data,
        )


def figure_form(shown: Shown, skill_names: dict[str, str], *, posted: bool) -> FigureForm:
    """The form of one figure, filled with what stands now, or with what was posted."""
    form = FigureForm(data=None if posted else _filled(shown.figure))
    form.start.choices = {NOW: gettext("Nu"), LATER: gettext("Vanaf een dag")}
    form.skills.choices = {code: skill_names.get(code, code) for code in shown.team.skills}
    return form


def _filled(figure: Capacity | None) -> dict[str, object]:
    if figure is None:
        return {"places": 0, "seen": NOT_THERE, "start": NOW}
    later = figure.from_date > time.today()
    over = figure.expected_on is None or figure.expected_on < time.today()
    return {
        "places": figure.places,
        "seen": figure.version,
        "week": figure.week,
        "start": LATER if later else NOW,
        "from_date": figure.from_date if later else None,
        "skills": list(figure.skills),
        "full": figure.full,
        "waiting_list": figure.waiting_list,
        "expected_on": None if over else figure.expected_on,
    }


class PauseForm(Form):
    """A team, or several, that take nobody for a while."""

    teams = Chips(_("Welk team?"), [InputRequired(_("Kies minstens één team."))])
    reason = RadioChoice(_("Waarom?"), [InputRequired(_("Kies waarom."))])
    from_on = Day(_("Vanaf"), [InputRequired(_("Kies de eerste dag."))])
    until_on = Day(
        _("Tot en met"), [InputRequired(_("Kies de laatste dag. Schat hem als je hem niet weet."))]
    )

    def asked(self) -> tuple[list[UUID], PauseReason, date, date]:
        """Teams, why, the first and the last day. Call after `check()`."""
        teams = [UUID(one) for one in self.teams.data or ()]
        first, last = cast(date, self.from_on.data), cast(date, self.until_on.data)
        return teams, PauseReason(self.reason.data), first, last


def pause_form(teams: Sequence[Team], team_id: UUID | None, *, posted: bool) -> PauseForm:
    """The form for these own teams; one of them is chosen already when that is clear."""
    chosen = [str(team_id)] if team_id else [str(teams[0].id)] if len(teams) == 1 else []
    start = {"from_on": time.today(), "teams": chosen}
    form = PauseForm(data=None if posted else start)
    form.teams.choices = {str(team.id): place_of(team) for team in teams}
    form.reason.choices = {one.value: str(word).capitalize() for one, word in PAUSE_WORDS.items()}
    return form
