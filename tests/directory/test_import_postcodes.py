"""Loading postcodes from GeoNames, CBS and our own CSV."""

import os
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.directory.make import Make
from wijkapp.directory import service
from wijkapp.directory.imports.files import Unreadable
from wijkapp.directory.imports.postcodes import load_postcodes
from wijkapp.directory.models import Postcode

DATA = Path(__file__).parent / "data"
OWN, GEONAMES, STATLINE = DATA / "postcodes.csv", DATA / "NL.txt", DATA / "83502NED.csv"
ADDRESSES = DATA / "pc6hnr20250801_gwb.csv"
NATION = Path(__file__).parents[3] / "shared/data/external/pc4.csv"


@pytest.fixture
def wijken(make: Make):
    return make.wijk("Zuid", code="WK034407"), make.wijk("Zuidwest", code="WK034408")


def postcodes(db) -> dict[str, Postcode]:
    db.expire_all()
    return {postcode.pc4: postcode for postcode in db.scalars(select(Postcode))}


def file(folder: Path, text: str, name: str = "postcodes.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_our_own_csv_reads_decimal_commas_and_puts_postcodes_in_their_wijk(db, wijken):
    outcome = load_postcodes([OWN])
    found = postcodes(db)
    assert (outcome.new, outcome.bad_count) == (2, 0)
    assert (found["3523"].latitude, found["3523"].inhabitants) == (52.0701, 9120)
    assert service.wijk_of(db, "3524") == wijken[0]


def test_geonames_gives_place_and_the_middle_of_the_points_of_a_postcode(db):
    outcome = load_postcodes([GEONAMES])
    lunetten = postcodes(db)["3524"]
    assert (outcome.format, outcome.new) == ("GeoNames", 2)
    assert (lunetten.place, lunetten.latitude, lunetten.longitude) == ("Utrecht", 52.065, 5.134)
    assert lunetten.wijk_id is None


def test_statline_gives_the_newest_totals_of_postcodes_that_are_known(db):
    load_postcodes([GEONAMES])
    outcome = load_postcodes([STATLINE])
    found = postcodes(db)
    assert (found["3524"].inhabitants, found["3523"].inhabitants) == (11840, None)
    assert (outcome.changed, outcome.outside) == (1, 1)
    assert "9999" not in found


def test_statline_with_words_in_place_of_codes_and_a_title_above_says_the_same(db):
    load_postcodes([GEONAMES])
    assert load_postcodes([DATA / "83502NED-labels.csv"]).bad_count == 0
    assert postcodes(db)["3524"].inhabitants == 11840


def test_the_list_of_addresses_puts_a_postcode_in_the_wijk_of_most_of_them(db, wijken):
    outcome = load_postcodes([ADDRESSES])
    assert service.wijk_of(db, "3524") == wijken[0]
    assert service.wijk_of(db, "3526") == wijken[1]
    assert (outcome.new, outcome.outside) == (2, 1)  # 1011 is in a town nobody loaded
    assert "6 adressen geteld." in outcome.notes


@pytest.mark.parametrize("name", ["NL.zip", "2025-cbs-pc6huisnr20250801_buurt.zip"])
def test_the_right_file_in_a_zip_is_found_by_what_is_in_it(db, wijken, tmp_path: Path, name: str):
    inside = GEONAMES if name == "NL.zip" else ADDRESSES
    with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("readme.txt", "Read me\n" * 1000)
        packed.writestr("wijk2025.csv", "Wijkcode;Wijknaam\n034407;Zuid\n" * 1000)
        packed.write(inside, inside.name)
    assert load_postcodes([tmp_path / name]).new == 2


@pytest.mark.parametrize("path", [OWN, GEONAMES, ADDRESSES])
def test_the_same_file_twice_changes_nothing(db, wijken, path: Path):
    first = load_postcodes([path])
    second = load_postcodes([path])
    assert (second.new, second.changed, second.unchanged) == (0, 0, first.new)


def test_each_publisher_adds_what_it_knows_and_takes_nothing_away(db, wijken):
    load_postcodes([GEONAMES, STATLINE, ADDRESSES])
    lunetten = postcodes(db)["3524"]
    assert (lunetten.place, lunetten.inhabitants, lunetten.latitude) == ("Utrecht", 11840, 52.065)
    assert lunetten.wijk_id == wijken[0].id


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("0123;Utrecht;;;;", "geen postcode"),
        ("35 24;Utrecht;;;;", "geen postcode"),
        ("١٢٣٤;Utrecht;;;;", "geen postcode"),
        (";Utrecht;;;;", "geen postcode"),
        ("3524;;;;;", "plaats is leeg"),
        ("3524;Utrecht;WK99;;;", "geen wijkcode"),
        ("3524;Utrecht;WK999999;;;", "kennen we niet"),
        ("3524;Utrecht;;noord;;", "kan niet"),
        ("3524;Utrecht;;95;;", "kan niet"),
        ("3524;Utrecht;;;181;", "kan niet"),
        ("3524;Utrecht;;;;12,5", "geen heel getal"),
        ("3524;Utrecht;;;;9999999999999", "geen heel getal"),
        ("3523;Utrecht;;;;", "twee keer"),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_nothing_is_stored(db, tmp_path: Path, row: str, why: str):
    path = file(tmp_path, f"postcode;plaats;wijk;lat;lon;inwoners\n3523;Utrecht;;;;\n{row}\n")
    outcome = load_postcodes([path])
    assert [bad.where for bad in outcome.bad] == ["postcodes.csv, regel 3"]
    assert why in outcome.bad[0].why
    assert postcodes(db) == {}
    assert load_postcodes([path], skip_bad=True).stored
    assert set(postcodes(db)) == {"3523"}


@pytest.mark.parametrize("row", ["x;1;03440711;034407;0344", "3524AA;1;03440711", "3524AA;1;x;wijk;0344"])
def test_a_bad_address_is_named_with_its_line(db, wijken, tmp_path: Path, row: str):
    path = file(tmp_path, ADDRESSES.read_text() + row + "\n")
    outcome = load_postcodes([path])
    assert [bad.where for bad in outcome.bad] == ["postcodes.csv, regel 8"]
    assert postcodes(db) == {}


def test_a_format_that_was_forced_and_does_not_fit_is_refused(db):
    with pytest.raises(Unreadable, match="GeoNames"):
        load_postcodes([OWN], form="geonames")


def test_statline_without_totals_is_refused(db, tmp_path: Path):
    text = "Geslacht;Leeftijd;Postcode;Perioden;Bevolking_1\n3000;10000;PC3524;2021JJ00;5\n"
    with pytest.raises(Unreadable, match="totalen"):
        load_postcodes([file(tmp_path, text)])


@pytest.mark.database("sqlite")
def test_a_long_list_of_addresses_takes_no_more_memory_than_a_short_one(db, wijken, tmp_path: Path):
    def peak(rows: int) -> int:
        path = tmp_path / f"{rows}.csv"
        with path.open("w") as out:
            out.write("PC6;Huisnummer;Buurt2025;Wijk2025;Gemeente2025\n")
            out.writelines(f"3524AA;{n};03440711;034407;0344\n" for n in range(rows))
        tracemalloc.start()
        load_postcodes([path])
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(100)  # loads what is loaded once
    assert peak(60_000) < peak(6_000) + 500_000


@pytest.mark.database("sqlite")
@pytest.mark.skipif(
    not NATION.exists(),
    reason="no list of all Dutch postcodes beside this checkout (../shared/data/external/pc4.csv)",
)
def test_all_postcodes_of_the_country_load(db, tmp_path: Path):
    text = NATION.read_text(encoding="utf-8")
    header, rest = text.split(os.linesep if os.linesep in text else "\n", 1)
    columns = {"pc4": "postcode", "place": "plaats", "pop_total": "inwoners"}
    header = ",".join(columns.get(name, name) for name in header.split(","))
    outcome = load_postcodes([file(tmp_path, f"{header}\n{rest}")])
    assert outcome.bad == []
    assert outcome.new > 4000
