"""What each wijk agreed, and from when. Every change is a new version; one that held is never altered."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text, TypeDecorator
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wijkapp.agreements import rota_terms, rules
from wijkapp.agreements.rota_terms import RotaTerms
from wijkapp.agreements.rules import Terms
from wijkapp.kit.db import Base, WithId
from wijkapp.people.models import Account


class TermsJson(TypeDecorator[Terms | RotaTerms]):
    """Terms of a wijk, or of the duties of a region, in one column: read whole, and never searched."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Terms | RotaTerms | None, dialect: Any) -> str | None:
        if value is None:
            return None
        return rota_terms.to_json(value) if isinstance(value, RotaTerms) else rules.to_json(value)

    def process_result_value(self, value: str | None, dialect: Any) -> Terms | RotaTerms | None:
        if value is None:
            return None
        # Only those of duties have blocks. In a text a quote is escaped, so this is a key and nothing else.
        return rota_terms.from_json(value) if '"blocks":' in value else rules.from_json(value)


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


class RotaTermsVersion(WithId, Base):
    """The terms of one region for duties from one moment on, until a later version takes over."""

    __tablename__ = "rota_terms_version"
    __table_args__ = (Index("ix_rota_terms_version_region_id_valid_from", "region_id", "valid_from"),)

    region_id: Mapped[UUID] = mapped_column(ForeignKey("region.id", ondelete="CASCADE"))
    valid_from: Mapped[datetime]
    clauses: Mapped[RotaTerms] = mapped_column(TermsJson)
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]

    made_by: Mapped[Account] = relationship(lazy="raise")
