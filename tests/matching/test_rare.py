"""When a postcode and a profile together say too much."""

import pytest

from wijkapp.directory.service import reference
from wijkapp.matching.ehealth import FITS, MOST_SHOWN, Aid, suggestions
from wijkapp.matching.rare import (
    FEWEST,
    RARITY,
    UNCOUNTED,
    UNKNOWN_PC4,
    Inhabitants,
    Where,
    people,
    warning,
)

LUNETTEN = Inhabitants(pc4=11_800, wijk=28_000, municipality=361_000)


@pytest.mark.parametrize("care", ["verpleging", "persoonlijke_verzorging", "wmo_hh", "steunkousen"])
def test_ordinary_care_in_an_ordinary_postcode_warns_nobody(care):
    assert warning(LUNETTEN, [care]) is None


@pytest.mark.parametrize(
    ("care", "enough"),
    [
        (["verpleging", "katheterisatie"], Where.WIJK),
        (["verpleging", "beademing"], Where.MUNICIPALITY),
        (["verpleging", "nierdialyse"], Where.MUNICIPALITY),
    ],
)
def test_what_is_rare_there_says_how_wide_is_wide_enough(care, enough):
    found = warning(LUNETTEN, care)
    assert found is not None
    assert found.about <= FEWEST
    assert found.wide_enough is enough


def test_what_is_rare_in_the_whole_municipality_has_no_place_that_is_wide_enough():
    village = Inhabitants(pc4=800, wijk=2_000, municipality=9_000)
    assert warning(village, ["verpleging", "beademing"]).wide_enough is None


def test_a_language_makes_an_ordinary_profile_rare():
    assert warning(LUNETTEN, ["verpleging"]) is None
    assert warning(LUNETTEN, ["verpleging"], "ti").wide_enough is Where.MUNICIPALITY


def test_the_rarest_part_decides():
    common, rare = ["verpleging", "insuline"], ["verpleging", "insuline", "beademing"]
    assert people(1000, common, None) > people(1000, rare, None) == people(1000, ["beademing"], None)


def test_a_hamlet_warns_even_at_ordinary_care():
    assert warning(Inhabitants(pc4=185, wijk=185), ["verpleging"]) is not None


def test_without_figures_a_place_counts_as_small():
    assert Inhabitants().of(Where.PC4) == UNKNOWN_PC4
    assert warning(Inhabitants(), ["insuline"]) is not None


def test_without_a_figure_of_the_postcode_that_of_its_wijk_is_shared_out_with_care():
    there = Inhabitants(wijk=28_000, pc4s_in_wijk=3)
    assert there.of(Where.PC4) == 4_666
    assert there.of(Where.WIJK) == there.of(Where.MUNICIPALITY) == 28_000


def test_every_figure_has_a_date_and_a_source():
    for code, one in (*RARITY.items(), ("", UNCOUNTED)):
        assert one.source, code
        assert one.about.year >= 2020, code
        assert one.per_1000 > 0, code


def test_figures_and_aids_are_about_care_that_exists():
    known = {row["code"] for name in ("care_products.csv", "skills.csv") for row in reference._rows(name)}
    assert set(RARITY) <= known
    assert set(FITS) <= known


def test_aids_fit_the_care_and_the_skill_comes_first():
    assert suggestions(["verpleging"], ["steunkousen"])[0] is Aid.STOCKING_AID
    assert suggestions(["verpleging"], []) == FITS["verpleging"][:MOST_SHOWN]
    assert suggestions(["ikz"], []) == ()
    assert len(suggestions(FITS, FITS)) == MOST_SHOWN
    assert {aid for aids in FITS.values() for aid in aids} == set(Aid)
