"""The forms of the sociale kaart."""

from contextlib import suppress
from datetime import date
from uuid import UUID

from wtforms import HiddenField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length

from wijkapp.directory.models import Team
from wijkapp.directory.rules import LANGUAGES, LEVELS, OVERLAP, PROFILE, ContactDuty, pc4_of
from wijkapp.directory.service import Appointment, Choices, Faces, TeamFacts, state
from wijkapp.kit import time
from wijkapp.kit.db import new_id
from wijkapp.kit.forms import (
    Chips,
    Choice,
    Code,
    Day,
    Form,
    Line,
    Needed,
    PhoneField,
    Prose,
    RadioChoice,
    language_names,
)
from wijkapp.kit.phones import phone_as_written
from wijkapp.kit.words import gettext
from wijkapp.kit.words import lazy as _

LEVEL_NAMES = {
    2: _("2 · helpende"),
    3: _("3 · verzorgende"),
    4: _("4 · mbo-verpleegkundige"),
    5: _("5 · hbo-verpleegkundige"),
    6: _("6 · verpleegkundig specialist"),
}

NOT_A_POSTCODE = _("Een postcode heeft vier cijfers.")


def languages() -> dict[str, str]:
    """The languages one can choose beside Dutch, in the words of this page's language."""
    return language_names(LANGUAGES)


class TeamForm(Form):
    """What a team offers. `wijk` and `pc4` are only asked for a new one."""

    is_new = True
    id = HiddenField()
    seen = HiddenField()
    wijk = Choice(_("Wijk"), default="")
    pc4 = Code(
        _("Of een postcode in de wijk"), [Length(max=7, message=_("Een postcode heeft vier cijfers."))]
    )
    name = Line(
        _("Naam van het team"),
        [DataRequired(_("Geef het team een naam.")), Length(max=120, message=_("Hooguit 120 tekens."))],
    )
    products = Chips(_("Wat doet dit team?"), [InputRequired(_("Kies ten minste één soort zorg."))])
    skills = Chips(_("Bijzondere handelingen"))
    highest_level = RadioChoice(_("Hoogste niveau in het team"), coerce=str, default="3")
    languages = Chips(_("Talen naast Nederlands"))
    contracts = Chips(_("Contract met zorgverzekeraars"))
    phone = PhoneField(_("Telefoon van het team"), [Length(max=30, message=_("Hooguit 30 tekens."))])
    profile = Prose(
        _("Waar is dit team goed in?"),
        [Length(max=PROFILE, message=_("Houd het korter: hooguit %(most)s tekens.", most=PROFILE))],
    )

    @classmethod
    def of(cls, choices: Choices, team: Team | None = None) -> "TeamForm":
        """The form for a new team, or for this one as it is now."""
        form = cls(obj=team)
        form.is_new = team is None
        if team is not None:
            form.wijk.data = ""  # a team stays where it is: the page does not ask, and nothing is sent
        wijken = [(wijk.code, f"{wijk.name} ({wijk.municipality})") for wijk in choices.wijken]
        form.wijk.choices = [("", gettext("Kies een wijk")), *wijken]
        form.products.choices = [(product.code, product.word) for product in choices.products]
        form.skills.choices = [(skill.code, skill.word) for skill in choices.skills]
        form.contracts.choices = [(insurer.uzovi, insurer.name) for insurer in choices.insurers]
        form.languages.choices = list(languages().items())
        form.highest_level.choices = [(str(level), str(LEVEL_NAMES[level])) for level in LEVELS]
        if not form.is_submitted():
            form.id.data = str(new_id())
            form.seen.data = state(team) if team else ""
            form.phone.data = phone_as_written(team.phone) if team else ""
        return form

    def validate_wijk(self, field: Choice) -> None:
        if self.is_new and not field.data and not self.pc4.data:
            raise ValidationError(_("Kies een wijk of vul een postcode in."))

    def validate_pc4(self, field: Code) -> None:
        if field.data and pc4_of(field.data) is None:
            raise ValidationError(NOT_A_POSTCODE)

    @property
    def team_id(self) -> UUID:
        """Made when the form was opened, so that sending it twice makes one team."""
        with suppress(ValueError):
            return UUID(self.id.data or "")
        return new_id()

    @property
    def facts(self) -> TeamFacts:
        return TeamFacts(
            name=self.name.data or "",
            products=tuple(self.products.data or ()),
            skills=tuple(self.skills.data or ()),
            highest_level=int(self.highest_level.data),
            languages=tuple(self.languages.data or ()),
            contracts=tuple(self.contracts.data or ()),
            phone=self.phone.e164,
            profile=self.profile.data or None,
        )


class AppointForm(Form):
    """Who gets a duty in a wijk, from when, and how long the one before stays."""

    replaces = HiddenField()
    account = Choice(_("Wie?"), default="")
    since = Day(_("Vanaf"), [Needed(_("Kies een dag."))])
    old_until = Day(_("Overdracht tot en met"))

    @classmethod
    def of(cls, faces: Faces, duty: ContactDuty) -> "AppointForm":
        """The form for this duty; its names begin with the duty, as both stand on one page."""
        form = cls(prefix=duty.value)
        form.account.choices = [("", gettext("Kies een collega"))] + [
            (str(account.id), account.name) for account in faces.colleagues
        ]
        if not form.replaces.raw_data:
            before, today = faces.lasting.get(duty), time.today()
            form.replaces.data = str(before.id) if before else ""
            form.since.data = today
            form.old_until.data = today + OVERLAP if before else None
        return form

    def validate_account(self, field: Choice) -> None:
        if not field.data:
            raise ValidationError(_("Kies een collega."))

    def appointment(self, duty: ContactDuty) -> Appointment:
        assert self.since.data is not None  # noqa: S101 - check() saw to it
        return Appointment(
            account_id=UUID(self.account.data),
            duty=duty,
            since=self.since.data,
            replaces=self._replaces,
            old_until=self.old_until.data,
        )

    @property
    def _replaces(self) -> UUID | None:
        with suppress(ValueError):
            return UUID(self.replaces.data or "")
        return None


class EndForm(Form):
    """The last day of somebody's duty."""

    last_day = Day(_("Laatste dag"), [Needed(_("Kies een dag."))])

    @property
    def day(self) -> date:
        assert self.last_day.data is not None  # noqa: S101 - check() saw to it
        return self.last_day.data
