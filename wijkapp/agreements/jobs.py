"""What the clock does here: tell who leads an agreement that an evaluation comes near."""

from wijkapp.agreements.service import plans


def remind_of_evaluations() -> int:
    """Tell of each evaluation once, two weeks before. Returns how many."""
    return plans.remind()
