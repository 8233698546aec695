"""What people fill in about themselves, their colleagues and their organisation."""

from collections.abc import Callable
from datetime import date
from typing import Any

from wtforms import (  # type: ignore[attr-defined]  # SelectChoice is newer than the types
    BooleanField,
    Field,
    HiddenField,
    PasswordField,
    SelectChoice,
    ValidationError,
)
from wtforms.validators import InputRequired, Length

from wijkapp.kit.forms import (
    Chips,
    Choice,
    Code,
    Day,
    Email,
    Form,
    Hour,
    Label,
    Line,
    PhoneField,
    RadioChoice,
    plain,
)
from wijkapp.kit.words import lazy as _
from wijkapp.people.rules import OrganisationKind, PaperKind, Role, WtzaStatus

ROLES: dict[Role, Any] = {
    Role.NURSE: _("Wijkverpleegkundige"),
    Role.PLANNER: _("Planner"),
    Role.REFERRER: _("Verwijzer"),
    Role.COORDINATOR: _("Wijkregisseur"),
    Role.VIEWER: _("Meekijker"),
    Role.ADMIN: _("Beheerder"),
}
KINDS: dict[OrganisationKind, Any] = {
    OrganisationKind.HOME_CARE: _("Thuiszorg"),
    OrganisationKind.SOLO: _("Zzp'er"),
    OrganisationKind.COOPERATIVE: _("Coöperatie"),
    OrganisationKind.GP_PRACTICE: _("Huisartsenpraktijk"),
    OrganisationKind.TRANSFER_DESK: _("Transferbureau"),
    OrganisationKind.INSURER: _("Zorgverzekeraar"),
    OrganisationKind.MUNICIPALITY: _("Gemeente"),
}
WTZA: dict[WtzaStatus, Any] = {
    WtzaStatus.UNKNOWN: _("Niet bekend"),
    WtzaStatus.REPORTED: _("Gemeld"),
    WtzaStatus.LICENSED: _("Vergunning"),
    WtzaStatus.EXEMPT: _("Niet nodig"),
}
PAPERS: dict[PaperKind, Any] = {
    PaperKind.WTZA: _("Wtza-vergunning"),
    PaperKind.QUALITY: _("HKZ- of ISO-certificaat"),
    PaperKind.INSURANCE: _("Verzekering"),
    PaperKind.OTHER: _("Ander bewijs"),
}
LANGUAGES = [SelectChoice("nl", "Nederlands"), SelectChoice("en", "English")]
SHORTEST_PASSWORD = 12


def required(message: Any) -> InputRequired:
    return InputRequired(message=message)


def at_most(characters: int) -> Length:
    return Length(max=characters, message=_("Dit is te lang: hoogstens %(n)s tekens.", n=characters))


def digits(most: int) -> Callable[[Any, Field], None]:
    """Refuses what cannot be a registration number. Too few digits is for a warning beside the field."""

    def check(_form: Any, field: Field) -> None:
        if field.data and not (field.data.isascii() and field.data.isdigit()):
            raise ValidationError(_("Gebruik alleen cijfers."))
        if field.data and len(field.data) > most:
            raise ValidationError(_("Dit is te lang: hoogstens %(n)s cijfers.", n=most))

    return check


class Secret(PasswordField):
    """A password, exactly as it was typed; never shown again."""

    data: str


class Hidden(HiddenField):
    """What a page or a script passes on."""

    data: str


class Number(Code):
    """A registration number; spaces and dots that people put in are left out."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = "".join(c for c in plain(valuelist[0]) if c not in " .-") if valuelist else ""


class SignInForm(Form):
    email = Email(_("Je e-mailadres"), [required(_("Vul je e-mailadres in."))])
    next = Hidden()


class PasswordSignInForm(Form):
    # It stands on the same page as SignInForm, so its fields have ids of their own.
    email = Email(_("Je e-mailadres"), [required(_("Vul je e-mailadres in."))], id="password-email")
    next = Hidden(id="password-next")
    password = Secret(_("Wachtwoord"), [required(_("Vul je wachtwoord in.")), at_most(128)])


class CodeForm(Form):
    code = Code(_("Code"), [required(_("Vul de code in.")), at_most(40)])


class PasskeyForm(Form):
    credential = Hidden(validators=[required(_("Je browser gaf geen passkey.")), at_most(20_000)])


class NewPasskeyForm(PasskeyForm):
    name = Label(_("Naam van deze passkey"), [required(_("Geef de passkey een naam.")), at_most(64)])


class PasskeyNameForm(Form):
    name = Label(_("Naam"), [required(_("Geef de passkey een naam.")), at_most(64)])


class PasswordForm(Form):
    password = Secret(
        _("Nieuw wachtwoord"),
        [
            required(_("Vul een wachtwoord in.")),
            Length(
                min=SHORTEST_PASSWORD,
                message=_("Neem minstens 12 tekens. Een paar woorden achter elkaar is goed."),
            ),
            at_most(128),
        ],
    )


class ProfileForm(Form):
    name = Line(_("Naam"), [required(_("Vul je naam in.")), at_most(120)])
    phone = PhoneField(_("Telefoon (werk)"), [at_most(30)])
    job_title = Label(_("Functie"), [at_most(80)])
    big_number = Number(_("BIG-nummer"), [digits(11)])
    language = RadioChoice(_("Taal"), choices=LANGUAGES)
    quiet_from = Hour(_("Stil vanaf"))
    quiet_until = Hour(_("Stil tot"))


class AcceptForm(Form):
    name = Line(_("Je naam"), [required(_("Vul je naam in.")), at_most(120)])
    phone = PhoneField(_("Telefoon (werk)"), [at_most(30)])


class OrganisationForm(Form):
    name = Line(_("Naam"), [required(_("Vul de naam in.")), at_most(120)])
    agb_code = Number(_("AGB-code"), [digits(8)])
    kvk_number = Number(_("KvK-nummer"), [digits(8)])
    wtza_status = Choice(
        _("Wtza"), choices=[SelectChoice(status.value, word) for status, word in WTZA.items()]
    )
    phone = PhoneField(_("Telefoon"), [at_most(30)])
    email = Email(_("E-mail"))
    place = Label(_("Plaats"), [at_most(80)])
    on_public_page = BooleanField(_("Noem ons op de openbare pagina van de wijk"))


def likely_day(_form: Any, field: Field) -> None:
    """Refuses a slip of the keyboard, as 0026."""
    if field.data and not 2000 <= field.data.year < 2100:
        raise ValidationError(_("Kies een dag tussen 2000 en 2100."))


class PapersForm(Form):
    """The last day of each paper; nothing filled in: not kept here."""

    wtza = Day(PAPERS[PaperKind.WTZA], [likely_day])
    quality = Day(PAPERS[PaperKind.QUALITY], [likely_day])
    insurance = Day(PAPERS[PaperKind.INSURANCE], [likely_day])
    other = Day(PAPERS[PaperKind.OTHER], [likely_day])

    def days(self) -> dict[PaperKind, date | None]:
        return {kind: self[kind.value].data for kind in PaperKind}


class RolesForm(Form):
    roles = Chips(_("Wat mag deze collega?"))

    def offer(self, fitting: frozenset[Role]) -> None:
        """Show the roles that fit the kind of organisation, in the order of the list above."""
        self.roles.choices = [
            SelectChoice(role.value, word) for role, word in ROLES.items() if role in fitting
        ]

    def chosen(self) -> frozenset[Role]:
        return frozenset(Role(value) for value in self.roles.data or ())


class InviteForm(RolesForm):
    email = Email(_("E-mailadres"), [required(_("Vul een e-mailadres in."))])
    name = Line(_("Naam"), [required(_("Vul een naam in.")), at_most(120)])
