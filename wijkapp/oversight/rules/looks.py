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
