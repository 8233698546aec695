"""What changed between two versions of a document, to read: per clause, to the word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest

from wijkapp.agreements.sealed import Clause, Content, digest_of

NEARLY = 0.35
"""Two lines less alike than this are told as one that went and one that came."""


class Change(StrEnum):
    SAME = "same"
    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True)
class Stretch:
    """A few words that stayed, came or went."""

    change: Change  # SAME, NEW or GONE
    words: str


@dataclass(frozen=True)
class Difference:
    """One clause, in both versions. lines: each as stretches."""

    code: str
    title: str
    change: Change
    lines: tuple[tuple[Stretch, ...], ...]


def differences(after: Content, before: Content | None) -> tuple[Difference, ...]:
    """Every clause of `after` and those that went, in reading order."""
    older = {one.code: one for one in before.clauses} if before else {}
    found = [_of(one, older.pop(one.code, None)) for one in after.clauses]
    return (*found, *(_gone(one) for one in older.values()))


def _gone(one: Clause) -> Difference:
    lines = tuple((Stretch(Change.GONE, line),) for line in one.words)
    return Difference(one.code, one.title, Change.GONE, lines)


def _of(new: Clause, old: Clause | None) -> Difference:
    if old is None:
        lines = tuple((Stretch(Change.NEW, line),) for line in new.words)
        return Difference(new.code, new.title, Change.NEW, lines)
    if digest_of(old) == digest_of(new):
        lines = tuple((Stretch(Change.SAME, line),) for line in new.words)
        return Difference(new.code, new.title, Change.SAME, lines)
    return Difference(new.code, new.title, Change.CHANGED, tuple(_lines(old, new)))


def _lines(old: Clause, new: Clause) -> Iterator[tuple[Stretch, ...]]:
    if old.title != new.title:
        yield tuple(words(old.title, new.title))
    steps = SequenceMatcher(a=old.words, b=new.words, autojunk=False).get_opcodes()
    for step, a, b, c, d in steps:
        if step == "equal":
            yield from ((Stretch(Change.SAME, line),) for line in new.words[c:d])
            continue
        for was, now in zip_longest(old.words[a:b], new.words[c:d]):
            yield from _pair(was, now)


def _pair(was: str | None, now: str | None) -> Iterator[tuple[Stretch, ...]]:
    if was and now and SequenceMatcher(a=was, b=now, autojunk=False).ratio() >= NEARLY:
        yield tuple(words(was, now))
        return
    if was:
        yield (Stretch(Change.GONE, was),)
    if now:
        yield (Stretch(Change.NEW, now),)


def words(was: str, now: str) -> list[Stretch]:
    """Two lines as what stayed, went and came, word by word."""
    old, new = (re.findall(r"\s+|\w+|[^\w\s]", line) for line in (was, now))
    found: list[Stretch] = []
    for step, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if step == "equal":
            found.append(Stretch(Change.SAME, "".join(new[c:d])))
            continue
        if a < b:
            found.append(Stretch(Change.GONE, "".join(old[a:b])))
        if c < d:
            found.append(Stretch(Change.NEW, "".join(new[c:d])))
    return found
