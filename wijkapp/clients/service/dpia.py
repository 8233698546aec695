"""Where a DPIA starts: what could go wrong for people, what is done against it here, and what is open."""

from dataclasses import dataclass
from enum import StrEnum

from flask_babel.speaklater import LazyString

from wijkapp.clients.service.register import Register
from wijkapp.kit.words import lazy as _


class Standing(StrEnum):
    """Whether the measure is in place here."""

    DONE = "done"
    OPEN = "open"  # whoever hosts wijkapp must do something
    YOURS = "yours"  # the organisation itself must do something


@dataclass(frozen=True)
class Risk:
    """One thing that could go wrong. to_do: what is left, when it is not done."""

    what: LazyString
    measure: LazyString
    standing: Standing
    to_do: LazyString | None = None


def risks(register: Register) -> tuple[Risk, ...]:
    """The risks of working with wijkapp, with how they stand in this installation."""
    return (*_technical(register), *_in_use(register), *_LEFT_TO_PEOPLE)


def _technical(register: Register) -> tuple[Risk, ...]:
    facts = register.facts
    return (
        Risk(
            _("Iemand leest onderweg mee"),
            _("Alles gaat over een beveiligde verbinding (https)."),
            *_when(facts.https, _("Zet wijkapp achter https. Zie de handleiding voor beheer.")),
        ),
        Risk(
            _("Iemand steelt de database of een back-up"),
            _("Cliëntgegevens zijn versleuteld. De sleutels staan in een eigen kast, met een eigen back-up."),
            *_when(
                facts.keys_apart or facts.key_of_keys_apart,
                _("Zet de sleutelkast of de hoofdsleutel op een andere plek dan de database."),
            ),
        ),
        Risk(
            _("Iemand verandert het logboek om sporen te wissen"),
            _("Elke regel bevat een controlesom van de regel ervoor. De database weigert wissen."),
            *_when(
                register.log_refuses_changes and register.log_has_own_role is not False,
                _("Geef wijkapp een databasegebruiker die in het logboek alleen mag lezen en toevoegen."),
            ),
        ),
        Risk(
            _("Een link of code komt in verkeerde handen"),
            _("Inloggen vraagt twee stappen. Mail en meldingen noemen geen cliënt."),
            *_when(
                bool(facts.mail_server) and not facts.demo,
                _("Stel een mailserver in, en gebruik de demo niet met echte mensen."),
            ),
        ),
    )


def _in_use(register: Register) -> tuple[Risk, ...]:
    return (
        Risk(
            _("Een telefoon raakt kwijt"),
            _("Cliëntgegevens blijven niet op de telefoon en gaan vanzelf dicht. Uitloggen kan op afstand."),
            *_when(
                register.facts.idle_minutes <= 12 * 60,
                _("Laat apparaten die een dag niets doen vanzelf uitloggen."),
            ),
        ),
        Risk(
            _("Een collega typt een naam waar dat niet hoort"),
            _("Elke tekst wordt gecontroleerd vóór hij wordt bewaard, op namen, adressen en nummers."),
            Standing.DONE,
        ),
        Risk(
            _("Gegevens blijven te lang staan"),
            _("De klok vernietigt de sleutel na de overdracht, of meteen als de cliënt dat wil."),
            Standing.DONE,
        ),
    )


_LEFT_TO_PEOPLE = (
    Risk(
        _("Een collega kijkt uit nieuwsgierigheid"),
        _("Elke inzage staat in het logboek, ook voor de cliënt. Elke maand is er een lijst."),
        Standing.YOURS,
        _("Spreek af wie de lijst elke maand bekijkt."),
    ),
    Risk(
        _("De cliënt weet niet waar hij ja tegen zegt"),
        _("Er is een folder in gewone taal. Toestemming is zonder gevolgen in te trekken."),
        Standing.YOURS,
        _("Geef de folder mee en leg uit wie wat ziet."),
    ),
    Risk(
        _("Partijen weten niet wie waarvoor verantwoordelijk is"),
        _("Elke organisatie ziet in dit register wat er gebeurt."),
        Standing.YOURS,
        _("Leg vast wie verwerkingsverantwoordelijk is (AVG art. 26) en sluit een verwerkersovereenkomst."),
    ),
)


def _when(done: bool, to_do: LazyString) -> tuple[Standing, LazyString | None]:
    return (Standing.DONE, None) if done else (Standing.OPEN, to_do)
