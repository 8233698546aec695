"""What a region agrees about duties, through the pages."""

import re
from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import select

from tests.forms import filled
from wijkapp.agreements.models import RotaTermsVersion
from wijkapp.agreements.rota_terms import DEFAULTS, Days
from wijkapp.agreements.rota_words import KINDS
from wijkapp.agreements.service import agree_on_rota, rota_terms_for
from wijkapp.kit import time
from wijkapp.kit.errors import Invalid, NotAllowed
from wijkapp.rota.problem import Kind

pytestmark = pytest.mark.database("sqlite")
FORM, RULES = "/dienst/afspraken/wijzigen", "/dienst/afspraken/regels"


@pytest.fixture
def town(make):
    return make.rota_town(organisations=2, people=1)


def errors_on(page: str) -> list[str]:
    return re.findall(r'class="error"[^>]*>([^<]*)<', page)


def test_every_way_to_be_on_duty_can_be_agreed():
    assert set(KINDS) == set(Kind)


def test_everybody_who_sees_duties_reads_what_was_agreed_and_the_source_of_each_figure(visitor, town):
    for who in (town.planners[0], town.referrer, town.coordinator):
        page = visitor(who).get("/dienst/afspraken")
        assert page.status_code == 200
        assert "Arbeidstijdenwet art. 5:8" in page.text
        assert "te bevestigen" in page.text


def test_the_figures_for_work_and_rest_have_words_in_the_readers_language(visitor, town, db):
    town.coordinator.language = "en"
    db.commit()
    reader = visitor(town.coordinator)
    for page in (reader.get("/dienst/afspraken"), reader.get(RULES)):
        assert "Rest after a night duty" in page.text
        assert "14 hours" in page.text
        assert "rust na" not in page.text.lower()


def test_only_the_wijkregisseur_changes_it_and_each_change_is_a_version(visitor, town, db):
    assert visitor(town.planners[0]).get(FORM).status_code == 403
    browser = visitor(town.coordinator)
    sent = filled(browser.get(FORM).text) | {"check_in_within": "20", "swap_approval": "y"}
    sent[f"key_{town.organisations[0].id.hex}"] = "3"
    sent[f"key_{town.organisations[1].id.hex}"] = "1"

    assert browser.post(FORM, data=sent).status_code == 302

    version = db.scalars(select(RotaTermsVersion)).one()
    assert version.clauses.check_in_within == timedelta(minutes=20)
    assert version.clauses.swap_approval
    assert version.clauses.key == {
        town.organisations[0].id: Fraction(3),
        town.organisations[1].id: Fraction(1),
    }
    assert version.clauses.blocks == DEFAULTS.blocks
    assert "75%" in browser.get("/dienst/afspraken").text
    assert browser.post(FORM, data=sent).status_code == 409  # it was seen before that change


def test_a_block_comes_and_another_goes(visitor, town, db):
    browser = visitor(town.coordinator)
    sent = filled(browser.get(FORM).text)
    last = max(int(name.split("-")[1]) for name in sent if name.startswith("blocks-"))
    row = {"name": "vroeg", "starts": "05:00", "ends": "07:00", "days": "all", "points": "0,5"}
    sent |= {f"blocks-{last}-{name}": value for name, value in row.items()} | {"blocks-2-gone": "y"}

    assert browser.post(FORM, data=sent).status_code == 302

    blocks = db.scalars(select(RotaTermsVersion)).one().clauses.blocks
    assert [one.name for one in blocks] == ["avond", "nacht", "vroeg"]
    assert (blocks[2].days, blocks[2].points, blocks[2].code) == (Days.ALL, Fraction(1, 2), "own1")


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(visitor, town, db):
    browser = visitor(town.coordinator)
    sent = filled(browser.get(FORM).text) | {"blocks-0-points": "veel", "holiday_times": "2"}
    answer = browser.post(FORM, data=sent)
    assert answer.status_code == 422
    assert 'value="veel"' in answer.text
    assert "{" not in "".join(errors_on(answer.text))
    sent = filled(browser.get(FORM).text) | {f"blocks-{n}-gone": "y" for n in range(3)}
    answer = browser.post(FORM, data=sent)
    assert answer.status_code == 422
    assert "minstens één dienst" in answer.text
    assert db.scalars(select(RotaTermsVersion)).all() == []


@pytest.mark.parametrize("page", [FORM, RULES])
def test_a_day_that_cannot_be_is_not_called_a_day_that_was_left_out(visitor, town, page):
    browser = visitor(town.coordinator)
    for typed, said in (("9999-12-31", "tussen 1900 en 2200"), ("nooit", "geen dag"), ("", "Kies een dag.")):
        answer = browser.post(page, data=filled(browser.get(page).text) | {"valid_from": typed})
        assert answer.status_code == 422
        assert [one for one in errors_on(answer.text) if said in one], typed


def test_a_new_block_without_a_name_is_not_lost(visitor, town, db):
    browser = visitor(town.coordinator)
    sent = filled(browser.get(FORM).text) | {"blocks-3-starts": "05:00", "blocks-3-ends": "07:00"}
    answer = browser.post(FORM, data=sent)
    assert answer.status_code == 422
    assert 'id="blocks-3-name-error"' in answer.text
    assert 'value="05:00"' in answer.text
    assert db.scalars(select(RotaTermsVersion)).all() == []


def test_a_figure_of_the_law_changes_and_another_is_switched_off(visitor, town, db):
    browser = visitor(town.coordinator)
    sent = filled(browser.get(RULES).text) | {"rule_daily_rest": "12", "rule_weekends_off": ""}
    del sent["rule_exempt_nights"]

    assert browser.post(RULES, data=sent).status_code == 302

    rules = db.scalars(select(RotaTermsVersion)).one().clauses.rules
    assert rules == {"daily_rest": 12, "weekends_off": None, "exempt_nights": None}
    page = browser.get("/dienst/afspraken").text
    assert "12 uur" in page
    assert (
        browser.post(RULES, data=filled(browser.get(RULES).text) | {"rule_night_from": "25"}).status_code
        == 422
    )


def test_terms_hold_from_their_day_on_and_not_before(town, db):
    later = time.today() + timedelta(days=10)
    changed = DEFAULTS.__class__(swap_approval=True)
    agree_on_rota(town.coordinator, town.region.id, changed, later)
    assert not rota_terms_for(db, town.region.id, time.now()).swap_approval
    assert rota_terms_for(db, town.region.id, time.day_starts(later)).swap_approval
    with pytest.raises(NotAllowed):
        agree_on_rota(town.planners[0], town.region.id, changed, later)
    with pytest.raises(Invalid):
        agree_on_rota(town.coordinator, town.region.id, changed, time.today() - timedelta(days=1))
