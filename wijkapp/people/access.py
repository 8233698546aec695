"""Who may do what: one table of permissions, one list of doors. What is not listed is refused.

A door (route or socket event) names a permission in DOORS; `app.py` refuses whoever has no role for it before
the view runs. Services then ask `require(...)` with the organisation or region the thing belongs to.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from wijkapp.kit.errors import NotAllowed, NotSignedIn
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Account
from wijkapp.people.rules import Role


class Scope(StrEnum):
    PUBLIC = "public"  # no log in
    SELF = "self"  # the own account
    OWN = "own"  # things of the own organisation
    REGION = "region"  # things in a region the own organisation takes part in


@dataclass(frozen=True)
class Permission:
    roles: frozenset[Role]
    scope: Scope


EVERYONE = frozenset(Role)
PROVIDER_STAFF = frozenset({Role.NURSE, Role.PLANNER})
ASKERS = frozenset({Role.REFERRER, Role.NURSE})

PERMISSIONS: dict[str, Permission] = {
    "public": Permission(frozenset(), Scope.PUBLIC),
    "account.use": Permission(EVERYONE, Scope.SELF),
    # Changes what protects the account. Open before a second step is set up; after that only just confirmed.
    "account.secure": Permission(EVERYONE, Scope.SELF),
    "people.manage": Permission(frozenset({Role.ADMIN}), Scope.OWN),
    "directory.look": Permission(EVERYONE, Scope.REGION),
    "directory.manage": Permission(frozenset({Role.ADMIN}), Scope.OWN),
    "capacity.look": Permission(EVERYONE - {Role.VIEWER}, Scope.REGION),
    "capacity.publish": Permission(PROVIDER_STAFF, Scope.OWN),
    "matching.post": Permission(ASKERS, Scope.OWN),
    "matching.follow": Permission(ASKERS | PROVIDER_STAFF | {Role.COORDINATOR}, Scope.OWN),
    "matching.oversee": Permission(frozenset({Role.COORDINATOR}), Scope.REGION),
    "matching.answer": Permission(PROVIDER_STAFF, Scope.OWN),
    "agreements.change": Permission(frozenset({Role.COORDINATOR}), Scope.REGION),
    # The register says which organisations work together on what: for all of the region. What is on the inside
    # of an agreement is for its parties and who leads the region, so the room itself asks further.
    "register.look": Permission(EVERYONE, Scope.REGION),
    "register.manage": Permission(frozenset({Role.COORDINATOR, Role.ADMIN}), Scope.REGION),
    "register.sign": Permission(frozenset({Role.ADMIN}), Scope.OWN),
    "register.join": Permission(frozenset({Role.ADMIN}), Scope.OWN),
    "matching.choose": Permission(ASKERS, Scope.OWN),
    "rota.look": Permission(ASKERS | PROVIDER_STAFF | {Role.COORDINATOR}, Scope.REGION),
    "rota.read": Permission(PROVIDER_STAFF | {Role.COORDINATOR}, Scope.REGION),  # who works when, for weeks
    "rota.take": Permission(PROVIDER_STAFF, Scope.OWN),
    "rota.share": Permission(frozenset({Role.COORDINATOR}), Scope.REGION),  # addresses that need no log in
    "rota.plan": Permission(frozenset({Role.PLANNER, Role.COORDINATOR}), Scope.REGION),
    "oversight.look": Permission(frozenset({Role.COORDINATOR}), Scope.REGION),
    "oversight.act": Permission(frozenset({Role.COORDINATOR}), Scope.REGION),
    "oversight.own": Permission(PROVIDER_STAFF, Scope.OWN),
    # What an insurer, zorgkantoor or municipality sees of a region; the wijkregisseur sees the same page.
    "oversight.view": Permission(frozenset({Role.VIEWER, Role.COORDINATOR}), Scope.REGION),
    # And who of those looked, for everybody whose figures they are.
    "oversight.looks": Permission(EVERYONE - {Role.VIEWER}, Scope.REGION),
    # What of a file: the client says per party, and the role says the most; the room itself asks further.
    "clients.use": Permission(ASKERS | PROVIDER_STAFF, Scope.OWN),
    "clients.emergency": Permission(frozenset({Role.NURSE}), Scope.REGION),
    "privacy.oversee": Permission(frozenset({Role.ADMIN}), Scope.OWN),
    # Which threads: whoever takes part in what they are about, so the room itself asks further.
    "chat.use": Permission(ASKERS | PROVIDER_STAFF | {Role.COORDINATOR}, Scope.OWN),
}

DOORS: dict[str, str] = {
    # endpoint or "socket:event" -> permission. One list; a door that is missing fails the build.
    "people.sign_in": "public",
    "people.send_link": "public",
    "people.link_sent": "public",
    "people.link": "public",
    "people.use_link": "public",
    "people.use_password": "public",
    "people.ask_passkey": "public",
    "people.use_passkey": "public",
    "people.second_step": "public",
    "people.give_code": "public",
    "people.sign_out": "public",
    "people.invitation": "public",
    "people.accept": "public",
    "people.demo": "public",
    "people.enter_demo": "public",
    "people.account": "account.use",
    "people.save_account": "account.use",
    "people.revoke_device": "account.use",
    "people.revoke_others": "account.use",
    "people.confirm": "account.use",
    "people.give_confirmation": "account.use",
    "people.confirm_by_passkey": "account.use",
    "people.set_up": "account.secure",
    "people.ask_new_passkey": "account.secure",
    "people.new_passkey": "account.secure",
    "people.add_passkey": "account.secure",
    "people.rename_passkey": "account.secure",
    "people.remove_passkey": "account.secure",
    "people.authenticator": "account.secure",
    "people.set_authenticator": "account.secure",
    "people.remove_authenticator": "account.secure",
    "people.recovery_codes": "account.secure",
    "people.make_recovery_codes": "account.secure",
    "people.password": "account.secure",
    "people.set_password": "account.secure",
    "people.remove_password": "account.secure",
    "people.organisation": "people.manage",
    "people.save_organisation": "people.manage",
    "people.members": "people.manage",
    "people.invite": "people.manage",
    "people.resend": "people.manage",
    "people.withdraw": "people.manage",
    "people.member": "people.manage",
    "people.set_roles": "people.manage",
    "people.deactivate": "people.manage",
    "people.reactivate": "people.manage",
    "people.reset_factors": "people.manage",
    "directory.index": "directory.look",
    "directory.show_wijk": "directory.look",
    "directory.teams": "directory.manage",
    "directory.new_team": "directory.manage",
    "directory.start_team": "directory.manage",
    "directory.edit_team": "directory.manage",
    "directory.change_team": "directory.manage",
    "directory.stop_team": "directory.manage",
    "directory.resume_team": "directory.manage",
    "directory.contacts": "directory.manage",
    "directory.appoint": "directory.manage",
    "directory.end_contact": "directory.manage",
    "directory.cancel_contact": "directory.manage",
    "agreements.show": "directory.look",
    "agreements.edit": "agreements.change",
    "agreements.save": "agreements.change",
    "register.index": "register.look",
    "register.show": "register.look",
    "register.points": "register.look",
    "register.point": "register.look",
    "register.gate": "register.look",
    "register.parties": "register.look",
    "register.check": "register.look",
    "register.join": "register.look",
    "register.plans": "register.look",
    "register.new": "register.manage",
    "register.begin": "register.manage",
    "register.edit": "register.manage",
    "register.change": "register.manage",
    "register.grow": "register.manage",
    "register.go_back": "register.manage",
    "register.say": "register.manage",
    "register.tick": "register.manage",
    "register.decide": "register.manage",
    "register.add_party": "register.manage",
    "register.leave": "register.manage",
    "register.judge": "register.manage",
    "register.add_risk": "register.manage",
    "register.drop_risk": "register.manage",
    "register.decide_application": "register.manage",
    "register.add_body": "register.manage",
    "register.drop_body": "register.manage",
    "register.seat": "register.manage",
    "register.unseat": "register.manage",
    "register.plan_evaluation": "register.manage",
    "register.evaluated": "register.manage",
    "register.add_escalation": "register.manage",
    "register.drop_escalation": "register.manage",
    "register.plan_exit": "register.manage",
    "register.name_signatory": "register.sign",
    "register.drop_signatory": "register.sign",
    "register.signed": "register.sign",
    "register.told_payers": "register.sign",
    "register.apply": "register.join",
    "register.appeal": "register.join",
    "notify.devices": "account.use",
    "notify.subscribe": "account.use",
    "notify.unsubscribe": "account.use",
    "notify.unsubscribe_browser": "account.use",
    "notify.test": "account.use",
    "notify.post_box": "account.use",
    "notify.one_mail": "account.use",
    "notify.service_worker": "public",
    "notify.manifest": "public",
    "notify.offline": "public",
    "socket:connect": "account.use",
    "socket:about.watch": "account.use",
    "socket:chat.open": "chat.use",
    "socket:chat.say": "chat.use",
    "socket:chat.since": "chat.use",
    "socket:chat.read": "chat.use",
    "socket:chat.acknowledge": "chat.use",
    "public.wijk": "public",
    "public.poster": "public",
    "public.robots": "public",
    "capacity.index": "capacity.publish",
    "capacity.confirm_all": "capacity.publish",
    "capacity.confirm": "capacity.publish",
    "capacity.set_full": "capacity.publish",
    "capacity.set_places": "capacity.publish",
    "capacity.edit": "capacity.publish",
    "capacity.save": "capacity.publish",
    "capacity.new": "capacity.publish",
    "capacity.create": "capacity.publish",
    "capacity.new_pause": "capacity.publish",
    "capacity.begin_pause": "capacity.publish",
    "capacity.end_pause": "capacity.publish",
    "capacity.story": "capacity.publish",
    "capacity.wijk": "capacity.look",
    # Who holds the ticket of a reminder; the room itself asks whose it is.
    "capacity.tap": "public",
    "capacity.reminder": "public",
    "capacity.answer_reminder": "public",
    "clients.index": "clients.use",
    "clients.index_list": "clients.use",
    "clients.show": "clients.use",
    "clients.standing": "clients.use",
    "clients.look": "clients.use",
    "clients.write_identity": "clients.use",
    "clients.write_handover": "clients.use",
    "clients.add_appointment": "clients.use",
    "clients.cancel_appointment": "clients.use",
    "clients.add_report": "clients.use",
    "clients.ask": "clients.use",
    "clients.record_consent": "clients.use",
    "clients.refuse": "clients.use",
    "clients.record_objection": "clients.use",
    "clients.lift": "clients.use",
    "clients.withdraw": "clients.use",
    "clients.erase": "clients.use",
    "clients.review": "clients.use",
    "clients.emergency": "clients.emergency",
    "clients.break_glass": "clients.emergency",
    "clients.information": "public",
    "guard.wrong": "account.use",
    "privacy.retention": "public",
    "privacy.access_log": "clients.use",
    "privacy.access_log_pdf": "clients.use",
    "privacy.rights": "clients.use",
    "privacy.export_json": "clients.use",
    "privacy.export_pdf": "clients.use",
    "privacy.index": "privacy.oversee",
    "privacy.review": "privacy.oversee",
    "privacy.mark": "privacy.oversee",
    "privacy.breaches": "privacy.oversee",
    "privacy.new_breach": "privacy.oversee",
    "privacy.write_breach": "privacy.oversee",
    "privacy.breach": "privacy.oversee",
    "privacy.change_breach": "privacy.oversee",
    "privacy.breach_reported": "privacy.oversee",
    "privacy.breach_people_told": "privacy.oversee",
    "privacy.close_breach": "privacy.oversee",
    "privacy.register": "privacy.oversee",
    "privacy.dpia": "privacy.oversee",
    "privacy.register_pdf": "privacy.oversee",
    "privacy.dpia_pdf": "privacy.oversee",
    # chat
    "chat.index": "chat.use",
    "chat.index_list": "chat.use",
    "chat.unread": "chat.use",
    "chat.search": "chat.use",
    "chat.show": "chat.use",
    "chat.earlier": "chat.use",
    "chat.since": "chat.use",
    "chat.say": "chat.use",
    "chat.edit": "chat.use",
    "chat.delete": "chat.use",
    "chat.acknowledge": "chat.use",
    "chat.read": "chat.use",
    "chat.contact": "chat.use",
    "chat.export": "chat.use",
    # matching
    "search.show": "matching.post",
    "matching.home": "account.use",
    "matching.today": "matching.answer",
    "matching.today_cards": "matching.answer",
    "matching.index": "matching.follow",
    "matching.index_list": "matching.follow",
    "matching.new": "matching.post",
    "matching.post": "matching.post",
    "matching.reach": "matching.post",
    "matching.show": "matching.follow",
    "matching.standing": "matching.follow",
    "matching.see": "matching.answer",
    "matching.offer": "matching.answer",
    "matching.decline": "matching.answer",
    "matching.withdraw_offer": "matching.answer",
    "matching.hand_over": "matching.answer",
    "matching.start_care": "matching.answer",
    "matching.close_care": "matching.answer",
    "matching.return_placement": "matching.follow",
    "matching.choose_offer": "matching.choose",
    "matching.choose": "matching.choose",
    "matching.keep_open": "matching.choose",
    "matching.watch_for_place": "matching.post",
    "matching.stop_watching": "matching.post",
    "matching.move_start": "matching.post",
    "matching.split": "matching.post",
    "matching.widen": "matching.post",
    "matching.withdraw": "matching.post",
    # rota
    "rota.index": "rota.look",
    "rota.now": "rota.look",
    "rota.this_week": "rota.read",
    "rota.week": "rota.read",
    "rota.month": "rota.read",
    "rota.listing": "rota.read",
    "rota.duty": "rota.read",
    "rota.swaps": "rota.read",
    "rota.swap": "rota.read",
    "rota.ask": "rota.read",
    "rota.ask_swap": "rota.read",
    "rota.take_swap": "rota.take",
    "rota.decline_swap": "rota.take",
    "rota.withdraw_swap": "rota.read",
    "rota.approve_swap": "rota.plan",
    "rota.refuse_swap": "rota.plan",
    "rota.take_over": "rota.take",
    "rota.take_open": "rota.take",
    "rota.undo_take_over": "rota.read",
    "rota.tonight": "rota.read",
    "rota.tonight_pdf": "rota.read",
    "rota.addresses": "rota.read",
    "rota.make_address": "rota.read",
    "rota.revoke_address": "rota.read",
    # Whoever has the secret; the room itself asks whether it still opens something.
    "rota.feed": "public",
    "rota_switch.now": "public",
    "rota_switch.now_text": "public",
    "rota.people": "rota.plan",
    "rota.new_person": "rota.plan",
    "rota.add_person": "rota.plan",
    "rota.person": "rota.plan",
    "rota.save_person": "rota.plan",
    "rota.available": "rota.take",
    "rota.add_absence": "rota.take",
    "rota.drop_absence": "rota.take",
    "rota.add_wish": "rota.take",
    "rota.drop_wish": "rota.take",
    "rota.import_busy": "rota.take",
    "rota.forget_busy": "rota.take",
    "rota.terms": "rota.look",
    "rota.edit_terms": "agreements.change",
    "rota.save_terms": "agreements.change",
    "rota.edit_rules": "agreements.change",
    "rota.save_rules": "agreements.change",
    # Who holds a ticket of a message about a duty; the room itself asks whose it is.
    "rota.tap": "public",
    "rota.asked": "public",
    "rota.answer": "public",
    "rota.plans": "rota.plan",
    "rota.make_plan": "rota.plan",
    "rota.plan": "rota.plan",
    "rota.plan_progress": "rota.plan",
    "rota.plan_fairness": "rota.plan",
    "rota.plan_again": "rota.plan",
    "rota.stop_planning": "rota.plan",
    "rota.take_proposal": "rota.plan",
    "rota.drop_proposal": "rota.plan",
    "rota.ask_proposal": "rota.plan",
    "rota.falling_out": "rota.plan",
    "rota.fall_out": "rota.plan",
    "rota.publishing": "rota.plan",
    "rota.publish_plan": "rota.plan",
    "rota.throw_plan_away": "rota.plan",
    "rota.plan_duty": "rota.plan",
    "rota.put_in_duty": "rota.plan",
    "rota.lock_duty": "rota.plan",
    "rota.ask_for_duty": "rota.plan",
    "rota.may_have": "rota.plan",
    "rota.plan_for_me": "rota.read",
    "rota.changes": "rota.read",
    # oversight
    "oversight.index": "oversight.look",
    "oversight.fairness": "oversight.look",
    "oversight.work": "oversight.look",
    "oversight.proposal": "oversight.look",
    "oversight.record_outside": "oversight.act",
    "oversight.accept": "oversight.act",
    "oversight.own": "oversight.own",
    "region.index": "oversight.view",
    "region.trend": "oversight.view",
    "region.csv": "oversight.view",
    "region.xlsx": "oversight.view",
    "region.pdf": "oversight.view",
    "region.wijk": "oversight.view",
    "region.report": "oversight.view",
    "region.signals": "oversight.view",
    "region.who_looked": "oversight.looks",
}


def may(
    actor: Account | None,
    permission: str,
    *,
    organisation_id: UUID | None = None,
    region_id: UUID | None = None,
    regions: Collection[UUID] = (),
) -> bool:
    """May this person do this, to something of this organisation or in this region?

    organisation_id  whose thing it is, for permissions with scope OWN; None asks for the role alone
    region_id        where it is, for scope REGION; `regions` are those the actor's organisation takes part in
    """
    rule = PERMISSIONS[permission]
    if rule.scope is Scope.PUBLIC:
        return True
    if actor is None or not actor.active or not (rule.roles & actor.role_set):
        return False
    if rule.scope is Scope.OWN and organisation_id is not None:
        return organisation_id == actor.organisation_id
    if rule.scope is Scope.REGION and region_id is not None:
        return region_id in regions
    return True


def require(
    actor: Account | None,
    permission: str,
    *,
    organisation_id: UUID | None = None,
    region_id: UUID | None = None,
    regions: Collection[UUID] = (),
) -> None:
    """Go on only when `may(...)`. Raises NotSignedIn or NotAllowed."""
    if may(actor, permission, organisation_id=organisation_id, region_id=region_id, regions=regions):
        return
    if actor is None:
        raise NotSignedIn
    raise NotAllowed(
        _(
            "Dit mag jij hier niet. Denk je dat het wel hoort? Vraag de beheerder van %(name)s.",
            name=actor.organisation.name,
        )
    )
