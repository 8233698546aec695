"""Loading wijken: PDOK pages and our own CSV, all or nothing."""

import json
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.directory.make import Make
from wijkapp.directory import service
from wijkapp.directory.imports.files import Unreadable
from wijkapp.directory.imports.wijken import load_wijken
from wijkapp.directory.models import Postcode, Region, Wijk, WijkNeighbour

DATA = Path(__file__).parent / "data"
PDOK = [DATA / "pdok-wijken-1.json", DATA / "pdok-wijken-2.json"]
HEADER = "code;naam;gemeentecode;gemeente;regio;inwoners;telefoon;buren;postcodes\n"


def file(folder: Path, text: str | bytes, name: str = "wijken.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def wijken(db) -> dict[str, Wijk]:
    db.expire_all()
    return {wijk.code: wijk for wijk in db.scalars(select(Wijk))}


def pairs(db) -> int:
    return db.scalar(select(func.count()).select_from(WijkNeighbour)) or 0


def test_the_pages_of_pdok_give_wijken_without_open_water_and_their_neighbours(db):
    outcome = load_wijken(PDOK, region="Utrecht")
    found = wijken(db)
    assert outcome.stored
    assert outcome.new == 4
    assert set(found) == {"WK034401", "WK034402", "WK034403", "WK0363AA"}
    west, north = found["WK034401"], found["WK034402"]
    assert (west.name, west.municipality_code, west.inhabitants) == ("Wijk 01 West", "GM0344", 29070)
    assert found["WK0363AA"].inhabitants is None
    assert service.neighbours(db, north.id) == {west.id, found["WK034403"].id}
    assert db.scalar(select(Region.name).where(Region.id == west.region_id)) == "Utrecht"


def test_a_page_that_was_forgotten_is_noticed(db):
    assert any("Er ontbreken pagina's" in note for note in load_wijken(PDOK[:1]).notes)
    assert not any("Er ontbreken pagina's" in note for note in load_wijken(PDOK).notes)


def test_our_own_csv_gives_neighbours_both_ways_postcodes_and_a_region(db):
    outcome = load_wijken([DATA / "wijken.csv"], region="Rest")
    south, southwest = wijken(db)["WK034407"], wijken(db)["WK034408"]
    assert outcome.bad_count == 0
    assert service.neighbours(db, southwest.id) == {south.id}
    assert service.wijk_of(db, "3525") == south
    assert south.shared_phone == "+31301234567"
    assert southwest.municipality_code == "GM0344"
    names = {region.id: region.name for region in db.scalars(select(Region))}
    assert (names[south.region_id], names[southwest.region_id]) == ("Utrecht-Zuid", "Rest")


@pytest.mark.parametrize("files", [PDOK, [DATA / "wijken.csv"]])
def test_the_same_files_twice_change_nothing(db, files):
    load_wijken(files)
    before = len(wijken(db)), pairs(db)
    outcome = load_wijken(files)
    assert (outcome.new, outcome.changed) == (0, 0)
    assert outcome.unchanged == before[0]
    assert (len(wijken(db)), pairs(db)) == before


def test_a_file_that_is_silent_about_something_leaves_it(db, make: Make, tmp_path: Path):
    wijk = make.wijk(code="WK034407", region=make.region())
    wijk.inhabitants = 5
    db.flush()
    outcome = load_wijken([file(tmp_path, "code,naam,gemeente\nWK034407,Zuid,Utrecht\n")])
    db.refresh(wijk)
    assert (outcome.changed, wijk.name, wijk.inhabitants) == (1, "Zuid", 5)
    assert wijk.region_id is not None


def test_a_dry_run_counts_and_stores_nothing(db):
    outcome = load_wijken(PDOK, region="Utrecht", dry_run=True)
    assert (outcome.new, outcome.stored) == (4, False)
    assert wijken(db) == {}
    assert db.scalar(select(Region)) is None


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("WK34;Zuid;;Utrecht;;;;;", "geen wijkcode"),
        ("🙂;Zuid;;Utrecht;;;;;", "geen wijkcode"),
        (";Zuid;;Utrecht;;;;;", "geen wijkcode"),
        ("WK034407;;;Utrecht;;;;;", "naam is leeg"),
        (f"WK034407;{'x' * 121};;Utrecht;;;;;", "langer dan 120"),
        ("WK034407;Zuid;XX12;Utrecht;;;;;", "geen gemeentecode"),
        ("WK034407;Zuid;;;;;;;", "gemeente is leeg"),
        ("WK034407;Zuid;;Utrecht;;veel;;;", "geen heel getal"),
        ("WK034407;Zuid;;Utrecht;;;bel maar;;", "geen telefoonnummer"),
        ("WK034407;Zuid;;Utrecht;;;;WK999999;", "kennen we niet"),
        ("WK034407;Zuid;;Utrecht;;;;WK034407;", "eigen buur"),
        ("WK034407;Zuid;;Utrecht;;;;;0123", "geen postcode"),
        ("WK034407;Zuid", "kolommen"),
        ("WK034407;Zuid;;Utrecht;;;;;;x", "kolommen"),
        ("WK034408;Zuid;;Utrecht;;;;;", "twee keer"),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_nothing_is_stored(db, tmp_path: Path, row: str, why: str):
    good = "WK034408;Zuidwest;;Utrecht;Nieuwe regio;;;;3526\n"
    path = file(tmp_path, HEADER + good + row + "\n")
    outcome = load_wijken([path])
    assert not outcome.stored
    assert [bad.where for bad in outcome.bad] == ["wijken.csv, regel 3"]
    assert why in outcome.bad[0].why
    assert wijken(db) == {}
    assert db.scalar(select(func.count()).select_from(Postcode)) == 0

    assert load_wijken([path], skip_bad=True).stored
    assert set(wijken(db)) == {"WK034408"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "kolommen"),
        ("a;b;c\n1;2;3\n", "kolommen"),
        ("code;naam;gemeente\nWK034407;Zuid-Oudkèrk;Utrecht\n".encode("cp1252"), "UTF-8"),
        ("code;naam;gemeente\n".encode("utf-16"), "UTF-8"),
        ("{", "GeoJSON"),
        ("{}", "features"),
        ('{"features": 3}', "features"),
        ("PK\x03\x04 no zip at all", "kolommen"),
        (b"\x00\x01\x02", "kolommen"),
    ],
)
def test_a_file_that_is_something_else_is_refused_in_dutch(db, tmp_path: Path, text: str | bytes, why: str):
    with pytest.raises(Unreadable, match=why):
        load_wijken([file(tmp_path, text)])


@pytest.mark.parametrize(
    "feature",
    [
        None,
        3,
        {},
        {"properties": None},
        {"properties": {"wijkcode": 12}},
        {"properties": {"wijkcode": "WK034401", "wijknaam": "A", "gemeentenaam": "U"}, "geometry": 5},
        {
            "properties": {"wijkcode": "WK034401", "wijknaam": "A", "gemeentenaam": "U"},
            "geometry": {"type": "Polygon", "coordinates": [[["x", "y"]]]},
        },
    ],
)
def test_a_strange_feature_is_a_bad_row(db, tmp_path: Path, feature: object):
    path = file(tmp_path, json.dumps({"features": [feature]}), "wijken.json")
    outcome = load_wijken([path], skip_bad=True)
    assert [bad.where for bad in outcome.bad] == ["wijken.json, nummer 1"]
    assert wijken(db) == {}


def test_a_byte_order_mark_commas_and_windows_line_ends_are_fine(db, tmp_path: Path):
    text = b'\xef\xbb\xbfcode,naam,gemeente\r\nWK034407,"Zuid, en meer",Utrecht\r\n\r\n'
    assert load_wijken([file(tmp_path, text)]).stored
    assert wijken(db)["WK034407"].name == "Zuid, en meer"


def test_of_very_many_bad_rows_the_first_are_shown_and_the_rest_counted(db, tmp_path: Path):
    outcome = load_wijken([file(tmp_path, HEADER + "x\n" * 500)])
    assert (len(outcome.bad), outcome.bad_count) == (50, 500)
