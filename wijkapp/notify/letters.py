"""What the letters of `kit.letters` say: mail to an address, a token in it, and nothing about a client."""

from collections.abc import Callable
from dataclasses import dataclass

from wijkapp.kit.words import gettext as _

Words = dict[str, str]


@dataclass(frozen=True)
class Mail:
    subject: str
    body: str  # plain text


def log_in_link(words: Words, address: str) -> Mail:
    """In words: name, token, language."""
    return Mail(
        _("Je inloglink voor wijkapp"),
        _(
            "Hoi %(name)s,\n\n"
            "Met deze link log je in bij wijkapp:\n\n%(link)s\n\n"
            "De link werkt één keer, een kwartier lang.\n"
            "Vroeg je hier niet om? Dan hoef je niets te doen. Geef de link aan niemand door.\n",
            name=words["name"],
            link=f"{address}/inloggen/link/{words['token']}",
        ),
    )


def invitation(words: Words, address: str) -> Mail:
    """In words: name, organisation, inviter (empty: whoever hosts the app), token."""
    by = words["inviter"] or _("De beheerder van wijkapp")
    return Mail(
        _("Doe mee met %(organisation)s op wijkapp", organisation=words["organisation"]),
        _(
            "Hoi %(name)s,\n\n"
            "%(by)s nodigt je uit om bij wijkapp te komen, voor %(organisation)s.\n"
            "Op wijkapp verdelen zorgverleners samen de zorg in de wijk.\n\n"
            "Zo doe je mee:\n\n%(link)s\n\n"
            "De link werkt één keer, een week lang. Geef hem aan niemand door.\n"
            "Ken je %(organisation)s niet? Dan hoef je niets te doen.\n",
            name=words["name"],
            by=by,
            organisation=words["organisation"],
            link=f"{address}/uitnodiging/{words['token']}",
        ),
    )


def shared_mail(words: Words, address: str) -> Mail:
    """To the mail group of the providers of a wijk. In words: wijk, request (its id). Never which care."""
    return Mail(
        _("Zorgvraag zonder aanbod in %(wijk)s", wijk=words["wijk"]),
        _(
            "Hoi allemaal,\n\n"
            "In %(wijk)s is een zorgvraag waarvoor nog niemand plek heeft.\n"
            "Kijk of jullie iets kunnen doen, ook als het een deel is:\n\n%(link)s\n\n"
            "Je logt eerst in. Wie en wat staat daarom niet in deze mail.\n",
            wijk=words["wijk"],
            link=f"{address}/zorgvragen/{words['request']}",
        ),
    )


def night_sheet(words: Words, address: str) -> Mail:
    """To who is rung last. In words: region, name, language. Who has which duty is on the sheet itself."""
    return Mail(
        _("Dienst vannacht in %(region)s", region=words["region"]),
        _(
            "Hoi %(name)s,\n\n"
            "In de bijlage staat wie er vannacht dienst heeft, met telefoonnummers.\n"
            "Bewaar het blad op je telefoon of print het: dan weet je ook zonder wijkapp wie je belt.\n\n"
            "Daarna kan er nog geruild worden. Zo ziet het er nu uit:\n\n%(link)s\n",
            name=words["name"],
            link=f"{address}/dienst",
        ),
    )


LETTERS: dict[str, Callable[[Words, str], Mail]] = {
    "people.log_in_link": log_in_link,
    "people.invitation": invitation,
    "matching.shared_mail": shared_mail,
    "rota.night_sheet": night_sheet,
}
"""Name of a letter -> what it says. In: the letter's words, the address of this installation."""
