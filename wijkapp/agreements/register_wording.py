"""Words for the register: kinds, phases, decisions, what keeps a gate shut, what a check says."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from textwrap import shorten

from wijkapp.agreements.lists import Seeds
from wijkapp.agreements.models import Body, Escalation
from wijkapp.agreements.phases import Block
from wijkapp.agreements.register import (
    BodyKind,
    Check,
    CostModel,
    Decision,
    Form,
    Hears,
    ItemStatus,
    JoinState,
    Kind,
    Outcome,
    PartyRole,
    Path,
    Phase,
    SeatLevel,
)
from wijkapp.agreements.service.standing import Standing
from wijkapp.kit.words import lazy as _

Words = Mapping[StrEnum, object]

KINDS: Words = {
    Kind.WIJK: _("Wijkverpleging in de wijk"),
    Kind.ANW: _("Avond, nacht en weekend"),
    Kind.COOPERATIVE: _("Coöperatie"),
    Kind.SUBCONTRACT: _("Onderaanneming"),
    Kind.OTHER: _("Anders"),
}
PATHS: Words = {
    Path.LIGHT: _("Licht: vier stappen op één pagina"),
    Path.FULL: _("Volledig: vier fasen met poorten"),
}
FORMS: Words = {
    Form.WORKING: _("Werkafspraken"),
    Form.CONTRACT: _("Samenwerking op contract"),
    Form.ENTITY: _("Gezamenlijke rechtspersoon"),
    Form.BOARD_MERGER: _("Bestuurlijke fusie"),
    Form.LEGAL_MERGER: _("Juridische fusie"),
}
COSTS: Words = {
    CostModel.OWN: _("Ieder de eigen kosten"),
    CostModel.ALL_ADVANCE: _("Allen schieten voor en verrekenen"),
    CostModel.ONE_ADVANCES: _("Eén schiet voor en verrekent"),
    CostModel.JOINT_POT: _("Gezamenlijke pot, één beheert"),
}
PHASES: Words = {
    Phase.INITIATION: _("Initiatie"),
    Phase.DEFINITION: _("Onderzoek en definitie"),
    Phase.REALISATION: _("Realisatie"),
    Phase.EXECUTION: _("Uitvoering"),
    Phase.ENDED: _("Beëindigd"),
}
LIGHT_PHASES: Words = {
    Phase.INITIATION: _("Kennismaken en beeld"),
    Phase.REALISATION: _("Afspraken maken"),
    Phase.EXECUTION: _("In werking en breder"),
    Phase.ENDED: _("Beëindigd"),
}
PHASE_TAGS: dict[Phase, str] = {
    Phase.INITIATION: "few",
    Phase.DEFINITION: "few",
    Phase.REALISATION: "few",
    Phase.EXECUTION: "ok",
    Phase.ENDED: "stale",
}
ROLES: Words = {
    PartyRole.LEAD: _("penvoerder"),
    PartyRole.MEMBER: _("partij"),
    PartyRole.MAIN: _("hoofdaannemer"),
    PartyRole.SUB: _("onderaannemer"),
}
STATUSES: Words = {
    ItemStatus.OPEN: _("Open"),
    ItemStatus.DONE: _("Klaar"),
    ItemStatus.NOT_NEEDED: _("Hoeft niet"),
}
STATUS_TAGS: dict[ItemStatus, str] = {
    ItemStatus.OPEN: "few",
    ItemStatus.DONE: "ok",
    ItemStatus.NOT_NEEDED: "",
}
DECISIONS: Words = {
    Decision.GO: _("Ja, we gaan door"),
    Decision.NO_GO: _("Nee, nu niet"),
    Decision.AGAIN: _("Terug naar een eerdere fase"),
    Decision.END: _("We stoppen samen"),
}
BODIES: Words = {
    BodyKind.STEERING: _("Stuurgroep"),
    BodyKind.CORE: _("Kernteam"),
    BodyKind.CARE: _("Werkgroep zorg en kwaliteit"),
    BodyKind.FINANCE: _("Werkgroep geld en verantwoording"),
    BodyKind.DIGITAL: _("Werkgroep digitaal en privacy"),
    BodyKind.OTHER: _("Ander overleg"),
}
LEVELS: Words = {
    SeatLevel.BOARD: _("bestuur"),
    SeatLevel.DIRECTOR: _("directie"),
    SeatLevel.MANAGER: _("management"),
    SeatLevel.STAFF: _("uitvoering"),
}
HEARS: Words = {
    Hears.SIGNERS: _("Wie tekent voor de partijen"),
    Hears.LEAD: _("Wie het voortouw heeft"),
    Hears.ADMINS: _("De beheerders van de partijen"),
    Hears.COORDINATOR: _("De wijkregisseur"),
    Hears.ALL: _("Voortouw, beheerders en wijkregisseur"),
}
"""Beside these a body can hear, by its own name."""
CHECKS: Words = {
    Check.COMPETITION: _("Mededingings­toets"),
    Check.MERGER: _("Fusietoets"),
    Check.DPIA: _("DPIA: risico’s voor privacy"),
}
OUTCOMES: Words = {
    Outcome.INCOMPLETE: _("nog niet af"),
    Outcome.BLOCKED: _("mag zo niet"),
    Outcome.SMALL: _("weinig bezwaar"),
    Outcome.JUSTIFIED: _("te verantwoorden"),
    Outcome.ADVICE: _("vraag advies"),
    Outcome.NONE: _("geen melding nodig"),
    Outcome.NZA: _("melden bij NZa"),
    Outcome.ACM: _("melden bij ACM"),
    Outcome.NZA_AND_ACM: _("melden bij NZa, dan bij ACM"),
    Outcome.START: _("mag beginnen"),
    Outcome.MEASURES: _("eerst meer maatregelen"),
    Outcome.CONSULT: _("eerst de AP vragen"),
}
OUTCOME_TAGS: dict[Outcome, str] = {
    Outcome.INCOMPLETE: "few",
    Outcome.BLOCKED: "full",
    Outcome.SMALL: "ok",
    Outcome.JUSTIFIED: "ok",
    Outcome.ADVICE: "few",
    Outcome.NONE: "ok",
    Outcome.NZA: "few",
    Outcome.ACM: "few",
    Outcome.NZA_AND_ACM: "few",
    Outcome.START: "ok",
    Outcome.MEASURES: "few",
    Outcome.CONSULT: "full",
}
WHY: Words = {
    Outcome.INCOMPLETE: _("Beantwoord eerst alle vragen."),
    Outcome.BLOCKED: _("Een van de antwoorden raakt een verbod. Dan telt een klein marktaandeel niet."),
    Outcome.SMALL: _("De antwoorden en het aandeel wijzen op weinig gevolgen voor de markt."),
    Outcome.JUSTIFIED: _("Aan alle vier de voorwaarden is voldaan. Bewaar de feiten erbij."),
    Outcome.ADVICE: _("Niet alle antwoorden zijn gunstig. Vraag een jurist of ACM."),
    Outcome.NONE: _("Dit is geen concentratie, of ze blijft onder de grenzen van vandaag."),
    Outcome.NZA: _("Eerst de NZa: voer niets uit voor het besluit er is."),
    Outcome.ACM: _("De omzet is hoger dan de grens. Voer niets uit voor ACM het goedkeurt."),
    Outcome.NZA_AND_ACM: _("Eerst de NZa, daarna ACM. Voer tot die tijd niets uit."),
    Outcome.START: _("Wat overblijft aan risico is laag genoeg. Kijk op een vaste dag opnieuw."),
    Outcome.MEASURES: _("Er blijft een hoog risico en er kan meer worden gedaan."),
    Outcome.CONSULT: _("Er blijft een hoog risico. Vraag de Autoriteit Persoonsgegevens voor je begint."),
}
JOINING: Words = {
    JoinState.WAITING: _("wacht op besluit"),
    JoinState.ACCEPTED: _("welkom"),
    JoinState.REFUSED: _("afgewezen"),
    JoinState.APPEALED: _("niet mee eens"),
}
JOIN_TAGS: dict[JoinState, str] = {
    JoinState.WAITING: "few",
    JoinState.ACCEPTED: "ok",
    JoinState.REFUSED: "full",
    JoinState.APPEALED: "few",
}
PARTS: dict[str, object] = {
    "hard_core": _("Dit mag nooit"),
    "criteria": _("Vier voorwaarden"),
    "practical": _("Zes praktische vragen van ACM"),
    "light": _("Drie vragen"),
    "kind": _("Is het een concentratie?"),
    "scope": _("Wie doet mee?"),
}
_FACTS: dict[str, object] = {
    "competition_blocked": _("De mededingingstoets zegt dat dit niet mag"),
    "purpose": _("Het doel staat er nog niet"),
    "wijken": _("Er zijn nog geen wijken gekozen"),
    "parties": _("Er zijn nog geen twee partijen"),
    "complaints": _("Er staat nog niet waar een cliënt met een klacht heen kan"),
    "joining": _("Er staat nog niet hoe anderen kunnen aansluiten"),
    "competition": _("De mededingingstoets is nog niet af"),
    "merger": _("De fusietoets is nog niet af"),
    "dpia": _("De DPIA is nog niet af"),
    "signed": _("Nog niet iedereen heeft getekend"),
    "evaluation": _("Er is nog geen dag om te evalueren"),
    "exit_plan": _("Er staat nog niet hoe jullie stoppen"),
}


def block(one: Block | str, seeds: Seeds) -> str:
    """What keeps a gate shut, in words."""
    code = one if isinstance(one, str) else one.code
    if code in _FACTS:
        return str(_FACTS[code])
    point = seeds.point(code)
    return point.words if point else code


def hears(step: Escalation) -> str:
    """Who hears of a step of the ladder."""
    return str(BODIES[step.body.kind] if step.body else HEARS[step.hears])


def body(one: Body) -> str:
    """A body, so that one can tell it from another of its kind."""
    kind = str(BODIES[one.kind])
    return f"{kind}: {shorten(one.mandate, 60, placeholder='…')}" if one.mandate else kind


ON_MAP: dict[str, object] = {
    "ok": _("afspraken getekend"),
    "under_way": _("afspraken in de maak"),
    "none": _("geen afspraken"),
}


def on_map(standing: Standing | None) -> str:
    """How a wijk is coloured on the map."""
    if standing is None:
        return "none"
    return "ok" if standing.signed else "under_way"


def by_list(shut: Iterable[Block]) -> dict[str, list[Block]]:
    """The points among what keeps a gate shut, by the list they stand in."""
    found: dict[str, list[Block]] = {}
    for one in shut:
        code, dot, _point = one.code.partition(".")
        if dot:
            found.setdefault(code, []).append(one)
    return found


def phase(one: Phase, path: Path) -> str:
    """A phase as its path calls it."""
    return str((LIGHT_PHASES if path is Path.LIGHT else PHASES).get(one) or PHASES[one])
