"""Consent and who may see what: words, and the rules that need no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

KEPT_AFTER_HANDOVER = timedelta(days=14)
"""How long a file stays readable once the handover is done, where the wijk agreed nothing else."""

GLASS_OPEN = timedelta(hours=48)
"""How long a file that was broken open stays open."""


class Answer(StrEnum):
    """What the client said."""

    GIVEN = "given"
    REFUSED = "refused"  # asked, and said no; nothing may be shared
    OBJECTION = "objection"  # not asked now: earlier, or on their own initiative, said that this may not


class GivenBy(StrEnum):
    CLIENT = "client"
    REPRESENTATIVE = "representative"


class How(StrEnum):
    SPOKEN = "spoken"
    WRITTEN = "written"
    DIGITAL = "digital"


class Purpose(StrEnum):
    HANDOVER = "handover"  # so that the new provider can start
    CONTINUITY = "continuity"  # so that several providers can give care together
    EVALUATION = "evaluation"  # so that both sides can look back on how it went


class Data(StrEnum):
    """The kinds of client data; each has its own table."""

    IDENTITY = "identity"
    HANDOVER = "handover"
    APPOINTMENTS = "appointments"
    REPORTS = "reports"


class Scope(StrEnum):
    """How much one party sees; each takes in the one before it."""

    NONE = "none"
    PLANNING = "planning"  # who, where and when
    REPORTS = "reports"  # and what was reported
    ALL = "all"  # and the handover


SEES: dict[Scope, frozenset[Data]] = {
    Scope.NONE: frozenset(),
    Scope.PLANNING: frozenset({Data.IDENTITY, Data.APPOINTMENTS}),
    Scope.REPORTS: frozenset({Data.IDENTITY, Data.APPOINTMENTS, Data.REPORTS}),
    Scope.ALL: frozenset(Data),
}


class EndReason(StrEnum):
    """Why a file can no longer be read."""

    WITHDRAWN = "withdrawn"  # the client took consent back
    EXPIRED = "expired"  # the day until which it was given has passed
    HANDED_OVER = "handed_over"  # the handover is done, and so many days have passed
    PLACEMENT_ENDED = "placement_ended"  # care stopped or never began
    ERASED = "erased"  # the client asked for it
    REPLACED = "replaced"  # a newer consent took its place


@dataclass(frozen=True)
class Said:
    """One recorded answer, as far as the question who may see what needs it.

    organisation_id  the party it is about; None: all parties of the file
    data             the kinds it is about; empty: all kinds
    """

    answer: Answer
    since: datetime
    until: datetime | None
    organisation_id: UUID | None = None
    data: frozenset[Data] = frozenset()

    @property
    def weight(self) -> int:
        """How specific it is: about one party and about some data is the most."""
        return 2 * (self.organisation_id is not None) + bool(self.data)


def permitted(said: Iterable[Said], organisation_id: UUID, data: Data, moment: datetime) -> bool:
    """May this party see this kind of data now?

    What is more specific goes before what is less specific; an objection or a refusal wins a tie. Silence is no.
    Source: Generieke functie Toestemming (GF Consent), precedence of policies.
    """
    fitting = [
        one
        for one in said
        if one.since <= moment
        and (one.until is None or moment < one.until)
        and one.organisation_id in (None, organisation_id)
        and (not one.data or data in one.data)
    ]
    if not fitting:
        return False
    heaviest = max(one.weight for one in fitting)
    return all(one.answer is Answer.GIVEN for one in fitting if one.weight == heaviest)
