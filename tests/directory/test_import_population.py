"""Who lives in a wijk, out of a list: counted on a day, by a source."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from wijkapp.directory import service
from wijkapp.directory.imports.files import Unreadable
from wijkapp.directory.imports.population import load_population
from wijkapp.directory.models import CareProduct, WijkPopulation
from wijkapp.kit.db import reading

DATA = Path(__file__).parent / "data" / "bevolking.csv"
HEAD = "code;peildatum;inwoners;65plus;75plus;80plus;bron\n"


@pytest.fixture
def wijken(make):
    return make.wijk("Zuid", code="WK034407"), make.wijk("Oost", code="WK034408")


@pytest.fixture
def load(tmp_path):
    def load(*lines: str, **options):
        path = tmp_path / "list.csv"
        path.write_text(HEAD + "\n".join(lines) + "\n")
        return load_population([path], **options)

    return load


def there(db) -> list[tuple]:
    db.expire_all()
    rows = db.scalars(select(WijkPopulation).order_by(WijkPopulation.inhabitants))
    return [(one.counted_on, one.inhabitants, one.from_65, one.from_75, one.from_80) for one in rows]


def test_a_list_is_read_and_a_wijk_that_is_not_here_is_passed_over(db, wijken):
    outcome = load_population([DATA])
    assert (outcome.new, outcome.outside, outcome.bad_count, outcome.stored) == (2, 1, 0, True)
    assert there(db) == [
        (date(2026, 1, 1), 9000, 1500, 700, 400),
        (date(2026, 1, 1), 12000, None, None, None),
    ]
    assert (load_population([DATA]).unchanged, len(there(db))) == (2, 2)


def test_a_dry_run_stores_nothing(db, wijken):
    outcome = load_population([DATA], dry_run=True)
    assert (outcome.new, outcome.stored, there(db)) == (2, False, [])


def test_the_newest_count_is_shown_and_the_older_one_stays(db, wijken, load):
    load("WK034407;01-01-2025;8000;;;;CBS", "WK034407;01-01-2026;9000;;;;CBS")
    with reading() as look:
        found = service.population(look, [wijken[0].id, wijken[1].id])
    assert {wijk_id: one.inhabitants for wijk_id, one in found.items()} == {wijken[0].id: 9000}
    assert len(there(db)) == 2


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("WK034407;01-01-2026;;;;;CBS", "inwoners is leeg"),
        ("WK034407;01-01-2026;veel;;;;CBS", "geen heel getal"),
        ("WK034407;01-01-2026;100;200;;;CBS", "ouder"),
        ("WK034407;01-01-2026;100;;20;30;CBS", "ouder"),
        ("WK034407;31-02-2026;100;;;;CBS", "geen dag"),
        ("WK034407;gisteren;100;;;;CBS", "geen dag"),
        ("WK034407;01-01-2099;100;;;;CBS", "toekomst"),
        ("WK034407;01-01-2026;100;;;;", "bron is leeg"),
        ("Zuid;01-01-2026;100;;;;CBS", "geen wijkcode"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_stored(db, wijken, load, line, why):
    outcome = load("WK034408;01-01-2026;100;;;;CBS", line)
    assert outcome.bad_count == 1
    assert why in outcome.bad[0].why
    assert (outcome.stored, there(db)) == (False, [])


def test_another_list_is_refused(wijken, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("a;b\n1;2\n")
    with pytest.raises(Unreadable):
        load_population([path])


def test_what_nobody_gives_is_missing_and_only_home_nursing_is_missed(make):
    kinds = [
        CareProduct(code=code, name=code, law=law, kind=kind)
        for code, law, kind in (
            ("verpleging", "Zvw", "care"),
            ("msvt", "Zvw", "care"),
            ("wmo_hh", "Wmo", "support"),
            ("pgb", "Zvw/Wlz", "financing"),
        )
    ]
    teams = [make.team(products=("verpleging", "wmo_hh"))]
    found = service.offered(teams, kinds)
    assert [one.code for one in found.given] == ["verpleging", "wmo_hh"]
    assert [one.code for one in found.missing] == ["msvt"]
