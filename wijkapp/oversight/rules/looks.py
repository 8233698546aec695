"""What an outsider may have looked at."""

from datetime import timedelta
from enum import StrEnum

LOOKS_KEPT = timedelta(days=2 * 365)
SHOWN = timedelta(days=90)


class Look(StrEnum):
    REGION = "region"
    TREND = "trend"
    WIJK = "wijk"
    REPORT = "report"  # the text to tell an insurer or municipality that a wijk has no agreement
    SIGNALS = "signals"
    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"
    # Pages of other rooms: see oversight.beyond.
    WIJKEN = "wijken"
    CARD = "card"  # one wijk and who works there
    TERMS = "terms"
    REGISTER = "register"
    AGREEMENT = "agreement"
    DOCUMENTS = "documents"
