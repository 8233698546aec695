"""A team that takes nobody for a while: closed for a holiday, or stopped until it expects to go on."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from wijkapp.capacity import rules
from wijkapp.capacity.models import CapacityPause
from wijkapp.capacity.rules import PauseKind, PauseReason
from wijkapp.capacity.service.own import own_team
from wijkapp.directory.models import Team
from wijkapp.directory.service import contacts_for
from wijkapp.kit import outbox, time
from wijkapp.kit.db import changed, reading, rows, transaction
from wijkapp.kit.errors import Invalid, NotFound
from wijkapp.kit.words import gettext
from wijkapp.people import access
from wijkapp.people.models import Account


@dataclass(frozen=True, slots=True)
class Pause:
    """One pause as it stands. until_on: last day; of a stop: as they expect it."""

    id: UUID
    team_id: UUID
    kind: PauseKind
    reason: PauseReason
    from_on: date
    until_on: date


_COLUMNS = tuple(getattr(CapacityPause, name) for name in Pause.__slots__)


# Everybody's first pages ask these, so they are made once.
_OWN = select(Team.id).where(Team.organisation_id == bindparam("own"), Team.active)
_COMING = (
    select(*_COLUMNS)
    .where(
        CapacityPause.team_id.in_(bindparam("teams", expanding=True)),
        CapacityPause.until_on >= bindparam("day"),
        CapacityPause.ended_at.is_(None),
    )
    .order_by(CapacityPause.from_on, CapacityPause.id)
)
_STANDING = (
    select(*_COLUMNS)
    .where(
        CapacityPause.team_id.in_(bindparam("teams", expanding=True)),
        CapacityPause.from_on <= bindparam("day"),
        CapacityPause.until_on >= bindparam("day"),
        CapacityPause.ended_at.is_(None),
    )
    .order_by(CapacityPause.until_on, CapacityPause.id)
)


def pauses(db: Session, team_ids: Collection[UUID], day: date) -> dict[UUID, Pause]:
    """Which of these teams take nobody on this day; of several pauses the one that lasts longest."""
    found = rows(db, _STANDING, {"teams": team_ids, "day": day})
    return {row.team_id: Pause(*row) for row in found}


def own_pauses(actor: Account) -> dict[UUID, list[Pause]]:
    """Per own team what stands or is still to come, the first one first. Raises NotAllowed."""
    access.require(actor, "capacity.publish", organisation_id=actor.organisation_id)
    with reading() as db:
        mine = rows(db, _OWN, {"own": actor.organisation_id}).scalars().all()
        found: dict[UUID, list[Pause]] = {}
        for one in coming(db, mine, time.today()):
            found.setdefault(one.team_id, []).append(one)
        return found


def coming(db: Session, team_ids: Collection[UUID], day: date) -> list[Pause]:
    """Pauses of these teams that stand or are still to come, the first one first."""
    return [Pause(*row) for row in rows(db, _COMING, {"teams": team_ids, "day": day})]


def pause(
    actor: Account, team_ids: Collection[UUID], reason: PauseReason, from_on: date, until_on: date
) -> None:
    """These own teams take nobody from the first to the last day, both included.

    Raises Invalid with a message per field, NotAllowed, NotFound.
    """
    _check_days(from_on, until_on)
    if not team_ids:
        raise Invalid(fields={"teams": gettext("Kies minstens één team.")})
    with transaction() as db:
        for team_id in dict.fromkeys(team_ids):
            team = own_team(db, actor, team_id)
            _check_overlap(db, team, from_on, until_on)
            db.add(
                CapacityPause(
                    team_id=team.id,
                    kind=rules.kind_of(reason),
                    reason=reason,
                    from_on=from_on,
                    until_on=until_on,
                    made_at=time.now(),
                    made_by_id=actor.id,
                )
            )
            _tell(db, team)


def resume(actor: Account, pause_id: UUID) -> None:
    """The team takes clients again, or will not close after all. Raises NotFound, NotAllowed."""
    with transaction() as db:
        found = db.get(CapacityPause, pause_id)
        if found is None:
            raise NotFound
        team = own_team(db, actor, found.team_id)
        ended = changed(
            db,
            update(CapacityPause)
            .where(CapacityPause.id == pause_id, CapacityPause.ended_at.is_(None))
            .values(ended_at=time.now(), ended_by_id=actor.id),
        )
        if ended != 1:  # a colleague did it at the same time
            raise NotFound
        _tell(db, team)


def _check_days(from_on: date, until_on: date) -> None:
    today = time.today()
    if not today <= from_on <= today + rules.LONGEST_AHEAD:
        raise Invalid(fields={"from_on": gettext("Kies een dag tussen vandaag en een jaar vooruit.")})
    if not from_on <= until_on <= from_on + rules.LONGEST_PAUSE:
        raise Invalid(fields={"until_on": gettext("Kies een dag na de eerste dag, hooguit een jaar later.")})


def _check_overlap(db: Session, team: Team, from_on: date, until_on: date) -> None:
    for one in coming(db, [team.id], from_on):
        if one.from_on <= until_on:
            raise Invalid(
                fields={
                    "from_on": gettext(
                        "%(team)s neemt dan al niemand aan. Haal dat eerst weg.", team=team.name
                    )
                }
            )


def _tell(db: Session, team: Team) -> None:
    """Colleagues see it on an open page."""
    contacts = contacts_for(db, team.organisation_id, team.wijk_id, time.today())
    outbox.record(db, "capacity.taken", about=team.id, to=[one.id for one in contacts])
