"""What the demo's teams have free, how that came to be, who takes nobody, and who kept a promise."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from datetime import time as hour
from itertools import count, cycle
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from wijkapp.capacity import service as capacity
from wijkapp.capacity.models import (
    Capacity,
    CapacityAsk,
    CapacityChange,
    CapacityHold,
    CapacityPause,
    CapacityPromise,
    CapacityRhythm,
    CapacityTake,
)
from wijkapp.capacity.rules import Change, Outcome, PauseReason, kind_of
from wijkapp.demo.parties import PROVIDERS, Care
from wijkapp.directory import service as directory
from wijkapp.directory.models import Team
from wijkapp.kit import time
from wijkapp.kit.calendar import is_free_day, working_time
from wijkapp.kit.db import new_id
from wijkapp.matching.models import CareRequest, Invitation, Offer
from wijkapp.matching.rules import Answer, DeclineReason, OfferStatus
from wijkapp.people.models import Organisation

# Places and hours since somebody confirmed the figure.
ROOM = {
    "free": (3, 4),
    "few": (1, 2),
    "full": (0, 6),
    "later": (2, 9),
    "ageing": (2, 31),
    "stale": (2, 9 * 24),
}
LATER, SINCE = timedelta(days=10), timedelta(days=20)  # from when there is room
EXPECTED = timedelta(days=24)

WEEKS = 8  # of history
MORE = (1, 0, 2, 1, 0, 1, 2, 0)  # places on top of those of today, per week: a client comes, another leaves
LOOKS_AT = (8, 55)  # when a team looks at its figures, give or take

# Team, why, first day and number of days. None of those who are answered for by hand takes nobody now.
PAUSES = (
    ("Thuiszorg Kastanjedal", PauseReason.SHORT_STAFFED, -6, 40),
    ("Buurtverpleging Zonnekwartier", PauseReason.HOLIDAY, -2, 12),
    ("Wijkzorg Wilgenwoud", PauseReason.PUBLIC_HOLIDAYS, 30, 9),
)
KINDS = (
    CapacityTake,
    CapacityChange,
    CapacityHold,
    CapacityPromise,
    CapacityPause,
    CapacityAsk,
    CapacityRhythm,
)


def forget(db: Session) -> None:
    """What teams have free, and all that hangs on it."""
    for kind in (*KINDS, Capacity):
        db.execute(delete(kind))


def write(db: Session) -> None:
    """What every team of the demo has free, as of now."""
    numbers = count(1)
    moves: list[dict[str, Any]] = []
    for party in PROVIDERS:
        if party.care is None:
            continue
        rooms = cycle(party.care.room)
        for team in _teams(db, party.name):
            confirmer = directory.contacts_for(db, team.organisation_id, team.wijk_id, time.today())[0]
            for product in team.products:
                number = next(numbers)
                figure = _figure(number, team, product, next(rooms), party.care)
                figure.confirmed_by_id = confirmer.id
                db.add(figure)
                moves += _moves(number, figure)
    db.flush()
    db.execute(insert(CapacityChange), moves)
    for name, reason, first, days in PAUSES:
        db.add(_pause(db, _teams(db, name)[-1], reason, time.today() + timedelta(days=first), days))


def _teams(db: Session, name: str) -> Sequence[Team]:
    return db.scalars(
        select(Team).join(Team.organisation).where(Organisation.name == name).order_by(Team.id)
    ).all()


def _figure(number: int, team: Team, product: str, room: str, care: Care) -> Capacity:
    places, hours = ROOM[room]
    full = room == "full" and number % 2 == 0
    return Capacity(
        id=new_id(),
        team_id=team.id,
        product=product,
        places=places,
        week=_week(places, at_night=care.at_night),
        from_date=time.today() + (LATER if room == "later" else -SINCE),
        full=full,
        waiting_list=room == "full" and number % 3 == 0,
        expected_on=time.today() + EXPECTED if full else None,
        # Nobody confirms everything in the same minute.
        confirmed_at=_ago(hours) - timedelta(minutes=number * 7 % 53),
    )


def _ago(hours: int) -> datetime:
    """So long ago; one that fades now does so also when it is weekend, which makes no figure older."""
    now, age = time.now(), timedelta(hours=hours)
    moment = now - age
    while hours == ROOM["ageing"][1] and working_time(moment, now) < age:
        moment -= timedelta(hours=1)
    return moment


def _week(places: int, *, at_night: bool) -> tuple[int, ...]:
    """Free minutes per daypart that go with so many places; nights only for those who work then."""
    day = (0, 0, 60, 120) if at_night else (90, 45, 60, 0)
    return tuple(minutes * places for _weekday in range(7) for minutes in day)


def _moves(number: int, figure: Capacity) -> Iterator[dict[str, Any]]:
    """The weeks before it was last confirmed: filled in, looked at, and now and then a client came."""
    last = time.local(figure.confirmed_at).date()
    before = figure.places + MORE[number % len(MORE)]
    for ago in range(WEEKS * 7, 0, -1):
        day = last - timedelta(days=ago)
        places = figure.places + (MORE[(number + ago // 7) % len(MORE)] if ago > 2 else 0)
        if places < before:
            yield _move(figure, Change.TAKEN, before - 1, _at(day, number) + timedelta(hours=5), None)
            before -= 1
        elif not is_free_day(day) and (places > before or (number + ago) % 2):
            what = Change.PUBLISHED if places > before or ago == WEEKS * 7 else Change.CONFIRMED
            yield _move(figure, what, places, _at(day, number), figure.confirmed_by_id)
            before = places
    yield _move(figure, Change.CONFIRMED, figure.places, figure.confirmed_at, figure.confirmed_by_id)


def _at(day: date, number: int) -> datetime:
    """About when a team looks: at all of its figures in a quarter of an hour."""
    return datetime.combine(day, hour(*LOOKS_AT), tzinfo=time.AMSTERDAM) + timedelta(minutes=number % 17)


def _move(figure: Capacity, what: Change, places: int, moment: datetime, by_id: object) -> dict[str, Any]:
    return {
        "id": new_id(),
        "capacity_id": figure.id,
        "what": what,
        "places": places,
        "full": figure.full and moment == figure.confirmed_at,
        "changed_at": moment,
        "changed_by_id": by_id,
    }


def _pause(db: Session, team: Team, reason: PauseReason, first: date, days: int) -> CapacityPause:
    maker = directory.contacts_for(db, team.organisation_id, team.wijk_id, time.today())[0]
    return CapacityPause(
        team_id=team.id,
        kind=kind_of(reason),
        reason=reason,
        from_on=first,
        until_on=first + timedelta(days=days),
        made_at=time.now() - timedelta(days=7),
        made_by_id=maker.id,
    )


def promises(db: Session, request: CareRequest, invitations: Iterable[Invitation]) -> None:
    """What came of asking those who said to have a place; and what is being talked about now."""
    free = set(
        db.scalars(
            select(Capacity.team_id).where(
                Capacity.product == request.products[0], Capacity.places > 0, Capacity.full.is_(False)
            )
        )
    )
    for one in invitations:
        if one.asked_at and one.team_id in free:
            db.add(
                CapacityPromise(
                    care_request_id=request.id,
                    organisation_id=one.organisation_id,
                    team_id=one.team_id,
                    asked_at=one.asked_at,
                    outcome=_outcome(one),
                    answered_at=one.answered_at,
                )
            )
    offers = select(Offer).where(Offer.care_request_id == request.id, Offer.status == OfferStatus.OPEN)
    for offer in db.scalars(offers):
        capacity.hold(db, offer_id=offer.id, team_id=offer.team_id, product=request.products[0])


def _outcome(one: Invitation) -> Outcome | None:
    if one.answer is Answer.OFFERED:
        return Outcome.KEPT
    if one.answer is not Answer.DECLINED:
        return None
    # No room at those hours is no wrong figure.
    return Outcome.NO_ROOM if one.decline_reason is DeclineReason.NO_ROOM else Outcome.OTHER
