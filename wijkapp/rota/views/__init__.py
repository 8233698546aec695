"""The pages about duties. Each part has a module of its own."""

from wijkapp.rota.views import outside, region, taps
from wijkapp.rota.views.room import bp

__all__ = ["bp", "outside", "region", "taps"]
