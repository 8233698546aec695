"""The client chooses one offer, or a few that together are enough: all of them, or none."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from wijkapp.capacity import service as capacity
from wijkapp.capacity.rules import NO_WEEK
from wijkapp.kit import time
from wijkapp.kit.db import changed, new_id, transaction
from wijkapp.kit.errors import NotFound, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.matching import parts
from wijkapp.matching.models import CareRequest, Choice, ChoiceOption, Offer, Placement, PlacementTake
from wijkapp.matching.rules import Chooser, OfferStatus, Step
from wijkapp.matching.service import follow, placed, promises, talk
from wijkapp.matching.service.answer import OfferGone
from wijkapp.matching.service.post import owned
from wijkapp.matching.service.steps import take_step, to_providers
from wijkapp.people.models import Account

MOST = 12  # offers in one choice


class NotTogether(Refused):
    """These offers make no sense together: one of them has nothing left to do."""

    sentence = _("Deze aanbiedingen horen niet bij elkaar. Kies een voorstel van het scherm.")


@dataclass(frozen=True)
class How:
    """What comes with a choice.

    ask_rest  what the chosen offers leave over is asked anew, in a request of its own
    seen_at   when the page was made on which was chosen: what came later was no alternative. None: just now
    """

    ask_rest: bool = False
    seen_at: datetime | None = None


def choose_offer(actor: Account, offer_id: UUID, chosen_by: Chooser, how: How = How()) -> UUID:
    """The client chose this offer. As `choose`; gives the request."""
    with transaction() as db:
        offer = db.get(Offer, offer_id)
        if offer is None:
            raise NotFound(str(_("Dit aanbod is er niet.")))
        return _choose(db, actor, offer.care_request_id, [offer_id], chosen_by, how)


def choose(
    actor: Account, request_id: UUID, offer_ids: Collection[UUID], chosen_by: Chooser, how: How = How()
) -> UUID:
    """The client chose these offers together: close the request, take every place, tell everybody.

    All of it or nothing. Raises OfferGone when one of them was taken back, NoPlaceLeft when another placement
    took the last place of one of them, AlreadyPlaced when this request has a placement.
    """
    with transaction() as db:
        return _choose(db, actor, request_id, offer_ids, chosen_by, how)


def _choose(
    db: Session,
    actor: Account,
    request_id: UUID,
    offer_ids: Collection[UUID],
    chosen_by: Chooser,
    how: How,
) -> UUID:
    request = owned(db, actor, request_id, "matching.choose")
    chosen = _offers(db, request.id, offer_ids)
    if _chose_already(db, actor, request.id, chosen):
        return request.id  # a double tap
    take_step(db, request.id, Step.CHOOSE, escalate_at=None, wants_more=False)
    standing = _standing(db, request.id)
    shown = [one for one in standing if one in chosen or how.seen_at is None or one.offered_at <= how.seen_at]
    _claim(db, chosen)
    shares = _shares(request, chosen)
    choice = _record(db, actor, request, chosen_by, shown, chosen)
    made = [_place(db, request, choice, offer, share, len(shown)) for offer, share in shares]
    _take(db, request, made)
    for placement, offer in made:
        placed.open_file(db, request, offer, placement.id)
        talk.open_with(db, request, offer.organisation_id, offer.offered_by_id)
    _tell(db, request, [offer for _placement, offer in made], standing)
    if how.ask_rest:
        follow.ask_rest(db, request, [placement.week for placement, _offer in made])
    return request.id


def _offers(db: Session, request_id: UUID, offer_ids: Collection[UUID]) -> Sequence[Offer]:
    """These offers, if they are all of this request. In one order, whatever the page sent."""
    wanted = set(offer_ids)
    found = db.scalars(
        select(Offer).where(Offer.id.in_(wanted), Offer.care_request_id == request_id).order_by(Offer.id)
    ).all()
    if not found or len(found) != len(wanted) or len(found) > MOST:
        raise NotFound(str(_("Dit aanbod is er niet.")))
    return found


def _chose_already(db: Session, actor: Account, request_id: UUID, chosen: Sequence[Offer]) -> bool:
    standing = placed.lasting(db, request_id)
    return bool(standing) and {(one.offer_id, one.recorded_by_id) for one in standing} == {
        (offer.id, actor.id) for offer in chosen
    }


def _standing(db: Session, request_id: UUID) -> Sequence[Offer]:
    """Every offer that can be chosen now."""
    return db.scalars(
        select(Offer).where(Offer.care_request_id == request_id, Offer.status == OfferStatus.OPEN)
    ).all()


def _claim(db: Session, chosen: Sequence[Offer]) -> None:
    claimed = changed(
        db,
        update(Offer)
        .where(Offer.id.in_([offer.id for offer in chosen]), Offer.status == OfferStatus.OPEN)
        .values(status=OfferStatus.CHOSEN),
    )
    if claimed != len(chosen):  # one was taken back at the same moment: then none is chosen
        raise OfferGone


def _shares(request: CareRequest, chosen: Sequence[Offer]) -> list[tuple[Offer, tuple[int, ...]]]:
    """Who does what: minutes per slot of the request. Earliest first where two can do the same."""
    in_turn = parts.in_order(request, chosen)
    shares = parts.shared(request, in_turn).shares
    if not all(any(share) for share in shares):
        raise NotTogether
    return list(zip(in_turn, shares, strict=True))


def _record(
    db: Session,
    actor: Account,
    request: CareRequest,
    chosen_by: Chooser,
    shown: Sequence[Offer],
    chosen: Sequence[Offer],
) -> Choice:
    """Who chose, when, and what there was to choose, in the order in which it was shown."""
    choice = Choice(
        id=new_id(),
        care_request_id=request.id,
        chosen_by=chosen_by,
        recorded_by_id=actor.id,
        chosen_at=time.now(),
    )
    db.add(choice)
    db.flush()
    options: list[tuple[UUID, ...]] = [(offer.id,) for offer in parts.in_order(request, shown)]
    options += [one.offer_ids for one in parts.together(request, parts.in_order(request, shown))]
    taken = {offer.id for offer in chosen}
    if not any(set(option) == taken for option in options):
        options.append(tuple(taken))  # a combination of the asker's own making
    db.add_all(
        ChoiceOption(choice_id=choice.id, number=number, offer_id=offer_id, chosen=set(option) == taken)
        for number, option in enumerate(options, 1)
        for offer_id in option
    )
    return choice


def _place(
    db: Session, request: CareRequest, choice: Choice, offer: Offer, week: tuple[int, ...], shown: int
) -> tuple[Placement, Offer]:
    placement = Placement(
        id=new_id(),
        care_request_id=request.id,
        offer_id=offer.id,
        choice_id=choice.id,
        week=week,
        chosen_by=choice.chosen_by,
        shown_offers=shown,
        recorded_by_id=choice.recorded_by_id,
        placed_at=choice.chosen_at,
    )
    db.add(placement)
    db.flush()
    return placement, offer


def _take(db: Session, request: CareRequest, made: Sequence[tuple[Placement, Offer]]) -> None:
    """A place for every kind of care that is asked; the hours are counted once, with the first kind."""
    # In one order, whatever the request: two placements at the same teams never wait for each other.
    for placement, offer in sorted(made, key=lambda pair: pair[1].team_id):
        hours = parts.moved(placement.week, offer.counter)
        for product in sorted(request.products):
            week = hours if product == request.products[0] else NO_WEEK
            took = capacity.take(db, offer.team_id, product, week)
            db.add(PlacementTake(placement_id=placement.id, take_id=took.id))


def _tell(db: Session, request: CareRequest, chosen: Sequence[Offer], standing: Sequence[Offer]) -> None:
    """Who was chosen hears it, and who was not: their offer no longer stands."""
    theirs = [offer.organisation_id for offer in chosen]
    talk.close(db, request.id, but_with=theirs)
    promises.over(db, [offer.id for offer in standing])
    passed_over = db.scalars(
        update(Offer)
        .where(Offer.care_request_id == request.id, Offer.status == OfferStatus.OPEN)
        .values(status=OfferStatus.NOT_CHOSEN)
        .returning(Offer.organisation_id)
    ).all()
    to_providers(db, request, "matching.placed", theirs)
    to_providers(db, request, "matching.not_chosen", passed_over)
