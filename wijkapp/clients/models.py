"""Client files, consent, what is sealed in a file, who looked, and breaches. No other room knows a client.

Every `…_sealed` column holds AES-GCM under the data key of the file's consent, bound to table, row and
column. The keys are in a store of their own (`clients.keys`): without its key a row is noise, here and in
every copy.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from wijkapp.clients.rules import Answer, EmergencyReason, EndReason, GivenBy, How, Scope, Verdict
from wijkapp.kit.db import Base, WithId

_LASTS = text("ended_at IS NULL")
_HAS_KEY = text("holds_key AND ended_at IS NOT NULL AND key_destroyed_at IS NULL")


class ClientFile(WithId, Base):
    """One client of one placement, known by a code only. Without consent there is nothing in it."""

    __tablename__ = "client_file"

    about_id: Mapped[UUID] = mapped_column(unique=True)  # the placement
    code: Mapped[str] = mapped_column(String(9), unique=True)  # as in K7QM-4X2P; noted in the own record
    opened_at: Mapped[datetime]
    handed_over_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]  # UTC; when what is in it is destroyed, as far as is known now
    ended_at: Mapped[datetime | None]  # the placement is over: nothing can be put in any more


class FileParty(Base):
    """An organisation that gives or passes on this client's care; others do not know that the file exists."""

    __tablename__ = "file_party"

    file_id: Mapped[UUID] = mapped_column(ForeignKey("client_file.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True, index=True)
    source: Mapped[bool]  # it asked for the care, and asks for consent
    contact_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))  # who hears of it there


class Consent(WithId, Base):
    """One answer of the client, or of who may speak for them. Never changed afterwards, only ended.

    organisation_id, data  what it is limited to; None and empty: all in ConsentParty, all data
    """

    __tablename__ = "consent"
    __table_args__ = (
        # One consent at a time holds the key of a file.
        Index(
            "uq_consent_key_holder",
            "file_id",
            unique=True,
            sqlite_where=text("holds_key AND ended_at IS NULL"),
            postgresql_where=text("holds_key AND ended_at IS NULL"),
        ),
        Index("ix_consent_ends", "until", sqlite_where=_LASTS, postgresql_where=_LASTS),
        # What the clock looks for: ended, and the key may still be there.
        Index("ix_consent_to_destroy", "ended_at", sqlite_where=_HAS_KEY, postgresql_where=_HAS_KEY),
    )

    file_id: Mapped[UUID] = mapped_column(ForeignKey("client_file.id"), index=True)
    answer: Mapped[Answer]
    given_by: Mapped[GivenBy]
    how: Mapped[How]
    told_version: Mapped[str] = mapped_column(String(16))  # of the information text, as in 2026-11
    purposes: Mapped[tuple[str, ...]]  # rules.Purpose
    data: Mapped[tuple[str, ...]]  # rules.Data
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    mitz_checked: Mapped[bool]  # somebody looked in the national register; wijkapp itself cannot
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    recorded_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime]
    holds_key: Mapped[bool]  # given: its id is the name of the data key
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    end_reason: Mapped[EndReason | None]
    key_destroyed_at: Mapped[datetime | None]


class ConsentParty(Base):
    """How much one party may see under one consent."""

    __tablename__ = "consent_party"

    consent_id: Mapped[UUID] = mapped_column(ForeignKey("consent.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    scope: Mapped[Scope]


class Identity(Base):
    """Who the client is. One row per file; each field sealed apart. No BSN: nothing here needs it."""

    __tablename__ = "client_identity"

    file_id: Mapped[UUID] = mapped_column(ForeignKey("client_file.id"), primary_key=True)
    consent_id: Mapped[UUID] = mapped_column(ForeignKey("consent.id"))  # whose key
    name_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    birth_date_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    address_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    phone_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    contact_sealed: Mapped[bytes] = mapped_column(LargeBinary)  # representative or family: name and phone
    entry_sealed: Mapped[bytes] = mapped_column(LargeBinary)  # how to get in: key box, alarm
    written_at: Mapped[datetime]
    written_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))


class HandoverNote(WithId, Base):
    """The handover of care, in the four parts of SBAR; a new version is a new row."""

    __tablename__ = "client_handover"

    file_id: Mapped[UUID] = mapped_column(ForeignKey("client_file.id"), index=True)
    consent_id: Mapped[UUID] = mapped_column(ForeignKey("consent.id"))
    situation_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    background_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    assessment_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    recommendation_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    written_at: Mapped[datetime]
    written_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))


class Appointment(WithId, Base):
    """When somebody comes, and for what."""

    __tablename__ = "client_appointment"

    file_id: Mapped[UUID] = mapped_column(ForeignKey("client_file.id"), index=True)
    consent_id: Mapped[UUID] = mapped_column(ForeignKey("consent.id"))
    at_sealed: Mapped[bytes] = mapped_column(LargeBinary)  # ISO moment, UTC
    what_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))  # who comes
    cancelled_at: Mapped[datetime | None]
    written_at: Mapped[datetime]
    written_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))


class Report(WithId, Base):
    """One message in the thread about this client: the place to write what chat refuses."""

    __tablename__ = "client_report"

    file_id: Mapped[UUID] = mapped_column(ForeignKey("client_file.id"), index=True)
    consent_id: Mapped[UUID] = mapped_column(ForeignKey("consent.id"))
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    corrects_id: Mapped[UUID | None] = mapped_column(ForeignKey("client_report.id"))  # the client asked
    written_at: Mapped[datetime]
    written_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))


class BrokenGlass(WithId, Base):
    """Somebody outside the consented parties' scope opened a file in an emergency; it is looked at later."""

    __tablename__ = "broken_glass"

    file_id: Mapped[UUID] = mapped_column(ForeignKey("client_file.id"), index=True)
    consent_id: Mapped[UUID] = mapped_column(ForeignKey("consent.id"))  # whose key seals the words
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[EmergencyReason]  # why in words is sealed
    why_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    opened_at: Mapped[datetime]
    until: Mapped[datetime]
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    verdict: Mapped[Verdict | None]


class AuditEvent(Base):
    """One line of the log of client data (NEN 7513). Only ever added; each line carries the hash of the last.

    Names no client: `client_code` is the code of the file. Kept five years from writing.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        UniqueConstraint("hash"),
        CheckConstraint("seq > 0", name="seq_positive"),
        Index("ix_audit_event_client_code", "client_code", "seq"),
        Index("ix_audit_event_account_id", "account_id", "at"),
    )

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)  # 1, 2, 3 … no gaps
    at: Mapped[datetime]
    event: Mapped[str] = mapped_column(String(32))  # audit_rules.Event: read, written, consent_given …
    client_code: Mapped[str | None] = mapped_column(String(9))
    account_id: Mapped[UUID | None]  # no foreign key: the line outlives the account
    account_name: Mapped[str | None] = mapped_column(String(120))  # as it was then
    roles: Mapped[str | None] = mapped_column(String(120))
    organisation_id: Mapped[UUID | None]
    organisation_name: Mapped[str | None] = mapped_column(String(120))
    on_behalf_of: Mapped[str | None] = mapped_column(String(120))  # the responsible organisation
    ip: Mapped[str | None] = mapped_column(String(45))
    device_id: Mapped[UUID | None]
    object_kind: Mapped[str | None] = mapped_column(String(32))  # rules.Data, consent, file, export …
    object_id: Mapped[UUID | None]
    purpose: Mapped[str | None] = mapped_column(String(32))
    legal_basis: Mapped[str | None] = mapped_column(String(32))  # consent, vital_interest, legal_duty
    consent_id: Mapped[UUID | None]
    outcome: Mapped[str] = mapped_column(String(16))  # done, refused
    detail: Mapped[str | None] = mapped_column(String(64))  # a code, such as the reason of an emergency
    hash_before: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The last line of the log: whoever adds one takes this row first, so the chain never forks."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))


class AuditReview(WithId, Base):
    """An organisation looked at something odd in the log (`odd_rules`), and what it made of it."""

    __tablename__ = "audit_review"
    __table_args__ = (UniqueConstraint("organisation_id", "rule", "first_seq"),)

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    rule: Mapped[str] = mapped_column(String(32))  # odd_rules.Rule
    first_seq: Mapped[int] = mapped_column(
        BigInteger
    )  # the line it begins with: with the rule, which one it is
    verdict: Mapped[str] = mapped_column(String(16))  # odd_rules.Verdict
    reviewed_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    reviewed_at: Mapped[datetime]


class Breach(WithId, Base):
    """Something went wrong with personal data: what, when it was found, what was done, who was told.

    The words are sealed with the master key: they may say whom it is about.
    Source: AVG art. 33: told to the authority within 72 hours of finding it, unless there is no likely risk.
    """

    __tablename__ = "breach"
    __table_args__ = (
        # What the clock looks for: not told to the authority yet, and somebody must be reminded.
        Index(
            "ix_breach_remind_at",
            "remind_at",
            sqlite_where=text("remind_at IS NOT NULL"),
            postgresql_where=text("remind_at IS NOT NULL"),
        ),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    found_at: Mapped[datetime]
    what_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    measures_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    kind: Mapped[str] = mapped_column(String(32))
    people_touched: Mapped[int | None]
    risk: Mapped[str] = mapped_column(String(16))  # none, some, high
    reported_at: Mapped[datetime | None]  # to the Autoriteit Persoonsgegevens
    clients_told_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    remind_at: Mapped[datetime | None]  # None once nobody need be reminded
    recorded_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime]


class GuardCount(Base):
    """How often the guard spoke up, and how often people said it was wrong. Kinds and numbers, never text."""

    __tablename__ = "guard_count"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(16), primary_key=True)  # blocked, asked, vouched, wrong
    number: Mapped[int] = mapped_column(default=0)
