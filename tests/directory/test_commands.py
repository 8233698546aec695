"""The import commands, as whoever hosts the app types them."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from tests.servers import KINDS
from wijkapp.directory import service
from wijkapp.directory.commands import commands
from wijkapp.directory.models import Postcode, Team, Wijk
from wijkapp.kit import db as kit_db
from wijkapp.kit.db import reading

DATA = Path(__file__).parent / "data"


@pytest.fixture
def run(fresh_database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """`run(kind, command, *arguments)` in an installation of its own."""
    made: list[str] = []

    def type_command(kind: str, command: str, *arguments: str | Path) -> Result:
        if not made:
            engine = fresh_database(kind)
            made.append(engine.url.render_as_string(hide_password=False))
            service.load_reference_data()
        monkeypatch.setenv("WIJKAPP_INSTANCE", str(tmp_path))
        monkeypatch.setenv("WIJKAPP_DATABASE_URL", made[0])
        known = {each.name: each for each in commands}
        return CliRunner().invoke(known[command], [str(each) for each in arguments])

    yield type_command
    kit_db.engine().dispose()


def count(table: type) -> int:
    with reading() as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize("kind", KINDS)
def test_a_newcomer_loads_wijken_postcodes_and_organisations_in_three_commands(run, kind: str):
    wijken = run(kind, "import-wijken", DATA / "wijken.csv", "--region", "Utrecht-Zuid")
    assert wijken.exit_code == 0, wijken.output
    assert "Nieuw: 2. Veranderd: 0. Gelijk: 0." in wijken.output
    assert "Opgeslagen." in wijken.output
    postcodes = run(kind, "import-postcodes", DATA / "NL.txt", DATA / "pc6hnr20250801_gwb.csv")
    assert postcodes.exit_code == 0, postcodes.output
    organisations = run(kind, "import-organisations", DATA / "organisaties.csv")
    assert organisations.exit_code == 0, organisations.output
    assert (count(Wijk), count(Postcode), count(Team)) == (2, 4, 3)


def test_a_dry_run_says_so_and_stores_nothing(run):
    result = run("sqlite", "import-wijken", "--dry-run", *sorted(DATA.glob("pdok-*.json")))
    assert result.exit_code == 0
    assert "Proef: er is niets opgeslagen." in result.output
    assert count(Wijk) == 0


def test_bad_rows_are_listed_and_the_command_fails(run, tmp_path: Path):
    path = tmp_path / "wijken.csv"
    path.write_text("code;naam;gemeente\nWK034407;Zuid;Utrecht\nWK1;Noord;Utrecht\n")
    result = run("sqlite", "import-wijken", path)
    assert result.exit_code == 1
    assert "wijken.csv, regel 3: “WK1” is geen wijkcode." in result.output
    assert "Er is niets opgeslagen." in result.output
    assert count(Wijk) == 0
    again = run("sqlite", "import-wijken", path, "--skip-bad")
    assert again.exit_code == 0
    assert count(Wijk) == 1


def test_a_file_of_another_kind_gives_one_clear_line(run):
    result = run("sqlite", "import-postcodes", DATA / "organisaties.csv")
    assert result.exit_code == 1
    assert "organisaties.csv heeft niet de kolommen van" in result.output
    assert "Traceback" not in result.output


def test_an_installation_without_tables_is_told_to_migrate_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(kit_db, "_database", None)
    monkeypatch.setenv("WIJKAPP_INSTANCE", str(tmp_path))
    monkeypatch.delenv("WIJKAPP_DATABASE_URL", raising=False)
    result = CliRunner().invoke(commands[0], [str(DATA / "wijken.csv")])
    kit_db.engine().dispose()
    assert result.exit_code == 1
    assert "wijkapp migrate" in result.output


def test_a_wrong_setting_is_named(run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("WIJKAPP_COLOUR", "blue")
    result = run("sqlite", "import-wijken", DATA / "wijken.csv")
    assert result.exit_code == 1
    assert "WIJKAPP_COLOUR" in result.output
