"""Who takes part: everybody of a wijk, both sides of a request, whoever speaks for an organisation now."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.chat.conftest import request_thread, said, texts
from wijkapp.chat import service
from wijkapp.chat.rules import Kind
from wijkapp.chat.service.threads import NobodyThere, NotYours
from wijkapp.directory.models import ContactPerson
from wijkapp.directory.rules import ContactDuty
from wijkapp.kit import time
from wijkapp.kit.db import new_id
from wijkapp.kit.errors import NotAllowed, NotFound
from wijkapp.people.rules import OrganisationKind, Role


def kinds(actor):
    return sorted(line.head.kind.value for line in service.my_threads(actor))


def test_a_wijk_has_a_thread_for_everybody_who_works_there_and_its_coordinator(wijk):
    for somebody in (wijk.anna, wijk.bram, wijk.west.nurse, wijk.town.coordinator):
        assert wijk.thread in [line.head.id for line in service.my_threads(somebody)]
        assert service.show(somebody, wijk.thread).lines == ()
    for nobody in (wijk.doctor, wijk.carla):
        assert wijk.thread not in [line.head.id for line in service.my_threads(nobody)]
        with pytest.raises(NotFound):
            service.show(nobody, wijk.thread)


def test_who_leaves_a_wijk_leaves_its_thread(wijk, db):
    said(wijk.west.nurse, wijk.thread)
    wijk.west.team.active = False
    db.flush()
    assert service.my_threads(wijk.west.nurse) == []
    with pytest.raises(NotFound):
        service.show(wijk.west.nurse, wijk.thread)
    assert service.not_in(wijk.west.nurse.id, [wijk.thread]) == {wijk.thread}
    assert service.not_in(wijk.anna.id, [wijk.thread]) == set()


def test_a_request_opens_a_thread_between_who_asks_and_who_offers(wijk):
    thread = request_thread(wijk)
    said(wijk.doctor, thread, "Wanneer kunnen jullie beginnen?")

    for somebody in (wijk.doctor, wijk.anna, wijk.bram):
        assert texts(service.show(somebody, thread)) == ["Wanneer kunnen jullie beginnen?"]
    for nobody in (wijk.west.nurse, wijk.carla, wijk.town.coordinator):
        with pytest.raises(NotFound):
            service.show(nobody, thread)
    head = service.show(wijk.doctor, thread).head
    assert head.title == "Oost"
    assert str(head.back).startswith("/zorgvragen/")
    assert service.show(wijk.anna, thread).head.title == "Huisartsen Lunetten"


def test_a_message_to_an_organisation_reaches_whoever_is_contact_person(wijk, told):
    thread = service.thread_for_contact(wijk.doctor, wijk.oost.organisation.id, wijk.town.here.id)
    said(wijk.doctor, thread, "Wie kan ik bellen?")

    assert told("chat.said") == [wijk.anna.name]
    assert texts(service.show(wijk.anna, thread)) == ["Wie kan ik bellen?"]
    for nobody in (wijk.bram, wijk.west.nurse, wijk.carla):
        with pytest.raises(NotFound):
            service.show(nobody, thread)
        assert Kind.CONTACT not in kinds(nobody)


def test_the_successor_has_the_history_and_the_one_before_no_longer(wijk, make, db, clock, told):
    thread = service.thread_for_contact(wijk.doctor, wijk.oost.organisation.id, wijk.town.here.id)
    said(wijk.doctor, thread, "Eerste")
    service.mark_read(wijk.anna, thread, 1)
    new = make.account(wijk.oost.organisation, Role.NURSE, name="Daan")
    db.execute(
        update(ContactPerson).where(ContactPerson.account_id == wijk.anna.id).values(valid_until=time.today())
    )
    make.contact(new, wijk.town.here, since=time.today() + timedelta(days=1))

    with pytest.raises(NotFound):
        service.show(new, thread)
    clock.forward(days=1)
    page = service.show(new, thread)
    assert texts(page) == ["Eerste"]
    assert page.read_seq == 1  # what the organisation had read is not new to who takes over
    said(wijk.doctor, thread, "Tweede")
    assert told("chat.said", still=True) == ["Daan"]
    with pytest.raises(NotFound):
        service.show(wijk.anna, thread)
    assert service.unread_count(wijk.anna) == 0


def test_the_deputy_reads_along(wijk, make):
    make.contact(wijk.bram, wijk.town.here, ContactDuty.DEPUTY)
    thread = service.thread_for_contact(wijk.doctor, wijk.oost.organisation.id, wijk.town.here.id)
    assert service.show(wijk.bram, thread).lines == ()


def test_both_sides_open_the_same_thread(wijk):
    ours = service.thread_for_contact(wijk.anna, wijk.west.organisation.id, wijk.town.here.id)
    theirs = service.thread_for_contact(wijk.west.nurse, wijk.oost.organisation.id, wijk.town.here.id)
    assert ours == theirs
    assert service.show(wijk.anna, ours).head.title == "West"


def test_who_does_not_speak_for_the_organisation_hears_who_does(wijk):
    with pytest.raises(NotYours, match=wijk.anna.name):
        service.thread_for_contact(wijk.bram, wijk.west.organisation.id, wijk.town.here.id)
    for who in (wijk.anna, wijk.doctor):
        assert service.thread_for_contact(who, wijk.west.organisation.id, wijk.town.here.id)


def test_an_organisation_that_is_not_here_cannot_be_written_to(wijk, make):
    here = wijk.town.here.id
    for organisation in (wijk.carla.organisation_id, wijk.oost.organisation.id, new_id()):
        with pytest.raises(NotFound):
            service.thread_for_contact(wijk.anna, organisation, here)
    for somebody, place in ((wijk.carla, here), (wijk.anna, new_id()), (wijk.anna, wijk.town.near.id)):
        with pytest.raises(NotFound):
            service.thread_for_contact(somebody, wijk.west.organisation.id, place)


def test_where_nobody_reads_messages_one_is_told_so(wijk, make):
    silent = make.organisation("Stil", OrganisationKind.SOLO)
    make.team(silent, wijk.town.here)
    make.account(silent, Role.ADMIN)
    with pytest.raises(NobodyThere):
        service.thread_for_contact(wijk.anna, silent.id, wijk.town.here.id)


def test_members_are_who_one_can_mention(wijk):
    found = service.members(wijk.anna, wijk.thread)
    names = {member.name for member in found.members}
    assert names == {wijk.bram.name, wijk.west.nurse.name, wijk.town.coordinator.name}
    assert len(found.quick_replies) == 3
    with pytest.raises(NotFound):
        service.members(wijk.carla, wijk.thread)


def test_an_insurer_reads_nothing(wijk, make):
    viewer = make.account(make.organisation("Verzekeraar", OrganisationKind.INSURER), Role.VIEWER)
    assert service.unread_count(viewer) == 0
    with pytest.raises(NotAllowed):
        service.my_threads(viewer)
