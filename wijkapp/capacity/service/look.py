"""Questions about free places; each joins the transaction of whoever asks, but for the team's own page."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, contains_eager, joinedload, load_only, raiseload

from wijkapp.agreements.rules import Terms
from wijkapp.agreements.service import terms_of
from wijkapp.capacity import rules
from wijkapp.capacity.models import Capacity, CapacityChange
from wijkapp.capacity.rules import Freshness, Light, PauseKind
from wijkapp.capacity.service.hold import held
from wijkapp.capacity.service.pause import Pause, pauses
from wijkapp.directory.models import CareProduct, Team, Wijk
from wijkapp.directory.service import products as every_product
from wijkapp.directory.service import regions_of, teams_in
from wijkapp.kit import time
from wijkapp.kit.db import reading, rows
from wijkapp.kit.errors import NotFound
from wijkapp.kit.words import gettext
from wijkapp.people import access
from wijkapp.people.models import Account


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure as ranking needs it. week: free minutes a week in each of the 28 slots.

    Of a team that takes nobody now the pause is in it: closed means free from the day after, stopped is full.
    """

    id: UUID
    team_id: UUID
    product: str
    places: int
    week: tuple[int, ...]
    from_date: date
    skills: tuple[str, ...]
    full: bool
    waiting_list: bool
    expected_on: date | None  # while there is no place: first day they expect one
    confirmed_at: datetime


_COLUMNS = tuple(getattr(Capacity, name) for name in Figure.__slots__)


def figures(db: Session, team_ids: Collection[UUID], products: Collection[str] | None = None) -> list[Figure]:
    """What these teams have free as things stand now. products: only for these; None: for all."""
    asked = select(*_COLUMNS).where(Capacity.team_id.in_(team_ids))
    if products is not None:
        asked = asked.where(Capacity.product.in_(products))
    paused = pauses(db, team_ids, time.today())
    return [_paused(Figure(*row), paused.get(row.team_id)) for row in db.execute(asked)]


def _paused(figure: Figure, pause: Pause | None) -> Figure:
    if pause is None:
        return figure
    after = pause.until_on + timedelta(days=1)
    if pause.kind is PauseKind.CLOSED:
        return replace(figure, from_date=max(figure.from_date, after))
    return replace(figure, full=True, expected_on=max(figure.expected_on or after, after))


@dataclass(frozen=True, slots=True)
class Shown:
    """A team's figure for one product with its traffic light, as it stands at one moment."""

    team: Team
    product: CareProduct
    figure: Capacity | None  # None: never filled in
    light: Light
    fresh: Freshness
    pause: Pause | None  # the team takes nobody, whatever the figure says
    held: int  # places that are being talked about: an offer is open


# These two are asked by everybody's first page, so they are made once.
_PUBLISHED = select(Capacity).where(Capacity.team_id.in_(bindparam("team_ids", expanding=True)))
# Of who confirmed a figure only the name is shown, on its own page: the rest of an account need not be read.
_WITH_WHO = _PUBLISHED.options(
    joinedload(Capacity.confirmed_by).options(load_only(Account.name), raiseload("*"))
)
_OWN_TEAMS = (
    select(Team)
    .join(Team.wijk)
    .options(contains_eager(Team.wijk))
    .where(Team.organisation_id == bindparam("organisation_id"), Team.active)
    .order_by(Wijk.name, Team.name, Team.id)
)


def _shown(
    db: Session, teams: Collection[Team], moment: datetime, published: Select[Capacity] = _PUBLISHED
) -> list[Shown]:
    """Every product of these teams, in the order of the list of products; `wijk` must be loaded."""
    team_ids = [team.id for team in teams]
    found = db.scalars(published, {"team_ids": team_ids})
    known = {(figure.team_id, figure.product): figure for figure in found}
    terms = terms_of(db, {team.wijk_id for team in teams}, moment)
    paused = pauses(db, team_ids, time.local(moment).date())
    talked_about = held(db, team_ids)
    products = every_product(db)
    shown = []
    for team in teams:
        for product in products:
            if product.code in team.products:
                figure = known.get((team.id, product.code))
                pause = paused.get(team.id)
                light, fresh = _how_it_stands(figure, pause, terms[team.wijk_id], moment)
                count = talked_about.get((team.id, product.code), 0)
                shown.append(Shown(team, product, figure, light, fresh, pause, count))
    return shown


def _how_it_stands(
    figure: Capacity | None, pause: Pause | None, terms: Terms, moment: datetime
) -> tuple[Light, Freshness]:
    if figure is None:
        return (Light.CLOSED if pause else Light.UNKNOWN), Freshness.STALE
    fresh = rules.freshness(figure.confirmed_at, moment, terms)
    light = rules.light(
        places=figure.places,
        full=figure.full,
        from_date=figure.from_date,
        day=time.local(moment).date(),
        fresh=fresh,
    )
    return (Light.CLOSED if pause else light), fresh


def lights(db: Session, wijk_id: UUID, moment: datetime) -> list[Shown]:
    """The traffic light of every team in a wijk for every product it offers, by organisation."""
    return _shown(db, teams_in(db, [wijk_id]), moment)


def mine(actor: Account) -> list[Shown]:
    """Every figure the own organisation keeps or has still to fill in; by wijk, team and product."""
    access.require(actor, "capacity.publish", organisation_id=actor.organisation_id)
    with reading() as db:
        return _shown(db, _own_teams(db, actor.organisation_id), time.now())


def _own_teams(db: Session, organisation_id: UUID) -> Collection[Team]:
    return db.scalars(_OWN_TEAMS, {"organisation_id": organisation_id}).all()


@dataclass(frozen=True, slots=True)
class Kept:
    """How well an organisation keeps its figures. For the card on its first page."""

    figures: int
    to_confirm: int  # no longer fresh, and those never filled in
    confirmed_at: datetime | None  # of the figure confirmed longest ago; None when there is no figure
    places: tuple[
        tuple[str, int], ...
    ]  # name of the product, free places over all teams; what has places only


# Everybody's first page asks this, and needs no whole teams or figures for it.
_TEAMS = select(Team.id, Team.wijk_id, Team.products).where(
    Team.organisation_id == bindparam("organisation_id"), Team.active
)
_PLACES = select(
    Capacity.team_id, Capacity.product, Capacity.places, Capacity.full, Capacity.confirmed_at
).where(Capacity.team_id.in_(bindparam("team_ids", expanding=True)))
_NAMES = select(CareProduct.code, CareProduct.name).order_by(CareProduct.position, CareProduct.code)


def unconfirmed(db: Session, organisation_id: UUID, moment: datetime) -> Kept:
    """What the own organisation published, how old that is, and whether somebody must look at it."""
    teams = {team.id: team for team in rows(db, _TEAMS, {"organisation_id": organisation_id})}
    published = [
        figure
        for figure in rows(db, _PLACES, {"team_ids": list(teams)})
        if figure.product in teams[figure.team_id].products
    ]
    terms = terms_of(db, {team.wijk_id for team in teams.values()}, moment)
    paused = pauses(db, list(teams), time.local(moment).date())
    fresh, places = 0, Counter[str]()
    for figure in published:
        if figure.team_id not in paused:
            agreed = terms[teams[figure.team_id].wijk_id]
            fresh += rules.freshness(figure.confirmed_at, moment, agreed) is Freshness.FRESH
            places[figure.product] += 0 if figure.full else figure.places
    names = {row.code: row.name for row in rows(db, _NAMES)}
    asked = sum(
        product in names for team in teams.values() if team.id not in paused for product in team.products
    )
    return Kept(
        figures=len(published),
        to_confirm=asked - fresh,
        confirmed_at=min((figure.confirmed_at for figure in published), default=None),
        places=tuple((gettext(name), places[code]) for code, name in names.items() if places[code]),
    )


def one_of_mine(actor: Account, capacity_id: UUID) -> Shown:
    """One figure of the own organisation. Raises NotFound, NotAllowed."""
    with reading() as db:
        figure = db.get(Capacity, capacity_id)
        if figure is None:
            raise NotFound
        return _mine_for(db, actor, figure.team_id, figure.product)


def mine_for(actor: Account, team_id: UUID, product: str) -> Shown:
    """The own team's figure for a product it offers, filled in or not. Raises NotFound, NotAllowed."""
    with reading() as db:
        return _mine_for(db, actor, team_id, product)


def _mine_for(db: Session, actor: Account, team_id: UUID, product: str) -> Shown:
    team = db.get(Team, team_id, options=[joinedload(Team.wijk), joinedload(Team.organisation)])
    if team is None or not team.active:
        raise NotFound
    access.require(actor, "capacity.publish", organisation_id=team.organisation_id)
    for one in _shown(db, [team], time.now(), _WITH_WHO):
        if one.product.code == product:
            return one
    raise NotFound


@dataclass(frozen=True, slots=True)
class Signal:
    """The traffic light of one team for one product, for somebody who looks at a wijk."""

    organisation: str
    team: str
    product: str
    light: Light
    fresh: Freshness
    from_date: date | None
    confirmed_at: datetime | None  # None: never filled in
    places: int | None  # None: not for this person to see
    waiting_list: bool
    closed_until: date | None = None  # last day that the team takes nobody; None: it takes clients
    held: int | None = None  # places that are being talked about; None: not for this person to see


def in_wijk(actor: Account, code: str) -> list[Signal]:
    """The lights of a wijk, for somebody who works in its region. Raises NotFound, NotAllowed.

    Providers compete: one sees another's light, and no number of places (ACM: not beyond what is needed).
    """
    with reading() as db:
        wijk = db.scalar(select(Wijk).where(Wijk.code == code))
        if wijk is None:
            raise NotFound
        regions = regions_of(db, actor.organisation_id)
        access.require(actor, "capacity.look", region_id=wijk.region_id, regions=regions)
        return [_signal(actor, one) for one in lights(db, wijk.id, time.now())]


def _signal(actor: Account, one: Shown) -> Signal:
    figure = one.figure
    own = one.team.organisation_id == actor.organisation_id
    sees_numbers = own or not actor.organisation.is_provider
    known = figure is not None and one.light not in {Light.UNKNOWN, Light.CLOSED}
    return Signal(
        organisation=one.team.organisation.name,
        team=one.team.name,
        product=one.product.word,
        light=one.light,
        fresh=one.fresh,
        from_date=figure.from_date if figure else None,
        confirmed_at=figure.confirmed_at if figure else None,
        places=figure.places if figure and known and sees_numbers else None,
        waiting_list=figure.waiting_list if figure else False,
        closed_until=one.pause.until_on if one.pause else None,
        held=one.held if sees_numbers else None,
    )


def history(db: Session, capacity_id: UUID, most: int = 10) -> Sequence[CapacityChange]:
    """How a figure moved, newest first; `changed_by` is loaded."""
    return db.scalars(
        select(CapacityChange)
        .options(joinedload(CapacityChange.changed_by))
        .where(CapacityChange.capacity_id == capacity_id)
        .order_by(CapacityChange.changed_at.desc(), CapacityChange.id.desc())
        .limit(most)
    ).all()
