"""What the client said: recorded, refused, objected, taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wijkapp.clients.rules import TOLD_VERSION, Data, GivenBy, How, Purpose, Scope
from wijkapp.clients.service.audit import Seat
from wijkapp.people.models import Account


@dataclass(frozen=True)
class Given:
    """A consent as it is filled in.

    scopes   organisation -> how much it may see; every party of the file
    data     kinds of data; empty: all
    until    UTC; at most a year from now; None: a year
    """

    given_by: GivenBy
    how: How
    purposes: tuple[Purpose, ...]
    scopes: Mapping[UUID, Scope]
    data: tuple[Data, ...] = ()
    mitz_checked: bool = False
    until: datetime | None = None
    told_version: str = TOLD_VERSION


@dataclass(frozen=True)
class Objection:
    """A no: to everything, to one party, to some kinds of data, or to some kinds for one party."""

    given_by: GivenBy
    how: How
    organisation_id: UUID | None = None  # None: all parties
    data: tuple[Data, ...] = ()  # empty: all kinds
    mitz_checked: bool = False
    told_version: str = TOLD_VERSION


def record(actor: Account, seat: Seat, file_id: UUID, given: Given) -> UUID:
    """The client consents. Replaces an earlier consent: what is in the file goes over to a new key.

    Raises NotFound, NotAllowed (receiver, planner), Invalid, FileEnded, StandingObjection.
    """
    raise NotImplementedError


def refuse(actor: Account, seat: Seat, file_id: UUID, no: Objection) -> UUID:
    """The client was asked and said no. A no to everything ends a consent there was and destroys the data."""
    raise NotImplementedError


def record_objection(actor: Account, seat: Seat, file_id: UUID, no: Objection) -> UUID:
    """The client objects, unasked. Works as `refuse`, but only `lift` ends it: a new consent does not."""
    raise NotImplementedError


def lift(actor: Account, seat: Seat, file_id: UUID, answer_id: UUID) -> None:
    """The client takes a refusal or an objection back."""
    raise NotImplementedError


def withdraw(actor: Account, seat: Seat, file_id: UUID) -> None:
    """The client takes consent back: nobody may look from now on, and the data is destroyed.

    Either side may write this down. Twice does no harm. Raises NotFound, NotAllowed (planner).
    """
    raise NotImplementedError
