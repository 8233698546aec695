"""Who takes duties in a region, with their level, FTE and what they did before; planners keep the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wijkapp.agreements import service as agreements
from wijkapp.directory import service as directory
from wijkapp.directory.models import Region
from wijkapp.kit import time
from wijkapp.kit.db import new_id, reading, transaction
from wijkapp.kit.errors import Invalid, NotAllowed, NotFound, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.people import access
from wijkapp.people.models import Account, AccountRole, Organisation
from wijkapp.people.rules import PROVIDERS
from wijkapp.rota.models import Absence, Duty, Member, Plan, Wish
from wijkapp.rota.service.balance import balance_of, holidays_of
from wijkapp.rota.service.regions import region_for, regions_seen, regions_where

LEVELS = range(2, 7)


class ChangedMeanwhile(Refused):
    """Another planner changed this person after the page was made."""

    sentence = _("Iemand anders veranderde dit intussen. Klopt wat hier staat? Bewaar het dan nog een keer.")


@dataclass(frozen=True)
class Facts:
    """What a planner writes down about somebody. share and first_balance in hundredths."""

    level: int
    share: int
    exempt_nights: bool = False
    first_balance: int = 0
    first_holidays: int = 0
    active: bool = True


@dataclass(frozen=True)
class Taker:
    """One who takes duties. balance: hundredths of points beyond their part; negative: still owed."""

    member: Member
    account: Account
    balance: int
    holidays: int
    may_change: bool

    @property
    def seen(self) -> str:
        """What a page shows of it; another one when somebody changed it."""
        return _mark(self.member)


@dataclass(frozen=True)
class Group:
    """The people of one organisation. share: together, in hundredths of an FTE."""

    organisation: Organisation
    takers: tuple[Taker, ...]

    @property
    def share(self) -> int:
        return sum(one.member.share for one in self.takers if one.member.active)


@dataclass(frozen=True)
class PeoplePage:
    region: Region
    regions: Sequence[Region]
    groups: tuple[Group, ...]
    may_add: bool


def people_page(actor: Account, region_id: UUID | None = None) -> PeoplePage:
    """Everybody who takes duties in a region, per organisation. Raises NotFound, or NotAllowed."""
    with reading() as db:
        region = region_for(db, actor, region_id, "rota.plan")
        leads = agreements.leads(db, actor, region.id)
        balance, holidays = balance_of(db, region.id), holidays_of(db, region.id)
        takers: dict[UUID, list[Taker]] = {}
        for member, account in _of_region(db, region.id):
            may_change = _may(actor, account, leads=leads)
            one = Taker(member, account, balance[member.id], holidays[member.id], may_change)
            takers.setdefault(account.organisation_id, []).append(one)
        own = actor.organisation_id  # comes first
        groups = [Group(people[0].account.organisation, tuple(people)) for people in takers.values()]
        return PeoplePage(
            region,
            regions_seen(db, actor, "rota.plan"),
            tuple(sorted(groups, key=lambda one: (one.organisation.id != own, one.organisation.name))),
            may_add=bool(_others(db, actor, region.id)),
        )


def _of_region(db: Session, region_id: UUID) -> Sequence[tuple[Member, Account]]:
    found = db.execute(
        select(Member, Account)
        .join(Account, Account.id == Member.account_id)
        .where(Member.region_id == region_id)
        .order_by(Member.active.desc(), Account.name, Account.id)
    )
    return [(member, account) for member, account in found]


def _may(actor: Account, account: Account, *, leads: bool) -> bool:
    """A planner keeps the colleagues of the own organisation; who leads the region everybody in it."""
    return leads or account.organisation_id == actor.organisation_id


def person(actor: Account, member_id: UUID) -> Taker:
    """One who takes duties, to change. Raises NotFound, or NotAllowed."""
    with reading() as db:
        member, account = own(db, actor, member_id)
        return Taker(
            member,
            account,
            balance_of(db, member.region_id)[member.id],
            holidays_of(db, member.region_id)[member.id],
            may_change=True,
        )


def own(db: Session, actor: Account, member_id: UUID) -> tuple[Member, Account]:
    """One whom this planner may keep. Raises NotFound, or NotAllowed."""
    member = db.get(Member, member_id)
    account = db.get(Account, member.account_id) if member else None
    if member is None or account is None:
        raise NotFound
    regions = regions_where(db, actor, "rota.plan")
    access.require(actor, "rota.plan", region_id=member.region_id, regions=regions)
    if not _may(actor, account, leads=agreements.leads(db, actor, member.region_id)):
        raise NotAllowed
    return member, account


def others(actor: Account, region_id: UUID | None = None) -> tuple[Region, Sequence[Account]]:
    """Colleagues who could take duties and do not yet."""
    with reading() as db:
        region = region_for(db, actor, region_id, "rota.plan")
        return region, _others(db, actor, region.id)


def _others(db: Session, actor: Account, region_id: UUID) -> Sequence[Account]:
    takes_already = select(Member.account_id).where(Member.region_id == region_id)
    found = (
        select(Account)
        .join(Organisation, Organisation.id == Account.organisation_id)
        .where(
            Account.active,
            Account.id.in_(select(AccountRole.account_id).where(AccountRole.role.in_(access.PROVIDER_STAFF))),
            Account.id.not_in(takes_already),
            Organisation.kind.in_(PROVIDERS),
        )
        .order_by(Organisation.name, Account.name, Account.id)
    )
    if not agreements.leads(db, actor, region_id):
        return db.scalars(found.where(Account.organisation_id == actor.organisation_id)).all()
    everybody = db.scalars(found).all()
    theirs = {one: directory.regions_of(db, one) for one in {one.organisation_id for one in everybody}}
    return [one for one in everybody if region_id in theirs[one.organisation_id]]


def add_person(actor: Account, region_id: UUID, account_id: UUID, facts: Facts) -> UUID:
    """A colleague takes duties from now on, in rotas that are still to be made."""
    with transaction() as db:
        region = region_for(db, actor, region_id, "rota.plan")
        _check(facts)
        db.refresh(region, with_for_update=True)  # two who add the same colleague come one after the other
        if account_id not in {one.id for one in _others(db, actor, region.id)}:
            raise Invalid(fields={"account": str(_("Kies iemand uit de lijst."))})
        member = Member(id=new_id(), region_id=region.id, account_id=account_id)
        _write(member, facts)
        db.add(member)
        db.flush()
        _cannot_here_either(db, member)
        return member.id


def _cannot_here_either(db: Session, member: Member) -> None:
    """What somebody said of when they cannot, or would rather not, holds in every region (see `absence`)."""
    elsewhere = select(Member.id).where(Member.account_id == member.account_id, Member.id != member.id)
    other = db.scalar(elsewhere.order_by(Member.active.desc(), Member.id).limit(1))
    if other is None:
        return
    db.add_all(
        Absence(
            member_id=member.id,
            kind=one.kind,
            source=one.source,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            said_by_id=one.said_by_id,
        )
        for one in db.scalars(select(Absence).where(Absence.member_id == other)).all()
    )
    db.add_all(
        Wish(member_id=member.id, day=one.day, block=one.block)
        for one in db.scalars(select(Wish).where(Wish.member_id == other)).all()
    )


def change_person(actor: Account, member_id: UUID, facts: Facts, seen: str = "") -> int:
    """Changes what is known about somebody; says how many duties they still have in published rotas.

    Of who stops the clock makes gaps of those, and tells who plans (`leaving.open_up`).

    seen  `Taker.seen` of the page; empty: whatever it was. Raises ChangedMeanwhile
    """
    with transaction() as db:
        member, _account = own(db, actor, member_id)
        _check(facts)
        db.refresh(member, with_for_update=True)
        if seen and seen != _mark(member):
            raise ChangedMeanwhile
        _write(member, facts)
        db.flush()
        left = (
            select(func.count())
            .select_from(Duty)
            .join(Plan, Plan.id == Duty.plan_id)
            .where(Duty.member_id == member.id, Duty.ends_at > time.now(), Plan.published_at.is_not(None))
        )
        return db.scalar(left) or 0


def _mark(member: Member) -> str:
    yes = (member.exempt_nights, member.active)
    numbers = (member.level, member.share, member.first_balance, member.first_holidays, *map(int, yes))
    return ".".join(str(one) for one in numbers)


def _write(member: Member, facts: Facts) -> None:
    member.level, member.share, member.exempt_nights = facts.level, facts.share, facts.exempt_nights
    member.first_balance, member.first_holidays = facts.first_balance, facts.first_holidays
    member.active = facts.active


def _check(facts: Facts) -> None:
    wrong = {}
    if facts.level not in LEVELS:
        wrong["level"] = str(_("Kies iets uit de lijst."))
    if not 1 <= facts.share <= 150:
        wrong["share"] = str(_("Schrijf een getal van 0,01 tot en met 1,5."))
    if wrong:
        raise Invalid(fields=wrong)
