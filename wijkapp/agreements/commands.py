"""Commands about signed agreements: check a file, and which key this installation signs with."""

from datetime import datetime
from pathlib import Path

import click

from wijkapp.agreements import verifying
from wijkapp.agreements.verifying import NotGenuine, Report
from wijkapp.kit import time

BY = {"passkey": "met een passkey", "code": "met een code", "demo": "in de demo, dus zonder bewijs"}


@click.group(name="agreement")
def agreement() -> None:
    """Signed agreements."""


@agreement.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", help="the key of the installation, as it gave it you; without: compare it yourself")
def verify(file: Path, key: str | None) -> None:
    """Is a signed file as it was signed, and by whom? Needs no database and no network; exit 1 when not."""
    try:
        report = verifying.verify(file.read_bytes())
    except NotGenuine as wrong:
        raise click.ClickException(f"ONGELDIG. {wrong}") from None
    if key is not None and "".join(key.split()).lower() != report.key:
        raise click.ClickException("ONGELDIG. Een andere installatie heeft dit bestand getekend.")
    for line in lines(report, known=key is not None):
        click.echo(line)


def lines(report: Report, *, known: bool) -> list[str]:
    """What a good file says, line by line."""
    return [
        "GELDIG. Dit bestand is zoals het is getekend.",
        f"Document   {report.content.title}, versie {report.version}",
        f"Hash       {report.digest}",
        f"Sleutel    {report.key}" + ("" if known else "  (vergelijk hem met die in wijkapp)"),
        *(
            f"Getekend   {one.name}, {one.job_title}, {one.organisation}, {_at(one.at)}, "
            f"{BY.get(one.by, one.by)}"
            for one in report.signed
        ),
        *(f"Nog niet   {who}" for who in report.missing),
    ]


def _at(moment: str) -> str:
    """1-12-2026 10.05 uur, by the clock of who signed. What is no moment stays as it was written."""
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return moment
    local = time.local(at)
    return f"{local.day}-{local.month}-{local.year} {time.clock(at)} uur"


@agreement.command(name="key")
def key() -> None:
    """The key this installation signs with; give it to who wants to check a file."""
    from wijkapp.agreements.service.signing import signer_of
    from wijkapp.kit.command import settings_or_end

    settings = settings_or_end()
    settings.make_instance()
    click.echo(signer_of(settings.secrets.master).public.hex())
