"""The steps a care request goes through, and which step may follow which."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

from wijkapp.agreements.rules import Urgency
from wijkapp.kit.errors import Refused
from wijkapp.kit.words import lazy as _

REMARK = 500
"""Characters in a remark with a request, an offer or a decline."""


class RequestStatus(StrEnum):
    """Where a request is. Follows FHIR Task as far as it goes (DOMAIN: draft .. closed)."""

    DRAFT = "draft"
    TRIAGE = "triage"  # can e-health or an aid do it?
    OPEN = "open"  # broadcast, no offer yet
    OFFERED = "offered"  # at least one offer stands
    MATCHED = "matched"  # the client chose
    HANDED_OVER = "handed_over"
    IN_CARE = "in_care"
    CLOSED = "closed"
    ON_HOLD = "on_hold"  # waits for information from the asker
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    UNFILLABLE = "unfillable"


class Step(StrEnum):
    """What somebody does to a request."""

    START_TRIAGE = "start_triage"
    BROADCAST = "broadcast"
    OFFER = "offer"
    LOSE_OFFERS = "lose_offers"  # the last offer was taken back
    CHOOSE = "choose"
    HAND_OVER = "hand_over"
    START_CARE = "start_care"
    CLOSE = "close"
    HOLD = "hold"
    RESUME = "resume"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    GIVE_UP = "give_up"
    REOPEN = "reopen"  # the placement fell through: ask again


S = RequestStatus
ANSWERABLE = frozenset({S.OPEN, S.OFFERED})
UNDER_WAY = frozenset({S.MATCHED, S.HANDED_OVER, S.IN_CARE})
FINISHED = frozenset({S.CLOSED, S.WITHDRAWN, S.EXPIRED, S.UNFILLABLE})

STEPS: dict[Step, tuple[frozenset[RequestStatus], RequestStatus]] = {
    Step.START_TRIAGE: (frozenset({S.DRAFT}), S.TRIAGE),
    Step.BROADCAST: (frozenset({S.TRIAGE}), S.OPEN),
    Step.OFFER: (ANSWERABLE, S.OFFERED),
    Step.LOSE_OFFERS: (frozenset({S.OFFERED}), S.OPEN),
    Step.CHOOSE: (frozenset({S.OFFERED}), S.MATCHED),
    # Parties who phone each other need no consent recorded here; the file of the client asks for it.
    Step.HAND_OVER: (frozenset({S.MATCHED}), S.HANDED_OVER),
    Step.START_CARE: (frozenset({S.HANDED_OVER}), S.IN_CARE),
    Step.CLOSE: (frozenset({S.IN_CARE}), S.CLOSED),
    Step.HOLD: (ANSWERABLE, S.ON_HOLD),
    Step.RESUME: (frozenset({S.ON_HOLD}), S.OPEN),
    Step.WITHDRAW: (frozenset({S.DRAFT, S.TRIAGE, S.ON_HOLD}) | ANSWERABLE | UNDER_WAY, S.WITHDRAWN),
    Step.EXPIRE: (frozenset({S.DRAFT, S.TRIAGE, S.ON_HOLD}) | ANSWERABLE, S.EXPIRED),
    Step.GIVE_UP: (frozenset({S.OPEN, S.OFFERED, S.ON_HOLD}), S.UNFILLABLE),
    Step.REOPEN: (frozenset({S.MATCHED, S.HANDED_OVER, S.IN_CARE}), S.OPEN),
}
"""Step -> from which statuses it may be done, and where it leads."""


class IllegalStep(Refused):
    """This cannot be done to a request that is where it is now."""


class AlreadyPlaced(IllegalStep):
    sentence = _("Deze zorgvraag is al geplaatst. Je was net te laat.")


class AlreadyEnded(IllegalStep):
    sentence = _("Deze zorgvraag is gesloten. Er kan niets meer mee.")


class NotOpenYet(IllegalStep):
    sentence = _("Deze zorgvraag is nog niet verstuurd.")


class OnHold(IllegalStep):
    sentence = _("Deze zorgvraag wacht op informatie van de vrager.")


class NoOfferStands(IllegalStep):
    sentence = _("Er staat geen aanbod meer om uit te kiezen.")


class NotYetPlaced(IllegalStep):
    sentence = _("Dit kan pas als de zorgvraag is geplaatst.")


def after(status: RequestStatus, step: Step) -> RequestStatus:
    """Where this step leads. Raises an IllegalStep that says why it cannot be done now."""
    allowed, leads_to = STEPS[step]
    if status in allowed:
        return leads_to
    raise _refusal(status, step)


def _refusal(status: RequestStatus, step: Step) -> IllegalStep:
    if status in FINISHED:
        return AlreadyEnded()
    if status in UNDER_WAY and allowed_before_placing(step):
        return AlreadyPlaced()
    if status is S.ON_HOLD:
        return OnHold()
    if status in {S.DRAFT, S.TRIAGE}:
        return NotOpenYet()
    if step is Step.CHOOSE:
        return NoOfferStands()
    if status in ANSWERABLE:
        return NotYetPlaced()
    return IllegalStep()


def allowed_before_placing(step: Step) -> bool:
    """Is this a step for a request that has no placement yet?"""
    return not (STEPS[step][0] & UNDER_WAY)


class Answer(StrEnum):
    """How one provider stands towards one request."""

    SILENT = "silent"
    SEEN = "seen"
    OFFERED = "offered"
    DECLINED = "declined"


class OfferStatus(StrEnum):
    OPEN = "open"
    CHOSEN = "chosen"
    NOT_CHOSEN = "not_chosen"
    WITHDRAWN = "withdrawn"


class DeclineReason(StrEnum):
    NO_ROOM = "no_room"
    NO_ROOM_THEN = "no_room_then"  # not at these moments
    NO_SKILL = "no_skill"
    TOO_FAR = "too_far"
    START_TOO_SOON = "start_too_soon"
    NO_CONTRACT = "no_contract"


class WithdrawReason(StrEnum):
    NOT_NEEDED = "not_needed"
    ADMITTED = "admitted"  # to hospital or another stay
    SOLVED_ELSEWHERE = "solved_elsewhere"
    MISTAKE = "mistake"


class UnfillableReason(StrEnum):
    """Why nobody in reach could take a request; worked out from the answers, or said by the wijkregisseur."""

    NOBODY_GIVES_THIS = "nobody_gives_this"  # no team in reach offers this care, or has the skill
    ALL_FULL = "all_full"
    NOT_AT_THESE_MOMENTS = "not_at_these_moments"
    NO_CONTRACT = "no_contract"
    NO_ANSWER = "no_answer"  # most of those who were asked stayed silent
    NO_FITTING_OFFER = "no_fitting_offer"  # what was offered was not taken


class OutsideWhere(StrEnum):
    """Where somebody found care when nobody in the network could give it."""

    OTHER_REGION = "other_region"  # a provider of another region
    NOT_IN_NETWORK = "not_in_network"  # a provider here that does not work with wijkapp
    SHORT_STAY = "short_stay"  # eerstelijnsverblijf
    HOSPITAL = "hospital"
    FAMILY = "family"  # mantelzorg
    MUNICIPALITY = "municipality"  # Wmo
    ELSEWHERE = "elsewhere"


class ReturnReason(StrEnum):
    """Why a placement fell through."""

    PROVIDER_CANNOT = "provider_cannot"
    CLIENT_CHANGED = "client_changed"
    TAKEN_BACK = "taken_back"  # the offer was a mistake, and was taken back within minutes


class FollowKind(StrEnum):
    """Why a request follows another one."""

    AGAIN = "again"
    REST = "rest"  # what a choice left over, or what fell through
    SPLIT = "split"  # cut off by the asker
    MORE = "more"  # more hours for a client who is in care
    TAKEOVER = "takeover"  # overname: the provider cannot go on
    BACKUP = "backup"  # achterwacht: for a while, such as a holiday of a zzp'er


class Chooser(StrEnum):
    CLIENT = "client"
    REPRESENTATIVE = "representative"


class Ehealth(StrEnum):
    """Outcome of the question that comes before people: can an aid or e-health do it?"""

    NOT_SUITABLE = "not_suitable"
    PARTLY = "partly"
    SUFFICIENT = "sufficient"


class Gender(StrEnum):
    WOMAN = "woman"
    MAN = "man"


VISIT_MINUTES = 30
"""What one moment of care takes when nobody says otherwise; only used to suggest hours."""

MOST_VISITS = 6
"""Most moments in one daypart."""


def week_of_minutes(moments: Sequence[int], minutes_per_week: int) -> tuple[int, ...]:
    """Spread the minutes a week over the moments of the week, per daypart slot (28).

    The sum is exactly `minutes_per_week`: what does not divide goes to the first slots.
    """
    visits = sum(moments)
    if not visits:
        return (0,) * len(moments)
    week = [minutes_per_week * count // visits for count in moments]
    left = minutes_per_week - sum(week)
    for slot, count in enumerate(moments):
        if left and count:
            extra = min(left, count)
            week[slot] += extra
            left -= extra
    return tuple(week)


FARTHEST_START = timedelta(days=183)
"""A request for care that starts later than this is not a request yet."""


def minutes_of(moments: Sequence[int]) -> int:
    """Minutes a week for so many visits, when nobody said how long they take."""
    return sum(moments) * VISIT_MINUTES


def start_day(urgency: Urgency, today: date, chosen: date | None) -> date:
    """The first day of care that goes with an urgency.

    today, chosen  days in Amsterdam; `chosen` counts for PLANNED only
    """
    if urgency is Urgency.PLANNED:
        return chosen or today
    if urgency is Urgency.TODAY:
        return today
    if urgency is Urgency.DAY:
        return today + timedelta(days=1)
    return _workdays_after(today, 3)


def _workdays_after(day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        if day.weekday() < 5:  # not on Saturday or Sunday
            count -= 1
    return day
