"""The factory of the whole house: each room adds its nouns to those of the rooms below it."""

from tests.matching.make import Make, Provider, Town

__all__ = ["Make", "Provider", "Town"]
