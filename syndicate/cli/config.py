"""``syndicate config``: what config.toml may hold."""

import click

__all__ = ["config_group"]


@click.group("config")
def config_group() -> None:
    """Tell what config.toml may hold."""


@config_group.command()
def schema() -> None:
    """Print the JSON Schema of config.toml, for editors.

    Save it beside config.toml, and write `#:schema config.schema.json` into the first line.
    """
    import msgspec

    from syndicate.config.json_schema import json_schema

    click.echo(msgspec.json.format(msgspec.json.encode(json_schema())).decode())
