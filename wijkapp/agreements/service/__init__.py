"""What was agreed: the terms in force, and the register of agreements. Other rooms use the names below."""

from wijkapp.agreements.service.rota import (
    RotaTermsPage,
    agree_on_rota,
    agree_on_rules,
    rota_terms_for,
    rota_terms_of,
    rota_terms_page,
)
from wijkapp.agreements.service.standing import Standing, standing_per_wijk
from wijkapp.agreements.service.terms import (
    ChangedMeanwhile,
    TermsPage,
    agree,
    leads,
    page_to_change,
    terms_for,
    terms_of,
    terms_page,
)

__all__ = [
    "ChangedMeanwhile",
    "RotaTermsPage",
    "Standing",
    "TermsPage",
    "agree",
    "agree_on_rota",
    "agree_on_rules",
    "leads",
    "page_to_change",
    "rota_terms_for",
    "rota_terms_of",
    "rota_terms_page",
    "standing_per_wijk",
    "terms_for",
    "terms_of",
    "terms_page",
]
