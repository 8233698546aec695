"""How precisely others are told where care is asked, and what came of e-health."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import object_session

from tests.matching.make import offered, posted, profile
from wijkapp.directory.models import Postcode
from wijkapp.kit import time
from wijkapp.kit.db import new_id
from wijkapp.kit.errors import NotAllowed
from wijkapp.matching import service
from wijkapp.matching.ehealth import EhealthReason, Share
from wijkapp.matching.models import CareRequest, EhealthTriage
from wijkapp.matching.rare import Where
from wijkapp.matching.rules import Ehealth
from wijkapp.matching.service import triage
from wijkapp.matching.service.post import PointsToSomebody
from wijkapp.people.models import Organisation
from wijkapp.people.rules import Role


@pytest.fixture
def hamlet(db, town):
    """A postcode with few people in a wijk, and a town, with many."""
    db.get_one(Postcode, "3524").inhabitants = 300
    town.here.inhabitants = 30_000
    db.flush()
    return town


def test_the_preview_warns_when_few_people_there_have_such_care(make, hamlet):
    make.provider(hamlet.here)
    reach = service.preview(hamlet.referrer, profile())
    assert reach.too_few.wide_enough is Where.WIJK
    assert reach.municipality == "Utrecht"


def test_where_enough_people_live_nobody_is_warned(db, make, town):
    make.provider(town.here)
    db.get_one(Postcode, "3524").inhabitants = 9_000
    db.flush()
    assert service.preview(town.referrer, profile()).too_few is None


def test_who_was_not_warned_yet_is_stopped_once(db, make, hamlet):
    make.provider(hamlet.here)
    with pytest.raises(PointsToSomebody) as stopped:
        posted(hamlet.referrer, knows_rare=False)
    assert "shown_where" in stopped.value.fields
    assert db.scalars(select(CareRequest)).all() == []
    assert posted(hamlet.referrer, knows_rare=True)


@pytest.mark.parametrize("where", [Where.WIJK, Where.MUNICIPALITY])
def test_who_shows_less_needs_no_warning(make, hamlet, where):
    make.provider(hamlet.here)
    assert posted(hamlet.referrer, knows_rare=False, shown_where=where)


def called(town, name: str) -> None:
    """The practice of the town has the name of its wijk, which is not what is looked for here."""
    object_session(town.here).execute(
        update(Organisation).where(Organisation.id == town.referrer.organisation_id).values(name=name)
    )


@pytest.mark.parametrize(
    ("where", "seen", "hidden"),
    [
        (Where.PC4, "3524 Lunetten", ""),
        (Where.WIJK, "wijk Lunetten", "3524"),
        (Where.MUNICIPALITY, "Utrecht", "Lunetten"),
    ],
)
def test_a_provider_sees_no_more_of_the_place_than_was_chosen(make, town, visitor, where, seen, hidden):
    oost = make.provider(town.here, name="Oost")
    called(town, "Huisartsen")
    request_id = posted(town.referrer, shown_where=where)
    nurse = visitor(oost.nurse)

    for path in ("/vandaag", "/zorgvragen", f"/zorgvragen/{request_id}", f"/zorgvragen/{request_id}/stand"):
        page = nurse.get(path).text
        assert seen in page, path
        if hidden:
            assert "3524" not in page, path
        if where is Where.MUNICIPALITY and "zorgvragen" in path:
            assert "Lunetten" not in page, path


def test_who_asked_sees_all_of_it_and_what_others_see(make, town, visitor):
    make.provider(town.here)
    request_id = posted(town.referrer, shown_where=Where.MUNICIPALITY)
    page = visitor(town.referrer).get(f"/zorgvragen/{request_id}").text
    assert "3524 Lunetten" in page
    assert "Anderen zien: Utrecht" in page


def test_the_wijkregisseur_sees_no_more_than_the_providers(make, town, visitor):
    make.provider(town.here)
    request_id = posted(town.referrer, shown_where=Where.WIJK)
    page = visitor(town.coordinator).get(f"/zorgvragen/{request_id}").text
    assert "wijk Lunetten" in page
    assert "3524" not in page


def test_talking_about_it_names_no_more_either(make, town, visitor):
    oost = make.provider(town.far, name="Oost")
    called(town, "Huisartsen")
    request_id = posted(town.referrer, shown_where=Where.MUNICIPALITY)
    service.widen(town.referrer, request_id)
    offered(oost.nurse, request_id)
    page = visitor(oost.nurse).get(f"/zorgvragen/{request_id}").text
    thread = page.split('href="/berichten/')[1].split('"')[0]
    assert "Lunetten" not in visitor(oost.nurse).get(f"/berichten/{thread}").text


# --- e-health first


def test_the_answer_about_e_health_is_kept_with_its_reason(db, make, town):
    make.provider(town.here)
    posted(town.referrer, ehealth=Ehealth.NOT_SUITABLE, ehealth_reason=EhealthReason.REFUSES)
    kept = db.scalars(select(EhealthTriage)).one()
    assert (kept.outcome, kept.reason, kept.wijk_id) == (
        Ehealth.NOT_SUITABLE,
        EhealthReason.REFUSES,
        town.here.id,
    )


def test_when_an_aid_is_enough_only_that_is_kept_and_nobody_is_asked(db, make, town, told):
    make.provider(town.here)
    service.an_aid_is_enough(town.referrer, new_id(), "3524", ("verpleging",), ("dispenser",))
    kept = db.scalars(select(EhealthTriage)).one()
    assert (kept.outcome, kept.aids) == (Ehealth.SUFFICIENT, ("dispenser",))
    assert db.scalars(select(CareRequest)).all() == []
    assert told("matching.asked") == []


def test_a_double_tap_counts_once_and_a_second_thought_counts_last(db, make, town):
    make.provider(town.here)
    form_id = new_id()
    for _tap in range(2):
        service.an_aid_is_enough(town.referrer, form_id, "3524", ("verpleging",), ())
    posted(town.referrer, form_id=form_id, ehealth=Ehealth.PARTLY, aids=("screen_care",))
    kept = db.scalars(select(EhealthTriage).execution_options(populate_existing=True)).one()
    assert (kept.outcome, kept.aids) == (Ehealth.PARTLY, ("screen_care",))


def test_the_share_is_counted_per_wijk_and_period(db, make, town):
    make.provider(town.here)
    posted(town.referrer)
    posted(town.referrer, ehealth=Ehealth.PARTLY)
    service.an_aid_is_enough(town.referrer, new_id(), "3524", ("verpleging",), ())
    now = time.now()
    soon, ids = now + timedelta(minutes=1), [town.here.id, town.near.id]
    found = triage.shares(db, ids, now - timedelta(hours=1), soon)
    assert found == {town.here.id: Share(asked=3, partly=1, enough=1)}
    assert found[town.here.id].helped == pytest.approx(2 / 3)
    assert triage.shares(db, ids, soon, soon + timedelta(days=1)) == {}
    assert Share().helped is None


def test_only_who_asks_for_care_may_say_that_an_aid_is_enough(make, town):
    bram = make.account(town.referrer.organisation, Role.ADMIN)
    with pytest.raises(NotAllowed):
        service.an_aid_is_enough(bram, new_id(), "3524", ("verpleging",), ())


# --- the form

FORM = {
    "pc4": "3524",
    "products": "verpleging",
    "moments-0": "1",
    "urgency": "day",
    "ehealth": "not_suitable",
}


def sent(visitor, town, **more):
    return visitor(town.referrer).post("/zorgvragen", {"form_id": str(new_id())} | FORM | more)


def test_the_form_of_a_rare_profile_comes_back_once_with_the_choice(db, make, hamlet, visitor):
    make.provider(hamlet.here)
    warned = sent(visitor, hamlet)
    assert warned.status_code == 422
    assert "Op deze postcode is deze zorg zeldzaam" in warned.text
    assert 'name="rare_told" value="1"' in warned.text
    assert db.scalars(select(CareRequest)).all() == []
    assert sent(visitor, hamlet, rare_told="1").status_code == 302


def test_what_others_may_see_is_sent_with_the_form(db, make, hamlet, visitor):
    make.provider(hamlet.here)
    assert sent(visitor, hamlet, shown_where="wijk").status_code == 302
    assert db.scalars(select(CareRequest.shown_where)).one() is Where.WIJK


def test_the_first_look_warns_with_the_names_of_the_wider_places(make, hamlet, visitor):
    make.provider(hamlet.here)
    part = visitor(hamlet.referrer).get("/zorgvragen/bereik?pc4=3524&products=verpleging").text
    assert "minder dan 10 mensen" in part
    assert "In wijk Lunetten zijn het er genoeg." in part


def test_aids_that_fit_the_care_are_named_in_the_first_look(make, town, visitor):
    make.provider(town.here)
    part = visitor(town.referrer).get("/zorgvragen/bereik?pc4=3524&products=verpleging").text
    assert "Denk aan: medicijndispenser" in part


def test_the_answer_about_e_health_goes_with_the_form(db, make, town, visitor):
    make.provider(town.here)
    sent(visitor, town, ehealth_reason="cannot", aids="dispenser", rare_told="1")
    kept = db.scalars(select(EhealthTriage)).one()
    assert (kept.reason, kept.aids) == (EhealthReason.CANNOT, ())  # no aid helps


def test_when_an_aid_is_enough_the_page_says_that_nobody_was_asked(db, make, town, visitor):
    make.provider(town.here)
    doctor = visitor(town.referrer)
    form = {"form_id": str(new_id())} | FORM | {"ehealth": "sufficient", "aids": "dispenser"}
    answer = doctor.post("/zorgvragen", form)
    assert answer.headers["Location"] == "/zorgvragen"
    assert "Er is niemand gevraagd" in doctor.get("/zorgvragen").text
    assert db.scalars(select(EhealthTriage.aids)).one() == ("dispenser",)


@pytest.mark.parametrize(
    "wrong", [{"shown_where": "straat"}, {"ehealth_reason": "zomaar"}, {"aids": "toverstaf"}]
)
def test_what_is_not_in_a_list_is_said_and_nothing_is_sent(db, make, town, visitor, wrong):
    make.provider(town.here)
    assert sent(visitor, town, rare_told="1", **wrong).status_code == 422
    assert db.scalars(select(CareRequest)).all() == []


def test_what_zoek_zorg_knows_is_filled_in_and_nothing_else(town, visitor):
    asked = "pc4=3524&products=verpleging&urgency=today&language=ar&form_id=x&remark=Opa&ehealth=sufficient"
    page = visitor(town.referrer).get(f"/zorgvragen/nieuw?{asked}").text
    assert 'value="3524"' in page
    assert "Opa" not in page
    assert not re.search(r'<input[^>]*checked[^>]*value="sufficient"', page)
    assert 'name="form_id" type="hidden" value="x"' not in page
