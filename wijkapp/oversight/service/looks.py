"""Who looked at a region from outside: written down at each look, and shown to the providers."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from wijkapp.directory import service as directory
from wijkapp.kit import time
from wijkapp.kit.db import reading, transaction
from wijkapp.oversight.models import OutsiderLook
from wijkapp.oversight.rules.looks import LOOKS_KEPT, SHOWN, Look
from wijkapp.people import access
from wijkapp.people.models import Account
from wijkapp.people.rules import Role

MOST = 300


@dataclass(frozen=True)
class Looked:
    """What a page shows to whom: to be written down when an outsider sees it."""

    region_id: UUID
    what: Look
    wijk_id: UUID | None = None


def is_outsider(actor: Account) -> bool:
    """Somebody who looks on: of an insurer, a zorgkantoor, a municipality."""
    return Role.VIEWER in actor.role_set or access.looks_on(actor)


def write_down(actor: Account, looked: Sequence[Looked]) -> None:
    """This person sees this now."""
    with transaction() as db:
        db.add_all(
            OutsiderLook(
                account_id=actor.id,
                organisation_id=actor.organisation_id,
                region_id=one.region_id,
                wijk_id=one.wijk_id,
                what=one.what,
                at=time.now(),
            )
            for one in looked
        )


def looks(actor: Account) -> Sequence[OutsiderLook]:
    """Who looked at the regions one takes part in, the last one first. Raises NotAllowed."""
    access.require(actor, "oversight.looks")
    with reading() as db:
        return db.scalars(
            select(OutsiderLook)
            .options(
                joinedload(OutsiderLook.account),
                joinedload(OutsiderLook.organisation),
                joinedload(OutsiderLook.wijk),
            )
            .where(
                OutsiderLook.region_id.in_(directory.regions_of(db, actor.organisation_id)),
                OutsiderLook.at >= time.now() - SHOWN,
            )
            .order_by(OutsiderLook.at.desc())
            .limit(MOST)
        ).all()


def forget() -> None:
    """What is kept no longer."""
    with transaction() as db:
        db.execute(delete(OutsiderLook).where(OutsiderLook.at < time.now() - LOOKS_KEPT))
