"""Where care is given and by whom. Public facts and professionals; nothing about clients."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wijkapp.directory.rules import PROFILE, ContactDuty, InsurerStatus, RegionKind
from wijkapp.kit.db import Base, WithId
from wijkapp.kit.freetext import FreeText
from wijkapp.kit.words import gettext
from wijkapp.people.models import Account, Organisation

_LASTS = text("valid_until IS NULL")


class Region(WithId, Base):
    """A set of wijken that agreed to work together. Nothing crosses regions but what an agreement says."""

    __tablename__ = "region"

    name: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[RegionKind] = mapped_column(default=RegionKind.CUSTOM)


class RegionOrganisation(Base):
    """An organisation takes part in a region: it sees that region's directory.

    invited_at, invited_by_id  of who only looks: since when, and who invited it for the parties
    """

    __tablename__ = "region_organisation"

    region_id: Mapped[UUID] = mapped_column(ForeignKey("region.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    invited_at: Mapped[datetime | None]
    invited_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))


class Wijk(WithId, Base):
    """A CBS neighbourhood unit, the scale on which home care works together."""

    __tablename__ = "wijk"

    code: Mapped[str] = mapped_column(String(8), unique=True)  # CBS, as in WK034401
    name: Mapped[str] = mapped_column(String(120))
    municipality_code: Mapped[str] = mapped_column(String(6))  # CBS, as in GM0344
    municipality: Mapped[str] = mapped_column(String(120))
    region_id: Mapped[UUID | None] = mapped_column(ForeignKey("region.id"), index=True)
    inhabitants: Mapped[int | None]
    shared_phone: Mapped[str | None] = mapped_column(
        String(16)
    )  # one number of all providers together, E.164
    shared_mail: Mapped[str | None] = mapped_column(String(254))  # the mail group of all providers together


class WijkPopulation(Base):
    """How many people live in a wijk on a day, as a source published it. None: the source does not say."""

    __tablename__ = "wijk_population"
    __table_args__ = (CheckConstraint("inhabitants >= 0", name="inhabitants_not_negative"),)

    wijk_id: Mapped[UUID] = mapped_column(ForeignKey("wijk.id", ondelete="CASCADE"), primary_key=True)
    counted_on: Mapped[date] = mapped_column(Date, primary_key=True)
    inhabitants: Mapped[int]
    from_65: Mapped[int | None]  # 65 and older
    from_75: Mapped[int | None]
    from_80: Mapped[int | None]
    source: Mapped[str] = mapped_column(String(120))


class WijkNeighbour(Base):
    """Two wijken that border; stored both ways round."""

    __tablename__ = "wijk_neighbour"
    __table_args__ = (CheckConstraint("wijk_id <> neighbour_id", name="not_itself"),)

    wijk_id: Mapped[UUID] = mapped_column(ForeignKey("wijk.id", ondelete="CASCADE"), primary_key=True)
    neighbour_id: Mapped[UUID] = mapped_column(ForeignKey("wijk.id", ondelete="CASCADE"), primary_key=True)


class Postcode(Base):
    """A postcode-4 and the wijk that most of it lies in."""

    __tablename__ = "postcode"

    pc4: Mapped[str] = mapped_column(String(4), primary_key=True)
    place: Mapped[str] = mapped_column(String(80))
    latitude: Mapped[float | None]  # degrees, WGS 84
    longitude: Mapped[float | None]
    inhabitants: Mapped[int | None]
    wijk_id: Mapped[UUID | None] = mapped_column(ForeignKey("wijk.id"), index=True)


class CareProduct(Base):
    """A kind of care that can be asked for and offered."""

    __tablename__ = "care_product"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    law: Mapped[str] = mapped_column(String(16))  # Zvw, Wlz, Wmo
    kind: Mapped[str] = mapped_column(String(20))  # care, chain, stay, support, ...
    min_level: Mapped[int | None]  # 2 helpende .. 5 hbo, 6 master
    position: Mapped[int] = mapped_column(default=0)  # order in lists: what is asked most comes first

    @property
    def word(self) -> str:
        """Its name in the language of whoever looks."""
        return gettext(self.name)


class Skill(Base):
    """Something not every nurse can or may do."""

    __tablename__ = "skill"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    reserved_act: Mapped[bool]  # voorbehouden handeling, Wet BIG
    min_level: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)

    @property
    def word(self) -> str:
        """Its name in the language of whoever looks."""
        return gettext(self.name)


class Insurer(Base):
    """A health insurer's UZOVI number, with how sure we are of it; an admin can correct it."""

    __tablename__ = "insurer"

    uzovi: Mapped[str] = mapped_column(String(4), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    concern: Mapped[str] = mapped_column(String(80))
    status: Mapped[InsurerStatus]


class Team(WithId, Base):
    """The part of a provider that works in one wijk."""

    __tablename__ = "team"
    __table_args__ = (
        UniqueConstraint("organisation_id", "wijk_id", "name"),
        CheckConstraint("highest_level BETWEEN 2 AND 6", name="level_known"),
        Index("ix_team_wijk_id_active", "wijk_id", "active"),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    wijk_id: Mapped[UUID] = mapped_column(ForeignKey("wijk.id"))
    name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str | None] = mapped_column(String(16))  # E.164
    products: Mapped[tuple[str, ...]]  # CareProduct codes it offers
    skills: Mapped[tuple[str, ...]] = mapped_column(default=())  # Skill codes it has people for
    highest_level: Mapped[int] = mapped_column(default=3)  # of the people in it, 2..6
    languages: Mapped[tuple[str, ...]] = mapped_column(default=())  # ISO 639-1 beside Dutch
    profile: Mapped[str | None] = mapped_column(FreeText(PROFILE))  # what it is good at, in its own words
    contracts: Mapped[tuple[str, ...]] = mapped_column(default=())  # UZOVI numbers it has a contract with
    active: Mapped[bool] = mapped_column(default=True)

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    wijk: Mapped[Wijk] = relationship(lazy="raise")


class ContactPerson(WithId, Base):
    """The fixed face of a provider in a wijk, or that person's deputy, from one day to another."""

    __tablename__ = "contact_person"
    __table_args__ = (
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="dates_in_order"),
        Index("ix_contact_person_organisation_id_wijk_id", "organisation_id", "wijk_id"),
        # One face per duty until further notice; a second one only while handing over.
        Index(
            "uq_contact_person_lasting",
            "organisation_id",
            "wijk_id",
            "duty",
            unique=True,
            sqlite_where=_LASTS,
            postgresql_where=_LASTS,
        ),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    wijk_id: Mapped[UUID] = mapped_column(ForeignKey("wijk.id"), index=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    duty: Mapped[ContactDuty]
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)  # last day; None: until further notice
    successor_id: Mapped[UUID | None] = mapped_column(ForeignKey("contact_person.id", ondelete="SET NULL"))

    account: Mapped[Account] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")
