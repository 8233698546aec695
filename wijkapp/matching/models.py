"""Requests, who was asked, offers and placements. Never who the client is."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wijkapp.agreements.models import TermsJson
from wijkapp.agreements.rules import Terms, Urgency
from wijkapp.directory.models import Team, Wijk
from wijkapp.directory.rules import Distance
from wijkapp.kit.db import Base, WithId
from wijkapp.kit.freetext import FreeText
from wijkapp.matching.ehealth import EhealthReason
from wijkapp.matching.rare import Where
from wijkapp.matching.rules import (
    REMARK,
    Answer,
    Chooser,
    DeclineReason,
    Ehealth,
    FollowKind,
    Gender,
    OfferStatus,
    OutsideWhere,
    RequestStatus,
    ReturnReason,
    UnfillableReason,
    WithdrawReason,
)
from wijkapp.people.models import Account, Organisation

_STANDS = text("status IN ('open', 'offered')")
_OPEN = text("status = 'open'")
_LASTS = text("ended_at IS NULL")
_UNTOLD = text("told_at IS NULL")


class CareRequest(WithId, Base):
    """One question for care in one wijk. Says nothing about who: that is in `clients`."""

    __tablename__ = "care_request"
    __table_args__ = (
        UniqueConstraint("organisation_id", "form_id"),  # a double tap is the same request
        CheckConstraint("minutes_per_week > 0", name="minutes_positive"),
        # Only what the clock looks for: requests with a next step.
        Index("ix_care_request_due", "escalate_at", sqlite_where=_STANDS, postgresql_where=_STANDS),
        Index("ix_care_request_organisation_id_posted_at", "organisation_id", "posted_at"),
        Index("ix_care_request_wijk_id_status", "wijk_id", "status"),
        Index("ix_care_request_posted_at", "posted_at"),  # a day is counted at a time
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    posted_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    form_id: Mapped[UUID]  # made when the form was opened
    posted_at: Mapped[datetime]

    pc4: Mapped[str] = mapped_column(ForeignKey("postcode.pc4"))
    wijk_id: Mapped[UUID] = mapped_column(ForeignKey("wijk.id"))
    shown_where: Mapped[Where] = mapped_column(
        default=Where.PC4, server_default="pc4"
    )  # how precisely others are told
    products: Mapped[tuple[str, ...]]
    skills: Mapped[tuple[str, ...]] = mapped_column(default=())
    level: Mapped[int]  # lowest skill level the products and skills need, 2..6
    moments: Mapped[tuple[int, ...]]  # visits per daypart slot, 28
    minutes_per_week: Mapped[int]
    urgency: Mapped[Urgency]
    start_on: Mapped[date] = mapped_column(Date)
    ehealth: Mapped[Ehealth]
    carer_gender: Mapped[Gender | None]
    language: Mapped[str | None] = mapped_column(String(2))  # ISO 639-1, when Dutch is not enough
    uzovi: Mapped[str | None] = mapped_column(ForeignKey("insurer.uzovi"))
    remark: Mapped[str | None] = mapped_column(FreeText(REMARK))

    status: Mapped[RequestStatus]
    terms: Mapped[Terms | None] = mapped_column(TermsJson)  # as agreed when it was posted
    round: Mapped[int] = mapped_column(default=1)  # of the rounds in the terms, from 1
    round_at: Mapped[datetime]  # UTC; when the running round began, or will when it is quiet now
    wave: Mapped[int] = mapped_column(default=0)  # waves rung so far, over all rounds
    ladder: Mapped[int] = mapped_column(default=0)  # steps of terms.escalation taken after the last round
    answer_by: Mapped[datetime]  # UTC; the term of the running round
    escalate_at: Mapped[datetime | None]  # UTC; what the clock does next; None once nobody need be chased
    withdraw_reason: Mapped[WithdrawReason | None]
    unfillable_reason: Mapped[UnfillableReason | None]
    outside_at: Mapped[datetime | None]  # when the wijkregisseur wrote that care was found elsewhere
    outside_where: Mapped[OutsideWhere | None]
    outside_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]

    # Asked because of another request: again, for the rest of it, or to take its client over.
    follows_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("care_request.id", ondelete="SET NULL"), index=True
    )
    follow_kind: Mapped[FollowKind | None]
    until_on: Mapped[date | None] = mapped_column(Date)  # last day, when it is for a while only
    wants_more: Mapped[bool] = mapped_column(default=False)  # an offer stands; the asker waits for more

    wijk: Mapped[Wijk] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    posted_by: Mapped[Account] = relationship(lazy="raise", foreign_keys=[posted_by_id])
    outside_by: Mapped[Account | None] = relationship(lazy="raise", foreign_keys=[outside_by_id])


class Invitation(WithId, Base):
    """One provider in reach of one request: where it was ranked and why, and how it answered."""

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("care_request_id", "organisation_id"),
        Index("ix_invitation_organisation_id_asked_at", "organisation_id", "asked_at"),
    )

    care_request_id: Mapped[UUID] = mapped_column(ForeignKey("care_request.id", ondelete="CASCADE"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"))  # its best placed team
    distance: Mapped[Distance]
    rank: Mapped[int]  # from 1
    reasons: Mapped[tuple[str, ...]]  # codes of ranking.Reason, most telling first
    round: Mapped[int]
    asked_at: Mapped[datetime | None]  # None: in reach but not rung (yet); `reasons` say why
    wave: Mapped[int | None]  # in which wave of the request it was rung, from 1
    rung_at: Mapped[datetime | None]  # the last time its phones rang for this request
    answer: Mapped[Answer] = mapped_column(default=Answer.SILENT)
    seen_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    decline_reason: Mapped[DeclineReason | None]
    decline_remark: Mapped[str | None] = mapped_column(FreeText(REMARK))

    care_request: Mapped[CareRequest] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    team: Mapped[Team] = relationship(lazy="raise")


class Offer(WithId, Base):
    """A provider can take this request or a part of it, from a day, for so many minutes a week.

    week     minutes per daypart slot of the request (28) that it takes; what is asked, when it takes all
    counter  "wel als het na 17:00 mag": for each of the 28 slots the slot in which it would come instead,
             which is the same one where nothing moves; None when it comes as asked
    """

    __tablename__ = "offer"
    __table_args__ = (
        Index(
            "uq_offer_standing",
            "care_request_id",
            "organisation_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        CheckConstraint("minutes_per_week > 0", name="minutes_positive"),
    )

    care_request_id: Mapped[UUID] = mapped_column(
        ForeignKey("care_request.id", ondelete="CASCADE"), index=True
    )
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"))
    offered_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    start_on: Mapped[date] = mapped_column(Date)
    minutes_per_week: Mapped[int]
    week: Mapped[tuple[int, ...]]
    counter: Mapped[tuple[int, ...] | None]
    comes_already: Mapped[bool] = mapped_column(default=False)  # comes there already; only the asker sees it
    status: Mapped[OfferStatus] = mapped_column(default=OfferStatus.OPEN)
    offered_at: Mapped[datetime]
    take_back_until: Mapped[datetime]  # till then it may be taken back even when it was chosen
    remark: Mapped[str | None] = mapped_column(FreeText(REMARK))

    care_request: Mapped[CareRequest] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    team: Mapped[Team] = relationship(lazy="raise")
    offered_by: Mapped[Account] = relationship(lazy="raise")


class Choice(WithId, Base):
    """The client chose: who decided, who wrote it down, and when. From what: see ChoiceOption."""

    __tablename__ = "choice"

    care_request_id: Mapped[UUID] = mapped_column(
        ForeignKey("care_request.id", ondelete="CASCADE"), index=True
    )
    chosen_by: Mapped[Chooser]
    recorded_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    chosen_at: Mapped[datetime]

    recorded_by: Mapped[Account] = relationship(lazy="raise")


class ChoiceOption(Base):
    """One offer in what the client could choose. A combination is a few rows with the same number."""

    __tablename__ = "choice_option"

    choice_id: Mapped[UUID] = mapped_column(ForeignKey("choice.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)  # the order in which they were shown, from 1
    offer_id: Mapped[UUID] = mapped_column(ForeignKey("offer.id"), primary_key=True)
    chosen: Mapped[bool]


class Placement(WithId, Base):
    """The client chose this offer, alone or with others: then there is one for each of them.

    What it took from the capacity is in PlacementTake.
    """

    __tablename__ = "placement"
    __table_args__ = (
        Index(
            "uq_placement_lasting",
            "offer_id",
            unique=True,
            sqlite_where=_LASTS,
            postgresql_where=_LASTS,
        ),
        Index("ix_placement_care_request_id", "care_request_id"),
    )

    care_request_id: Mapped[UUID] = mapped_column(ForeignKey("care_request.id", ondelete="CASCADE"))
    offer_id: Mapped[UUID] = mapped_column(ForeignKey("offer.id"))
    choice_id: Mapped[UUID | None] = mapped_column(ForeignKey("choice.id"))  # None: from before it was kept
    week: Mapped[tuple[int, ...]]  # minutes per slot of the request (28) that this provider does
    chosen_by: Mapped[Chooser]
    shown_offers: Mapped[int]  # how many offers the client could choose from
    recorded_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    placed_at: Mapped[datetime]
    handed_over_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # care is done, or it fell through or was withdrawn
    return_reason: Mapped[ReturnReason | None]

    offer: Mapped[Offer] = relationship(lazy="raise")


class PlacementTake(Base):
    """One figure of the capacity that a placement took from: one per kind of care that was asked."""

    __tablename__ = "placement_take"

    placement_id: Mapped[UUID] = mapped_column(
        ForeignKey("placement.id", ondelete="CASCADE"), primary_key=True
    )
    take_id: Mapped[UUID] = mapped_column(ForeignKey("capacity_take.id"), primary_key=True)


class PlaceWatch(WithId, Base):
    """Somebody wants to hear of the first place that opens for a request nobody could take."""

    __tablename__ = "place_watch"
    __table_args__ = (
        Index(
            "uq_place_watch_waiting",
            "care_request_id",
            "account_id",
            unique=True,
            sqlite_where=_UNTOLD,
            postgresql_where=_UNTOLD,
        ),
    )

    care_request_id: Mapped[UUID] = mapped_column(ForeignKey("care_request.id", ondelete="CASCADE"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    since: Mapped[datetime]
    told_at: Mapped[datetime | None]


class EhealthTriage(WithId, Base):
    """What came of the question whether an aid will do: also when it did, and nobody was asked.

    Codes and a wijk; nothing that says who. To be counted, so it stays apart from the request.
    """

    __tablename__ = "ehealth_triage"
    __table_args__ = (
        UniqueConstraint("organisation_id", "form_id"),  # a double tap is the same answer
        Index("ix_ehealth_triage_wijk_id_decided_at", "wijk_id", "decided_at"),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    form_id: Mapped[UUID]
    wijk_id: Mapped[UUID] = mapped_column(ForeignKey("wijk.id"))
    decided_at: Mapped[datetime]
    products: Mapped[tuple[str, ...]]
    outcome: Mapped[Ehealth]
    reason: Mapped[EhealthReason | None]  # why none will do
    aids: Mapped[tuple[str, ...]] = mapped_column(default=())  # codes of ehealth.Aid that do, or do a part
