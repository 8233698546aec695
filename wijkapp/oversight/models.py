"""What oversight keeps: counts per wijk and day, who looked from outside, what the wijkregisseur did.

Counts and codes only: nothing that says who a client is, and no figure of one provider.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wijkapp.agreements.rules import Urgency
from wijkapp.directory.models import Wijk
from wijkapp.kit.db import Base, WithId
from wijkapp.oversight.rules.looks import Look

_PENDING = text("pending > 0")
_RUNS = text("ended_on IS NULL")


class AskedAgain(WithId, Base):
    """A line of the proposal for a region that was accepted: this provider was asked once more."""

    __tablename__ = "asked_again"
    __table_args__ = (UniqueConstraint("care_request_id", "organisation_id"),)

    care_request_id: Mapped[UUID] = mapped_column(ForeignKey("care_request.id", ondelete="CASCADE"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]


class _Counts:
    """What became of requests: see rules.tally.Tally."""

    requests: Mapped[int]
    judged: Mapped[int]
    in_time: Mapped[int]
    placed: Mapped[int]
    pending: Mapped[int]
    unplaced: Mapped[tuple[int, ...]]
    answer: Mapped[tuple[int, ...]]
    offer: Mapped[tuple[int, ...]]
    placement: Mapped[tuple[int, ...]]


class RollupDay(_Counts, Base):
    """The requests that were posted on one day in one wijk with one urgency. No row: there were none."""

    __tablename__ = "rollup_day"
    __table_args__ = (
        # What the clock counts again.
        Index("ix_rollup_day_pending", "day", sqlite_where=_PENDING, postgresql_where=_PENDING),
    )

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    wijk_id: Mapped[UUID] = mapped_column(ForeignKey("wijk.id", ondelete="CASCADE"), primary_key=True)
    urgency: Mapped[Urgency] = mapped_column(primary_key=True)


class RollupWeek(_Counts, Base):
    """The same of a whole week, all urgencies together: what the pages add up."""

    __tablename__ = "rollup_week"

    week: Mapped[date] = mapped_column(Date, primary_key=True)  # its Monday
    wijk_id: Mapped[UUID] = mapped_column(
        ForeignKey("wijk.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class RollupMark(Base):
    """How far the clock has counted: every day up to and with this one. One row."""

    __tablename__ = "rollup_mark"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    day: Mapped[date] = mapped_column(Date)


class WijkDay(Base):
    """How a wijk stood on one day, as the clock last saw it that day.

    providers, figures, stale  providers that work there, figures they published, and those too old to trust;
                               no figures when fewer than LEAST_PROVIDERS published any
    blocks, covered            duties of evening, night and weekend, those that somebody has; None: not known
    """

    __tablename__ = "wijk_day"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    wijk_id: Mapped[UUID] = mapped_column(
        ForeignKey("wijk.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    providers: Mapped[int]
    figures: Mapped[int]
    stale: Mapped[int]
    blocks: Mapped[int | None]
    covered: Mapped[int | None]


class NormSignal(WithId, Base):
    """A wijk in which the agreed time was missed for weeks. Ends with the first week that meets it."""

    __tablename__ = "norm_signal"
    __table_args__ = (
        Index("uq_norm_signal_running", "wijk_id", unique=True, sqlite_where=_RUNS, postgresql_where=_RUNS),
    )

    wijk_id: Mapped[UUID] = mapped_column(ForeignKey("wijk.id", ondelete="CASCADE"), index=True)
    first_week: Mapped[date] = mapped_column(Date)
    last_week: Mapped[date] = mapped_column(Date)  # the last one that was looked at and missed it
    weeks: Mapped[int]
    told_at: Mapped[datetime]
    ended_on: Mapped[date | None] = mapped_column(Date)  # Monday of the week that met it

    wijk: Mapped[Wijk] = relationship(lazy="raise")


class SignalStep(Base):
    """A step of an agreement's ladder that was told, because a signal ran for so many days."""

    __tablename__ = "norm_signal_step"

    signal_id: Mapped[UUID] = mapped_column(
        ForeignKey("norm_signal.id", ondelete="CASCADE"), primary_key=True
    )
    agreement_id: Mapped[UUID] = mapped_column(
        ForeignKey("agreement.id", ondelete="CASCADE"), primary_key=True
    )
    after_days: Mapped[int] = mapped_column(primary_key=True)
    told_at: Mapped[datetime]


class OutsiderLook(WithId, Base):
    """Somebody of an insurer, zorgkantoor or municipality looked at a region. Providers may see this."""

    __tablename__ = "outsider_look"
    __table_args__ = (Index("ix_outsider_look_region_id_at", "region_id", "at"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    region_id: Mapped[UUID] = mapped_column(ForeignKey("region.id", ondelete="CASCADE"))
    wijk_id: Mapped[UUID | None] = mapped_column(ForeignKey("wijk.id", ondelete="CASCADE"))
    what: Mapped[Look]
    at: Mapped[datetime]
