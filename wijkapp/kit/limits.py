"""How often something may be tried, per address and per account.

Counted in memory or, when several processes share a Redis, there. `ProxyFix` must know the proxies, or all
people have the address of the proxy.
"""

import time as clock
from collections import deque
from hashlib import sha256

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import parse

from wijkapp.kit.errors import TooMany

limiter = Limiter(get_remote_address, strategy="moving-window")


def count(what: str, who: str, at_most: str) -> None:
    """One more try of this by whoever it is. Raises TooMany.

    what     name of what is tried, as in "sign-in"
    who      an address or an account; only its hash is kept
    at_most  as in "10 per 15 minutes"
    """
    if limiter.enabled and not limiter.limiter.hit(parse(at_most), what, _hashed(who)):
        raise TooMany


def keep_pace(what: str, who: str, most: int, seconds: float) -> None:
    """One more of something that is done all the time: at most so many in so many seconds. Raises TooMany.

    Counted in this process alone, because asking the shared counter costs as much as a chat message itself.
    """
    if not limiter.enabled:
        return
    now = clock.monotonic()
    times = _paces.setdefault((what, who), deque(maxlen=most))
    if len(times) == most and now - times[0] < seconds:
        raise TooMany
    times.append(now)
    if len(_paces) > MOST_PACES:
        for stale in [key for key, known in _paces.items() if now - known[-1] > seconds]:
            del _paces[stale]


_paces: dict[tuple[str, str], deque[float]] = {}
MOST_PACES = 5_000


def check(what: str, who: str, at_most: str) -> None:
    """Refuse whoever has tried too often, without counting this one. Raises TooMany."""
    if limiter.enabled and not limiter.limiter.test(parse(at_most), what, _hashed(who)):
        raise TooMany


def _hashed(who: str) -> str:
    return sha256(who.encode()).hexdigest()[:32]
