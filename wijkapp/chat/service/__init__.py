"""What can be said and read. `lines` has what comes back."""

from wijkapp.chat.service.lines import (
    Acknowledged,
    Found,
    Head,
    Line,
    Member,
    Members,
    News,
    Page,
    Read,
    ReadBy,
    Said,
    ThreadLine,
    Transcript,
    Yes,
)
from wijkapp.chat.service.look import export, members, my_threads, search, show, since, unread_count
from wijkapp.chat.service.say import acknowledge, delete, edit, mark_read, say
from wijkapp.chat.service.threads import close_thread, may_contact, open_thread, thread_for_contact

__all__ = [
    "Acknowledged",
    "Found",
    "Head",
    "Line",
    "Member",
    "Members",
    "News",
    "Page",
    "Read",
    "ReadBy",
    "Said",
    "ThreadLine",
    "Transcript",
    "Yes",
    "acknowledge",
    "close_thread",
    "delete",
    "edit",
    "export",
    "mark_read",
    "may_contact",
    "members",
    "my_threads",
    "open_thread",
    "say",
    "search",
    "show",
    "since",
    "thread_for_contact",
    "unread_count",
]
