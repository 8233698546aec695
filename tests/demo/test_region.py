"""The demo region: real places, made-up parties, and no page that stays empty."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import phonenumbers
import pytest
from sqlalchemy import func, select

from wijkapp.agreements.rules import DEFAULTS
from wijkapp.capacity.models import Capacity, CapacityChange, CapacityHold, CapacityPause, CapacityPromise
from wijkapp.capacity.rules import Change, Freshness, freshness
from wijkapp.demo import fill, history
from wijkapp.demo.parties import BY_HAND, LOG_INS, OTHERS, PROVIDERS
from wijkapp.demo.pasts import PASTS
from wijkapp.demo.region import BORDERS, WIJKEN
from wijkapp.directory import service as directory
from wijkapp.directory.models import ContactPerson, Team, Wijk
from wijkapp.directory.rules import PC4, WIJK_CODE, ContactDuty
from wijkapp.kit import time
from wijkapp.matching import parts
from wijkapp.matching.models import CareRequest, Invitation, Offer, Placement
from wijkapp.matching.ranking import Reason
from wijkapp.matching.rules import Answer, OfferStatus, RequestStatus
from wijkapp.people.models import Account, Organisation
from wijkapp.people.rules import FITTING_ROLES, OrganisationKind, Role, looks_right

PARTIES = (*PROVIDERS, *OTHERS)


def test_it_has_the_parties_a_region_has():
    kinds = Counter(party.kind for party in PARTIES)

    assert len(WIJKEN) == 8
    assert len(PROVIDERS) == 14
    assert kinds[OrganisationKind.SOLO] == 3
    assert kinds[OrganisationKind.COOPERATIVE] == 1
    assert kinds[OrganisationKind.GP_PRACTICE] == 5
    assert kinds[OrganisationKind.TRANSFER_DESK] == 1
    assert kinds[OrganisationKind.INSURER] == 1
    assert kinds[OrganisationKind.MUNICIPALITY] == 1


def test_places_have_the_form_of_cbs_and_lie_in_utrecht():
    pc4 = [pc4 for place in WIJKEN for pc4 in place.postcodes]

    assert len(pc4) == len(set(pc4)) >= 36
    assert all(PC4.fullmatch(one) for one in pc4)
    assert all(WIJK_CODE.fullmatch(place.code) for place in WIJKEN)
    for place in WIJKEN:
        for latitude, longitude in place.postcodes.values():
            assert 52.04 < latitude < 52.14
            assert 5.03 < longitude < 5.18


def test_every_wijk_borders_on_another():
    assert {name for border in BORDERS for name in border} == {place.name for place in WIJKEN}


def test_names_and_addresses_are_nobodys():
    people = [person.name for party in PARTIES for person in party.people]

    assert len(set(people)) == len(people)
    assert len({party.name for party in PARTIES}) == len(PARTIES)
    assert all(
        fill.address(person.name, party.domain).endswith(".example")
        for party in PARTIES
        for person in party.people
    )


def test_everybody_has_a_role_that_fits_the_organisation():
    for party in PARTIES:
        for person in party.people:
            assert set(person.roles) <= FITTING_ROLES[party.kind], person.name


def test_numbers_look_right_and_can_belong_to_nobody(region):
    for organisation in region.scalars(select(Organisation)):
        assert looks_right("agb_code", organisation.agb_code)
        assert organisation.agb_code.startswith("99")
        assert looks_right("kvk_number", organisation.kvk_number)
        assert organisation.kvk_number.startswith("000000")
        assert organisation.phone.startswith("+31300000")
    for account in region.scalars(select(Account)):
        number = phonenumbers.parse(account.phone)
        assert phonenumbers.is_possible_number(number)
        assert not phonenumbers.is_valid_number(number), "a number somebody may have"
        assert account.big_number is None or looks_right("big_number", account.big_number)


def test_each_wijk_has_four_to_nine_providers(region):
    counted = region.execute(
        select(Wijk.name, func.count(Team.organisation_id.distinct())).join(Team).group_by(Wijk.name)
    ).all()

    assert len(counted) == 8
    assert all(4 <= providers <= 9 for _name, providers in counted)


def test_every_provider_has_a_contact_person_wherever_it_works(region):
    for team in region.scalars(select(Team)):
        assert directory.contacts_for(region, team.organisation_id, team.wijk_id, time.today())
    duties = Counter(region.scalars(select(ContactPerson.duty)))
    assert duties[ContactDuty.DEPUTY] > 30
    handing_over = region.scalars(select(ContactPerson).where(ContactPerson.valid_until.is_not(None))).all()
    assert len(handing_over) == 1
    assert handing_over[0].successor_id


def test_capacity_comes_in_every_colour(region):
    figures = region.scalars(select(Capacity)).all()
    fresh = {freshness(figure.confirmed_at, time.now(), DEFAULTS) for figure in figures}

    assert {figure.places for figure in figures} >= {0, 1, 2, 3}
    assert any(figure.full for figure in figures)
    assert any(figure.from_date > time.today() for figure in figures)
    assert fresh == set(Freshness)


def test_teams_have_a_past_a_pause_and_promises(region):
    for kind in (CapacityPause, CapacityPromise, CapacityHold):
        assert region.scalars(select(kind)).all()
    moved = Counter(region.scalars(select(CapacityChange.what)))
    assert moved[Change.TAKEN] > 20
    assert moved[Change.CONFIRMED] > 500


def test_history_holds_every_state_a_request_can_be_in_today(region):
    states = Counter(region.scalars(select(CareRequest.status)))

    assert states.total() == len(PASTS)
    assert set(states) == {
        RequestStatus.OPEN,
        RequestStatus.OFFERED,
        RequestStatus.MATCHED,
        RequestStatus.HANDED_OVER,
        RequestStatus.IN_CARE,
        RequestStatus.CLOSED,
        RequestStatus.WITHDRAWN,
        RequestStatus.EXPIRED,
        RequestStatus.UNFILLABLE,
    }


def test_history_is_what_the_app_itself_would_have_stored(region):
    for request in region.scalars(select(CareRequest)):
        invitations = region.scalars(
            select(Invitation).where(Invitation.care_request_id == request.id).order_by(Invitation.rank)
        ).all()
        offers = region.scalars(select(Offer).where(Offer.care_request_id == request.id)).all()
        placements = region.scalars(select(Placement).where(Placement.care_request_id == request.id)).all()
        chosen = [offer for offer in offers if offer.status is OfferStatus.CHOSEN]

        assert [one.rank for one in invitations] == list(range(1, len(invitations) + 1))
        assert {one.organisation_id for one in invitations if one.answer is Answer.OFFERED} == {
            offer.organisation_id for offer in offers
        }
        assert len(chosen) == len(placements)
        assert any(one.asked_at for one in invitations), request.pc4
        assert all(0 < offer.minutes_per_week <= request.minutes_per_week for offer in offers)
        assert all(one.seen_at is None or one.seen_at >= request.posted_at for one in invitations)
        assert all(one.answered_at is None or one.answered_at <= time.now() for one in invitations)
        if request.status in {RequestStatus.IN_CARE, RequestStatus.CLOSED}:
            assert request.start_on <= time.today()
        if request.status is RequestStatus.OFFERED:
            assert any(offer.status is OfferStatus.OPEN for offer in offers)


def test_whoever_was_chosen_had_been_asked_and_fitted(region):
    rows = region.execute(
        select(Invitation.reasons)
        .join(Offer, (Offer.care_request_id == Invitation.care_request_id))
        .where(Offer.organisation_id == Invitation.organisation_id, Offer.status == OfferStatus.CHOSEN)
    )
    for (reasons,) in rows:
        assert Reason(reasons[0]) in {Reason.FITS, Reason.FITS_PARTLY, Reason.OPENS_LATER, Reason.UNCONFIRMED}


@pytest.mark.parametrize("name", sorted(BY_HAND))
def test_whoever_tries_the_demo_has_questions_to_answer(region, name):
    waiting = region.scalar(
        select(func.count())
        .select_from(Invitation)
        .join(CareRequest, CareRequest.id == Invitation.care_request_id)
        .join(Organisation, Organisation.id == Invitation.organisation_id)
        .where(
            Organisation.name == name,
            Invitation.asked_at.is_not(None),
            Invitation.answer == Answer.SILENT,
            CareRequest.status.in_([RequestStatus.OPEN, RequestStatus.OFFERED]),
        )
    )

    assert waiting >= (1 if "zzp" in name else 2)


def test_the_huisarts_has_offers_to_choose_from(region):
    offers = region.scalar(
        select(func.count())
        .select_from(Offer)
        .join(CareRequest, CareRequest.id == Offer.care_request_id)
        .join(Account, Account.id == CareRequest.posted_by_id)
        .where(Account.name == LOG_INS[0][1], Offer.status == OfferStatus.OPEN)
    )

    assert offers == 4


def test_one_request_has_two_offers_that_are_enough_together(region):
    found = 0
    for request in region.scalars(select(CareRequest).where(CareRequest.status == RequestStatus.OFFERED)):
        offers = region.scalars(select(Offer).where(Offer.care_request_id == request.id)).all()
        found += len(parts.together(request, parts.in_order(request, offers)))
    assert found == 1


def test_a_day_later_history_is_written_again_and_people_stay(region, time_machine):
    people = set(region.scalars(select(Account.fs_uniquifier)))
    assert not history.is_old(region)
    time_machine.move_to(datetime.now(UTC) + timedelta(hours=25))

    assert history.is_old(region)
    history.forget(region)
    history.write(region)
    region.flush()

    assert not history.is_old(region)
    assert set(region.scalars(select(Account.fs_uniquifier))) == people
    assert region.scalar(select(func.count()).select_from(CareRequest)) == len(PASTS)


def test_roles_with_a_log_in_link_are_all_there():
    by_name = {person.name: person for party in PARTIES for person in party.people}
    shown = {role for _label, name in LOG_INS for role in by_name[name].roles}

    assert shown == set(Role)
    assert re.fullmatch(r"[\w'-]+( \w+)*", LOG_INS[0][0])
