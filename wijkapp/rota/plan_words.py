"""What the pages about making a rota say. Dutch, B1 level; translated where they are shown."""

from fractions import Fraction

from wijkapp.kit.words import decimal, gettext, ngettext
from wijkapp.kit.words import lazy as _
from wijkapp.rota.rules import AcceptedWhy

WHY_ACCEPTED = {
    AcceptedWhy.AGREED: _("De collega is het ermee eens"),
    AcceptedWhy.NOBODY_ELSE: _("Er is echt niemand anders"),
    AcceptedWhy.ALLOWED: _("Het mag door een regeling die de app niet kent"),
    AcceptedWhy.WRONG_DATA: _("De gegevens in de app kloppen niet"),
}


MOST_NAMES = 8


def short(sentence: str) -> str:
    """A sentence that lists half a region names the first few."""
    before, colon, after = sentence.partition(": ")
    names = after.rstrip(".").split(", ")
    if not colon or len(names) <= MOST_NAMES:
        return sentence
    listed = ", ".join(names[: MOST_NAMES - 2])
    rest = gettext("en nog %(n)s anderen", n=len(names) - MOST_NAMES + 2)
    return f"{before}: {listed} {rest}."


def off_target(value: Fraction) -> str:
    """How far somebody is from their part."""
    if abs(value) < Fraction(1, 100):
        return gettext("klopt precies")
    if value > 0:
        return gettext("%(n)s te veel", n=decimal(value))
    return gettext("%(n)s te weinig", n=decimal(-value))


def behind(value: Fraction) -> str:
    """What somebody still has to do after taking a duty."""
    if abs(value) < Fraction(1, 100):
        return gettext("komt precies uit")
    if value > 0:
        return gettext("heeft daarna nog %(n)s te gaan", n=decimal(value))
    return gettext("komt %(n)s boven het eigen deel", n=decimal(-value))


def fair(objective: tuple[float, ...]) -> list[str]:
    """How fair a proposal is, a sentence for each aim. In: `Rota.objective`, as in the file."""
    if len(objective) < 6:
        return []
    _open, organisation, person, days, _all, unwished = objective
    said = [
        gettext("Elke organisatie zit precies op haar deel.")
        if not organisation
        else gettext("Geen organisatie zit meer dan %(n)s punt van haar deel.", n=decimal(organisation)),
        gettext("Iedereen zit precies op het eigen deel.")
        if not person
        else gettext("Niemand zit meer dan %(n)s punt van het eigen deel.", n=decimal(person)),
    ]
    if days:
        said.append(
            ngettext(
                "Van de feestdagen heeft niemand er meer dan %(num)s te veel of te weinig.",
                "Van de feestdagen heeft niemand er meer dan %(num)s te veel of te weinig.",
                round(days),
            )
        )
    if unwished:
        said.append(
            ngettext(
                "%(num)s keer heeft iemand een dienst die diegene liever niet wilde.",
                "%(num)s keer heeft iemand een dienst die diegene liever niet wilde.",
                round(unwished),
            )
        )
    return said


def proof(proven: bool) -> str:
    """Could it be fairer?"""
    if proven:
        return gettext("Bewezen: met deze mensen, afwezigheid en regels kan het niet eerlijker.")
    return gettext("Niet bewezen dat het niet eerlijker kan. Beter is er niet gevonden.")
