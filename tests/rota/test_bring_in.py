"""A rota out of a spreadsheet."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.rota.make import MONDAY_OF_ROTA, Make, RotaTown
from tests.web import Visitor
from wijkapp.people.models import Account
from wijkapp.rota import old_list
from wijkapp.rota.rules import Line

MONDAY = f"{MONDAY_OF_ROTA:%d-%m-%Y}"


def test_a_list_is_read_with_any_separator_and_the_columns_in_any_order() -> None:
    for text in (
        "Datum;Dienst;Naam;Achterwacht\n04-01-2027;Nacht;Anna;Bram\n",
        "wie,dag,dienst,achterwacht\nAnna,2027-01-04,nacht,Bram\n",
        "\ufeffNaam\tDatum\tBlok\tBack-up\nAnna \t4/1/2027\tnacht\t bram\n",
    ):
        [row] = old_list.read(text.encode()).rows
        assert (row.day, row.block, row.who, row.backup) == (date(2027, 1, 4), "nacht", "anna", "bram")


def test_a_row_without_a_day_is_named_and_the_others_are_read() -> None:
    listed = old_list.read(b"datum;dienst;naam\nmorgen;nacht;Anna\n\n05-01-2027;nacht;Anna\n")
    assert set(listed.wrong) == {2}
    assert [one.number for one in listed.rows] == [4]


def test_what_no_spreadsheet_writes_is_no_list() -> None:
    head = b"datum;dienst;naam\n"
    for rest in (b"x" * 140_000, b"\n" * 30_000, b"\x00"):
        with pytest.raises(old_list.NoList):
            old_list.read(head + rest)


@settings(max_examples=60)
@given(st.binary(max_size=200))
def test_whatever_is_sent_is_a_list_or_is_none(data: bytes) -> None:
    for sent in (data, b"datum;dienst;naam\n" + data):
        try:
            old_list.read(sent)
        except old_list.NoList:
            continue


@pytest.mark.database("sqlite")
def test_a_rota_from_a_spreadsheet_is_brought_in_and_judged(
    db: Session, visitor: Callable[..., Visitor]
) -> None:
    make = Make(db)
    town: RotaTown = make.rota_town(organisations=2, people=3)
    plan = make.draft(town, weeks=1, filled=False)
    anna, bram = town.nurses[:2]
    text = (
        "datum;dienst;naam;achterwacht\n"
        f"{MONDAY};avond;{anna.name};{bram.email}\n"
        f"{MONDAY};nacht;{anna.name.upper()};\n"
        f"{MONDAY};dag;{anna.name};\n"
        f"{MONDAY};nacht;{bram.name};\n"
        f"{MONDAY_OF_ROTA.replace(day=5):%d-%m-%Y};nacht;Niemand Zo;\n"
    )
    planner = visitor(town.planners[0])
    here = f"/dienst/plannen/{plan.id}"
    page = planner.post(f"{here}/lijst", {"file": (BytesIO(text.encode()), "rooster.csv")})
    assert page.status_code == 200
    for row in ("Regel 4: ", "Regel 5: ", "Regel 6: "):
        assert row in page.text
    assert "3 regels zijn overgeslagen" in page.text.split('class="dutynav')[0], "where one looks first"
    assert f'hx-get="{here}"' in page.text, (
        "the page keeps itself up to date from an address that can be read"
    )
    evening = make.duty_on(plan, MONDAY_OF_ROTA, "evening")
    backup = make.duty_on(plan, MONDAY_OF_ROTA, "evening", Line.BACKUP)
    night = make.duty_on(plan, MONDAY_OF_ROTA)
    has = {one.id: one.account_id for one in town.members}
    assert [has[one.member_id] for one in (evening, backup, night)] == [anna.id, bram.id, anna.id]
    assert "regel klopt niet" in planner.get(here).text, "the evening runs into the night"
    assert db.get_one(Account, anna.id)
    assert planner.post(f"{here}/lijst", {"file": (BytesIO(b"x"), "x.csv")}).status_code == 422
    assert planner.post(f"{here}/lijst").status_code == 422
