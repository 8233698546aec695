"""Phone numbers: as people write them, and as they are stored."""

import re
from functools import lru_cache

import phonenumbers


def to_e164(text: str) -> str | None:
    """A phone number as it is stored (+31612345678), from how people write it; None when it is none."""
    if re.search(r"[^\d\s+()./-]", text):
        return None  # phonenumbers would pick any number out of a sentence
    try:
        number = phonenumbers.parse(text, "NL")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=10_000)
def phone_as_written(e164: str | None) -> str:
    """A stored number as Dutch people write it: 06 12345678, 030 123 4567."""
    if not e164:
        return ""
    number = phonenumbers.parse(e164, "NL")
    if number.country_code != 31:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL).replace("-", " ")
