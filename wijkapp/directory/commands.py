"""Commands that load real geography and organisations from files."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from sqlalchemy import inspect

from wijkapp.directory.imports import organisations, population, postcodes, wijken
from wijkapp.directory.imports.files import Format, size
from wijkapp.directory.imports.outcome import Outcome
from wijkapp.kit import db
from wijkapp.kit.command import settings_or_end
from wijkapp.kit.errors import Refused
from wijkapp.kit.words import gettext as _
from wijkapp.kit.words import ngettext

FILES = click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
DRY_RUN = click.option("--dry-run", is_flag=True, help="only tell what would change")
SKIP_BAD = click.option("--skip-bad", is_flag=True, help="store the good rows when others are bad")


def _format_option(formats: tuple[Format, ...]) -> Callable[[Any], Any]:
    names = [each.name for each in formats]
    return click.option("--format", "form", type=click.Choice(names), help="do not guess the format")


@click.command("import-wijken")
@FILES
@click.option("--region", help="region they belong to; made when it is not there")
@_format_option(wijken.FORMATS)
@DRY_RUN
@SKIP_BAD
def import_wijken(files: Sequence[Path], region: str | None, **options: Any) -> None:
    """Load wijken from PDOK (GeoJSON pages) or our own CSV, with their neighbours."""
    _run(wijken.load_wijken, files, wijken.FORMATS, region=region, **options)


@click.command("import-postcodes")
@FILES
@_format_option(postcodes.FORMATS)
@DRY_RUN
@SKIP_BAD
def import_postcodes(files: Sequence[Path], **options: Any) -> None:
    """Load postcodes from GeoNames, CBS StatLine, the CBS list of addresses or our own CSV."""
    _run(postcodes.load_postcodes, files, postcodes.FORMATS, **options)


@click.command("import-organisations")
@FILES
@DRY_RUN
@SKIP_BAD
def import_organisations(files: Sequence[Path], **options: Any) -> None:
    """Load organisations and their teams from our own CSV."""
    _run(organisations.load_organisations, files, organisations.FORMATS, **options)


@click.command("import-population")
@FILES
@DRY_RUN
@SKIP_BAD
def import_population(files: Sequence[Path], **options: Any) -> None:
    """Load how many people live in each wijk, and how many are old, from our own CSV."""
    _run(population.load_population, files, population.FORMATS, **options)


commands: list[click.Command] = [import_wijken, import_postcodes, import_organisations, import_population]


def _run(
    load: Callable[..., Outcome], files: Sequence[Path], formats: tuple[Format, ...], **options: Any
) -> None:
    with _connected():
        try:
            total = sum(size(path, formats) for path in files)
            with click.progressbar(length=total, label=_("Lezen")) as bar:
                outcome = load(files, tell=bar.update, **options)
        except Refused as refused:
            raise click.ClickException(str(refused.sentence)) from None
    _report(outcome, dry_run=options["dry_run"])
    if outcome.bad_count and not options["skip_bad"]:
        raise SystemExit(1)


@contextmanager
def _connected() -> Iterator[None]:
    """The installation's database, which must have its tables."""
    settings = settings_or_end()
    empty = _("De database is nog leeg. Draai eerst: wijkapp migrate")
    if not settings.database_url and not settings.instance.exists():
        raise click.ClickException(empty)
    engine = db.connect(settings.database)
    try:
        if not inspect(engine).has_table("wijk"):
            raise click.ClickException(empty)
        yield
    finally:
        engine.dispose()


def _report(outcome: Outcome, *, dry_run: bool) -> None:
    click.echo(_("Formaat: %(format)s", format=outcome.format))
    click.echo(
        _(
            "Nieuw: %(new)s. Veranderd: %(changed)s. Gelijk: %(unchanged)s.",
            new=outcome.new,
            changed=outcome.changed,
            unchanged=outcome.unchanged,
        )
    )
    if outcome.outside:
        click.echo(_("Buiten dit gebied, dus niet gebruikt: %(n)s.", n=outcome.outside))
    for note in outcome.notes:
        click.echo(note)
    for bad in outcome.bad:
        click.echo(f"{bad.where}: {bad.why}", err=True)
    if outcome.bad_count > len(outcome.bad):
        click.echo(_("… en nog %(n)s foute regels.", n=outcome.bad_count - len(outcome.bad)), err=True)
    click.echo(_verdict(outcome, dry_run))


def _verdict(outcome: Outcome, dry_run: bool) -> str:
    if dry_run:
        return _("Proef: er is niets opgeslagen.")
    if outcome.stored:
        return _("Opgeslagen.")
    return ngettext(
        "Er is niets opgeslagen. Verbeter de foute regel, of laat die weg met --skip-bad.",
        "Er is niets opgeslagen. Verbeter de %(num)s foute regels, of laat ze weg met --skip-bad.",
        outcome.bad_count,
    )
