"""What the clock does here: end what is due and destroy its keys; tidy the key store."""

from wijkapp.clients.service import breach, ends


def destroy_due() -> None:
    """Consents that are over, files that were handed over long enough ago, and keys a crash left."""
    ends.destroy_due()


def sweep_keys() -> None:
    """Keys that came back with a copy of the key store, or never sealed anything."""
    ends.sweep_keys()


def remind_of_breaches() -> None:
    """The 72 hours to tell the authority are nearly up, or are."""
    breach.remind_due()
