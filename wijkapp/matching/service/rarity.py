"""How many people live around a request: whether its postcode and profile point to somebody."""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wijkapp.directory.models import Postcode, Wijk
from wijkapp.matching.rare import Inhabitants, TooFew, warning


def too_few(db: Session, wijk: Wijk, pc4: str, codes: Iterable[str], language: str | None) -> TooFew | None:
    """The warning for this profile in this postcode; None when enough people have it."""
    return warning(inhabitants(db, wijk, pc4), codes, language)


def inhabitants(db: Session, wijk: Wijk, pc4: str) -> Inhabitants:
    """What was loaded about the place of a request and the places around it."""
    there = select(Postcode.inhabitants).where(Postcode.pc4 == pc4).scalar_subquery()
    postcodes = select(func.count()).where(Postcode.wijk_id == wijk.id).scalar_subquery()
    municipality = (
        select(func.sum(Wijk.inhabitants))
        .where(Wijk.municipality_code == wijk.municipality_code)
        .scalar_subquery()
    )
    own, number, around = db.execute(select(there, postcodes, municipality)).one()
    return Inhabitants(pc4=own, wijk=wijk.inhabitants, municipality=around, pc4s_in_wijk=number)
