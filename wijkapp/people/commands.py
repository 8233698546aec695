"""Commands for whoever hosts the app: the first organisations and admin, and somebody who is locked out."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from wijkapp.kit import config, db, freetext, letters
from wijkapp.kit.command import settings_or_end
from wijkapp.kit.errors import Refused
from wijkapp.people import service
from wijkapp.people.rules import OrganisationKind, Role
from wijkapp.people.service import Invitee


def _on_the_database(command: Callable[..., None]) -> Callable[..., None]:
    """Run with the settings of this installation, and say in one line why something was refused."""

    @wraps(command)
    def run(**options: Any) -> None:
        settings = settings_or_end()
        db.connect(settings.database)
        letters.use(settings.secrets.master)
        try:
            command(settings, **options)
        except Refused as refused:
            said = [str(message) for message in refused.fields.values()] or [str(refused.sentence)]
            raise click.ClickException(" ".join(said)) from None

    return run


@click.command(name="add-organisation")
@click.argument("name")
@click.option("--kind", type=click.Choice([kind.value for kind in OrganisationKind]), required=True)
@click.option("--agb", help="AGB code, 8 digits")
@click.option("--place")
@_on_the_database
def add_organisation(
    _settings: config.Settings, name: str, kind: str, agb: str | None, place: str | None
) -> None:
    """Add a party to the cooperation."""
    for text in (name, place):
        freetext.guard().check_name(text or "")
    service.add_organisation(OrganisationKind(kind), name, agb, place)
    click.echo(f"Toegevoegd: {name}")


@click.command(name="add-account")
@click.argument("email")
@click.option("--organisation", required=True, help="name of the organisation")
@click.option("--name", required=True, help="name of the person")
@click.option(
    "--role", "roles", type=click.Choice([role.value for role in Role]), multiple=True, required=True
)
@_on_the_database
def add_account(
    settings: config.Settings, email: str, organisation: str, name: str, roles: tuple[str, ...]
) -> None:
    """Invite somebody; prints the link to hand over. Good for the first admin of an organisation."""
    freetext.guard().check_name(name)
    invitee = Invitee(email.strip().lower(), name, frozenset(Role(role) for role in roles))
    token = service.invite_from_outside(organisation, invitee)
    click.echo(f"Geef deze link aan {name}; hij werkt één keer, een week lang:")
    click.echo(f"{settings.address}/uitnodiging/{token}")


@click.command(name="log-in-link")
@click.argument("email")
@click.option(
    "--forget-factors", is_flag=True, help="also throw passkeys, authenticator, codes and password away"
)
@_on_the_database
def log_in_link(settings: config.Settings, email: str, forget_factors: bool) -> None:
    """Print a log-in link for an account, when its mail does not arrive or its second step is lost."""
    token = service.link_from_outside(email.strip().lower(), forget=forget_factors)
    click.echo("Deze link werkt één keer, een kwartier lang:")
    click.echo(f"{settings.address}/inloggen/link/{token}")


@click.command(name="appoint-coordinator")
@click.argument("email")
@click.option("--ends", is_flag=True, help="this person is no longer wijkregisseur")
@_on_the_database
def appoint_coordinator(_settings: config.Settings, email: str, ends: bool) -> None:
    """Make somebody wijkregisseur of their organisation's regions: no organisation can do that itself."""
    service.appoint_coordinator(email.strip(), ends=ends)
    click.echo("Geen wijkregisseur meer." if ends else "Nu wijkregisseur.")


commands = (add_organisation, add_account, log_in_link, appoint_coordinator)
