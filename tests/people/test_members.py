"""The people of an organisation, and what it says about itself."""

import threading
from collections.abc import Callable
from datetime import time
from uuid import uuid4

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.people.make import Make
from tests.web import Visitor
from wijkapp.kit.db import reading, transaction
from wijkapp.kit.errors import Invalid, NotAllowed, NotFound, Refused
from wijkapp.people import service
from wijkapp.people.models import Account, AccountRole, Device, Organisation
from wijkapp.people.rules import OrganisationKind, Role, device_label, looks_right
from wijkapp.people.service import Invitee, LastAdmin


def fresh(db: Session, account: Account) -> Account:
    return db.get_one(Account, account.id, populate_existing=True)


def test_roles_change(make: Make, db: Session) -> None:
    anna = make.admin()
    bram = make.account(anna.organisation, Role.NURSE)
    service.set_roles(anna, bram.id, {Role.NURSE, Role.PLANNER})
    assert fresh(db, bram).role_set == {Role.NURSE, Role.PLANNER}
    service.set_roles(anna, bram.id, {Role.PLANNER})
    assert fresh(db, bram).role_set == {Role.PLANNER}


@pytest.mark.parametrize("roles", [set(), {Role.VIEWER}, {Role.NURSE, Role.REFERRER}])
def test_roles_that_do_not_fit_are_refused(make: Make, roles: set[Role]) -> None:
    anna = make.admin()
    with pytest.raises(Invalid):
        service.set_roles(anna, make.account(anna.organisation).id, roles)


def test_an_organisation_cannot_make_its_own_coordinator(make: Make, db: Session) -> None:
    anna = make.admin()
    bram = make.account(anna.organisation, Role.NURSE)
    with pytest.raises(Invalid):
        service.set_roles(anna, bram.id, {Role.NURSE, Role.COORDINATOR})
    with pytest.raises(Invalid):
        service.invite(anna, Invitee("carla@zorg.example", "Carla", frozenset({Role.COORDINATOR})))

    service.appoint_coordinator(bram.email)  # whoever hosts wijkapp can
    service.set_roles(anna, bram.id, {Role.PLANNER, Role.COORDINATOR})  # and then the role stays

    assert fresh(db, bram).role_set == {Role.PLANNER, Role.COORDINATOR}
    service.appoint_coordinator(bram.email, ends=True)
    assert fresh(db, bram).role_set == {Role.PLANNER}


def test_only_an_account_that_is_there_and_fits_is_made_coordinator(make: Make) -> None:
    with pytest.raises(NotFound):
        service.appoint_coordinator("nobody@zorg.example")
    insurer = make.account(make.organisation(kind=OrganisationKind.INSURER), Role.VIEWER)
    with pytest.raises(Invalid):
        service.appoint_coordinator(insurer.email)


def test_the_last_admin_stays_admin(make: Make, db: Session) -> None:
    anna = make.account(None, Role.ADMIN, Role.NURSE)
    make.account(anna.organisation, Role.ADMIN, active=False)  # one that left does not count
    for attempt in (
        lambda: service.set_roles(anna, anna.id, {Role.NURSE}),
        lambda: service.deactivate(anna, anna.id),
    ):
        with pytest.raises(LastAdmin):
            attempt()
    assert fresh(db, anna).active
    bram = make.admin(anna.organisation)
    service.set_roles(anna, anna.id, {Role.NURSE})
    assert fresh(db, anna).role_set == {Role.NURSE}
    assert fresh(db, bram).role_set == {Role.ADMIN}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_admins_cannot_both_leave(fresh_database: Callable[[str], Engine], kind: str) -> None:
    fresh_database(kind)
    with transaction() as db:
        make = Make(db)
        organisation = make.organisation()
        admins = [make.admin(organisation) for _ in range(4)]
    outcomes: list[str] = []

    def leave(who: Account) -> None:
        try:
            service.deactivate(who, who.id)
            outcomes.append("left")
        except Refused as refused:
            outcomes.append(type(refused).__name__)

    leaving = [threading.Thread(target=leave, args=[one]) for one in admins]
    for one in leaving:
        one.start()
    for one in leaving:
        one.join()
    assert sorted(outcomes) == ["LastAdmin", "left", "left", "left"]
    with reading() as db:
        assert len(db.scalars(select(Account).where(Account.active)).all()) == 1


def test_whoever_leaves_is_out_everywhere_and_may_come_back(make: Make, db: Session) -> None:
    anna = make.admin()
    bram = make.account(anna.organisation)
    device = service.open_device(bram.id, "Chrome op Android")
    service.deactivate(anna, bram.id)
    assert db.get_one(Device, device, populate_existing=True).revoked_at is not None
    assert service.account_by_email(bram.email) is None
    service.reactivate(anna, bram.id)
    assert service.account_by_email(bram.email) is not None


def test_a_lost_phone_is_forgotten(make: Make, db: Session) -> None:
    anna = make.admin()
    bram = make.account(anna.organisation, tf_totp_secret="x", recovery_codes=("a", "b"), password="p")
    device = service.open_device(bram.id, "Chrome op Android")
    service.reset_factors(anna, bram.id)
    found = fresh(db, bram)
    assert (found.tf_totp_secret, found.recovery_codes, found.password) == (None, (), None)
    assert db.get_one(Device, device, populate_existing=True).revoked_at is not None
    with pytest.raises(Refused):
        service.reset_factors(anna, anna.id)


def test_anna_may_bram_may_not_and_carla_never(make: Make) -> None:
    anna = make.admin()
    bram = make.account(anna.organisation, Role.NURSE)
    dora = make.account(anna.organisation, Role.NURSE)
    carla = make.admin()
    attempts: list[Callable[[Account], object]] = [
        lambda actor: service.member(actor, dora.id),
        lambda actor: service.set_roles(actor, dora.id, {Role.PLANNER}),
        lambda actor: service.reset_factors(actor, dora.id),
        lambda actor: service.deactivate(actor, dora.id),
        lambda actor: service.reactivate(actor, dora.id),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt(bram)
        with pytest.raises(NotFound):
            attempt(carla)
        attempt(anna)
    assert {member.account.id for member in service.members(carla)} == {carla.id}
    with pytest.raises(NotAllowed):
        service.members(bram)


def test_members_pages(visitor: Callable[..., Visitor], make: Make, db: Session) -> None:
    anna = make.admin()
    bram = make.account(anna.organisation, name="Bram <b>de Boer</b> 🚲")
    browser = visitor(anna)
    page = browser.get("/organisatie/leden").text
    assert "Bram &lt;b&gt;de Boer&lt;/b&gt; 🚲" in page
    assert browser.get(f"/organisatie/leden/{bram.id}").status_code == 200
    wrong = browser.post(f"/organisatie/leden/{bram.id}/rollen", {})
    assert wrong.status_code == 422
    assert "Kies minstens één rol" in wrong.text
    done = browser.post(f"/organisatie/leden/{bram.id}/rollen", {"roles": ["planner"]})
    assert done.location == "/organisatie/leden"
    assert fresh(db, bram).role_set == {Role.PLANNER}
    last = browser.post(f"/organisatie/leden/{anna.id}/uit")
    assert last.status_code == 409
    assert "laatste beheerder" in last.text
    assert browser.post(f"/organisatie/leden/{bram.id}/beveiliging").status_code == 302
    assert browser.post(f"/organisatie/leden/{bram.id}/uit").status_code == 302
    assert browser.post(f"/organisatie/leden/{bram.id}/terug").status_code == 302
    assert browser.get(f"/organisatie/leden/{uuid4()}").status_code == 404
    assert browser.get("/organisatie/leden/geen-nummer").status_code == 404


# --- the organisation


def organisation_form(**changed: str) -> dict[str, str]:
    form = {"name": "Zorg Dichtbij", "agb_code": "", "kvk_number": "", "wtza_status": "unknown", "phone": ""}
    return form | {"email": "", "place": ""} | changed


def test_an_organisation_tells_about_itself(visitor: Callable[..., Visitor], make: Make, db: Session) -> None:
    anna = make.admin()
    browser = visitor(anna)
    given = organisation_form(
        agb_code="0123 4567", kvk_number="12345678", phone="030 1234567", place="Utrecht"
    )
    assert browser.post("/organisatie", given).location == "/organisatie"
    found = db.get_one(Organisation, anna.organisation_id, populate_existing=True)
    assert (found.agb_code, found.kvk_number, found.phone) == ("01234567", "12345678", "+31301234567")
    assert "flash--warning" not in browser.get("/organisatie").text.replace("Demo", "")


def test_a_number_that_looks_odd_is_kept_with_a_warning(
    visitor: Callable[..., Visitor], make: Make, db: Session
) -> None:
    anna = make.admin()
    browser = visitor(anna)
    assert browser.post("/organisatie", organisation_form(agb_code="123")).status_code == 302
    assert db.get_one(Organisation, anna.organisation_id, populate_existing=True).agb_code == "123"
    assert "Een AGB-code heeft 8 cijfers. Klopt dit?" in browser.get("/organisatie").text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Vul de naam in."),
        ("name", "x" * 121, "Dit is te lang"),
        ("agb_code", "12a45678", "Gebruik alleen cijfers."),
        ("agb_code", "٠١٢٣٤٥٦٧", "Gebruik alleen cijfers."),
        ("agb_code", "123456789", "Dit is te lang"),
        ("kvk_number", "KvK 1", "Gebruik alleen cijfers."),
        ("wtza_status", "nonsense", "Kies iets uit de lijst."),
        ("phone", "bel me", "Dit is geen telefoonnummer"),
        ("email", "geen adres", "Dit is geen e-mailadres"),
        ("place", "🏠" * 81, "Dit is te lang"),
    ],
)
def test_what_cannot_be_stored_is_refused_at_its_field(
    visitor: Callable[..., Visitor], make: Make, db: Session, field: str, value: str, said: str
) -> None:
    anna = make.admin()
    before = anna.organisation.name
    answer = visitor(anna).post("/organisatie", organisation_form(**{field: value}))
    assert answer.status_code == 422
    assert said in answer.text
    assert db.get_one(Organisation, anna.organisation_id, populate_existing=True).name == before


def test_an_agb_code_belongs_to_one_organisation(visitor: Callable[..., Visitor], make: Make) -> None:
    make.organisation(agb_code="01234567")
    answer = visitor(make.admin()).post("/organisatie", organisation_form(agb_code="01234567"))
    assert answer.status_code == 422
    assert "hoort al bij een andere organisatie" in answer.text


# --- the own account


def test_an_account_tells_about_itself(visitor: Callable[..., Visitor], make: Make, db: Session) -> None:
    anna = make.account()
    browser = visitor(anna)
    given = {"name": " Anna\u202e  Smit ", "phone": "06-12345678", "big_number": "1234", "language": "nl"}
    assert browser.post("/account", given).location == "/account"
    found = fresh(db, anna)
    assert (found.name, found.phone, found.big_number) == ("Anna Smit", "+31612345678", "1234")
    page = browser.get("/account").text
    assert "Een BIG-nummer heeft 11 cijfers. Klopt dit?" in page
    assert "06 12345678" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "y" * 121),
        ("big_number", "twaalf"),
        ("big_number", "1" * 12),
        ("language", "fy"),
        ("phone", "1"),
        ("quiet_from", "laat"),
        ("quiet_until", "25:00"),
    ],
)
def test_what_is_no_profile_is_refused(
    visitor: Callable[..., Visitor], make: Make, db: Session, field: str, value: str
) -> None:
    anna = make.account()
    given = {"name": "Anna", "phone": "", "big_number": "", "language": "nl"} | {field: value}
    assert visitor(anna).post("/account", given).status_code == 422


def test_quiet_hours_are_ones_own_and_stay_when_they_are_left_out(
    visitor: Callable[..., Visitor], make: Make, db: Session
) -> None:
    anna = make.account()
    given = {"name": "Anna", "phone": "", "big_number": "", "language": "nl"}
    browser = visitor(anna)
    assert 'value="22:00"' in browser.get("/account").text

    browser.post("/account", given | {"quiet_from": "21:30", "quiet_until": "06:45"})
    browser.post("/account", given)

    found = fresh(db, anna)
    assert (found.quiet_from, found.quiet_until) == (time(21, 30), time(6, 45))


def test_roles_of_an_account_are_read_once_with_it(make: Make) -> None:
    account = make.account(None, Role.NURSE, Role.ADMIN)
    found = service.account_by_email(account.email)
    assert found is not None
    assert (found.role_set, found.organisation.name) == ({Role.NURSE, Role.ADMIN}, account.organisation.name)
    assert found.has_second_factor is False


def test_a_party_is_added_once(db: Session) -> None:
    service.add_organisation(OrganisationKind.SOLO, "Yara Benali", "01234567", "Utrecht")
    for name, agb in (("Yara Benali", None), ("Iemand anders", "01234567")):
        with pytest.raises(Refused):
            service.add_organisation(OrganisationKind.SOLO, name, agb, None)
    assert len(db.scalars(select(Organisation)).all()) == 1
    assert db.scalars(select(AccountRole)).all() == []


# --- rules


@pytest.mark.parametrize(
    ("kind", "number", "right"),
    [
        ("agb_code", "01234567", True),
        ("agb_code", "1234567", False),
        ("kvk_number", "12345678", True),
        ("kvk_number", "123456789012", False),
        ("big_number", "19012345601", True),
        ("big_number", "1901234560", False),
    ],
)
def test_numbers_look_right(kind: str, number: str, right: bool) -> None:
    assert looks_right(kind, number) is right


@pytest.mark.parametrize(
    ("user_agent", "label"),
    [
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36",
            "Chrome op Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5) Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari op iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge op Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox op Linux"),
        ("curl/8", "Browser"),
        ("", "Browser"),
        ("<script>" * 400, "Browser"),
    ],
)
def test_a_device_is_called_what_its_owner_calls_it(user_agent: str, label: str) -> None:
    assert device_label(user_agent) == label
