"""The checks of an agreement: competition, merger, data protection, and seats that mirror one another.

Thresholds are dated rows with a source (data/checks_*.toml), never constants. What a check says is an
indication and never legal advice.
"""

import tomllib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from wijkapp.agreements.lists import FILES, LATEST
from wijkapp.agreements.register import Check, Outcome, Path, SeatLevel

YES, NO = "yes", "no"


@dataclass(frozen=True)
class Threshold:
    """One figure, from one day to another. confirmed: read in its source."""

    code: str
    value: int
    unit: str
    row: str
    title: str
    source: str
    valid_from: date
    valid_to: date | None
    confirmed: bool


@dataclass(frozen=True)
class Question:
    """Answered with yes or no. part: which questions it counts with."""

    code: str
    part: str
    row: str
    words: str


@dataclass(frozen=True)
class Rules:
    """Questions and thresholds of one version."""

    version: str
    thresholds: tuple[Threshold, ...]
    questions: tuple[tuple[Check, str, Question], ...]  # check, path, question

    def on(self, code: str, day: date) -> Threshold:
        """The figure that holds on a day. Raises LookupError when none does."""
        for one in self.thresholds:
            if one.code == code and one.valid_from <= day <= (one.valid_to or date.max):
                return one
        raise LookupError(f"no {code} on {day}")

    def asked(self, check: Check, path: Path, part: str | None = None) -> tuple[Question, ...]:
        """The questions of a check; a merger is asked about in the same words on either path."""
        return tuple(
            question
            for one, on_path, question in self.questions
            if one is check
            and (on_path == path.value or check is Check.MERGER)
            and part in (None, question.part)
        )


@cache
def rules(version: str = LATEST) -> Rules:
    """The rules of a version. Raises KeyError for one that does not exist."""
    if version != LATEST:
        raise KeyError(version)
    plain = tomllib.loads((FILES / f"checks_{version[:4]}.toml").read_text())
    return Rules(
        version=version,
        thresholds=tuple(Threshold(**{"valid_to": None} | one) for one in plain["threshold"]),
        questions=tuple(_questions(plain["question"])),
    )


def _questions(groups: Iterable[dict[str, Any]]) -> Iterable[tuple[Check, str, Question]]:
    for group in groups:
        for code, words in group["points"]:
            yield (
                Check(group["check"]),
                group["path"],
                Question(code, group["part"], group["row"], words),
            )


@dataclass(frozen=True)
class Share:
    """Of the market. per_cent: together when they compete, of the largest when they do not; None: unknown."""

    per_cent: int | None
    competitors: bool


def competition(path: Path, answers: Mapping[str, str], share: Share, day: date) -> Outcome:
    """May these parties agree on this? Hard-core terms never pass, however small the share.

    Source: Mededingingswet art. 6 and 7; the four criteria of art. 6 lid 3 (every restriction must be
    indispensable, which the route map turns round). The share is an indication only.
    """
    asked = rules().asked(Check.COMPETITION, path)
    said = {question.code: answers.get(question.code) for question in asked}
    hard = [said[one.code] for one in asked if one.part == "hard_core"]
    if YES in hard or (path is Path.LIGHT and NO in said.values()):
        return Outcome.BLOCKED
    if set(said.values()) - {YES, NO}:
        return Outcome.INCOMPLETE
    if path is Path.LIGHT:
        return Outcome.SMALL
    good = [said[one.code] for one in asked if one.part in ("criteria", "practical")]
    if NO not in good:
        return Outcome.JUSTIFIED
    return Outcome.SMALL if is_small(share, day) else Outcome.ADVICE


def is_small(share: Share, day: date) -> bool:
    """Is the share below what hardly weighs? An unknown share is not."""
    code = "share_competitors" if share.competitors else "share_others"
    return share.per_cent is not None and share.per_cent <= rules().on(code, day).value


def is_bagatel(share: Share, day: date) -> bool:
    """Mededingingswet art. 7 lid 2, on its own wording: a joint share of at most so much."""
    return share.per_cent is not None and share.per_cent <= rules().on("bagatel_share", day).value


@dataclass(frozen=True)
class Size:
    """persons: giving care at the largest provider, heads and not fte. Turnover in whole euros, last year.

    second_in_nl   of the second largest party in the Netherlands, so that at least two have as much
    """

    persons: int | None
    joint_world: int | None
    second_in_nl: int | None


def merger(answers: Mapping[str, str], size: Size, day: date) -> Outcome:
    """Must it be notified? Only a concentration; a contract to work together is none by itself.

    Source: Wmg art. 49a (from 50 persons), Mededingingswet art. 29 as of 1 January 2023.
    """
    asked = rules().asked(Check.MERGER, Path.FULL)
    kinds = [answers.get(one.code) for one in asked if one.part == "kind"]
    if None in kinds:
        return Outcome.INCOMPLETE
    if YES not in kinds:
        return Outcome.NONE
    care = answers.get("care")
    if care is None or None in (size.persons, size.joint_world, size.second_in_nl):
        return Outcome.INCOMPLETE
    nza = care == YES and (size.persons or 0) >= rules().on("nza_persons", day).value
    acm = (size.joint_world or 0) > rules().on("acm_joint", day).value and (
        size.second_in_nl or 0
    ) >= rules().on("acm_each", day).value
    if nza and acm:
        return Outcome.NZA_AND_ACM
    return Outcome.NZA if nza else Outcome.ACM if acm else Outcome.NONE


def nza_decides_by(filed_on: date) -> date:
    """The last day on which NZa decides about what was filed."""
    return filed_on + timedelta(days=rules().on("nza_days", filed_on).value)


def first_filing() -> date:
    """From this day on something could be filed at NZa."""
    return min(one.valid_from for one in rules().thresholds if one.code == "nza_days")


HIGH = 15
"""Chance times impact (1..25) from which a risk is high. Our own line: the law names no number."""


def dpia(left: Collection[tuple[int, int, bool]]) -> Outcome:
    """May the use of data begin? left: per risk, after measures, its chance, its impact, could more be done.

    Source: the flow of annex 11; AVG art. 35 and 36.
    """
    if not left:
        return Outcome.INCOMPLETE
    high = [more for chance, impact, more in left if chance * impact >= HIGH]
    if not high:
        return Outcome.START
    return Outcome.MEASURES if any(high) else Outcome.CONSULT


@dataclass(frozen=True)
class Uneven:
    """A party that is not mirrored in a body: how many seats it has at a level, and how many the others."""

    party: str
    level: SeatLevel
    has: int
    others: int


def parity(parties: Collection[str], seats: Iterable[tuple[str, SeatLevel]]) -> tuple[Uneven, ...]:
    """Where a body is not mirrored: every party as many seats, at the same level. Source: row 3.6."""
    held = Counter(seats)
    levels = [level for level in SeatLevel if any(held[party, level] for party in parties)]
    return tuple(
        Uneven(party, level, held[party, level], most)
        for level in levels
        for most in [max(held[party, level] for party in parties)]
        for party in parties
        if held[party, level] < most
    )
