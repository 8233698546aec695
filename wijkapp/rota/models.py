"""ANW duties: who takes part, what is planned, who holds which duty and since when. Professionals only."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from wijkapp.kit.db import Base, WithId
from wijkapp.kit.freetext import FreeText
from wijkapp.rota.problem import Kind
from wijkapp.rota.rules import (
    AbsenceKind,
    AcceptedWhy,
    AddressKind,
    CallFrom,
    CallOutcome,
    HeldBy,
    Line,
    RunKind,
    RunState,
    Source,
    SwapAnswer,
    SwapKind,
    SwapState,
)

LONGEST_ANSWER = 500
"""Characters of one answer in a handover."""

_OPEN = text("state IN ('open', 'approval')")
_RUNS = text("state IN ('waiting', 'running')")


class Member(WithId, Base):
    """Somebody who takes duties in a region, for the organisation of the account.

    Points and FTE are whole hundredths, so that nothing is lost by adding.
    """

    __tablename__ = "rota_member"
    __table_args__ = (
        UniqueConstraint("region_id", "account_id"),
        CheckConstraint("level BETWEEN 2 AND 6", name="level_known"),
        CheckConstraint("share BETWEEN 1 AND 150", name="share_fits"),
    )

    region_id: Mapped[UUID] = mapped_column(ForeignKey("region.id", ondelete="CASCADE"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    level: Mapped[int]
    share: Mapped[int]  # hundredths of an FTE
    exempt_nights: Mapped[bool] = mapped_column(default=False)
    first_balance: Mapped[int] = mapped_column(default=0)  # hundredths of points, from before wijkapp
    first_holidays: Mapped[int] = mapped_column(default=0)  # holiday duties from before wijkapp
    active: Mapped[bool] = mapped_column(default=True)


class Absence(WithId, Base):
    """From when until when somebody cannot. Never why."""

    __tablename__ = "rota_absence"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="ends_later"),
        Index("ix_rota_absence_member_id_starts_at", "member_id", "starts_at"),
    )

    member_id: Mapped[UUID] = mapped_column(ForeignKey("rota_member.id", ondelete="CASCADE"))
    kind: Mapped[AbsenceKind]
    source: Mapped[Source]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    # A planner who wrote it down; None: they did themselves.
    said_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))


class Wish(Base):
    """A duty somebody would rather not have: all of a day, or one block of it."""

    __tablename__ = "rota_wish"

    member_id: Mapped[UUID] = mapped_column(
        ForeignKey("rota_member.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    block: Mapped[str] = mapped_column(String(16), primary_key=True, default="")  # empty: the whole day


class Plan(WithId, Base):
    """The rota of a region over some weeks; of one region no two overlap."""

    __tablename__ = "rota_plan"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="ends_later"),
        Index("ix_rota_plan_region_id_first_day", "region_id", "first_day", unique=True),
    )

    region_id: Mapped[UUID] = mapped_column(ForeignKey("region.id", ondelete="CASCADE"))
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    made_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))


class PlanTarget(Base):
    """The points that were meant for somebody when a rota was published.

    Balance is never stored: it is what somebody did in all published rotas less these targets.
    """

    __tablename__ = "rota_target"

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("rota_plan.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[UUID] = mapped_column(
        ForeignKey("rota_member.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    points: Mapped[int]  # hundredths


class PlanException(WithId, Base):
    """A rota was published although this rule says no for somebody: who accepted that, and by which code."""

    __tablename__ = "rota_exception"

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("rota_plan.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("rota_member.id", ondelete="SET NULL"), index=True
    )
    rule: Mapped[str] = mapped_column(String(32))  # its name in the rule set
    starts_at: Mapped[datetime]  # of the first duty it is about
    why: Mapped[AcceptedWhy]
    accepted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    accepted_at: Mapped[datetime]


class Duty(WithId, Base):
    """One block for one person: an evening, a night, a day in the weekend.

    member_id  who has it; in a plan that is not published yet, who is meant to. Once published only
               `service.holding.give` changes it, so that it is always the member of the last hold
    """

    __tablename__ = "duty"
    __table_args__ = (
        UniqueConstraint("region_id", "starts_at", "block", "line", "seat"),
        CheckConstraint("starts_at < ends_at", name="ends_later"),
        Index("ix_duty_region_id_ends_at", "region_id", "ends_at"),
        Index("ix_duty_member_id_ends_at", "member_id", "ends_at"),
    )

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("rota_plan.id", ondelete="CASCADE"), index=True)
    region_id: Mapped[UUID] = mapped_column(ForeignKey("region.id", ondelete="CASCADE"))
    block: Mapped[str] = mapped_column(String(16))  # code of the agreed block, as in "night"
    line: Mapped[Line]
    seat: Mapped[int] = mapped_column(default=1)  # 1, 2 … when the agreement asks for several at once
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    kind: Mapped[Kind]
    level: Mapped[int]
    weight: Mapped[int]  # hundredths of points; what a holiday adds is in it
    holiday: Mapped[bool]
    locked: Mapped[bool] = mapped_column(default=False)  # planning leaves it as it is
    member_id: Mapped[UUID | None] = mapped_column(ForeignKey("rota_member.id", ondelete="SET NULL"))
    sequence: Mapped[int] = mapped_column(default=0)  # RFC 5545 section 3.8.7.4: goes up with every change


class DutyHold(WithId, Base):
    """Somebody holds a published duty from a moment on, until a later hold. Never altered, but for its own
    check-in: so who was on duty at any moment can always be told.
    """

    __tablename__ = "duty_hold"
    __table_args__ = (
        UniqueConstraint("duty_id", "number"),
        Index(
            "ix_duty_hold_due_at",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
    )

    duty_id: Mapped[UUID] = mapped_column(ForeignKey("duty.id", ondelete="CASCADE"))
    number: Mapped[int]  # 1, 2 … within the duty; the last one counts
    member_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("rota_member.id", ondelete="SET NULL"), index=True
    )
    from_at: Mapped[datetime]  # the start of the duty, or later when it was running already
    how: Mapped[HeldBy]
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    made_at: Mapped[datetime]
    checked_in_at: Mapped[datetime | None]
    checked_out_at: Mapped[datetime | None]
    step: Mapped[int] = mapped_column(default=0)  # how far reminding and escalating has come
    due_at: Mapped[datetime | None]  # when the next step is; None: nothing to do


class PlanRun(WithId, Base):
    """The planner at work on a plan, in a process of its own, and the proposal it came with."""

    __tablename__ = "plan_run"
    __table_args__ = (
        Index(
            "ix_plan_run_one_at_once",
            "plan_id",
            unique=True,
            sqlite_where=_RUNS,
            postgresql_where=_RUNS,
        ),
    )

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("rota_plan.id", ondelete="CASCADE"), index=True)
    kind: Mapped[RunKind]
    state: Mapped[RunState]
    # JSON as `wijkapp rota plan` reads it; ids are ours. It says when people cannot: "{}" once it has ended.
    problem: Mapped[str] = mapped_column(Text)
    # JSON as it writes it: the proposal; of a repair that is not done yet, the rota that must be mended.
    rota: Mapped[str | None] = mapped_column(Text)
    asked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime]
    beat_at: Mapped[datetime | None]  # the process lives; silent for long: it died
    ended_at: Mapped[datetime | None]
    progress: Mapped[int] = mapped_column(default=0)  # percent


class Swap(WithId, Base):
    """Somebody asks others to take a duty. One is open per duty."""

    __tablename__ = "duty_swap"
    __table_args__ = (
        Index("ix_duty_swap_one_open", "duty_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_duty_swap_ask_again_at", "ask_again_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    duty_id: Mapped[UUID] = mapped_column(ForeignKey("duty.id", ondelete="CASCADE"), index=True)
    kind: Mapped[SwapKind]
    state: Mapped[SwapState]
    from_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("rota_member.id", ondelete="SET NULL"), index=True
    )
    return_duty_id: Mapped[UUID | None] = mapped_column(ForeignKey("duty.id", ondelete="SET NULL"))  # TRADE
    asked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime]
    ask_again_at: Mapped[datetime | None]
    ends_at: Mapped[datetime]  # not taken by then: lapsed
    taken_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("rota_member.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))


class SwapAsk(Base):
    """Somebody who lawfully can was asked, and what they said."""

    __tablename__ = "duty_swap_ask"

    swap_id: Mapped[UUID] = mapped_column(ForeignKey("duty_swap.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[UUID] = mapped_column(
        ForeignKey("rota_member.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    asked_at: Mapped[datetime]
    answer: Mapped[SwapAnswer | None]
    answered_at: Mapped[datetime | None]


class DutyReach(Base):
    """The afternoon before a duty: does anything we send arrive?"""

    __tablename__ = "duty_reach"

    duty_id: Mapped[UUID] = mapped_column(ForeignKey("duty.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[UUID] = mapped_column(
        ForeignKey("rota_member.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    asked_at: Mapped[datetime]
    reached_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]  # the planner heard that nothing arrives


class DutyCall(WithId, Base):
    """The one on duty was rung. No name, no address, no care: only how fast and how it ended."""

    __tablename__ = "duty_call"

    duty_id: Mapped[UUID] = mapped_column(ForeignKey("duty.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[UUID | None] = mapped_column(ForeignKey("rota_member.id", ondelete="SET NULL"))
    caller: Mapped[CallFrom]
    asked_at: Mapped[datetime]
    on_site_at: Mapped[datetime | None]
    outcome: Mapped[CallOutcome | None]


class Handover(Base):
    """Three answers for whoever comes next; past the guard, so nothing that points to a client.

    Old ones are empty: the row tells that something was handed over, and when it was read.
    """

    __tablename__ = "duty_handover"

    duty_id: Mapped[UUID] = mapped_column(ForeignKey("duty.id", ondelete="CASCADE"), primary_key=True)
    happened: Mapped[str] = mapped_column(FreeText(LONGEST_ANSWER))
    still_open: Mapped[str] = mapped_column(FreeText(LONGEST_ANSWER))
    watch: Mapped[str] = mapped_column(FreeText(LONGEST_ANSWER))
    written_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    written_at: Mapped[datetime]
    to_duty_id: Mapped[UUID | None] = mapped_column(ForeignKey("duty.id", ondelete="SET NULL"), index=True)
    confirmed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    confirmed_at: Mapped[datetime | None]
    escalate_at: Mapped[datetime | None]  # nobody confirmed it by then: somebody is told


class SecretAddress(WithId, Base):
    """An address that whoever knows it may read without logging in: a calendar, or whom to ring now."""

    __tablename__ = "rota_address"

    kind: Mapped[AddressKind]
    region_id: Mapped[UUID] = mapped_column(ForeignKey("region.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class NightSheet(Base):
    """The paper of one evening went out. A row, so that it goes once."""

    __tablename__ = "night_sheet"

    region_id: Mapped[UUID] = mapped_column(ForeignKey("region.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    sent_at: Mapped[datetime]
