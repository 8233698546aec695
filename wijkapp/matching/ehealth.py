"""E-health and aids first: what may help at which kind of care, and why it does not. Pure.

Nothing here decides: it reminds whoever asks of what exists, and keeps the outcome as codes to be counted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from wijkapp.matching.rules import Ehealth


class Aid(StrEnum):
    """Something that takes over a visit, or a part of it."""

    DISPENSER = "dispenser"  # medicijndispenser
    SCREEN_CARE = "screen_care"  # beeldzorg
    STOCKING_AID = "stocking_aid"  # aan- en uittrekhulp for steunkousen
    EYE_DROP_AID = "eye_drop_aid"  # druppelbril
    SENSOR_GLUCOSE = "sensor_glucose"  # sensor, pen with memory
    WOUND_APP = "wound_app"  # photo of a wound, nurse at a distance
    DAY_CLOCK = "day_clock"  # day clock, reminders by voice
    ALARM = "alarm"  # personal alarm, sensors in the home, electronic lock
    SHOWER_AID = "shower_aid"  # shower chair, washing without water, adapted bathroom
    TELEMONITORING = "telemonitoring"  # measuring at home
    EHEALTH_COURSE = "ehealth_course"  # learning to do it oneself, with a video or an app


class EhealthReason(StrEnum):
    """Why no aid will do."""

    DOES_NOT_FIT = "does_not_fit"  # this care cannot be done so
    CANNOT = "cannot"  # the client is not able to
    REFUSES = "refuses"  # the client does not want it
    IN_USE = "in_use"  # it is there already, and care is needed beside it


@dataclass(frozen=True)
class Triage:
    """What came of the question that is asked before people are asked.

    aids  codes of those that do a part of it, or all; reason  when none does
    """

    outcome: Ehealth = Ehealth.NOT_SUITABLE
    reason: EhealthReason | None = None
    aids: tuple[str, ...] = ()


A = Aid
FITS: Mapping[str, tuple[Aid, ...]] = {
    # products
    "persoonlijke_verzorging": (A.SHOWER_AID, A.STOCKING_AID, A.DISPENSER, A.DAY_CLOCK),
    "verpleging": (A.DISPENSER, A.WOUND_APP, A.SENSOR_GLUCOSE, A.SCREEN_CARE),
    "verpleging_speciaal": (A.SCREEN_CARE, A.TELEMONITORING),
    "palliatief_terminaal": (A.SCREEN_CARE, A.ALARM),
    "ketenzorg_dementie": (A.DAY_CLOCK, A.ALARM, A.DISPENSER, A.SCREEN_CARE),
    "aiv": (A.EHEALTH_COURSE, A.SCREEN_CARE),
    "msvt": (A.TELEMONITORING, A.WOUND_APP, A.SCREEN_CARE),
    "oproepbare_verzorging": (A.ALARM, A.SCREEN_CARE),
    "oproepbare_verpleging": (A.ALARM, A.SCREEN_CARE),
    "wmo_begeleiding": (A.SCREEN_CARE, A.DAY_CLOCK),
    # skills say more than the product they come with
    "steunkousen": (A.STOCKING_AID,),
    "medicatie_aanreiken": (A.DISPENSER, A.DAY_CLOCK, A.SCREEN_CARE),
    "medicatie_toedienen": (A.EYE_DROP_AID, A.DISPENSER),
    "wondzorg_eenvoudig": (A.WOUND_APP, A.EHEALTH_COURSE),
    "wondzorg_complex": (A.WOUND_APP,),
    "insuline": (A.SENSOR_GLUCOSE, A.EHEALTH_COURSE),
    "injecteren_sc": (A.EHEALTH_COURSE, A.SCREEN_CARE),
    "stomazorg": (A.EHEALTH_COURSE, A.SCREEN_CARE),
    "katheterisatie": (A.EHEALTH_COURSE,),
    "dementie": (A.DAY_CLOCK, A.ALARM),
    "nachtzorg": (A.ALARM,),
    "ggz": (A.SCREEN_CARE,),
    "parkinson": (A.DISPENSER, A.ALARM),
    "oncologie": (A.TELEMONITORING, A.SCREEN_CARE),
}
"""Product or skill -> aids worth a thought, the likeliest first."""

MOST_SHOWN = 4


def suggestions(products: Iterable[str], skills: Iterable[str]) -> tuple[Aid, ...]:
    """What to think of for this care, at most MOST_SHOWN; the skills first, for they say more."""
    found = dict.fromkeys(aid for code in (*skills, *products) for aid in FITS.get(code, ()))
    return tuple(found)[:MOST_SHOWN]


@dataclass(frozen=True)
class Share:
    """How the question about e-health was answered, in numbers of requests."""

    asked: int = 0
    partly: int = 0
    enough: int = 0

    @property
    def helped(self) -> float | None:
        """The share in which an aid did a part of it, or all; None when nobody asked for care."""
        return (self.partly + self.enough) / self.asked if self.asked else None
