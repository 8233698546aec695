"""What is filled in about duties: the blocks, the key between organisations, and the times."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from datetime import time as hour
from fractions import Fraction
from typing import Any, cast
from uuid import UUID

from wtforms import (  # type: ignore[attr-defined]  # SelectChoice is newer than the types
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    SelectChoice,
)
from wtforms.validators import Length

from wijkapp.agreements.rota_terms import DEFAULTS, Days, DutyBlock, KeyOf, RotaTerms
from wijkapp.agreements.rota_words import DAYS, KEYS, KINDS, LEVELS, LIBERATION
from wijkapp.kit import time
from wijkapp.kit.forms import Choice, Code, Day, Form, Hour, Label, Needed, Whole
from wijkapp.kit.numbers import Number
from wijkapp.kit.words import gettext
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Organisation

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
MOST_BLOCKS = 8


def _choices(words: Any) -> list[Any]:
    return [SelectChoice(str(value), text) for value, text in words.items()]


class BlockForm(Form):
    """One duty of the day. A row that has no code yet and in which nobody began is left out."""

    code = Code(validators=[Length(max=16)])
    name = Label(_("Naam"), [Length(max=24, message=_("Dit is te lang: hoogstens 24 tekens."))])
    starts = Hour(_("Van"))
    ends = Hour(_("Tot"))
    days = Choice(_("Op welke dagen"), choices=_choices(DAYS))
    kind = Choice(_("Soort"), choices=_choices(KINDS))
    level = Choice(_("Minstens"), choices=_choices(LEVELS))
    seats = Whole(_("Hoeveel mensen"), least=1, most=6)
    points = Number(_("Punten"), most=20)
    backup = BooleanField(_("Met achterwacht"))
    backup_points = Number(_("Punten achterwacht"), most=20)
    gone = BooleanField(_("Deze dienst vervalt"))

    @property
    def is_new(self) -> bool:
        return not self.code.data

    @property
    def counts(self) -> bool:
        return not self.gone.data and not (self.is_new and self._is_empty)

    @property
    def _is_empty(self) -> bool:
        """Nothing was typed in what a row has nothing in to begin with."""
        return not any(one.data or one.process_errors for one in (self.name, self.starts, self.ends))

    def validate(self, extra_validators: Any = None) -> bool:
        if not self.counts:
            for field in self:
                field.errors = ()
            return True
        fine = super().validate(extra_validators)
        for field in (self.name, self.starts, self.ends):
            if field.data in (None, "") and not field.errors:
                field.errors = [gettext("Vul dit in.")]
                fine = False
        return fine

    def block(self, code: str) -> DutyBlock:
        return DutyBlock(
            code=code,
            name=self.name.data,
            starts=cast(hour, self.starts.data),
            ends=cast(hour, self.ends.data),
            days=Days(self.days.data),
            kind=self.kind.data,
            level=int(self.level.data),
            seats=self.seats.data,
            points=self.points.data,
            backup=self.backup.data,
            backup_points=self.backup_points.data,
        )


EMPTY = {"days": Days.ALL, "kind": "work", "level": "3", "seats": 1, "backup": True}
EMPTY |= {"points": Fraction(1), "backup_points": Fraction(1, 4)}


class RotaTermsForm(Form):
    """All clauses but the figures for work and rest. The key has a field per organisation, see `form_for`."""

    seen = HiddenField()
    blocks = FieldList(FormField(BlockForm), max_entries=MOST_BLOCKS)
    holiday_times = Number(_("Een feestdag telt"), least=1, most=5)
    liberation_day = Choice(_("5 mei is een feestdag"), choices=_choices(LIBERATION))
    key_of = Choice(_("Verdeeld naar"), choices=_choices(KEYS))
    publish_ahead = Whole(_("Rooster klaar"), least=0, most=180)  # days
    swap_approval = BooleanField(_("Een planner moet een ruil goedkeuren"))
    ask_again_every = Whole(_("Ruilvraag herhalen"), least=1, most=168)  # hours
    check_in_within = Whole(_("Aanmelden"), least=1, most=120)  # minutes
    backup_within = Whole(_("Achterwacht antwoordt"), least=1, most=120)
    on_site_within = Whole(_("Bij de cliënt"), least=5, most=240)
    undo_within = Whole(_("Overnemen terugdraaien"), least=0, most=120)
    confirm_within = Whole(_("Overdracht bevestigen"), least=5, most=720)
    valid_from = Day(_("Geldt vanaf"), [Needed(_("Kies een dag."))])

    organisations: tuple[UUID, ...] = ()
    before: RotaTerms = DEFAULTS  # what is changed

    @property
    def key_fields(self) -> list[Any]:
        return [self[f"key_{one.hex}"] for one in self.organisations]

    @property
    def first_day(self) -> date:
        assert self.valid_from.data is not None  # noqa: S101 - check() saw to it
        return self.valid_from.data

    @property
    def terms(self) -> RotaTerms:
        """The terms that were filled in, the figures for work and rest as they were; `check` went before."""
        typed = {one: self[f"key_{one.hex}"].data for one in self.organisations}
        return replace(
            self.before,
            blocks=self._blocks(),
            holiday_times=self.holiday_times.data,
            liberation_day=self.liberation_day.data,
            key={one: part for one, part in typed.items() if part is not None},
            key_of=KeyOf(self.key_of.data),
            publish_ahead=self.publish_ahead.data * DAY,
            swap_approval=self.swap_approval.data,
            ask_again_every=self.ask_again_every.data * HOUR,
            check_in_within=self.check_in_within.data * MINUTE,
            backup_within=self.backup_within.data * MINUTE,
            on_site_within=self.on_site_within.data * MINUTE,
            undo_within=self.undo_within.data * MINUTE,
            confirm_within=self.confirm_within.data * MINUTE,
        )

    def _blocks(self) -> tuple[DutyBlock, ...]:
        rows = [row.form for row in self.blocks if row.form.counts]
        taken = {row.code.data for row in self.blocks}
        free = (code for n in range(1, 100) if (code := f"own{n}") not in taken)
        return tuple(row.block(row.code.data or next(free)) for row in rows)


def form_for(
    organisations: Iterable[Organisation], terms: RotaTerms, *, seen: str = "", starts: date | None = None
) -> RotaTermsForm:
    """The form with a field for the part of each organisation, as these terms fill it in."""
    parties = list(organisations)
    own: dict[str, Any] = {
        f"key_{one.id.hex}": Number(one.name, most=99_999, optional=True) for one in parties
    }
    own |= {"organisations": tuple(one.id for one in parties), "before": terms}
    kind = type("RotaTermsForm", (RotaTermsForm,), own)
    filled = _filled(terms) | {f"key_{one.id.hex}": terms.key.get(one.id) for one in parties}
    form = cast(RotaTermsForm, kind(data=filled | {"seen": seen, "valid_from": starts or time.today()}))
    if not form.is_submitted() and len(form.blocks) < MOST_BLOCKS:
        form.blocks.append_entry(EMPTY)
    return form


def _filled(terms: RotaTerms) -> dict[str, Any]:
    return {
        "blocks": [_row(block) for block in terms.blocks],
        "holiday_times": terms.holiday_times,
        "liberation_day": terms.liberation_day,
        "key_of": terms.key_of,
        "publish_ahead": terms.publish_ahead // DAY,
        "swap_approval": terms.swap_approval,
        "ask_again_every": terms.ask_again_every // HOUR,
        "check_in_within": terms.check_in_within // MINUTE,
        "backup_within": terms.backup_within // MINUTE,
        "on_site_within": terms.on_site_within // MINUTE,
        "undo_within": terms.undo_within // MINUTE,
        "confirm_within": terms.confirm_within // MINUTE,
    }


def _row(block: DutyBlock) -> dict[str, Any]:
    names = ("code", "name", "starts", "ends", "days", "kind", "seats", "points", "backup", "backup_points")
    return {name: getattr(block, name) for name in names} | {"level": str(block.level)}
