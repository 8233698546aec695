"""The clauses about duties in Dutch B1: what was agreed, and what the app does because of it."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any
from uuid import UUID

from wijkapp.agreements.rota_terms import DEFAULTS, Days, DutyBlock, KeyOf, LiberationDay, RotaTerms
from wijkapp.agreements.wording import Clause, Part, span
from wijkapp.kit import time
from wijkapp.kit.words import decimal, gettext, ngettext
from wijkapp.kit.words import lazy as _

DAYS = {Days.ALL: _("elke dag"), Days.FREE: _("in het weekend en op feestdagen")}
KEYS = {
    KeyOf.FTE: _("FTE in de wijkverpleging"),
    KeyOf.CLIENTS: _("aantal cliënten"),
    KeyOf.SHARE: _("vast deel"),
}
LIBERATION = {
    LiberationDay.NEVER: _("nooit"),
    LiberationDay.LUSTRUM: _("eens in de vijf jaar (2030, 2035)"),
    LiberationDay.ALWAYS: _("elk jaar"),
}


KINDS = {
    "work": _("aan het werk"),
    "bereikbaarheid": _("bereikbaar vanaf huis"),
    "consignatie": _("oproepbaar vanaf huis"),
    "aanwezigheid": _("aanwezig op de locatie"),
}
"""How somebody is on duty, as in `rota.problem.Kind`."""
LEVELS = {
    2: _("helpende (niveau 2)"),
    3: _("verzorgende (niveau 3)"),
    4: _("verpleegkundige (niveau 4)"),
    5: _("wijkverpleegkundige (hbo)"),
    6: _("verpleegkundig specialist"),
}


def block_word(name: str) -> str:
    """The name of a block, or of several; those that every region begins with are translated."""
    return ", ".join(gettext(one) for one in name.split(", "))


def parts(terms: RotaTerms, names: Mapping[UUID, str]) -> tuple[Part, ...]:
    """All clauses of a region but the figures for work and rest. names: of organisations."""
    return (
        Part(gettext("Diensten"), tuple(_blocks(terms))),
        Part(gettext("Eerlijk verdelen"), tuple(_sharing(terms, names))),
        Part(gettext("Rooster en ruilen"), tuple(_planning(terms))),
        Part(gettext("Op dienst"), tuple(_on_duty(terms))),
    )


def _clause(terms: RotaTerms, names: str, title: str, lines: list[Any], does: str) -> Clause:
    own = any(getattr(terms, name) != getattr(DEFAULTS, name) for name in names.split())
    return Clause(title, tuple(str(line) for line in lines), does, own, tuple(names.split()))


def _blocks(terms: RotaTerms) -> Iterator[Clause]:
    for block in terms.blocks:
        yield Clause(
            gettext("%(block)s, %(days)s", block=block_word(block.name).capitalize(), days=DAYS[block.days]),
            tuple(_lines_of(block)),
            gettext("Het rooster maakt hier een dienst van, op elke dag waarop dit geldt."),
            block != DEFAULTS.block(block.code),
            ("blocks",),
            block.code,
        )


def _lines_of(block: DutyBlock) -> Iterator[str]:
    yield gettext(
        "%(start)s – %(end)s uur, %(kind)s",
        start=time.clock(block.starts),
        end=time.clock(block.ends),
        kind=KINDS[block.kind],
    )
    yield ngettext(
        "%(num)s persoon, minstens niveau %(level)s",
        "%(num)s mensen, minstens niveau %(level)s",
        block.seats,
        level=block.level,
    )
    points = gettext("Punten: %(points)s", points=decimal(block.points))
    if block.backup:
        points = gettext(
            "Punten: %(points)s, achterwacht %(backup)s",
            points=decimal(block.points),
            backup=decimal(block.backup_points),
        )
    yield points


def _sharing(terms: RotaTerms, names: Mapping[UUID, str]) -> Iterator[Clause]:
    total = sum(terms.key.values(), Fraction(0))
    lines = [
        gettext("%(who)s: %(part)s%%", who=names.get(one, "?"), part=decimal(round(100 * part / total, 1)))
        for one, part in sorted(terms.key.items(), key=lambda pair: (-pair[1], names.get(pair[0], "")))
        if total
    ]
    if lines:
        lines.append(gettext("Verdeeld naar: %(what)s", what=KEYS[terms.key_of]))
    yield _clause(
        terms,
        "key key_of",
        gettext("Sleutel tussen organisaties"),
        lines or [gettext("Nog geen sleutel: iedereen doet evenveel, naar de eigen FTE")],
        gettext("Het rooster geeft elke organisatie dit deel van de punten, en daarbinnen elke persoon."),
    )
    yield _clause(
        terms,
        "holiday_times liberation_day",
        gettext("Feestdagen"),
        [
            gettext("Een dienst op een feestdag telt %(times)s keer", times=decimal(terms.holiday_times)),
            gettext("5 mei is een feestdag: %(when)s", when=LIBERATION[LiberationDay(terms.liberation_day)]),
        ],
        gettext("Het rooster verdeelt feestdagen over de jaren. De nacht vóór een feestdag hoort erbij."),
    )


def _planning(terms: RotaTerms) -> Iterator[Clause]:
    yield _clause(
        terms,
        "publish_ahead",
        gettext("Rooster klaar"),
        [gettext("%(span)s voor de eerste dag", span=span(terms.publish_ahead))],
        gettext("Later publiceren kan, met een waarschuwing. Daarna verandert er niets zonder jouw ja."),
    )
    yield _clause(
        terms,
        "swap_approval ask_again_every",
        gettext("Ruilen"),
        [
            gettext("Een planner keurt elke ruil goed")
            if terms.swap_approval
            else gettext("Collega's ruilen onderling"),
            gettext("Elke %(span)s wordt het opnieuw gevraagd", span=span(terms.ask_again_every)),
        ],
        gettext("Alleen wie volgens de regels kan, krijgt de vraag. Neemt niemand het over, dan blijft het."),
    )
    yield _clause(
        terms,
        "undo_within",
        gettext("Overnemen terugdraaien"),
        [gettext("Binnen %(span)s", span=span(terms.undo_within))],
        gettext("Wie een lopende dienst overneemt, kan zich zo lang nog bedenken."),
    )


def _on_duty(terms: RotaTerms) -> Iterator[Clause]:
    yield _clause(
        terms,
        "check_in_within backup_within",
        gettext("Aanmelden"),
        [
            gettext("Binnen %(span)s na het begin", span=span(terms.check_in_within)),
            gettext("De achterwacht antwoordt binnen %(span)s", span=span(terms.backup_within)),
        ],
        gettext("Meldt niemand zich aan, dan belt de app de achterwacht, en daarna de wijkregisseur."),
    )
    yield _clause(
        terms,
        "on_site_within",
        gettext("Bij de cliënt"),
        [gettext("Binnen %(span)s na het telefoontje", span=span(terms.on_site_within))],
        gettext("Het belbriefje laat zien hoe vaak dat lukt."),
    )
    yield _clause(
        terms,
        "confirm_within",
        gettext("Overdracht"),
        [gettext("Gelezen binnen %(span)s na het einde", span=span(terms.confirm_within))],
        gettext("Bevestigt niemand, dan hoort de wijkregisseur het."),
    )
