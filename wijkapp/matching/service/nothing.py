"""Nobody can: what else there is, said honestly, and a word as soon as a place opens."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from wijkapp.capacity import service as capacity
from wijkapp.capacity.models import Capacity
from wijkapp.directory import service as directory
from wijkapp.directory.models import Team, Wijk
from wijkapp.directory.rules import Distance
from wijkapp.kit import outbox, time
from wijkapp.kit.db import changed, insert_new, new_id, transaction
from wijkapp.matching import parts
from wijkapp.matching.models import CareRequest, Invitation, Offer, PlaceWatch
from wijkapp.matching.ranking import WAITING, Reason
from wijkapp.matching.rules import ANSWERABLE, Answer, RequestStatus
from wijkapp.matching.service.post import owned
from wijkapp.matching.service.steps import terms_of_request
from wijkapp.people.models import Account, Organisation

ON_CALL = frozenset({"onplanbare_anw", "oproepbare_verpleging", "oproepbare_verzorging"})
"""Kinds of care of who comes out in the evening and at night, and may bridge some days."""

COULD_COME = frozenset({Answer.SILENT, Answer.SEEN})

NEVER_HERE = frozenset({Reason.NOT_OFFERED, Reason.SKILL_MISSING, Reason.LEVEL_TOO_LOW, Reason.ASKS_ITSELF})
"""Why a provider is not asked whom an opening does not help either."""


@dataclass(frozen=True)
class NightTeam:
    """Somebody to ring who may bridge some days."""

    organisation: Organisation
    team: Team


@dataclass(frozen=True)
class Nothing:
    """What there is when nobody can take a request as it was asked.

    opening    the first day somebody in reach expects a place, and with whom; published when it is sure
    left       visits per slot that no standing offer does; empty when nobody offered a part
    nearby     providers further off that were not asked yet and have room now
    watching   this person hears of the first place that opens
    """

    opening: date | None
    opening_at: str
    published: bool
    left: tuple[int, ...]
    night: Sequence[NightTeam]
    nearby: int
    watching: bool


def nothing_free(
    db: Session,
    actor: Account,
    request: CareRequest,
    invitations: Sequence[Invitation],
    offers: Sequence[Offer],
    *,
    covered: bool,
) -> Nothing | None:
    """What there is instead; None while somebody may still come, or when there is something to choose.

    covered  one of the offers, or a few together, do all that is asked
    """
    if covered or not _nobody_can(db, request, invitations):
        return None
    able = [one for one in invitations if not NEVER_HERE & {Reason(code) for code in one.reasons}]
    opening, opening_at = _opening(db, request, able)
    return Nothing(
        opening=opening.day if opening else None,
        opening_at=opening_at,
        published=opening.published if opening else False,
        left=parts.visits_left(request, [offer.week for offer in offers]) if offers else (),
        night=_night_teams(db, request),
        nearby=_nearby(db, request, able),
        watching=_watching(db, actor, request.id),
    )


def _nobody_can(db: Session, request: CareRequest, invitations: Sequence[Invitation]) -> bool:
    if request.status is RequestStatus.UNFILLABLE:
        return True
    if request.status not in ANSWERABLE:
        return False
    may_come = any(
        one.answer in COULD_COME and (one.asked_at or not WAITING.isdisjoint(one.reasons))
        for one in invitations
    )
    last_round = request.round >= len(terms_of_request(db, request).rounds)
    return not may_come or (last_round and request.answer_by <= time.now())


def _opening(
    db: Session, request: CareRequest, able: Sequence[Invitation]
) -> tuple[capacity.Opening | None, str]:
    """The first day that one of these teams has a place for the first kind of care that is asked."""
    name_of = {one.team_id: one.organisation.name for one in able}
    after = max(request.start_on, time.today())
    declined = {one.team_id for one in able if one.answer is Answer.DECLINED}
    product = request.products[0]
    opening = capacity.next_opening(db, set(name_of) - declined, product, after)
    if opening is None:  # who said no for that day may have a place later
        opening = capacity.next_opening(db, declined, product, after + timedelta(days=1))
    return opening, name_of[opening.team_id] if opening else ""


def _night_teams(db: Session, request: CareRequest) -> list[NightTeam]:
    distances = directory.around(db, db.get_one(Wijk, request.wijk_id))
    near = [wijk_id for wijk_id, distance in distances.items() if distance is not Distance.REGION]
    teams = db.scalars(
        select(Team)
        .join(Organisation, Organisation.id == Team.organisation_id)
        .options(joinedload(Team.organisation))
        .where(Team.wijk_id.in_(near), Team.active, Organisation.active)
        .order_by(Organisation.name, Team.id)
    )
    found: dict[UUID, NightTeam] = {}
    for team in teams:
        if ON_CALL & set(team.products):
            found.setdefault(team.organisation_id, NightTeam(team.organisation, team))
    return list(found.values())


def _nearby(db: Session, request: CareRequest, able: Sequence[Invitation]) -> int:
    further = {one.team_id for one in able if Reason.NEXT_ROUND in {Reason(code) for code in one.reasons}}
    return len(_with_room(db, further, request.products))


def _with_room(db: Session, team_ids: Collection[UUID], products: Sequence[str]) -> set[UUID]:
    """Those of these teams that have a place now for every kind of care that is asked."""
    today, open_at = time.today(), dict[UUID, set[str]]()
    for one in capacity.figures(db, team_ids, products):
        if one.places and not one.full and one.from_date <= today:
            open_at.setdefault(one.team_id, set()).add(one.product)
    return {team_id for team_id, free in open_at.items() if free >= set(products)}


# --- tell me of the first place


def _watching(db: Session, actor: Account, request_id: UUID) -> bool:
    return bool(
        db.scalar(
            select(PlaceWatch.id).where(
                PlaceWatch.care_request_id == request_id,
                PlaceWatch.account_id == actor.id,
                PlaceWatch.told_at.is_(None),
            )
        )
    )


def watch_for_place(actor: Account, request_id: UUID) -> None:
    """Tell this person once, as soon as somebody in reach publishes a place. Twice is once."""
    with transaction() as db:
        request = owned(db, actor, request_id, "matching.post")
        row = {
            "id": new_id(),
            "care_request_id": request.id,
            "account_id": actor.id,
            "since": time.now(),
        }
        insert_new(db, PlaceWatch, [row])


def stop_watching(actor: Account, request_id: UUID) -> None:
    """It is no longer needed."""
    with transaction() as db:
        owned(db, actor, request_id, "matching.post")
        changed(
            db,
            update(PlaceWatch)
            .where(
                PlaceWatch.care_request_id == request_id,
                PlaceWatch.account_id == actor.id,
                PlaceWatch.told_at.is_(None),
            )
            .values(told_at=time.now()),
        )


def waiting_for_a_place(db: Session, most: int) -> Sequence[UUID]:
    """Those who wait for a place in the reach of their request, of which some figure moved since."""
    moved = (
        select(Capacity.id)
        .join(Invitation, Invitation.team_id == Capacity.team_id)
        .where(
            Invitation.care_request_id == PlaceWatch.care_request_id,
            Capacity.places > 0,
            Capacity.full.is_(False),
            Capacity.confirmed_at > PlaceWatch.since,
        )
    )
    return db.scalars(
        select(PlaceWatch.id)
        .where(PlaceWatch.told_at.is_(None), moved.exists())
        .order_by(PlaceWatch.since)
        .limit(most)
    ).all()


def tell_when_open(watch_id: UUID) -> bool:
    """Tell them, once, if a team that gives this care has a place now; not who no longer needs it."""
    with transaction() as db:
        watch = db.get_one(PlaceWatch, watch_id)
        request = db.get_one(CareRequest, watch.care_request_id)
        wanted = request.status in ANSWERABLE or request.status is RequestStatus.UNFILLABLE
        if wanted and not _opened(db, request, watch.since):
            return False
        claimed = changed(
            db,
            update(PlaceWatch)
            .where(PlaceWatch.id == watch_id, PlaceWatch.told_at.is_(None))
            .values(told_at=time.now()),
        )
        if claimed != 1 or not wanted:
            return False
        outbox.record(db, "matching.place_opened", about=request.id, to=[watch.account_id])
    return True


def _opened(db: Session, request: CareRequest, since: datetime) -> bool:
    """Has a team in reach that gives this care a place now, in a figure that moved since?"""
    rows = db.execute(
        select(Invitation.team_id, Invitation.reasons).where(Invitation.care_request_id == request.id)
    )
    able = {row.team_id for row in rows if not NEVER_HERE & {Reason(code) for code in row.reasons}}
    figures = capacity.figures(db, able, request.products)
    moved = {one.team_id for one in figures if one.confirmed_at > since}
    return bool(_with_room(db, moved, request.products))
