"""Everything that bounded patterns find in a normalised text."""

from itertools import chain

from wijkapp.clients.screening import dates, numbers, places, reachable, telephone, titled
from wijkapp.clients.screening.allow import Allow
from wijkapp.clients.screening.numbers import Found
from wijkapp.clients.screening.spelled import runs


def find(text: str, allow: Allow) -> list[Found]:
    """Numbers, dates, places and accounts; the classifier decides about those that are only likely."""
    digits = any(map(str.isdigit, text))
    spelled = runs(text)
    found = [*reachable.email(text, allow), *reachable.handle(text, allow), *dates.birth_date(text)]
    if digits or spelled:
        found += chain(
            numbers.iban(text),
            telephone.phone(text, allow, spelled),
            numbers.bsn(text, spelled),
            numbers.policy(text, spelled),
            numbers.client_number(text),
        )
    return [*found, *places.address(text), *places.postcode(text), *titled.name(text)]


def general(text: str, allow: Allow) -> list[tuple[int, int]]:
    """Where general numbers and work addresses stand: those are for everybody to know."""
    return [*telephone.general(text, allow), *reachable.work_mail(text, allow)]
