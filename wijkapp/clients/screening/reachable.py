# ruff: noqa: E501, SIM905 - a pattern reads best on one line
"""How somebody is reached on the internet: mail addresses and accounts."""

import re
from collections.abc import Iterator

from wijkapp.clients.screening.allow import Allow
from wijkapp.clients.screening.findings import Kind, Level
from wijkapp.clients.screening.numbers import FILLER, Found
from wijkapp.clients.screening.text import fold

AT = r"(?: ?@{1,2} ?| ?[\[({</] ?(?:at|a|ape(?:n)?staart(?:je)?|@) ?[\])}>/] ?| (?:at|ape(?:n)?staart(?:je)?) )"
DOT = r"(?: ?\. ?| ?[\[({</] ?(?:punt|dot|\.) ?[\])}>/] ?| (?:punt|dot) )"
ENDS = r"(?:nl|example|ca|bg|ro|es|it|uk|us|gr|hu|at|ch|dk|se|se|eg|sa|com|net|org|eu|be|de|nu|info|email|tr|ma|pl|sr|fr|co\.uk|me|online|frl|amsterdam)"
PROVIDERS = (
    r"(?:gmail|googlemail|hotmail|outlook|live|msn|icloud|me|mac|ziggo|kpnmail|kpnplanet|kpn|planet|hetnet|xs4all|home|upcmail|chello|casema"
    r"|telfort|tele2|online|solcon|zonnet|quicknet|yahoo|proton|protonmail|caiway|versatel|freeler|wanadoo|tiscali|onsbrabantnet)"
)
MAIL = re.compile(
    rf"(?<![\w.+\-])(?P<local>[\w.+\-]{{1,64}}(?:{DOT}[\w+\-]{{1,40}}){{0,3}}){AT}"
    rf"(?P<domain>[\w\-]{{1,60}}(?:{DOT}[\w\-]{{2,40}}){{0,3}}?{DOT}{ENDS}(?![\w@])|{PROVIDERS}(?![\w@]))",
    re.I,
)
WRITTEN_DOT = re.compile(DOT, re.I)
ACCOUNT = re.compile(r"(?<![\w@.])@ ?(?P<name>[a-z][\w.\-]{1,40}\w)", re.I)
PLATFORM = re.compile(
    r"(?:insta(?:gram)?|facebook|\bfb|messenger|twitter|tik ?tok|snap(?:chat)?|telegram|skype|discord|linked-?in|marktplaats|signal|teams|imo|viber"
    r"|we-?chat|\bx|gebruikersnaam|account|username|handle|profiel|nick(?:name)?|online als|heet daar|youtube|strava|wordfeud|kanaal|volg\w*|\big|\bsig|\bchat\w*|verkoopt?|whatsapp|wechat)"
    + FILLER,
    re.I,
)
NICK = re.compile(r"(?<![\w@./])(?:live:)?[a-z][\w.\-]{1,40}(?:#\d{3,5}|\w)(?![@\w])", re.I)
ODD = re.compile(r"[\d_]|[a-z]\.[a-z]|[a-z][A-Z]|[a-z]-[a-z]")
SNAKE = re.compile(
    r"[^\W\d_]{2,20}(?:_[^\W_]{2,20}){1,3}|[^\W\d_]{3,20}[_.][^\W\d_]{1,20}\d{2,4}|wxid_\w{4,30}"
)
PAGE = re.compile(
    r"(?<![\w.])(?:www\.)?(?:facebook|fb|instagram|insta|tiktok|twitter|x|linkedin|youtube)\.com/(?:in/|@)?(?P<name>[\w.\-]{2,40}\w)",
    re.I,
)
PLATFORM_AFTER = re.compile(
    r" (?:op|via|bij) (?:insta|instagram|fb|facebook|snap|snapchat|tiktok|twitter|x|telegram|discord)\b", re.I
)
PLATFORMS = (
    "insta",
    "facebook",
    "messenger",
    "twitter",
    "tok",
    "snap",
    "telegram",
    "skype",
    "discord",
    "linked",
    "marktplaats",
    "signal",
    "viber",
    "wechat",
    "gebruikersnaam",
    "account",
    "username",
    "profiel",
    "nick",
    "online als",
    "youtube",
    "strava",
    "wordfeud",
    "kanaal",
    "chat",
    "verkoop",
    "whatsapp",
    "heet daar",
)
SHORT_PLATFORM = re.compile(r"\b(?:ig|fb|sig|x|imo|dm|volg\w*)\b")
REACH = 44
LONG = 4
GROUPS = frozenset(
    "all allen iedereen team planning teamleider nacht avond dag weekend wijk huisarts apotheek collega collegas zorg kantoor route fysio wondzorg here everyone groep"
    " coordinator casemanager wijkverpleegkundige wijkverpleging huisartsenpost transfer transferpunt beheer admin rooster nachtdienst avonddienst dagdienst vroege late".split()
)


def email(text: str, allow: Allow) -> Iterator[Found]:
    """Mail addresses that are not at a work domain, also when '@' and '.' are written out."""
    if not _may_have_mail(text):
        return
    for found in MAIL.finditer(text):
        domain = WRITTEN_DOT.sub(".", found["domain"])
        local = WRITTEN_DOT.sub(".", found["local"])
        if not allow.has_mail(f"{local}@{domain}"):
            yield *found.span(), Kind.EMAIL, Level.CERTAIN


def handle(text: str, allow: Allow) -> Iterator[Found]:
    """Accounts: '@somebody' who is no colleague or group, and what follows the name of a platform."""
    for found in ACCOUNT.finditer(text) if "@" in text else ():
        if _is_outsider(found["name"], allow):
            yield *found.span(), Kind.HANDLE, _sure(text, found)
    for found in PAGE.finditer(text) if ".com/" in text else ():
        if _is_outsider(found["name"], allow):
            yield *found.span(), Kind.HANDLE, Level.CERTAIN
    lowered = text.lower()
    if (
        "_" not in text
        and not any(name in lowered for name in PLATFORMS)
        and not SHORT_PLATFORM.search(lowered)
    ):
        return
    for found in NICK.finditer(text):
        if not ODD.search(found.group()):
            continue
        near = PLATFORM.search(text[max(0, found.start() - REACH) : found.start()]) or PLATFORM_AFTER.match(
            text, found.end()
        )
        odd = ODD.search(found.group())
        if (odd and near and _is_outsider(found.group(), allow)) or SNAKE.fullmatch(found.group()):
            yield *found.span(), Kind.HANDLE, Level.LIKELY


def _is_outsider(name: str, allow: Allow) -> bool:
    parts = [part for part in re.split(r"[._\-\d]+", fold(name)) if part]
    whole = "".join(parts)
    if not parts or whole.startswith(("team", "route", "groep")) or parts[0] in GROUPS or whole in GROUPS:
        return False
    if any(len(part) > LONG and part in whole for part in allow.trade):
        return False
    people = allow.first_names | allow.surnames
    return not (
        whole in people or (parts[0] in people and all(part in people or len(part) == 1 for part in parts))
    )


def _sure(text: str, found: re.Match[str]) -> Level:
    named = PLATFORM.search(text[max(0, found.start() - REACH) : found.start()])
    return Level.CERTAIN if named or re.search(r"[\d_.]", found["name"]) else Level.LIKELY


def work_mail(text: str, allow: Allow) -> Iterator[tuple[int, int]]:
    """Where work addresses stand."""
    if not _may_have_mail(text):
        return
    for found in MAIL.finditer(text):
        domain = WRITTEN_DOT.sub(".", found["domain"])
        if allow.has_mail(f"{WRITTEN_DOT.sub('.', found['local'])}@{domain}"):
            yield found.span()


def _may_have_mail(text: str) -> bool:
    return any(
        sign in text for sign in ("@", " at ", "(at", "[at", "staart", "(a)", "[a]", "/at", "{at", "AT")
    )
