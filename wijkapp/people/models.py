"""Organisations and the people who log in. Professionals only: nothing about a client is stored here."""

from datetime import date, datetime
from datetime import time as hour
from secrets import token_hex
from uuid import UUID

from flask_security import AsaList, RoleMixin, UserMixin, WebAuthnMixin
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
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wijkapp.kit import time
from wijkapp.kit.db import Base, WithId
from wijkapp.people.rules import PROVIDERS, OrganisationKind, PaperKind, Role, WtzaStatus


def _random_name() -> str:
    """For names that outsiders see and must not guess or link to a person."""
    return token_hex(32)


class Organisation(WithId, Base):
    """A party in the cooperation. A zzp'er is an organisation of one."""

    __tablename__ = "organisation"

    kind: Mapped[OrganisationKind]
    name: Mapped[str] = mapped_column(String(120))
    agb_code: Mapped[str | None] = mapped_column(String(8), unique=True)  # text: leading zeros matter
    kvk_number: Mapped[str | None] = mapped_column(String(8))
    wtza_status: Mapped[WtzaStatus] = mapped_column(default=WtzaStatus.UNKNOWN)
    phone: Mapped[str | None] = mapped_column(String(16))  # E.164
    email: Mapped[str | None] = mapped_column(String(254))
    place: Mapped[str | None] = mapped_column(String(80))
    active: Mapped[bool] = mapped_column(default=True)
    joined_at: Mapped[datetime] = mapped_column(default=time.now)
    on_public_page: Mapped[bool | None]  # None: nobody chose yet

    @property
    def is_provider(self) -> bool:
        return self.kind in PROVIDERS

    @property
    def is_public(self) -> bool:
        """Does the public page name it? The name of a zzp'er is often that of a person: only after a yes."""
        if self.on_public_page is None:
            return self.kind is not OrganisationKind.SOLO
        return self.on_public_page


class OrganisationPaper(WithId, Base):
    """Until when a paper of an organisation is valid. The paper itself is not kept here."""

    __tablename__ = "organisation_paper"
    __table_args__ = (
        UniqueConstraint("organisation_id", "kind"),
        Index("ix_organisation_paper_valid_until", "valid_until"),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    kind: Mapped[PaperKind]
    valid_until: Mapped[date] = mapped_column(Date)  # last day
    reminded_at: Mapped[datetime | None]


class AccountRole(RoleMixin, Base):
    """One role of one account. Flask-Security asks a role for its `name`."""

    __tablename__ = "account_role"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[Role] = mapped_column(primary_key=True)

    permissions = None  # ours are in access.py

    @property
    def name(self) -> str:  # type: ignore[override]
        return self.role.value


class Account(WithId, UserMixin, Base):  # type: ignore[misc]
    """Somebody who works at an organisation and may log in."""

    __tablename__ = "account"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    phone: Mapped[str | None] = mapped_column(String(16))  # E.164, work number, shown to partners
    job_title: Mapped[str | None] = mapped_column(String(80))
    big_number: Mapped[str | None] = mapped_column(String(11))
    language: Mapped[str] = mapped_column(String(5), default="nl")
    created_at: Mapped[datetime] = mapped_column(default=time.now)
    # No phone rings between these on a clock in Amsterdam, but for what cannot wait. Equal: it always may.
    quiet_from: Mapped[hour] = mapped_column(default=hour(22), server_default="22:00:00")
    quiet_until: Mapped[hour] = mapped_column(default=hour(7), server_default="07:00:00")

    # What Flask-Security keeps per account; its names.
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True, default=_random_name)
    password: Mapped[str | None] = mapped_column(String(255))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))  # sealed with a key of this installation
    tf_last_counter: Mapped[int] = mapped_column(BigInteger, default=0)  # of the last code that was used
    recovery_codes: Mapped[tuple[str, ...]] = mapped_column(default=())  # keyed hashes; each works once
    fs_webauthn_user_handle: Mapped[str] = mapped_column(String(64), unique=True, default=_random_name)

    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    roles: Mapped[list[AccountRole]] = relationship(  # type: ignore[assignment]
        lazy="selectin", cascade="all, delete-orphan"
    )
    webauthn: Mapped[list["Passkey"]] = relationship(  # type: ignore[assignment]
        lazy="selectin", cascade="all, delete-orphan", order_by="Passkey.create_datetime"
    )

    @property
    def role_set(self) -> frozenset[Role]:
        return frozenset(held.role for held in self.roles)

    @property
    def has_second_factor(self) -> bool:
        return bool(self.tf_totp_secret or self.webauthn)


class Passkey(WithId, WebAuthnMixin, Base):  # type: ignore[misc]
    """A passkey on somebody's phone or key ring; its names are Flask-Security's."""

    __tablename__ = "passkey"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    transports: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    backup_state: Mapped[bool]
    device_type: Mapped[str] = mapped_column(String(64))
    extensions: Mapped[str | None] = mapped_column(String(255))
    lastuse_datetime: Mapped[datetime]
    create_datetime: Mapped[datetime] = mapped_column(default=time.now)
    name: Mapped[str] = mapped_column(String(64))
    usage: Mapped[str] = mapped_column(String(64))

    def get_user_mapping(self) -> dict[str, UUID]:
        """How Flask-Security finds the account of a passkey."""
        return {"id": self.user_id}


class Device(WithId, Base):
    """A browser that is logged in. Revoking it logs it out at its next request."""

    __tablename__ = "device"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    label: Mapped[str] = mapped_column(String(80))  # "Chrome op Android", never the raw user agent
    signed_in_at: Mapped[datetime] = mapped_column(default=time.now)
    seen_at: Mapped[datetime] = mapped_column(default=time.now)
    revoked_at: Mapped[datetime | None]


class LogInLink(WithId, Base):
    """A link by mail that logs one account in, once, within fifteen minutes."""

    __tablename__ = "log_in_link"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(
        String(64), unique=True
    )  # SHA-256; the token itself is only in the mail
    next_path: Mapped[str] = mapped_column(String(500), default="/")
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AccountInvitation(WithId, Base):
    """An organisation's own admin asks somebody to join. Good for one account, for a week."""

    __tablename__ = "account_invitation"
    __table_args__ = (
        Index(
            "uq_account_invitation_open",
            "email",
            unique=True,
            sqlite_where=text("accepted_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=text("accepted_at IS NULL AND withdrawn_at IS NULL"),
        ),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    invited_by_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("account.id")
    )  # None: by whoever hosts the app
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(120))
    roles: Mapped[tuple[str, ...]]
    token_hash: Mapped[str] = mapped_column(
        String(64), unique=True
    )  # SHA-256; the token itself is only in the mail
    invited_at: Mapped[datetime] = mapped_column(default=time.now)
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    invited_by: Mapped[Account | None] = relationship(lazy="raise")
