"""Consent and who may see what: words, and the rules that need no database."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from wijkapp.people.rules import Role

KEPT_AFTER_HANDOVER = timedelta(days=14)
"""How long a file stays readable once the handover is done."""

GLASS_OPEN = timedelta(hours=48)
"""How long a file that was broken open stays open."""

KEYS_KEPT = timedelta(days=14)
"""A copy of the key store may not be older: until then it can open what a client withdrew."""

LONGEST_CONSENT = timedelta(days=366)
"""A consent ends after a year at most; care that goes on asks again."""

TOLD_VERSION = "2026-11"
"""The version of the information text for clients that is in use."""

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without what looks like something else on paper: 0 and O, 1, I and L."""

LONGEST_LINE = 200  # characters of a name, an address, a phone number
LONGEST_TEXT = 4000  # of a part of the handover, a report


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


class EmergencyReason(StrEnum):
    """Why somebody broke the glass."""

    LIFE = "life"  # danger to life or lasting harm
    UNREACHABLE = "unreachable"  # nobody of the parties can be reached, and care cannot wait
    FOUND = "found"  # the client was found in need and cannot say who gives care


class Verdict(StrEnum):
    """What came out of looking back at an emergency."""

    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"


class ConsentState(StrEnum):
    """How a file stands, for who looks at it."""

    WAITING = "waiting"  # no answer recorded yet
    GIVEN = "given"
    REFUSED = "refused"  # the client said no, or objects to all of it
    ENDED = "ended"  # it was given, and is over


CARERS = frozenset({Role.NURSE, Role.REFERRER})
"""Roles that speak with the client: they ask for consent, and see as much as their organisation may."""

PLANNING_ROLES = CARERS | {Role.PLANNER}


def code_of(typed: str) -> str | None:
    """A client code as it is stored (K7QM-4X2P), however it was typed; None when it is none."""
    letters = re.sub(r"[\s-]", "", typed).upper()
    fits = len(letters) == 8 and set(letters) <= set(CODE_LETTERS)
    return f"{letters[:4]}-{letters[4:]}" if fits else None


def seen_by_role(roles: Iterable[Role]) -> frozenset[Data]:
    """The most that these roles may ever see: who plans sees who, where and when."""
    held = frozenset(roles)
    if held & CARERS:
        return frozenset(Data)
    return SEES[Scope.PLANNING] if held & PLANNING_ROLES else frozenset()


def written_by_role(roles: Iterable[Role]) -> frozenset[Data]:
    """The most that these roles may ever write."""
    held = frozenset(roles)
    if held & CARERS:
        return frozenset(Data)
    return frozenset({Data.APPOINTMENTS}) if held & PLANNING_ROLES else frozenset()


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

    What is more specific goes before what is less specific; an objection or a refusal wins a tie.
    Silence is no.
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
