"""What is printed: the log of one client, all about one client, the register, the start of a DPIA."""

from datetime import datetime
from typing import Any

from wijkapp.clients import privacy_wording as says
from wijkapp.clients import wording as file_says
from wijkapp.clients.rules import Data
from wijkapp.clients.service import dpia as dpia_service
from wijkapp.clients.service.access_log import AccessLog, Happened
from wijkapp.clients.service.dpia import Risk
from wijkapp.clients.service.files import AnswerLine
from wijkapp.clients.service.looking import Content, Written
from wijkapp.clients.service.register import Processing, Register, personal
from wijkapp.clients.service.rights import Everything
from wijkapp.kit import documents, time
from wijkapp.kit.words import gettext as _


def access_log(log: AccessLog, organisation: str) -> bytes:
    """Who looked, for the client: no client data but the code."""
    return documents.pdf(
        "clients/access_log.typ",
        {
            "code": log.code,
            "organisation": organisation,
            "since": _day(log.since),
            "until": _day(log.until),
            "made": when(time.now()),
            "lines": [_line(one) for one in log.happened],
            "more": log.older is not None,
        },
    )


def everything(all_of_it: Everything) -> bytes:
    """All there is about one client, to read."""
    content = all_of_it.content
    return documents.pdf(
        "privacy/everything.typ",
        {
            "code": all_of_it.code,
            "organisation": all_of_it.organisation,
            "made": when(all_of_it.made_at),
            "made_by": all_of_it.made_by,
            "why_not": all_of_it.why_not,
            "left_out": file_says.data(sorted(set(Data) - content.sees)) if content else "",
            "person": _person(content) if content else [],
            "handovers": _handovers(content) if content else [],
            "appointments": _appointments(content) if content else [],
            "reports": _reports(content) if content else [],
            "emergencies": _emergencies(content) if content else [],
            "parties": [
                {"name": one.name, "scope": file_says.scope(one.scope)} for one in all_of_it.shell.parties
            ],
            "answers": [_answer(one) for one in all_of_it.shell.answers],
            "lines": [_line(one) for one in all_of_it.log.happened],
        },
    )


def register(register: Register) -> bytes:
    """The register of processing (AVG art. 30)."""
    return documents.pdf("privacy/register.typ", _register(register))


def dpia(register: Register) -> bytes:
    """What a DPIA can start from."""
    risks = [_risk(one) for one in dpia_service.risks(register)]
    return documents.pdf("privacy/dpia.typ", _register(register) | {"risks": risks})


def when(moment: datetime) -> str:
    """24-11-2026, 14.05 uur: on paper it is never today."""
    local = time.local(moment)
    return _("%(day)s, %(clock)s uur", day=f"{local:%d-%m-%Y}", clock=time.clock(moment))


def _day(day: object) -> str:
    return f"{day:%d-%m-%Y}" if day else ""


def _line(one: Happened) -> dict[str, str]:
    return {
        "when": when(one.at),
        "who": says.who(one),
        "organisation": one.organisation or "",
        "roles": says.roles(one),
        "did": says.did(one),
        "why": says.why(one),
    }


def _person(content: Content) -> list[list[str]]:
    person = content.person
    if person is None:
        return []
    born = file_says.whole_day(person.birth_date) if person.birth_date else ""
    pairs = [
        (_("Naam"), person.name),
        (_("Geboortedatum"), born),
        (_("Adres"), person.address),
        (_("Telefoon"), person.phone),
        (_("Familie of vertegenwoordiger"), person.contact),
        (_("Hoe kom je binnen?"), person.entry),
    ]
    return [[name, value] for name, value in pairs if value]


def _written(one: Written) -> str:
    return f"{when(one.at)}, {one.by} ({one.organisation})"


def _handovers(content: Content) -> list[dict[str, Any]]:
    return [
        {
            "written": _written(one.written),
            "parts": [
                [_("Situatie"), one.sbar.situation],
                [_("Achtergrond"), one.sbar.background],
                [_("Beoordeling"), one.sbar.assessment],
                [_("Advies"), one.sbar.recommendation],
            ],
        }
        for one in content.handovers
    ]


def _appointments(content: Content) -> list[dict[str, Any]]:
    return [
        {
            "when": when(one.at),
            "what": one.what,
            "organisation": one.organisation,
            "cancelled": bool(one.cancelled_at),
        }
        for one in content.appointments
    ]


def _reports(content: Content) -> list[dict[str, Any]]:
    return [
        {"written": _written(one.written), "text": one.text, "struck": one.corrected_by_id is not None}
        for one in content.reports
    ]


def _emergencies(content: Content) -> list[dict[str, str]]:
    return [
        {
            "when": when(one.opened_at),
            "who": f"{one.by} ({one.organisation})",
            "reason": file_says.emergency(one.reason),
            "why": one.why,
        }
        for one in content.emergencies
    ]


def _answer(one: AnswerLine) -> dict[str, str]:
    return {
        "what": file_says.answer(one.answer),
        "by": file_says.given_by(one.given_by),
        "how": file_says.how(one.how),
        "since": when(one.since),
        "until": when(one.until) if one.until else "",
        "ended": when(one.ended_at) if one.ended_at else "",
        "organisation": one.organisation or "",
        "recorded": f"{when(one.recorded_at)}, {one.recorded_by}",
    }


def _register(register: Register) -> dict[str, Any]:
    facts = register.facts
    return {
        "organisation": register.organisation,
        "made": when(time.now()),
        "address": facts.address,
        "regions": list(register.regions),
        "parties": [f"{says.ORGANISATIONS[one.kind]} ({one.number})" for one in register.parties],
        "database": facts.database,
        "processings": [_processing(one) for one in personal(register)],
    }


def _processing(one: Processing) -> dict[str, Any]:
    kept = one.kept
    return {
        "name": str(kept.name),
        "whose": str(says.WHOSE[kept.whose]),
        "what": str(kept.what),
        "why": str(kept.why),
        "basis": str(kept.basis),
        "ends": str(kept.ends),
        "how": str(kept.how),
        "seen_by": str(kept.seen_by),
        "fields": len(one.fields),
        "sealed": one.sealed,
        "tables": ", ".join(kept.tables),
        "in_use": one.in_use,
    }


def _risk(one: Risk) -> dict[str, str]:
    return {
        "what": str(one.what),
        "measure": str(one.measure),
        "standing": str(says.STANDINGS[one.standing]),
        "to_do": str(one.to_do) if one.to_do else "",
    }
