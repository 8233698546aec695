"""What a client may ask for: everything there is, on paper and for a computer. The source gives it.

To have something put right is to write it again (`vault`): the log says that it was corrected. To be
forgotten is `ends.erase`.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from wijkapp.clients.audit_rules import Event
from wijkapp.clients.rules import CARERS, Data
from wijkapp.clients.service import audit
from wijkapp.clients.service.access_log import AccessLog, access_log
from wijkapp.clients.service.audit import Seat
from wijkapp.clients.service.files import Shell, show_file
from wijkapp.clients.service.looking import Content, take_out
from wijkapp.clients.service.opening import Gone, NoConsent
from wijkapp.kit import time
from wijkapp.kit.db import transaction
from wijkapp.kit.errors import NotAllowed
from wijkapp.kit.words import gettext
from wijkapp.people.models import Account

ALL_LINES = 5000  # of the log; a file lasts weeks


@dataclass(frozen=True)
class Everything:
    """All that is known under one client code, at one moment."""

    code: str
    made_at: datetime
    made_by: str
    organisation: str
    content: Content | None  # None: nothing may be shown any more, or yet
    why_not: str | None
    shell: Shell
    log: AccessLog


def may_answer(actor: Account, shell: Shell) -> bool:
    """Is this who answers the client: somebody who speaks with clients, at the source?"""
    return shell.source and bool(actor.role_set & CARERS)


def rights_of(actor: Account, file_id: UUID) -> Shell:
    """The outside of a file, for who answers its client. Raises NotFound, NotAllowed."""
    shell = show_file(actor, file_id)
    if not may_answer(actor, shell):
        raise NotAllowed(
            gettext("De organisatie die om toestemming vroeg, beantwoordt deze vraag van de cliënt.")
        )
    return shell


def everything(actor: Account, seat: Seat, file_id: UUID) -> Everything:
    """All there is about one client code. Taking it out is a line in the log. Raises NotFound, NotAllowed."""
    shell = rights_of(actor, file_id)
    content, why_not = None, None
    try:
        content = take_out(actor, seat, file_id)
    except (Gone, NoConsent) as refused:
        why_not = str(refused.sentence)
        with transaction() as db:  # what is around it is taken out all the same
            audit.record(db, seat, Event.EXPORTED, code=shell.code, object_kind="file", object_id=file_id)
    return Everything(
        code=shell.code,
        made_at=time.now(),
        made_by=actor.name,
        organisation=actor.organisation.name,
        content=content,
        why_not=why_not,
        shell=shell,
        log=access_log(actor, file_id, most=ALL_LINES),
    )


def for_computers(all_of_it: Everything) -> dict[str, Any]:
    """The same, as JSON can hold it; names of fields as in the code of wijkapp."""
    content, shell = all_of_it.content, all_of_it.shell
    return {
        "client_code": all_of_it.code,
        "made_at": all_of_it.made_at.isoformat(),
        "made_by": all_of_it.made_by,
        "organisation": all_of_it.organisation,
        "not_readable_because": all_of_it.why_not,
        "left_out": sorted(set(Data) - content.sees) if content else [],
        "client": _plain(asdict(content.person)) if content and content.person else None,
        "handovers": _plain([asdict(one) for one in content.handovers]) if content else [],
        "appointments": _plain([asdict(one) for one in content.appointments]) if content else [],
        "reports": _plain([asdict(one) for one in content.reports]) if content else [],
        "emergencies": _plain([asdict(one) for one in content.emergencies]) if content else [],
        "parties": _plain([asdict(one) for one in shell.parties]),
        "answers": _plain([asdict(one) for one in shell.answers]),
        "opened_at": _plain(shell.opened_at),
        "handed_over_at": _plain(shell.handed_over_at),
        "closes_at": _plain(shell.closes_at),
        "ended_at": _plain(shell.ended_at),
        "log": _plain([asdict(one) for one in all_of_it.log.happened]),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, set | frozenset):
        return sorted(_plain(one) for one in value)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | str) else str(value)
