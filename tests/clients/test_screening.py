"""The guard: what it finds, what it leaves alone, and that nothing one types can upset it."""

import sys
from importlib import import_module
from pkgutil import iter_modules

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wijkapp.clients import screening
from wijkapp.clients.screening import MAX_LENGTH, Allow, Finding, Kind, Level, model, redact, screen
from wijkapp.clients.screening.lexicon import is_everyday, kept_when_everyday
from wijkapp.clients.screening.text import normalise

ALLOW = Allow.compile(
    professionals=["Petra van Dam", "Fatima El Amrani", "Kees Visser", "Sanne de Boer"],
    organisations=["Buurtzorg Noord", "Thuiszorg De Linde", "apotheek De Brug"],
    phones=["088-1234567"],
    mail_domains=["dewijkzorg.nl", "iemand@elders.nl"],
    places=["Schalkwijk", "Bos en Lommer"],
)


def kinds(text: str, allow: Allow = ALLOW) -> set[Kind]:
    return {found.kind for found in screen(text, allow)}


def stretches(text: str, allow: Allow = ALLOW) -> list[str]:
    return [text[found.start : found.end] for found in screen(text, allow)]


@pytest.mark.parametrize(
    ("text", "kind", "stretch"),
    [
        ("bsn 123456782 graag invullen", Kind.BSN, "123456782"),
        ("hier 123.456.782 dus", Kind.BSN, "123.456.782"),
        ("bel haar op 06-12345678 na vijf uur", Kind.PHONE, "06-12345678"),
        ("bel haar op +31 (0)6 1234 5678", Kind.PHONE, "+31 (0)6 1234 5678"),
        ("haar vaste nummer is 023 - 555 12 34", Kind.PHONE, "023 - 555 12 34"),
        (
            "nul zes twaalf vierendertig zesenvijftig 78",
            Kind.PHONE,
            "nul zes twaalf vierendertig zesenvijftig 78",
        ),
        ("mail naar truus.1940@hotmail.com", Kind.EMAIL, "truus.1940@hotmail.com"),
        ("mail truus [at] ziggo punt nl even", Kind.EMAIL, "truus [at] ziggo punt nl"),
        ("rekening NL91 ABNA 0417 1643 00", Kind.IBAN, "NL91 ABNA 0417 1643 00"),
        ("polisnummer 104482231 bij CZ", Kind.INSURANCE, "104482231"),
        ("cliëntnummer 83321 kan uit zorg", Kind.CLIENT_NUMBER, "83321"),
        ("mw geb. 12-03-1938 te Delft", Kind.BIRTH_DATE, "12-03-1938"),
        ("zij is van 7 juli 1931 en kras", Kind.BIRTH_DATE, "7 juli 1931"),
        ("sleutel: Dorpsstraat 45a links", Kind.ADDRESS, "Dorpsstraat 45a"),
        ("woont op 2013 KA, achterom", Kind.POSTCODE, "2013 KA"),
        ("op instagram heet ze @oma_truus40", Kind.HANDLE, "@oma_truus40"),
        ("bij mevrouw Pietersen is de wond dicht", Kind.NAME, "Pietersen"),
    ],
)
def test_what_points_at_a_client_is_found_and_blocked(text, kind, stretch):
    assert stretch in stretches(text)
    assert [one.level for one in screen(text, ALLOW) if one.kind is kind] == [Level.CERTAIN]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "wie kan vanavond de late dienst overnemen?",
        "paracetamol 1000 mg 4dd, RR 140/80, temp 38.4",
        "graag 1500 ml vocht per dag",
        "ons nummer is 088-1234567",
        "planning@dewijkzorg.nl en iemand@elders.nl",
        "plek in 2013 en 2014, wijk Schalkwijk",
        "mw woont in de Dorpsstraat",
        "Petra van Dam neemt de route over",
        "bel 112 of 0900-8844",
        "teamoverleg 12 mei 2026 om 10.00 uur",
        "ordernummer 123456782 is geleverd",
        "ziekte van Parkinson, Haldol 0,5 mg zn",
    ],
)
def test_talk_about_care_and_colleagues_is_left_alone(text):
    assert screen(text, ALLOW) == []


def test_a_title_with_the_surname_of_a_colleague_is_a_client():
    assert stretches("mw Visser is gevallen") == ["Visser"]


def test_offsets_count_in_the_original_text():
    text = "👵🏽 ﬁjn… bsn 123\u200b456\u200b782 \u202dklaar"
    [found] = screen(text, ALLOW)
    assert text[found.start : found.end] == "123\u200b456\u200b782"


@pytest.mark.parametrize(
    "text",
    [
        "bsn １２３４５６７８２",
        "bsn 123\u00a0456\u00a0782",
        "bsn 123\u2011456\u2011782",
        "bsn 1\u200b2\u200b3\u200b4\u200b5\u200b6\u200b7\u200b8\u200b2",
        "bsn \u202e287654321\u202c",
        "Ьsn 123456782".replace("Ь", "b"),
        "bsn ١٢٣٤٥٦٧٨٢",
        "b\u0301s\u0301n\u0301 1\u03362\u03363\u03364\u03365\u03366\u03367\u03368\u03362\u0336",
    ],
)
def test_a_number_in_disguise_is_found(text):
    assert Kind.BSN in kinds(text)


def test_a_name_in_look_alike_letters_is_found():
    assert Kind.NAME in kinds("mevrouw Реtеrsеn is gevallen")


def test_placeholders_are_dutch_and_stay_out_of_the_way():
    text = "mevrouw Pietersen, bsn 123456782, bel 06-12345678"
    assert redact(text, screen(text, ALLOW)) == "mevrouw [naam], bsn [BSN], bel [telefoonnummer]"
    again = redact(text, screen(text, ALLOW))
    assert screen(again, ALLOW) == []


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("mevrouw Pietersen Dasesahiwold belt", "mevrouw [naam] belt"),
        ("zorg voor Dasesahiwold (BSN: 123456782)", "zorg voor [naam] (BSN: [BSN])"),
        ("voor Dasesahiwold, geb. 12-03-1938", "voor [naam], geb. [geboortedatum]"),
        ("mevrouw Pietersen Maandag terug", "mevrouw [naam] Maandag terug"),
    ],
)
def test_no_part_of_a_name_stays_behind(text, clean):
    assert redact(text, screen(text, ALLOW)) == clean


def test_every_kind_has_a_placeholder():
    assert all(redact("x", [Finding(0, 1, kind, Level.LIKELY)]).startswith("[") for kind in Kind)


def test_findings_that_make_no_sense_are_not_redacted():
    odd = [
        Finding(start, end, Kind.NAME, Level.LIKELY)
        for start, end in [(-3, 2), (1, 1), (2, 1), (2, 99), (0, 2)]
    ]
    assert redact("abc", odd) == "[naam]c"


# --- whatever one types

PIECES = st.sampled_from(
    [
        *("mw Jansen", "bsn", "123456782", "06-12345678", "Dorpsstraat 12", "2013 KA", "geb 3-4-1941"),
        *("@oma_truus", "nul zes twaalf drie vier", "NL91ABNA0417164300", "truus@ziggo.nl", "cliëntnr 83321"),
        *(
            "polis 104482231",
            "\u200b",
            "\u202e",
            "\n",
            "é",
            "ß",
            "İ",
            "ﷺ",
            "👩‍👩‍👧",
            "[[name|x]]",
            "\x00",
            "\ud83d",
        ),
    ]
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=12).map(" ".join))


@settings(max_examples=150)
@given(TEXTS)
def test_findings_lie_within_the_text_in_order_and_apart(text):
    found = screen(text, ALLOW)
    edges = [edge for one in found for edge in (one.start, one.end)]
    assert edges == sorted(edges)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert found == screen(text, ALLOW)


@settings(max_examples=150)
@given(TEXTS)
def test_a_redacted_text_holds_nothing_certain(text):
    for _ in range(3):
        text = redact(text, screen(text, ALLOW))
    assert not any(one.level is Level.CERTAIN for one in screen(text, ALLOW))


@settings(max_examples=100)
@given(st.text(max_size=60))
def test_normalised_text_knows_where_every_character_stood(text):
    normal = normalise(text)
    for at in range(len(normal.text)):
        start, end = normal.original(at, at + 1)
        assert 0 <= start < end <= len(text)


HOSTILE = {
    "digits": "1 ",
    "digits in one": "1",
    "zeros": "06 ",
    "dots": "1.",
    "dashes": "1-2-",
    "emoji": "👩‍👩‍👧‍👦",
    "spaces": " ",
    "letters": "a",
    "capitals": "Van ",
    "prefixes": "van de ",
    "names": "mw Jansen ",
    "initials": "J.",
    "mail": "a.b@",
    "at": "a at b punt ",
    "underscores": "a_",
    "numbers in words": "nul zes ",
    "months": "1 mei ",
    "streets": "straat 1 ",
    "account": "NL91",
    "cue": "bsn ",
    "policy": "polis is van de ",
    "accents": "e\u0301\u0301\u0301",
    "zero width": "\u200b",
    "right to left": "\u202ea",
    "brackets": "((((",
    "ligature": "ﷺ",
    "newlines": "\n",
    "handles": "@a ",
    "platform": "insta a.b ",
}


def work(text: str) -> int:
    """Calls and lines of Python that screening takes; the same every time, whatever the machine does."""
    count = 0

    def trace(*_: object) -> object:
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        screen(text, ALLOW)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("name", HOSTILE)
def test_four_times_the_text_is_about_four_times_the_work(name):
    unit = HOSTILE[name]
    short, long = (unit * MAX_LENGTH)[: MAX_LENGTH // 4], (unit * MAX_LENGTH)[:MAX_LENGTH]
    screen(short, ALLOW), screen(long, ALLOW)
    assert work(long) < 7 * work(short) + 2_000


def test_only_everyday_words_are_remembered_when_the_text_is_gone():
    made = []

    @kept_when_everyday
    def make(word: str) -> int:
        made.append(word)
        return len(word)

    everyday, telling = ("gevallen", "Wond", ",", "2x"), ("Zwartkruis", "roos", "sanne", "Jan", "0612345678")
    for word in (*everyday, *telling) * 2:
        make(word)
    assert [made.count(word) for word in everyday] == [1] * len(everyday)
    assert [made.count(word) for word in telling] == [2] * len(telling)


def test_the_guard_remembers_nothing_else():
    screen("mw Zwartkruis en sanne zijn gevallen", ALLOW)
    assert all(is_everyday(word) for word in model.load()._places)
    modules = [import_module(f"{screening.__name__}.{one.name}") for one in iter_modules(screening.__path__)]
    caches = {name for module in modules for name, one in vars(module).items() if hasattr(one, "cache_info")}
    # Of the lists and the weights that come with it, and of single characters.
    assert caches == {"_table", "load", "_plain"}
