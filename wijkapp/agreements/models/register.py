"""The register: each agreement with its parties, how far it is, and what was decided when and by whom."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wijkapp.agreements.register import (
    REMARK,
    TITLE,
    WORDS,
    CostModel,
    Decision,
    Form,
    JoinState,
    Kind,
    PartyRole,
    Path,
    Phase,
)
from wijkapp.directory.models import Region, Wijk
from wijkapp.kit.db import Base, WithId
from wijkapp.kit.freetext import FreeText
from wijkapp.people.models import Account, Organisation


class Agreement(WithId, Base):
    """One cooperation: what it is about and how far it is. Its terms are in `TermsVersion`."""

    __tablename__ = "agreement"
    __table_args__ = (
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="dates_in_order"),
        Index("ix_agreement_region_id_phase", "region_id", "phase"),
    )

    region_id: Mapped[UUID] = mapped_column(ForeignKey("region.id"))
    kind: Mapped[Kind]
    path: Mapped[Path]
    phase: Mapped[Phase] = mapped_column(default=Phase.INITIATION)
    form: Mapped[Form] = mapped_column(default=Form.WORKING)
    cost_model: Mapped[CostModel] = mapped_column(default=CostModel.OWN)
    title: Mapped[str] = mapped_column(FreeText(TITLE))
    purpose: Mapped[str] = mapped_column(FreeText(WORDS), default="")
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)  # last day; None: until further notice
    notice_months: Mapped[int | None]
    complaints: Mapped[str] = mapped_column(FreeText(REMARK), default="")  # whom a client can call; public
    joining: Mapped[str] = mapped_column(FreeText(WORDS), default="")  # one objective criterion a line
    joining_contact: Mapped[str] = mapped_column(FreeText(REMARK), default="")  # also for an appeal
    exit_plan: Mapped[str] = mapped_column(FreeText(WORDS), default="")
    seeds: Mapped[str] = mapped_column(String(16))  # version of the lists it began with
    lead_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))  # who takes the initiative
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    region: Mapped[Region] = relationship(lazy="raise")
    lead: Mapped[Account | None] = relationship(lazy="raise", foreign_keys=[lead_id])
    wijken: Mapped[list[Wijk]] = relationship(
        secondary="agreement_wijk", lazy="raise", order_by="Wijk.name", viewonly=True
    )
    parties: Mapped[list["Party"]] = relationship(lazy="raise", viewonly=True, order_by="Party.id")

    @property
    def taking_part(self) -> list["Party"]:
        """Its parties, without those that left."""
        return [party for party in self.parties if party.left_on is None]


class AgreementWijk(Base):
    """An agreement is about this wijk."""

    __tablename__ = "agreement_wijk"

    agreement_id: Mapped[UUID] = mapped_column(
        ForeignKey("agreement.id", ondelete="CASCADE"), primary_key=True
    )
    wijk_id: Mapped[UUID] = mapped_column(
        ForeignKey("wijk.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Party(WithId, Base):
    """An organisation that takes part. One that left stays in the register with its last day."""

    __tablename__ = "agreement_party"
    __table_args__ = (UniqueConstraint("agreement_id", "organisation_id"),)

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreement.id", ondelete="CASCADE"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[PartyRole] = mapped_column(default=PartyRole.MEMBER)
    joined_on: Mapped[date] = mapped_column(Date)
    left_on: Mapped[date | None] = mapped_column(Date)
    told_payers_on: Mapped[date | None] = mapped_column(Date)  # showed the agreements to its insurers

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    signatories: Mapped[list["Signatory"]] = relationship(lazy="raise", order_by="Signatory.id")

    @property
    def signed_on(self) -> date | None:
        """When its last signatory signed; None while one has not, or none is named."""
        days = [one.signed_on for one in self.signatories]
        return max((day for day in days if day), default=None) if all(days) else None


class Signatory(WithId, Base):
    """Who signs for a party.

    account    of who signs here; None: on paper
    signed_on  the day it was signed: here, or as that party itself recorded it
    """

    __tablename__ = "agreement_signatory"
    __table_args__ = (UniqueConstraint("party_id", "account_id"),)

    party_id: Mapped[UUID] = mapped_column(ForeignKey("agreement_party.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    job_title: Mapped[str] = mapped_column(String(80))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    signed_on: Mapped[date | None] = mapped_column(Date)
    recorded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))


class PhaseStep(WithId, Base):
    """An agreement came to this phase, forward through a gate or back with a reason. Never altered."""

    __tablename__ = "agreement_phase"
    __table_args__ = (Index("ix_agreement_phase_agreement_id_at", "agreement_id", "at"),)

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreement.id", ondelete="CASCADE"))
    phase: Mapped[Phase]
    at: Mapped[datetime]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(FreeText(REMARK), default="")

    by: Mapped[Account] = relationship(lazy="raise")


class GateDecision(WithId, Base):
    """What was decided at a go/no-go. Never altered; a later one takes over.

    blocked      codes of what was still open, in spite of which it was passed
    override     why, then
    reopened_at  since then it must be decided again, as after a new party
    """

    __tablename__ = "agreement_gate"
    __table_args__ = (
        CheckConstraint("gate BETWEEN 1 AND 4", name="gate_known"),
        Index("ix_agreement_gate_agreement_id_gate", "agreement_id", "gate"),
    )

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreement.id", ondelete="CASCADE"))
    gate: Mapped[int]
    decision: Mapped[Decision]
    decided_on: Mapped[date] = mapped_column(Date)
    decided_by: Mapped[str] = mapped_column(FreeText(REMARK))  # which boards or bodies
    conditions: Mapped[str] = mapped_column(FreeText(WORDS), default="")
    blocked: Mapped[tuple[str, ...]] = mapped_column(default=())
    override: Mapped[str] = mapped_column(FreeText(REMARK), default="")
    reopened_at: Mapped[datetime | None]
    recorded_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime]

    recorded_by: Mapped[Account] = relationship(lazy="raise")


class Application(WithId, Base):
    """An organisation asks to take part.

    criteria  what was asked of it, one a line, as it stood when it applied
    unmet     numbers of the criteria it does not meet; a refusal names at least one
    """

    __tablename__ = "agreement_application"
    __table_args__ = (Index("ix_agreement_application_agreement_id", "agreement_id"),)

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreement.id", ondelete="CASCADE"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    state: Mapped[JoinState] = mapped_column(default=JoinState.WAITING)
    criteria: Mapped[str] = mapped_column(FreeText(WORDS))
    why: Mapped[str] = mapped_column(FreeText(REMARK), default="")
    applied_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    applied_at: Mapped[datetime]
    unmet: Mapped[tuple[int, ...]] = mapped_column(default=())
    reasons: Mapped[str] = mapped_column(FreeText(WORDS), default="")
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]
    appeal: Mapped[str] = mapped_column(FreeText(WORDS), default="")
    appealed_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(lazy="raise")
