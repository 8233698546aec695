"""Kinds, forms and states in the register of agreements. Plain values."""

from enum import StrEnum


class Kind(StrEnum):
    """What an agreement is about."""

    WIJK = "wijk"  # herkenbare en aanspreekbare wijkverpleging
    ANW = "anw"  # evenings, nights, weekends
    COOPERATIVE = "cooperative"
    SUBCONTRACT = "subcontract"  # main contractor and subcontractors
    OTHER = "other"


class Phase(StrEnum):
    """How far an agreement is. Phases may be gone back to."""

    INITIATION = "initiation"  # A
    DEFINITION = "definition"  # B, research and definition
    REALISATION = "realisation"  # C
    EXECUTION = "execution"  # D
    ENDED = "ended"
