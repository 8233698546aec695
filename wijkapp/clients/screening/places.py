# ruff: noqa: E501, SIM905 - a pattern reads best on one line
"""Where somebody lives: a street with a number, and a postcode with its letters."""

import re
from collections.abc import Iterator

from wijkapp.clients.screening.findings import Kind, Level
from wijkapp.clients.screening.numbers import Found
from wijkapp.clients.screening.spelled import STEMS, WORD
from wijkapp.clients.screening.text import fold

REACH = 30
POSTCODE = re.compile(
    r"(?<![\w/])(?<!\d[.,\-])(?P<digits>[1-9]\d{3})(?P<gap>[ .\-]{0,3})(?P<letters>[a-z]{2}(?!\w)(?!\.\w)|[a-z]\. ?[a-z]\.(?!\w))",
    re.I,
)
IN_PAIRS = re.compile(r"(?<![\w.,/\-])[1-9]\d \d\d ?[a-z]{2}(?!\w)", re.I)
APART = re.compile(r"(?<![\w.,/\-])[1-9](?: {0,2}\d){3}[ \-]{0,3}[a-z] {1,2}[a-z](?![\w])", re.I)
POSTCODE_CUE = re.compile(
    r"(?:\bpc6?|post ?code|\badres|woont|woonachtig|\d[a-z]{0,2},?)[ .:,(]{0,4}(?:is|op|in|te|van|de)?[ :]{0,2}$",
    re.I,
)
CODE_CUE = re.compile(
    r"(?:\bart(?:ikel)?|\blot|batch|\bref|\bcode|\btype|model|serie|bestel\w*|order\w*|kenteken|\bnen|\biso|kenmerk|charge|product\w*|\bnr|nummer|maat|sonde|filter|katheter)"
    r"[ .:#\-]{0,3}(?:nr|nummer|code)?[ .:#\-]{0,3}$",
    re.I,
)
UNITS = frozenset(
    "ml mg cc gr kg cm mm km dl cl eh ie iu kj kc mcg ug eu ch fr mb gb pk uu st jr wk dd pd".split()
)
WORDS = frozenset(
    "of en is in op te de er om al zo we ik je ze nu na ja ha he oh ok nog bij tot met van uit aan naar ivm ipv nl ma di wo do vr za zo bv nb gb"
    " im iv sc po an as at be by do go hi if it me my no so to up us va vs tm mw hr dr mn dn nr pc pp pm am vd wg xl xs bg ag wk pm pv vp".split()
)
NEVER = frozenset({"sa", "sd", "ss"})

SURE_KINDS = (
    r"(?:straat|straatje|str|strt|laan|laantje|ln|weg|plein|pleintje|kade|gracht|singel|dijk|hof|hofje|steeg|pad|plantsoen|dreef|burgwal"
    r"|markt|boulevard|allee|dwarsstraat)"
)
KINDS = (
    r"(?:park|wal|haven|kamp|veld|akker|erf|brink|baan|ring|oord|donk|horst|heuvel|burg|stede|waard|weide|meent|vaart|sloot|kant|zijde|hoek|hoeve"
    r"|poort|brug|sluis|dam|einde|eind|rade|rode|rooi|heem|tuin|gaard|gaarde|bogaard|kwartier|passage|terras|toren|molen|beemd|beek|land|schans"
    r"|bolwerk|vest|werf|hage|polder|drift|ven|huizen|rand|zoom|flat|staete|diep|wijk|loop|dyk|plantage)"
)
IN_WORDS = re.compile(
    rf"(?<=[ ,])(?P<number>(?:{WORD}|honderd(?:en)?(?:{WORD})?|(?:{WORD})honderd(?:{WORD})?)(?![\w]))", re.I
)
HOUSE = re.compile(
    r"(?<=[ ,.])(?P<number>[1-9]\d{0,3})(?![\d])"
    r"(?P<more>/\d{1,3}(?!\w)|-[A-Z](?!\w)|(?: ?-? ?(?:bis|hs|huis|boven|beneden|[iv]{1,3}|\d hoog|\dhg|hg|zw|rd)(?![\w]))"
    r"|-\d{1,4}(?![\w]|[.:,]\d)| ?[a-hA-H](?![\w'])|[a-zA-Z](?![\w]))?"
)
NOT_HOUSE = re.compile(
    r"[ ]?(?:[.:,]\d\d|x\b|[-/] ?\d|u\b|u(?:ur|r)\b|%|e\b|de\b|keer|maal|hoog|min(?:uten)?\b|pers|mensen|cli[eë]nt|plek|plaats|bewoners|adres|kamer|uren|dagen?\b|weken|maand"
    r"|dienst|route|km\b|meter|m\b|teams?\b|collega|dames|heren|nieuwe|vrije|aanvra|intake|zorgvra|losse|open|woning|appartement|mg|ml|cm|cc|euro|graden|gram|dd\b|haltes?|ster"
    r"|(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|jan|feb|mrt|apr|jun|jul|aug|sept?|okt|nov|dec)\b)",
    re.I,
)
SURE_STREET = re.compile(rf"[^\W\d_][\w'\-]{{1,30}}{SURE_KINDS}", re.I)
LIKELY_STREET = re.compile(rf"[A-Z][^\W\d_]{{2,24}}(?:-[A-Z]\w{{1,20}})?{KINDS}")
BARE_KIND = re.compile(SURE_KINDS, re.I)
OF_STREET = re.compile(
    rf"(?:^| )(?P<street>{SURE_KINDS} (?:(?:van|v\.|der|den|de|het|'t|op|naar|tot|ten|ter|aan) ){{1,3}}[^\W\d_][\w'\-]{{1,30}}(?: [A-Z][\w'\-]{{1,24}})?)$",
    re.I,
)
YEAR_STREET = re.compile(r"(?:^| )(?P<street>plein (?:19|18)\d\d)$", re.I)
LIVES = re.compile(
    r"(?:\badres|\bwoont|\bwoonachtig|\bwonend|\bverhuisd naar|\bwoonadres)(?: is| nu|:| op| aan| in| de| het| naar| momenteel| tijdelijk)* (?P<street>[^\W\d_][\w'.\-]{2,30}(?: [^\W\d_][\w'.\-]{1,24}){0,2})$",
    re.I,
)
# 'De Wieken 33', 'Markt 5c': a capital and a number; the classifier knows better.
LOOSE = re.compile(
    r"(?:^|[ (,:\n])(?P<street>(?:(?:[Dd]e|[Hh]et|'t|It|[Ff]lat|[Vv]an|[Dd]en|[Dd]er) ){0,2}[A-Z][^\W\d_]{2,24}(?:[ \-](?:der |de |van )?[A-Z][^\W\d_]{0,24}){0,2})$"
)
NUMBER_SIGN = re.compile(r",?(?: ?(?:nr|no|nummer|huisnr|huisnummer)[.:]?)?[ .,]*$", re.I)
NUMBER_FIRST = re.compile(
    r"(?:\bnr\.?|\bnummer|huisnr|huisnummer) ?(?:[1-9]\d{0,3}[a-z]?|[^\W\d_]{3,20}) (?:aan|van|op|in) (?:de|het|'t|den) [A-Z][^\W\d_]{2,24}"
)
BEFORE = 64
HOME = re.compile(r"[aA]dres|[wW]oon|[wW]one|erhuisd")
KIND_STEMS = (
    "straat",
    "str ",
    "str.",
    "laan",
    "ln ",
    "weg",
    "plein",
    "kade",
    "gracht",
    "singel",
    "dijk",
    "hof",
    "steeg",
    "pad",
    "plantsoen",
    "dreef",
    "markt",
)
LEAD = re.compile(
    r"(?:(?<![^\W_])(?:(?:[1-9](?:e|de|ste)|(?:[A-Z]\.){1,3}|burg(?:emeester|\.)?|prof(?:essor|\.)?|dr\.?|mr\.?|st\.?|sint|pastoor|past\.?|kon(?:ingin|ing|\.)?|prins(?:es)?|jan"
    r"|jonkheer|jhr\.?|graaf|mgr\.?|deken|oude|nieuwe|grote|kleine|lange|korte|eerste|tweede|derde|van(?: (?:de|der|den|het))?|de|het|'t|ds\.?|gen(?:eraal|\.)?|admiraal|laan van"
    r"|aan de|noorder|zuider|ooster|wester) ?)){1,3}$",
    re.I,
)
ARTICLE = re.compile(r"^(?:(?:de|het|van de|van het|aan de|van) ?)+", re.I)
ORDINARY = frozenset(
    "weg onderweg terugweg snelweg luchtweg urineweg hof park markt pad dag fietspad omweg uitweg halverwege straat laan plein parkeerplein zandpad heenweg"
    " luchtwegen urinewegen slokdarmweg kerkhof hofje ziekenhuispark galweg galwegen spoorweg voorhof begraafplaats stortplein zorgpad kwaliteitspad".split()
)


AFTER_CODE = re.compile(r" ?(?:[=:]|-[a-z])| \d{1,2} t/m")


def postcode(text: str) -> Iterator[Found]:
    """Four digits and two letters, unless the letters are a unit or a word, or the whole is some other code."""
    for found in POSTCODE.finditer(text):
        letters = found["letters"].replace(".", "").replace(" ", "")
        before = text[max(0, found.start() - REACH) : found.start()]
        if letters.lower() in NEVER:
            continue
        cue = POSTCODE_CUE.search(before) is not None
        ordinary = CODE_CUE.search(before) or _is_unit(found) or AFTER_CODE.match(text, found.end())
        if (
            letters.isupper() and not ordinary and letters.lower() not in WORDS and len(found["gap"]) < 2
        ) or (cue and not _is_unit(found) and letters.lower() not in WORDS):
            yield *found.span(), Kind.POSTCODE, Level.CERTAIN
        elif letters.isupper() or not (ordinary or "." in found["letters"] or not _lower_case_is_code(found)):
            yield *found.span(), Kind.POSTCODE, Level.LIKELY
    for found in IN_PAIRS.finditer(text):
        if POSTCODE_CUE.search(text[max(0, found.start() - REACH) : found.start()]):
            yield *found.span(), Kind.POSTCODE, Level.CERTAIN
    for found in APART.finditer(text):
        yield *found.span(), Kind.POSTCODE, Level.LIKELY


def _is_unit(found: re.Match[str]) -> bool:
    """'1500 ML', but not '2033 CC': doses and volumes are round."""
    letters = found["letters"].replace(".", "").replace(" ", "")
    return letters.lower() in UNITS and (int(found["digits"]) % 50 == 0 or letters.islower())


def _lower_case_is_code(found: re.Match[str]) -> bool:
    return not found["gap"] or found["letters"].lower() not in WORDS


def address(text: str) -> Iterator[Found]:
    """A street and a house number, however the number goes on."""
    if "nr" in text or "nummer" in text:
        for found in NUMBER_FIRST.finditer(text):
            yield *found.span(), Kind.ADDRESS, Level.LIKELY
    lowered = text.lower()
    in_words = any(kind in lowered for kind in KIND_STEMS) and any(stem in lowered for stem in STEMS)
    for pattern in (HOUSE, IN_WORDS) if in_words else (HOUSE,):
        for found in pattern.finditer(text):
            if NOT_HOUSE.match(text, found.end()):
                continue
            window = max(0, found.start() - BEFORE)
            street = _street(NUMBER_SIGN.sub("", text[window : found.start()]), in_words=pattern is IN_WORDS)
            if street:
                start, level = window + street[0], street[1]
                yield _with_lead(text, start), found.end(), Kind.ADDRESS, level


def _street(before: str, *, in_words: bool) -> tuple[int, Level] | None:
    """Where the street that ends this text begins, and how sure that is a street."""
    last = before.rpartition(" ")[2].strip("(,.:;\n")
    last = last.rpartition("\n")[2]
    if fold(last) in ORDINARY:
        wide = re.search(rf"[A-Z][\w'.\-]{{1,24}} {re.escape(last)}$", before)
        return (wide.start(), Level.LIKELY) if wide and BARE_KIND.fullmatch(last) else None
    if SURE_STREET.fullmatch(last):
        return len(before) - len(last), Level.CERTAIN
    for pattern, level in ((OF_STREET, Level.CERTAIN), (YEAR_STREET, Level.CERTAIN)):
        found = pattern.search(before)
        if found:
            return found.start("street"), level
    if in_words:
        return None
    if LIKELY_STREET.fullmatch(last):
        return len(before) - len(last), Level.LIKELY
    found = LOOSE.search(before) if last[:1].isupper() else _home(before)
    return (found.start("street"), Level.LIKELY) if found else None


def _home(before: str) -> re.Match[str] | None:
    """'woont op de meent 3': whatever follows such a word is a street."""
    return LIVES.search(before) if HOME.search(before) else None


def _with_lead(text: str, start: int) -> int:
    """Where the name of the street begins: 'Burg. Jansenstraat', '2e Pijpstraat', not 'de Kerkstraat'."""
    window = max(0, start - REACH)
    lead = LEAD.search(text[window:start])
    if not lead:
        return start
    article = ARTICLE.match(lead.group())
    return window + lead.start() + (article.end() if article and not lead.group().startswith("van") else 0)
