# ruff: noqa: E501, SIM905
"""How somebody is reached on the internet: mail addresses and accounts."""

import re
from collections.abc import Iterator

from wijkapp.clients.screening.allow import Allow
from wijkapp.clients.screening.findings import Kind, Level
from wijkapp.clients.screening.numbers import FILLER, Found
from wijkapp.clients.screening.text import fold

AT = r"(?: ?@ ?| ?[\[({<] ?(?:at|apenstaart(?:je)?|@) ?[\])}>] ?| (?:at|apenstaart(?:je)?) )"
DOT = r"(?: ?\. ?| ?[\[({<] ?(?:punt|dot|\.) ?[\])}>] ?| (?:punt|dot) )"
ENDS = r"(?:nl|com|net|org|eu|be|de|nu|info|email|tr|ma|pl|sr|fr|co\.uk|me|online|frl|amsterdam)"
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
    r"|we-?chat|\bx|gebruikersnaam|account|username|handle|profiel|nick(?:name)?|online als|heet daar|youtube|strava|wordfeud)"
    + FILLER,
    re.I,
)
NICK = re.compile(r"(?<![\w@])@?[a-z][\w.\-]{0,40}[\w]", re.I)
REACH = 40
GROUPS = frozenset(
    "all allen iedereen team planning teamleider nacht avond dag weekend wijk huisarts apotheek collega collegas zorg kantoor route fysio wondzorg here everyone groep"
    " coordinator casemanager wijkverpleegkundige wijkverpleging huisartsenpost transfer transferpunt beheer admin rooster nachtdienst avonddienst dagdienst vroege late".split()
)


def email(text: str, allow: Allow) -> Iterator[Found]:
    """Mail addresses that are not at a work domain, also when '@' and '.' are written out."""
    for found in MAIL.finditer(text):
        domain = WRITTEN_DOT.sub(".", found["domain"])
        local = WRITTEN_DOT.sub(".", found["local"])
        if not allow.has_mail(f"{local}@{domain}"):
            yield *found.span(), Kind.EMAIL, Level.CERTAIN


def handle(text: str, allow: Allow) -> Iterator[Found]:
    """Accounts: '@somebody' who is no colleague or group, and what follows the name of a platform."""
    for found in ACCOUNT.finditer(text):
        if _is_outsider(found["name"], allow):
            yield *found.span(), Kind.HANDLE, _sure(text, found)
    for found in NICK.finditer(text):
        looks = re.search(r"[\d_.]", found.group().rstrip("."))
        if looks and PLATFORM.search(text[max(0, found.start() - REACH) : found.start()]):
            yield *found.span(), Kind.HANDLE, Level.LIKELY


def _is_outsider(name: str, allow: Allow) -> bool:
    known = allow.first_names | allow.surnames | allow.parts | GROUPS
    parts = [part for part in re.split(r"[._\-\d]+", fold(name)) if part]
    whole = "".join(parts)
    return not (parts and (parts[0] in known or whole in known or whole.startswith("team")))


def _sure(text: str, found: re.Match[str]) -> Level:
    named = PLATFORM.search(text[max(0, found.start() - REACH) : found.start()])
    return Level.CERTAIN if named or re.search(r"[\d_.]", found["name"]) else Level.LIKELY
