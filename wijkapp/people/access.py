"""Who may do what: one table of permissions. What is not listed is refused.

A door (route or socket event) names a permission in `people.doors`; `app.py` refuses whoever has no role for
it before the view runs. Services then ask `require(...)` with the organisation or region of the thing.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from wijkapp.kit.errors import NotAllowed, NotSignedIn
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Account
from wijkapp.people.rules import LOOKING_ON, Role


class Scope(StrEnum):
    PUBLIC = "public"  # no log in
    SELF = "self"  # the own account
    OWN = "own"  # things of the own organisation
    REGION = "region"  # things in a region the own organisation takes part in


@dataclass(frozen=True)
class Permission:
    """from_outside: also for who only looks on, whatever else that account may do for its organisation."""

    roles: frozenset[Role]
    scope: Scope
    from_outside: bool = True


EVERYONE = frozenset(Role)
PROVIDER_STAFF = frozenset({Role.NURSE, Role.PLANNER})
ASKERS = frozenset({Role.REFERRER, Role.NURSE})
PART_IN_CARE = frozenset({Role.REFERRER, Role.COORDINATOR})  # as far as one may be so at a LOOKING_ON kind

PERMISSIONS: dict[str, Permission] = {
    "public": Permission(frozenset(), Scope.PUBLIC),
    "account.use": Permission(EVERYONE, Scope.SELF),
    # Changes what protects the account. Open before a second step is set up; after that only just confirmed.
    "account.secure": Permission(EVERYONE, Scope.SELF),
    "people.manage": Permission(frozenset({Role.ADMIN}), Scope.OWN),
    "directory.look": Permission(EVERYONE, Scope.REGION),
    "directory.manage": Permission(frozenset({Role.ADMIN}), Scope.OWN),
    "capacity.look": Permission(EVERYONE - {Role.VIEWER}, Scope.REGION, from_outside=False),
    "capacity.publish": Permission(PROVIDER_STAFF, Scope.OWN),
    "matching.post": Permission(ASKERS, Scope.OWN),
    "matching.follow": Permission(ASKERS | PROVIDER_STAFF | {Role.COORDINATOR}, Scope.OWN),
    "matching.oversee": Permission(frozenset({Role.COORDINATOR}), Scope.REGION),
    "matching.answer": Permission(PROVIDER_STAFF, Scope.OWN),
    "agreements.change": Permission(frozenset({Role.COORDINATOR}), Scope.REGION),
    # The register says which organisations work together on what: for all of the region. What is inside an
    # agreement is for its parties and who leads the region, so the room itself asks further.
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
    "oversight.invite": Permission(frozenset({Role.COORDINATOR}), Scope.REGION),
    # And who of those looked, for everybody whose figures they are.
    "oversight.looks": Permission(EVERYONE - {Role.VIEWER}, Scope.REGION, from_outside=False),
    # What of a file: the client says per party, and the role says the most; the room itself asks further.
    "clients.use": Permission(ASKERS | PROVIDER_STAFF, Scope.OWN),
    "clients.emergency": Permission(frozenset({Role.NURSE}), Scope.REGION),
    "privacy.oversee": Permission(frozenset({Role.ADMIN}), Scope.OWN),
    # Which threads: whoever takes part in what they are about, so the room itself asks further.
    "chat.use": Permission(ASKERS | PROVIDER_STAFF | {Role.COORDINATOR}, Scope.OWN),
}


def looks_on(actor: Account) -> bool:
    """Somebody of an insurer or municipality who neither asks for care nor leads a region: its admin too."""
    return actor.organisation.kind in LOOKING_ON and not actor.role_set & PART_IN_CARE


def is_outsider(actor: Account) -> bool:
    """Somebody who looks on, of an insurer, zorgkantoor or municipality: each look is written down."""
    return Role.VIEWER in actor.role_set or looks_on(actor)


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
    if not rule.from_outside and looks_on(actor):
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
