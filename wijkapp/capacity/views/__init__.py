"""The pages about free places: figures, pauses, how they moved, and answers to a reminder."""

from wijkapp.capacity.views import figures, taps, teams
from wijkapp.capacity.views.room import bp

__all__ = ["bp", "figures", "taps", "teams"]
