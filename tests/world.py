"""A small world with somebody in every role, and for each of them the things a door may be opened on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from tests.agreements.document_things import offer_document, things_of_documents
from tests.agreements.things import make_agreement, refused, things_of_agreement
from tests.clients.make import ROOS, seat
from tests.make import Make, Provider, Town
from tests.matching.make import chosen, offered, posted
from tests.rota.things import make_duties, things_of_duties
from wijkapp.agreements.register import Kind as AgreementKind
from wijkapp.capacity import service as capacity
from wijkapp.capacity.models import Capacity, CapacityPause
from wijkapp.capacity.rules import PauseReason
from wijkapp.chat import service as chat
from wijkapp.clients.breach_rules import Kind, Risk
from wijkapp.clients.models import BrokenGlass, ClientFile, FileParty
from wijkapp.clients.rules import Data, EmergencyReason, GivenBy, How, Purpose, Scope
from wijkapp.clients.service import breach, consent, glass, vault
from wijkapp.clients.service.consent import Given, Objection
from wijkapp.directory.models import ContactPerson, Region, RegionOrganisation, Team, Wijk
from wijkapp.kit import time
from wijkapp.kit.db import new_id
from wijkapp.matching.models import Invitation, Placement
from wijkapp.notify.models import PostedMail, PushSubscription
from wijkapp.people.access import may
from wijkapp.people.doors import DOORS
from wijkapp.people.models import Account, AccountInvitation, Device, Organisation, Passkey
from wijkapp.people.rules import OrganisationKind, Role

Things = dict[str, str]
"""What stands in an address, as in request_id or code -> its text."""


@dataclass(frozen=True)
class World:
    """people are named by what they do; foreign are things that none of them has to do with."""

    people: dict[str, Account]
    own: dict[str, dict[str, Things]]  # who -> endpoint -> what its address names
    foreign: Things


def has_role(account: Account, endpoint: str) -> bool:
    return may(account, DOORS[endpoint])


def path_of(app: Flask, endpoint: str, things: Things) -> str:
    return app.url_map.bind("localhost").build(endpoint, things)


def openings(app: Flask, world: World, method: str, *, everybody: bool) -> Iterator[tuple[str, Rule, str]]:
    """Who, door and address: each door, by one or by everybody who may come in on things of their own."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule)):
        who_may = (who for who in world.people if has_role(world.people[who], rule.endpoint))
        for who in who_may if method in rule.methods else ():
            things = world.own[who].get(rule.endpoint, {})
            if rule.arguments <= set(things):
                named = {name: things[name] for name in rule.arguments}
                yield who, rule, path_of(app, rule.endpoint, named)
                if not everybody:
                    break


def make_world(make: Make) -> World:
    """Anna is the nurse of provider Oost, the doctor asks, and Carla has every role, elsewhere."""
    town = make.town()
    oost, west = (
        make.provider(town.here, name="Oost", places=9),
        make.provider(town.here, name="West", places=9),
    )
    insurer = make.organisation("Verzekeraar", OrganisationKind.INSURER)
    looked_at = make.wijk("Verderop", region=make.region(members=[insurer]))
    people = {
        "nurse": oost.nurse,
        "planner": make.account(oost.organisation, Role.PLANNER),
        "admin": make.account(oost.organisation, Role.ADMIN),
        "doctor": town.referrer,
        "coordinator": town.coordinator,
        "viewer": make.account(insurer, Role.VIEWER),
        "buyer": make.account(insurer, Role.VIEWER, Role.ADMIN),
        "carla": _carla(make),
    }
    duties = things_of_duties(make_duties(make, town.region, oost.nurse, people["planner"]))
    asked = posted(town.referrer)
    standing = offered(oost.nurse, asked)
    placed = posted(town.referrer)
    chosen(town.referrer, offered(oost.nurse, placed))
    placed_by_oost = posted(oost.nurse)
    chosen(oost.nurse, offered(west.nurse, placed_by_oost))
    by_oost = posted(oost.nurse)
    to_oost = offered(west.nurse, by_oost)
    unanswered = posted(town.referrer)

    provider = _things_of_a_provider(make, oost, asked=asked, placed=placed, unanswered=unanswered)
    provider["matching.withdraw_offer"] = {"offer_id": str(standing)}
    asker = _things_of_an_asker(asked, standing)
    outsider = make.provider(town.here, name="Noord", places=None).nurse
    to_oost_file = _things_of_a_file(make, placed, town.referrer, outsider)
    by_oost_file = _things_of_a_file(make, placed_by_oost, oost.nurse, outsider)
    asked_oost = _thread_of(make, asked, oost)
    own = {
        "nurse": provider | _things_of_an_asker(by_oost, to_oost) | by_oost_file,
        "planner": provider | {door: to_oost_file[door] for door in FOR_WHO_PLANS},
        "admin": provider | _things_of_an_admin(make, people["admin"]),
        "doctor": asker | to_oost_file,
        "coordinator": {
            "matching.show": {"request_id": str(asked)},
            "matching.standing": {"request_id": str(asked)},
            "oversight.accept": {"request_id": str(unanswered), "team_id": str(west.team.id)},
            "oversight.record_outside": {"request_id": str(unanswered)},
            "region.invite": {"region_id": str(town.region.id)},
            "region.invite_new": {"region_id": str(town.region.id)},
            "region.end_looking": {
                "region_id": str(town.region.id),
                "organisation_id": str(_looks_on(make, town)),
            },
        },
        "viewer": {door: {"code": looked_at.code} for door in ("region.wijk", "region.report")},
        "buyer": {door: {"code": looked_at.code} for door in ("region.wijk", "region.report")},
        "carla": {},
    }
    wijk = {"code": town.here.code}
    in_region = dict.fromkeys(
        ("directory.show_wijk", "capacity.wijk", "agreements.show", "public.wijk", "public.poster"), wijk
    )
    own["coordinator"] |= {"agreements.edit": wijk, "agreements.save": wijk}
    own["coordinator"] |= {"region.wijk": wijk, "region.report": wijk}
    for who in ("nurse", "planner", "coordinator"):
        own[who] |= _things_said(people[who], west.nurse, town.here.id)
    del own["coordinator"]["chat.acknowledge"]  # of her organisation nothing is asked
    own["doctor"] |= _things_said(town.referrer, oost.nurse, asked_oost)
    for who in duties:
        own[who] |= duties[who]
    for who, found in _things_of_the_register(
        make, people, town.region, [town.here], west.organisation
    ).items():
        own[who] |= found
    for who, account in people.items():
        everywhere = in_region if who not in {"viewer", "buyer", "carla"} else {}
        own[who] = everywhere | own[who] | _things_of_everybody(make, account)
    return World(people, own, _foreign(make))


def _carla(make: Make) -> Account:
    """Every role that exists, in an organisation that has nothing to do with the others."""
    elsewhere = make.organisation("Elders")
    region = make.region(members=[elsewhere])
    carla = make.account(elsewhere, *Role)
    make.member(carla, region)
    return carla


def _things_of_the_register(
    make: Make, people: dict[str, Account], region: Region, wijken: list[Wijk], west: Organisation
) -> dict[str, dict[str, Things]]:
    """An agreement that Oost takes part in, one that it may not, and what a viewer sees of another."""
    db, admin, leads = make.db, people["admin"], people["coordinator"]
    made = make_agreement(db, region, wijken, leads, admin.organisation, west)
    may = {
        "nurse": {"inside": True, "manage": False, "sign": False},
        "planner": {"inside": True, "manage": False, "sign": False},
        "admin": {"inside": True, "manage": True, "sign": True},
        "doctor": {"inside": False, "manage": False, "sign": False},
        "coordinator": {"inside": True, "manage": True, "sign": False},
    }
    found = {who: things_of_agreement(made, **much) for who, much in may.items()}
    offer_document(db, made, leads, [people[who] for who in ("nurse", "planner", "admin")])
    for who, much in may.items():
        found[who] |= things_of_documents(made, **much)
    # What the app does in a wijk is filled in at another door too; this one gets the duties.
    nights = make_agreement(db, region, wijken, leads, admin.organisation, west, AgreementKind.ANW)
    offer_document(db, nights, leads, [admin])
    duties = things_of_documents(nights, inside=True, manage=True, sign=False)
    found["coordinator"] |= {door: duties[door] for door in ("documents.terms", "documents.set_terms")}
    no = refused(db, region, admin, leads)
    found["admin"] |= {"register.apply": no, "register.appeal": no}
    theirs = db.scalars(
        select(Region)
        .join(RegionOrganisation, RegionOrganisation.region_id == Region.id)
        .where(RegionOrganisation.organisation_id == people["viewer"].organisation_id)
    ).first()
    assert theirs is not None
    seen = make_agreement(db, theirs, [], leads, admin.organisation, west)
    found["viewer"] = things_of_agreement(seen, inside=False, manage=False, sign=False)
    found["viewer"] |= {"region.evidence": seen.things}
    found["buyer"] = {door: found["viewer"][door] for door in ("register.show", "region.evidence")}
    return found


def _things_of_an_asker(request_id: UUID, offer_id: UUID) -> dict[str, Things]:
    doors = [
        "show",
        "standing",
        "withdraw",
        "widen",
        "return_placement",
        "choose",
        "keep_open",
        "move_start",
        "split",
        "watch_for_place",
        "stop_watching",
    ]
    return {f"matching.{door}": {"request_id": str(request_id)} for door in doors} | {
        "matching.choose_offer": {"offer_id": str(offer_id)}
    }


def _looks_on(make: Make, town: Town) -> UUID:
    """An insurer that was invited to look at the region."""
    kantoor = make.organisation("Zorgkantoor", OrganisationKind.INSURER)
    make._keep(RegionOrganisation(region_id=town.region.id, organisation_id=kantoor.id))
    return kantoor.id


def _things_of_a_provider(
    make: Make, provider: Provider, *, asked: UUID, placed: UUID, unanswered: UUID
) -> dict[str, Things]:
    figure = make.db.scalars(select(Capacity.id).where(Capacity.team_id == provider.team.id)).one()
    new = {"team_id": str(provider.team.id), "product": "verpleging"}
    things = {f"matching.{door}": {"request_id": str(unanswered)} for door in ("see", "offer", "decline")}
    things |= {f"matching.{door}": {"request_id": str(asked)} for door in ("show", "standing")}
    things |= {
        f"matching.{door}": {"request_id": str(placed)}
        for door in ("hand_over", "start_care", "close_care", "return_placement")
    }
    things |= {
        f"capacity.{door}": {"capacity_id": str(figure)}
        for door in ("confirm", "edit", "save", "set_full", "set_places")
    }
    things |= {
        "capacity.story": {"team_id": str(provider.team.id)},
        "capacity.end_pause": _pause(make, provider),
    }
    return things | {"capacity.new": new, "capacity.create": new}


def _pause(make: Make, provider: Provider) -> Things:
    """A closing that is to come, so that the team answers as ever."""
    first = time.today() + timedelta(days=30)
    capacity.pause(provider.nurse, [provider.team.id], PauseReason.HOLIDAY, first, first)
    pause = select(CapacityPause.id).where(CapacityPause.team_id == provider.team.id)
    return {"pause_id": str(make.db.scalars(pause).one())}


FOR_WHO_PLANS = (
    "clients.show",
    "clients.standing",
    "clients.look",
    "clients.add_appointment",
    "clients.cancel_appointment",
    "privacy.access_log",
    "privacy.access_log_pdf",
)
"""Doors to a client's file that open for who plans at a party."""


def _things_of_a_file(make: Make, request_id: UUID, source: Account, outsider: Account) -> dict[str, Things]:
    """The file of this placement: shared by its source, filled, and broken open by an outsider."""
    file = make.db.scalars(
        select(ClientFile)
        .join(Placement, Placement.id == ClientFile.about_id)
        .where(Placement.care_request_id == request_id)
    ).one()
    parties = make.db.scalars(select(FileParty).where(FileParty.file_id == file.id)).all()
    [receiver] = [party.organisation_id for party in parties if not party.source]
    here = seat(source)
    scopes = dict.fromkeys((party.organisation_id for party in parties), Scope.ALL)
    yes = Given(GivenBy.CLIENT, How.SPOKEN, (Purpose.HANDOVER,), scopes)
    consent.record(source, here, file.id, yes)
    vault.write_identity(source, here, file.id, ROOS)
    soon = time.now() + timedelta(days=1)
    appointment_id = vault.add_appointment(source, here, file.id, soon, "Wondzorg", receiver)
    no = Objection(GivenBy.CLIENT, How.SPOKEN, organisation_id=receiver, data=(Data.REPORTS,))
    answer_id = consent.record_objection(source, here, file.id, no)
    glass.break_glass(outsider, seat(outsider), file.code, EmergencyReason.LIFE, "Gevallen, alleen thuis")
    glass_id = make.db.scalars(select(BrokenGlass.id).where(BrokenGlass.file_id == file.id)).one()
    it = {"file_id": str(file.id)}
    doors = {
        "clients": (
            "show standing look write_identity write_handover add_appointment add_report ask record_consent "
            "refuse record_objection withdraw erase"
        ),
        "privacy": "access_log access_log_pdf rights export_json export_pdf",
    }
    return {f"{room}.{door}": it for room, names in doors.items() for door in names.split()} | {
        "clients.cancel_appointment": it | {"appointment_id": str(appointment_id)},
        "clients.lift": it | {"answer_id": str(answer_id)},
        "clients.review": it | {"glass_id": str(glass_id)},
    }


def _thread_of(make: Make, request_id: UUID, provider: Provider) -> UUID:
    """The thread about a request with this provider, that offered."""
    ours = Invitation.organisation_id == provider.organisation.id
    return make.db.scalars(select(Invitation.id).where(Invitation.care_request_id == request_id, ours)).one()


def _things_said(actor: Account, other: Account, thread_id: UUID) -> dict[str, Things]:
    """A message of one's own in this thread, and one of somebody else that asks for a yes."""
    mine = chat.say(actor, thread_id, new_id(), "Wij kunnen.").line
    asks = chat.say(other, thread_id, new_id(), "Het netwerk valt uit.", priority=True).line
    there = {"thread_id": str(thread_id)}
    doors = ("show", "earlier", "since", "say", "read", "export")
    return {f"chat.{door}": there for door in doors} | {
        "chat.edit": there | {"message_id": str(mine.id)},
        "chat.delete": {"message_id": str(mine.id)},
        "chat.acknowledge": {"message_id": str(asks.id)},
    }


def _things_of_an_admin(make: Make, admin: Account) -> dict[str, Things]:
    mine = admin.organisation_id
    colleague = make.account(admin.organisation, Role.NURSE)
    invitation = make._keep(
        AccountInvitation(
            organisation_id=mine,
            invited_by_id=admin.id,
            email=f"nieuw-{admin.email}",
            name="Nieuw",
            roles=("nurse",),
            token_hash=admin.fs_uniquifier,
            expires_at=time.now() + timedelta(days=7),
        )
    )
    team, contact = (
        make.db.scalars(select(kind.id).where(kind.organisation_id == mine)).first()
        for kind in (Team, ContactPerson)
    )
    code = make.db.scalars(select(Wijk.code).join(Team).where(Team.id == team)).one()
    held = {"code": code, "contact_id": str(contact)}
    doors = {
        "people": (
            {"account_id": str(colleague.id)},
            ("member", "set_roles", "deactivate", "reactivate", "reset_factors"),
        ),
        "directory": ({"team_id": str(team)}, ("edit_team", "change_team", "stop_team", "resume_team")),
    }
    things = {f"{room}.{door}": where for room, (where, names) in doors.items() for door in names}
    things |= {f"people.{door}": {"invitation_id": str(invitation.id)} for door in ("resend", "withdraw")}
    found = breach.Told(time.now(), Kind.LOST, Risk.SOME, "Telefoon kwijt in de bus")
    leaked = {"breach_id": str(breach.write_down(admin, found))}
    doors_of_a_breach = ("breach", "change_breach", "breach_reported", "breach_people_told", "close_breach")
    things |= {f"privacy.{door}": leaked for door in doors_of_a_breach}
    return things | {
        "directory.contacts": {"code": code},
        "directory.appoint": {"code": code, "duty": "vervanger"},
        "directory.end_contact": held,
        "directory.cancel_contact": held,
    }


def _things_of_everybody(make: Make, account: Account) -> dict[str, Things]:
    device = make._keep(Device(account_id=account.id, label="Chrome op Android"))
    browser = make._keep(
        PushSubscription(account_id=account.id, endpoint_hash=account.fs_uniquifier, sealed=b"x")
    )
    mail = make._keep(PostedMail(to_address=account.email, subject="Zorgvraag", body="Er is een zorgvraag."))
    passkey = make._keep(_passkey(account))
    return {
        "people.revoke_device": {"device_id": str(device.id)},
        "people.rename_passkey": {"passkey_id": str(passkey.id)},
        "people.remove_passkey": {"passkey_id": str(passkey.id)},
        "notify.unsubscribe": {"subscription_id": str(browser.id)},
        "notify.test": {"subscription_id": str(browser.id)},
        "notify.one_mail": {"mail_id": str(mail.id)},
    }


def _passkey(account: Account) -> Passkey:
    moment = time.now()
    return Passkey(
        user_id=account.id,
        credential_id=account.id.bytes,
        public_key=b"k",
        sign_count=0,
        backup_state=False,
        device_type="single_device",
        lastuse_datetime=moment,
        create_datetime=moment,
        name="Telefoon",
        usage="first",
    )


def _foreign(make: Make) -> Things:
    """Things of people elsewhere, for the same addresses; nobody in the world has to do with them."""
    town = make.town(pc4=9711)
    provider = make.provider(town.here, name="Groningen")
    request_id = posted(town.referrer, pc4="9711")
    offer_id = offered(provider.nurse, request_id)
    admin = make.account(provider.organisation, Role.ADMIN)
    placed = posted(town.referrer, pc4="9711")
    chosen(town.referrer, offered(provider.nurse, placed))
    outsider = make.provider(town.here, name="Haren", places=None).nurse
    doors = _things_of_everybody(make, provider.nurse) | _things_of_an_admin(make, admin)
    doors |= _things_of_a_provider(make, provider, asked=request_id, placed=request_id, unanswered=request_id)
    doors |= _things_of_an_asker(request_id, offer_id)
    doors |= _things_said(provider.nurse, town.coordinator, town.here.id)
    doors |= _things_of_a_file(make, placed, town.referrer, outsider)
    planner = make.account(provider.organisation, Role.PLANNER)
    for their in things_of_duties(make_duties(make, town.region, provider.nurse, planner)).values():
        doors |= their
    oost = make.organisation("Elders Oost")
    agreed = make_agreement(make.db, town.region, [town.here], town.coordinator, oost, provider.organisation)
    doors |= things_of_agreement(agreed, inside=True, manage=True, sign=True, code=town.here.code)
    offer_document(make.db, agreed, town.coordinator)
    doors |= things_of_documents(agreed, inside=True, manage=True, sign=True, code=town.here.code)
    things = {"token": "x" * 43, "ticket": "x" * 43, "secret": "x" * 43}
    things |= {"region_id": str(town.region.id), "organisation_id": str(_looks_on(make, town))}
    for where in doors.values():
        things |= where
    return things
