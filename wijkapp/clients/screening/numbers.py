# ruff: noqa: E501
"""Numbers that point at one person: BSN, bank account, policy, client number, telephone."""

import re
from collections.abc import Iterator

from stdnum import iban as iban_check
from stdnum.nl import bsn as bsn_check

from wijkapp.clients.screening.allow import Allow
from wijkapp.clients.screening.findings import Kind, Level
from wijkapp.clients.screening.spelled import runs

Found = tuple[int, int, Kind, Level]

REACH = 34  # characters before a number in which its name is looked for
JOIN = r"[ .:;,#=/\-]{0,4}"
# What may stand between the name of a number and the number itself.
FILLER = (
    r"(?:[ .:;,#=()\"/\-]|(?<![^\W_])(?:is|was|van|voor|de|het|een|dat|deze|nieuwe?|oude|juiste|klopt|zijn|haar|mw|dhr|mevr(?:ouw)?"
    r"|meneer|client|cliënt|hem|moet|zou|wordt|nu|wel|dus|bij|in|zn|dr|luidt|staat|als|nog|ook|niet)(?![^\W_])){0,9}$"
)
BSN_CUE = re.compile(
    r"(?:\bb\.?s\.?n\.?(?:-?(?:nr|nummer))?|burger ?service ?(?:nr|nummer)|\bburgerservice|sofi-?(?:nr|nummer)?)"
    + FILLER,
    re.I,
)
INSURANCE_CUE = re.compile(
    r"(?:(?:polis|verzekerden?|verz|zorgpolis|zorgverzekering|relatie|verzekering)[ .\-]{0,2}(?:nr|nrs|nummer|num)?"
    r"|\bvz ?nr|\brel\.? ?nr|\bpas(?:nr|nummer)|\binschrijf(?:nr|nummer))" + FILLER,
    re.I,
)
INSURERS = (
    r"(?:zilveren kruis|zilv kruis|zk|vgz|menzis|cz(?:direct)?|dsw|onvz|asr|a\.s\.r\.?|univ[eé]|fbto|ohra|interpolis|de friesland"
    r"|anderzorg|zorg en zekerheid|z&z|z en z|pro life|iza|ditzo|salland|achmea|just|nationale[ -]nederlanden|stad holland|aevitae|caresq|promovendum|umc zorgverzekering|vinkvink|zekur|eno|besured|hema)"
)
INSURER_CUE = re.compile(rf"(?<![^\W_]){INSURERS}" + FILLER, re.I)
CLIENT_CUE = re.compile(
    r"(?:(?:cli[eë]nt(?:en)?|pati[eë]nt(?:en)?|pat|pt|cl|dossier|zorgdossier|ecd|epd|zis|bewoner|kaart|ons|puur|status)[ .\-]{0,2}"
    r"(?:nr|nrs|nummer|num|code|no|id)|\b(?:cli[eë]nt|dossier|pati[eë]nt|pat|pid|patid|pnr|cnr|clnr))"
    + FILLER,
    re.I,
)
CLIENT_CUE_STRONG = re.compile(r"(?:nr|nrs|nummer|num|code|no|id|dossier|pid|cnr)" + FILLER, re.I)
OTHER_CUE = re.compile(
    r"(?:(?:order|bestel(?:ling)?|art(?:ikel)?|lot|batch|charge|factuur|fact|ticket|zaak|melding(?:s)?|serie|kenmerk|ref(?:erentie)?|agb|big"
    r"|kvk|k\.v\.k|uzovi|ean|gtin|zi|z-index|hibc|udi|product|zorgdomein|zd|verwijs|recept|rsin|btw|kostenplaats|inkoop|pakbon|track|trace|zending"
    r"|pakket|model|type|apparaat|sn|s/n|ura|vestigings?|contract|declaratie|debiteur|crediteur|project|route|team|rooster|incident|mic|vim|pin|code"
    r"|personeels?|medewerkers?|inlog|pomp|bed|matras|lift|tillift|kast|sleutel|locatie|aanvraag|indicatie|machtigings?|verrichting|prestatie|budget|relais|versie)"
    r"(?:[ .\-]{0,2}(?:nr|nrs|nummer|num|code|no|id))?)" + FILLER,
    re.I,
)
NINE = re.compile(r"(?<![\w+])(?<!\d[.,\-/])\d(?:[ .\-]{0,2}\d){7,8}(?![.,\-/]?\d)(?!\w)")
IBAN = re.compile(r"(?<![^\W_])[a-z]{2}[ .\-]?\d[ ]?\d(?:[ .\-]{0,2}[a-z0-9]){11,28}", re.I)
DUTCH_IBAN = re.compile(
    r"(?<![^\W_])nl[ .\-]{0,2}\d[ ]?\d[ .\-]{0,2}(?:[a-z][ .\-]?){3}[a-z](?:[ .\-]{0,2}\d){10}(?!\d)", re.I
)
ACCOUNT_CUE = re.compile(
    r"(?:rekening(?:nr|nummer)?|\brek\.? ?nr|\bgiro(?:nr|nummer)?|bankrekening|iban)" + FILLER, re.I
)
NUMBER = re.compile(r"(?<![\w])(?:[a-z]{1,3}[ \-]?)?\d(?:[ .\-/]{0,2}\d){3,13}(?![.,]?\d)", re.I)


def bsn(text: str) -> Iterator[Found]:
    """With its name any eight or nine digits; without it only nine that pass the test and bear no other name."""
    for found in NINE.finditer(text):
        digits = re.sub(r"\D", "", found.group())
        before = text[max(0, found.start() - REACH) : found.start()]
        named = BSN_CUE.search(before) is not None
        valid = bsn_check.is_valid(digits.zfill(9))
        if named or (valid and len(digits) == 9 and not _named_otherwise(before)):
            yield *found.span(), Kind.BSN, Level.CERTAIN
    for start, end, digits in runs(text):
        named = BSN_CUE.search(text[max(0, start - REACH) : start]) is not None
        if len(digits) == 9 and (named or bsn_check.is_valid(digits)):
            yield start, end, Kind.BSN, Level.CERTAIN if named else Level.LIKELY


def _named_otherwise(before: str) -> bool:
    return any(cue.search(before) for cue in (OTHER_CUE, INSURANCE_CUE, CLIENT_CUE))


def iban(text: str) -> Iterator[Found]:
    """Any account that passes the test, any that has the shape of a Dutch one, an old number with its name."""
    for found in DUTCH_IBAN.finditer(text):
        yield *found.span(), Kind.IBAN, Level.CERTAIN
    for found in IBAN.finditer(text):
        end = _valid_iban(found.group())
        if end:
            yield found.start(), found.start() + end, Kind.IBAN, Level.CERTAIN
    for found in NUMBER.finditer(text):
        before = text[max(0, found.start() - REACH) : found.start()]
        if ACCOUNT_CUE.search(before) and 7 <= sum(map(str.isdigit, found.group())) <= 10:
            yield *found.span(), Kind.IBAN, Level.LIKELY


def _valid_iban(text: str) -> int:
    """Length of the longest valid account at the beginning of the text, or 0."""
    at = [position for position, one in enumerate(text) if one.isalnum()]
    plain = "".join(text[position] for position in at)
    for length in range(len(plain), 14, -1):
        if iban_check.is_valid(plain[:length], check_country=False):
            return at[length - 1] + 1
    return 0


def policy(text: str) -> Iterator[Found]:
    """A number at an insurer: only by the name before it."""
    for found in NUMBER.finditer(text):
        digits = sum(map(str.isdigit, found.group()))
        before = text[max(0, found.start() - REACH) : found.start()]
        if digits >= 5 and INSURANCE_CUE.search(before):
            yield *found.span(), Kind.INSURANCE, Level.CERTAIN
        elif digits >= 6 and INSURER_CUE.search(before) and not OTHER_CUE.search(before):
            yield *found.span(), Kind.INSURANCE, Level.LIKELY


def client_number(text: str) -> Iterator[Found]:
    """A number of a client or a dossier: only by the name before it."""
    for found in NUMBER.finditer(text):
        before = text[max(0, found.start() - REACH) : found.start()]
        if CLIENT_CUE.search(before):
            strong = CLIENT_CUE_STRONG.search(before)
            yield *found.span(), Kind.CLIENT_NUMBER, Level.CERTAIN if strong else Level.LIKELY


GAP = r"[ .\-/()]{0,3}"
MOBILE = re.compile(rf"(?<![\w])(?<!\d[.,:/\-])\(?0{GAP}6\)?{GAP}[1-9](?:{GAP}\d){{7}}(?!\d)")
FIXED = re.compile(
    r"(?<![\w])(?<!\d[.,:/\-])\(?0[1-57-9]\d{1,2}\)?[ .\-/]{0,3}\d(?:[ .\-]{0,2}\d){5,6}(?![\d]|[.:]\d)"
)
ABROAD = re.compile(rf"(?<![\w])(?:\+|00){GAP}[1-9]\d(?:{GAP}\d){{7,12}}(?!\d)")
WITHOUT_PLUS = re.compile(rf"(?<![\w+])31{GAP}6(?:{GAP}\d){{8}}(?!\d)")
PHONE_CUE = re.compile(
    r"(?:\bbel(?:len|t|de|lijst)?|\btel(?:efoon)?(?:nr|nummer)?|mobiel(?:e)?(?:nr|nummer)?|\bmob|06-?(?:nr|nummer)|\bnr|nummer|bereikbaar op|\bapp(?:en)?|whats?app|\bsms(?:en)?)"
    + FILLER,
    re.I,
)
SHORT_MOBILE = re.compile(rf"(?<![\w])(?<!\d[.,:/\-])06{GAP}[1-9](?:{GAP}\d){{5,8}}(?!\d)")
LOOSE = re.compile(r"(?<![\w])\d(?:[ .\-]{0,2}\d){6,10}(?!\d)")
TIMES = re.compile(r"\d\d[.:]\d\d ?(?:-|/|tot|en) ?\d\d[.:]\d\d")
PUBLIC = re.compile(r"0(?:800|900|906|909)")
LENGTH = 10


def phone(text: str, allow: Allow) -> Iterator[Found]:
    """Telephone numbers that are not a general number of the allow-list, or of everybody (0800, 0900)."""
    for pattern in (MOBILE, FIXED, ABROAD, WITHOUT_PLUS):
        for found in pattern.finditer(text):
            if _is_phone(text, found, allow):
                yield *found.span(), Kind.PHONE, Level.CERTAIN
    for pattern in (SHORT_MOBILE, LOOSE):
        for found in pattern.finditer(text):
            before = text[max(0, found.start() - REACH) : found.start()]
            if PHONE_CUE.search(before) and not _named_otherwise(before) and _is_phone(text, found, allow):
                yield *found.span(), Kind.PHONE, Level.LIKELY
    for start, end, digits in runs(text):
        if digits.startswith("0") and 9 <= len(digits) <= 11 and not allow.has_phone(digits):
            yield start, end, Kind.PHONE, Level.CERTAIN


def _is_phone(text: str, found: re.Match[str], allow: Allow) -> bool:
    if TIMES.search(found.group()) or allow.has_phone(found.group()) or PUBLIC.match(found.group()):
        return False
    return not OTHER_CUE.search(text[max(0, found.start() - REACH) : found.start()])
