"""Threads, who takes part, messages, and how far everybody has read. Every text went past the guard."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column

from wijkapp.chat.rules import LONGEST, Kind
from wijkapp.kit.db import Base, WithId
from wijkapp.kit.freetext import FreeText

_WAITS = text("acknowledged_at IS NULL")


class Thread(WithId, Base):
    """A conversation about one thing: a wijk, a request, a duty, or what two organisations do in a wijk.

    Its id is that of the thing (wijk, invitation, duty; for CONTACT made out of both organisations and the
    wijk), so nobody has to look it up, and of two who open it at once one does.
    """

    __tablename__ = "thread"
    __table_args__ = (
        Index(
            "ix_thread_wipe",
            "wipe_at",
            sqlite_where=text("wipe_at IS NOT NULL"),
            postgresql_where=text("wipe_at IS NOT NULL"),
        ),
    )

    kind: Mapped[Kind]
    page_id: Mapped[UUID | None]  # of the request or duty it is about, for a way back
    wijk_id: Mapped[UUID | None] = mapped_column(ForeignKey("wijk.id"), index=True)
    names_wijk: Mapped[bool] = mapped_column(default=True, server_default=true())  # False: its town only
    last_seq: Mapped[int] = mapped_column(BigInteger, default=0)  # of the newest message
    last_at: Mapped[datetime | None]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]  # what it is about is over: read only
    wipe_at: Mapped[datetime | None]  # UTC; then every message goes


class ThreadParty(Base):
    """An organisation that takes part, and how far it has read: whoever of them read it, they know."""

    __tablename__ = "thread_party"

    thread_id: Mapped[UUID] = mapped_column(ForeignKey("thread.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    read_seq: Mapped[int] = mapped_column(BigInteger, default=0)
    read_at: Mapped[datetime | None]
    read_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))


class Reader(Base):
    """How far one person has read, and up to which message their phone rang.

    A phone rings for the first message after what was read, not for each one.
    """

    __tablename__ = "thread_reader"

    thread_id: Mapped[UUID] = mapped_column(ForeignKey("thread.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    read_seq: Mapped[int] = mapped_column(BigInteger, default=0)
    told_seq: Mapped[int] = mapped_column(BigInteger, default=0)


class Message(Base):
    """Something somebody said. The id is made on the sender's device, so a repeat is the same message."""

    __tablename__ = "message"
    __table_args__ = (UniqueConstraint("thread_id", "seq"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    thread_id: Mapped[UUID] = mapped_column(ForeignKey("thread.id", ondelete="CASCADE"))
    seq: Mapped[int] = mapped_column(BigInteger)  # 1, 2, 3 … within the thread: the order for everybody
    author_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))  # for whom, at that moment
    text: Mapped[str] = mapped_column(FreeText(LONGEST))  # empty once deleted
    priority: Mapped[bool] = mapped_column(default=False)
    said_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]


class Mention(Base):
    """Somebody is named in a message and hears it at once."""

    __tablename__ = "mention"

    message_id: Mapped[UUID] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Acknowledgement(Base):
    """A priority message asks every other party for a yes; it rings again until somebody there gives it."""

    __tablename__ = "acknowledgement"
    __table_args__ = (
        Index("ix_acknowledgement_due", "ask_at", sqlite_where=_WAITS, postgresql_where=_WAITS),
        Index("ix_acknowledgement_owed", "organisation_id", sqlite_where=_WAITS, postgresql_where=_WAITS),
    )

    message_id: Mapped[UUID] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True
    )
    ask_at: Mapped[datetime]  # UTC; when it rings again
    asked: Mapped[int] = mapped_column(default=1)  # how often it rang
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
