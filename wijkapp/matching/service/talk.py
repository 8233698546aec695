"""The thread between who asks and one provider: it opens with the offer and closes when all is said.

It has the id of the invitation, so before and after the choice it is one conversation.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkapp.chat import service as chat
from wijkapp.chat.rules import Kind
from wijkapp.kit import time
from wijkapp.matching.models import CareRequest, Invitation
from wijkapp.matching.rare import Where


def open_with(db: Session, request: CareRequest, organisation_id: UUID, offered_by: UUID) -> None:
    """This provider offered, or was chosen: they can talk."""
    invitation_id = db.scalars(
        select(Invitation.id).where(
            Invitation.care_request_id == request.id, Invitation.organisation_id == organisation_id
        )
    ).one()
    chat.open_thread(
        db,
        Kind.REQUEST,
        invitation_id,
        parties=(request.organisation_id, organisation_id),
        page_id=request.id,
        wijk_id=request.wijk_id,
        names_wijk=request.shown_where is not Where.MUNICIPALITY,
        readers=(request.posted_by_id, offered_by),
    )


def close(db: Session, request_id: UUID, but_with: Collection[UUID] = ()) -> None:
    """The request ended, or providers were chosen.

    but_with  the organisations that were chosen: with them one goes on talking
    """
    moment: datetime = time.now()
    others = select(Invitation.id).where(
        Invitation.care_request_id == request_id, Invitation.organisation_id.not_in(but_with)
    )
    chat.close_threads(db, Kind.REQUEST, db.scalars(others).all(), moment)


def close_with(db: Session, request_id: UUID, organisation_id: UUID) -> None:
    """One provider of a combination is out; with the others one goes on talking."""
    theirs = select(Invitation.id).where(
        Invitation.care_request_id == request_id, Invitation.organisation_id == organisation_id
    )
    chat.close_threads(db, Kind.REQUEST, db.scalars(theirs).all(), time.now())
