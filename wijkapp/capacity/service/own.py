"""Whose is it? What a team says about itself, only the own organisation says."""

from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from wijkapp.capacity.models import Capacity
from wijkapp.directory.models import Team
from wijkapp.kit.errors import NotFound
from wijkapp.people import access
from wijkapp.people.models import Account

Row = TypeVar("Row", Capacity, Team)


def own_team(db: Session, actor: Account, team_id: UUID) -> Team:
    """A team of the own organisation that is at work. Raises NotFound, NotAllowed."""
    team = _there(db.get(Team, team_id))
    access.require(actor, "capacity.publish", organisation_id=team.organisation_id)
    if not team.active:
        raise NotFound
    return team


def own_figure(db: Session, actor: Account, capacity_id: UUID) -> Capacity:
    """A figure of such a team, for care that it still offers. Raises NotFound, NotAllowed."""
    figure = _there(db.get(Capacity, capacity_id))
    team = own_team(db, actor, figure.team_id)
    if figure.product not in team.products:
        raise NotFound
    return figure


def _there(row: Row | None) -> Row:
    if row is None:
        raise NotFound
    return row
