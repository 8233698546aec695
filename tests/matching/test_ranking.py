"""Who comes first, and why: fair, explainable, the same each time."""

import random
from collections import defaultdict
from dataclasses import fields, replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkapp.capacity.rules import NO_WEEK, SLOTS, Freshness
from wijkapp.directory.rules import Distance
from wijkapp.matching.ranking import NOT_ASKED, Candidate, Figure, Need, Ranked, Reason, rank

DAY = date(2026, 11, 24)
MORNINGS = tuple(30 if slot % 4 == 0 else 0 for slot in range(SLOTS))
NEAR = frozenset({Distance.WIJK, Distance.NEIGHBOUR})
ALL = frozenset(Distance)


def need(**more) -> Need:
    return Need(
        **{
            "products": frozenset({"verpleging"}),
            "skills": frozenset(),
            "level": 3,
            "week": MORNINGS,
            "start_on": DAY,
            "language": None,
            "uzovi": None,
            "shuffle": b"a",
        }
        | more
    )


def figure(product="verpleging", **more) -> Figure:
    given = {"places": 1, "week": MORNINGS, "from_date": DAY, "full": False, "fresh": Freshness.FRESH}
    return Figure(product=product, **given | more)


def team(number=1, organisation=None, **more) -> Candidate:
    return Candidate(
        **{
            "team_id": UUID(int=number),
            "organisation_id": UUID(int=organisation or number),
            "wijk_id": UUID(int=1),
            "distance": Distance.WIJK,
            "products": frozenset({"verpleging"}),
            "skills": frozenset(),
            "level": 3,
            "languages": frozenset(),
            "contracts": frozenset(),
            "figures": (figure(),),
            "reachable": True,
        }
        | more
    )


def only(one: Candidate, asks: Need | None = None, asked_at=NEAR) -> Ranked:
    [ranked] = rank(asks or need(), [one], asked_at)
    return ranked


# --- one provider, one reason

HOLIDAY = DAY + timedelta(days=10)
FITS = [
    ({}, Reason.FITS),
    ({"figures": (figure(week=NO_WEEK),)}, Reason.ROOM),
    ({"figures": (figure(week=(30, *NO_WEEK[1:])),)}, Reason.FITS_PARTLY),
    ({"figures": (figure(from_date=HOLIDAY),)}, Reason.OPENS_LATER),
    ({"figures": (figure(fresh=Freshness.STALE),)}, Reason.UNCONFIRMED),
    ({"figures": (figure(fresh=Freshness.STALE, full=True),)}, Reason.UNCONFIRMED),
    ({"figures": (figure(fresh=Freshness.STALE, places=0),)}, Reason.UNCONFIRMED),
    ({"figures": ()}, Reason.NO_FIGURE),
    ({"figures": (figure(product="wondzorg"),)}, Reason.NO_FIGURE),
]
REFUSALS = [
    ({"products": frozenset({"huishouding"})}, {}, Reason.NOT_OFFERED),
    ({}, {"skills": frozenset({"stoma"})}, Reason.SKILL_MISSING),
    ({"level": 2}, {}, Reason.LEVEL_TOO_LOW),
    ({"figures": (figure(full=True),)}, {}, Reason.FULL),
    ({"closed": True}, {}, Reason.CLOSED),
    ({"closed": True, "figures": ()}, {}, Reason.CLOSED),
    ({"closed": True, "figures": (figure(full=True),)}, {}, Reason.CLOSED),
    ({"figures": (figure(places=0, fresh=Freshness.AGEING),)}, {}, Reason.FULL),
    ({"reachable": False}, {}, Reason.NOBODY_TO_REACH),
    ({"distance": Distance.REGION}, {}, Reason.NEXT_ROUND),
    ({}, {"asker_id": UUID(int=1)}, Reason.ASKS_ITSELF),
]


@pytest.mark.parametrize(("is_so", "reason"), FITS)
def test_who_may_be_asked_stands_where_it_stands_for_a_reason(is_so, reason):
    ranked = only(team(**is_so))
    assert (ranked.asked, ranked.rank, ranked.reasons) == (True, 1, (reason, Reason.IN_WIJK))


@pytest.mark.parametrize(("is_so", "asks", "reason"), REFUSALS)
def test_who_is_not_asked_is_in_the_list_with_the_reason(is_so, asks, reason):
    ranked = only(team(**is_so), need(**asks))
    assert not ranked.asked
    assert ranked.reasons[0] is reason


@pytest.mark.parametrize(
    ("distance", "reason"),
    [
        (Distance.WIJK, Reason.IN_WIJK),
        (Distance.NEIGHBOUR, Reason.NEIGHBOUR),
        (Distance.REGION, Reason.IN_REGION),
    ],
)
def test_the_reasons_say_how_far_away_a_provider_works(distance, reason):
    assert reason in only(team(distance=distance), asked_at=ALL).reasons


def test_the_wishes_of_the_client_are_reasons_but_never_exclude():
    asks = need(language="tr", uzovi="3311")
    granted = team(1, languages=frozenset({"tr"}), contracts=frozenset({"3311"}))
    first, second = rank(asks, [team(2), granted], NEAR)
    assert first.reasons == (Reason.FITS, Reason.IN_WIJK, Reason.SPEAKS, Reason.CONTRACT)
    assert second.reasons == (Reason.FITS, Reason.IN_WIJK, Reason.NO_CONTRACT)
    assert second.asked


def test_care_of_two_kinds_needs_a_figure_for_both():
    both = need(products=frozenset({"verpleging", "verzorging"}))
    offers = {"products": both.products}
    assert only(team(**offers), both).reasons[0] is Reason.NO_FIGURE
    assert only(team(figures=(figure(), figure("verzorging")), **offers), both).reasons[0] is Reason.FITS
    half_full = team(figures=(figure(), figure("verzorging", full=True)), **offers)
    assert only(half_full, both).reasons[0] is Reason.FULL


def test_a_provider_stands_where_its_best_team_stands():
    near_and_full = team(1, organisation=9, figures=(figure(full=True),))
    free_next_door = team(2, organisation=9, distance=Distance.NEIGHBOUR)
    [ranked] = rank(need(), [near_and_full, free_next_door], NEAR)
    assert ranked.candidate == free_next_door
    assert ranked.asked


def test_a_provider_whose_team_comes_next_round_hears_that_and_not_what_its_other_team_lacks():
    wrong_care = team(1, organisation=9, products=frozenset({"huishouding"}))
    further_on = team(2, organisation=9, distance=Distance.REGION)
    [ranked] = rank(need(), [wrong_care, further_on], NEAR)
    assert ranked.reasons[0] is Reason.NEXT_ROUND


# --- all providers, by hypothesis

figures = st.builds(
    Figure,
    product=st.sampled_from(["verpleging", "verzorging"]),
    places=st.integers(0, 2),
    week=st.sampled_from([NO_WEEK, MORNINGS, (10,) * SLOTS]),
    from_date=st.sampled_from([DAY, HOLIDAY]),
    full=st.booleans(),
    fresh=st.sampled_from(Freshness),
)
teams = st.builds(
    Candidate,
    team_id=st.uuids(),
    organisation_id=st.integers(1, 8).map(lambda number: UUID(int=number)),
    distance=st.sampled_from(Distance),
    products=st.sampled_from(
        [frozenset(), frozenset({"verpleging"}), frozenset({"verpleging", "verzorging"})]
    ),
    skills=st.sampled_from([frozenset(), frozenset({"stoma"})]),
    level=st.integers(2, 6),
    languages=st.sampled_from([frozenset(), frozenset({"tr"})]),
    contracts=st.sampled_from([frozenset(), frozenset({"3311"})]),
    figures=st.lists(figures, max_size=2, unique_by=lambda one: one.product).map(tuple),
    reachable=st.booleans(),
)
needs = st.builds(
    Need,
    products=st.sampled_from([frozenset({"verpleging"}), frozenset({"verpleging", "verzorging"})]),
    skills=st.sampled_from([frozenset(), frozenset({"stoma"})]),
    level=st.integers(2, 5),
    week=st.just(MORNINGS),
    start_on=st.just(DAY),
    language=st.sampled_from([None, "tr"]),
    uzovi=st.sampled_from([None, "3311"]),
    shuffle=st.binary(max_size=4),
    asker_id=st.sampled_from([None, UUID(int=1)]),
)
rounds = st.sampled_from([frozenset({Distance.WIJK}), NEAR, ALL])
crowds = st.lists(teams, max_size=12, unique_by=lambda one: one.team_id)


@given(needs, crowds, rounds)
def test_every_provider_in_reach_is_in_the_list_exactly_once_with_a_reason(asks, crowd, asked_at):
    found = rank(asks, crowd, asked_at)
    assert sorted(one.candidate.organisation_id for one in found) == sorted(
        {one.organisation_id for one in crowd}
    )
    assert [one.rank for one in found] == list(range(1, len(found) + 1))
    assert all(one.reasons for one in found)


@given(needs, crowds, rounds)
def test_a_provider_is_asked_unless_a_reason_says_why_not(asks, crowd, asked_at):
    for one in rank(asks, crowd, asked_at):
        assert one.asked is not bool(NOT_ASKED.intersection(one.reasons))


@given(needs, crowds, rounds)
def test_a_provider_with_a_team_that_can_be_asked_is_asked(asks, crowd, asked_at):
    can = defaultdict(bool)
    for one in crowd:
        can[one.organisation_id] |= rank(asks, [one], asked_at)[0].asked
    assert {one.candidate.organisation_id: one.asked for one in rank(asks, crowd, asked_at)} == can


@given(needs, crowds, rounds, st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_who_is_looked_at_first(asks, crowd, asked_at, chance: random.Random):
    found = rank(asks, crowd, asked_at)
    chance.shuffle(crowd)
    assert rank(asks, crowd, asked_at) == found


@given(needs, crowds)
def test_a_wider_round_asks_everybody_that_the_one_before_asked(asks, crowd):
    def asked(at):
        return {one.candidate.organisation_id for one in rank(asks, crowd, at) if one.asked}

    assert asked(NEAR) <= asked(ALL)


def _rank_of(asks, crowd, one, asked_at=ALL) -> int:
    found = rank(asks, [*crowd, one], asked_at)
    return next(entry.rank for entry in found if entry.candidate.organisation_id == one.organisation_id)


def _fuller(one: Figure) -> Figure:
    return replace(one, places=2, full=False, week=(1_000,) * SLOTS, from_date=DAY)


BETTER = {
    "nearer": lambda one: replace(one, distance=Distance.WIJK),
    "fresher": lambda one: replace(
        one, figures=tuple(replace(_fuller(each), fresh=Freshness.FRESH) for each in one.figures)
    ),
    "with more room": lambda one: replace(one, figures=tuple(map(_fuller, one.figures))),
    "with the language": lambda one: replace(one, languages=frozenset({"tr"})),
    "with the contract": lambda one: replace(one, contracts=frozenset({"3311"})),
    "with every skill": lambda one: replace(one, skills=frozenset({"stoma"}), level=6),
}
NEWCOMER = UUID(int=99)


@pytest.mark.parametrize("better", BETTER.values(), ids=BETTER.keys())
@given(needs, crowds, teams)
def test_a_provider_that_gets_better_never_drops(better, asks, crowd, one):
    one = replace(one, organisation_id=NEWCOMER)
    assert _rank_of(asks, crowd, better(one)) <= _rank_of(asks, crowd, one)


def test_between_equals_no_provider_is_always_first():
    crowd = [team(1), team(2), team(3)]
    first = {rank(need(shuffle=bytes([n])), crowd, NEAR)[0].candidate.team_id for n in range(50)}
    assert len(first) == 3


def test_ranking_knows_no_name_no_size_and_no_price():
    known = {field.name for kind in (Candidate, Figure, Need) for field in fields(kind)}
    assert not [
        name
        for name in known
        if any(word in name for word in ("name", "size", "price", "tariff", "turnover"))
    ]
