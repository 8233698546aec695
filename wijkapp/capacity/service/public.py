"""What anybody may know of a wijk: who gives care there and whom to call. No person, and no client."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkapp.agreements.service import terms_for
from wijkapp.capacity.rules import Light
from wijkapp.capacity.service.look import Shown, lights
from wijkapp.directory.models import Postcode, Wijk
from wijkapp.directory.rules import WIJK_CODE
from wijkapp.kit import time
from wijkapp.kit.db import reading
from wijkapp.kit.errors import NotFound
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Organisation

# What is worth most to who looks for care comes first.
_ORDER = (Light.FREE, Light.FEW, Light.LATER, Light.UNKNOWN, Light.FULL, Light.CLOSED)


@dataclass(frozen=True)
class PublicCare:
    """One kind of care of one provider. light: only where the wijk decided to show it."""

    name: str
    light: Light | None
    from_date: date | None


@dataclass(frozen=True)
class PublicProvider:
    """An organisation that gives care in the wijk."""

    name: str
    phone: str | None
    place: str | None
    care: Sequence[PublicCare]


@dataclass(frozen=True)
class PublicWijk:
    """All of a wijk that stands on its public page."""

    code: str
    name: str
    municipality: str
    pc4s: Sequence[str]
    phone: str | None  # one number of all providers together
    providers: Sequence[PublicProvider]
    unnamed: int  # zzp'ers that did not choose to be named
    figures: bool


def public_wijk(code: str) -> PublicWijk:
    """Who works in a wijk, for anybody. Raises NotFound."""
    if not WIJK_CODE.fullmatch(code):
        raise NotFound(str(_("Deze wijk kennen we niet.")))
    moment = time.now()
    with reading() as db:
        wijk = db.scalar(select(Wijk).where(Wijk.code == code))
        if wijk is None:
            raise NotFound(str(_("Deze wijk kennen we niet.")))
        figures = terms_for(db, wijk.id, moment).public_figures
        shown = lights(db, wijk.id, moment)
        named, unnamed = _providers(shown, figures)
        return PublicWijk(
            code=wijk.code,
            name=wijk.name,
            municipality=wijk.municipality,
            pc4s=_pc4s(db, wijk.id),
            phone=wijk.shared_phone,
            providers=named,
            unnamed=unnamed,
            figures=figures,
        )


def _pc4s(db: Session, wijk_id: UUID) -> Sequence[str]:
    return db.scalars(select(Postcode.pc4).where(Postcode.wijk_id == wijk_id).order_by(Postcode.pc4)).all()


def _providers(shown: Iterable[Shown], figures: bool) -> tuple[list[PublicProvider], int]:
    by_organisation: dict[Organisation, list[Shown]] = {}
    for one in shown:
        by_organisation.setdefault(one.team.organisation, []).append(one)
    named = [
        PublicProvider(
            name=organisation.name,
            phone=organisation.phone or next((one.team.phone for one in those if one.team.phone), None),
            place=organisation.place,
            care=_care(those, figures),
        )
        for organisation, those in by_organisation.items()
        if organisation.is_public
    ]
    return named, len(by_organisation) - len(named)


def _care(shown: Sequence[Shown], figures: bool) -> list[PublicCare]:
    """Each kind of care once; of several teams the one with the most room counts."""
    best: dict[str, Shown] = {}
    for one in shown:
        known = best.get(one.product.code)
        if known is None or _ORDER.index(one.light) < _ORDER.index(known.light):
            best[one.product.code] = one
    return [
        PublicCare(
            name=one.product.word,
            light=one.light if figures else None,
            from_date=one.figure.from_date if figures and one.figure else None,
        )
        for one in best.values()
    ]
