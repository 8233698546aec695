"""What stands out in the log of a month, and what the admin made of it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from tests.clients.make import seat
from wijkapp.clients.audit_rules import Event, Outcome
from wijkapp.clients.models import AuditEvent, AuditReview, ClientFile
from wijkapp.clients.odd_rules import Handover, Line, Rule, Verdict, odd
from wijkapp.clients.rules import EmergencyReason
from wijkapp.clients.service import audit, glass, review, vault
from wijkapp.clients.service.review import AlreadyReviewed
from wijkapp.kit import time
from wijkapp.kit.db import new_id, transaction
from wijkapp.kit.errors import NotAllowed, NotFound
from wijkapp.people.rules import Role

ANNA, OOST, ELSEWHERE = new_id(), new_id(), new_id()
NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)


def lines(*moments, event=Event.READ, outcome=Outcome.DONE, codes=None, who=ANNA, of=OOST):
    return [
        Line(number, at, time.local(at), event, outcome, codes[number - 1] if codes else "AAAA-0001", who, of)
        for number, at in enumerate(moments, 1)
    ]


def every(minutes, number, start=NOON):
    return [start + timedelta(minutes=minutes * n) for n in range(number)]


def rules_of(found):
    return [one.rule for one in found]


def codes(number):
    return [f"AAAA-{n:04d}" for n in range(number)]


@pytest.mark.parametrize(
    ("number", "minutes", "found"),
    [(11, 5, [Rule.MANY_FILES]), (10, 5, []), (11, 7, []), (11, 6, [Rule.MANY_FILES])],
)
def test_more_than_ten_clients_in_an_hour_stand_out(number, minutes, found):
    seen = odd(lines(*every(minutes, number), codes=codes(number)), {}, wrote_before={ANNA})
    assert rules_of(seen) == found


def test_one_client_many_times_is_nothing_special():
    assert odd(lines(*every(1, 60)), {}, wrote_before={ANNA}) == []


@pytest.mark.parametrize(
    ("clock", "found"),
    [
        (datetime(2026, 11, 24, 21, 59, tzinfo=UTC), []),  # 22.59
        (datetime(2026, 11, 24, 22, 0, tzinfo=UTC), [Rule.AT_NIGHT]),
        (datetime(2026, 11, 25, 4, 59, tzinfo=UTC), [Rule.AT_NIGHT]),
        (datetime(2026, 11, 25, 5, 0, tzinfo=UTC), []),
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), [Rule.AT_NIGHT]),  # the night the clock goes forward
    ],
)
def test_a_look_at_night_stands_out(clock, found):
    assert rules_of(odd(lines(clock), {})) == found


def test_a_look_at_night_by_who_was_on_duty_does_not():
    night = datetime(2026, 11, 25, 1, tzinfo=UTC)
    assert odd(lines(night), {}, on_duty=lambda who, at: (who, at) == (ANNA, night)) == []


def test_one_night_is_one_thing_though_it_passes_midnight():
    before, after = datetime(2026, 11, 24, 22, 30, tzinfo=UTC), datetime(2026, 11, 25, 1, tzinfo=UTC)
    (one,) = odd(lines(before, after), {})
    assert len(one.lines) == 2


def test_each_emergency_stands_out():
    assert rules_of(odd(lines(NOON, NOON, event=Event.GLASS_BROKEN), {})) == [Rule.EMERGENCY] * 2


def test_refusals_stand_out_once_a_day():
    next_day = NOON + timedelta(days=1)
    seen = odd(lines(NOON, NOON, next_day, outcome=Outcome.REFUSED), {})
    assert rules_of(seen) == [Rule.REFUSED] * 2


@pytest.mark.parametrize(
    ("hours", "source", "found"),
    [(25, OOST, [Rule.AFTER_HANDOVER]), (23, OOST, []), (25, ELSEWHERE, [])],
)
def test_who_handed_over_and_looks_a_day_later_stands_out(hours, source, found):
    handed = {"AAAA-0001": Handover(NOON - timedelta(hours=hours), source)}
    assert rules_of(odd(lines(NOON), handed)) == found


def test_who_looks_at_many_and_never_writes_stands_out():
    spread = [NOON + timedelta(days=n) for n in range(5)]
    seen = odd(lines(*spread, codes=codes(5)), {})
    assert rules_of(seen) == [Rule.ONLY_LOOKED]
    assert odd(lines(*spread, codes=codes(5)), {}, wrote_before={ANNA}) == []


def test_many_copies_stand_out():
    assert rules_of(odd(lines(*every(60, 4), event=Event.EXPORTED), {})) == [Rule.EXPORTS]
    assert odd(lines(*every(60, 3), event=Event.EXPORTED), {}) == []


def test_what_the_app_does_by_itself_is_not_odd():
    night = datetime(2026, 11, 25, 1, tzinfo=UTC)
    assert odd(lines(night, event=Event.DESTROYED, who=None, of=None), {}) == []


# --- with a real log


@pytest.fixture
def case(make):
    with time_machine.travel(NOON, tick=False):
        yield make.case(filled=True)


def month():
    return time.today()


def test_the_admin_sees_own_colleagues_with_a_reason_and_marks_it(case, db):
    with time_machine.travel(datetime(2026, 11, 25, 1, tzinfo=UTC), tick=False):
        vault.look(case.nurse, seat(case.nurse), case.file_id)
        (one,) = review.to_review(case.admin, month())
        assert (one.odd.rule, one.who, one.verdict) == (Rule.AT_NIGHT, "Noor Nurse", None)

        review.review(case.admin, seat(case.admin), month(), Rule.AT_NIGHT, one.odd.first_seq, Verdict.FINE)
        (one,) = review.to_review(case.admin, month())

    assert (one.verdict, one.reviewed_by) == (Verdict.FINE, "Bea Beheer")
    last = db.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
    assert (last.event, last.account_id, last.detail) == ("reviewed", case.admin.id, "fine")
    assert audit.verify() is None


def test_looked_at_once_is_enough(case, db):
    with time_machine.travel(datetime(2026, 11, 25, 1, tzinfo=UTC), tick=False):
        vault.look(case.nurse, seat(case.nurse), case.file_id)
        (one,) = review.to_review(case.admin, month())
        again = (case.admin, seat(case.admin), month(), Rule.AT_NIGHT, one.odd.first_seq, Verdict.FINE)
        review.review(*again)
        with pytest.raises(AlreadyReviewed):
            review.review(*again)
    assert len(db.scalars(select(AuditReview)).all()) == 1


def test_an_emergency_of_somebody_elsewhere_is_seen_by_the_source_not_by_others(case, make, db):
    code = make.code(case)
    bea = make.account(case.practice, Role.ADMIN)
    with time_machine.travel(NOON, tick=False):
        glass.break_glass(case.carla, seat(case.carla), code, EmergencyReason.FOUND, "Gevonden op straat")
        assert Rule.EMERGENCY in [one.odd.rule for one in review.to_review(bea, month())]
        assert review.to_review(case.admin, month()) == []


def test_what_was_never_listed_cannot_be_marked(case):
    with time_machine.travel(NOON, tick=False), pytest.raises(NotFound):
        review.review(case.admin, seat(case.admin), month(), Rule.AT_NIGHT, 999, Verdict.FINE)


def test_only_an_admin_may(case):
    for who in (case.nurse, case.planner, case.carla):
        with pytest.raises(NotAllowed):
            review.to_review(who, month())


def test_a_month_has_its_own_lines_only(case, db):
    with time_machine.travel(
        datetime(2026, 11, 30, 23, 30, tzinfo=UTC), tick=False
    ):  # 1 December in Amsterdam
        vault.look(case.nurse, seat(case.nurse), case.file_id)
        assert len(review.to_review(case.admin, month())) == 1
        assert review.to_review(case.admin, month() - timedelta(days=1)) == []


def test_handing_over_and_looking_later_is_found(case, db):
    file = db.get(ClientFile, case.file_id)
    with transaction() as own:
        own.merge(file).handed_over_at = NOON - timedelta(days=2)
    bea = seat(case.asker)
    with time_machine.travel(NOON, tick=False):
        vault.look(case.asker, bea, case.file_id)
        rows = review._rows(db, case.practice.id, month())
        handovers = review._handovers(db, {row.client_code for row in rows})
        found = odd([review._line(row) for row in rows], handovers, {case.asker.id})
    assert Rule.AFTER_HANDOVER in rules_of(found)
