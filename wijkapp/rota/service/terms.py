"""What a region agreed about duties, for the pages: what holds, and who may change it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkapp.agreements import rule_sets
from wijkapp.agreements import service as agreements
from wijkapp.agreements.rota_terms import RotaTerms
from wijkapp.agreements.rule_sets import Figure, Rule, RuleSet
from wijkapp.agreements.service import RotaTermsPage
from wijkapp.directory.models import Region
from wijkapp.kit import time
from wijkapp.kit.db import reading
from wijkapp.kit.errors import Invalid, NotAllowed
from wijkapp.people.models import Account, Organisation
from wijkapp.rota.models import Member
from wijkapp.rota.service.regions import region_for, regions_seen


@dataclass(frozen=True)
class RegionTerms:
    """What one region agreed. organisations: whose people take duties, and those with a part in the key."""

    region: Region
    regions: Sequence[Region]
    agreed: RotaTermsPage
    organisations: Sequence[Organisation]
    may_change: bool
    law: RuleSet  # of today, as it is without the region

    @property
    def terms(self) -> RotaTerms:
        return self.agreed.terms

    @property
    def rules(self) -> Sequence[Rule]:
        """Every figure for work and rest, as it holds in the region."""
        return list(self.law.changed(self.terms.rules).rules.values())


def terms_page(actor: Account, region_id: UUID | None = None) -> RegionTerms:
    """What the region agreed, and what it agreed before. Raises NotFound, or NotAllowed."""
    with reading() as db:
        region = region_for(db, actor, region_id)
        agreed = agreements.rota_terms_page(db, region.id, time.now())
        return RegionTerms(
            region,
            regions_seen(db, actor),
            agreed,
            _organisations(db, region.id, agreed.newest),
            agreements.leads(db, actor, region.id),
            rule_sets.on_day(time.today()),
        )


def page_to_change(actor: Account, region_id: UUID | None = None) -> RegionTerms:
    """The same, for whoever may change it. Raises NotAllowed for anybody else."""
    page = terms_page(actor, region_id)
    if not page.may_change:
        raise NotAllowed
    return page


def _organisations(db: Session, region_id: UUID, terms: RotaTerms) -> Sequence[Organisation]:
    taking = (
        select(Account.organisation_id)
        .join(Member, Member.account_id == Account.id)
        .where(Member.region_id == region_id, Member.active)
    )
    named = Organisation.id.in_(taking) | Organisation.id.in_(list(terms.key))
    return db.scalars(select(Organisation).where(named).order_by(Organisation.name)).all()


def agree(actor: Account, region_id: UUID, terms: RotaTerms, valid_from: date, seen: str) -> UUID:
    """From this day on. Raises NotAllowed, ChangedMeanwhile, or Invalid with a message per clause."""
    return agreements.agree_on_rota(actor, region_id, terms, valid_from, seen=seen)


def agree_on_rules(
    actor: Account, region_id: UUID, rules: dict[str, Figure], valid_from: date, seen: str
) -> None:
    """The same for the figures for work and rest."""
    wrong = {f"rule_{name}": message for name, message in rule_sets.wrong_in(rules).items()}
    if wrong:
        raise Invalid(fields=wrong)
    agreements.agree_on_rules(actor, region_id, rules, valid_from, seen=seen)


def own_figures(law: RuleSet, typed: dict[str, Figure]) -> dict[str, Figure]:
    """What the region wants otherwise than the rule set, so that a newer set counts for all the rest."""
    return {name: figure for name, figure in typed.items() if figure != law.rules[name].value}
