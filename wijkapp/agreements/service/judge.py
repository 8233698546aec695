"""Checks of an agreement: answer the questions, and keep the answer as a dated memo."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from wijkapp.agreements import checks
from wijkapp.agreements.checks import Question, Share, Size
from wijkapp.agreements.lists import LATEST
from wijkapp.agreements.models import Agreement, CheckMemo, Risk
from wijkapp.agreements.register import Check, Outcome, Path
from wijkapp.agreements.service.dossier import dpia_now, is_forbidden, to_redo
from wijkapp.agreements.service.register import Hands, managed, seen_inside
from wijkapp.agreements.service.signing import tell_turned
from wijkapp.kit import time
from wijkapp.kit.db import reading, transaction
from wijkapp.kit.errors import Invalid, NotFound
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Account

MILLION = 1_000_000
IN_MILLIONS = ("joint_world", "second_in_nl")
"""Amounts that are asked for in millions of euros."""


@dataclass(frozen=True)
class CheckPage:
    """One check: its questions, what was answered last, and what was before."""

    agreement: Agreement
    hands: Hands
    about: Check
    questions: Sequence[Question]
    memos: Sequence[CheckMemo]  # newest first
    risks: Sequence[Risk]
    again: bool  # must it be done again?
    forbidden: bool  # says no, whatever was begun since and not answered

    @property
    def last(self) -> CheckMemo | None:
        return self.memos[0] if self.memos else None


@dataclass(frozen=True)
class Answers:
    """What was answered. numbers: a share in per cent, persons, euros; None: unknown."""

    said: Mapping[str, str]
    numbers: Mapping[str, int | None]
    competitors: bool = True
    facts: str = ""
    conclusion: str = ""
    filed_on: date | None = None


def check_page(actor: Account, agreement_id: UUID, about: Check) -> CheckPage:
    """One check, for the parties and who leads the region. A light agreement has only the first."""
    with reading() as db:
        agreement, hands = seen_inside(db, actor, agreement_id)
        _has(agreement, about)
        memos = _memos(db, agreement_id, about)
        return CheckPage(
            agreement=agreement,
            hands=hands,
            about=about,
            questions=checks.rules().asked(about, agreement.path),
            memos=memos,
            risks=db.scalars(select(Risk).where(Risk.agreement_id == agreement_id).order_by(Risk.id)).all(),
            again=bool(memos and to_redo(db, agreement_id, {about: memos[0]})),
            forbidden=about is Check.COMPETITION and is_forbidden(db, agreement_id),
        )


def _memos(db: Session, agreement_id: UUID, about: Check) -> Sequence[CheckMemo]:
    return db.scalars(
        select(CheckMemo)
        .options(joinedload(CheckMemo.by))
        .where(CheckMemo.agreement_id == agreement_id, CheckMemo.about == about)
        .order_by(CheckMemo.at.desc(), CheckMemo.id.desc())
    ).all()


def _has(agreement: Agreement, about: Check) -> None:
    if agreement.path is Path.LIGHT and about is not Check.COMPETITION:
        raise NotFound


def judge(actor: Account, agreement_id: UUID, about: Check, answers: Answers) -> Outcome:
    """Answer a check: the memo of today. Gives what it says. Raises Invalid."""
    with transaction() as db:
        agreement = managed(db, actor, agreement_id)
        _has(agreement, about)
        _refuse_filed(answers.filed_on)
        before = is_forbidden(db, agreement_id)
        outcome = _outcome(db, agreement, about, answers)
        plain = {**answers.said, **{name: n for name, n in answers.numbers.items() if n is not None}}
        if about is Check.COMPETITION:
            plain["competitors"] = checks.YES if answers.competitors else checks.NO
        db.add(
            CheckMemo(
                agreement_id=agreement.id,
                about=about,
                answers=tuple(f"{name}={value}" for name, value in sorted(plain.items())),
                rules=LATEST,
                outcome=outcome,
                facts=answers.facts,
                conclusion=answers.conclusion,
                filed_on=answers.filed_on,
                by_id=actor.id,
                at=time.now(),
            )
        )
        after = is_forbidden(db, agreement_id)
        if after is not before:
            tell_turned(db, actor, agreement_id, forbidden=after)
    return outcome


def _refuse_filed(day: date | None) -> None:
    since = checks.first_filing()
    if day and day > time.today():
        raise Invalid(fields={"filed_on": str(_("Deze dag moet nog komen."))})
    if day and day < since:
        raise Invalid(fields={"filed_on": str(_("Melden kan sinds %(year)s.", year=since.year))})


def _outcome(db: Session, agreement: Agreement, about: Check, answers: Answers) -> Outcome:
    numbers, today = answers.numbers, time.today()
    if about is Check.COMPETITION:
        share = Share(numbers.get("share"), answers.competitors)
        return checks.competition(agreement.path, answers.said, share, today)
    if about is Check.MERGER:
        size = Size(numbers.get("persons"), numbers.get("joint_world"), numbers.get("second_in_nl"))
        return checks.merger(answers.said, size, today)
    return dpia_now(db, agreement.id)


def typed(name: str, value: str) -> dict[str, object]:
    """An answer as it was stored, under the name and in the shape in which it is asked."""
    if name == "competitors":
        return {name: value == checks.YES}
    if value.isdigit():
        return {name: int(value) // MILLION if name in IN_MILLIONS else int(value)}
    return {f"q_{name}": value}


@dataclass(frozen=True)
class RiskFacts:
    """A risk as filled in; chance and impact 1..5, before and after the measure."""

    what: str
    measure: str
    chance: int
    impact: int
    chance_left: int
    impact_left: int
    more_possible: bool


def add_risk(actor: Account, agreement_id: UUID, facts: RiskFacts) -> None:
    """One more risk of the DPIA."""
    with transaction() as db:
        agreement = managed(db, actor, agreement_id)
        _has(agreement, Check.DPIA)
        db.add(Risk(agreement_id=agreement.id, **vars(facts)))


def drop_risk(actor: Account, agreement_id: UUID, risk_id: UUID) -> None:
    """This is no risk (any more)."""
    with transaction() as db:
        managed(db, actor, agreement_id)
        risk = db.get(Risk, risk_id)
        if risk is None or risk.agreement_id != agreement_id:
            raise NotFound
        db.delete(risk)
