"""What is done on the way to an agreement and under it: points, checks, risks, bodies, evaluations."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wijkapp.agreements.register import (
    REMARK,
    WORDS,
    BodyKind,
    Check,
    Hears,
    ItemStatus,
    Outcome,
    ProofKind,
    SeatLevel,
)
from wijkapp.kit.db import Base, WithId
from wijkapp.kit.freetext import FreeText
from wijkapp.people.models import Account, Organisation


class Item(WithId, Base):
    """One point of a list: a result of a phase, somebody to inform or to ask, a question of a checklist.

    code   as in data/lists_*.toml, where its words and its source are
    proof  what else shows it, one of the two below; while neither is known, it was and is gone
    """

    __tablename__ = "agreement_item"
    __table_args__ = (
        UniqueConstraint("agreement_id", "code"),
        CheckConstraint(
            "(version_id IS NULL OR (proof IS NOT NULL AND proof = 'version'))"
            " AND (paper_id IS NULL OR (proof IS NOT NULL AND proof = 'paper'))",
            name="proof_known",
        ),
        Index("ix_agreement_item_paper_id", "paper_id"),
    )

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreement.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(64))
    status: Mapped[ItemStatus] = mapped_column(default=ItemStatus.OPEN)
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    due_on: Mapped[date | None] = mapped_column(Date)
    done_on: Mapped[date | None] = mapped_column(Date)
    evidence: Mapped[str] = mapped_column(FreeText(WORDS), default="")  # where it can be seen, or the answer
    proof: Mapped[ProofKind | None]
    version_id: Mapped[UUID | None] = mapped_column(ForeignKey("document_version.id", ondelete="SET NULL"))
    paper_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation_paper.id", ondelete="SET NULL"))
    reopened_at: Mapped[datetime | None]  # was done before the parties changed
    changed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    changed_at: Mapped[datetime | None]

    owner: Mapped[Account | None] = relationship(lazy="raise", foreign_keys=[owner_id])


class CheckMemo(WithId, Base):
    """A check that was answered: a dated memo. Never altered; a later one takes over.

    answers   pairs of a question's code and what was answered: yes, no, or a number
    rules     version of the questions and thresholds it was judged by
    """

    __tablename__ = "agreement_check"
    __table_args__ = (Index("ix_agreement_check_agreement_id_about", "agreement_id", "about"),)

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreement.id", ondelete="CASCADE"))
    about: Mapped[Check]
    answers: Mapped[tuple[str, ...]]  # code=value
    rules: Mapped[str] = mapped_column(String(16))
    outcome: Mapped[Outcome]
    facts: Mapped[str] = mapped_column(FreeText(WORDS), default="")
    conclusion: Mapped[str] = mapped_column(FreeText(WORDS), default="")
    filed_on: Mapped[date | None] = mapped_column(Date)  # at the authority, when it must be
    reopened_at: Mapped[datetime | None]  # the parties changed since
    by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]

    by: Mapped[Account] = relationship(lazy="raise")


class Risk(WithId, Base):
    """A risk for people whose data are used; chance and impact 1..5, before and after the measure."""

    __tablename__ = "agreement_risk"
    __table_args__ = (
        CheckConstraint("chance BETWEEN 1 AND 5 AND impact BETWEEN 1 AND 5", name="before_known"),
        CheckConstraint("chance_left BETWEEN 1 AND 5 AND impact_left BETWEEN 1 AND 5", name="after_known"),
        Index("ix_agreement_risk_agreement_id", "agreement_id"),
    )

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreement.id", ondelete="CASCADE"))
    what: Mapped[str] = mapped_column(FreeText(REMARK))
    measure: Mapped[str] = mapped_column(FreeText(REMARK), default="")
    chance: Mapped[int]
    impact: Mapped[int]
    chance_left: Mapped[int]
    impact_left: Mapped[int]
    more_possible: Mapped[bool] = mapped_column(default=False)  # could more be done about it?


class Body(WithId, Base):
    """A steering group, core team or working group."""

    __tablename__ = "agreement_body"
    __table_args__ = (Index("ix_agreement_body_agreement_id", "agreement_id"),)

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreement.id", ondelete="CASCADE"))
    kind: Mapped[BodyKind]
    mandate: Mapped[str] = mapped_column(FreeText(REMARK), default="")
    meets: Mapped[str] = mapped_column(FreeText(REMARK), default="")

    seats: Mapped[list["Seat"]] = relationship(
        lazy="raise", order_by="Seat.id", cascade="all, delete-orphan", passive_deletes=True
    )


class Seat(WithId, Base):
    """Somebody in a body, for a party. account: of who has one, and so can be told."""

    __tablename__ = "agreement_seat"

    body_id: Mapped[UUID] = mapped_column(ForeignKey("agreement_body.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    level: Mapped[SeatLevel]
    name: Mapped[str] = mapped_column(String(120))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    account: Mapped[Account | None] = relationship(lazy="raise")


class Evaluation(WithId, Base):
    """A day on which the parties look whether it works."""

    __tablename__ = "agreement_evaluation"
    __table_args__ = (
        UniqueConstraint("agreement_id", "due_on"),
        Index("ix_agreement_evaluation_due_on", "due_on"),
    )

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreement.id", ondelete="CASCADE"))
    due_on: Mapped[date] = mapped_column(Date)
    done_on: Mapped[date | None] = mapped_column(Date)
    conclusion: Mapped[str] = mapped_column(FreeText(WORDS), default="")
    reminded_at: Mapped[datetime | None]


class Escalation(WithId, Base):
    """A step of what happens when the cooperation does not work: who hears of it, after how many days.

    note   who was asked, in words, from before that was chosen
    """

    __tablename__ = "agreement_escalation"
    __table_args__ = (
        UniqueConstraint("agreement_id", "after_days"),
        CheckConstraint("(hears = 'body') = (body_id IS NOT NULL)", name="body_known"),
    )

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreement.id", ondelete="CASCADE"))
    after_days: Mapped[int]
    hears: Mapped[Hears]
    body_id: Mapped[UUID | None] = mapped_column(ForeignKey("agreement_body.id"))
    step: Mapped[str] = mapped_column(FreeText(REMARK))
    note: Mapped[str] = mapped_column(FreeText(REMARK), default="")

    body: Mapped[Body | None] = relationship(lazy="raise")
