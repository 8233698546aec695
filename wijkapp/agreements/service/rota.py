"""What a region agreed about evenings, nights and weekends; every change is a new version."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from wijkapp.agreements import rota_terms
from wijkapp.agreements.models import RotaTermsVersion
from wijkapp.agreements.rota_terms import RotaTerms
from wijkapp.agreements.service.terms import ChangedMeanwhile
from wijkapp.directory import service as directory
from wijkapp.directory.models import Region
from wijkapp.kit import time
from wijkapp.kit.db import new_id, rows, transaction
from wijkapp.kit.errors import Invalid
from wijkapp.kit.words import lazy as _
from wijkapp.people import access
from wijkapp.people.models import Account


@dataclass(frozen=True)
class RotaTermsPage:
    """What one region agreed. versions: newest first; `standing` is the one in force, None: the defaults."""

    terms: RotaTerms
    versions: Sequence[RotaTermsVersion]
    standing: RotaTermsVersion | None

    @property
    def seen(self) -> str:
        """Which version somebody looked at who is going to change it."""
        return str(self.versions[0].id) if self.versions else ""

    @property
    def newest(self) -> RotaTerms:
        """What was agreed last, also when it does not hold yet."""
        return self.versions[0].clauses if self.versions else self.terms

    @property
    def coming(self) -> Sequence[RotaTermsVersion]:
        """Agreed, and not in force yet."""
        return [one for one in self.versions if one.valid_from > time.now()]


def rota_terms_for(db: Session, region_id: UUID, moment: datetime) -> RotaTerms:
    """The terms this region works by at this moment (UTC); one that agreed on nothing has the defaults."""
    return rota_terms_of(db, [region_id], moment)[region_id]


# The first page of whoever takes duties asks this, so it is made once.
_AGREED = (
    select(RotaTermsVersion.region_id, RotaTermsVersion.clauses)
    .where(
        RotaTermsVersion.region_id.in_(bindparam("regions", expanding=True)),
        RotaTermsVersion.valid_from <= bindparam("moment"),
    )
    .order_by(RotaTermsVersion.valid_from, RotaTermsVersion.id)  # the last one stands
)


def rota_terms_of(db: Session, region_ids: Collection[UUID], moment: datetime) -> dict[UUID, RotaTerms]:
    """The same for several regions, in one question."""
    found = rows(db, _AGREED, {"regions": list(region_ids), "moment": moment})
    agreed = {row.region_id: row.clauses for row in found}
    return {region_id: agreed.get(region_id, rota_terms.DEFAULTS) for region_id in region_ids}


def rota_terms_page(db: Session, region_id: UUID, moment: datetime) -> RotaTermsPage:
    """What this region agreed, and what it agreed before."""
    versions = db.scalars(
        select(RotaTermsVersion)
        .options(joinedload(RotaTermsVersion.made_by))
        .where(RotaTermsVersion.region_id == region_id)
        .order_by(RotaTermsVersion.valid_from.desc(), RotaTermsVersion.id.desc())
    ).all()
    standing = next((one for one in versions if one.valid_from <= moment), None)
    return RotaTermsPage(standing.clauses if standing else rota_terms.DEFAULTS, versions, standing)


def agree_on_rota(
    actor: Account, region_id: UUID, clauses: RotaTerms, valid_from: date, *, seen: str | None = None
) -> UUID:
    """From this day on the region works by these terms; a rota that was laid out stays as it was.

    valid_from  a day in Amsterdam; today means from now on
    seen        the version that was changed, as `RotaTermsPage.seen` gave it; None: whatever stands

    Raises NotAllowed, ChangedMeanwhile, or Invalid with a message per clause.
    """
    moment = time.now()
    wrong = {name: str(message) for name, message in rota_terms.wrong_in(clauses).items()}
    if valid_from < time.today():
        wrong["valid_from"] = str(_("Kies vandaag of een dag die nog komt."))
    with transaction() as db:
        db.get_one(Region, region_id, with_for_update=True)
        regions = directory.regions_of(db, actor.organisation_id)
        access.require(actor, "agreements.change", region_id=region_id, regions=regions)
        if wrong:
            raise Invalid(fields=wrong)
        if seen is not None and seen != rota_terms_page(db, region_id, moment).seen:
            raise ChangedMeanwhile
        made = RotaTermsVersion(
            id=new_id(),
            region_id=region_id,
            valid_from=max(moment, time.day_starts(valid_from)),
            clauses=clauses,
            made_by_id=actor.id,
            made_at=moment,
        )
        db.add(made)
    return made.id
