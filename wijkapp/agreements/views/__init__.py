"""The pages about what was agreed: the terms of a wijk, and the register of agreements."""

from wijkapp.agreements.views import around, documents, register, room, signing, work
from wijkapp.agreements.views.terms import bp

__all__ = ["around", "bp", "documents", "register", "room", "signing", "work"]
