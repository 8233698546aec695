"""Kinds, forms and states in the register of agreements. Plain values."""

from enum import StrEnum

TITLE, WORDS, REMARK = 120, 1500, 500  # characters


class Kind(StrEnum):
    """What an agreement is about."""

    WIJK = "wijk"  # herkenbare en aanspreekbare wijkverpleging
    ANW = "anw"  # evenings, nights, weekends
    COOPERATIVE = "cooperative"
    SUBCONTRACT = "subcontract"  # main contractor and subcontractors
    OTHER = "other"


class Form(StrEnum):
    """How far the parties bind themselves, in rising order (handreiking 3.38)."""

    WORKING = "working"  # agreements on content and quality
    CONTRACT = "contract"  # contractual cooperation, perhaps with a joint unit
    ENTITY = "entity"  # joint legal entity
    BOARD_MERGER = "board_merger"
    LEGAL_MERGER = "legal_merger"


class Path(StrEnum):
    """How much of the route an agreement follows."""

    LIGHT = "light"  # one page, four steps
    FULL = "full"  # four phases with gates between them


class Phase(StrEnum):
    """How far an agreement is. Phases may be gone back to."""

    INITIATION = "initiation"  # A
    DEFINITION = "definition"  # B, research and definition
    REALISATION = "realisation"  # C
    EXECUTION = "execution"  # D
    ENDED = "ended"


class PartyRole(StrEnum):
    LEAD = "lead"  # penvoerder: writes for all, pays not for all
    MEMBER = "member"
    MAIN = "main"  # main contractor
    SUB = "sub"  # subcontractor


class ItemStatus(StrEnum):
    OPEN = "open"
    DONE = "done"
    NOT_NEEDED = "not_needed"  # with a reason


class Decision(StrEnum):
    """What came out of a go/no-go."""

    GO = "go"
    NO_GO = "no_go"
    AGAIN = "again"  # after D: back to a phase
    END = "end"  # after D: stop, together


class BodyKind(StrEnum):
    STEERING = "steering"
    CORE = "core"
    CARE = "care"  # working group care and quality
    FINANCE = "finance"
    DIGITAL = "digital"
    OTHER = "other"


class SeatLevel(StrEnum):
    """What somebody in a body may decide at home."""

    BOARD = "board"
    DIRECTOR = "director"
    MANAGER = "manager"
    STAFF = "staff"


class Hears(StrEnum):
    """Who hears that a step of what happens when the cooperation does not work is due."""

    SIGNERS = "signers"  # who signs for the parties
    LEAD = "lead"  # who takes the initiative
    ADMINS = "admins"  # of the parties
    BODY = "body"  # who has a seat in it
    COORDINATOR = "coordinator"
    ALL = "all"  # who is in charge: who takes the initiative, the admins and the wijkregisseur


class ProofKind(StrEnum):
    """What a point can show beside words. Never a file: there could be a client in it."""

    VERSION = "version"  # of a document of the agreement
    PAPER = "paper"  # of a party, of which only the last day is known here


class CostModel(StrEnum):
    """Who pays first (handreiking 3.31)."""

    OWN = "own"  # each its own costs
    ALL_ADVANCE = "all_advance"
    ONE_ADVANCES = "one_advances"
    JOINT_POT = "joint_pot"


class Check(StrEnum):
    """What is judged about an agreement, with a dated conclusion."""

    COMPETITION = "competition"
    MERGER = "merger"
    DPIA = "dpia"


class Outcome(StrEnum):
    """What a check says. Never legal advice."""

    INCOMPLETE = "incomplete"
    BLOCKED = "blocked"  # a hard-core question was answered with yes
    SMALL = "small"  # the share is an indication that it hardly weighs
    JUSTIFIED = "justified"  # all four criteria are met
    ADVICE = "advice"  # ask somebody who knows, or ACM
    NONE = "none"  # nothing to notify
    NZA = "nza"
    ACM = "acm"
    NZA_AND_ACM = "nza_and_acm"
    START = "start"  # of the DPIA: may begin
    MEASURES = "measures"  # more measures first
    CONSULT = "consult"  # ask the Autoriteit Persoonsgegevens before it starts


class JoinState(StrEnum):
    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    APPEALED = "appealed"


UNDECIDED = (JoinState.WAITING, JoinState.APPEALED)
"""Somebody still has to say yes or no."""

SAID = (
    "title",
    "form",
    "purpose",
    "valid_from",
    "valid_until",
    "notice_months",
    "complaints",
    "joining",
    "joining_contact",
    "cost_model",
)
"""What can be said anew, under the same names in `Agreement`."""
