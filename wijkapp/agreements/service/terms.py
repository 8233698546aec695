"""The one place to ask what a wijk agreed, and to agree on something else."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from wijkapp.agreements import rules
from wijkapp.agreements.models import RotaTermsVersion, TermsVersion
from wijkapp.agreements.rules import Terms
from wijkapp.directory import service as directory
from wijkapp.directory.models import Wijk
from wijkapp.kit import time
from wijkapp.kit.db import new_id, reading, rows, transaction
from wijkapp.kit.errors import Invalid, NotAllowed, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.people import access
from wijkapp.people.models import Account


@dataclass(frozen=True)
class TermsPage:
    """What one wijk agreed. versions: newest first; `standing` is the one in force, None: the defaults."""

    wijk: Wijk
    terms: Terms
    versions: Sequence[TermsVersion]
    standing: TermsVersion | None
    may_change: bool

    @property
    def seen(self) -> str:
        """Which version somebody looked at who is going to change it."""
        return str(self.versions[0].id) if self.versions else ""

    @property
    def coming(self) -> Sequence[TermsVersion]:
        """Agreed, and not in force yet."""
        return [one for one in self.versions if one.valid_from > time.now()]


class ChangedMeanwhile(Refused):
    """Somebody else agreed on something for this wijk since the page was opened."""

    sentence = _("Iemand anders veranderde de afspraken intussen. Kijk na wat er nu staat.")


def terms_for(db: Session, wijk_id: UUID, moment: datetime) -> Terms:
    """The terms the providers of this wijk work by at this moment (UTC)."""
    return terms_of(db, [wijk_id], moment)[wijk_id]


# Everybody's first page asks this, so it is made once.
_AGREED = (
    select(TermsVersion.wijk_id, TermsVersion.clauses)
    .where(
        TermsVersion.wijk_id.in_(bindparam("wijken", expanding=True)),
        TermsVersion.valid_from <= bindparam("moment"),
    )
    .order_by(TermsVersion.valid_from, TermsVersion.id)  # the last one stands
)


def terms_of(db: Session, wijk_ids: Collection[UUID], moment: datetime) -> dict[UUID, Terms]:
    """The same for several wijken, in one question; one that agreed on nothing has the defaults."""
    found = rows(db, _AGREED, {"wijken": wijk_ids, "moment": moment})
    agreed = {row.wijk_id: row.clauses for row in found}
    return {wijk_id: agreed.get(wijk_id, rules.DEFAULTS) for wijk_id in wijk_ids}


def terms_page(actor: Account, code: str) -> TermsPage:
    """What this wijk agreed, and what it agreed before. Raises NotFound, or NotAllowed in another region."""
    with reading() as db:
        wijk = directory.seen_wijk(db, actor, code)
        versions = db.scalars(
            select(TermsVersion)
            .options(joinedload(TermsVersion.made_by))
            .where(TermsVersion.wijk_id == wijk.id)
            .order_by(TermsVersion.valid_from.desc(), TermsVersion.id.desc())
        ).all()
        moment = time.now()
        standing = next((one for one in versions if one.valid_from <= moment), None)
        return TermsPage(
            wijk=wijk,
            terms=standing.clauses if standing else rules.DEFAULTS,
            versions=versions,
            standing=standing,
            may_change=leads(db, actor, wijk.region_id),
        )


def page_to_change(actor: Account, code: str) -> TermsPage:
    """The same, for whoever may change it. Raises NotAllowed for anybody else."""
    page = terms_page(actor, code)
    if not page.may_change:
        raise NotAllowed
    return page


def leads(db: Session, actor: Account, region_id: UUID | None) -> bool:
    """May this person change what the app does in this region, as its wijkregisseur?"""
    regions = directory.regions_led(db, actor.organisation_id)
    return access.may(actor, "agreements.change", region_id=region_id, regions=regions)


def agree(
    actor: Account,
    wijk_id: UUID,
    clauses: Terms,
    valid_from: date,
    *,
    shared_mail: str | None = None,
    seen: str | None = None,
) -> UUID:
    """From this day on the wijk works by these terms; what runs already keeps those it began with.

    valid_from   a day in Amsterdam; today means from now on
    shared_mail  address of the mail group of the providers; None: it has none
    seen         the version that was changed, as `TermsPage.seen` gave it; None: whatever stands

    Raises NotAllowed, ChangedMeanwhile, or Invalid with a message per clause.
    """
    wrong = _wrong(clauses, valid_from, shared_mail)
    with transaction() as db:
        wijk = db.get_one(Wijk, wijk_id, with_for_update=True)
        regions = directory.regions_led(db, actor.organisation_id)
        access.require(actor, "agreements.change", region_id=wijk.region_id, regions=regions)
        if wrong:
            raise Invalid(fields=wrong)
        if seen is not None and seen != _newest(db, wijk_id):
            raise ChangedMeanwhile
        made = record_terms(db, actor, wijk_id, clauses, valid_from)
        wijk.shared_mail = shared_mail
    return made.id


def record_terms(
    db: Session, actor: Account, wijk_id: UUID, clauses: Terms, valid_from: date
) -> TermsVersion:
    """The same within the caller's transaction, for who was asked already whether it may be."""
    made = TermsVersion(wijk_id=wijk_id, clauses=clauses)
    add_version(db, actor, made, valid_from)
    return made


def add_version(db: Session, actor: Account, made: TermsVersion | RotaTermsVersion, valid_from: date) -> None:
    """Keep what somebody agreed; from today means from now on."""
    made.id, made.made_by_id, made.made_at = new_id(), actor.id, time.now()
    made.valid_from = max(made.made_at, time.day_starts(valid_from))
    db.add(made)


def _wrong(clauses: Terms, valid_from: date, shared_mail: str | None) -> dict[str, str]:
    wrong = {name: str(message) for name, message in rules.wrong_in(clauses).items()}
    if valid_from < time.today():
        wrong["valid_from"] = str(_("Kies vandaag of een dag die nog komt."))
    if clauses.tells_group and not shared_mail:
        wrong["shared_mail"] = str(_("Vul het adres van de mailgroep in, of zet de mail uit."))
    return wrong


def _newest(db: Session, wijk_id: UUID) -> str:
    newest = db.scalar(
        select(TermsVersion.id)
        .where(TermsVersion.wijk_id == wijk_id)
        .order_by(TermsVersion.valid_from.desc(), TermsVersion.id.desc())
        .limit(1)
    )
    return str(newest or "")
