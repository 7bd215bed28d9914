"""JSON Schema of config.toml, with which editors complete and check it."""

from typing import Any

import msgspec

from syndicate.config.schema import ENGINE_NAMES, Tables

__all__ = ["json_schema"]


def json_schema() -> dict[str, Any]:
    """Return the schema (JSON Schema 2020-12), made from the types of config.toml.

    It has no rules about several keys, files or the machine; `syndicate check` reports these.
    """
    schema = msgspec.json.schema(Tables)
    definitions = schema["$defs"]
    definitions["PostsConfig"]["properties"]["engine"]["enum"] = ["auto", *ENGINE_NAMES]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "config.toml of syndicate",
        **{key: value for key, value in definitions.pop(Tables.__name__).items() if key != "title"},
        "$defs": definitions,
    }
