"""What a region agreed about evenings, nights and weekends; every change is a new version."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from wijkapp.agreements import rota_terms, rule_sets
from wijkapp.agreements.models import Agreement, Document, RotaTermsVersion, State, Version
from wijkapp.agreements.register import Kind, Phase
from wijkapp.agreements.rota_terms import RotaTerms
from wijkapp.agreements.rule_sets import RuleSet
from wijkapp.agreements.service.terms import ChangedMeanwhile, add_version
from wijkapp.directory import service as directory
from wijkapp.directory.models import Region
from wijkapp.kit import time
from wijkapp.kit.db import rows, transaction
from wijkapp.kit.errors import Invalid
from wijkapp.kit.words import lazy as _
from wijkapp.people import access
from wijkapp.people.models import Account


@dataclass(frozen=True)
class SignedRota:
    """What all parties of an agreement about duties signed, from which day, and when the last one did."""

    agreement_id: UUID
    title: str
    terms: RotaTerms
    starts: date
    signed_at: datetime


@dataclass(frozen=True)
class RotaTermsPage:
    """What one region agreed. versions: newest first; `standing` is the one in force, None: the defaults.

    signed  agreements that say how duties go, the one that was signed last first
    """

    terms: RotaTerms
    versions: Sequence[RotaTermsVersion]
    standing: RotaTermsVersion | None
    signed: Sequence[SignedRota]

    @property
    def seen(self) -> str:
        """Which version somebody looked at who is going to change it."""
        return str(self.versions[0].id) if self.versions else ""

    @property
    def newest(self) -> RotaTerms:
        """What was agreed last, also when it does not hold yet."""
        return self.versions[0].clauses if self.versions else self.terms

    @property
    def source(self) -> SignedRota | None:
        """The agreement that these terms come from; None: somebody set them, or nobody did."""
        return source_of(self.terms, self.signed)

    @property
    def binding(self) -> SignedRota | None:
        """Whose terms somebody who changes them by hand departs from."""
        return self.source or next(iter(self.signed), None)

    @property
    def departed(self) -> bool:
        """Do the duties go otherwise than any agreement that was signed says?"""
        return bool(self.signed) and not self.source and not any(self.comes(one) for one in self.signed)

    def comes(self, one: SignedRota) -> bool:
        """Is it still to begin? One that was signed later may have taken over."""
        starts = time.day_starts(one.starts)
        then = next((each.clauses for each in self.versions if each.valid_from <= starts), None)
        return one.starts > time.today() and one.terms.agrees_with(then)

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


def rest_rules(db: Session, agreement: Agreement, first_day: date | None) -> RuleSet | None:
    """Of duties: the rules for rest and work on this day or today, with what the region chose by then."""
    if agreement.kind is not Kind.ANW:
        return None
    day = max(first_day or time.today(), time.today())
    terms = rota_terms_for(db, agreement.region_id, max(time.now(), time.day_starts(day)))
    return rule_sets.on_day(day).changed(terms.rules)


def rota_terms_page(db: Session, region_id: UUID, moment: datetime) -> RotaTermsPage:
    """What this region agreed, and what it agreed before."""
    versions = db.scalars(
        select(RotaTermsVersion)
        .options(joinedload(RotaTermsVersion.made_by))
        .where(RotaTermsVersion.region_id == region_id)
        .order_by(RotaTermsVersion.valid_from.desc(), RotaTermsVersion.id.desc())
    ).all()
    standing = next((one for one in versions if one.valid_from <= moment), None)
    terms = standing.clauses if standing else rota_terms.DEFAULTS
    return RotaTermsPage(terms, versions, standing, signed_rota(db, region_id))


def signed_rota(db: Session, region_id: UUID) -> Sequence[SignedRota]:
    """What the agreements about duties say that run here and are signed by all, the last signed first."""
    found = db.execute(
        select(Agreement.id, Agreement.title, Version.terms, Version.terms_from, Version.in_force_at)
        .join(Document, Document.agreement_id == Agreement.id)
        .join(Version, Version.document_id == Document.id)
        .where(
            Agreement.region_id == region_id,
            Agreement.kind == Kind.ANW,
            Agreement.phase != Phase.ENDED,
            Version.state == State.IN_FORCE,
            Version.terms.is_not(None),
        )
        .order_by(Version.in_force_at.desc(), Version.id.desc())
    )
    return [SignedRota(*row) for row in found]  # type: ignore[arg-type]  # in force, so none is None


def source_of(terms: RotaTerms, signed: Sequence[SignedRota]) -> SignedRota | None:
    """The agreement among these that says so."""
    return next((one for one in signed if one.terms.agrees_with(terms)), None)


def agree_on_rota(
    actor: Account, region_id: UUID, clauses: RotaTerms, valid_from: date, *, seen: str | None = None
) -> UUID:
    """From this day on the region works by these terms; a rota that was laid out stays as it was.

    valid_from  a day in Amsterdam; today means from now on
    seen        the version that was changed, as `RotaTermsPage.seen` gave it; None: whatever stands

    Raises NotAllowed, ChangedMeanwhile, or Invalid with a message per clause.
    """
    wrong = {name: str(message) for name, message in rota_terms.wrong_in(clauses).items()}
    with transaction() as db:
        _asked(db, actor, region_id, valid_from, wrong, seen)
        made = record_rota_terms(db, actor, region_id, clauses, valid_from)
    return made.id


def agree_on_rules(
    actor: Account, region_id: UUID, rules: Mapping[str, Any], valid_from: date, *, seen: str | None = None
) -> None:
    """The same for the figures for work and rest alone; what was agreed for a later day waits for it."""
    with transaction() as db:
        _asked(db, actor, region_id, valid_from, {}, seen)
        _from_then_on(db, actor, region_id, valid_from, lambda then: replace(then, rules=rules))


def _asked(
    db: Session, actor: Account, region_id: UUID, valid_from: date, wrong: dict[str, str], seen: str | None
) -> None:
    """Nobody else changes this region meanwhile, and this person may."""
    db.get_one(Region, region_id, with_for_update=True)
    regions = directory.regions_led(db, actor.organisation_id)
    access.require(actor, "agreements.change", region_id=region_id, regions=regions)
    if valid_from < time.today():
        wrong = wrong | {"valid_from": str(_("Kies vandaag of een dag die nog komt."))}
    if wrong:
        raise Invalid(fields=wrong)
    if seen is not None and seen != rota_terms_page(db, region_id, time.now()).seen:
        raise ChangedMeanwhile


def record_rota_terms(
    db: Session, actor: Account, region_id: UUID, clauses: RotaTerms, valid_from: date
) -> RotaTermsVersion:
    """The same within the caller's transaction, for who was asked already whether it may be."""
    made = RotaTermsVersion(region_id=region_id, clauses=clauses)
    add_version(db, actor, made, valid_from)
    return made


def put_to_work(db: Session, actor: Account, region_id: UUID, terms: RotaTerms, starts: date) -> None:
    """Duties go by what was signed from this day on, also where something else was going to take over later.

    Where they go so already nothing changes. The figures for work and rest stay those of the region.
    """
    db.get_one(Region, region_id, with_for_update=True)
    page = rota_terms_page(db, region_id, time.now())
    if page.standing and page.terms.agrees_with(terms) and not page.coming:
        return
    _from_then_on(db, actor, region_id, starts, lambda then: replace(terms, rules=then.rules))


def _from_then_on(
    db: Session, actor: Account, region_id: UUID, starts: date, change: Callable[[RotaTerms], RotaTerms]
) -> None:
    """Change what holds from this day on, and everything that was going to begin later."""
    moment = time.now()
    coming = rota_terms_page(db, region_id, moment).coming
    later = {time.local(one.valid_from).date() for one in coming}
    for day in sorted({starts} | {one for one in later if one > starts}):
        then = rota_terms_for(db, region_id, max(moment, time.day_starts(day)))
        record_rota_terms(db, actor, region_id, change(then), day)
