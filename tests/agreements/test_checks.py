"""What the checks say: hard-core terms block whatever the share, thresholds are dated, seats are mirrored."""

from datetime import date

import pytest

from wijkapp.agreements import checks
from wijkapp.agreements.checks import NO, YES, Share, Size, Uneven
from wijkapp.agreements.register import Check, Outcome, Path, SeatLevel

DAY = date(2026, 11, 24)
HARD = [one.code for one in checks.rules().asked(Check.COMPETITION, Path.FULL, "hard_core")]
GOOD = [
    one.code
    for part in ("criteria", "practical")
    for one in checks.rules().asked(Check.COMPETITION, Path.FULL, part)
]
WELL = dict.fromkeys(HARD, NO) | dict.fromkeys(GOOD, YES)
SMALL, LARGE, UNKNOWN = Share(2, True), Share(35, True), Share(None, True)


@pytest.mark.parametrize("code", HARD)
@pytest.mark.parametrize("share", [SMALL, LARGE, UNKNOWN])
def test_a_hard_core_term_blocks_whatever_the_share(code, share):
    assert checks.competition(Path.FULL, WELL | {code: YES}, share, DAY) is Outcome.BLOCKED
    assert checks.competition(Path.FULL, {code: YES}, share, DAY) is Outcome.BLOCKED  # the rest unanswered


@pytest.mark.parametrize(
    ("answers", "share", "says"),
    [
        (WELL, LARGE, Outcome.JUSTIFIED),
        (WELL | {"left": NO}, LARGE, Outcome.ADVICE),
        (WELL | {"left": NO}, UNKNOWN, Outcome.ADVICE),
        (WELL | {"left": NO}, SMALL, Outcome.SMALL),
        (WELL | {"indispensable": NO}, LARGE, Outcome.ADVICE),  # yes passes: the source turns it round
        ({}, SMALL, Outcome.INCOMPLETE),
        ({code: said for code, said in WELL.items() if code != "alive"}, SMALL, Outcome.INCOMPLETE),
    ],
)
def test_competition(answers, share, says):
    assert checks.competition(Path.FULL, answers, share, DAY) is says


@pytest.mark.parametrize(
    ("per_cent", "competitors", "small"),
    [(10, True, True), (11, True, False), (15, False, True), (16, False, False), (None, False, False)],
)
def test_a_share_is_small_up_to_ten_among_competitors_and_fifteen_otherwise(per_cent, competitors, small):
    assert checks.is_small(Share(per_cent, competitors), DAY) is small


@pytest.mark.parametrize(("per_cent", "bagatel"), [(10, True), (11, False), (None, False)])
def test_the_bagatel_of_the_law_has_its_own_ten(per_cent, bagatel):
    assert checks.is_bagatel(Share(per_cent, False), DAY) is bagatel


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        (dict.fromkeys(("keeps_choice", "open", "no_more"), YES), Outcome.SMALL),
        ({"keeps_choice": NO}, Outcome.BLOCKED),
        ({"keeps_choice": YES, "open": YES}, Outcome.INCOMPLETE),
    ],
)
def test_a_light_agreement_answers_three_questions(answers, says):
    assert checks.competition(Path.LIGHT, answers, UNKNOWN, DAY) is says


NO_MERGER = {"merge": NO, "control": NO, "lasting": NO}
MERGER = NO_MERGER | {"merge": YES, "care": YES}


@pytest.mark.parametrize(
    ("answers", "size", "says"),
    [
        (NO_MERGER, Size(None, None, None), Outcome.NONE),  # a contract to work together is none
        (NO_MERGER, Size(5000, 10**9, 10**9), Outcome.NONE),
        ({}, Size(10, 0, 0), Outcome.INCOMPLETE),
        (MERGER, Size(None, 0, 0), Outcome.INCOMPLETE),
        (MERGER, Size(49, 0, 0), Outcome.NONE),
        (MERGER, Size(50, 0, 0), Outcome.NZA),  # from fifty on
        (MERGER | {"care": NO}, Size(500, 0, 0), Outcome.NONE),
        (MERGER, Size(10, 150_000_000, 30_000_000), Outcome.NONE),  # more than 150
        (MERGER, Size(10, 150_000_001, 30_000_000), Outcome.ACM),
        (MERGER, Size(10, 10**9, 29_999_999), Outcome.NONE),
        (MERGER, Size(50, 10**9, 10**9), Outcome.NZA_AND_ACM),
    ],
)
def test_merger(answers, size, says):
    assert checks.merger(answers, size, DAY) is says


def test_a_threshold_holds_from_one_day_to_another():
    rules = checks.rules()
    assert rules.on("acm_each", date(2022, 12, 31)).value == 10_000_000  # lapsed with the year
    assert rules.on("acm_each", date(2023, 1, 1)).value == 30_000_000
    with pytest.raises(LookupError):
        rules.on("acm_joint", date(2022, 12, 31))


def test_every_threshold_has_a_source_and_none_overlap():
    thresholds = checks.rules().thresholds
    for one in thresholds:
        assert one.source
        assert one.row
        same = [other for other in thresholds if other.code == one.code and other is not one]
        for other in same:
            assert (one.valid_to or date.max) < other.valid_from or (
                other.valid_to or date.max
            ) < one.valid_from


def test_nza_has_four_weeks():
    assert checks.nza_decides_by(date(2026, 11, 2)) == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("left", "says"),
    [
        ([], Outcome.INCOMPLETE),
        ([(2, 4, True), (1, 5, False)], Outcome.START),
        ([(3, 5, True)], Outcome.MEASURES),
        ([(3, 5, False)], Outcome.CONSULT),
        ([(3, 5, False), (5, 5, True)], Outcome.MEASURES),
    ],
)
def test_dpia(left, says):
    assert checks.dpia(left) is says


A, B, C = "Oost", "West", "Zuid"
BOARD, MANAGER = SeatLevel.BOARD, SeatLevel.MANAGER


@pytest.mark.parametrize(
    ("seats", "uneven"),
    [
        ([(A, BOARD), (B, BOARD), (C, BOARD)], ()),
        ([(A, BOARD), (B, BOARD)], (Uneven(C, BOARD, 0, 1),)),
        ([(A, BOARD), (A, BOARD), (B, BOARD), (C, BOARD)], (Uneven(B, BOARD, 1, 2), Uneven(C, BOARD, 1, 2))),
        (
            [(A, BOARD), (B, BOARD), (C, MANAGER)],
            (Uneven(C, BOARD, 0, 1), Uneven(A, MANAGER, 0, 1), Uneven(B, MANAGER, 0, 1)),
        ),
    ],
)
def test_a_body_is_mirrored_when_every_party_has_as_many_seats_at_each_level(seats, uneven):
    assert checks.parity([A, B, C], seats) == uneven
