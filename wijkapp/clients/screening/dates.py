# ruff: noqa: E501 - a pattern reads best on one line
"""Birth dates: a date that says it is one, or from a year that makes somebody old."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from wijkapp.clients.screening.findings import Kind, Level
from wijkapp.clients.screening.numbers import NEAR, Found
from wijkapp.clients.screening.spelled import NUMBERS, WORD

MONTHS = (
    r"(?:januari|jan|februari|febr|feb|maart|mrt|april|apr|mei|juni|jun|juli|jul|augustus|aug|september|sept|sep|oktober|okt|oct"
    r"|november|nov|december|dec)"
)
SHORT_MONTHS = (
    "jan",
    "feb",
    "maart",
    "mrt",
    "apr",
    "mei",
    "jun",
    "jul",
    "aug",
    "sep",
    "okt",
    "oct",
    "nov",
    "dec",
)
DAY, MONTH = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
NUMERIC = re.compile(
    rf"(?<![\w])(?<!\d[.,/\-])(?P<d>{DAY})(?P<s> ?[-/.] ?| )(?P<m>{MONTH})(?:(?P=s)| ?[-/.] ?|')(?P<y>(?:1[89]|20)\d\d|'?\d\d)(?![\w]|[.,/\-]\d)"
)
ROMAN = re.compile(
    rf"(?<![\w])(?P<d>{DAY})(?P<s>[-/. ])(?P<m>i{{1,3}}|iv|vi{{0,3}}|ix|xi{{0,2}})(?P=s)(?P<y>(?:1[89]|20)\d\d|'?\d\d)(?![\w])",
    re.I,
)
ISO = re.compile(rf"(?<![\w\-])(?P<y>(?:19|20)\d\d)(?P<s>[-/. ])(?P<m>{MONTH})(?P=s)(?P<d>{DAY})(?![\w\-])")
COMPACT = re.compile(
    r"(?<!\w)(?:(?P<y>(?:19|20)\d\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?P<y2>(?:19|20)?\d\d))(?!\w)"
)
WRITTEN_DAY = r"(?:eerste|tweede|derde|vierde|vijfde|zesde|zevende|achtste|negende|tiende|elfde|twaalfde|dertiende|veertiende|vijftiende|zestiende|zeventiende|achttiende|negentiende|twintigste|dertigste)"
WORDS = re.compile(
    rf"(?<![\w])(?:{DAY}(?:e|ste|de)?|{WORD}|{WRITTEN_DAY})[ .\-]{{0,2}}{MONTHS}[ .,\-(]{{0,2}}"
    rf"(?:'?(?P<y>(?:1[89]|20)\d\d|\d\d)(?![\w:]|[.,]\d)|(?:negentien ?(?:honderd ?)?(?:en ?)?)?(?P<w>{WORD})(?![\w]))",
    re.I,
)
BIRTHDAY = re.compile(
    rf"(?:wordt|werd|viert)[^.!?\n]{{0,25}}? \d{{2,3}}e?(?: jaar)?,? op (?P<date>{DAY} (?:{MONTHS})(?: (?:19|20)\d\d)?|{DAY}-{MONTH}(?:-\d{{2,4}})?)",
    re.I,
)
DAY_MONTH = re.compile(rf"(?<![\w])(?:{DAY} ?(?:{MONTHS})|{DAY}[-/]{MONTH})(?![\w]|[-/.]\d)", re.I)
CUE = re.compile(
    r"(?:\bgeb(?:oren|oorte(?:dag|datum|dtm|jaar)?|\.?dat(?:um)?|datum|dtm|d)?|\bg\.?d\.?|\bdob|\bgbd|\bgbdt|geboortedatum|geb\.? ?op|\bjarig|verjaar(?:t|dag)|\*|†|born|birth(?:day| ?date)?)"
    r"(?:[ .:;,(\-]|\b(?:op|is|was|de|den|datum|dd|d\.d|in|te|van|haar|zijn|op de|dus|staat|als|morgen|deze|maand)\b){0,8}$",
    re.I,
)
AFTER_CUE = re.compile(r"[ ,]{0,3}(?:is )?(?:geboren|geb\b|\(geb)", re.I)
FROM_CUE = re.compile(r"(?:\bvan|\buit)" + r"[ :]{0,2}$", re.I)
NOT_BIRTH = re.compile(
    r"(?:sinds|vanaf|per|d\.d\.|dd|diagnose|gediagnosticeerd|operatie|geopereerd|geplaatst|opname|in dienst|getrouwd|gehuwd|trouwd?|bouwjaar|gebouwd|overleden|tot|t/m|controle|prothese|ingang|start)"
    + NEAR,
    re.I,
)
OLD = range(1905, 1971)  # nobody plans a visit in these years
ADULT = range(1971, 2008)
REACH = 34
BEFORE_MONTH, AFTER_MONTH = 22, 44
MONTH_NAME = re.compile(rf"(?<=[ .\-\d]){MONTHS}")
BRACKET = re.compile(r"[(,;|] ?$")


def birth_date(text: str) -> Iterator[Found]:
    """Dates with a word for birth, and whole dates so long ago that they can be little else."""
    lowered = text.lower()
    if any(month in lowered for month in SHORT_MONTHS):
        yield from _judged(text, _in_words(text, lowered))
    if any(map(str.isdigit, text)):
        yield from _judged(text, chain.from_iterable(each.finditer(text) for each in (NUMERIC, ISO, ROMAN)))
        yield from _compact(text)
        yield from _birthdays(text, lowered)


def _judged(text: str, dates: Iterable[re.Match[str]]) -> Iterator[Found]:
    for found in dates:
        level = _level(text, found)
        if level:
            yield *found.span(), Kind.BIRTH_DATE, level


def _compact(text: str) -> Iterator[Found]:
    """'041147' and '19471104'."""
    for found in COMPACT.finditer(text):
        cue = CUE.search(text[max(0, found.start() - REACH) : found.start()])
        if cue or _compact_year(found) in OLD:
            yield *found.span(), Kind.BIRTH_DATE, Level.CERTAIN if cue else Level.LIKELY


def _birthdays(text: str, lowered: str) -> Iterator[Found]:
    """Without a year: 'wordt 90 op 9 juni', 'geboren op 9 juni'."""
    if any(verb in lowered for verb in ("wordt", "werd", "viert")):
        for found in BIRTHDAY.finditer(text):
            yield *found.span("date"), Kind.BIRTH_DATE, Level.LIKELY
    for found in DAY_MONTH.finditer(text):
        cue = CUE.search(text[max(0, found.start() - REACH) : found.start()])
        if cue and cue.group().lower().startswith(("geb", "gd", "g.d", "dob")):
            yield *found.span(), Kind.BIRTH_DATE, Level.LIKELY


def _in_words(text: str, lowered: str) -> Iterator[re.Match[str]]:
    """Dates with a month in letters; only around the months, for this is the dearest of the patterns."""
    at = 0
    for month in MONTH_NAME.finditer(lowered):
        found = WORDS.search(text, max(at, month.start() - BEFORE_MONTH), month.end() + AFTER_MONTH)
        if found:
            at = found.end()
            yield found


def _compact_year(found: re.Match[str]) -> int:
    written = found["y"] or found["y2"]
    return int(written) if len(written) == 4 else 1900 + int(written)


def _level(text: str, found: re.Match[str]) -> Level | None:
    before = text[max(0, found.start() - REACH) : found.start()]
    if CUE.search(before) or AFTER_CUE.match(text, found.end()):
        return Level.CERTAIN
    year, whole = _year(found)
    if year is None or NOT_BIRTH.search(before):
        return None
    if year in OLD:
        return Level.CERTAIN if FROM_CUE.search(before) or BRACKET.search(before) else Level.LIKELY
    if year in ADULT and whole and FROM_CUE.search(before):
        return Level.LIKELY
    return None


def _year(found: re.Match[str]) -> tuple[int | None, bool]:
    """The year, and whether its century was written. Two digits up to 30 may be this century: unknown."""
    parts = found.groupdict()
    written = parts.get("y") or NUMBERS.get((parts.get("w") or "").lower(), "")
    digits = written.strip("'")
    if not digits.isdigit():
        return None, False
    if len(digits) == 4:
        return int(digits), True
    year = 1900 + int(digits)
    return (year, False) if year > 1930 and len(digits) == 2 else (None, False)
