"""Commands of this room: plan a rota and check one, out of files in JSON."""

import json
import sys
from pathlib import Path
from typing import IO, Any

import click


@click.group()
def rota() -> None:
    """Make and check rotas for evenings, nights and weekends."""


@rota.command()
@click.argument("problem", type=click.File(encoding="utf-8-sig"))
@click.option(
    "--seed", default=1, type=click.IntRange(0, 2**31 - 1), help="another seed is another rota, as fair"
)
@click.option("--work", default=None, type=click.FloatRange(0.1, 3600), help="seconds the solver may count")
def plan(problem: IO[str], seed: int, work: float | None) -> None:
    """Plan PROBLEM.json; the rota goes to standard output, how it goes to standard error."""
    from wijkapp.rota import planner

    made = _problem(problem)

    def show(what: str, score: tuple[int, ...]) -> None:
        click.echo(f"{what}: {score}", err=True)

    found = planner.plan_rota(made, seed, work=work or planner.WORK, progress=show)
    click.echo(json.dumps(found.to_json(), ensure_ascii=False, indent=1))


@rota.command()
@click.argument("problem", type=click.File(encoding="utf-8-sig"))
@click.argument("found", metavar="ROTA", type=click.File(encoding="utf-8-sig"))
def check(problem: IO[str], found: IO[str]) -> None:
    """Say what is wrong with ROTA.json, a line of JSON for each; ends with 1 when there is anything."""
    from wijkapp.rota.checker import check_rota
    from wijkapp.rota.problem import BadInput
    from wijkapp.rota.reading import read_rota

    made = _problem(problem)
    try:
        violations = check_rota(made, read_rota(_json(found), made))
    except BadInput as wrong:
        raise _refused(found, wrong.fields) from wrong
    for violation in violations:
        click.echo(json.dumps(violation.to_json(), ensure_ascii=False))
    sys.exit(1 if violations else 0)


@rota.command()
def work() -> None:
    """Plan what people asked for in the app, and end. The clock starts this by itself."""
    from wijkapp.kit import db
    from wijkapp.kit.command import settings_or_end
    from wijkapp.rota import runner

    settings = settings_or_end()
    settings.make_instance()
    db.connect(settings.database)
    click.echo(f"{runner.work(settings.instance)} klaar", err=True)


def _problem(file: IO[str]) -> Any:
    from wijkapp.rota.problem import BadInput
    from wijkapp.rota.reading import read_problem

    try:
        return read_problem(_json(file))
    except BadInput as wrong:
        raise _refused(file, wrong.fields) from wrong


def _json(file: IO[str]) -> object:
    try:
        return json.load(file, object_pairs_hook=_once)
    except (ValueError, RecursionError) as wrong:
        raise click.ClickException(f"{Path(file.name).name} is geen JSON: {wrong}") from wrong


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which no name is there twice: of a duty with two people one would be lost."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise click.ClickException(f"Dit staat er twee keer in: {twice[:100]}")
    return found


def _refused(file: IO[str], fields: dict[str, str]) -> click.ClickException:
    lines = [f"  {where or 'het bestand'}: {what}" for where, what in fields.items()]
    return click.ClickException("\n".join([f"{Path(file.name).name} klopt niet:", *lines]))
