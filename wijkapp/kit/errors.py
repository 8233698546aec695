"""Refusals: everything the app will not do, with a status and a Dutch sentence for the person who asked."""

from typing import Any

from wijkapp.kit.words import lazy as _


class Refused(Exception):
    """The request was understood and will not be done. `sentence` is shown as it is.

    status  the HTTP status a door answers with
    fields  a message per form field, for bad input
    """

    status = 409
    sentence: str = _("Dit kan nu niet.")

    def __init__(self, sentence: str | None = None, *, fields: dict[str, str] | None = None) -> None:
        self.sentence = sentence or self.sentence
        self.fields = fields or {}
        super().__init__(str(self.sentence))

    @property
    def details(self) -> dict[str, Any]:
        """What a page's own script needs on top of the sentence; plain values."""
        return {}


class Invalid(Refused):
    """Something that was filled in is missing or wrong; says which field."""

    status = 422
    sentence = _("Kijk de rode velden even na.")


class NotSignedIn(Refused):
    """Nobody is logged in on this device."""

    status = 401
    sentence = _("Log eerst in.")


class NotAllowed(Refused):
    """This person may not do this; the sentence says how to get access."""

    status = 403
    sentence = _("Je hebt hier geen toegang. Vraag de beheerder van je organisatie om toegang.")


class NotFound(Refused):
    """It is not there, or it is not for you to know that it is."""

    status = 404
    sentence = _("Dit bestaat niet (meer).")


class TooMany(Refused):
    """Asked too often in a short time."""

    status = 429
    sentence = _("Dat ging te vaak achter elkaar. Wacht een minuut en probeer het opnieuw.")
