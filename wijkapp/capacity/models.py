"""What a team has free. Availability only: no turnover, no price, no client."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wijkapp.capacity.rules import NO_WEEK, Change
from wijkapp.directory.models import Team
from wijkapp.kit.db import Base, WithId
from wijkapp.people.models import Account


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

    changed_by: Mapped[Account | None] = relationship(lazy="raise")
