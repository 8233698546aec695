"""What every command for people begins with."""

import click

from wijkapp.kit import config, logs


def settings_or_end(**given: object) -> config.Settings:
    """The settings, or a clear end: one line per setting that cannot be.

    Logging is set up at once, so that whatever goes wrong later shows no value of a variable.
    """
    try:
        loaded = config.load(**given)
    except config.BadSettings as wrong:
        raise click.ClickException(f"wijkapp start niet met deze instellingen:\n{wrong}") from None
    logs.set_up(loaded.log_level, loaded.log_format)
    return loaded
