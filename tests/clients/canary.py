"""A hundred people who do not exist, the many ways one writes about a client, and where that may turn up."""

import random
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import Engine
from stdnum.nl import bsn as bsn_check

from tests import servers
from wijkapp.kit.db import Base

SEED = 20261122
VOWELS, CONSONANTS = "aeiou", "bdfghklmnprstvz"


@dataclass(frozen=True)
class Identity:
    """Somebody invented. Every word of it is seen nowhere else."""

    first: str
    surname: str
    bsn: str
    born: str  # 12-03-1941
    street: str
    number: int
    pc6: str
    phone: str
    email: str
    iban: str

    @property
    def words(self) -> tuple[str, ...]:
        """What may be found nowhere."""
        spaced = f"{self.bsn[:3]} {self.bsn[3:6]} {self.bsn[6:]}"
        return (
            self.first,
            self.surname,
            self.bsn,
            spaced,
            self.street,
            self.phone,
            self.phone.replace(" ", "").replace("-", ""),
            self.email,
            self.iban,
        )

    @property
    def short(self) -> str:
        """For where a name of something is asked."""
        return f"{self.surname} BSN {self.bsn}"

    @property
    def lines(self) -> tuple[str, ...]:
        """Ways to write about this client; a guard is sure of each."""
        born, where = self.born, f"{self.street} {self.number}"
        return (
            f"Mw. {self.surname}, geb. {born}, BSN {self.bsn}",
            f"dhr {self.first[0]}. {self.surname} woont {where}, {self.pc6}",
            f"Zorg voor {self.first} {self.surname} (BSN: {self.bsn}). Sleutel ligt bij {where}.",
            f"bel dochter van mevrouw {self.surname} op {self.phone}",
            f"CLIËNT: {self.surname.upper()}, bsn {self.bsn[:3]} {self.bsn[3:6]} {self.bsn[6:]}",
            f"Mail naar {self.email} over mw {self.surname}",
            f"rekening {self.iban} van de heer {self.surname}, geboren op {born}",
            f"2x per dag wondzorg.\nAdres: {where} {self.pc6}\nTel: {self.phone}\nBSN {self.bsn}",
        )

    def line(self, n: int) -> str:
        return self.lines[n % len(self.lines)]


def identities(count: int = 100) -> list[Identity]:
    """The same people each time."""
    dice = random.Random(SEED)
    return [_invent(dice) for _ in range(count)]


def _invent(dice: random.Random) -> Identity:
    first, surname, street = (_word(dice, syllables) for syllables in (3, 4, 4))
    surname, street = f"{surname}wold", f"{street}straat"
    phone = f"06 {dice.randrange(10_000_000, 99_999_999)}"
    return Identity(
        first=first,
        surname=surname,
        bsn=_bsn(dice),
        born=f"{dice.randint(1, 28):02d}-{dice.randint(1, 12):02d}-{dice.randint(1925, 1960)}",
        street=street,
        number=dice.randint(2, 240),
        pc6=f"{dice.randint(3500, 3589)} {dice.choice('ABDEHK')}{dice.choice('LMNPRT')}",
        phone=phone,
        email=f"{surname.lower()}@ziggo.nl",
        iban=_iban(dice),
    )


def _word(dice: random.Random, syllables: int) -> str:
    return "".join(dice.choice(CONSONANTS) + dice.choice(VOWELS) for _ in range(syllables)).capitalize()


def _bsn(dice: random.Random) -> str:
    while True:
        number = f"{dice.randrange(100_000_000, 999_999_999)}"
        if bsn_check.is_valid(number):
            return number


def _iban(dice: random.Random) -> str:
    account = f"INGB{dice.randrange(10**9, 10**10)}"
    digits = "".join(str(int(sign, 36)) for sign in account + "NL00")
    return f"NL{98 - int(digits) % 97:02d}{account}"


# --- where they may not turn up


def found_in(raw: bytes, people: Iterable[Identity]) -> set[str]:
    """Which of their words are in these bytes, in any case; UTF-16 is UTF-8 with noughts in between."""
    low = raw.replace(b"\0", b"").lower()
    words = {word.lower() for person in people for word in person.words}
    return {word for word in words if word.encode() in low}


def files_of(engine: Engine) -> Iterator[bytes]:
    """A SQLite database as it lies on disk: the file, its WAL and what else stands beside it."""
    path = Path(str(engine.url.database))
    for one in sorted(path.parent.glob(f"{path.name}*")):
        yield one.read_bytes()


def _postgresql(engine: Engine) -> "psycopg.Connection[tuple[object, ...]]":
    url = engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    return psycopg.connect(url, autocommit=True)


def copy_of(engine: Engine, path: Path) -> str:
    """A backup of the database as it is now; its address. path: where a copy of SQLite goes."""
    if engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(str(engine.url.database))) as connection:
            connection.execute("VACUUM INTO ?", (str(path),))
        return f"sqlite:///{path}"
    engine.dispose()  # PostgreSQL copies a database that nobody uses
    name = f"{engine.url.database}_backup"
    servers._on_postgresql(f'CREATE DATABASE "{name}" TEMPLATE "{engine.url.database}"')
    return servers._postgresql_url(name)


def vacuum(engine: Engine) -> None:
    """Throw away what the database still has of rows that were deleted or changed."""
    if engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(str(engine.url.database))) as connection:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        with _postgresql(engine) as connection:
            connection.execute("VACUUM FULL")


def dump_of(engine: Engine) -> Iterator[bytes]:
    """Every row of every table of a PostgreSQL database, as text."""
    with _postgresql(engine) as connection:
        tables = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        for schema, table in tables:
            with connection.cursor().copy(f'COPY "{schema}"."{table}" TO STDOUT') as copy:
                yield b"".join(copy)


def everything_in(engine: Engine) -> bytes:
    """The database, whatever kind it is."""
    kind = engine.dialect.name
    return b"\n".join(files_of(engine) if kind == "sqlite" else dump_of(engine))


def columns_with(engine: Engine, people: Iterable[Identity]) -> set[str]:
    """Where in the database their words stand, for whoever has to find out how they came there."""
    words = {word.lower() for person in people for word in person.words}
    found = set()
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            rows = connection.execute(table.select())
            for column, *values in zip(table.columns, *rows, strict=True):
                text = "\n".join(str(value) for value in values).lower()
                if any(word in text for word in words):
                    found.add(f"{table.name}.{column.name}")
    return found
