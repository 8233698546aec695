"""`wijkapp demo`: a made-up region with everything in it, on this machine alone."""

import errno
import fcntl
import os
import socket
from datetime import timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click
from sqlalchemy import select

from wijkapp.kit.config import PREFIX, Settings

if TYPE_CHECKING:
    from wijkapp.people.models import Account

INSTANCE = Path("instance") / "demo"
ANSWER_EVERY = timedelta(seconds=1)


@click.command()
@click.option("--host", help="address to listen on")
@click.option("--port", type=click.IntRange(0, 65535), help="port to listen on")
@click.option("--quiet", is_flag=True, help="the other providers do not answer by themselves")
@click.option("--fresh", is_flag=True, help="throw away what was done in the demo and start over")
def demo(host: str | None, port: int | None, quiet: bool, fresh: bool) -> None:
    """Try wijkapp in a made-up region: prints a log-in link per role."""
    from wijkapp import cli, clock
    from wijkapp.demo import responders

    settings = cli.load_settings(**_given(host, port))
    settings = settings.model_copy(update={"port": _free(settings.host, settings.port)})
    claim = _only_one(settings.instance)
    if fresh:
        _forget(settings)
    cli.bring_up_to_date(settings)
    click.echo(_bring_alive(settings))
    click.echo(_links(settings, quiet=quiet))
    jobs: dict[str, Any] = {} if quiet else {"demo.answer": clock.Job(ANSWER_EVERY, responders.answer_due)}
    cli.run(settings, **jobs)
    click.echo("\nDe demo is gestopt. Wat je deed, blijft bewaard.")
    claim.close()


def _given(host: str | None, port: int | None) -> dict[str, object]:
    given: dict[str, object] = {"demo": True, "host": host, "port": port}
    if f"{PREFIX}INSTANCE" not in os.environ:
        given["instance"] = INSTANCE
    return {name: value for name, value in given.items() if value is not None}


def _free(host: str, port: int) -> int:
    """This port, when nobody else listens there; any free one for 0. A clear end otherwise."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as taken:
            why = _WHY.get(taken.errno or 0, taken.strerror)
            raise click.ClickException(
                f"Op {host} poort {port} kan de demo niet luisteren: {why}. "
                f"Kies een andere poort: make demo PORT={port + 1 if port < 65535 else 8000}"
            ) from None
        return int(probe.getsockname()[1])


_WHY = {
    errno.EADDRINUSE: "een ander programma gebruikt die al",
    errno.EACCES: "dat mag alleen de beheerder van deze machine",
    errno.EADDRNOTAVAIL: "dit adres is niet van deze machine",
}


def _only_one(instance: Path) -> IO[str]:
    """Hold this folder as long as we run: pages of two processes would not see each other's news."""
    instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    claim = (instance / "demo.lock").open("w")
    try:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        claim.close()
        raise click.ClickException(
            f"In de map {instance} draait al een demo. Stop die eerst, of kies een andere map: "
            f"{PREFIX}INSTANCE=instance/demo2 make demo PORT=8001"
        ) from None
    return claim


def _forget(settings: Settings) -> None:
    if settings.database_url:
        raise click.ClickException(
            f"--fresh gooit alleen de eigen SQLite-database van de demo weg, en {PREFIX}DATABASE_URL noemt "
            "een andere. Maak die zelf leeg."
        )
    for name in ("wijkapp.sqlite*", "keys.sqlite*"):
        for path in settings.instance.glob(name):
            path.unlink()


def _bring_alive(settings: Settings) -> str:
    """Fill the region the first time; later only make its past requests recent again. Says what it did."""
    from wijkapp.clients import keys
    from wijkapp.demo import clients, documents, talks
    from wijkapp.oversight import jobs

    said, is_new = _write_history()
    if is_new:
        keys.use(settings.keys, settings.vault_keys)
        clients.share_one()
        talks.write()
        documents.write(settings)
    jobs.roll_up()  # the clock takes its first look only after a while
    return said


def _write_history() -> tuple[str, bool]:
    """What was done, and whether there are requests of now again."""
    from wijkapp.demo import agreements, duties, fill, history, region_past
    from wijkapp.demo.region import REGION
    from wijkapp.directory.models import Region
    from wijkapp.kit.db import transaction

    with transaction() as db:
        if db.scalar(select(Region.id).where(Region.name == REGION)) is None:
            fill.fill(db)
            history.write(db)
            region_past.people(db)
            region_past.write(db)
            duties.write(db)
            agreements.write(db)
            return "De demo-regio is gemaakt: 8 wijken, 14 aanbieders, 5 huisartsenpraktijken.", True
        duties.write(db)
        agreements.write(db)
        if history.is_old(db):
            history.forget(db)
            history.write(db)
            region_past.write(db)
            return "Je demo was van een andere dag: de zorgvragen en de capaciteit zijn weer van nu.", True
    return "De demo gaat verder waar je was. Opnieuw beginnen? Start met --fresh.", False


def _links(settings: Settings, *, quiet: bool) -> str:
    """The address and a table of log-in links."""
    from wijkapp.demo.parties import LOG_INS
    from wijkapp.kit.db import reading
    from wijkapp.people import factors
    from wijkapp.people.models import Account

    with reading() as db:
        known = {account.name: account for account in db.scalars(select(Account))}
    signer = factors.demo_signer(settings)
    rows = [
        (label, _who(known[name]), signer.dumps(known[name].fs_uniquifier))
        for label, name in LOG_INS
        if name in known
    ]
    lines = [
        "",
        f"wijkapp demo: {settings.address}",
        "Log in met een van deze links (zonder wachtwoord):",
        "",
    ]
    for label, who, token in rows:
        lines += [f"  {label:<24}{who}", f"    {settings.address}/demo/in/{token}", ""]
    if not quiet:
        lines += ["De andere aanbieders antwoorden vanzelf, na een paar tellen. Zonder: --quiet."]
    return "\n".join([*lines, "Stoppen: Ctrl+C.", ""])


def _who(account: "Account") -> str:
    organisation = account.organisation.name
    return organisation if organisation.startswith(account.name) else f"{account.name}, {organisation}"
