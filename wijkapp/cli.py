"""Commands for people. `wijkapp --help` lists them.

What a command needs is imported when it runs: `wijkapp screen` is a filter for scripts and stays light.
"""

import gc
import sys

if len(sys.argv) > 1 and sys.argv[1] in {"serve", "demo", "clock"}:
    # Before anything else is imported: what is imported first keeps the blocking versions.
    from gevent import monkey

    monkey.patch_all()

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wijkapp.clients.screen_command import screen_lines

if TYPE_CHECKING:
    from alembic.config import Config as AlembicConfig

    from wijkapp.kit import config

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="wijkapp")
@click.pass_context
def main(context: click.Context) -> None:
    """Samen zorg verdelen in de wijk."""
    if context.invoked_subcommand == screen_lines.name:
        return  # takes nothing in
    from wijkapp.clients import guard
    from wijkapp.kit import freetext

    freetext.guarded_by(guard)  # names come in by commands too


def load_settings(**given: object) -> "config.Settings":
    """The settings of a server; a demo is not opened to others by accident."""
    from wijkapp.kit.command import settings_or_end

    settings = settings_or_end(**given)
    if settings.demo and settings.host not in LOOPBACK and not settings.demo_public:
        raise click.ClickException(
            "De demo heeft inloglinks zonder wachtwoord en luistert daarom alleen op 127.0.0.1. "
            "Wil je hem toch openzetten? Zet WIJKAPP_DEMO_PUBLIC=1."
        )
    return settings


def alembic_config(url: str) -> "AlembicConfig":
    """Where the migrations are: beside the package in a checkout, inside it in a wheel."""
    from alembic.config import Config as AlembicConfig

    here = Path(__file__).parent
    folder = next(p for p in (here.parent / "migrations", here / "migrations") if (p / "env.py").exists())
    made = AlembicConfig()
    made.set_main_option("script_location", str(folder))
    made.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return made


def bring_up_to_date(settings: "config.Settings") -> None:
    """All migrations and the reference data (products, skills, insurers)."""
    from alembic import command as alembic

    from wijkapp.directory import service as directory
    from wijkapp.kit import db

    settings.make_instance()
    db.connect(settings.database)
    alembic.upgrade(alembic_config(settings.database), "head")
    directory.load_reference_data()


@main.command()
@click.option("--host", help="address to listen on")
@click.option("--port", type=int, help="port to listen on")
@click.option("--no-clock", is_flag=True, help="another process runs the clock")
def serve(host: str | None, port: int | None, no_clock: bool) -> None:
    """Run wijkapp: the pages, the live line, the dispatcher and the clock."""
    settings = load_settings(**_given(host=host, port=port))
    bring_up_to_date(settings)
    run(settings, with_clock=not no_clock)


def run(settings: "config.Settings", *, with_clock: bool = True, **more_jobs: Any) -> None:
    """Serve until stopped."""
    from wijkapp import clock
    from wijkapp.app import create_app
    from wijkapp.kit import socket as live
    from wijkapp.notify import dispatch

    app = create_app(settings)
    dispatch.start(app)
    if with_clock:
        clock.start(settings.instance, {**clock.JOBS, **more_jobs})
    keep_what_is_loaded()
    click.echo(f"wijkapp staat open op {settings.address}")
    live.serve(app, settings.host, settings.port)


def keep_what_is_loaded() -> None:
    """What was loaded by now stays for good: collecting it again and again held up one page in twenty."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@main.command(name="clock")
def run_clock() -> None:
    """Run only the clock, beside `serve --no-clock`."""
    from gevent.event import Event

    from wijkapp import clock
    from wijkapp.app import create_app

    settings = load_settings()
    create_app(settings)
    clock.start(settings.instance)
    Event().wait()


@main.command()
def migrate() -> None:
    """Bring the database up to date."""
    from wijkapp.kit import db

    settings = load_settings()
    bring_up_to_date(settings)
    click.echo(f"Bijgewerkt: {db.engine().url.render_as_string(hide_password=True)}")


def _given(**options: object) -> dict[str, object]:
    return {name: value for name, value in options.items() if value is not None}


def _mount() -> None:
    main.add_command(screen_lines)
    if sys.argv[1:2] == [screen_lines.name]:
        return  # a filter for scripts is light: the others bring the whole server along
    from wijkapp.agreements.commands import agreement
    from wijkapp.clients import commands as clients_commands
    from wijkapp.clients import key_commands
    from wijkapp.demo import command as demo_command
    from wijkapp.directory import commands as directory_commands
    from wijkapp.matching import commands as matching_commands
    from wijkapp.people import commands as people_commands
    from wijkapp.rota.commands import rota

    for each in (
        demo_command.demo,
        *clients_commands.commands,
        key_commands.keys_of_the_vault,
        *directory_commands.commands,
        *matching_commands.commands,
        *people_commands.commands,
        rota,
        agreement,
    ):
        main.add_command(each)


_mount()

if __name__ == "__main__":
    main()
