"""Commands of this room: what our way of asking does in a made-up region."""

import json
from dataclasses import asdict, replace
from math import isinf
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wijkapp.matching.simulation import Outcome

PHONES_SPARED = 0.6
SOON = 10.0  # minutes


@click.command()
@click.option("--seed", default=1, help="another seed is another region")
@click.option("--days", default=28, type=click.IntRange(1, 365), help="days that are measured")
@click.option("--providers", default=48, type=click.IntRange(1, 500))
@click.option("--requests", default=20.0, type=click.FloatRange(0.1, 500), help="on a working day")
@click.option("--freed", type=click.FloatRange(0, 5), help="places a day that come free per team and product")
@click.option("--taken", type=click.FloatRange(0, 5), help="and that go without the app")
@click.option("--json", "as_json", is_flag=True, help="one line of JSON per way of asking")
def simulate(
    seed: int,
    days: int,
    providers: int,
    requests: float,
    freed: float | None,
    taken: float | None,
    as_json: bool,
) -> None:
    """Compare ways of asking in a made-up region: how soon is there an offer, how many phones ring?"""
    from wijkapp.matching.made_up import Settings
    from wijkapp.matching.ways import compared

    settings = Settings(seed=seed, days=days, providers=providers, requests_a_day=requests)
    if freed is not None:
        settings = replace(settings, freed=freed)
    if taken is not None:
        settings = replace(settings, taken=taken)
    found = list(compared(settings))
    if as_json:
        for one in found:
            click.echo(json.dumps(asdict(one)))
        return
    click.echo(f"{found[0].requests} zorgvragen in {days} dagen, {providers} aanbieders, zaad {seed}\n")
    _show(found)
    _judge(everybody=found[0], waves=found[-1])


def _show(found: "Sequence[Outcome]") -> None:
    click.echo(f"{'':20}{'eerste passend aanbod':>24}{'binnen':>10}{'':>10}{'telefoons':>12}")
    click.echo(f"{'':20}{'mediaan':>12}{'p90':>12}{'termijn':>10}{'geplaatst':>10}{'per vraag':>12}")
    for one in found:
        click.echo(
            f"{one.way:20}{_minutes(one.median):>12}{_minutes(one.p90):>12}{one.within_term:>10.1%}"
            f"{one.placed:>10.1%}{one.phones:>12.1f}"
        )


def _judge(*, everybody: "Outcome", waves: "Outcome") -> None:
    spared = 1 - waves.phones / everybody.phones
    met = waves.median <= SOON and spared >= PHONES_SPARED and waves.placed >= everybody.placed
    click.echo(f"\nOnze golven laten {spared:.0%} minder telefoons gaan dan iedereen tegelijk bellen.")
    click.echo(
        f"Doel {'gehaald' if met else 'niet gehaald'}: mediaan hoogstens {SOON:.0f} minuten, ten minste "
        f"{PHONES_SPARED:.0%} minder telefoons, en niet minder geplaatst."
    )


def _minutes(value: float) -> str:
    if isinf(value):
        return "nooit"
    return f"{value:.1f} min" if value < 120 else f"{value / 60:.1f} uur"


commands = (simulate,)
