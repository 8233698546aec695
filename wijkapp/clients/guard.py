"""The guard at work: asks the engine with what this installation's directory knows, and refuses.

The text that is refused goes nowhere: not into the message, not into the log. Kinds are counted, never words.
"""

import time as clock
from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Engine, select, union_all
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.orm import Session

from wijkapp.clients.screening import MAX_LENGTH, Allow, Finding, Kind, Level, redact, screen
from wijkapp.clients.screening.findings import PLACEHOLDERS
from wijkapp.clients.service import counts
from wijkapp.clients.service.counts import Outcome
from wijkapp.directory.models import Postcode, Team, Wijk
from wijkapp.kit import db
from wijkapp.kit.errors import Refused
from wijkapp.kit.words import gettext, listed
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Account, Organisation

LOOK_AGAIN = 30.0  # seconds; a new colleague's name is known to the guard by then

NAMES = {
    Kind.NAME: _("een naam"),
    Kind.BSN: _("een BSN"),
    Kind.BIRTH_DATE: _("een geboortedatum"),
    Kind.ADDRESS: _("een adres"),
    Kind.POSTCODE: _("een hele postcode"),
    Kind.PHONE: _("een telefoonnummer"),
    Kind.EMAIL: _("een e-mailadres"),
    Kind.IBAN: _("een rekeningnummer"),
    Kind.INSURANCE: _("een polisnummer"),
    Kind.CLIENT_NUMBER: _("een cliëntnummer"),
    Kind.HANDLE: _("een accountnaam"),
}

# fmt: off
FREE_MAIL = frozenset({
    "gmail", "googlemail", "hotmail", "outlook", "live", "msn", "icloud", "me", "yahoo", "ziggo", "kpnmail",
    "kpnplanet", "planet", "xs4all", "home", "hetnet", "proton", "protonmail", "chello", "upcmail", "online",
    "casema", "telfort", "tele2", "zonnet", "gmx",
})
# fmt: on
"""Mail services anybody uses: that a professional has an address there makes no client's address safe."""


class ClientDataFound(DontWrapMixin, Refused):
    """This text may say who a client is. `findings` say where, for the page that shows it to its writer."""

    status = 422

    def __init__(self, findings: Sequence[Finding], sentence: str | None = None) -> None:
        self.findings = tuple(findings)
        self.certain = any(one.level is Level.CERTAIN for one in findings)
        super().__init__(sentence or _sentence(_kinds(findings, self.certain), self.certain))

    @property
    def details(self) -> dict[str, Any]:
        """For doors that answer in JSON: where and what, and whether the writer may vouch for it."""
        return {
            "findings": [
                {
                    "start": one.start,
                    "end": one.end,
                    "kind": one.kind.value,
                    "level": one.level.value,
                    "instead": PLACEHOLDERS[one.kind],
                }
                for one in self.findings
            ],
            "may_vouch": not self.certain,
        }


class TooLong(DontWrapMixin, Refused):
    """More than anybody types in one go: a pasted record, most likely."""

    status = 422
    sentence = _("Deze tekst is te lang. Schrijf het korter, en zet er niets in over wie de cliënt is.")


def _kinds(findings: Iterable[Finding], certain: bool) -> list[Kind]:
    """What it is about, each once: where something is certain, what is likely can wait."""
    return list(dict.fromkeys(one.kind for one in findings if not certain or one.level is Level.CERTAIN))


def _sentence(kinds: Sequence[Kind], certain: bool) -> str:
    if certain:
        return gettext("Hier staat %(what)s van een cliënt. Dat mag hier niet.", what=_named(kinds))
    either = gettext("%(first)s of %(last)s")
    return gettext("Staat hier %(what)s van een cliënt?", what=_named(kinds, either))


def _named(kinds: Sequence[Kind], joined: str | None = None) -> str:
    """A row of kinds in words: een naam, een adres en een BSN."""
    return listed([NAMES[kind] for kind in kinds], joined)


_passed: ContextVar[bytes] = ContextVar("passed", default=b"")
"""What passed the guard last in this request or message, as a digest: that need not be looked at twice."""


def _digest(text: str) -> bytes:
    return sha256(text.encode("utf-8", "surrogatepass")).digest()


def findings(text: str) -> list[Finding]:
    """What in this text may point at a client, as far as the directory does not know it as a professional.

    Raises TooLong.
    """
    if len(text) > MAX_LENGTH:
        raise TooLong
    return screen(text, allow())


def check(text: str, *, vouched: bool = False, again: bool = False) -> None:
    """Go on only when this text may be kept. Counts what it finds, and what is vouched for.

    vouched  the writer looked at what was likely and says that it is no client
    again    it was counted before

    Raises ClientDataFound, TooLong.
    """
    found = findings(text)
    certain = any(one.level is Level.CERTAIN for one in found)
    outcome = Outcome.BLOCKED if certain else Outcome.VOUCHED if vouched else Outcome.ASKED
    if not again:
        counts.noticed(outcome, _kinds(found, certain))
    if certain or (found and not vouched):
        raise ClientDataFound(found)
    _passed.set(_digest(text))


def check_name(text: str) -> None:
    """For names of colleagues, teams and organisations: a name may be there, a number of a client may not.

    Raises ClientDataFound, TooLong.
    """
    _refuse(one for one in findings(text) if one.kind not in (Kind.NAME, Kind.HANDLE))


def check_label(text: str) -> None:
    """For what people call things of their own: “telefoon van Anna” is fine, “van mw. Jansen” is not.

    Raises ClientDataFound, TooLong.
    """
    _refuse(
        one
        for one in findings(text)
        if one.level is Level.CERTAIN or one.kind not in (Kind.NAME, Kind.HANDLE)
    )


def _refuse(found: Iterable[Finding]) -> None:
    refused = list(found)
    if refused:
        kinds = _kinds(refused, any(one.level is Level.CERTAIN for one in refused))
        counts.noticed(Outcome.BLOCKED, kinds)
        raise ClientDataFound(
            refused,
            gettext(
                "Hier staat %(what)s. Dat hoort hier niet.",
                what=_named(kinds),
            ),
        )


def without(text: str) -> str:
    """The text with "[naam]" and the like for everything that was found. What is too long stays as it is."""
    return text if len(text) > MAX_LENGTH else redact(text, findings(text))


def say_wrong(text: str) -> None:
    """Its writer says that there is nothing of a client in it; of that only the kinds are counted."""
    if len(text) <= MAX_LENGTH:
        found = findings(text)
        counts.noticed(Outcome.WRONG, _kinds(found, any(one.level is Level.CERTAIN for one in found)))


def last_line(text: str) -> None:
    """What stands before every column of free text (`kit.freetext`): the writer was asked at the door."""
    if _passed.get() == _digest(text):
        return  # looked at a moment ago, for the same request
    found = findings(text)
    if any(one.level is Level.CERTAIN for one in found):
        counts.noticed(Outcome.BLOCKED, _kinds(found, certain=True))
        raise ClientDataFound(found)


# --- what the directory knows


@dataclass(frozen=True)
class _Known:
    engine: Engine
    names: tuple[tuple[str, ...], ...]
    allow: Allow
    until: float  # monotonic seconds; then it looks again


_known: _Known | None = None


def allow() -> Allow:
    """Everything the directory knows, compiled once for as long as nothing in it changes."""
    global _known
    engine = db.engine()
    if _known is None or _known.engine is not engine or clock.monotonic() > _known.until:
        with db.reading() as session:
            names = _names(session)
        unchanged = _known is not None and _known.engine is engine and _known.names == names
        compiled = _known.allow if unchanged and _known else _compile(names)
        _known = _Known(engine, names, compiled, clock.monotonic() + LOOK_AGAIN)
    return _known.allow


def forget() -> None:
    """Look in the directory again at the next text."""
    global _known
    _known = None


def _names(session: Session) -> tuple[tuple[str, ...], ...]:
    """Professionals, organisations, phones, mail domains, places."""
    domains = {address.rpartition("@")[2].lower() for address in _some(session, Organisation.email)}
    own = sorted(domain for domain in domains if domain.partition(".")[0] not in FREE_MAIL)
    places = (Wijk.name, Wijk.municipality, Postcode.place)
    phones = (Organisation.phone, Team.phone, Wijk.shared_phone, Account.phone)
    return (
        _some(session, Account.name),
        _some(session, Organisation.name, Team.name),
        _some(session, *phones),
        tuple(own),
        _some(session, *places),
    )


def _some(session: Session, *columns: Any) -> tuple[str, ...]:
    each = [select(column.label("one")).where(column.is_not(None)) for column in columns]
    found: Iterable[str] = session.scalars(each[0] if len(each) == 1 else union_all(*each))
    return tuple(sorted(set(found)))


def _compile(names: tuple[tuple[str, ...], ...]) -> Allow:
    professionals, organisations, phones, mail_domains, places = names
    return Allow.compile(
        professionals=professionals,
        organisations=organisations,
        phones=phones,
        mail_domains=mail_domains,
        places=places,
    )
