"""Who lives in a wijk, and which care is and is not given there: what a wijk is to be measured by."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkapp.directory.models import CareProduct, Team, WijkPopulation

LAW, KINDS = "Zvw", ("care", "theme", "chain")  # that somebody should give in every wijk


def population(db: Session, wijk_ids: Collection[UUID]) -> dict[UUID, WijkPopulation]:
    """The newest count of each wijk; a wijk that nobody loaded a count of is not in it."""
    rows = db.scalars(
        select(WijkPopulation).where(WijkPopulation.wijk_id.in_(wijk_ids)).order_by(WijkPopulation.counted_on)
    )
    return {one.wijk_id: one for one in rows}


@dataclass(frozen=True)
class Offered:
    """Kinds of care of home nursing: those that a team in a wijk gives, and those that none does."""

    given: Sequence[CareProduct]
    missing: Sequence[CareProduct]


def offered(teams: Iterable[Team], products: Iterable[CareProduct]) -> Offered:
    """What these teams give together, of all kinds of care there are."""
    given = {code for team in teams for code in team.products}
    known = list(products)
    return Offered(
        [one for one in known if one.code in given],
        [one for one in known if one.code not in given and one.law == LAW and one.kind in KINDS],
    )
