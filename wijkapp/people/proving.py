"""Proving who one is by a code, a few times at most: of the app, or of the note where that will do."""

from wijkapp.kit import limits
from wijkapp.kit.errors import Invalid
from wijkapp.kit.words import lazy as _
from wijkapp.people import factors, service
from wijkapp.people.models import Account

PER_ACCOUNT = ("5 per 15 minutes", "30 per day")  # of a million codes, three are right at any moment


def check_code(account: Account, typed: str, *, recovery: bool = True) -> None:
    """Is this a code of the authenticator app or, when `recovery`, of the note? It works no more.

    Raises Invalid, and TooMany after a few wrong codes.
    """
    for at_most in PER_ACCOUNT:
        limits.check("code", str(account.id), at_most)
    if not (factors.second_step(account, typed) if recovery else _of_the_app(account, typed)):
        for at_most in PER_ACCOUNT:
            limits.count("code", str(account.id), at_most)
        raise Invalid(
            fields={"code": str(_("Deze code klopt niet (meer). Kijk naar de code die er nu staat."))}
        )


def _of_the_app(account: Account, typed: str) -> bool:
    counter = factors.matching_counter(account, typed, account.tf_totp_secret)
    if counter is not None:
        service.use_counter(account.id, counter)
    return counter is not None
