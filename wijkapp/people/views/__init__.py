"""The pages of people: logging in, the own account, the own organisation."""

from wijkapp.people.views import (
    account,
    demo,
    invitation,
    members,
    organisation,
    papers,
    second_step,
    sign_in,
)
from wijkapp.people.views.room import bp

__all__ = [
    "account",
    "bp",
    "demo",
    "invitation",
    "members",
    "organisation",
    "papers",
    "second_step",
    "sign_in",
]
