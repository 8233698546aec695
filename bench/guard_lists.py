"""Compile the word lists of the text guard: make guard-lists.

For every word one number: which lists have it, what parts of speech it may be, how common it is. Licences of
the sources: wijkapp/clients/screening/data/README.md. Also writes the names that training swaps in.
"""

import importlib
import pickle
import re
import sys
from collections import Counter
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from zlib import crc32

import numpy as np
from HanTa import HanoverTagger
from wordfreq import top_n_list, zipf_frequency

from wijkapp.clients.screening import lexicon
from wijkapp.clients.screening.text import fold

ROOT = Path(__file__).parent.parent
OUT = Path(lexicon.__file__).parent / "data" / "words.npz"
NAMES = ROOT / ".venv" / "guard" / "names.pickle"
DICTIONARY = ROOT / ".venv" / "guard" / "package" / "index.dic"
LETTERS = re.compile(r"[^\W\d_]+")
LISTS = (
    *("first", "sur", "isur", "foreign_first", "foreign_sur"),
    *("place", "medical", "eponym", "institution", "lower", "upper"),
)
TAGS = ("N", "NP", "VF", "VI", "VP", "ADJ", "BW", "VZ", "LID", "VNW", "VG", "TW", "TSW", "SPEC")
LOCALES = (
    "ar_AA ar_PS ar_SA az_AZ bg_BG bn_BD cs_CZ da_DK de_DE de_AT en_GB en_US en_IN en_NG en_KE en_PK es_ES"
    " es_CO es_MX et_EE fa_IR fi_FI fr_FR fr_DZ ga_IE gu_IN ha_NG hi_IN hr_HR hu_HU id_ID ig_NG it_IT lv_LV"
    " lt_LT no_NO pl_PL pt_BR pt_PT ro_RO sk_SK sl_SI sv_SE sw tr_TR tw_GH uz_UZ vi_VN yo_NG zu_ZA"
)
MOST_COMMON = 90_000
CLOSE = 3  # a part of speech this much less likely than the best still counts (natural logarithm)
OFTEN = 8  # institutions that must have a word before it tells anything


def listed(path: str) -> list[str]:
    source = files("deduce") / "data" / "lookup" / "src" / path / "items.txt"
    return [line.strip() for line in source.read_text(encoding="utf-8").splitlines() if line.strip()]


def words(lines: Iterable[str], shortest: int = 2) -> set[str]:
    return {fold(word) for line in lines for word in LETTERS.findall(line) if len(word) >= shortest}


def of_faker(locales: Iterable[str], kind: str) -> set[str]:
    found: set[str] = set()
    for locale in locales:
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for name in dir(provider):
            value = getattr(provider, name)
            if name.startswith(kind) and isinstance(value, tuple | list | dict):
                found |= words(one for one in value if isinstance(one, str))
    return {word for word in found if word.isascii()}


def read_lists() -> dict[str, set[str]]:
    dictionary = [line.split("/")[0] for line in DICTIONARY.read_text(encoding="utf-8").splitlines()]
    pieces = [piece for word in dictionary for piece in LETTERS.findall(word) if len(piece) > 1]
    dutch, abroad = ("nl_NL", "nl_BE"), LOCALES.split()
    lists = {
        "first": words(listed("names/lst_first_name")) | of_faker(dutch, "first_names"),
        "sur": words(listed("names/lst_surname")) | of_faker(dutch, "last_names"),
        "isur": words(listed("names/lst_interfix_surname")),
        "foreign_first": of_faker(abroad, "first_names"),
        "foreign_sur": of_faker(abroad, "last_names"),
        "place": words(
            [
                *listed("locations/lst_placename/lst_municipality"),
                *listed("locations/lst_placename/lst_residence"),
            ],
            3,
        ),
        "medical": words(listed("whitelist/lst_medical_term"), 3),
        "eponym": words(
            [
                *listed("whitelist/lst_eponymous_disease"),
                *listed("whitelist/lst_eponymous_disease/lst_eponymous_single"),
            ],
            3,
        ),
        "institution": often(listed("institutions/lst_healthcare_institution")),
        "lower": {fold(piece) for piece in pieces if piece[0].islower()},
        "upper": {fold(piece) for piece in pieces if piece[0].isupper()},
    }
    names = lists["first"] | lists["sur"]
    lists["upper"] = {word for word in lists["upper"] if word not in lists["lower"] or word in names}
    return lists


def often(institutions: Iterable[str]) -> set[str]:
    counts = Counter(word for one in institutions for word in words([one]))
    return {word for word, count in counts.items() if count >= OFTEN and len(word) > 2}


def how_common() -> dict[str, float]:
    common: dict[str, float] = {}
    for word in top_n_list("nl", MOST_COMMON):
        folded = fold(word)
        if re.fullmatch("[a-z]+", folded):
            common[folded] = max(common.get(folded, 0), zipf_frequency(word, "nl"))
    return common


def tags(tagger: HanoverTagger.HanoverTagger, word: str) -> set[str]:
    """The parts of speech that are nearly as likely as the likeliest."""
    likely: dict[str, float] = {}
    for tag, score in tagger.tag_word(word, cutoff=8):
        short = _short(tag)
        likely[short] = max(likely.get(short, score), score)
    best = max(likely.values(), default=0)
    return {tag for tag, score in likely.items() if score > best - CLOSE}


def _short(tag: str) -> str:
    for start, short in (("N(eigen", "NP"), ("N(", "N"), ("WW(pv", "VF"), ("WW(inf", "VI"), ("WW(", "VP")):
        if tag.startswith(start):
            return short
    return tag.split("(")[0]


def main() -> None:
    lists, common = read_lists(), how_common()
    tagger = HanoverTagger.HanoverTagger("morphmodel_dutch.pgz")
    kept = set(common).union(*(lists[name] for name in LISTS if name not in {"institution", "lower"}))
    kept |= {word for word in lists["lower"] if word in common or len(word) <= 8}
    masks: dict[int, int] = {}
    for word in sorted(kept):
        mask = sum(1 << at for at, name in enumerate(LISTS) if word in lists[name])
        if word in common or word in lists["lower"]:
            mask |= sum(1 << (len(LISTS) + TAGS.index(tag)) for tag in tags(tagger, word) if tag in TAGS)
        frequency = common.get(word, 0)
        bucket = min(7, max(1, int(frequency * 1.2) - 1)) if frequency else 0
        masks[crc32(word.encode())] = mask | bucket << lexicon.COMMON_SHIFT
    hashes = np.array(sorted(masks), dtype=np.uint32)
    np.savez_compressed(OUT, h=hashes, m=np.array([masks[int(each)] for each in hashes], dtype=np.uint32))
    # Dutch first names and surnames three times as often as foreign ones.
    pools = [lists["first"]] * 3 + [lists["sur"]] * 3 + [lists["foreign_first"], lists["foreign_sur"]] * 2
    NAMES.write_bytes(pickle.dumps([sorted(pool) for pool in pools]))
    sys.stdout.write(f"{len(hashes)} words, {OUT.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
