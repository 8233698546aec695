"""What can happen to a client's file. Verbs in modules of their own: consent, vault, glass, ends, audit."""

from wijkapp.clients.service import audit, consent, ends, glass, vault
from wijkapp.clients.service.files import (
    AnswerLine,
    FileLine,
    FileState,
    GlassLine,
    PartyLine,
    Shell,
    end_file,
    file_about,
    handed_over,
    my_files,
    open_file,
    show_file,
    watch,
)

__all__ = [
    "AnswerLine",
    "FileLine",
    "FileState",
    "GlassLine",
    "PartyLine",
    "Shell",
    "audit",
    "consent",
    "end_file",
    "ends",
    "file_about",
    "glass",
    "handed_over",
    "my_files",
    "open_file",
    "show_file",
    "vault",
    "watch",
]
