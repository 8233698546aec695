"""Text in people's own words: every column that takes it has a guard in front, whatever door it came by.

The toolbox does not know what must not be written; `guarded_by` is told once, when the app is made. Without a
guard nothing can be stored at all.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import String, TypeDecorator

Guard = Callable[[str], None]
"""Raises Refused when this text may not be kept."""


def _nobody_guards(_text: str) -> None:
    raise RuntimeError("free text without a guard: call kit.freetext.guarded_by first")


_guard: Guard = _nobody_guards


def guarded_by(guard: Guard) -> None:
    """Ask this guard before any free text is stored, in this process."""
    global _guard
    _guard = guard


class FreeText(TypeDecorator[str]):
    """Words somebody typed. The last line of defence: doors ask earlier, and more kindly.

    Not for names, codes or addresses; and not for anything about a client, which is sealed in `clients`.
    """

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        if value:
            _guard(value)
        return value
