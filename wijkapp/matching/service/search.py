"""Zoek zorg: who could come here, what they have free and whom to call. Asks nobody and stores nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkapp.agreements import service as agreements
from wijkapp.agreements.rules import Terms
from wijkapp.capacity import rules as capacity_rules
from wijkapp.capacity import service as capacity
from wijkapp.capacity.rules import NO_WEEK, Freshness, Light
from wijkapp.directory import service as directory
from wijkapp.directory.models import Team, Wijk
from wijkapp.directory.rules import Distance
from wijkapp.directory.service import Contact, Dot
from wijkapp.kit import time
from wijkapp.kit.db import reading
from wijkapp.kit.errors import Invalid
from wijkapp.kit.words import lazy as _
from wijkapp.matching.ranking import Need, Ranked, Reason
from wijkapp.matching.service import reach
from wijkapp.people import access
from wijkapp.people.models import Account, Organisation

MOST = 60
"""Providers in the list; whoever needs more than these phones nobody anyway."""

_CANNOT = frozenset({Reason.NOT_OFFERED, Reason.SKILL_MISSING, Reason.LEVEL_TOO_LOW})
_NEAR = frozenset({Distance.WIJK, Distance.NEIGHBOUR})
_ORDER = {
    light: place
    for place, light in enumerate(
        (Light.FREE, Light.FEW, Light.LATER, Light.UNKNOWN, Light.FULL, Light.CLOSED)
    )
}


class ElsewhereInTheCountry(Invalid):
    """A postcode of a region where the own organisation takes no part."""

    sentence = _("Jullie doen niet mee in de regio van deze postcode.")

    def __init__(self) -> None:
        super().__init__(fields={"pc4": str(self.sentence)})


@dataclass(frozen=True)
class Query:
    """What somebody looks for. room, near: only who has a place then, only in the wijk or next to it."""

    pc4: str
    products: tuple[str, ...]
    skills: tuple[str, ...]
    start_on: date
    language: str | None = None
    uzovi: str | None = None
    room: bool = False
    near: bool = False


@dataclass(frozen=True)
class Hit:
    """One provider that could come, by its best placed team."""

    organisation: Organisation
    team: Team
    wijk: Wijk
    distance: Distance
    light: Light
    fresh: Freshness
    from_date: date | None  # first day it has a place, or expects one; None when that is not known
    confirmed_at: datetime | None  # of its oldest figure; None: never filled in
    places: int | None  # None: not known, or not for this person to see
    contact: Contact | None
    reasons: tuple[Reason, ...]

    @property
    def phone(self) -> str | None:
        """The number that reaches somebody."""
        own = self.contact.account.phone if self.contact else None
        return own or self.team.phone or self.organisation.phone


@dataclass(frozen=True)
class Result:
    """Who was found, best first, and the map around it."""

    wijk: Wijk
    hits: Sequence[Hit]
    found: int  # before the filters
    cannot: int  # providers in reach that do not give this care
    dots: Sequence[Dot]
    wijken: dict[str, str]  # CBS code -> name, of everything on the map

    @property
    def with_room(self) -> int:
        return sum(one.light in (Light.FREE, Light.FEW) for one in self.hits)

    @property
    def soonest(self) -> Hit | None:
        """When nobody has a place: who has one first, or expects to. None when nobody knows."""
        ahead = [(one.from_date, place, one) for place, one in enumerate(self.hits) if one.from_date]
        return min(ahead)[2] if ahead and not self.with_room else None

    @property
    def here(self) -> tuple[float, float] | None:
        """The middle of the wijk that is asked for."""
        return middle(dot for dot in self.dots if dot.wijk == self.wijk.code)


def middle(dots: Iterable[Dot]) -> tuple[float, float] | None:
    """Where a wijk is drawn: the middle of its postcodes. None when none has a place on earth."""
    places = [dot.at for dot in dots]
    if not places:
        return None
    return sum(lat for lat, _lon in places) / len(places), sum(lon for _lat, lon in places) / len(places)


def search(actor: Account, query: Query) -> Result:
    """Who could take care like this. Raises UnknownPostcode or ElsewhereInTheCountry."""
    access.require(actor, "matching.post")
    moment = time.now()
    with reading() as db:
        wijk = directory.known_wijk_of(db, query.pc4)
        regions = directory.regions_of(db, actor.organisation_id)
        if not access.may(actor, "directory.look", region_id=wijk.region_id, regions=regions):
            raise ElsewhereInTheCountry
        terms = agreements.terms_for(db, wijk.id, moment)
        ranked, _people = reach.ranked(db, _need(db, query, actor), wijk, terms, len(terms.rounds), moment)
        able = [one for one in ranked if not _CANNOT.intersection(one.reasons)]
        others = [one for one in able if Reason.ASKS_ITSELF not in one.reasons]
        hits = _hits(db, actor, query, others, terms, moment)
        around = directory.around(db, wijk)
        return Result(
            wijk=wijk,
            hits=[one for one in hits if _wanted(query, one)][:MOST],
            found=len(hits),
            cannot=len(ranked) - len(able),
            dots=directory.dots(db, around),
            wijken=dict(db.execute(select(Wijk.code, Wijk.name).where(Wijk.id.in_(around))).all()),
        )


def _need(db: Session, query: Query, actor: Account) -> Need:
    return Need(
        products=frozenset(query.products),
        skills=frozenset(query.skills),
        level=reach.level_needed(db, query.products, query.skills),
        week=NO_WEEK,
        start_on=query.start_on,
        language=query.language,
        uzovi=query.uzovi,
        shuffle=query.pc4.encode(),
        asker_id=actor.organisation_id,
    )


def _wanted(query: Query, hit: Hit) -> bool:
    if query.room and hit.light not in (Light.FREE, Light.FEW):
        return False
    return not query.near or hit.distance in _NEAR


def _hits(
    db: Session, actor: Account, query: Query, ranked: Sequence[Ranked], terms: Terms, moment: datetime
) -> list[Hit]:
    teams = _teams(db, [one.candidate.team_id for one in ranked])
    figures: dict[UUID, list[capacity.Figure]] = {}
    for figure in capacity.figures(db, list(teams), query.products):
        figures.setdefault(figure.team_id, []).append(figure)
    contacts = directory.contacts_by_place(
        db, {(team.organisation_id, team.wijk_id) for team in teams.values()}, time.local(moment).date()
    )
    made = []
    for one in ranked:
        team = teams[one.candidate.team_id]
        known = figures.get(team.id, [])
        light, fresh = _sign(known, query, terms, moment)
        faces = contacts[team.organisation_id, team.wijk_id]
        trusted = light is not Light.UNKNOWN
        made.append(
            Hit(
                organisation=team.organisation,
                team=team,
                wijk=team.wijk,
                distance=one.candidate.distance,
                light=light,
                fresh=fresh,
                from_date=_first_day(known, light) if trusted else None,
                confirmed_at=min((figure.confirmed_at for figure in known), default=None),
                # Providers compete: one sees another's light, and no number of places.
                places=min(figure.places for figure in known)
                if trusted and not actor.organisation.is_provider
                else None,
                contact=faces[0] if faces else None,
                reasons=one.reasons,
            )
        )
    # Ranking looks at who is asked first; here somebody looks for a place, so what is free comes first.
    return sorted(made, key=lambda hit: _ORDER[hit.light])


def _first_day(figures: Sequence[capacity.Figure], light: Light) -> date | None:
    if light in (Light.FULL, Light.CLOSED):
        expected = [figure.expected_on for figure in figures if figure.full or figure.places == 0]
        known = [day for day in expected if day]
        return max(known) if known and len(known) == len(expected) else None
    return max(figure.from_date for figure in figures)


def _teams(db: Session, team_ids: Sequence[UUID]) -> dict[UUID, Team]:
    wanted = set(team_ids)
    wijk_ids = set(db.scalars(select(Team.wijk_id).where(Team.id.in_(wanted))))
    return {team.id: team for team in directory.teams_in(db, wijk_ids) if team.id in wanted}


def _sign(
    figures: Sequence[capacity.Figure], query: Query, terms: Terms, moment: datetime
) -> tuple[Light, Freshness]:
    """The light for all of this care together: that of the kind with the least room."""
    if {figure.product for figure in figures} != set(query.products):
        return Light.UNKNOWN, Freshness.STALE
    signs = []
    for figure in figures:
        fresh = capacity_rules.freshness(figure.confirmed_at, moment, terms)
        light = capacity_rules.light(
            places=figure.places,
            full=figure.full,
            from_date=figure.from_date,
            day=query.start_on,
            fresh=fresh,
        )
        signs.append((light, fresh))
    return max(signs, key=lambda sign: _ORDER[sign[0]])
