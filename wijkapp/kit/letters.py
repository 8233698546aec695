"""Mail to an address instead of an account: a log-in link, an invitation. Queued and retried as events are.

A letter holds a token, so what it says is sealed in the database and wiped once sent. `notify.dispatch`
sends what `outbox.claim(kind=Letter)` gives; `notify.wording` knows the text by the letter's name.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from wijkapp.kit import crypto, outbox, time
from wijkapp.kit.db import Base, after_commit, new_id
from wijkapp.kit.outbox import Queued, to_do

_key: bytes | None = None

FILES = "files"
"""Under this name a letter keeps what goes with it; so no word is called that."""


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a letter. kind: its media type."""

    name: str
    kind: str
    body: bytes


class Letter(Queued, Base):
    """One mail to one address, not sent yet or just sent."""

    __tablename__ = "letter"
    __table_args__ = (to_do("ix_letter_to_send"),)

    name: Mapped[str] = mapped_column(String(64))  # room.what_it_is
    to_address: Mapped[str] = mapped_column(String(254))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)  # the words that differ per letter; empty once sent


def use(master: crypto.MasterKey) -> None:
    """Seal and open letters with this installation's key from now on, in this process."""
    global _key
    _key = master.derive("letters")


def post(
    db: Session, name: str, to_address: str, words: dict[str, str], files: Sequence[Attachment] = ()
) -> None:
    """Send this letter once the caller's transaction has been stored.

    words  what `notify.wording` fills in; may hold a token, never anything about a client
    files  small ones: they stay in the database until the letter went
    """
    letter = Letter(id=new_id(), name=name, to_address=to_address, try_at=time.now())
    packed = [(one.name, one.kind, b64encode(one.body).decode()) for one in files]
    holds = words | {FILES: packed} if files else words
    letter.sealed = crypto.seal(_key_in_use(), json.dumps(holds).encode(), _place(letter))
    db.add(letter)
    after_commit(db, outbox.bell.set)


def words_of(letter: Letter) -> dict[str, str]:
    """What to fill in. Raises kit.crypto.CannotOpen."""
    holds = json.loads(crypto.unseal(_key_in_use(), letter.sealed, _place(letter)))
    return {name: text for name, text in holds.items() if name != FILES}


def files_of(letter: Letter) -> tuple[Attachment, ...]:
    """What goes with it. Raises kit.crypto.CannotOpen."""
    holds = json.loads(crypto.unseal(_key_in_use(), letter.sealed, _place(letter)))
    return tuple(Attachment(name, kind, b64decode(body)) for name, kind, body in holds.get(FILES, ()))


def sent(db: Session, letter: Letter) -> None:
    """The mail server took it: the token in it need not be kept."""
    outbox.finish(db, [letter], sealed=b"")


def _place(letter: Letter) -> str:
    return f"letter:{letter.id}"


def _key_in_use() -> bytes:
    if _key is None:
        raise RuntimeError("no key for letters yet: call kit.letters.use first")
    return _key
