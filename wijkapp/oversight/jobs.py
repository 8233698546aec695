"""What happens by itself in oversight."""

from wijkapp.oversight.service import ladder, looks, roll, signals


def roll_up() -> None:
    """Count the days, then see which wijken missed the agreed time for weeks, and who hears now."""
    roll.roll_up()
    signals.look()
    ladder.climb()


def forget_looks() -> None:
    """Looks of outsiders that are old enough to forget."""
    looks.forget()
