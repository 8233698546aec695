"""`wijkapp screen`: the guard for scripts, one JSON object per line in and out."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from wijkapp.clients.screening import Allow, Finding, Level, screen

LISTS = ("professionals", "organisations", "phones", "mail_domains", "places")
SOME_LINES_WERE_BAD = 2


@click.command("screen")
@click.option(
    "--allow",
    "allow_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON with who and what may be named",
)
def screen_lines(allow_file: Path | None) -> None:
    """Find what points at a client: {"id", "text"} per line in, {"id", "level", "findings"} per line out."""
    allow = _allow(allow_file) if allow_file else Allow.none()
    bad = 0
    for number, line in enumerate(sys.stdin.buffer, start=1):
        if not line.strip():
            continue
        try:
            answer = _answer(line, allow)
        except ValueError as wrong:
            bad += 1
            click.echo(f"line {number}: {wrong}", err=True)
        else:
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()
    if bad:
        raise SystemExit(SOME_LINES_WERE_BAD)


def _answer(line: bytes, allow: Allow) -> dict[str, Any]:
    """What goes out for one line. Raises ValueError, never with a word of the line."""
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("not JSON") from None
    if not isinstance(asked, dict) or "id" not in asked or not isinstance(asked.get("text"), str):
        raise ValueError('not an object with "id" and "text"')
    findings = screen(asked["text"], allow)
    return {"id": asked["id"], "level": _level(findings), "findings": [_plain(one) for one in findings]}


def _level(findings: list[Finding]) -> str:
    if not findings:
        return "clean"
    return (Level.CERTAIN if any(one.level is Level.CERTAIN for one in findings) else Level.LIKELY).value


def _plain(found: Finding) -> dict[str, Any]:
    return {"start": found.start, "end": found.end, "kind": found.kind.value, "level": found.level.value}


def _allow(path: Path) -> Allow:
    """The allow-list of a file. What else stands in it is left alone; `emails` are whole work addresses."""
    try:
        lists = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise click.ClickException(f"{path} is not JSON") from None
    if not isinstance(lists, dict):
        raise click.ClickException(f"{path} is not a JSON object")
    given = {name: _texts(lists.get(name)) for name in LISTS}
    given["mail_domains"] += _texts(lists.get("emails"))
    return Allow.compile(**given)


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


if __name__ == "__main__":
    screen_lines()
