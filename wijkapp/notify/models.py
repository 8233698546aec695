"""Where a person can be reached, and what was delivered when. Ids and states; no texts but the post box."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wijkapp.kit import time
from wijkapp.kit.db import Base, WithId


class Channel(StrEnum):
    SOCKET = "socket"
    PUSH = "push"
    MAIL = "mail"


class PushSubscription(WithId, Base):
    """One browser that may be pushed to. The address is a secret of that browser, so it is sealed."""

    __tablename__ = "push_subscription"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("device.id", ondelete="CASCADE"))
    endpoint_hash: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256, to find it again
    sealed: Mapped[bytes] = mapped_column(LargeBinary)  # endpoint and keys, kit.crypto
    subscribed_at: Mapped[datetime] = mapped_column(default=time.now)
    retired_at: Mapped[datetime | None]  # the push service says it is gone (404, 410)
    delivered_at: Mapped[datetime | None]  # last time a push was accepted


class Delivery(WithId, Base):
    """The ledger: this event reached this person by this channel. A retry skips what is in here."""

    __tablename__ = "delivery"
    __table_args__ = (UniqueConstraint("event_id", "channel", "target"),)

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    channel: Mapped[Channel]
    target: Mapped[str] = mapped_column(String(64))  # id of the push subscription; for mail the account
    delivered_at: Mapped[datetime] = mapped_column(default=time.now)
    outcome: Mapped[str] = mapped_column(String(20))  # delivered, retired, refused


class PostedMail(WithId, Base):
    """The app's own post box: mail that had no mail server to go to. The demo shows it as a page."""

    __tablename__ = "posted_mail"

    to_address: Mapped[str] = mapped_column(String(254), index=True)
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    posted_at: Mapped[datetime] = mapped_column(default=time.now)
