"""Everything that bounded patterns find in a normalised text."""

from itertools import chain

from wijkapp.clients.screening import dates, numbers, places, reachable, telephone, titled
from wijkapp.clients.screening.allow import Allow
from wijkapp.clients.screening.numbers import Found
from wijkapp.clients.screening.spelled import runs

FEWEST_DIGITS, IN_AN_ACCOUNT = 3, 7  # in the shortest number of a client, and of a bank


def find(text: str, allow: Allow) -> list[Found]:
    """Numbers, dates, places and accounts; the classifier decides about those that are only likely."""
    digits = sum(map(str.isdigit, text))
    spelled = runs(text)
    found = [*reachable.email(text, allow), *reachable.handle(text, allow), *dates.birth_date(text)]
    if digits >= IN_AN_ACCOUNT:
        found += numbers.iban(text)
    if digits >= FEWEST_DIGITS or spelled:
        found += chain(
            telephone.phone(text, allow, spelled),
            numbers.bsn(text, spelled),
            numbers.policy(text, spelled),
            numbers.client_number(text),
        )
    return [*found, *places.address(text), *places.postcode(text), *titled.name(text)]


def general(text: str, allow: Allow) -> list[tuple[int, int]]:
    """Where general numbers and work addresses stand: those are for everybody to know."""
    phones = telephone.general(text, allow) if "0" in text or "+" in text else ()
    return [*phones, *reachable.work_mail(text, allow)]
