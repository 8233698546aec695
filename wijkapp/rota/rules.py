"""What duties, plans and swaps can be, and what may follow on what."""

from enum import StrEnum


class Line(StrEnum):
    """Who is rung first, and who when that person cannot come."""

    MAIN = "main"
    BACKUP = "backup"


class HeldBy(StrEnum):
    """How somebody came to hold a duty."""

    PUBLISHED = "published"  # the rota said so
    PLANNER = "planner"  # changed by hand after publishing, with their consent
    SWAP = "swap"
    TAKEOVER = "takeover"  # a running duty, at once
    UNDO = "undo"  # back to who had it
    STANDS_IN = "stands_in"  # the back-up, because nobody checked in
    NOBODY = "nobody"  # taken out of the rota


class AcceptedWhy(StrEnum):
    """Why a rota is published although a rule says no. A code: the story is for the people themselves."""

    AGREED = "agreed"  # whoever it concerns agreed with it
    NOBODY_ELSE = "nobody_else"
    ALLOWED = "allowed"  # by a scheme that the figures do not know
    WRONG_DATA = "wrong_data"  # what is known of somebody is not right


class RunKind(StrEnum):
    """What the planner is asked: everything anew, or the fewest changes."""

    PLAN = "plan"
    REPAIR = "repair"


class RunState(StrEnum):
    """Where a piece of planning stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"  # there is a proposal
    TAKEN = "taken"  # the proposal became the rota
    DROPPED = "dropped"  # the proposal was put away
    CANCELLED = "cancelled"
    FAILED = "failed"


class SwapKind(StrEnum):
    """What is asked of whom."""

    ONE = "one"  # of one colleague
    POOL = "pool"  # of everybody who lawfully can
    TRADE = "trade"  # my duty for yours
    PLANNER = "planner"  # the planner asks somebody to take a duty of a published rota


class SwapState(StrEnum):
    """Where a swap stands. Until it is done the duty stays with who had it."""

    OPEN = "open"
    APPROVAL = "approval"  # somebody takes it; a planner still has to agree
    DONE = "done"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"  # by the planner
    LAPSED = "lapsed"  # nobody took it in time


class SwapAnswer(StrEnum):
    TAKE = "take"
    NO = "no"


class AbsenceKind(StrEnum):
    UNAVAILABLE = "unavailable"  # holiday, a free day: cannot
    BUSY = "busy"  # works at the own organisation then


class Source(StrEnum):
    TYPED = "typed"
    ICAL = "ical"
    CSV = "csv"


class CallFrom(StrEnum):
    """Who rang the one on duty. A kind, never a name."""

    ALARM_CENTRE = "alarm_centre"
    GP_POST = "gp_post"
    CLIENT = "client"  # or family
    COLLEAGUE = "colleague"
    OTHER = "other"


class CallOutcome(StrEnum):
    HELPED = "helped"
    BY_PHONE = "by_phone"
    PASSED_ON = "passed_on"
    NOT_NEEDED = "not_needed"


class AddressKind(StrEnum):
    """What a secret address gives to whoever has it."""

    PERSON = "person"  # iCal: the duties of one person
    ORGANISATION = "organisation"  # iCal: of the people of one organisation
    REGION = "region"  # iCal: all of them
    PHONE = "phone"  # whom to ring now, for a telephone switch
