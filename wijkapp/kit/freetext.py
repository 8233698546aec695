"""Text in people's own words: every field and every column that takes it has a guard in front.

The toolbox does not know what must not be written; `guarded_by` is told once, when the app is made. Without a
guard nothing can be taken in at all.
"""

from typing import Any, Protocol

from sqlalchemy import String, TypeDecorator


class Guard(Protocol):
    """Knows what may not be kept. All that look raise a Refused whose `details` say where it stands:

    {"findings": [{"start": 3, "end": 9, "kind": "name", "level": "certain", "instead": "[naam]"}],
    "may_vouch": False}; start and end count code points.
    """

    def check(self, text: str, *, vouched: bool = False, again: bool = False) -> None:
        """Text in somebody's own words. vouched: they looked, and it is all right. again: counted before."""

    def check_label(self, text: str) -> None:
        """What somebody calls a thing of their own."""

    def check_name(self, text: str) -> None:
        """The name of a colleague, a team, an organisation."""

    def without(self, text: str) -> str:
        """The text with a placeholder for everything that was found."""

    def say_wrong(self, text: str) -> None:
        """Its writer says that what was found is nothing of the kind. Nothing of the text is kept."""

    def last_line(self, text: str) -> None:
        """Just before it is stored: the doors asked before, and more kindly."""


class _Nobody:
    def __getattr__(self, _name: str) -> Any:
        raise RuntimeError("free text without a guard: call kit.freetext.guarded_by first")


_guard: Guard = _Nobody()


def guarded_by(guard: Guard) -> None:
    """Ask this guard before any free text is taken in, in this process."""
    global _guard
    _guard = guard


def guard() -> Guard:
    """Who is asked."""
    return _guard


class FreeText(TypeDecorator[str]):
    """Words somebody typed. The last line of defence: doors ask earlier, and more kindly.

    Not for names, codes or addresses; and not for anything about a client, which is sealed in `clients`.
    """

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        if value:
            _guard.last_line(value)
        return value
