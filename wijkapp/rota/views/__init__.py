"""The pages about duties. Each part has a module of its own."""

from wijkapp.rota.views import duty, outside, people, plan, plan_duty, region, swaps, taps, terms
from wijkapp.rota.views.room import bp

__all__ = ["bp", "duty", "outside", "people", "plan", "plan_duty", "region", "swaps", "taps", "terms"]
