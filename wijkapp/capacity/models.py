"""What a team has free. Availability only: no turnover, no price, no client."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wijkapp.capacity.rules import NO_WEEK, Change, Outcome, PauseKind, PauseReason, Tap
from wijkapp.directory.models import Team
from wijkapp.kit.db import Base, WithId
from wijkapp.people.models import Account

_HELD = text("released_at IS NULL")


class Capacity(WithId, Base):
    """Free places of one team for one product, as somebody last confirmed it."""

    __tablename__ = "capacity"
    __table_args__ = (
        UniqueConstraint("team_id", "product"),
        CheckConstraint("places >= 0", name="places_not_negative"),
    )

    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"))
    product: Mapped[str] = mapped_column(ForeignKey("care_product.code"))
    places: Mapped[int] = mapped_column(default=0)  # clients that can come in care
    week: Mapped[tuple[int, ...]] = mapped_column(default=NO_WEEK)  # free minutes a week per daypart slot, 28
    from_date: Mapped[date] = mapped_column(Date)  # first day a new client can start
    skills: Mapped[tuple[str, ...]] = mapped_column(default=())  # Skill codes these places have people for
    full: Mapped[bool] = mapped_column(default=False)  # "vol": said so, whatever the figure
    waiting_list: Mapped[bool] = mapped_column(default=False)
    expected_on: Mapped[date | None] = mapped_column(
        Date
    )  # first day they expect a place, when there is none
    confirmed_at: Mapped[datetime]
    confirmed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))  # None: by a placement
    version: Mapped[int] = mapped_column(
        default=1
    )  # goes up with each change of the figure, not with a confirmation

    team: Mapped[Team] = relationship(lazy="raise")
    confirmed_by: Mapped[Account | None] = relationship(lazy="raise")


class CapacityTake(WithId, Base):
    """What one placement took from one figure, so that exactly that can be given back, once."""

    __tablename__ = "capacity_take"

    capacity_id: Mapped[UUID] = mapped_column(ForeignKey("capacity.id", ondelete="CASCADE"), index=True)
    places: Mapped[int] = mapped_column(default=1)  # 0 when the team made room without having published any
    week: Mapped[tuple[int, ...]]  # minutes a week per daypart slot, 28
    taken_at: Mapped[datetime]
    given_back_at: Mapped[datetime | None]


class CapacityChange(WithId, Base):
    """How a figure moved over time: published, confirmed, taken, given back. For the team's own history."""

    __tablename__ = "capacity_change"
    __table_args__ = (Index("ix_capacity_change_capacity_id_changed_at", "capacity_id", "changed_at"),)

    capacity_id: Mapped[UUID] = mapped_column(ForeignKey("capacity.id", ondelete="CASCADE"))
    what: Mapped[Change]
    places: Mapped[int]  # after the change
    full: Mapped[bool]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))  # None: by a placement

    capacity: Mapped[Capacity] = relationship(lazy="raise")
    changed_by: Mapped[Account | None] = relationship(lazy="raise")


class CapacityPause(WithId, Base):
    """A team takes nobody for a while, whatever its figures say: closed for a holiday, or stopped."""

    __tablename__ = "capacity_pause"
    __table_args__ = (
        CheckConstraint("until_on >= from_on", name="dates_in_order"),
        Index("ix_capacity_pause_team_id_until_on", "team_id", "until_on"),
    )

    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"))
    kind: Mapped[PauseKind]
    reason: Mapped[PauseReason]
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date] = mapped_column(Date)  # last day; of a stop: as they expect it
    made_at: Mapped[datetime]
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]  # taken back before its last day
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))


class CapacityHold(WithId, Base):
    """A place that is being talked about: an offer is open. Shown, and refuses nobody."""

    __tablename__ = "capacity_hold"
    __table_args__ = (
        UniqueConstraint("offer_id", "product"),
        Index("ix_capacity_hold_standing", "team_id", sqlite_where=_HELD, postgresql_where=_HELD),
    )

    offer_id: Mapped[UUID]  # of matching, which this room does not know
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"))
    product: Mapped[str] = mapped_column(ForeignKey("care_product.code"))
    held_at: Mapped[datetime]
    released_at: Mapped[datetime | None]


class CapacityPromise(WithId, Base):
    """A team was asked while its figure said "vrij"; what came of it. None: it never answered."""

    __tablename__ = "capacity_promise"
    __table_args__ = (
        UniqueConstraint("care_request_id", "team_id"),
        Index("ix_capacity_promise_organisation_id_asked_at", "organisation_id", "asked_at"),
    )

    care_request_id: Mapped[UUID]  # of matching, which this room does not know
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"))
    asked_at: Mapped[datetime]
    outcome: Mapped[Outcome | None]
    answered_at: Mapped[datetime | None]


class CapacityRhythm(Base):
    """When a team is reminded: at the moment of the day it usually looks at its figures."""

    __tablename__ = "capacity_rhythm"

    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), primary_key=True)
    remind_at: Mapped[datetime] = mapped_column(index=True)  # when the clock looks again


class CapacityAsk(WithId, Base):
    """One reminder to one team: what stood there when it was asked, so that an answer is about just that."""

    __tablename__ = "capacity_ask"
    __table_args__ = (Index("ix_capacity_ask_team_id_asked_at", "team_id", "asked_at"),)

    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"))
    asked_at: Mapped[datetime]
    figures: Mapped[tuple[str, ...]]  # "<id of the figure> <its version>", each that was asked about
    tap: Mapped[Tap | None]  # the first answer; who taps after that hears so
    tapped_at: Mapped[datetime | None]
    tapped_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
