"""A duty goes from one to another in one place, and who is on duty follows from that."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.racing import all_at_once, refusals
from tests.rota.make import Make, RotaTown, at
from wijkapp.kit.db import new_id, transaction
from wijkapp.kit.outbox import Event
from wijkapp.rota.models import Duty, DutyHold, Plan
from wijkapp.rota.on_duty import Held, OnDuty, Person, Turn, chain, following, held_at, spans, to_ring
from wijkapp.rota.problem import Kind
from wijkapp.rota.rules import HeldBy, Line
from wijkapp.rota.service import holding, on_duty

pytestmark = pytest.mark.database("sqlite")  # what happens at the same time is tried on both

START, END = at("2027-01-05 23:00"), at("2027-01-06 07:00")
BEFORE, DURING = START - timedelta(hours=5), START + timedelta(hours=2)


# --- the rule itself


def someone(name: str, **more: object) -> Person:
    return Person(new_id(), new_id(), name, "+31611111111", new_id(), "Oost", **more)  # type: ignore[arg-type]


ANNA, BRAM, CARLA = someone("Anna"), someone("Bram"), someone("Carla")


def held(person: Person | None, since: datetime = START) -> Held:
    return Held(new_id(), person, since, HeldBy.PUBLISHED, since)


def turn(*holds: Held, line: Line = Line.MAIN, start: datetime = START, end: datetime = END) -> Turn:
    return Turn(
        duty_id=new_id(),
        region_id=new_id(),
        block="night",
        name="nacht",
        line=line,
        seat=1,
        starts_at=start,
        ends_at=end,
        kind=Kind.WORK,
        level=3,
        holiday=False,
        sequence=0,
        holds=holds,
    )


def names(duties: tuple[OnDuty, ...]) -> list[str | None]:
    return [one.person.name if one.person else None for one in duties]


def test_who_took_over_has_it_from_that_moment_and_not_before() -> None:
    night = turn(held(ANNA), held(BRAM, DURING))
    for moment, person in ((START, ANNA), (DURING - timedelta(seconds=1), ANNA), (DURING, BRAM), (END, BRAM)):
        found = held_at(night, moment)
        assert found
        assert found.person is person


def test_everybody_had_it_for_their_part_and_nobody_after_its_end() -> None:
    later = END + timedelta(minutes=5)  # put right when it was over
    night = turn(held(CARLA), held(ANNA), held(BRAM, DURING), held(ANNA, later))
    assert [(one.person, since, until) for one, since, until in spans(night)] == [
        (ANNA, START, DURING),
        (BRAM, DURING, END),
    ]


def test_before_it_begins_the_last_one_counts() -> None:
    night = turn(held(ANNA), held(BRAM))
    assert names(following([night], BEFORE)) == ["Bram"]
    assert names(chain([night], START)) == ["Bram"]


def test_main_is_rung_before_the_back_up_and_nobody_twice() -> None:
    main, behind = turn(held(ANNA)), turn(held(BRAM), line=Line.BACKUP)
    assert names(chain([behind, main], DURING)) == ["Anna", "Bram"]
    stands_in = turn(held(ANNA), held(BRAM, DURING))
    assert names(chain([behind, stands_in], DURING)) == ["Bram"]


def test_a_duty_ends_at_its_end_and_the_next_begins_there() -> None:
    night, day = turn(held(ANNA)), turn(held(BRAM), start=END, end=END + timedelta(hours=10))
    assert names(chain([night, day], END - timedelta(seconds=1))) == ["Anna"]
    assert names(chain([night, day], END)) == ["Bram"]


def test_a_gap_stays_in_the_chain_and_whoever_left_is_one() -> None:
    gone = someone("Dora", active=False)
    found = chain([turn(held(None)), turn(held(gone)), turn(held(CARLA), line=Line.BACKUP)], DURING)
    assert [one.is_gap for one in found] == [True, True, False]
    assert [person.name for person in to_ring(found)] == ["Carla"]


def test_a_name_is_not_said_twice_of_who_works_alone() -> None:
    yara = Person(new_id(), new_id(), "Yara Bentaleb", None, new_id(), "Yara Bentaleb, zzp")
    assert yara.works_at == "zzp"
    assert ANNA.works_at == "Oost"


# --- and in the database


def told(db: Session, duty: Duty) -> set[tuple[str, UUID]]:
    rows = db.execute(select(Event.name, Event.to_id).where(Event.about_id == duty.id))
    return {(row.name, row.to_id) for row in rows}


def another(town: RotaTown, duty: Duty) -> UUID:
    return next(one.id for one in town.members if one.id != duty.member_id)


def test_giving_a_duty_keeps_who_had_it_counts_the_change_and_tells_both(
    db: Session, make: Make, town: RotaTown, plan: Plan
) -> None:
    duty = make.duty_on(plan, date(2027, 1, 5))
    before, after = duty.member_id, another(town, duty)
    hold = holding.give(db, duty, after, how=HeldBy.SWAP, by=None, moment=BEFORE)
    assert (duty.member_id, duty.sequence, hold.number, hold.from_at) == (after, 1, 2, START)
    assert [one.member_id for one in holding.holds_of(db, duty.id)] == [before, after]
    assert told(db, duty) == {
        ("rota.duty_gone", town.account(before).id),
        ("rota.duty_given", town.account(after).id),
    }


def test_who_takes_it_over_is_not_told_what_they_just_did(
    db: Session, make: Make, town: RotaTown, plan: Plan
) -> None:
    duty = make.duty_on(plan, date(2027, 1, 5))
    before, after = duty.member_id, another(town, duty)
    taker = town.account(after).id
    hold = holding.give(db, duty, after, how=HeldBy.TAKEOVER, by=taker, moment=DURING)
    assert (hold.from_at, hold.checked_in_at) == (DURING, DURING)
    assert told(db, duty) == {("rota.duty_gone", town.account(before).id)}


def test_a_rota_that_is_not_published_puts_nobody_on_duty(db: Session, make: Make, town: RotaTown) -> None:
    make.draft(town)
    tonight = on_duty.now(db, town.region.id, DURING)
    assert (tonight.now, tonight.next, tonight.published) == ((), (), False)


def test_no_duty_at_noon_is_something_else_than_no_rota(db: Session, town: RotaTown, plan: Plan) -> None:
    noon = on_duty.now(db, town.region.id, at("2027-01-06 12:00"))
    assert noon.now == ()
    assert noon.published
    assert {one.turn.block for one in noon.next} == {"evening"}


def test_a_gap_has_a_hold_of_nobody_so_that_its_back_up_is_rung(
    db: Session, make: Make, town: RotaTown
) -> None:
    plan = make.plan(town, filled=False)
    duty = make.duty_on(plan, date(2027, 1, 5))
    hold = holding.last_hold(db, duty.id)
    assert hold
    assert (hold.member_id, hold.how) == (None, HeldBy.NOBODY)
    assert hold.due_at
    assert hold.due_at <= START


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_of_many_who_give_at_the_same_time_each_counts_once(
    fresh_database: Callable[[str], Engine], kind: str
) -> None:
    engine = fresh_database(kind)
    with Session(engine, expire_on_commit=False) as db:
        make = Make(db)
        town = make.rota_town(organisations=2, people=3)
        plan = make.plan(town, weeks=1, filled=False)
        duty_id = make.duty_on(plan, date(2027, 1, 5)).id
        db.commit()

    def give(member_id: UUID) -> None:
        with transaction() as own:
            holding.give(own, own.get_one(Duty, duty_id), member_id, how=HeldBy.SWAP, by=None, moment=BEFORE)

    assert refusals(all_at_once([lambda one=one: give(one.id) for one in town.members])) == {}
    with Session(engine) as db:
        holds = db.scalars(
            select(DutyHold).where(DutyHold.duty_id == duty_id).order_by(DutyHold.number)
        ).all()
        duty = db.get_one(Duty, duty_id)
        assert [one.number for one in holds] == list(range(1, 8))
        assert (duty.member_id, duty.sequence) == (holds[-1].member_id, 6)
