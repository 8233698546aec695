"""Could a postcode and a care profile point to one person? Pure: values in, values out.

An estimate, on the safe side, of how many people in a place have such a profile. Below FEWEST the form warns
and lets the asker show the wijk or the municipality instead of the postcode. It stops nobody.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

FEWEST = 10
"""Of so many people one cannot be picked out. The smallest cell that this app shows of anything."""


class Where(StrEnum):
    """How precisely others are told where the care is asked."""

    PC4 = "pc4"
    WIJK = "wijk"
    MUNICIPALITY = "municipality"


@dataclass(frozen=True)
class Rarity:
    """How many of a thousand inhabitants have this at some time in a year, and who says so about when."""

    per_1000: float
    about: date
    source: str


_HOME_CARE = Rarity(
    32.9, date(2022, 12, 31), "Monitor Langdurige Zorg: 579.090 met Zvw-wijkverpleging, 17,6 mln inwoners"
)


def _part(share: float) -> Rarity:
    """Our own, careful share of everybody with home care: no register counts these apart."""
    return Rarity(
        round(_HOME_CARE.per_1000 * share, 2), _HOME_CARE.about, f"{_HOME_CARE.source}; aandeel geschat"
    )


_MAIN, _DAILY = _part(1 / 3), _part(1 / 10)

RARITY: Mapping[str, Rarity] = {
    # products
    "persoonlijke_verzorging": _MAIN,
    "verpleging": _MAIN,
    "indicatiestelling": _DAILY,
    "oproepbare_verzorging": _DAILY,
    "ketenzorg_dementie": Rarity(
        9.8, date(2020, 12, 31), "Vektis, factsheet dementie: 170.000 mensen met dementie wonen thuis"
    ),
    "wmo_hh": Rarity(28, date(2024, 6, 30), "CBS 86050NED, eerste halfjaar 2024"),
    "wmo_begeleiding": Rarity(12, date(2024, 6, 30), "CBS 86050NED, eerste halfjaar 2024"),
    # skills
    **dict.fromkeys(
        (
            "steunkousen",
            "medicatie_aanreiken",
            "medicatie_toedienen",
            "wondzorg_eenvoudig",
            "compressietherapie",
            "injecteren_sc",
            "insuline",
        ),
        _DAILY,
    ),
    "dementie": Rarity(
        9.8, date(2020, 12, 31), "Vektis, factsheet dementie: 170.000 mensen met dementie wonen thuis"
    ),
    "parkinson": Rarity(3.0, date(2021, 12, 31), "RIVM, vzinfo.nl: 52.800 mensen met parkinsonisme"),
    "beademing": Rarity(0.25, date(2023, 12, 31), "VSCA-registratie: ruim 4.500 mensen met thuisbeademing"),
    "nierdialyse": Rarity(
        0.055, date(2020, 12, 31), "Nefrovisie, Renine: ruim 6.000 dialysepatiënten, 16 % peritoneaal"
    ),
}
"""Code of a product or skill -> how rare it is."""

UNCOUNTED = Rarity(0.5, date(2026, 11, 1), "geen bron: voorzichtig geschat")
"""For what nobody counts: in a place of 20,000 people one of ten at the most."""

SPEAKS_IT = 0.01
"""Of those who get care, so many need this other language; careful, for none is counted per postcode."""

UNKNOWN_PC4 = 1_000
"""Inhabitants of a postcode of which nothing is known: 97 of 100 people live in a larger one (CBS, 2021)."""


@dataclass(frozen=True)
class Inhabitants:
    """How many people live in each place around a request; None when that was not loaded."""

    pc4: int | None = None
    wijk: int | None = None
    municipality: int | None = None
    pc4s_in_wijk: int = 1

    def of(self, where: Where) -> int:
        """As it is, or a careful guess from what is known of the place around or inside it."""
        pc4 = self.pc4
        if pc4 is None and self.wijk is not None:
            pc4 = self.wijk // max(self.pc4s_in_wijk, 1) // 2  # postcodes of one wijk differ in size
        pc4 = UNKNOWN_PC4 if pc4 is None else pc4
        if where is Where.PC4:
            return pc4
        wijk = max(pc4, self.wijk or 0)
        return wijk if where is Where.WIJK else max(wijk, self.municipality or 0)


@dataclass(frozen=True)
class TooFew:
    """Fewer than FEWEST people have this profile there. wide_enough: the smallest place where more do."""

    about: int  # people in the postcode, rounded up
    wide_enough: Where | None  # None: rare in the whole municipality too


def people(inhabitants: int, codes: Iterable[str], language: str | None) -> float:
    """About how many people there have a profile of these products and skills.

    Its rarest part decides. Multiplying all parts would warn at nearly everything, as parts of one profile
    come together far more often than by chance.
    """
    rarest = min((RARITY.get(code, UNCOUNTED).per_1000 for code in codes), default=_HOME_CARE.per_1000)
    return inhabitants * rarest / 1000 * (SPEAKS_IT if language else 1)


def warning(there: Inhabitants, codes: Iterable[str], language: str | None = None) -> TooFew | None:
    """Does this profile with a postcode tell too much? None when it does not."""
    codes = tuple(codes)
    found = {where: people(there.of(where), codes, language) for where in Where}
    if found[Where.PC4] >= FEWEST:
        return None
    enough = next((where for where in Where if found[where] >= FEWEST), None)
    return TooFew(about=int(found[Where.PC4]) + 1, wide_enough=enough)
