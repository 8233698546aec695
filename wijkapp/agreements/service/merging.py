"""What the register says of an agreement, as lines for a document. Always in Dutch: it is signed."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from babel.dates import format_date
from babel.support import NullTranslations
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from wijkapp.agreements import register_wording as says
from wijkapp.agreements import rota_terms, rota_words, rule_sets, rules, wording
from wijkapp.agreements.drafting import APP, lines_of
from wijkapp.agreements.models import Agreement, Body, Escalation, Evaluation, Party, Risk, Seat
from wijkapp.agreements.register import PartyRole
from wijkapp.agreements.rota_terms import RotaTerms
from wijkapp.agreements.rule_sets import RuleSet
from wijkapp.agreements.rules import Terms
from wijkapp.agreements.sealed import Clause
from wijkapp.directory.models import Wijk
from wijkapp.kit.phones import phone_as_written
from wijkapp.kit.words import speaking

DUTCH = NullTranslations()
STARTS = f"{APP}.starts"

IN_REGISTER = (
    "title",
    "purpose",
    "form",
    "wijken",
    "parties",
    "lead",
    "begin",
    "duration",
    "notice",
    "complaints",
    "joining",
    "joining_contact",
    "costs",
)
"""Facts that are filled in on the page of the agreement itself; the others come from its plans."""


def facts_of(db: Session, agreement: Agreement) -> dict[str, tuple[str, ...]]:
    """Everything a template may ask of the register, by name; empty where it says nothing."""
    with speaking(DUTCH):
        return {name: tuple(line for line in lines if line) for name, lines in _facts(db, agreement)}


def day_in_words(day: date) -> str:
    """1 december 2026."""
    return format_date(day, "d MMMM y", locale="nl")


def parties_of(agreement: Agreement) -> list[Party]:
    """Who takes part now, in order of name."""
    return sorted(
        agreement.taking_part, key=lambda party: (party.organisation.name, str(party.organisation_id))
    )


def _facts(db: Session, agreement: Agreement) -> Iterator[tuple[str, list[str]]]:
    parties = parties_of(agreement)
    yield "title", [agreement.title]
    yield "purpose", agreement.purpose.splitlines()
    yield "form", [str(says.FORMS[agreement.form]).lower()]
    yield "wijken", [wijk.name for wijk in agreement.wijken]
    yield "reach", [_reach(wijk) for wijk in agreement.wijken]
    yield "parties", [_party(one) for one in parties]
    yield "lead", [one.organisation.name for one in parties if one.role is PartyRole.LEAD]
    yield "begin", [day_in_words(agreement.valid_from)] if agreement.valid_from else []
    yield "duration", [_duration(agreement)]
    months = agreement.notice_months
    yield "notice", [] if months is None else ["1 maand" if months == 1 else f"{months} maanden"]
    yield "complaints", agreement.complaints.splitlines()
    yield "joining", lines_of(agreement.joining)
    yield "joining_contact", agreement.joining_contact.splitlines()
    yield "costs", [str(says.COSTS[agreement.cost_model])]
    yield "exit_plan", agreement.exit_plan.splitlines()
    yield "bodies", [_body(one) for one in _bodies(db, agreement)]
    yield "escalation", [_step(one) for one in _steps(db, agreement)]
    yield "evaluations", [day_in_words(one.due_on) for one in _evaluations(db, agreement)]
    yield "risks", [_risk(one) for one in db.scalars(_of(Risk, agreement).order_by(Risk.id))]


def _reach(wijk: Wijk) -> str:
    ways = [way for way in (phone_as_written(wijk.shared_phone), wijk.shared_mail) if way]
    return f"{wijk.name}: {', '.join(ways)}" if ways else ""


def _party(party: Party) -> str:
    organisation = party.organisation
    numbers = [
        f"KvK {organisation.kvk_number}" if organisation.kvk_number else "",
        f"AGB {organisation.agb_code}" if organisation.agb_code else "",
    ]
    known = ", ".join(one for one in numbers if one)
    return f"{organisation.name} ({known})" if known else organisation.name


def _duration(agreement: Agreement) -> str:
    if agreement.valid_until:
        return f"Zij eindigt op {day_in_words(agreement.valid_until)}."
    return "Zij loopt door tot de partijen haar beëindigen."


def _of(kind: Any, agreement: Agreement) -> Any:
    return select(kind).where(kind.agreement_id == agreement.id)


def _bodies(db: Session, agreement: Agreement) -> Iterator[Body]:
    yield from db.scalars(
        _of(Body, agreement)
        .options(selectinload(Body.seats).joinedload(Seat.organisation))
        .order_by(Body.kind, Body.id)
    )


def _body(body: Body) -> str:
    seats = sorted({seat.organisation.name for seat in body.seats})
    parts = [
        str(says.BODIES[body.kind]),
        body.mandate,
        body.meets,
        f"met {', '.join(seats)}" if seats else "",
    ]
    return ", ".join(part.rstrip(".") for part in parts if part)


def _steps(db: Session, agreement: Agreement) -> Iterator[Escalation]:
    yield from db.scalars(
        _of(Escalation, agreement).options(joinedload(Escalation.body)).order_by(Escalation.after_days)
    )


def _step(step: Escalation) -> str:
    when = "meteen" if not step.after_days else f"na {step.after_days} dagen"
    return f"{when}: {step.note or says.hears(step).lower()}, {step.step}"


def _evaluations(db: Session, agreement: Agreement) -> Iterator[Evaluation]:
    yield from db.scalars(
        _of(Evaluation, agreement).where(Evaluation.done_on.is_(None)).order_by(Evaluation.due_on)
    )


def _risk(risk: Risk) -> str:
    return f"{risk.what} – {risk.measure}" if risk.measure else risk.what


def clauses_of(
    terms: Terms | RotaTerms, starts: date, agreement: Agreement, names: Mapping[UUID, str]
) -> tuple[Clause, ...]:
    """What the app does, a clause each: in words, and as the app itself reads it. names: of organisations."""
    with speaking(DUTCH):
        if isinstance(terms, RotaTerms):
            return _about_duties(terms, starts, agreement, names)
        return _about_wijken(terms, starts, agreement)


def _about_wijken(terms: Terms, starts: date, agreement: Agreement) -> tuple[Clause, ...]:
    first = _first(
        f"Vanaf {day_in_words(starts)} werkt wijkapp in deze wijken zoals hieronder staat.",
        "Een zorgvraag die dan al loopt, houdt de afspraken waarmee hij begon.",
        {"from": starts.isoformat(), "wijken": sorted(wijk.code for wijk in agreement.wijken)},
    )
    return first, *_of_parts(wording.parts(terms), rules.to_plain(terms))


def _about_duties(
    terms: RotaTerms, starts: date, agreement: Agreement, names: Mapping[UUID, str]
) -> tuple[Clause, ...]:
    first = _first(
        f"Vanaf {day_in_words(starts)} gaan de diensten in {agreement.region.name} zoals hieronder staat.",
        "Een rooster dat er dan al is, houdt de afspraken van zijn eerste dag.",
        {"from": starts.isoformat(), "region": str(agreement.region_id)},
    )
    said = _of_parts(rota_words.parts(terms, names), rota_terms.to_plain(terms))
    return first, *said, _rest(rule_sets.on_day(starts))


def _rest(rules: RuleSet) -> Clause:
    """By reference: which rules hold, without the figures that a region may change by itself."""
    source = f"De bron is: {rules.source}. Bij elk getal staat de bron in wijkapp."
    return Clause(
        f"{APP}.rules",
        "App: Rust en werktijd",
        (
            "Een rooster houdt zich aan de regels voor rust en werktijd die in wijkapp staan.",
            f"Dat is versie {rules.version}, geldig vanaf {day_in_words(rules.valid_from)}. {source}",
            "De wijkregisseur kan een getal veranderen. Deze overeenkomst legt de getallen niet vast.",
            "Een nieuwe versie geldt voor roosters die daarna beginnen.",
            "Welke getallen nu gelden, staat in wijkapp bij Dienst, Afspraken.",
        ),
        {"rule_set": rules.version},
    )


def _first(from_when: str, what_runs: str, value: Mapping[str, Any]) -> Clause:
    return Clause(STARTS, "Zo werkt de app", (from_when, what_runs), value)


def _of_parts(parts: Iterable[wording.Part], plain: Mapping[str, Any]) -> Iterator[Clause]:
    for clause in (clause for part in parts for clause in part.clauses):
        value = {name: plain[name] for name in clause.names}
        if clause.block:  # of all duties, the one that this clause is about
            value = {"blocks": [one for one in plain["blocks"] if one["code"] == clause.block]}
        yield Clause(
            code=".".join([APP, clause.names[0], *([clause.block] if clause.block else [])]),
            title=f"App: {clause.title}",
            words=(*clause.lines, clause.does),
            value=value,
        )
