"""Documents of an agreement: what is filled in, the versions that were offered, and who signed which."""

import json
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, String, Text, TypeDecorator, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wijkapp.agreements.models.register import Agreement
from wijkapp.agreements.models.terms import TermsJson
from wijkapp.agreements.register import WORDS
from wijkapp.agreements.rota_terms import RotaTerms
from wijkapp.agreements.rules import Terms
from wijkapp.agreements.sealed import Content, canonical, from_plain, to_plain
from wijkapp.kit.db import Base, WithId
from wijkapp.kit.freetext import FreeText
from wijkapp.people.models import Account, Organisation


class Factor(StrEnum):
    """By what somebody proved at that moment that it was them."""

    PASSKEY = "passkey"  # which signed the hash itself
    CODE = "code"  # of an authenticator app
    DEMO = "demo"  # by nothing: in the demo only


class State(StrEnum):
    """Of a version that was offered."""

    OFFERED = "offered"  # signed by some or none
    IN_FORCE = "in_force"
    REPLACED = "replaced"  # by a later one that is in force
    TAKEN_BACK = "taken_back"


class ContentJson(TypeDecorator[Content]):
    """A document, frozen, as it is hashed. Its words asked the guard when they came into the register."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Content | None, dialect: Any) -> str | None:
        return None if value is None else canonical(to_plain(value)).decode()

    def process_result_value(self, value: str | None, dialect: Any) -> Content | None:
        return None if value is None else from_plain(json.loads(value))


class PlainJson(TypeDecorator[dict[str, Any]]):
    """What was signed, and what a passkey made of it: never searched, never altered."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Any) -> str | None:
        return None if value is None else canonical(value).decode()

    def process_result_value(self, value: str | None, dialect: Any) -> dict[str, Any] | None:
        return None if value is None else json.loads(value)


class Document(WithId, Base):
    """One kind of document of an agreement, as it is being written.

    terms       what the app is going to do, and from which day; None: nothing was chosen
    """

    __tablename__ = "agreement_document"
    __table_args__ = (UniqueConstraint("agreement_id", "kind"),)

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreement.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(32))  # code of the template
    terms: Mapped[Terms | RotaTerms | None] = mapped_column(TermsJson)
    terms_from: Mapped[date | None] = mapped_column(Date)
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    answers: Mapped[list["Answer"]] = relationship(lazy="raise")
    versions: Mapped[list["Version"]] = relationship(lazy="raise", order_by="Version.number.desc()")
    agreement: Mapped[Agreement] = relationship(lazy="raise")


class Answer(Base):
    """What was answered to one question of a document."""

    __tablename__ = "document_answer"

    document_id: Mapped[UUID] = mapped_column(
        ForeignKey("agreement_document.id", ondelete="CASCADE"), primary_key=True
    )
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    words: Mapped[str] = mapped_column(FreeText(WORDS))
    changed_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    changed_at: Mapped[datetime]


class Version(WithId, Base):
    """A document as it was offered. What it says is never altered; a change is a new version."""

    __tablename__ = "document_version"
    __table_args__ = (UniqueConstraint("document_id", "number"),)

    document_id: Mapped[UUID] = mapped_column(ForeignKey("agreement_document.id", ondelete="CASCADE"))
    number: Mapped[int]
    state: Mapped[State] = mapped_column(default=State.OFFERED)
    content: Mapped[Content] = mapped_column(ContentJson)
    digest: Mapped[str] = mapped_column(String(64))
    terms: Mapped[Terms | RotaTerms | None] = mapped_column(TermsJson)
    terms_from: Mapped[date | None] = mapped_column(Date)
    offered_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    offered_at: Mapped[datetime]
    in_force_at: Mapped[datetime | None]

    offered_by: Mapped[Account] = relationship(lazy="raise")
    signers: Mapped[list["Signer"]] = relationship(lazy="raise")
    signatures: Mapped[list["Signature"]] = relationship(lazy="raise", order_by="Signature.at")


class Signer(Base):
    """Who is asked to sign a version, and for which party."""

    __tablename__ = "document_signer"

    version_id: Mapped[UUID] = mapped_column(
        ForeignKey("document_version.id", ondelete="CASCADE"), primary_key=True
    )
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)

    account: Mapped[Account] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class Signature(WithId, Base):
    """Somebody signed a version. Never altered.

    digest     of what was signed: another version that says the same is signed too
    statement  what they put their name to, with that hash, and what had changed for them
    proof      of a passkey: that it signed the hash of the statement
    seal       of this installation over all of it (Ed25519)
    """

    __tablename__ = "document_signature"
    __table_args__ = (
        UniqueConstraint("version_id", "organisation_id", "account_id"),
        Index("ix_document_signature_digest", "digest"),
    )

    version_id: Mapped[UUID] = mapped_column(ForeignKey("document_version.id", ondelete="CASCADE"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    at: Mapped[datetime]
    factor: Mapped[Factor]
    digest: Mapped[str] = mapped_column(String(64))
    statement: Mapped[dict[str, Any]] = mapped_column(PlainJson)
    proof: Mapped[dict[str, Any] | None] = mapped_column(PlainJson)
    seal: Mapped[str] = mapped_column(String(128))  # hexadecimals
