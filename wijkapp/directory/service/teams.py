"""The teams of one's own organisation: per wijk what they offer, with which people."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from wijkapp.directory.models import CareProduct, Insurer, Region, Skill, Team, Wijk
from wijkapp.directory.rules import pc4_of
from wijkapp.directory.service import look
from wijkapp.kit.db import reading, transaction
from wijkapp.kit.errors import Invalid, NotAllowed, NotFound, Refused
from wijkapp.kit.words import gettext as _
from wijkapp.kit.words import lazy
from wijkapp.people import access
from wijkapp.people.models import Account, Organisation


class ChangedMeanwhile(Refused):
    """Somebody else changed it after this page was opened."""

    sentence = lazy("Iemand anders heeft dit net aangepast. Ververs de pagina en kijk wat er nu staat.")


class NotAProvider(NotAllowed):
    """Only organisations that give care have teams and contact persons."""

    sentence = lazy("Alleen organisaties die zorg geven hebben teams.")


@dataclass(frozen=True)
class TeamFacts:
    """What an admin says about a team."""

    name: str
    products: tuple[str, ...]
    skills: tuple[str, ...]
    highest_level: int
    languages: tuple[str, ...]
    contracts: tuple[str, ...]
    phone: str | None  # E.164
    profile: str | None = None  # what it is good at, in its own words


@dataclass(frozen=True)
class Choices:
    """What the form of a team lets one choose from."""

    wijken: Sequence[Wijk]
    products: Sequence[CareProduct]
    skills: Sequence[Skill]
    insurers: Sequence[Insurer]


def choices(actor: Account) -> Choices:
    """The wijken of the regions the organisation takes part in, and the lists."""
    with reading() as db:
        require_manager(actor)
        return Choices(_own_wijken(db, actor), look.products(db), look.skills(db), look.insurers(db))


def team_of(actor: Account, team_id: UUID) -> Team:
    """One of the own teams, with its `wijk`. Raises NotFound for another's."""
    with reading() as db:
        require_manager(actor)
        return _own_team(db, actor, team_id)


def state(team: Team) -> str:
    """A mark of how the team is now: a form opened at another mark is stale."""
    return sha256(repr((_facts(team), team.active)).encode()).hexdigest()[:16]


def start_team(actor: Account, team_id: UUID, wijk_code: str, pc4: str, facts: TeamFacts) -> Team:
    """A new team in a wijk, named by its code or by a postcode in it.

    team_id  made when the form was opened: posting it twice is one team
    """
    with transaction() as db:
        require_manager(actor)
        one_at_a_time(db, actor.organisation_id)
        made = db.get(Team, team_id, options=[joinedload(Team.wijk)])
        if made is not None:
            if made.organisation_id != actor.organisation_id:
                raise NotFound
            return made
        wijk = _wijk_chosen(db, actor, wijk_code, pc4)
        _check_name(db, actor.organisation_id, wijk.id, facts.name, but=None)
        team = Team(
            id=team_id, organisation_id=actor.organisation_id, wijk_id=wijk.id, wijk=wijk, **vars(facts)
        )
        db.add(team)
    return team


def change_team(actor: Account, team_id: UUID, seen: str, facts: TeamFacts) -> Team:
    """What the team offers now. The wijk stays: elsewhere it is another team.

    seen  `state` when the form was opened
    """
    with transaction() as db:
        require_manager(actor)
        team = _own_team(db, actor, team_id, lock=True)
        if _facts(team) == facts:
            return team  # a double tap, or nothing changed
        if state(team) != seen:
            raise ChangedMeanwhile
        _check_name(db, team.organisation_id, team.wijk_id, facts.name, but=team.id)
        for name, value in vars(facts).items():
            setattr(team, name, value)
    return team


def set_active(actor: Account, team_id: UUID, active: bool) -> Team:
    """Let a team stop, or start again. Its history and its capacity figures stay; requests pass it by."""
    with transaction() as db:
        require_manager(actor)
        team = _own_team(db, actor, team_id, lock=True)
        team.active = active
    return team


def require_manager(actor: Account) -> None:
    """Go on only for an admin of a provider; what is managed is looked up within the own organisation."""
    access.require(actor, "directory.manage", organisation_id=actor.organisation_id)
    if not actor.organisation.is_provider:
        raise NotAProvider


def one_at_a_time(db: Session, organisation_id: UUID) -> None:
    """Let another admin of this organisation, or a second tap, wait until this transaction is stored."""
    own = select(Organisation.id).where(Organisation.id == organisation_id)
    db.scalar(own.with_for_update(key_share=True))


def _own_team(db: Session, actor: Account, team_id: UUID, *, lock: bool = False) -> Team:
    query = (
        select(Team)
        .join(Team.wijk)
        .options(contains_eager(Team.wijk))
        .where(Team.id == team_id, Team.organisation_id == actor.organisation_id)
    )
    team = db.scalar(query.with_for_update(of=Team) if lock else query)
    if team is None:
        raise NotFound
    return team


def _own_wijken(db: Session, actor: Account) -> Sequence[Wijk]:
    regions = look.regions_of(db, actor.organisation_id)
    works = select(Team.wijk_id).where(Team.organisation_id == actor.organisation_id)
    return db.scalars(
        select(Wijk)
        .where(Wijk.region_id.in_(regions) | Wijk.id.in_(works))
        .order_by(Wijk.municipality, Wijk.name, Wijk.code)
    ).all()


def _wijk_chosen(db: Session, actor: Account, code: str, pc4: str) -> Wijk:
    """The wijk of the list or of the postcode. Another region must first let the organisation in."""
    if pc4:
        wijk = look.known_wijk_of(db, pc4_of(pc4) or "")
        field = "pc4"
    elif code:
        found = db.scalar(select(Wijk).where(Wijk.code == code))
        if found is None:
            raise Invalid(fields={"wijk": _("Deze wijk kennen we niet. Kies er een uit de lijst.")})
        wijk, field = found, "wijk"
    else:
        raise Invalid(fields={"wijk": _("Kies een wijk of vul een postcode in.")})
    if wijk.region_id and wijk.region_id not in look.regions_of(db, actor.organisation_id):
        region = db.get_one(Region, wijk.region_id)
        message = _(
            "%(wijk)s hoort bij %(region)s. Vraag de wijkregisseur daar om jullie eerst toe te voegen.",
            wijk=wijk.name,
            region=region.name,
        )
        raise Invalid(fields={field: message})
    return wijk


def _check_name(db: Session, organisation_id: UUID, wijk_id: UUID, name: str, *, but: UUID | None) -> None:
    same = select(Team.id).where(
        Team.organisation_id == organisation_id, Team.wijk_id == wijk_id, Team.name == name, Team.id != but
    )
    if db.scalar(same) is not None:
        raise Invalid(fields={"name": _("In deze wijk hebben jullie al een team met deze naam.")})


def _facts(team: Team) -> TeamFacts:
    return TeamFacts(
        name=team.name,
        products=team.products,
        skills=team.skills,
        highest_level=team.highest_level,
        languages=team.languages,
        contracts=team.contracts,
        phone=team.phone,
        profile=team.profile,
    )
