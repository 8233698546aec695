"""What this room keeps: the terms in force, and the register of agreements."""

from wijkapp.agreements.models.terms import RotaTermsJson, RotaTermsVersion, TermsJson, TermsVersion

__all__ = ["RotaTermsJson", "RotaTermsVersion", "TermsJson", "TermsVersion"]
