"""What this room keeps: the terms in force, and the register of agreements."""

from wijkapp.agreements.models.documents import Answer, Document, Factor, Signature, Signer, State, Version
from wijkapp.agreements.models.register import (
    Agreement,
    AgreementWijk,
    Application,
    GateDecision,
    Party,
    PhaseStep,
    Signatory,
)
from wijkapp.agreements.models.terms import RotaTermsVersion, TermsJson, TermsVersion
from wijkapp.agreements.models.work import Body, CheckMemo, Escalation, Evaluation, Item, Risk, Seat

__all__ = [
    "Agreement",
    "AgreementWijk",
    "Answer",
    "Application",
    "Body",
    "CheckMemo",
    "Document",
    "Escalation",
    "Evaluation",
    "Factor",
    "GateDecision",
    "Item",
    "Party",
    "PhaseStep",
    "Risk",
    "RotaTermsVersion",
    "Seat",
    "Signatory",
    "Signature",
    "Signer",
    "State",
    "TermsJson",
    "TermsVersion",
    "Version",
]
