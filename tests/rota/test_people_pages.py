"""Who takes duties and when they cannot, through the pages."""

import io
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from tests.forms import filled
from wijkapp.kit import time
from wijkapp.people.rules import Role
from wijkapp.rota.models import Absence, Member, Wish
from wijkapp.rota.service import absence, members

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def town(make):
    return make.rota_town(organisations=2, people=2)


def test_a_planner_sees_everybody_and_changes_the_own_colleagues_alone(visitor, town, db):
    planner, colleague, other = town.planners[0], town.nurses[0], town.nurses[1]
    browser = visitor(planner)
    page = browser.get("/dienst/mensen")
    assert page.status_code == 200
    assert all(one.name in page.text for one in (colleague, other))

    own, theirs = town.member(colleague), town.member(other)
    facts = {"level": "4", "share": "0,5", "first_balance": "-1,25", "first_holidays": "2", "active": "y"}
    assert browser.post(f"/dienst/mensen/{own.id}", data=facts).status_code == 302
    assert browser.post(f"/dienst/mensen/{theirs.id}", data=facts).status_code == 403

    db.expire_all()
    assert (own.level, own.share, own.first_balance, own.first_holidays) == (4, 50, -125, 2)
    assert theirs.share == 100


def test_a_wijkregisseur_changes_everybody_of_the_region(visitor, town, db):
    own = town.member(town.nurses[1])
    page = visitor(town.coordinator).get(f"/dienst/mensen/{own.id}")
    assert page.status_code == 200


def test_a_planner_writes_down_when_a_colleague_cannot_and_for_nobody_else(visitor, town, db):
    browser = visitor(town.planners[0])
    own, theirs = (f"/dienst/mensen/{town.member(one).id}" for one in town.nurses[:2])
    day = time.today() + timedelta(days=3)
    sent = {"first": f"{day}", "last": f"{day + timedelta(days=1)}"}

    assert browser.post(f"{own}/weg", data=sent).status_code == 302
    wrong = browser.post(f"{own}/weg", data={"first": ""})
    assert wrong.status_code == 422
    kept = filled(wrong.text)  # the form above it stays as this colleague is
    assert (kept.get("active"), kept["share"], kept["level"]) == ("y", "1", "3")
    assert browser.post(f"{theirs}/weg", data=sent).status_code == 403
    assert visitor(town.nurses[0]).post(f"{own}/weg", data=sent).status_code == 403

    away = db.scalars(select(Absence)).one()
    assert away.member_id == town.member(town.nurses[0]).id
    assert (away.starts_at, away.ends_at) == (time.day_starts(day), time.day_starts(day + timedelta(days=2)))
    gone = f"/weg/{away.id}/terug"
    assert gone in browser.get(own).text
    assert browser.post(theirs + gone).status_code == 403
    assert browser.post(f"/dienst/mensen/{town.member(town.planners[0]).id}{gone}").status_code == 404
    assert visitor(town.nurses[0]).get("/dienst/beschikbaar").text.count(str(away.id)) == 1

    assert browser.post(own + gone).status_code == 302
    assert db.scalar(select(func.count()).select_from(Absence)) == 0


def test_another_region_and_a_nurse_may_not(visitor, make, town):
    own = town.member(town.nurses[0])
    carla = make.rota_town(organisations=1, people=1).planners[0]
    assert visitor(carla).get(f"/dienst/mensen/{own.id}").status_code == 403
    assert visitor(carla).get(f"/dienst/mensen?regio={town.region.id}").status_code == 403
    assert visitor(town.nurses[0]).get("/dienst/mensen").status_code == 403


def test_a_new_colleague_goes_on_the_list_once(visitor, make, town, db):
    new = make.account(town.organisations[0], Role.NURSE)
    facts = {"account": str(new.id), "level": "3", "share": "1", "first_balance": "0", "first_holidays": "0"}
    browser = visitor(town.planners[0])
    assert new.name in browser.get("/dienst/mensen/nieuw").text
    assert browser.post("/dienst/mensen/nieuw", data=facts | {"active": "y"}).status_code == 302
    assert browser.post("/dienst/mensen/nieuw", data=facts | {"active": "y"}).status_code == 422
    assert db.scalar(select(func.count()).where(Member.account_id == new.id)) == 1


def test_who_goes_on_the_list_of_another_region_cannot_there_either(make, town, db):
    nurse, planner = town.nurses[0], town.planners[0]
    away = time.day_starts(time.today() + timedelta(days=3))
    absence.add_absence(nurse, away, away + timedelta(days=1))
    absence.add_wish(nurse, time.today() + timedelta(days=9), "")
    beyond = make.region(members=[town.organisations[0]])
    added = members.add_person(planner, beyond.id, nurse.id, members.Facts(level=3, share=100))
    assert db.scalar(select(Absence.starts_at).where(Absence.member_id == added)) == away
    assert db.scalar(select(Wish.day).where(Wish.member_id == added)) == time.today() + timedelta(days=9)
    [one] = absence.availability(nurse).absences
    absence.drop_absence(nurse, one.id)
    assert db.scalar(select(func.count()).select_from(Absence)) == 0


def test_of_two_planners_the_second_hears_that_the_first_changed_somebody(visitor, town, db):
    member, browser = town.members[0], visitor(town.planners[0])
    page = f"/dienst/mensen/{member.id}"
    sent = filled(browser.get(page).text)
    assert browser.post(page, data=sent | {"share": "0,4"}).status_code == 302
    late = browser.post(page, data=sent | {"first_holidays": "3"})
    assert (late.status_code, "intussen" in late.text) == (409, True)
    db.expire_all()
    assert (member.share, member.first_holidays) == (40, 0)
    again = filled(late.text)
    assert browser.post(page, data=again).status_code == 302
    db.expire_all()
    assert member.first_holidays == 3


def test_nobody_of_elsewhere_can_be_put_on_the_list(visitor, make, town, db):
    other = make.account(town.organisations[1], Role.NURSE)
    facts = {
        "account": str(other.id),
        "level": "3",
        "share": "1",
        "first_balance": "0",
        "first_holidays": "0",
    }
    assert visitor(town.planners[0]).post("/dienst/mensen/nieuw", data=facts).status_code == 422


def test_somebody_says_when_they_cannot_and_takes_it_back(visitor, town, db):
    nurse = town.nurses[0]
    browser = visitor(nurse)
    day = time.today() + timedelta(days=30)
    sent = {"first": f"{day}", "last": f"{day + timedelta(days=4)}", "first_hour": "", "last_hour": ""}
    assert browser.post("/dienst/beschikbaar", data=sent).status_code == 302
    one = db.scalars(select(Absence)).one()
    assert (one.starts_at, one.ends_at) == (
        time.day_starts(day),
        time.day_starts(day + timedelta(days=5)),
    )
    assert browser.get("/dienst/beschikbaar").status_code == 200
    assert visitor(town.nurses[1]).post(f"/dienst/beschikbaar/{one.id}/weg").status_code == 404
    assert browser.post(f"/dienst/beschikbaar/{one.id}/weg").status_code == 302
    assert db.scalars(select(Absence)).all() == []


def test_an_hour_that_the_clock_skips_is_no_time_to_be_away(visitor, town, db):
    march = date(time.today().year + 1, 3, 31)
    night = march - timedelta(days=march.isoweekday() % 7)  # from two o'clock it is three
    sent = {"first": f"{night}", "first_hour": "02:30", "last_hour": "03:15"}
    browser = visitor(town.nurses[0])
    wrong = browser.post("/dienst/beschikbaar", data=sent)
    assert (wrong.status_code, "Het einde komt na het begin." in wrong.text) == (422, True)
    assert browser.post("/dienst/beschikbaar", data=sent | {"last_hour": "04:00"}).status_code == 302
    one = db.scalars(select(Absence)).one()
    assert one.ends_at - one.starts_at == timedelta(minutes=30)


def test_who_has_a_duty_then_hears_that_it_stays(visitor, make, town, db):
    monday = time.today() + timedelta(days=7 - time.today().weekday())
    plan = make.plan(town, monday, 1)
    duty = next(one for one in make.duties(plan) if one.member_id)
    account = next(one for one in town.members if one.id == duty.member_id).account_id
    nurse = next(one for one in (*town.nurses, *town.planners) if one.id == account)
    browser = visitor(nurse)
    sent = {"first": f"{monday}", "last": f"{monday + timedelta(days=6)}"}
    browser.post("/dienst/beschikbaar", data=sent)
    assert "in het rooster" in browser.get("/dienst/beschikbaar").text
    db.refresh(duty)
    assert duty.member_id is not None


def test_a_wish_is_kept_once(visitor, town, db):
    browser = visitor(town.nurses[0])
    sent = {"day": f"{time.today() + timedelta(days=20)}", "block": "night"}
    for _time in range(2):
        assert browser.post("/dienst/beschikbaar/wens", data=sent).status_code == 302
    assert db.scalar(select(func.count()).select_from(Wish)) == 1
    assert browser.post("/dienst/beschikbaar/wens", data=sent | {"block": "x"}).status_code == 422
    assert browser.post("/dienst/beschikbaar/wens/weg", data=sent).status_code == 302
    assert db.scalar(select(func.count()).select_from(Wish)) == 0


def test_of_a_calendar_only_the_times_are_kept_and_a_new_one_takes_its_place(visitor, town, db):
    browser = visitor(town.nurses[0])
    day = time.today() + timedelta(days=10)
    later = day + timedelta(days=1)

    def send(text: str):
        sent = {"file": (io.BytesIO(text.encode()), "rooster.csv")}
        return browser.post("/dienst/beschikbaar/agenda", data=sent)

    answer = send(f"datum;van;tot;wat\n{day};07:00;15:00;Mevrouw Jansen\n{later};x;y;z\n")
    assert answer.status_code == 200
    assert "afspraak 3" in answer.text
    assert "Jansen" not in answer.text
    assert db.scalar(select(func.count()).select_from(Absence)) == 1
    assert send(f"datum;van;tot\n{later};07:00;15:00\n{day};08:00;09:00\n").status_code == 302
    assert db.scalar(select(func.count()).select_from(Absence)) == 2
    assert send("hallo").status_code == 422
    unreadable = send(f"datum;van;tot\n{later};x;y\n")
    assert unreadable.status_code == 422
    assert "Wat er al stond, staat er nog." in unreadable.text
    assert db.scalar(select(func.count()).select_from(Absence)) == 2
    assert browser.post("/dienst/beschikbaar/agenda/weg").status_code == 302
    assert db.scalar(select(func.count()).select_from(Absence)) == 0


def test_who_is_not_on_the_list_hears_whom_to_ask(visitor, make, town):
    other = make.account(town.organisations[0], Role.NURSE)
    assert "Vraag je planner" in visitor(other).get("/dienst/beschikbaar").text
    sent = {"first": f"{time.today() + timedelta(days=3)}"}
    assert visitor(other).post("/dienst/beschikbaar", data=sent).status_code == 403


def test_when_somebody_could_not_is_let_go_after_a_year_and_a_month(make, town, db):
    now = time.now()
    for ago in (398, 405):
        end = now - timedelta(days=ago)
        make.absence(town.members[0], end - timedelta(days=2), end)
        db.add(Wish(member_id=town.members[0].id, day=end.date(), block=""))
    db.flush()

    assert absence.forget(now) == 2

    assert db.scalar(select(func.count()).select_from(Absence)) == 1
    assert db.scalar(select(func.count()).select_from(Wish)) == 1
