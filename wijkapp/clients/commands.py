"""Commands about the log of client data."""

import re

import click

from wijkapp.clients.audit_rules import Break, Broken
from wijkapp.clients.service import audit
from wijkapp.clients.service.audit import End
from wijkapp.kit import db
from wijkapp.kit.command import settings_or_end

_SAYS = {
    Broken.CHANGED: "Regel {seq} is veranderd: wat er staat hoort niet bij de controlesom.",
    Broken.MISSING: "Regel {seq} ontbreekt.",
    Broken.MOVED: "Regel {seq} stond eerst op een andere plaats.",
    Broken.UNTIED: "Regel {seq} sluit niet aan op de regel ervoor: een van de twee is opnieuw geschreven.",
    Broken.CUT_OFF: "Het einde is weg: regel {seq} en wat daarna kwam.",
    Broken.ADDED: "Regel {seq} staat voorbij het einde: hij is niet door wijkapp geschreven.",
    Broken.OTHER_THAN_NOTED: "Regel {seq} is een andere dan je hebt genoteerd: het logboek is herschreven.",
}


class _EndType(click.ParamType):
    """A line as `wijkapp audit head` prints it: its number, a space or colon, its hash."""

    name = "number:hash"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> End:
        found = re.fullmatch(r"\s*(\d{1,18})[\s:]+([0-9a-f]{64})\s*", str(value))
        if not found:
            self.fail("write it as wijkapp audit head prints it: number:hash", param, ctx)
        return End(int(found[1]), found[2])


@click.group(name="audit")
def audit_log() -> None:
    """The log of client data: is it whole, and where does it end?"""
    db.connect(settings_or_end().database)


@audit_log.command()
@click.option("--noted", type=_EndType(), help="an end that you wrote down earlier")
@click.option("--kept-from", type=_EndType(), help="the last line that was removed after five years")
def verify(noted: End | None, kept_from: End | None) -> None:
    """Check every line; exit 1 and name the first that is not as it was written."""
    broken = audit.verify(noted, kept_from)
    if broken:
        raise click.ClickException(sentence(broken))
    end = audit.head()
    click.echo(f"Het logboek klopt: {end.seq} regels.\nLaatste regel: {end.seq}:{end.hash}")


@audit_log.command()
def head() -> None:
    """Print number and hash of the last line, to note outside this machine."""
    end = audit.head()
    click.echo(f"{end.seq}:{end.hash}")


def sentence(broken: Break) -> str:
    """What is wrong, for whoever hosts wijkapp."""
    return _SAYS[broken.how].format(seq=broken.seq)


commands = (audit_log,)
