"""Who is in reach of a request: teams around it, what they have free, and how they rank."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from wijkapp.agreements.rules import Terms
from wijkapp.capacity import service as capacity
from wijkapp.capacity.rules import freshness
from wijkapp.directory import service as directory
from wijkapp.directory.models import CareProduct, Skill, Team, Wijk
from wijkapp.directory.rules import Distance
from wijkapp.kit import time
from wijkapp.matching.ranking import Candidate, Figure, Need, Ranked, excluded, rank
from wijkapp.people.models import Account, Organisation

LOWEST = 2  # skill level: helpende


def ranked(
    db: Session, need: Need, wijk: Wijk, terms: Terms, turn: int, moment: datetime
) -> tuple[list[Ranked], dict[UUID, list[Account]]]:
    """Every provider in reach, best first, and whom to tell at each that is asked.

    turn  which of `terms.rounds`, from 1
    """
    distances = directory.around(db, wijk)
    asked_at = asked_in(terms, turn)
    teams = _teams(db, distances)
    # Most teams of a region are not asked in its first round: their figures and people need not be read.
    may_be = [one.team_id for one in teams if excluded(need, one, asked_at) is None]
    figures = _figures(db, may_be, need, terms, moment)
    closed = capacity.pauses(db, may_be, time.local(moment).date())
    candidates = [
        replace(one, figures=tuple(figures.get(one.team_id, ())), closed=one.team_id in closed)
        for one in teams
    ]
    found = rank(need, candidates, asked_at)
    people = _people(db, [one.candidate for one in found if one.asked], moment)
    silent = {id for id, accounts in people.items() if not accounts}
    if silent:
        heard = [replace(one, reachable=one.organisation_id not in silent) for one in candidates]
        found = rank(need, heard, asked_at)
    return found, people


def asked_in(terms: Terms, turn: int) -> frozenset[Distance]:
    """The distances that this round asks."""
    return terms.rounds[min(turn, len(terms.rounds)) - 1]


def _teams(db: Session, distances: dict[UUID, Distance]) -> list[Candidate]:
    rows = db.execute(
        select(
            Team.id,
            Team.organisation_id,
            Team.wijk_id,
            Team.products,
            Team.skills,
            Team.highest_level,
            Team.languages,
            Team.contracts,
        )
        .join(Organisation, Organisation.id == Team.organisation_id)
        .where(Team.wijk_id.in_(distances), Team.active, Organisation.active)
    )
    return [
        Candidate(
            team_id=team_id,
            organisation_id=organisation_id,
            wijk_id=wijk_id,
            distance=distances[wijk_id],
            products=frozenset(products),
            skills=frozenset(skills),
            level=level,
            languages=frozenset(languages),
            contracts=frozenset(contracts),
        )
        for team_id, organisation_id, wijk_id, products, skills, level, languages, contracts in rows
    ]


def _people(db: Session, asked: Sequence[Candidate], moment: datetime) -> dict[UUID, list[Account]]:
    """Whom to tell at each of these providers, for the wijk of the team that is asked."""
    day = time.local(moment).date()
    contacts = directory.contacts_by_place(db, {(one.organisation_id, one.wijk_id) for one in asked}, day)
    return {place[0]: [contact.account for contact in here] for place, here in contacts.items()}


def _figures(
    db: Session, team_ids: Sequence[UUID], need: Need, terms: Terms, moment: datetime
) -> dict[UUID, list[Figure]]:
    found: dict[UUID, list[Figure]] = {}
    for one in capacity.figures(db, team_ids, need.products):
        fresh = freshness(one.confirmed_at, moment, terms)
        found.setdefault(one.team_id, []).append(
            Figure(
                product=one.product,
                places=one.places,
                week=one.week,
                from_date=one.from_date,
                full=one.full,
                fresh=fresh,
                skills=frozenset(one.skills),
            )
        )
    return found


def level_needed(db: Session, products: Sequence[str], skills: Sequence[str]) -> int:
    """The lowest skill level that may do all of this, 2..6."""
    levels = db.scalars(
        union_all(
            select(CareProduct.min_level).where(CareProduct.code.in_(products)),
            select(Skill.min_level).where(Skill.code.in_(skills)),
        )
    )
    return max((level for level in levels if level), default=LOWEST)
