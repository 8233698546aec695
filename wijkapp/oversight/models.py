"""What the wijkregisseur wrote down. Codes only: nothing that says who a client is."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wijkapp.kit.db import Base, WithId


class AskedAgain(WithId, Base):
    """A line of the proposal for a region that was accepted: this provider was asked once more."""

    __tablename__ = "asked_again"
    __table_args__ = (UniqueConstraint("care_request_id", "organisation_id"),)

    care_request_id: Mapped[UUID] = mapped_column(ForeignKey("care_request.id", ondelete="CASCADE"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
