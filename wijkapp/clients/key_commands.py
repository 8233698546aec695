"""Commands about the key store of the vault: how it stands, a new master key, copies, putting one back."""

import re
import time as clock
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from wijkapp.clients import keys
from wijkapp.clients.rules import KEYS_KEPT
from wijkapp.clients.service import ends
from wijkapp.kit import config, crypto, db, time
from wijkapp.kit.command import settings_or_end
from wijkapp.kit.errors import Refused

STAMP = "%Y%m%dT%H%M%SZ"
COPY = re.compile(r"keys-(\d{8}T\d{6}Z)\.sqlite")
BREATH = 2.0
"""Seconds in which another process, that read the master key just before, stores what it wrapped with it."""

_days = click.option(
    "--keep-days", type=click.IntRange(0, 365), default=KEYS_KEPT.days, show_default=True, help="days to keep"
)
_folder = click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))


@click.group(name="keys")
def keys_of_the_vault() -> None:
    """The key store of the client vault."""
    settings = _settings()
    db.connect(settings.database)
    keys.use(settings.keys, settings.vault_keys)


def _settings() -> config.Settings:
    settings = settings_or_end()
    settings.make_instance()
    return settings


@keys_of_the_vault.command()
def count() -> None:
    """How many keys there are, and whether each is as it should be; exit 1 when one is not."""
    try:
        state = ends.state_of_keys()
    except Refused as refused:
        raise click.ClickException(str(refused)) from None
    click.echo(f"{state.in_force} in gebruik")
    click.echo(f"{state.ended} van toestemmingen die voorbij zijn (de klok vernietigt ze)")
    click.echo(f"{state.unknown} die bij geen toestemming horen (na een dag ruimt de klok ze op)")
    if state.missing or state.shut:
        click.echo(f"{state.missing} toestemmingen waarvan de sleutel er niet is")
        click.echo(f"{state.shut} die met geen van de hoofdsleutels opengaan")
        raise SystemExit(1)


@keys_of_the_vault.command()
def rotate() -> None:
    """Take a new master key. The data itself need not be sealed again, and the app may go on running.

    The key in secrets/vault.key is made here. With WIJKAPP_VAULT_KEY_FILE or _COMMAND you make it yourself:
    put the new key on a line before the old one, run this, and take the old line away.
    """
    settings = _settings()
    own = not (settings.vault_key_file or settings.vault_key_command)
    try:
        if own:
            # Beside the old one first: whoever starts now, or crashes now, can open everything.
            settings.secrets.write_vault_keys([crypto.MasterKey(crypto.new_key()), *settings.vault_keys()])
        number = keys.rewrap()
        clock.sleep(BREATH)
        number += keys.rewrap()
    except (Refused, config.BadSettings) as refused:
        raise click.ClickException(str(refused)) from None
    if own:
        settings.secrets.write_vault_keys(settings.vault_keys()[:1])
    click.echo(f"{number} sleutels ingepakt met de nieuwe hoofdsleutel.")
    click.echo(
        "Maak nu een nieuwe kopie van secrets/vault.key en vernietig de oude kopieën."
        if own
        else "Haal nu de oude hoofdsleutel weg, en vernietig de kopieën ervan."
    )


@keys_of_the_vault.command()
@_folder
@_days
def backup(folder: Path, keep_days: int) -> None:
    """Copy all keys, still wrapped, to FOLDER, and throw away copies there that are too old."""
    path = folder / f"keys-{time.now().strftime(STAMP)}.sqlite"
    try:
        number = keys.copy_to(path)
    except FileExistsError:
        raise click.ClickException(f"{path} bestaat al") from None
    click.echo(f"{number} sleutels naar {path}")
    _throw_away(folder, keep_days)


@keys_of_the_vault.command()
@_folder
@_days
def prune(folder: Path, keep_days: int) -> None:
    """Throw away copies in FOLDER that are too old: until then they open what a client withdrew."""
    _throw_away(folder, keep_days)


def _throw_away(folder: Path, keep_days: int) -> None:
    oldest = time.now() - timedelta(days=keep_days)
    for path in sorted(folder.iterdir()):
        # By the moment in its name: copying a file to another disk changes its date.
        found = COPY.fullmatch(path.name)
        if found and datetime.strptime(found[1], STAMP).replace(tzinfo=UTC) < oldest:
            path.unlink()
            click.echo(f"weg: {path.name}")


@keys_of_the_vault.command()
@click.argument("copy", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(copy: Path) -> None:
    """Put back keys from a COPY that are missing; what has ended meanwhile is destroyed again at once."""
    try:
        added = keys.add_from(copy)
    except keys.NoCopy as wrong:
        raise click.ClickException(f"{copy}: {wrong}") from None
    ends.destroy_due()
    again = ends.sweep_keys()
    click.echo(f"{added} sleutels teruggezet, waarvan {again} opnieuw vernietigd.")
