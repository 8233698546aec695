"""What each wijk agreed, and from when. Every change is a new version; none is ever altered."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text, TypeDecorator
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wijkapp.agreements import rota_terms
from wijkapp.agreements.rota_terms import RotaTerms
from wijkapp.agreements.rules import Terms, from_json, to_json
from wijkapp.kit.db import Base, WithId
from wijkapp.people.models import Account


class TermsJson(TypeDecorator[Terms]):
    """Terms in one column: they are read whole, and never searched."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Terms | None, dialect: Any) -> str | None:
        return None if value is None else to_json(value)

    def process_result_value(self, value: str | None, dialect: Any) -> Terms | None:
        return None if value is None else from_json(value)


class TermsVersion(WithId, Base):
    """The terms of one wijk from one moment on, until a later version takes over."""

    __tablename__ = "terms_version"
    __table_args__ = (Index("ix_terms_version_wijk_id_valid_from", "wijk_id", "valid_from"),)

    wijk_id: Mapped[UUID] = mapped_column(ForeignKey("wijk.id", ondelete="CASCADE"))
    valid_from: Mapped[datetime]
    clauses: Mapped[Terms] = mapped_column(TermsJson)
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]

    made_by: Mapped[Account] = relationship(lazy="raise")


class RotaTermsJson(TypeDecorator[RotaTerms]):
    """The same for what a region agreed about evenings, nights and weekends."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: RotaTerms | None, dialect: Any) -> str | None:
        return None if value is None else rota_terms.to_json(value)

    def process_result_value(self, value: str | None, dialect: Any) -> RotaTerms | None:
        return None if value is None else rota_terms.from_json(value)


class RotaTermsVersion(WithId, Base):
    """The terms of one region for duties from one moment on, until a later version takes over."""

    __tablename__ = "rota_terms_version"
    __table_args__ = (Index("ix_rota_terms_version_region_id_valid_from", "region_id", "valid_from"),)

    region_id: Mapped[UUID] = mapped_column(ForeignKey("region.id", ondelete="CASCADE"))
    valid_from: Mapped[datetime]
    clauses: Mapped[RotaTerms] = mapped_column(RotaTermsJson)
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]

    made_by: Mapped[Account] = relationship(lazy="raise")
