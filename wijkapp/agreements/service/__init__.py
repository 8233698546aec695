"""What was agreed: the terms in force, and the register of agreements. Other rooms use the names below."""

from wijkapp.agreements.service.standing import Standing, standing_per_wijk
from wijkapp.agreements.service.terms import (
    ChangedMeanwhile,
    TermsPage,
    agree,
    page_to_change,
    terms_for,
    terms_of,
    terms_page,
)

__all__ = [
    "ChangedMeanwhile",
    "Standing",
    "TermsPage",
    "agree",
    "page_to_change",
    "standing_per_wijk",
    "terms_for",
    "terms_of",
    "terms_page",
]
