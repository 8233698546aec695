"""The factory of the whole house: each room adds its nouns to those of the rooms below it."""

from tests.matching.make import Provider, Town
from tests.rota.make import Make

__all__ = ["Make", "Provider", "Town"]
