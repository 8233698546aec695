"""The pages about what was agreed."""

from wijkapp.agreements.views.terms import bp

__all__ = ["bp"]
