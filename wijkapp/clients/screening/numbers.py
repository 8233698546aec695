# ruff: noqa: E501 - a pattern reads best on one line
"""Numbers that point at one person: BSN, bank account, policy, client number, telephone.

A pattern that is not sure says so (`Level.LIKELY`): the classifier then has the last word.
"""

import re
from collections.abc import Iterator

from stdnum import iban as iban_check
from stdnum.nl import bsn as bsn_check

from wijkapp.clients.screening.findings import Kind, Level
from wijkapp.clients.screening.spelled import Run

Found = tuple[int, int, Kind, Level]

REACH = 44  # characters before a number in which its name is looked for
NR = r"(?:[ .\-_]{0,2}(?:nrs?|nummers?|num|no|code|id)(?![^\W_]))"
# What may stand between the name of a number and the number itself: signs, and a few short words.
FILLER = r"(?:[ .:;,#=()\"/\-]{1,6}+|(?<![^\W_])[^\W\d_]{1,14}+(?![^\W_])){0,13}+$"
SMALL_WORDS = (
    r"is|was|van|voor|de|het|een|dat|deze|nieuwe?|oude|juiste|klopt|zijn|haar|man|vrouw|mw|dhr|mevr(?:ouw)?|meneer|staat|nml|hier"
    r"|hem|moet|wordt|nu|wel|dus|bij|in|zn|dr|luidt|als|nog|ook|niet|op|onder|coa|umc|zorgverzekeraar|verzekeraar|met|ons|jullie|die"
)
NEAR = rf"(?:[ .:;,#=()\"/\-]{{1,6}}+|(?<![^\W_])(?:{SMALL_WORDS})(?![^\W_])){{0,12}}+$"
BSN_CUE = re.compile(rf"(?:\bb\.?s\.?n\.?r?{NR}?|burger ?service{NR}?|sofi-?{NR}?)" + FILLER, re.I)
INSURERS = (
    r"(?:zilveren kruis|zilv kruis|zk|vgz|menzis|cz(?: groep)?|dsw|onvz|asr|a\.s\.r\.?|univ[eé]|fbto|ohra|interpolis|de friesland|anderzorg|zorg en zekerheid|z&z|z en z|pro life|iza|izz|ditzo"
    r"|salland|eno|achmea|nationale[ -]nederlanden|stad holland|aevitae|caresq|promovendum|vinkvink|zekur|besured|aegon|zorgverzekeraar|verzekeraar)"
)
NEAR_POLICY = rf"(?:[ .:;,#=()\"/\-]{{1,6}}+|(?<![^\W_])(?:{INSURERS}|{SMALL_WORDS}|aanvullend|pakket|nr|nummer)(?![^\W_])){{0,12}}+$"
INSURANCE_CUE = re.compile(
    rf"(?:(?:polis(?:blad)?|verzekerden?|verzekerings?|verz|zorgpolis|zorgverzekering|zorgpas|relatie|lidmaatschaps?|lid|rel|pas|inschrijf){NR}|\bpol(?:is)?\b\.?|zorgpolis|polis|verzekerde?(?: bij| onder)?|zorgpas|verzekeringspas)"
    + NEAR_POLICY,
    re.I,
)
INSURER_CUE = re.compile(rf"(?<![^\W_])(?:{INSURERS}|relatie)" + NEAR_POLICY, re.I)
INSURER_AFTER = re.compile(
    rf"[ ,(]{{0,3}}(?:(?:bij|van|is|de|een|zijn|haar|het|nummer|jullie|cli[eë]nts?|overleden|staat|op) ){{0,5}}(?:{INSURERS}|(?:zorg)?polis|verzekerde)(?![^\W_])",
    re.I,
)
CLIENT_CUE = re.compile(
    rf"(?:(?:cli[eë]nt(?:en)?|pati[eë]nt(?:en)?|pat|pt|cl|klant|(?:zorg|cli[eë]nt)?doss?(?:ier)?|e\.?c\.?d|e\.?p\.?d|zis|mrn|bewoners?|kaart|ons|puur|ziekenhuis|registratie|systeem){NR}"
    r"|\b(?:mrn|mdn|mpi|(?:zorg|cli[eë]nt)?dossier|pid|patid|pnr|cnr|clnr|ons-id|ecare|klant|id)(?![^\W_])|(?:nr|nummer) van de (?:cli[eë]nt|pati[eë]nt)|cli[eë]nt met nummer)"
    + NEAR,
    re.I,
)
CLIENT_WORD = re.compile(r"\b(?:cli[eë]nt|pati[eë]nte?|pat|pt|cl)\b\.?[ :#]{0,3}$", re.I)
OTHER_CUE = re.compile(
    r"(?:(?<![^\W_])(?:order|bestel(?:ling)?|art(?:ikel)?|lot|batch|charge|factuur|fact|ticket|zaak|meld(?:ing)?(?:s)?|serie|kenmerk|ref(?:erentie)?|agb|big|kvk|k\.v\.k|uzovi|ean|gtin|zi|z-index|hibc|udi|product"
    r"|zorgdomein|zd|verwijs|recept|rsin|btw|kostenplaats|inkoop|pakbon|track|trace|zending|pakket|model|type|sn|s/n|ura|vestigings?|contract|declaratie|debiteur|crediteur|project|incident|mic|vim"
    r"|personeels?|medewerkers?|pomp|lift|tillift|aanvraag|machtigings?|budget|versie|meetpunt|rit|toestel|lab|test|ontvangstbewijs|badge|v-|vreemdelingen)"
    r"(?:[ .\-]{0,2}(?:nr|nrs|nummer|num|code|no|id))?)" + NEAR,
    re.I,
)
STRONG_POLICY = re.compile(
    rf"(?:polis|verzeker\w{{0,8}}|verz|zorgpas|relatie|lidmaatschaps?|lid){NR}" + FILLER, re.I
)
STRONG_CLIENT = re.compile(
    rf"(?:cli[eë]nt(?:en)?|pati[eë]nt(?:en)?|pat|pt|cl|klant|dossier|ecd|epd|zis|mrn|bewoners?|ziekenhuis|registratie|epic|hix|ons){NR}"
    + FILLER,
    re.I,
)
UNDER = re.compile(
    r"(?:rapporteren|geregistreerd|staat|staan|toegewezen|openzetten|afgesloten|vallen|zie|zet)[^.!?\n]{0,12}(?:onder|aan|op|als|in)(?: nummer| nr\.?| code)? $",
    re.I,
)
SYSTEMS = r"(?:hix|epic|puur|ecare|ons|nedap|nexus|chipsoft|medizorg|ysis)"
SYSTEM_CUE = re.compile(
    rf"(?<![^\W_])(?:(?:in|bij|uit) {SYSTEMS}|{SYSTEMS}-?(?:nr|nummer|id)?)[ :.#]{{1,3}}$", re.I
)
CLIENT_AFTER = re.compile(
    rf" (?:is (?:haar|zijn) (?:nummer|nr|code)|(?:staat )?(?:dubbel |open )?in {SYSTEMS}(?![^\W_])|kan uit zorg)",
    re.I,
)
# Codes as some organisations give them: C-20993, KL-00482-N.
CLIENT_CODE = re.compile(r"(?:c|cl|kl|pn|pt|pat|clt|cnr)[\-/.]?\d{4,8}(?:-[a-z])?", re.I)
NINE = re.compile(r"(?<![\d+])(?<!\d[.,\-/])(?<![^\W\d_]{3}-)\d(?:[ .\-]{0,2}\d){7,8}(?![.,\-/]?\d)(?!\w)")
IBAN = re.compile(r"(?<![^\W_])[a-z]{2}[ .\-]?\d[ ]?\d(?:[ .\-]{0,2}[a-z0-9]){11,28}", re.I)
DUTCH_IBAN = re.compile(
    r"(?<![^\W_])n ?l[ .\-]{0,2}\d[ ]?\d[ .\-]{0,2}(?:[a-z][ .\-]?){3}[a-z](?:[ .\-]{0,2}\d){10}(?!\d)", re.I
)
ACCOUNT_CUE = re.compile(r"(?:rekening(?:nr|nummer)?|\brek\.? ?nr|\bgiro(?:nr|nummer)?|iban)" + NEAR, re.I)
NUMBER = re.compile(
    r"(?<![\w])#?(?:[a-z]{1,4}[\-/.]?)?\d(?:[ .\-/]{0,2}\d){2,13}(?:[\-/][a-z]{1,3}|[a-z])?(?![\w]|[.,]\d)",
    re.I,
)


ACCOUNT_STEMS = ("rek", "giro", "iban")
POLICY_STEMS = (
    "pol",
    "verz",
    "zorgpas",
    "relatie",
    "lid",
    "rel",
    "pas",
    "inschrijf",
    "zilv",
    "zk",
    "vgz",
    "menzis",
    "cz",
    "dsw",
    "onvz",
    "asr",
    "a.s.r",
    "univ",
    "fbto",
    "ohra",
    "interp",
    "friesland",
    "anderz",
    "zekerheid",
    "z&z",
    "z en z",
    "pro life",
    "iza",
    "izz",
    "ditzo",
    "salland",
    "eno",
    "achmea",
    "nederlanden",
    "holland",
    "aevitae",
    "caresq",
    "promovendum",
    "vink",
    "zekur",
    "besured",
    "aegon",
)
CLIENT_STEMS = (
    "cli",
    "pati",
    "pat",
    "pt",
    "cl",
    "klant",
    "dos",
    "mdn",
    "mpi",
    "ecd",
    "e.c.d",
    "epd",
    "zis",
    "mrn",
    "bewoner",
    "kaart",
    "ons",
    "puur",
    "ziekenhuis",
    "registr",
    "systeem",
    "pid",
    "nr",
    "ecare",
    "id",
    "epic",
    "hix",
    "rapporteren",
    "staa",
    "toegewezen",
    "openzetten",
    "afgesloten",
    "vallen",
    "zie",
    "zet",
    "nummer",
    "nedap",
    "nexus",
    "ysis",
)


CLOCK = re.compile(r"\d{1,2}[.:]\d\d")


def _mentions(text: str, stems: tuple[str, ...]) -> bool:
    """A cheap look before a dear one."""
    lowered = text.lower()
    return any(stem in lowered for stem in stems)


def bsn(text: str, spelled: list[Run]) -> Iterator[Found]:
    """With its name any eight or nine digits; without it only nine that pass the test and bear no other name."""
    for found in NINE.finditer(text):
        digits = re.sub(r"\D", "", found.group())
        before = text[max(0, found.start() - REACH) : found.start()]
        if BSN_CUE.search(before) and not OTHER_CUE.search(before):
            yield *found.span(), Kind.BSN, Level.CERTAIN
        elif len(digits) == 9 and bsn_check.is_valid(digits) and not _named_otherwise(before):
            tidy = re.fullmatch(r"\d{9}|\d{3}([ .\-])\d{3}\1\d{3}|\d{4}\.\d\d\.\d{3}", found.group())
            yield *found.span(), Kind.BSN, Level.CERTAIN if tidy else Level.LIKELY
    for start, end, digits in spelled:
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
    if not _mentions(text, ACCOUNT_STEMS):
        return
    for found in NUMBER.finditer(text):
        before = text[max(0, found.start() - REACH) : found.start()]
        if 7 <= sum(map(str.isdigit, found.group())) <= 10 and ACCOUNT_CUE.search(before):
            yield *found.span(), Kind.IBAN, Level.LIKELY


def _valid_iban(text: str) -> int:
    """Length of the longest valid account at the beginning of the text, or 0."""
    at = [position for position, one in enumerate(text) if one.isalnum()]
    plain = "".join(text[position] for position in at)
    if not plain.isascii():
        return 0
    values = [str(int(one, 36)) for one in plain]
    for length in range(len(plain), 14, -1):
        # The sum first: it is quick and nearly always says no.
        summed = int("".join([*values[4:length], *values[:4]])) % 97
        if summed == 1 and iban_check.is_valid(plain[:length], check_country=False):
            return at[length - 1] + 1
    return 0


def policy(text: str, spelled: list[Run]) -> Iterator[Found]:
    """A number at an insurer: by the name before it, or the insurer beside it."""
    if not _mentions(text, POLICY_STEMS):
        return
    for found in NUMBER.finditer(text):
        digits = sum(map(str.isdigit, found.group()))
        before = text[max(0, found.start() - REACH) : found.start()]
        if digits < 5 or OTHER_CUE.search(before):
            continue
        if INSURANCE_CUE.search(before):
            yield *found.span(), Kind.INSURANCE, Level.CERTAIN
        elif (
            STRONG_POLICY.search(before)
            or INSURER_CUE.search(before)
            or INSURER_AFTER.match(text, found.end())
        ):
            yield *found.span(), Kind.INSURANCE, Level.LIKELY
    for start, end, written in spelled:
        if INSURANCE_CUE.search(text[max(0, start - REACH) : start]) and len(written) >= 5:
            yield start, end, Kind.INSURANCE, Level.LIKELY


def client_number(text: str) -> Iterator[Found]:
    """A number of a client or a dossier: only by the name before it."""
    if not _mentions(text, CLIENT_STEMS) and not CLIENT_CODE.search(text):
        return
    for found in NUMBER.finditer(text):
        before = text[max(0, found.start() - REACH) : found.start()]
        if CLIENT_CUE.search(before) and not CLOCK.fullmatch(found.group()):
            yield *found.span(), Kind.CLIENT_NUMBER, Level.CERTAIN
        elif (
            CLIENT_CODE.fullmatch(found.group())
            or CLIENT_AFTER.match(text, found.end())
            or any(cue.search(before) for cue in (CLIENT_WORD, STRONG_CLIENT, UNDER, SYSTEM_CUE))
        ):
            yield *found.span(), Kind.CLIENT_NUMBER, Level.LIKELY
