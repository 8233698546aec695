"""page: what each of the five main pages takes the server, beside a bare page on the same kind of server.

Measured from outside, one request at a time on one open connection, with the demo's data: what somebody waits
for besides the line. Bare and real requests alternate, so both meet the same machine.
"""

import re
import time

from _server import Visitor, demo, hello, percentile, say

ROUNDS = 150
WARM_UP = 10
MOST_RATIO, MOST_MS = 8, 50
GOAL = f"ratio <= {MOST_RATIO}, p95 <= {MOST_MS} ms"


def main() -> None:
    with hello() as bare_port, demo() as (port, links):
        nurse, huisarts, bare = Visitor(port), Visitor(port), Visitor(bare_port)
        nurse.log_in(links["Samira Wolderink"])
        huisarts.log_in(links["Hanneke Vroegwater"])
        pages = {
            "today": (nurse, "/vandaag"),
            "requests": (nurse, "/zorgvragen"),
            "capacity": (nurse, "/capaciteit"),
            "request": (huisarts, _first_request(huisarts)),
            "directory": (huisarts, "/wijken"),
        }
        everything: list[float] = []
        bare_all: list[float] = []
        for name, (visitor, path) in pages.items():
            times, bare_times = _measure(visitor, path, bare)
            _tell(f"page.{name}", times, bare_times)
            everything += times
            bare_all += bare_times
        _tell("page", everything, bare_all)


def _first_request(visitor: Visitor) -> str:
    _status, page = visitor.get("/zorgvragen")
    found = re.search(rb'href="(/zorgvragen/[0-9a-f-]{36})', page)
    if not found:
        raise SystemExit("the huisarts of the demo has no request to look at")
    return found.group(1).decode()


def _measure(visitor: Visitor, path: str, bare: Visitor) -> tuple[list[float], list[float]]:
    times: list[float] = []
    bare_times: list[float] = []
    for number in range(ROUNDS + WARM_UP):
        one, other = _timed(visitor, path), _timed(bare, "/")
        if number >= WARM_UP:
            times.append(one)
            bare_times.append(other)
    return times, bare_times


def _timed(visitor: Visitor, path: str) -> float:
    """Milliseconds until the whole page is in."""
    start = time.perf_counter()
    status, _page = visitor.get(path)
    took = (time.perf_counter() - start) * 1000
    if status != 200:
        raise SystemExit(f"{path} answered {status}")
    return took


def _tell(name: str, times: list[float], bare: list[float]) -> None:
    p50, p95, bare_p50 = percentile(times, 0.5), percentile(times, 0.95), percentile(bare, 0.5)
    ratio = p50 / bare_p50
    met = ratio <= MOST_RATIO and p95 <= MOST_MS
    say(f"{name}.p50", p50, "ms", against=bare_p50, ratio=ratio, goal=GOAL, met=met)
    say(
        f"{name}.p95",
        p95,
        "ms",
        against=percentile(bare, 0.95),
        ratio=p95 / percentile(bare, 0.95),
        goal=GOAL,
        met=met,
    )


if __name__ == "__main__":
    main()
