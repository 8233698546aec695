"""What this room keeps: the terms in force, and the register of agreements."""

from wijkapp.agreements.models.register import (
    Agreement,
    AgreementWijk,
    Application,
    GateDecision,
    Party,
    PhaseStep,
    Signatory,
)
from wijkapp.agreements.models.terms import RotaTermsJson, RotaTermsVersion, TermsJson, TermsVersion
from wijkapp.agreements.models.work import Body, CheckMemo, Escalation, Evaluation, Item, Risk, Seat

__all__ = [
    "Agreement",
    "AgreementWijk",
    "Application",
    "Body",
    "CheckMemo",
    "Escalation",
    "Evaluation",
    "GateDecision",
    "Item",
    "Party",
    "PhaseStep",
    "Risk",
    "RotaTermsJson",
    "RotaTermsVersion",
    "Seat",
    "Signatory",
    "TermsJson",
    "TermsVersion",
]
