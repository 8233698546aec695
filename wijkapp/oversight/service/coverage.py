"""In which parts of the week somebody in a wijk has room, without saying who or how much."""

from uuid import UUID

from sqlalchemy.orm import Session

from wijkapp.agreements import service as agreements
from wijkapp.capacity import service as capacity
from wijkapp.capacity.rules import Freshness, freshness
from wijkapp.directory import service as directory
from wijkapp.kit import time

SLOTS = 28  # dayparts of a week
LEAST_PROVIDERS = 3  # of fewer one could guess whose room it is


def coverage(db: Session, wijk_id: UUID) -> tuple[int, ...] | None:
    """Per daypart 1 when a team has free minutes by a figure that can be trusted, else 0.

    None: too few providers filled in their dayparts to show it.
    """
    moment = time.now()
    teams = {team.id: team for team in directory.teams_in(db, [wijk_id])}
    terms = agreements.terms_for(db, wijk_id, moment)
    trusted = [
        one
        for one in capacity.figures(db, list(teams))
        if any(one.week) and freshness(one.confirmed_at, moment, terms) is not Freshness.STALE
    ]
    if len({teams[one.team_id].organisation_id for one in trusted}) < LEAST_PROVIDERS:
        return None
    weeks = [one.week for one in trusted if one.places and not one.full]
    return tuple(int(any(week[slot] for week in weeks)) for slot in range(SLOTS))
