"""What the wijkregisseur wrote down. Codes only: nothing that says who a client is."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wijkapp.kit.db import Base, WithId
from wijkapp.matching.models import CareRequest
from wijkapp.oversight.rules import OutsideWhere
from wijkapp.people.models import Account


class OutsidePlacement(Base):
    """Nobody here could take this request; somewhere else somebody could."""

    __tablename__ = "outside_placement"

    care_request_id: Mapped[UUID] = mapped_column(
        ForeignKey("care_request.id", ondelete="CASCADE"), primary_key=True
    )
    found_at: Mapped[OutsideWhere]
    recorded_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime]

    recorded_by: Mapped[Account] = relationship(lazy="raise")
    care_request: Mapped[CareRequest] = relationship(lazy="raise")


class AskedAgain(WithId, Base):
    """A line of the proposal for a region that was accepted: this provider was asked once more."""

    __tablename__ = "asked_again"
    __table_args__ = (UniqueConstraint("care_request_id", "organisation_id"),)

    care_request_id: Mapped[UUID] = mapped_column(ForeignKey("care_request.id", ondelete="CASCADE"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
