"""The log, its odd lines and breaches in words: Dutch at B1 level, readable for a client."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from flask_babel.speaklater import LazyString

from wijkapp.clients.audit_rules import Basis, Event, Outcome
from wijkapp.clients.breach_rules import Kind, Risk, State
from wijkapp.clients.odd_rules import MANY_EXPORTS, MANY_FILES, ONLY_LOOKED, Rule, Verdict
from wijkapp.clients.rules import Data, EmergencyReason, EndReason, Purpose
from wijkapp.clients.service.access_log import Happened
from wijkapp.clients.service.dpia import Standing
from wijkapp.clients.service.retention import Whose
from wijkapp.kit.words import gettext, mark, ngettext
from wijkapp.kit.words import lazy as _
from wijkapp.people.rules import OrganisationKind, Role

Words = Mapping[StrEnum, LazyString]

EVENTS: Words = {
    Event.OPENED: _("begon een dossier met alleen een code"),
    Event.READ: _("bekeek %(what)s"),
    Event.WRITTEN: _("schreef iets op: %(what)s"),
    Event.CORRECTED: _("verbeterde iets: %(what)s"),
    Event.CANCELLED: _("zegde een afspraak af"),
    Event.CONSENT_GIVEN: _("legde vast dat de cliënt toestemming gaf"),
    Event.CONSENT_REFUSED: _("legde vast dat de cliënt nee zei"),
    Event.OBJECTED: _("legde vast dat de cliënt bezwaar heeft"),
    Event.LIFTED: _("legde vast dat de cliënt een nee terugnam"),
    Event.WITHDRAWN: _("legde vast dat de cliënt de toestemming introk"),
    Event.ENDED: _("sloot het dossier"),
    Event.ERASED: _("wiste alles, omdat de cliënt dat vroeg"),
    Event.DESTROYED: _("vernietigde de gegevens; niemand kan ze nog lezen"),
    Event.GLASS_BROKEN: _("keek met noodtoegang"),
    Event.GLASS_REVIEWED: _("beoordeelde een noodtoegang"),
    Event.EXPORTED: _("maakte een kopie voor de cliënt: %(what)s"),
    Event.REVIEWED: _("beoordeelde een opvallende inzage"),
}
TRIED: Words = {
    Event.READ: _("wilde %(what)s bekijken, maar mocht dat niet"),
    Event.GLASS_BROKEN: _("wilde noodtoegang, maar kreeg die niet"),
    Event.EXPORTED: _("wilde een kopie maken, maar dat kon niet"),
}
TRIED_ELSE = _("wilde iets veranderen, maar mocht dat niet")
KINDS: Mapping[str, LazyString] = {
    Data.IDENTITY: _("naam en adres"),
    Data.HANDOVER: _("de overdracht van de zorg"),
    Data.APPOINTMENTS: _("de afspraken"),
    Data.REPORTS: _("de berichten over de zorg"),
    "file": _("het dossier"),
}
PURPOSES: Words = {
    Purpose.HANDOVER: _("om de zorg over te dragen"),
    Purpose.CONTINUITY: _("om samen zorg te geven"),
    Purpose.EVALUATION: _("om terug te kijken op de zorg"),
}
BASES: Words = {
    Basis.CONSENT: _("met toestemming van de cliënt"),
    Basis.VITAL_INTEREST: _("omdat er nood was"),
    Basis.LEGAL_DUTY: _("omdat de wet dat vraagt"),
}
DETAILS: Mapping[str, LazyString] = {
    EmergencyReason.LIFE: _("reden: gevaar voor het leven"),
    EmergencyReason.UNREACHABLE: _("reden: niemand te bereiken, en de zorg kon niet wachten"),
    EmergencyReason.FOUND: _("reden: de cliënt is in nood gevonden"),
    "justified": _("oordeel: terecht"),
    "unjustified": _("oordeel: niet terecht"),
    EndReason.WITHDRAWN: _("omdat de cliënt de toestemming introk"),
    EndReason.EXPIRED: _("omdat de toestemming afliep"),
    EndReason.HANDED_OVER: _("omdat de overdracht klaar is"),
    EndReason.PLACEMENT_ENDED: _("omdat de zorg stopte"),
    EndReason.ERASED: _("omdat de cliënt dat vroeg"),
    EndReason.REPLACED: _("omdat er een nieuwe toestemming kwam"),
    "NotFound": _("hoorde niet bij deze cliënt"),
    "NoConsent": _("er was geen toestemming voor"),
    "NotAllowed": _("heeft daar de rol niet voor"),
    "Gone": _("de gegevens waren al vernietigd"),
    "Objected": _("de cliënt heeft bezwaar"),
}
ROLES: Words = {
    Role.NURSE: _("verpleegkundige of verzorgende"),
    Role.PLANNER: _("planner"),
    Role.REFERRER: _("huisarts of verwijzer"),
    Role.COORDINATOR: _("wijkregisseur"),
    Role.VIEWER: _("meekijker"),
    Role.ADMIN: _("beheerder"),
}

RULES: Words = {
    Rule.MANY_FILES: _("Veel cliënten in korte tijd"),
    Rule.AT_NIGHT: _("In de nacht gekeken"),
    Rule.EMERGENCY: _("Noodtoegang gebruikt"),
    Rule.REFUSED: _("Wilde kijken, mocht niet"),
    Rule.AFTER_HANDOVER: _("Gekeken na de overdracht"),
    Rule.ONLY_LOOKED: _("Kijkt, maar schrijft nooit"),
    Rule.EXPORTS: _("Vaak een kopie gemaakt"),
}
WHY: Words = {
    Rule.MANY_FILES: _(
        "Meer dan %(most)s cliënten binnen een uur. Dat kan een drukke dag zijn, of rondkijken.",
        most=MANY_FILES,
    ),
    Rule.AT_NIGHT: _("Tussen 23.00 en 6.00 uur. wijkapp weet nog niet wie er dienst had; vraag het na."),
    Rule.EMERGENCY: _("Bij een noodtoegang hoort altijd een gesprek achteraf."),
    Rule.REFUSED: _("Een vergissing in de code, of iemand zocht iets waar hij niet bij mag."),
    Rule.AFTER_HANDOVER: _("De zorg was al meer dan een dag overgedragen. Was er nog een vraag?"),
    Rule.ONLY_LOOKED: _(
        "Keek bij %(number)s cliënten of meer en schreef niets op. Past dat bij het werk?", number=ONLY_LOOKED
    ),
    Rule.EXPORTS: _(
        "Meer dan %(most)s kopieën in een maand. Vroegen de cliënten daar echt om?", most=MANY_EXPORTS
    ),
}
VERDICTS: Words = {
    Verdict.FINE: _("Hoort bij het werk"),
    Verdict.DISCUSSED: _("Besproken met de collega"),
    Verdict.BREACH: _("Niet goed: dit is een datalek"),
}

BREACH_KINDS: Words = {
    Kind.SENT_WRONG: _("Naar de verkeerde gestuurd"),
    Kind.LOST: _("Kwijt of gestolen (telefoon, papier)"),
    Kind.SEEN: _("Iemand keek die niet mocht kijken"),
    Kind.BROKEN_IN: _("Ingebroken (hack, phishing, virus)"),
    Kind.PUBLISHED: _("Per ongeluk openbaar"),
    Kind.DESTROYED: _("Weg of niet te bereiken"),
    Kind.OTHER: _("Iets anders"),
}
RISKS: Words = {
    Risk.NONE: _("Geen: schade is niet waarschijnlijk"),
    Risk.SOME: _("Er is risico: melden bij de Autoriteit Persoonsgegevens"),
    Risk.HIGH: _("Hoog risico: ook vertellen aan de mensen zelf"),
}
STATES: Words = {
    State.RUNNING: _("klok loopt"),
    State.OVERDUE: _("te laat"),
    State.TOLD: _("gemeld"),
    State.NOT_NEEDED: _("melden hoeft niet"),
    State.CLOSED: _("gesloten"),
}
STATE_TAGS: Mapping[StrEnum, str] = {
    State.RUNNING: "few",
    State.OVERDUE: "full",
    State.TOLD: "ok",
    State.NOT_NEEDED: "",
    State.CLOSED: "stale",
}
WHOSE: Words = {
    Whose.CLIENT: _("Cliënten"),
    Whose.STAFF: _("Mensen die met wijkapp werken"),
    Whose.NOBODY: _("Niemand: dit gaat niet over personen"),
}
ORGANISATIONS: Words = {
    OrganisationKind.HOME_CARE: _("thuiszorg"),
    OrganisationKind.SOLO: _("zzp'ers"),
    OrganisationKind.COOPERATIVE: _("coöperaties"),
    OrganisationKind.GP_PRACTICE: _("huisartsen"),
    OrganisationKind.TRANSFER_DESK: _("transferpunten"),
    OrganisationKind.INSURER: _("zorgverzekeraars"),
    OrganisationKind.MUNICIPALITY: _("gemeenten"),
}

STANDINGS: Words = {
    Standing.DONE: _("geregeld"),
    Standing.OPEN: _("nog doen"),
    Standing.YOURS: _("aan jullie"),
}
MONTHS = (
    mark("januari"),
    mark("februari"),
    mark("maart"),
    mark("april"),
    mark("mei"),
    mark("juni"),
    mark("juli"),
    mark("augustus"),
    mark("september"),
    mark("oktober"),
    mark("november"),
    mark("december"),
)


def month(day: date) -> str:
    """november 2026"""
    return f"{gettext(MONTHS[day.month - 1])} {day.year}"


def left(until: datetime, moment: datetime) -> str:
    """How long there is still: nog 23 uur."""
    hours = max(int((until - moment).total_seconds() // 3600), 0)
    return ngettext("nog %(num)s uur", "nog %(num)s uur", hours)


def did(one: Happened) -> str:
    """What somebody did, as in "bekeek naam en adres, de afspraken"."""
    what = kinds(one.kinds)
    if one.outcome is Outcome.REFUSED:
        return str(TRIED.get(one.event, TRIED_ELSE)) % {"what": what}
    return str(EVENTS[one.event]) % {"what": what}


def kinds(codes: tuple[str, ...]) -> str:
    """Kinds of data in words."""
    words = [str(KINDS[code]) for code in codes if code in KINDS]
    return ", ".join(words) or gettext("het dossier")


def why(one: Happened) -> str:
    """Why it was allowed, or not; empty when there is nothing to say."""
    detail = str(DETAILS.get(one.detail or "", ""))
    if one.outcome is Outcome.REFUSED:
        return detail
    purpose = str(PURPOSES[Purpose(one.purpose)]) if one.purpose in set(Purpose) else ""
    basis = str(BASES[one.basis]) if one.basis else ""
    return ", ".join(part for part in (purpose, basis, detail) if part)


def who(one: Happened) -> str:
    """Who did it; nobody is the app itself."""
    return one.who or "wijkapp"


def roles(one: Happened) -> str:
    """In which role, when it is one that a client knows."""
    known = [str(ROLES[Role(role)]) for role in one.roles if role in set(Role)]
    return ", ".join(known)
