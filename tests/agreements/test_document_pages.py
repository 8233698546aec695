"""The pages of documents: from nothing to signed and in force, and what they keep from whom."""

import re
from io import BytesIO

import docx
import pytest

from tests.agreements.making import ANSWERS, COOPERATION, admins_of, in_force, three, written
from wijkapp.agreements import verifying
from wijkapp.agreements.service import documents, offering
from wijkapp.people.rules import Role


def _at(made, more=""):
    return f"/afspraken/{made.agreement_id}/documenten{more}"


TERMS = {
    "today": "10",
    "day": "2",
    "three_workdays": "4",
    "planned": "24",
    "rounds": "near_first",
    "wanted_chance": "95",
    "quiet_from": "22:00",
    "quiet_until": "07:00",
    "coordinator_after": "0",
    "mail_after": "0",
    "unfillable_after": "24",
    "take_back_within": "10",
    "fresh_for": "24",
    "stale_after": "72",
    "messages_kept": "30",
    "valid_from": "2099-01-01",
}


def test_from_nothing_to_signed_by_all_on_the_pages_alone(make, town, visitor):
    made = three(town, admins_of(make, town))
    leads = visitor(made.coordinator)
    assert "Open <span lang" in leads.get(_at(made)).text
    for code, words in ANSWERS.items():
        leads.post(_at(made, f"/cooperation/vraag/{code}"), {"words": words})
    assert leads.post(_at(made, "/cooperation/app"), TERMS).status_code == 302
    assert "Klaar om voor te leggen" in leads.get(_at(made, "/cooperation")).text
    leads.post(_at(made, "/cooperation/voorleggen"), {})
    for one in made.admins:
        signs = visitor(one)
        assert "Jouw handtekening" in signs.get("/afspraken").text
        page = signs.get(_at(made, "/cooperation/tekenen")).text
        seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
        assert seen
        assert signs.post(_at(made, "/cooperation/tekenen"), {"seen": seen[1]}).status_code == 302
    assert documents.desk(made.coordinator, made.agreement_id, COOPERATION).in_force
    page = leads.get(_at(made, "/cooperation/versies/1")).text
    assert page.count("in de demo, zonder bewijs") == 3
    register = leads.get("/afspraken").text
    assert ('data-state="ok"' in register, "Jouw handtekening" in register) == (True, False)


def test_what_was_not_on_the_screen_is_not_signed(make, town, visitor):
    made = three(town, admins_of(make, town))
    written(made)
    offering.offer(made.coordinator, made.agreement_id, COOPERATION)
    answer = visitor(made.admins[0]).post(_at(made, "/cooperation/tekenen"), {"seen": "0" * 64})
    assert answer.status_code == 409
    made_up = {"seen": "x" * 64, "credential": '{"id": "x"}'}
    assert visitor(made.admins[0]).post(_at(made, "/cooperation/tekenen"), made_up).status_code == 422


def test_a_version_is_there_on_paper_in_word_and_as_a_file_to_check(make, town, visitor):
    made = in_force(make, town)
    anna = visitor(made.admins[0])
    pdf = anna.get(_at(made, "/cooperation/versies/1.pdf"))
    assert pdf.data.startswith(b"%PDF")
    assert "samenwerkingsovereenkomst-samen-in-oost-1.pdf" in pdf.headers["Content-Disposition"]
    assert b"/StructTreeRoot" in pdf.data
    word = docx.Document(BytesIO(anna.get(_at(made, "/cooperation/versies/1.docx")).data))
    assert word.core_properties.title == "Samenwerkingsovereenkomst: Samen in Oost"
    headings = [one.text for one in word.paragraphs if one.style.name == "Heading 1"]
    assert headings[:2] == ["Partijen", "Waarom"]
    assert [row.cells[0].text for row in word.tables[0].rows] == ["Organisatie", "Oost", "West", "Zuid"]
    report = verifying.verify(anna.get(_at(made, "/cooperation/versies/1.json")).data)
    assert len(report.signed) == 3


@pytest.mark.parametrize("kind", ["cooperation", "joint_controllers", "joining", "chain_mail"])
def test_a_draft_prints_also_while_much_misses(make, town, visitor, kind):
    made = three(town, admins_of(make, town))
    leads = visitor(made.coordinator)
    assert leads.get(_at(made, f"/{kind}")).status_code == 200
    assert leads.get(_at(made, f"/{kind}/concept.pdf")).data.startswith(b"%PDF")
    assert leads.get(_at(made, f"/{kind}/concept.docx")).data.startswith(b"PK")


def test_who_takes_no_part_reads_nothing(make, town, visitor):
    made = in_force(make, town)
    carla = visitor(make.account(make.provider(town.here, name="Elders").organisation, Role.ADMIN))
    for path in ("", "/cooperation", "/cooperation/versies/1", "/cooperation/versies/1.json"):
        assert carla.get(_at(made, path)).status_code == 403
    assert carla.get(_at(made, "/cooperation/tekenen")).status_code == 403


def test_an_unknown_kind_question_or_version_is_not_found(make, town, visitor):
    made = three(town, admins_of(make, town))
    leads = visitor(made.coordinator)
    for path in ("/onzin", "/proposal", "/cooperation/vraag/onzin", "/cooperation/versies/9", "/joining/app"):
        assert leads.get(_at(made, path)).status_code == 404


def test_the_own_admin_names_who_signs_and_keeps_what_was_typed_wrong(make, town, visitor):
    made = three(town, admins_of(make, town))
    anna, bram = made.admins[0], make.account(made.admins[0].organisation, Role.NURSE)
    path = f"/afspraken/{made.agreement_id}/ondertekenaars"
    wrong = visitor(anna).post(path, {"account": str(bram.id), "job_title": ""})
    assert wrong.status_code == 422
    assert f'<option selected value="{bram.id}"' in wrong.text
    assert visitor(anna).post(path, {"job_title": "teamleider"}).status_code == 422  # nobody is chosen yet
    assert visitor(anna).post(path, {"account": str(bram.id), "job_title": "teamleider"}).status_code == 302
    assert "teamleider" in visitor(anna).get(path).text
    assert visitor(bram).get(path).status_code == 403
