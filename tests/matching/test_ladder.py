"""Waves, rounds and the steps after them, worked out by the clock: by table, over every kind of night."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wijkapp.agreements.hours import rings_at, term_ends
from wijkapp.agreements.rules import Escalation, EscalationStep, Terms, Urgency
from wijkapp.directory.rules import Distance
from wijkapp.matching.ladder import Move, Standing, next_look, what_now, why_unfillable
from wijkapp.matching.rules import DeclineReason, UnfillableReason

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
TERMS = (
    Terms()
)  # two rounds; quiet from 22:00 to 07:00; wijkregisseur and mail at once, unfillable after a day


def at(text: str) -> datetime:
    """A moment as a clock in Amsterdam says it."""
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM).astimezone(UTC)


def begun(posted: datetime, urgency: Urgency, terms: Terms = TERMS, turn: int = 1, **more) -> Standing:
    """A round that begins now."""
    starts, ends = rings_at(posted, terms, urgency), term_ends(posted, terms, urgency)
    return Standing(terms, urgency, turn, starts, ends, **{"waits": True} | more)


def after_move(standing: Standing, move: Move, moment: datetime) -> Standing:
    """As the services leave a request behind after a move: whoever is rung stays silent, some still wait."""
    if move is Move.LOOK:
        return replace(standing, may_come=True)
    if move is Move.RING_ALL:
        return replace(standing, may_come=True, waits=False)
    if move is Move.NEXT_ROUND:
        return begun(moment, standing.urgency, standing.terms, standing.round + 1)
    if move is Move.STEP:
        return replace(standing, ladder=standing.ladder + 1)
    if move is Move.END_TERM:
        return replace(standing, answer_by=moment)
    return standing


def climbed(standing: Standing, moment: datetime, most: int = 60) -> list[tuple[datetime, str]]:
    """Every move of a request that nobody answers, with the moment; a round begins with its first wave."""
    made: list[tuple[datetime, str]] = []
    for _look in range(most):
        move = what_now(standing, moment)
        if move not in {Move.WAIT, Move.REST}:
            made.append((moment, standing.step.who if move is Move.STEP else move))
            standing = after_move(standing, move, moment)
            if move in {Move.RING_ALL, Move.STEP, Move.END_TERM} and made[-1][1] is not Escalation.UNFILLABLE:
                continue
            if made[-1][1] is Escalation.UNFILLABLE or move is Move.ASK_CHOICE:
                return made
        looks = next_look(standing, moment)
        if looks is None:
            return made
        assert looks > moment or move is Move.NEXT_ROUND, f"the clock would spin at {move}"
        moment = looks
    raise AssertionError("the ladder has no end")


LOOK, ALL, WIDER = Move.LOOK, Move.RING_ALL, Move.NEXT_ROUND
COORDINATOR, MAIL, UNFILLABLE = Escalation


@pytest.mark.parametrize(
    ("posted", "urgency", "moves"),
    [
        (  # spoed on a workday: half an hour a round, a look at each quarter
            "2026-11-24 10:00",
            Urgency.TODAY,
            [
                *[("24 10:00", LOOK), ("24 10:07:30", LOOK), ("24 10:15", LOOK), ("24 10:22:30", LOOK)],
                *[("24 10:30", WIDER), ("24 10:37:30", LOOK), ("24 10:45", LOOK)],
                *[("24 10:52:30", ALL), ("24 11:00", COORDINATOR), ("24 11:00", MAIL)],
                ("25 11:00", UNFILLABLE),
            ],
        ),
        (  # spoed at night goes on at night
            "2026-11-24 23:00",
            Urgency.TODAY,
            [
                *[("24 23:00", LOOK), ("24 23:07:30", LOOK), ("24 23:15", LOOK), ("24 23:22:30", LOOK)],
                *[("24 23:30", WIDER), ("24 23:37:30", LOOK), ("24 23:45", LOOK)],
                *[("24 23:52:30", ALL), ("25 00:00", COORDINATOR), ("25 00:00", MAIL)],
                ("26 00:00", UNFILLABLE),
            ],
        ),
        (  # within a day, posted on a Friday evening: the night is left alone, the weekend is not
            "2026-11-27 21:00",
            Urgency.DAY,
            [
                *[
                    ("27 21:00", LOOK),
                    ("28 07:00", LOOK),
                    ("28 08:00", WIDER),
                ],
                *[("28 08:30", LOOK), ("28 09:00", LOOK), ("28 09:30", ALL)],
                *[("28 10:00", COORDINATOR), ("28 10:00", MAIL), ("29 10:00", UNFILLABLE)],
            ],
        ),
        (  # the evening before Christmas: nobody is rung before the morning
            "2026-12-24 22:30",
            Urgency.DAY,
            [
                *[("25 07:00", LOOK), ("25 07:30", LOOK), ("25 08:00", LOOK), ("25 08:30", LOOK)],
                *[("25 09:00", WIDER), ("25 09:30", LOOK), ("25 10:00", LOOK)],
                *[("25 10:30", ALL), ("25 11:00", COORDINATOR), ("25 11:00", MAIL)],
                ("26 11:00", UNFILLABLE),
            ],
        ),
        (  # the night to summer time
            "2026-03-28 23:00",
            Urgency.DAY,
            [
                *[("29 07:00", LOOK), ("29 07:30", LOOK), ("29 08:00", LOOK), ("29 08:30", LOOK)],
                *[("29 09:00", WIDER), ("29 09:30", LOOK), ("29 10:00", LOOK)],
                *[("29 10:30", ALL), ("29 11:00", COORDINATOR), ("29 11:00", MAIL)],
                ("30 11:00", UNFILLABLE),
            ],
        ),
        (  # the night to winter time
            "2026-10-24 23:00",
            Urgency.DAY,
            [
                *[("25 07:00", LOOK), ("25 07:30", LOOK), ("25 08:00", LOOK), ("25 08:30", LOOK)],
                *[("25 09:00", WIDER), ("25 09:30", LOOK), ("25 10:00", LOOK)],
                *[("25 10:30", ALL), ("25 11:00", COORDINATOR), ("25 11:00", MAIL)],
                ("26 11:00", UNFILLABLE),
            ],
        ),
        (  # spoed in the night to winter time: half an hour stays half an hour, in the hour that comes twice
            "2026-10-25 01:30",
            Urgency.TODAY,
            [
                *[("25 01:30", LOOK), ("25 01:37:30", LOOK), ("25 01:45", LOOK), ("25 01:52:30", LOOK)],
                *[("25 02:00", WIDER), ("25 02:07:30", LOOK), ("25 02:15", LOOK)],
                *[("25 02:22:30", ALL), ("25 02:30", COORDINATOR), ("25 02:30", MAIL)],
                ("26 01:30", UNFILLABLE),  # 24 hours on a stopwatch
            ],
        ),
        (  # on a date, posted on a Friday: a day a round, also in the weekend
            "2026-11-27 16:00",
            Urgency.PLANNED,
            [
                *[("27 16:00", LOOK), ("28 07:00", LOOK), ("28 10:00", LOOK), ("28 16:00", WIDER)],
                *[("29 07:00", LOOK), ("29 10:00", ALL)],
                *[("29 16:00", COORDINATOR), ("29 16:00", MAIL), ("30 16:00", UNFILLABLE)],
            ],
        ),
    ],
)
def test_every_wave_round_and_step_comes_when_it_is_due(posted, urgency, moves):
    posted = at(posted)
    month = posted.astimezone(AMSTERDAM).strftime("%Y-%m-")
    expected = [(at(month + moment), move) for moment, move in moves]
    assert climbed(begun(posted, urgency), posted) == expected


WORKDAY = "2026-11-24 10:00"


@pytest.mark.parametrize(
    ("standing", "later", "move"),
    [
        ({"covered": True}, "10:30", Move.WAIT),  # what was asked is offered: nobody else is rung
        ({"covered": True, "goes_on": True}, "10:30", Move.LOOK),  # but when the asker waits for more
        ({"partly": True}, "10:30", Move.LOOK),  # a part is not enough
        ({"partly": True, "waits": False}, "10:30", Move.WAIT),
        ({"covered": True}, "12:00", Move.ASK_CHOICE),
        ({"partly": True}, "12:00", Move.ASK_CHOICE),
        ({"partly": True, "goes_on": True}, "12:00", Move.NEXT_ROUND),
        ({"partly": True, "goes_on": True, "waits": False}, "10:30", Move.NEXT_ROUND),  # nobody is left
        ({"waits": False}, "10:30", Move.NEXT_ROUND),  # everybody said no
        ({"waits": False, "may_come": True}, "10:30", Move.WAIT),
        ({"short": True, "waits": False, "may_come": True}, "10:30", Move.NEXT_ROUND),
        ({"short": True, "may_come": True}, "10:30", Move.LOOK),  # first everybody of this round
        ({"short": True, "waits": False, "may_come": True, "covered": True}, "10:30", Move.WAIT),
        ({"short": True, "waits": False, "may_come": True, "turn": 2}, "10:30", Move.WAIT),
        ({"waits": False, "turn": 2}, "10:30", Move.END_TERM),
        ({"turn": 2}, "11:29", Move.LOOK),
        ({"turn": 2}, "11:30", Move.RING_ALL),  # the last quarter of the last round
        ({"turn": 2}, "12:00", Move.RING_ALL),  # a clock that was away
        ({"turn": 2, "waits": False}, "12:00", Move.STEP),
        ({"turn": 2, "waits": False, "ladder": 2}, "12:00", Move.WAIT),
        ({"turn": 2, "waits": False, "ladder": 3}, "12:00", Move.REST),
        ({"turn": 2, "waits": False}, "23:00", Move.WAIT),  # quiet hours
    ],
)
def test_what_happens_depends_on_where_the_request_stands(standing, later, move):
    assert what_now(begun(at(WORKDAY), Urgency.DAY, **standing), at(f"2026-11-24 {later}")) is move


def test_a_wijk_may_agree_that_a_round_takes_its_term_however_small_the_chance():
    patient = replace(TERMS, widen_when_short=False)
    standing = begun(at(WORKDAY), Urgency.DAY, patient, waits=False, may_come=True, short=True)
    assert what_now(standing, at("2026-11-24 11:59")) is Move.WAIT
    assert what_now(standing, at("2026-11-24 12:00")) is Move.NEXT_ROUND


def test_something_that_is_offered_is_never_unfillable():
    standing = begun(at(WORKDAY), Urgency.DAY, turn=2, waits=False, ladder=2, partly=True, goes_on=True)
    assert what_now(standing, at("2026-11-25 12:00")) is Move.ASK_CHOICE


def test_a_wijk_may_leave_a_request_open_for_ever_once_somebody_was_told():
    terms = replace(TERMS, escalation=(EscalationStep(COORDINATOR, timedelta(0)),))
    moves = climbed(begun(at(WORKDAY), Urgency.DAY, terms), at(WORKDAY))
    assert moves[-1] == (at("2026-11-24 14:00"), COORDINATOR)


Z = DeclineReason


@pytest.mark.parametrize(
    ("declines", "others", "reason"),
    [
        ([Z.NO_ROOM, Z.NO_ROOM, Z.NO_SKILL], {}, UnfillableReason.ALL_FULL),
        ([Z.NO_ROOM], {"silent": 3}, UnfillableReason.NO_ANSWER),
        ([Z.NO_ROOM_THEN, Z.START_TOO_SOON], {"full": 1}, UnfillableReason.NOT_AT_THESE_MOMENTS),
        ([Z.NO_CONTRACT], {}, UnfillableReason.NO_CONTRACT),
        ([], {"full": 2, "not_suited": 9}, UnfillableReason.ALL_FULL),
        ([], {"not_suited": 9}, UnfillableReason.NOBODY_GIVES_THIS),
        ([Z.NO_ROOM] * 5, {"offered": 1}, UnfillableReason.NO_FITTING_OFFER),
        ([], {}, UnfillableReason.NO_ANSWER),
    ],
)
def test_the_reason_is_what_stood_in_the_way_of_most(declines, others, reason):
    counts = {"full": 0, "not_suited": 0, "silent": 0, "offered": 0} | others
    assert why_unfillable(declines, **counts) is reason


def _terms(rounds: int, within: int, quiet: tuple[time, time], waits: list[int], steps: int) -> Terms:
    who = (COORDINATOR, MAIL, UNFILLABLE)[:steps]
    return replace(
        TERMS,
        rounds=(frozenset({Distance.WIJK}),) * rounds,
        answer_within=dict.fromkeys(Urgency, timedelta(minutes=within)),
        quiet=tuple(one.replace(second=0, microsecond=0) for one in quiet),
        escalation=tuple(
            EscalationStep(one, timedelta(hours=wait)) for one, wait in zip(who, sorted(waits), strict=False)
        ),
    )


any_terms = st.builds(
    _terms,
    st.integers(1, 4),
    st.integers(5, 7 * 24 * 60),
    st.tuples(st.times(), st.times()),
    st.lists(st.integers(0, 200), min_size=3, max_size=3),
    st.integers(1, 3),
)


@settings(max_examples=80)
@given(
    any_terms,
    st.sampled_from(list(Urgency)),
    st.integers(0, 2 * 365 * 24 * 60),
)
def test_whatever_was_agreed_the_ladder_ends_with_somebody_told_and_everybody_rung(terms, urgency, minutes):
    posted = at("2026-01-01 00:00") + timedelta(minutes=minutes)
    moves = climbed(begun(posted, urgency, terms), posted)
    names = [move for _moment, move in moves]
    assert [name for name in names if name in set(Escalation)] == [step.who for step in terms.escalation]
    assert names.count(WIDER) == len(terms.rounds) - 1
    assert ALL in names  # whoever waited in the last round was rung in the end
    for moment, _move in moves:
        assert rings_at(moment, terms, urgency) == moment  # and never while it was quiet
    assert [moment for moment, _move in moves] == sorted(moment for moment, _move in moves)
