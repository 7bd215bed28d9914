"""``syndicate config``."""

import click

__all__ = ["command"]


@click.group("config")
def command() -> None:
    """Describe config.toml for editors."""


@command.command()
def schema() -> None:
    """Print the JSON Schema of config.toml, for editors.

    Save it beside config.toml, and write `#:schema config.schema.json` into the first line.
    """
    import msgspec

    from syndicate.config.json_schema import json_schema

    click.echo(msgspec.json.format(msgspec.json.encode(json_schema())).decode())
