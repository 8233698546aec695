"""Who is in reach of a request: teams around it, what they have free, and how they rank."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkapp.agreements.rules import Terms
from wijkapp.capacity import service as capacity
from wijkapp.capacity.rules import freshness
from wijkapp.directory import service as directory
from wijkapp.directory.models import Team, Wijk
from wijkapp.directory.rules import Distance
from wijkapp.kit import time
from wijkapp.matching.ranking import Candidate, Figure, Need, Ranked, rank
from wijkapp.people.models import Account, Organisation


def ranked(
    db: Session, need: Need, wijk: Wijk, terms: Terms, turn: int, moment: datetime
) -> tuple[list[Ranked], dict[UUID, list[Account]]]:
    """Every provider in reach, best first, and per provider whom to call about this wijk.

    turn  which of `terms.rounds`, from 1
    """
    distances = directory.around(db, wijk)
    teams = _teams(db, list(distances))
    figures = _figures(db, teams, need, terms, moment)
    contacts = directory.contacts_by_place(
        db, {(team[1], team[2]) for team in teams}, time.local(moment).date()
    )
    candidates = [
        Candidate(
            team_id=team_id,
            organisation_id=organisation_id,
            distance=distances[wijk_id],
            products=frozenset(products),
            skills=frozenset(skills),
            level=level,
            languages=frozenset(languages),
            contracts=frozenset(contracts),
            figures=tuple(figures.get(team_id, ())),
            reachable=bool(contacts[organisation_id, wijk_id]),
        )
        for team_id, organisation_id, wijk_id, products, skills, level, languages, contracts in teams
    ]
    found = rank(need, candidates, asked_in(terms, turn))
    wijk_of = {team[0]: team[2] for team in teams}
    people = {
        one.candidate.organisation_id: [
            contact.account
            for contact in contacts[one.candidate.organisation_id, wijk_of[one.candidate.team_id]]
        ]
        for one in found
    }
    return found, people


def asked_in(terms: Terms, turn: int) -> frozenset[Distance]:
    """The distances that this round asks."""
    return terms.rounds[min(turn, len(terms.rounds)) - 1]


def _teams(db: Session, wijk_ids: Sequence[UUID]) -> Sequence[tuple]:
    return db.execute(
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
        .where(Team.wijk_id.in_(wijk_ids), Team.active, Organisation.active)
    ).all()


def _figures(
    db: Session, teams: Sequence[tuple], need: Need, terms: Terms, moment: datetime
) -> dict[UUID, list[Figure]]:
    found: dict[UUID, list[Figure]] = {}
    for one in capacity.figures(db, [team[0] for team in teams], need.products):
        fresh = freshness(one.confirmed_at, moment, terms.fresh_for, terms.stale_after)
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
    levels = [p.min_level for p in directory.products(db) if p.code in products]
    levels += [s.min_level for s in directory.skills(db) if s.code in skills]
    return max((level for level in levels if level), default=2)
