"""Loading organisations and their teams."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.directory.make import Make
from wijkapp.directory import service
from wijkapp.directory.imports.organisations import load_organisations
from wijkapp.directory.models import Team
from wijkapp.people.models import Organisation
from wijkapp.people.rules import OrganisationKind

DATA = Path(__file__).parent / "data"
FILE = DATA / "organisaties.csv"
HEADER = FILE.read_text(encoding="utf-8").splitlines()[0]


@pytest.fixture
def wijken(db, make: Make):
    service.seed_reference(db)
    return make.wijk("Zuid", code="WK034407"), make.wijk("Zuidwest", code="WK034408")


def named(db, name: str) -> Organisation:
    return db.scalars(select(Organisation).where(Organisation.name == name)).one()


def count(db, table: type) -> int:
    return db.scalar(select(func.count()).select_from(table)) or 0


def test_organisations_come_with_their_teams_and_their_region(db, wijken):
    outcome = load_organisations([FILE])
    assert outcome.bad == []
    zorg = named(db, "Zorg Dichtbij")
    teams = db.scalars(select(Team).where(Team.organisation_id == zorg.id).order_by(Team.name)).all()
    assert [team.name for team in teams] == ["Lunetten", "Zuidwest"]
    assert teams[0].products == ("persoonlijke_verzorging", "verpleging")
    assert (teams[0].highest_level, teams[0].languages, teams[0].contracts) == (4, ("tr", "ar"), ("3311",))
    assert teams[0].phone == "+31612345678"
    assert teams[1].products == ("verpleging",)  # by its name
    yara = named(db, "Yara Benali")
    assert yara.kind is OrganisationKind.SOLO
    assert len(service.regions_of(db, yara.id)) == 1
    assert service.regions_of(db, yara.id) == service.regions_of(
        db, named(db, "Huisartsenpraktijk Lunetten").id
    )


def test_a_number_without_check_digit_that_looks_odd_gives_a_word_and_is_kept(db, wijken):
    assert any("01234" in note for note in load_organisations([FILE]).notes)
    assert named(db, "Huisartsenpraktijk Lunetten").agb_code == "01234"


def test_the_same_file_twice_changes_nothing(db, wijken):
    load_organisations([FILE])
    before = count(db, Organisation), count(db, Team)
    outcome = load_organisations([FILE])
    assert (outcome.new, outcome.changed) == (0, 0)
    assert (count(db, Organisation), count(db, Team)) == before


def test_an_organisation_that_gets_a_new_name_is_known_by_its_agb_code(db, wijken, tmp_path: Path):
    load_organisations([FILE])
    path = tmp_path / "nieuw.csv"
    path.write_text("organisatie,soort,agb\nZorg Nabij,thuiszorg,75750001\n")
    assert load_organisations([path]).changed == 1
    assert named(db, "Zorg Nabij").agb_code == "75750001"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"soort": "winkel"}, "kennen we niet"),
        ({"soort": ""}, "kennen we niet"),
        ({"organisatie": ""}, "organisatie is leeg"),
        ({"organisatie": "x" * 121}, "langer dan 120"),
        ({"agb": "123456789"}, "langer dan 8"),
        ({"telefoon": "geen"}, "geen telefoonnummer"),
        ({"email": "x" * 255}, "langer dan 254"),
        ({"wijk": "WK34"}, "geen wijkcode"),
        ({"wijk": "WK999999"}, "kennen we niet"),
        ({"producten": ""}, "horen producten"),
        ({"producten": "haar knippen"}, "kennen we niet"),
        ({"bekwaamheden": "🙂"}, "kennen we niet"),
        ({"niveau": "9"}, "moet 2, 3, 4, 5 of 6"),
        ({"talen": "klingon"}, "kennen we niet"),
        ({"verzekeraars": "0000"}, "kennen we niet"),
        ({"soort": "huisartsenpraktijk"}, "Alleen organisaties die zorg geven"),
        ({"organisatie": "Bestaat al"}, "andere soort"),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_nothing_is_stored(
    db, make: Make, wijken, tmp_path: Path, changes: dict[str, str], why: str
):
    make.organisation("Bestaat al", OrganisationKind.INSURER)
    good = dict.fromkeys(HEADER.split(";"), "") | {
        "organisatie": "Thuiszorg Nieuw",
        "soort": "thuiszorg",
        "wijk": "WK034407",
        "producten": "verpleging",
    }
    path = tmp_path / "organisaties.csv"
    rows = [";".join(row.values()) for row in (good, good | {"organisatie": "Ander"} | changes)]
    path.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    outcome = load_organisations([path])
    assert [bad.where for bad in outcome.bad] == ["organisaties.csv, regel 3"]
    assert why in outcome.bad[0].why
    assert (count(db, Organisation), count(db, Team)) == (1, 0)
    assert load_organisations([path], skip_bad=True).stored
    assert count(db, Team) == 1
