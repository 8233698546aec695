"""Asking a colleague to join, and their yes."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests.people.make import Make
from tests.web import Visitor
from wijkapp.kit import time
from wijkapp.kit.db import reading, transaction
from wijkapp.kit.errors import Invalid, NotAllowed, Refused
from wijkapp.kit.outbox import Event
from wijkapp.people import service
from wijkapp.people.models import Account, AccountInvitation
from wijkapp.people.rules import OrganisationKind, Role
from wijkapp.people.service import AlreadyHere, AlreadyInvited, InvitationIsOver, Invitee
from wijkapp.people.service.invite import make_invitation

BRAM = "bram@zorg.example"


def bram(*roles: Role, email: str = BRAM) -> Invitee:
    return Invitee(email, "Bram", frozenset(roles or (Role.NURSE,)))


def test_an_invitation_becomes_an_account_and_the_inviter_hears_of_it(make: Make, db: Session) -> None:
    anna = make.admin()
    token = make.invitation(anna, BRAM, Role.NURSE, Role.PLANNER)
    account = service.accept(token, "Bram de Boer", "+31612345678")
    assert (account.email, account.organisation_id) == (BRAM, anna.organisation_id)
    assert account.role_set == {Role.NURSE, Role.PLANNER}
    assert db.scalars(select(Event.to_id).where(Event.name == "people.member_joined")).all() == [anna.id]


def test_the_token_is_only_in_the_mail(make: Make, db: Session) -> None:
    token = make.invitation(make.admin())
    stored = db.scalars(select(AccountInvitation)).one()
    assert token not in stored.token_hash
    assert token.encode() not in make.letters(BRAM)[0].sealed


def test_an_invitation_works_once(make: Make) -> None:
    token = make.invitation(make.admin())
    service.accept(token, "Bram", None)
    for late in (lambda: service.accept(token, "Bram", None), lambda: service.invitation_by_token(token)):
        with pytest.raises(InvitationIsOver):
            late()


def test_an_invitation_is_over_after_a_week_and_then_a_new_one_may_be_sent(make: Make) -> None:
    anna = make.admin()
    token = make.invitation(anna)
    with time_machine.travel(time.now() + timedelta(days=7, seconds=1)):
        with pytest.raises(InvitationIsOver):
            service.accept(token, "Bram", None)
        service.accept(make.invitation(anna), "Bram", None)


def test_a_withdrawn_invitation_is_over(make: Make) -> None:
    anna = make.admin()
    token = make.invitation(anna)
    (invitation,) = service.open_invitations(anna)
    service.withdraw(anna, invitation.id)
    assert service.open_invitations(anna) == []
    with pytest.raises(InvitationIsOver):
        service.accept(token, "Bram", None)
    with pytest.raises(InvitationIsOver):
        service.withdraw(anna, invitation.id)


def test_sending_again_gives_a_new_link_and_ends_the_old_one(make: Make) -> None:
    anna = make.admin()
    old = make.invitation(anna)
    (invitation,) = service.open_invitations(anna)
    service.resend(anna, invitation.id)
    new = make.last_letter(BRAM)["token"]
    with pytest.raises(InvitationIsOver):
        service.accept(old, "Bram", None)
    assert service.accept(new, "Bram", None).email == BRAM


def test_one_open_invitation_per_address(make: Make) -> None:
    anna, carla = make.admin(), make.admin()
    make.invitation(anna)
    for admin in (anna, carla):
        with pytest.raises(AlreadyInvited):
            service.invite(admin, bram(email=BRAM.upper()))


def test_an_address_with_an_account_is_told_so_whoever_asks(make: Make) -> None:
    here, elsewhere = make.account(), make.account()
    for known in (here, elsewhere):
        with pytest.raises(AlreadyHere) as refused:
            service.invite(make.admin(here.organisation), bram(email=known.email))
        assert refused.value.fields == {
            "email": "Dit adres heeft al een account op wijkapp. Gebruik een ander adres."
        }


@pytest.mark.parametrize(
    ("kind", "roles"),
    [
        (OrganisationKind.GP_PRACTICE, {Role.NURSE}),
        (OrganisationKind.HOME_CARE, {Role.VIEWER}),
        (OrganisationKind.INSURER, {Role.REFERRER, Role.ADMIN}),
        (OrganisationKind.HOME_CARE, set()),
    ],
)
def test_only_roles_that_fit_the_organisation(make: Make, kind: OrganisationKind, roles: set[Role]) -> None:
    anna = make.admin(make.organisation(kind))
    with pytest.raises(Invalid) as refused:
        service.invite(anna, Invitee(BRAM, "Bram", frozenset(roles)))
    assert list(refused.value.fields) == ["roles"]
    assert make.letters(BRAM) == []


def test_anna_may_invite_bram_may_not_and_carla_sees_nothing_of_it(make: Make) -> None:
    anna = make.admin()
    colleague = make.account(anna.organisation, Role.NURSE)
    carla = make.admin()
    make.invitation(anna)
    (invitation,) = service.open_invitations(anna)
    for attempt in (
        lambda: service.invite(colleague, bram(email="x@zorg.example")),
        lambda: service.open_invitations(colleague),
        lambda: service.withdraw(colleague, invitation.id),
        lambda: service.resend(colleague, invitation.id),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert service.open_invitations(carla) == []
    for attempt in (
        lambda: service.withdraw(carla, invitation.id),
        lambda: service.resend(carla, invitation.id),
    ):
        with pytest.raises(InvitationIsOver):
            attempt()
    assert len(service.open_invitations(anna)) == 1


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_of_eight_taps_on_yes_one_makes_an_account(
    fresh_database: Callable[[str], Engine], kind: str
) -> None:
    fresh_database(kind)
    with transaction() as db:
        anna = Make(db).admin()
    with transaction() as db:
        token = make_invitation(db, anna.organisation, bram(), by=anna)
    outcomes: list[str] = []

    def tap() -> None:
        try:
            service.accept(token, "Bram", None)
            outcomes.append("made")
        except Refused as refused:
            outcomes.append(type(refused).__name__)

    taps = [threading.Thread(target=tap) for _ in range(8)]
    for one in taps:
        one.start()
    for one in taps:
        one.join()
    assert sorted(outcomes) == ["InvitationIsOver"] * 7 + ["made"]
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(Account).where(Account.email == BRAM)) == 1


# --- on the pages


def test_whoever_accepts_goes_on_to_a_second_step(stranger: Callable[[], Visitor], make: Make) -> None:
    anna = make.admin()
    token = make.invitation(anna)
    visitor = stranger()
    page = visitor.get(f"/uitnodiging/{token}").text
    assert anna.organisation.name in page
    assert anna.name in page
    wrong = visitor.post(f"/uitnodiging/{token}", {"name": "", "phone": "bel me"})
    assert wrong.status_code == 422
    assert "bel me" in wrong.text
    assert visitor.post(f"/uitnodiging/{token}", {"name": "Bram", "phone": "06 12345678"}).status_code == 302
    assert visitor.get("/account").location == "/account/beveiliging"
    assert stranger().get(f"/uitnodiging/{token}").status_code == 410


def test_an_admin_invites_on_the_page(visitor: Callable[..., Visitor], make: Make) -> None:
    browser = visitor(make.admin())
    empty = browser.post("/organisatie/leden", {"name": "", "email": "geen adres"})
    assert empty.status_code == 422
    assert "geen adres" in empty.text
    assert browser.post("/organisatie/leden", {"name": "Bram", "email": BRAM}).status_code == 422
    foreign = browser.post("/organisatie/leden", {"name": "Bram", "email": BRAM, "roles": ["viewer"]})
    assert foreign.status_code == 422
    assert (
        browser.post("/organisatie/leden", {"name": "Bram", "email": BRAM, "roles": ["nurse"]}).status_code
        == 302
    )
    assert BRAM in browser.get("/organisatie/leden").text


def test_who_is_no_admin_has_no_members_page(visitor: Callable[..., Visitor], make: Make) -> None:
    browser = visitor(make.account())
    for path in ("/organisatie", "/organisatie/leden"):
        assert browser.get(path).status_code == 403
