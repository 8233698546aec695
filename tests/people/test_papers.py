"""Until when papers are valid: who writes it, and who is told when."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.people.make import Make
from wijkapp.kit import time
from wijkapp.kit.errors import NotAllowed
from wijkapp.kit.outbox import Event
from wijkapp.people.rules import PaperKind, PaperState, Role, paper_state
from wijkapp.people.service import papers

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("days", "state"),
    [
        (-1, PaperState.OVER),
        (0, PaperState.LAST),
        (14, PaperState.LAST),
        (15, PaperState.SOON),
        (60, PaperState.SOON),
        (61, PaperState.VALID),
    ],
)
def test_how_near_the_last_day_is(days: int, state: PaperState) -> None:
    assert paper_state(TODAY + timedelta(days=days), TODAY) is state


def _told(db: Session) -> int:
    return len(db.scalars(select(Event.to_id).where(Event.name == "people.paper_ends")).all())


def test_the_admin_is_told_twice_and_of_a_new_day_again(make: Make, db: Session) -> None:
    home = make.organisation()
    admin, _nurse = make.account(home, Role.ADMIN), make.account(home, Role.NURSE)
    start = datetime(2026, 11, 24, 9, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as clock:
        papers.save_papers(admin, {PaperKind.INSURANCE: TODAY + timedelta(days=61), PaperKind.OTHER: None})
        said = []
        for day in (0, 1, 2, 46, 47, 48, 62):
            clock.move_to(start + timedelta(days=day))
            said.append(papers.remind())
            assert papers.remind() == 0
        assert said == [0, 1, 0, 0, 1, 0, 0]
        assert _told(db) == 2
        [one] = papers.papers(admin)
        assert one.state is PaperState.OVER
        papers.save_papers(admin, {PaperKind.INSURANCE: TODAY + timedelta(days=80)})
        assert papers.remind() == 1
        papers.save_papers(admin, {PaperKind.INSURANCE: None})
        assert papers.papers(admin) == []


def test_a_clock_that_saw_the_same_tells_nothing(make: Make, db: Session) -> None:
    admin = make.account(make.organisation(), Role.ADMIN)
    papers.save_papers(admin, {PaperKind.WTZA: time.today() + timedelta(days=20)})
    [seen] = papers._due(db)
    db.expunge(seen)
    assert papers.remind() == 1
    assert papers._claimed(db, seen) is False


def test_only_the_admin_of_the_own_organisation(make: Make, db: Session, stranger) -> None:
    home = make.organisation()
    admin, nurse = make.account(home, Role.ADMIN), make.account(home, Role.NURSE)
    other = make.account(make.organisation(), Role.ADMIN)
    papers.save_papers(admin, {PaperKind.QUALITY: TODAY})
    assert papers.papers(other) == []
    with pytest.raises(NotAllowed):
        papers.save_papers(nurse, {PaperKind.QUALITY: TODAY})


@pytest.mark.database("sqlite")
def test_the_page_keeps_what_is_typed_and_refuses_what_is_no_day(make: Make, visitor) -> None:
    admin = make.account(make.organisation(), Role.ADMIN)
    page = visitor(admin)
    wrong = page.post("/organisatie/bewijzen", {"wtza": "0026-01-01", "insurance": "2027-03-01"})
    assert wrong.status_code == 422
    assert 'value="2027-03-01"' in wrong.text
    assert page.post("/organisatie/bewijzen", {"insurance": "2027-03-01"}).status_code == 302
    assert 'value="2027-03-01"' in page.get("/organisatie/bewijzen").text
