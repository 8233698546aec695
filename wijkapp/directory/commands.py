"""Commands that load real geography and organisations from files."""

import click

commands: list[click.Command] = []
