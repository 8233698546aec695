"""What whoever hosts the app types: the first organisation, its admin, and somebody who is locked out."""

import re

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from tests.people.make import Make
from wijkapp.kit import db as kit_db
from wijkapp.people import commands, service
from wijkapp.people.models import Account
from wijkapp.people.rules import Role


@pytest.fixture
def run(db: Session, database_url: str, tmp_path, monkeypatch: pytest.MonkeyPatch):
    """`run(command, *words)`: what it printed and its exit code, on the test's database."""
    monkeypatch.setenv("WIJKAPP_INSTANCE", str(tmp_path))
    monkeypatch.setattr(kit_db, "connect", lambda url: None)

    def invoke(command, *words: str) -> tuple[str, int]:
        result = CliRunner().invoke(command, words)
        return result.output, result.exit_code

    return invoke


def test_the_first_admin_gets_an_invitation_by_hand(run, db: Session) -> None:
    assert run(commands.add_organisation, "Zorg Dichtbij", "--kind", "home_care", "--agb", "01234567")[1] == 0
    said, code = run(
        commands.add_account,
        "Anna@Zorg.example",
        "--organisation",
        "Zorg Dichtbij",
        "--name",
        "Anna",
        "--role",
        "admin",
    )
    assert code == 0
    token = re.search(r"/uitnodiging/(\S+)", said).group(1)
    account = service.accept(token, "Anna", None)
    assert (account.email, account.role_set) == ("anna@zorg.example", {Role.ADMIN})


def test_what_cannot_be_is_said_in_a_line(run, make: Make) -> None:
    known = make.account()
    for words in (
        ("anna@zorg.example", "--organisation", "Bestaat niet", "--name", "Anna", "--role", "admin"),
        (known.email, "--organisation", known.organisation.name, "--name", "Anna", "--role", "nurse"),
        (
            "anna@zorg.example",
            "--organisation",
            known.organisation.name,
            "--name",
            "Anna",
            "--role",
            "viewer",
        ),
    ):
        said, code = run(commands.add_account, *words)
        assert code == 1
        assert said.startswith("Error: ")
    assert run(commands.log_in_link, "niemand@zorg.example")[1] == 1


def test_somebody_who_lost_everything_starts_over(run, make: Make, db: Session) -> None:
    account = make.admin(tf_totp_secret="x")
    said, code = run(commands.log_in_link, account.email, "--forget-factors")
    assert code == 0
    token = re.search(r"/inloggen/link/(\S+)", said).group(1)
    assert service.use_link(token).account.id == account.id
    assert not db.get_one(Account, account.id, populate_existing=True).has_second_factor


def test_a_coordinator_is_appointed_by_hand(run, make: Make, db: Session) -> None:
    bram = make.account(None, Role.NURSE)
    assert run(commands.appoint_coordinator, bram.email) == ("Nu wijkregisseur.\n", 0)
    assert db.get_one(type(bram), bram.id, populate_existing=True).role_set == {Role.NURSE, Role.COORDINATOR}
    assert run(commands.appoint_coordinator, bram.email, "--ends")[1] == 0
    assert db.get_one(type(bram), bram.id, populate_existing=True).role_set == {Role.NURSE}
    assert "Er is geen account" in run(commands.appoint_coordinator, "nobody@zorg.example")[0]
