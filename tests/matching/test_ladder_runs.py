"""The ladder on a real database: random histories, two clocks, and clocks that die half way."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.matching.make import Make, Provider, Town, offered, posted
from wijkapp.agreements import rules
from wijkapp.agreements.rules import Urgency
from wijkapp.agreements.service import agree
from wijkapp.kit import db as kit_db
from wijkapp.kit import time as kit_time
from wijkapp.kit.errors import Refused
from wijkapp.kit.letters import Letter
from wijkapp.kit.outbox import Event
from wijkapp.matching import jobs, service
from wijkapp.matching.models import CareRequest, Invitation, Offer
from wijkapp.matching.ranking import NOT_ASKED, WAITING, Reason
from wijkapp.matching.rules import (
    ANSWERABLE,
    Chooser,
    DeclineReason,
    OfferStatus,
    RequestStatus,
    ReturnReason,
)
from wijkapp.matching.service import climb
from wijkapp.people.models import Account

MORNING = datetime(2026, 11, 24, 9, tzinfo=UTC)
FEW = replace(rules.Terms(), wanted_chance=0.6, quiet=(time(22), time(7)))  # so that waves are small


@pytest.fixture(scope="session")
def database(_database: kit_db._Database) -> kit_db._Database:
    """In use by kit.db; each run cleans up behind itself."""
    return _database


class Killed(BaseException):
    """The process died here."""


@dataclass
class Run:
    """One request in a town of eight providers, and whatever happens to it."""

    db: Session
    town: Town
    providers: list[Provider]
    clock: time_machine.Traveller
    request_id: object

    @property
    def request(self) -> CareRequest:
        return self.db.get_one(CareRequest, self.request_id, populate_existing=True)

    def told(self) -> Counter[tuple[str, str]]:
        rows = self.db.execute(select(Event.name, Account.name).join(Account, Account.id == Event.to_id))
        return Counter((event, who) for event, who in rows)

    def invitations(self) -> list[Invitation]:
        return list(self.db.scalars(select(Invitation).execution_options(populate_existing=True)))

    def happens(self, what: str, whom: int) -> None:
        nurse = self.providers[whom].nurse
        try:
            if what == "decline":
                service.decline(nurse, self.request_id, list(DeclineReason)[whom % len(DeclineReason)])
            elif what == "offer":
                offered(nurse, self.request_id, 210 if whom % 2 else 60)
            elif what == "take back":
                self._takes_back()
            elif what == "widen":
                service.widen(self.town.referrer, self.request_id)
            elif what == "wait for more":
                service.keep_open(self.town.referrer, self.request_id)
        except Refused:
            pass  # as among people: too late, or nothing to take back
        if what == "one clock":
            jobs.escalate_due()
        elif what == "two clocks":
            self._two_clocks()
        elif what == "clock dies":
            self._dies()

    def _takes_back(self) -> None:
        offer = self.db.scalar(select(Offer).where(Offer.status == OfferStatus.OPEN).limit(1))
        if offer:
            nurse = next(one.nurse for one in self.providers if one.organisation.id == offer.organisation_id)
            service.withdraw_offer(nurse, offer.id)

    def _two_clocks(self) -> None:
        """Both found it due before either did anything."""
        if (self.request.escalate_at or MORNING + timedelta(days=999)) <= kit_time.now():
            climb.climb(self.request_id)
            climb.climb(self.request_id)

    def _dies(self) -> None:
        real = climb._do

        def dying(*given: object) -> bool:
            real(*given)
            raise Killed

        climb._do = dying
        try:
            self._two_clocks()
        except Killed:
            pass
        finally:
            climb._do = real

    def to_the_end(self) -> None:
        for _look in range(80):
            due = self.request.escalate_at
            if due is None:
                return
            self.clock.move_to(max(due, kit_time.now()), tick=False)
            self._dies()
            self._two_clocks()
        raise AssertionError("the ladder has no end")


@contextmanager
def a_run(
    database: kit_db._Database, minute: int, urgency: Urgency, terms: rules.Terms = FEW
) -> Iterator[Run]:
    """In a database that forgets."""
    with (
        database.engine.connect() as connection,
        time_machine.travel(MORNING, tick=False) as clock,
    ):
        outer = connection.begin()
        with (
            kit_db.within(connection),
            Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as db,
        ):
            make = Make(db)
            town = make.town()
            providers = [make.provider(town.here) for _ in range(4)]
            providers += [make.provider(town.here, full=True), make.provider(town.near)]
            providers += [make.provider(town.far) for _ in range(2)]
            db.commit()
            agree(town.coordinator, town.here.id, terms, kit_time.today(), shared_mail="groep@wijk.example")
            clock.shift(timedelta(minutes=minute))
            yield Run(db, town, providers, clock, posted(town.referrer, urgency=urgency))
        outer.rollback()


HAPPENINGS = (
    "decline",
    "offer",
    "take back",
    "widen",
    "wait for more",
    "one clock",
    "two clocks",
    "clock dies",
)
histories = st.lists(
    st.tuples(st.sampled_from(HAPPENINGS), st.integers(0, 7), st.integers(0, 200)), max_size=12
)


@settings(max_examples=10)
@given(history=histories, minute=st.integers(0, 24 * 60), urgency=st.sampled_from(list(Urgency)))
def test_whatever_happens_somebody_is_told_everybody_is_rung_or_has_a_reason_and_nothing_happens_twice(
    database, history, minute, urgency
):
    with a_run(database, minute, urgency) as run:
        for what, whom, minutes in history:
            run.clock.shift(timedelta(minutes=minutes))
            run.happens(what, whom)
        run.to_the_end()

        told, request = run.told(), run.request
        _somebody_was_told(run, told, request)
        _everybody_was_rung_or_has_a_reason(run, told, request)
        once = ("matching.to_coordinator", "matching.unanswered", "matching.unfillable", "matching.asked")
        assert all(count == 1 for (event, _who), count in told.items() if event.startswith(once))
        assert told["matching.widened", run.town.referrer.name] == request.round - 1
        letters = run.db.scalars(select(Letter.to_address)).all()
        assert list(letters) == ["groep@wijk.example"] * (request.ladder >= 2)


def _somebody_was_told(run: Run, told: Counter[tuple[str, str]], request: CareRequest) -> None:
    if request.status is RequestStatus.UNFILLABLE:
        assert told["matching.to_coordinator", run.town.coordinator.name] == 1
        assert told["matching.unfillable", run.town.coordinator.name] == 1
        assert request.unfillable_reason is not None
    else:
        assert request.status is RequestStatus.OFFERED
        assert told["matching.choice_waits", run.town.referrer.name] >= 1


def _everybody_was_rung_or_has_a_reason(
    run: Run, told: Counter[tuple[str, str]], request: CareRequest
) -> None:
    nurses = {one.organisation.id: one.nurse.name for one in run.providers}
    event = "matching.asked_today" if request.urgency is Urgency.TODAY else "matching.asked"
    invitations = run.invitations()
    assert {one.organisation_id for one in invitations} == set(nurses)
    for one in invitations:
        assert told[event, nurses[one.organisation_id]] == (one.asked_at is not None)
        assert (one.wave is None) == (one.rung_at is None) == (one.asked_at is None)
        if one.asked_at is None:
            assert Reason(one.reasons[0]) in NOT_ASKED
            assert request.status in ANSWERABLE or one.answer == "declined" or one.reasons[0] not in WAITING


@pytest.mark.parametrize("minute", [0, 14 * 60])
def test_a_wave_rings_few_and_the_others_see_the_request_and_may_answer(database, minute):
    with a_run(database, minute, Urgency.DAY) as run:
        if minute:  # posted at 23:00: nobody is rung, and everybody may answer
            assert not [one for one in run.invitations() if one.asked_at]
            assert run.request.escalate_at == MORNING + timedelta(hours=21)
        else:
            assert 0 < sum(one.asked_at is not None for one in run.invitations()) < 5
        waits = next(one for one in run.invitations() if one.reasons[0] in WAITING)
        provider = next(one for one in run.providers if one.organisation.id == waits.organisation_id)
        offered(provider.nurse, run.request_id)
        assert run.request.status is RequestStatus.OFFERED


def test_a_no_rings_the_next_at_the_next_tick_and_not_before_it_is_needed(database):
    with a_run(database, 0, Urgency.DAY) as run:
        first = [one for one in run.invitations() if one.asked_at]
        run.clock.shift(timedelta(minutes=1))
        assert jobs.escalate_due() == 0
        nurse = next(one.nurse for one in run.providers if one.organisation.id == first[0].organisation_id)
        service.decline(nurse, run.request_id, DeclineReason.NO_ROOM)
        assert jobs.escalate_due() == 1
        rung = [one for one in run.invitations() if one.asked_at]
        assert len(rung) == len(first) + 1
        assert {one.wave for one in rung} == {1, 2}


def test_silence_rings_more_at_each_quarter_of_the_term(database):
    with a_run(database, 0, Urgency.DAY) as run:
        rung = []
        for _quarter in range(4):
            rung.append(sum(one.asked_at is not None for one in run.invitations()))
            run.clock.shift(timedelta(minutes=30))
            jobs.escalate_due()
        assert rung == sorted(rung)
        assert rung[0] < rung[-1] == 5  # everybody of the first round but the one that is full


def test_an_offer_of_all_that_was_asked_rings_nobody_else(database):
    with a_run(database, 0, Urgency.DAY) as run:
        first = {one.organisation_id for one in run.invitations() if one.asked_at}
        offered(next(one.nurse for one in run.providers if one.organisation.id in first), run.request_id)
        run.clock.shift(timedelta(minutes=119))
        jobs.escalate_due()
        assert {one.organisation_id for one in run.invitations() if one.asked_at} == first


@pytest.mark.parametrize(("at_once", "turn"), [(True, 2), (False, 1)])
def test_when_everybody_near_is_not_enough_the_region_rings_at_once_unless_agreed_otherwise(
    database, at_once, turn
):
    many = replace(FEW, wanted_chance=0.99, widen_when_short=at_once)
    with a_run(database, 0, Urgency.DAY, many) as run:
        assert sum(one.asked_at is not None for one in run.invitations()) == 5
        jobs.escalate_due()
        assert run.request.round == turn
        assert jobs.escalate_due() == 0


def test_what_falls_through_at_night_rings_nobody_before_the_morning(database):
    with a_run(database, 0, Urgency.DAY) as run:
        nurse = run.providers[0].nurse
        service.choose_offer(run.town.referrer, offered(nurse, run.request_id), Chooser.CLIENT)
        run.clock.shift(timedelta(hours=14))  # 23:00
        service.return_placement(run.town.referrer, run.request_id, ReturnReason.CLIENT_CHANGED)
        reopened = run.db.scalars(select(Event.try_at).where(Event.name == "matching.reopened")).all()
        morning = MORNING + timedelta(hours=21)
        assert set(reopened) == {morning}
        assert run.request.escalate_at == morning
