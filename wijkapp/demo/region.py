"""The places of the demo: eight wijken of Utrecht with their postcodes, written down by hand.

Codes and borders of wijken are those of CBS; coordinates are the middle of a postcode, good to some hundred
metres; inhabitants are rounded to thousands.
"""

from dataclasses import dataclass

REGION = "Regio Utrecht (demo)"
MUNICIPALITY = ("GM0344", "Utrecht")


@dataclass(frozen=True)
class Place:
    """One wijk. postcodes: PC4 -> latitude, longitude in degrees (WGS 84)."""

    code: str
    name: str
    inhabitants: int
    postcodes: dict[str, tuple[float, float]]


WIJKEN = (
    Place(
        "WK034401",
        "West",
        29_000,
        {
            "3531": (52.091, 5.096),
            "3532": (52.095, 5.095),
            "3533": (52.087, 5.086),
            "3534": (52.101, 5.087),
            "3542": (52.116, 5.053),
        },
    ),
    Place(
        "WK034402",
        "Noordwest",
        43_000,
        {
            "3513": (52.099, 5.109),
            "3551": (52.101, 5.098),
            "3552": (52.106, 5.103),
            "3553": (52.109, 5.088),
            "3554": (52.113, 5.093),
            "3555": (52.117, 5.078),
        },
    ),
    Place(
        "WK034403",
        "Overvecht",
        34_000,
        {
            "3561": (52.113, 5.124),
            "3562": (52.116, 5.116),
            "3563": (52.119, 5.100),
            "3564": (52.123, 5.106),
            "3565": (52.127, 5.088),
            "3566": (52.121, 5.125),
        },
    ),
    Place(
        "WK034404",
        "Noordoost",
        39_000,
        {
            "3514": (52.100, 5.120),
            "3515": (52.104, 5.117),
            "3571": (52.107, 5.129),
            "3572": (52.098, 5.134),
            "3573": (52.108, 5.146),
        },
    ),
    Place(
        "WK034405",
        "Oost",
        32_000,
        {
            "3581": (52.091, 5.134),
            "3582": (52.080, 5.132),
            "3583": (52.085, 5.143),
            "3584": (52.085, 5.165),
            "3585": (52.071, 5.150),
        },
    ),
    Place("WK034406", "Binnenstad", 18_000, {"3511": (52.089, 5.117), "3512": (52.092, 5.123)}),
    Place(
        "WK034407",
        "Zuid",
        28_000,
        {"3523": (52.072, 5.124), "3524": (52.063, 5.136), "3525": (52.063, 5.119)},
    ),
    Place(
        "WK034408",
        "Zuidwest",
        40_000,
        {
            "3521": (52.083, 5.111),
            "3522": (52.073, 5.115),
            "3526": (52.069, 5.102),
            "3527": (52.077, 5.094),
            "3528": (52.069, 5.081),
        },
    ),
)

BORDERS = (
    ("West", "Noordwest"),
    ("West", "Binnenstad"),
    ("West", "Zuidwest"),
    ("Noordwest", "Overvecht"),
    ("Noordwest", "Noordoost"),
    ("Noordwest", "Binnenstad"),
    ("Overvecht", "Noordoost"),
    ("Noordoost", "Oost"),
    ("Noordoost", "Binnenstad"),
    ("Oost", "Binnenstad"),
    ("Oost", "Zuid"),
    ("Binnenstad", "Zuid"),
    ("Binnenstad", "Zuidwest"),
    ("Zuid", "Zuidwest"),
)
