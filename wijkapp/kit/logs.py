"""Log lines for whoever hosts the app: what happened and how long it took, never about whom."""

import logging
import sys

import structlog
from structlog.typing import EventDict

FORBIDDEN = frozenset({"name", "email", "phone", "text", "body", "address", "remote_addr"})
"""Keys that carry personal data; a line that has one loses it."""


def set_up(level: str, style: str) -> None:
    """Write structured lines to standard error. style: text (for people) or json (for machines)."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_people,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer()
            if style == "json"
            else structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(),
                # The pretty one prints every local variable, and with it people.
                exception_formatter=structlog.dev.plain_traceback,
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _without_people(_logger: object, _method: str, line: EventDict) -> EventDict:
    return {key: value for key, value in line.items() if key not in FORBIDDEN}
