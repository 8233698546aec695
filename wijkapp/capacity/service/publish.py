"""What a team says about its own free places."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from wijkapp.capacity import rules
from wijkapp.capacity.models import Capacity, CapacityChange
from wijkapp.capacity.rules import Change
from wijkapp.capacity.service.own import own_figure, own_team
from wijkapp.capacity.service.place import note
from wijkapp.directory.models import Team
from wijkapp.kit import time
from wijkapp.kit.db import insert_new, new_id, transaction
from wijkapp.kit.errors import Invalid, NotFound, Refused
from wijkapp.kit.words import gettext, ngettext
from wijkapp.people import access
from wijkapp.people.models import Account

NOT_THERE = 0
"""The version of a figure that nobody filled in yet."""


@dataclass(frozen=True, slots=True)
class Published:
    """What somebody fills in for one team and product.

    week  free minutes a week in each of the 28 daypart slots
    """

    places: int
    week: tuple[int, ...]
    from_date: date
    skills: tuple[str, ...] = ()
    full: bool = False
    waiting_list: bool = False
    expected_on: date | None = None  # without a place: first day they expect one


class ChangedMeanwhile(Refused):
    """Somebody, or a placement, changed the figure after this person saw it; both must be looked at."""


def publish(actor: Account, team_id: UUID, product: str, figure: Published, seen: int) -> UUID:
    """The team has this free from now on.

    seen  the version of the figure the person was looking at; NOT_THERE when there was none

    Gives the figure's id. Raises Invalid with a message per field, ChangedMeanwhile, NotAllowed, NotFound.
    """
    with transaction() as db:
        team = own_team(db, actor, team_id)
        _check(team, product, figure)
        values = {name: getattr(figure, name) for name in Published.__slots__}
        if figure.places and not figure.full:
            values["expected_on"] = None  # there is a place: `from_date` says from when
        if seen == NOT_THERE:
            return _first_figure(db, actor, team, product, values)
        known = select(Capacity.id).where(Capacity.team_id == team_id, Capacity.product == product)
        capacity_id = db.scalar(known)
        if capacity_id is None:
            raise NotFound
        _change(db, actor, capacity_id, seen, values)
        return capacity_id


def set_places(actor: Account, capacity_id: UUID, places: int, seen: int) -> int:
    """The team has so many places from now on; the rest stays as it was. Gives the new version."""
    with transaction() as db:
        own_figure(db, actor, capacity_id)
        _check_places(places)
        return _change(db, actor, capacity_id, seen, {"places": places})


def set_full(actor: Account, capacity_id: UUID, full: bool) -> None:
    """The team is full, or no longer, whatever the number says."""
    with transaction() as db:
        figure = own_figure(db, actor, capacity_id)
        values: dict[str, Any] = {"full": full} if full else {"full": False, "expected_on": None}
        _change(db, actor, capacity_id, figure.version, values)


def confirm(actor: Account, capacity_id: UUID) -> None:
    """This figure is still right. Changes nothing but the moment it was confirmed."""
    with transaction() as db:
        figure = own_figure(db, actor, capacity_id)
        _confirm(db, actor, [figure.id])


def confirm_all(actor: Account, team_id: UUID | None = None) -> int:
    """All of the own organisation's figures are still right, or those of one team. Gives how many."""
    access.require(actor, "capacity.publish", organisation_id=actor.organisation_id)
    with transaction() as db:
        own = (
            select(Capacity.id, Capacity.product, Team.products)
            .join(Capacity.team)
            .where(Team.organisation_id == actor.organisation_id, Team.active)
        )
        if team_id is not None:
            own = own.where(Team.id == own_team(db, actor, team_id).id)
        figures = db.execute(own)
        # A kind of care the team no longer offers is on no page, so nobody confirms it.
        offered = [figure.id for figure in figures if figure.product in figure.products]
        _confirm(db, actor, offered)
    return len(offered)


def _confirm(db: Session, actor: Account, capacity_ids: list[UUID]) -> None:
    moment = time.now()
    db.execute(
        update(Capacity)
        .where(Capacity.id.in_(capacity_ids))
        .values(confirmed_at=moment, confirmed_by_id=actor.id)
        .execution_options(synchronize_session="fetch")
    )
    figures = db.execute(
        select(Capacity.id, Capacity.places, Capacity.full).where(Capacity.id.in_(capacity_ids))
    )
    db.add_all(
        CapacityChange(
            capacity_id=figure.id,
            what=Change.CONFIRMED,
            places=figure.places,
            full=figure.full,
            changed_at=moment,
            changed_by_id=actor.id,
        )
        for figure in figures
    )


def _first_figure(db: Session, actor: Account, team: Team, product: str, values: dict[str, Any]) -> UUID:
    moment, capacity_id = time.now(), new_id()
    new = {"id": capacity_id, "team_id": team.id, "product": product, **values}
    insert_new(db, Capacity, [new | {"confirmed_at": moment, "confirmed_by_id": actor.id}])
    there = db.scalars(
        select(Capacity.id).where(Capacity.team_id == team.id, Capacity.product == product)
    ).one()
    if there != capacity_id:  # a colleague filled it in at the same time
        raise _changed_meanwhile(db, actor, there)
    note(db, capacity_id, Change.PUBLISHED, moment, actor.id)
    return capacity_id


def _change(db: Session, actor: Account, capacity_id: UUID, seen: int, values: dict[str, Any]) -> int:
    moment = time.now()
    changed = db.scalar(
        update(Capacity)
        .where(Capacity.id == capacity_id, Capacity.version == seen)
        .values(**values, version=seen + 1, confirmed_at=moment, confirmed_by_id=actor.id)
        .returning(Capacity.version)
        .execution_options(synchronize_session="fetch")
    )
    if changed is None:
        raise _changed_meanwhile(db, actor, capacity_id)
    note(db, capacity_id, Change.PUBLISHED, moment, actor.id)
    return changed


def _changed_meanwhile(db: Session, actor: Account, capacity_id: UUID) -> ChangedMeanwhile:
    places = db.scalars(select(Capacity.places).where(Capacity.id == capacity_id)).one()
    last = db.scalars(
        select(CapacityChange)
        .where(CapacityChange.capacity_id == capacity_id, CapacityChange.what != Change.CONFIRMED)
        .order_by(CapacityChange.changed_at.desc(), CapacityChange.id.desc())
        .limit(1)
    ).first()
    return ChangedMeanwhile(_who_changed(db, actor, last, places))


def _who_changed(db: Session, actor: Account, last: CapacityChange | None, places: int) -> str:
    if last is not None and last.changed_by_id == actor.id:
        return ngettext(
            "Je hebt dit net al aangepast: %(num)s plek. Kijk het even na.",
            "Je hebt dit net al aangepast: %(num)s plekken. Kijk het even na.",
            places,
        )
    who = db.get(Account, last.changed_by_id) if last is not None and last.changed_by_id else None
    if who is None:
        return ngettext(
            "Er is net een cliënt geplaatst of vrijgekomen: nu %(num)s plek. Kijk het even na.",
            "Er is net een cliënt geplaatst of vrijgekomen: nu %(num)s plekken. Kijk het even na.",
            places,
        )
    return ngettext(
        "%(name)s heeft dit net aangepast: %(num)s plek. Kijk het even na.",
        "%(name)s heeft dit net aangepast: %(num)s plekken. Kijk het even na.",
        places,
        name=who.name.split()[0],
    )


def _check(team: Team, product: str, figure: Published) -> None:
    if product not in team.products:
        raise NotFound
    _check_places(figure.places)
    if len(figure.week) != rules.SLOTS or not all(
        0 <= free <= rules.MOST_SLOT_MINUTES for free in figure.week
    ):
        raise Invalid(fields={"week": gettext("Kies per dagdeel 0 tot 24 uur.")})
    today = time.today()
    if not today - rules.LONGEST_BACK <= figure.from_date <= today + rules.LONGEST_AHEAD:
        raise Invalid(fields={"from_date": gettext("Kies een dag tussen vandaag en een jaar vooruit.")})
    if figure.expected_on and not today <= figure.expected_on <= today + rules.LONGEST_AHEAD:
        raise Invalid(fields={"expected_on": gettext("Kies een dag tussen vandaag en een jaar vooruit.")})
    if not set(figure.skills) <= set(team.skills):
        raise Invalid(fields={"skills": gettext("Kies alleen wat dit team in huis heeft.")})


def _check_places(places: int) -> None:
    if not 0 <= places <= rules.MOST_PLACES:
        raise Invalid(fields={"places": gettext("Vul een getal van 0 tot en met 99 in.")})
