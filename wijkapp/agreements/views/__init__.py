"""The pages about what was agreed: the terms of a wijk, and the register of agreements."""

from wijkapp.agreements.views import around, register, room, work
from wijkapp.agreements.views.terms import bp

__all__ = ["around", "bp", "register", "room", "work"]
