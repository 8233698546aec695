"""A request that follows another: again, for the rest, for more hours, cut off from it, or to take over."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from wijkapp.capacity.rules import NO_WEEK
from wijkapp.kit import time
from wijkapp.kit.db import changed, new_id, reading, transaction
from wijkapp.kit.errors import Invalid, NotFound, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.matching import parts
from wijkapp.matching.models import CareRequest, Offer
from wijkapp.matching.rules import (
    ANSWERABLE,
    FARTHEST_START,
    FollowKind,
    OfferStatus,
    RequestStatus,
    Step,
    after,
)
from wijkapp.matching.service import placed
from wijkapp.matching.service.post import Profile, look_first, owned, post_request, send
from wijkapp.matching.service.steps import to_askers, to_providers
from wijkapp.people import access
from wijkapp.people.models import Account

MAY_MOVE = ANSWERABLE | {RequestStatus.MATCHED, RequestStatus.HANDED_OVER}
"""While a request is here its first day may change: care has not begun."""

BY_WHO_GIVES_CARE = frozenset({FollowKind.TAKEOVER, FollowKind.BACKUP, FollowKind.MORE})
BY_WHO_ASKED = frozenset({FollowKind.AGAIN, FollowKind.REST, FollowKind.MORE})


class OffersStand(Refused):
    """Somebody offered already, on the request as it is."""

    sentence = _("Er staat al aanbod op deze zorgvraag. Kies daaruit, en vraag daarna de rest.")


class CareBegan(Refused):
    """There is no first day to change any more."""

    sentence = _("De zorg is al begonnen. Spreek een andere dag af met de aanbieder.")


def ask_rest(
    db: Session, request: CareRequest, done: Sequence[Sequence[int]], kind: FollowKind = FollowKind.REST
) -> UUID | None:
    """Ask anew what these weeks (minutes per slot) leave over of a request. None when nothing is left."""
    visits = parts.visits_left(request, done)
    if not any(visits):
        return None
    poster = db.get_one(Account, request.posted_by_id)
    profile = replace(
        profile_of(request),
        moments=visits,
        minutes_per_week=max(1, sum(parts.minutes_left(request, done))),
        start_on=max(request.start_on, time.today()),
        follows_id=request.id,
        follow_kind=kind,
    )
    return send(db, poster, new_id(), profile, to_nobody=True)


def profile_of(request: CareRequest) -> Profile:
    """What was asked, to ask it once more."""
    return Profile(
        pc4=request.pc4,
        products=request.products,
        skills=request.skills,
        moments=request.moments,
        minutes_per_week=request.minutes_per_week,
        urgency=request.urgency,
        start_on=request.start_on,
        shown_where=request.shown_where,
        ehealth=request.ehealth,
        carer_gender=request.carer_gender,
        language=request.language,
        uzovi=request.uzovi,
        remark=request.remark,
        until_on=request.until_on,
    )


def to_follow(actor: Account, request_id: UUID, kind: FollowKind) -> Profile:
    """What to fill in beforehand, for a request that follows this one. Raises NotFound when one may not."""
    with reading() as db:
        request, week = _followed(db, actor, request_id, kind)
        profile = replace(profile_of(request), follows_id=request.id, follow_kind=kind)
        if kind is FollowKind.MORE:  # only what comes on top of it is asked
            return replace(profile, moments=NO_WEEK, minutes_per_week=0, start_on=time.today())
        if week is not None:
            visits = parts.visits_in(request, week)
            profile = replace(profile, moments=visits, minutes_per_week=sum(week))
        return replace(profile, start_on=max(profile.start_on, time.today()))


def post_following(actor: Account, form_id: UUID, profile: Profile) -> UUID:
    """Send a request that follows another one. As `post_request`, and tells who asked for the first one."""
    if profile.follow_kind is FollowKind.BACKUP and profile.until_on is None:
        raise Invalid(fields={"until_on": str(_("Tot en met welke dag is de achterwacht nodig?"))})
    if profile.follows_id is None or profile.follow_kind is None:
        return post_request(actor, form_id, profile)
    access.require(actor, "matching.post")
    with transaction() as db:
        request, _week = _followed(db, actor, profile.follows_id, profile.follow_kind)
        look_first(db, actor, form_id, profile)
        made = send(db, actor, form_id, profile)
        if request.organisation_id != actor.organisation_id:
            to_askers(db, request, f"matching.{_TOLD[profile.follow_kind]}")
    return made


_TOLD = {
    FollowKind.TAKEOVER: "takeover_asked",
    FollowKind.BACKUP: "backup_asked",
    FollowKind.MORE: "more_asked",
}


def _followed(
    db: Session, actor: Account, request_id: UUID, kind: FollowKind
) -> tuple[CareRequest, tuple[int, ...] | None]:
    """The request to follow, and the week of the actor's own placement when it gives the care.

    Raises NotFound for whoever did not ask for it and does not give the care.
    """
    request = db.get(CareRequest, request_id)
    if request is None or not access.may(actor, "matching.post", organisation_id=actor.organisation_id):
        raise NotFound(str(_("Deze zorgvraag is er niet, of is niet van jouw organisatie.")))
    if request.organisation_id == actor.organisation_id and kind in BY_WHO_ASKED:
        return request, None
    if kind in BY_WHO_GIVES_CARE:
        for placement in placed.lasting(db, request_id):
            if placement.offer.organisation_id == actor.organisation_id:
                return request, placement.week
    raise NotFound(str(_("Deze zorgvraag is er niet, of is niet van jouw organisatie.")))


def move_start(actor: Account, request_id: UUID, start_on: date) -> None:
    """The first day changes, such as when somebody stays in hospital longer; everybody involved hears it."""
    today = time.today()
    if not today <= start_on <= today + FARTHEST_START:
        sentence = str(_("Kies een dag vanaf vandaag en binnen een half jaar."))
        raise Invalid(fields={"start_on": sentence})
    with transaction() as db:
        request = owned(db, actor, request_id, "matching.post")
        moved = changed(
            db,
            update(CareRequest)
            .where(
                CareRequest.id == request_id,
                CareRequest.status.in_(MAY_MOVE),
                CareRequest.start_on != start_on,
            )
            .values(start_on=start_on),
        )
        if moved != 1:
            db.refresh(request)
            if request.status is RequestStatus.IN_CARE:
                raise CareBegan
            if request.status not in MAY_MOVE:
                after(request.status, Step.OFFER)
            return  # a double tap
        to_providers(db, request, "matching.start_moved", _involved(db, request_id))


def _involved(db: Session, request_id: UUID) -> Sequence[UUID]:
    """Whoever offered or was chosen, and did not take that back."""
    standing = (OfferStatus.OPEN, OfferStatus.CHOSEN)
    return db.scalars(
        select(Offer.organisation_id).where(Offer.care_request_id == request_id, Offer.status.in_(standing))
    ).all()


def split(actor: Account, request_id: UUID, visits: Sequence[int]) -> UUID:
    """Cut a request in two: these visits (28 slots) are asked in a request of their own. Gives that one.

    Raises OffersStand when somebody offered already, and Invalid when nothing or everything is cut off.
    """
    with transaction() as db:
        owned(db, actor, request_id, "matching.post")
        request = db.get_one(CareRequest, request_id, with_for_update=True)
        after(request.status, Step.OFFER)
        if request.status is RequestStatus.OFFERED:
            raise OffersStand
        _check_split(request, visits)
        off = parts.week_for(request, visits, None)
        stays = tuple(have - cut for have, cut in zip(request.moments, visits, strict=True))
        made = ask_rest(db, request, [parts.week_for(request, stays, None)], FollowKind.SPLIT)
        request.moments = stays
        request.minutes_per_week = max(1, request.minutes_per_week - sum(off))
        db.flush()
        to_askers(db, request, "matching.status")
    return made or request_id


def _check_split(request: CareRequest, visits: Sequence[int]) -> None:
    fits = len(visits) == len(request.moments) and all(
        0 <= cut <= have for cut, have in zip(visits, request.moments, strict=True)
    )
    if not fits or not any(visits) or tuple(visits) == request.moments:
        sentence = str(_("Kies een deel van de momenten: niet alles, en niet niets."))
        raise Invalid(fields={"moments": sentence})


def keep_open(actor: Account, request_id: UUID) -> None:
    """An offer stands, and the asker waits for more: the clock goes on asking as if none stood."""
    with transaction() as db:
        request = owned(db, actor, request_id, "matching.choose")
        kept = changed(
            db,
            update(CareRequest)
            .where(CareRequest.id == request_id, CareRequest.status.in_(ANSWERABLE))
            .values(wants_more=True, escalate_at=time.now()),
        )
        if kept != 1:
            db.refresh(request)
            after(request.status, Step.OFFER)


def around(db: Session, request: CareRequest) -> list[CareRequest]:
    """The requests this one follows, and those that follow it; oldest first."""
    rows = db.scalars(
        select(CareRequest)
        .where((CareRequest.follows_id == request.id) | (CareRequest.id == request.follows_id))
        .order_by(CareRequest.posted_at)
    )
    return list(rows)
