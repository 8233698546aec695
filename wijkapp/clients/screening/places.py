# ruff: noqa: E501, SIM905
"""Where somebody lives: a street with a number, and a postcode with its letters."""

import re
from collections.abc import Iterator

from wijkapp.clients.screening.findings import Kind, Level
from wijkapp.clients.screening.numbers import Found
from wijkapp.clients.screening.text import fold

REACH = 30
POSTCODE = re.compile(
    r"(?<![\w.,/\-])(?P<digits>[1-9]\d{3})(?P<gap> {0,2})(?P<letters>[a-z]{2})(?![\w])(?!\.\w)", re.I
)
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
    " im iv sc po an as at be by do go hi if it me my no so to up us va vs tm mw hr dr mn dn nr pc pp pm am vd wg xl xs".split()
)
NEVER = frozenset({"sa", "sd", "ss"})

KINDS_OF_STREET = (
    r"(?:straat|straatje|str|laan|laantje|weg|wegje|plein|pleintje|kade|gracht|singel|dijk|dijkje|hof|hofje|steeg|pad|paadje|plantsoen|dreef|park|markt|wal|burgwal"
    r"|haven|kamp|veld|akker|erf|brink|baan|ring|oord|donk|horst|berg|heuvel|bos|burg|borg|stede|stee|waard|weide|wei|meent|rak|vaart|sloot|kant|zijde|hoek|hoeve|poort|brug|sluis|dam|einde|eind|rade|rode|rooi|heem|tuin|gaard|gaarde|boogerd|bongerd|bogaard|kwartier|passage|boulevard|allee|esplanade|terras|toren|molen|es|enk|eng|beemd|beek|land|loo|wijk|schans|bolwerk|vest|werf|hage|polder|drift|ven|hil|lei|made|mede|gouw|werve|huizen|rand|zoom|flat|staete)"
)
SURE_KINDS = r"(?:straat|straatje|str|laan|laantje|weg|plein|pleintje|kade|gracht|singel|dijk|hof|hofje|steeg|pad|plantsoen|dreef|burgwal|markt|boulevard|allee|dwarsstraat)"
HOUSE = r"(?P<number>[1-9]\d{0,3})(?![\d])(?P<more>(?: ?-? ?(?:bis|hs|huis|boven|beneden|[iv]{1,3}|\d hoog|\dhg|hg|zw|rd)(?![\w]))|-\d{1,4}(?![\w]|[.:,]\d)| ?[a-h](?![\w'])|[a-z](?![\w]))?"
NOT_HOUSE = re.compile(
    r"[ ]?(?:[.:,]\d\d|x\b|[-/] ?\d|u\b|u(?:ur|r)\b|%|e\b|de\b|keer|maal|min(?:uten)?\b|pers|mensen|cli[eë]nt|plek|plaats|bewoners|adres|kamer|uren|dagen?\b|weken|maand|dienst|route|km\b"
    r"|(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|jan|feb|mrt|apr|jun|jul|aug|sept?|okt|nov|dec)\b|meter|m\b|teams?\b|collega|dames|heren|nieuwe|vrije|aanvra|intake|zorgvra|losse|open|woning|appartement)",
    re.I,
)
NAME_WORD = r"[^\W\d_]['’.]?[^\W_]{0,24}[.'’]?"
STREET = re.compile(
    rf"(?<![^\W_])(?:(?:[1-9](?:e|de|ste) )?(?:(?:[a-z]\.){{1,3}} ?)?(?:(?!\d)[\w'.\-]{{1,24}}[ -]){{0,0}})"
    rf"(?P<street>[^\W\d_][\w'\-]{{0,30}}{SURE_KINDS}|plein \d{{4}})\.?,?(?: ?(?:nr|no|nummer|huisnr|huisnummer)?[.:]?) ?{HOUSE}",
    re.I,
)
LAAN_VAN = re.compile(
    rf"(?<![^\W_])(?:laan|weg|plein|hof|park|kade|straat|dreef|singel) (?:(?:van|der|den|de|het|'t|op|naar|tot|ten|ter|aan) ){{1,3}}[^\W\d_][\w'\-]{{1,30}}(?: [A-Z][\w'\-]{{1,24}})?,? {HOUSE}",
    re.I,
)
CAPITAL_STREET = re.compile(
    rf"(?<![^\W_])(?:(?:de|het|'t|den|op|in|aan) )?(?P<street>[A-Z][^\W\d_]{{2,30}}{KINDS_OF_STREET}),? (?:nr\.? ?|nummer )?{HOUSE}"
)
SEPARATE = re.compile(rf"(?<![^\W_])[A-Z][\w'.\-]{{1,24}} (?P<street>{SURE_KINDS})\.?,? {HOUSE}", re.I)
LIVES = re.compile(
    rf"(?:\badres|\bwoont|\bwoonachtig|\bwonend|\bverhuisd naar|\bwoonadres)(?: is| nu|:| op| aan| in| de| het| naar| momenteel| tijdelijk)* (?P<street>[^\W\d_][\w'.\-]{{2,30}}(?: [^\W\d_][\w'.\-]{{1,24}}){{0,2}}),? (?:nr\.? ?|nummer )?{HOUSE}",
    re.I,
)
LEAD = re.compile(
    r"(?:(?<![^\W_])(?:(?:[1-9](?:e|de|ste)|(?:[A-Z]\.){1,3}|burg(?:emeester|\.)?|prof(?:essor|\.)?|dr\.?|mr\.?|st\.?|sint|pastoor|past\.?|kon(?:ingin|ing|\.)?|prins(?:es)?|jan|jonkheer|jhr\.?|graaf|mgr\.?|deken|oude|nieuwe|grote|kleine|lange|korte|eerste|tweede|derde|van(?: (?:de|der|den|het))?|de|het|'t|ds\.?|gen(?:eraal|\.)?|admiraal|laan van|aan de|noorder|zuider|ooster|wester) ?)){1,3}$",
    re.I,
)
ARTICLE = re.compile(r"^(?:(?:de|het|van de|van het|aan de|van) ?)+", re.I)
ORDINARY = frozenset(
    "weg onderweg terugweg snelweg luchtweg urineweg hof park markt pad dag fietspad omweg uitweg halverwege straat laan plein parkeerplein zandpad heenweg"
    " luchtwegen urinewegen slokdarmweg kerkhof hofje ziekenhuispark galweg galwegen spoorweg voorhof begraafplaats stortplein zorgpad kwaliteitspad".split()
)


def postcode(text: str) -> Iterator[Found]:
    """Four digits and two letters, unless the letters are a unit or a word, or the whole is some other code."""
    for found in POSTCODE.finditer(text):
        letters = found["letters"]
        before = text[max(0, found.start() - REACH) : found.start()]
        if letters.lower() in NEVER or CODE_CUE.search(before):
            continue
        cue = POSTCODE_CUE.search(before) is not None
        if not _is_unit(found) and (letters.isupper() or _lower_case_is_code(found, cue)):
            yield *found.span(), Kind.POSTCODE, Level.CERTAIN if letters.isupper() or cue else Level.LIKELY
        elif cue and letters.isupper():
            yield *found.span(), Kind.POSTCODE, Level.LIKELY


def _is_unit(found: re.Match[str]) -> bool:
    """'1500 ML', but not '2033 CC': doses and volumes are round."""
    return found["letters"].lower() in UNITS and (
        int(found["digits"]) % 50 == 0 or found["letters"].islower()
    )


def _lower_case_is_code(found: re.Match[str], cue: bool) -> bool:
    return cue or not found["gap"] or found["letters"].lower() not in WORDS


def address(text: str) -> Iterator[Found]:
    """A street and a house number, however the number goes on."""
    for pattern in (STREET, LAAN_VAN, SEPARATE, CAPITAL_STREET, LIVES):
        for found in pattern.finditer(text):
            if NOT_HOUSE.match(text, found.end()) or _is_ordinary(found):
                continue
            sure = pattern in (STREET, LAAN_VAN)
            start = _with_lead(text, found.start())
            yield start, found.end(), Kind.ADDRESS, Level.CERTAIN if sure else Level.LIKELY


def _is_ordinary(found: re.Match[str]) -> bool:
    street = found.groupdict().get("street") or ""
    return fold(street) in ORDINARY


def _with_lead(text: str, start: int) -> int:
    """Where the name of the street begins: 'Burg. Jansenstraat', '2e Pijpstraat', not 'de Kerkstraat'."""
    window = max(0, start - REACH)
    lead = LEAD.search(text[window:start])
    if not lead:
        return start
    article = ARTICLE.match(lead.group())
    return window + lead.start() + (article.end() if article and not lead.group().startswith("van") else 0)
