"""The paper of tonight: what is on it, and that it goes out once."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.rota.make import Make, RotaTown, at
from wijkapp.kit import documents, letters, time
from wijkapp.kit.letters import Letter
from wijkapp.rota import jobs, paper
from wijkapp.rota.models import Plan
from wijkapp.rota.rules import HeldBy
from wijkapp.rota.service import holding, sheet

pytestmark = pytest.mark.database("sqlite")

EVENING = at("2027-01-05 17:00")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def move(text: str) -> None:
        monkeypatch.setattr(time, "now", lambda: at(text))

    return move


def posted(db: Session) -> list[Letter]:
    return list(db.scalars(select(Letter).where(Letter.name == "rota.night_sheet")))


def test_the_paper_has_everybody_of_the_coming_day_in_the_order_to_ring_them(
    db: Session, town: RotaTown, plan: Plan
) -> None:
    page = sheet.sheet_of(db, town.region.id, EVENING)
    assert [(part.name, part.runs) for part in page.parts] == [("avond", True), ("nacht", False)]
    assert all(len(part.ring) == 2 and part.ring[0].is_main for part in page.parts)
    assert [one.account_id for one in page.coordinators] == [town.coordinator.id]
    assert paper.pdf(page).startswith(b"%PDF")


def test_a_night_of_which_nobody_is_sure_still_makes_a_paper(
    db: Session, make: Make, town: RotaTown, plan: Plan
) -> None:
    holding.give(db, make.duty_on(plan, date(2027, 1, 5)), None, how=HeldBy.NOBODY, by=None, moment=EVENING)
    page = sheet.sheet_of(db, town.region.id, EVENING)
    assert [part.is_gap for part in page.parts] == [False, True]
    assert paper.pdf(page).startswith(b"%PDF")
    nothing = sheet.sheet_of(db, town.region.id, at("2030-01-01 17:00"))
    assert not nothing.published
    assert paper.pdf(nothing).startswith(b"%PDF")


def test_it_is_mailed_to_the_coordinators_at_five_and_only_once(
    db: Session, town: RotaTown, plan: Plan, clock: Callable[[str], None]
) -> None:
    clock("2027-01-05 16:59")
    assert jobs.sheets_due() == 0
    clock("2027-01-05 17:00")
    assert jobs.sheets_due() == 1
    clock("2027-01-05 21:00")
    assert jobs.sheets_due() == 0
    (letter,) = posted(db)
    assert letter.to_address == town.coordinator.email
    assert letters.words_of(letter)["region"] == town.region.name
    (paper,) = letters.files_of(letter)
    assert (paper.name, paper.kind) == ("dienst-2027-01-05.pdf", "application/pdf")
    assert paper.body.startswith(b"%PDF")
    clock("2027-01-06 17:00")
    assert jobs.sheets_due() == 1


def test_each_coordinator_gets_the_paper_in_their_own_language(
    db: Session, town: RotaTown, plan: Plan, clock: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[dict[str, Any]] = []
    monkeypatch.setattr(documents, "pdf", lambda _name, values: printed.append(values) or b"%PDF")
    town.coordinator.language = "en"
    db.commit()
    clock("2027-01-05 17:00")
    assert jobs.sheets_due() == 1
    (values,) = printed
    assert values["lang"] == "en"
    assert values["words"]["title"] == "Duty tonight"
    assert [part["name"] for part in values["parts"]] == ["evening", "night"]
    assert values["parts"][0]["title"].startswith("Tue 5 Jan")


def test_a_region_without_a_rota_for_today_gets_no_paper(
    db: Session, town: RotaTown, make: Make, clock: Callable[[str], None]
) -> None:
    make.draft(town)
    clock("2027-01-05 18:00")
    assert jobs.sheets_due() == 0
