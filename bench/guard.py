"""guard: what it finds in lines it has not seen, what it raises falsely, how long it takes, how much memory.

Beside it, in the same run, the baseline: a title followed by a capital, and the same bounded patterns,
without the classifier. Times are of one text of 500 characters after warming up, in time of the processor:
what else the machine does is left out.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from _server import percentile, say

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.clients.marked_lines import LINES, MarkedLine, read  # noqa: E402
from tests.clients.titles_only import titles_only  # noqa: E402
from wijkapp.clients.screening import Allow, Finding, Kind, screen  # noqa: E402

Screen = Callable[[str, Allow], list[Finding]]
LENGTH, ROUNDS = 500, 5
GOALS = {"recall": 0.97, "alarms": 0.01, "structured": 0.99, "p99": 3, "memory": 100}


def main() -> None:
    for path in sorted((LINES / "unseen").glob("*.jsonl")):
        lines = [line for line in read(LINES / "unseen") if line.source == path.stem]
        _messages(path.stem, lines)
        _kinds(path.stem, lines)
    _time(list(read(LINES / "unseen")))
    _memory()


def _messages(source: str, lines: Sequence[MarkedLine]) -> None:
    dirty = [line for line in lines if not line.is_clean]
    clean = [line for line in lines if line.is_clean]
    recall, base_recall = _found(screen, dirty), _found(titles_only, dirty)
    alarms, base_alarms = _found(screen, clean), _found(titles_only, clean)
    _say(f"guard.{source}.recall", recall, base_recall, recall >= GOALS["recall"], f">= {GOALS['recall']}")
    _say(f"guard.{source}.alarms", alarms, base_alarms, alarms <= GOALS["alarms"], f"<= {GOALS['alarms']}")
    for hard in (False, True):
        some = [line for line in dirty if line.hard is hard]
        name = f"guard.{source}.recall.{'hard' if hard else 'plain'}"
        _say(name, _found(screen, some), _found(titles_only, some), True, "none")


def _found(by: Screen, lines: Sequence[MarkedLine]) -> float:
    return sum(bool(by(line.text, line.allow)) for line in lines) / max(1, len(lines))


def _kinds(source: str, lines: Sequence[MarkedLine]) -> None:
    """Of every stretch that is marked, whether something was found in it."""
    numbers: list[bool] = []
    for kind in Kind:
        hits = [
            any(one.start < end and start < one.end for one in found)
            for line in lines
            for found in [screen(line.text, line.allow)]
            for start, end, marked in line.spans
            if marked == kind
        ]
        if hits:
            _say(f"guard.{source}.{kind}", sum(hits) / len(hits), None, True, "none")
        if kind is not Kind.NAME:
            numbers += hits
    if numbers:
        met = sum(numbers) / len(numbers)
        _say(f"guard.{source}.structured", met, None, met >= GOALS["structured"], f">= {GOALS['structured']}")


def _time(lines: Sequence[MarkedLine]) -> None:
    joined = " ".join(line.text for line in lines)
    texts = [joined[at : at + LENGTH] for at in range(0, len(joined) - LENGTH, LENGTH)]
    allow = lines[0].allow
    times: dict[Screen, list[float]] = {screen: [], titles_only: []}
    for turn in range(ROUNDS + 1):
        for text in texts:
            for by, taken in times.items():
                start = time.thread_time()
                by(text, allow)
                if turn:
                    taken.append((time.thread_time() - start) * 1000)
    for part in (0.5, 0.99):
        value, base = percentile(times[screen], part), percentile(times[titles_only], part)
        name, met = f"guard.{LENGTH}.p{int(part * 100)}", value <= GOALS["p99"]
        say(name, value, "ms", against=base, ratio=value / base, goal=f"<= {GOALS['p99']} ms", met=met)


def _memory() -> None:
    """The most memory `wijkapp screen` ever had, beside a Python that only loads numpy."""
    commands = {
        "screen": [sys.executable, "-c", "from wijkapp.cli import main; main()", "screen"],
        "numpy": [sys.executable, "-c", "import numpy"],
    }
    most = {name: _peak(command) for name, command in commands.items()}
    value = most["screen"]
    met = value <= GOALS["memory"]
    ratio = value / most["numpy"]
    say(
        "guard.memory",
        value,
        "MB",
        against=most["numpy"],
        ratio=ratio,
        goal=f"<= {GOALS['memory']} MB",
        met=met,
    )


def _peak(command: list[str]) -> float:
    asked = '{"id": 1, "text": "bel mevrouw Pietersen op 06-12345678"}\n' * 100
    child = (
        "import resource, subprocess, sys;"
        "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", child, *command],
        input=asked,
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return int(done.stdout) / 1024


def _say(name: str, value: float, against: float | None, met: bool, goal: str) -> None:
    ratio = value / against if against else None
    say(name, value, "share", against=against, ratio=ratio, goal=goal, met=met)


if __name__ == "__main__":
    main()
