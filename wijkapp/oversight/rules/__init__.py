"""The rules of oversight: figures of requests, roll-ups of them, and what of those may be shown."""

from wijkapp.oversight.rules.figures import (
    Aids,
    Asked,
    Balance,
    Compared,
    Figures,
    Indicators,
    Period,
    Times,
    Treated,
    answered_in,
    balance,
    first_day,
    indicators,
    times,
)

__all__ = [
    "Aids",
    "Asked",
    "Balance",
    "Compared",
    "Figures",
    "Indicators",
    "Period",
    "Times",
    "Treated",
    "answered_in",
    "balance",
    "first_day",
    "indicators",
    "times",
]
