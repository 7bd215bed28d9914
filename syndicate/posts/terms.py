"""The categories and tags of a post."""

from collections.abc import Mapping
from typing import Any

from syndicate.engines.base import Engine
from syndicate.model import Source
from syndicate.posts import fields

__all__ = ["categories_of", "tags_of"]


def categories_of(
    engine: Engine, source: Source, own: Mapping[str, Any], defaults: Mapping[str, Any]
) -> tuple[str, ...]:
    """Return the categories of the front matter, its defaults and the post's folders."""
    found: dict[str, None] = {}
    # Jekyll puts the categories of the plural key before those of the singular key.
    for key in reversed(engine.category_keys):
        values = [own[key]] if key in own else []
        if key in defaults and (not values or (engine.folders_add_categories and _plural(key))):
            values.insert(0, defaults[key])
        for value in values:
            found |= dict.fromkeys(_terms(engine, key, value))
    folders = source.place.categories
    if engine.folders_add_categories or not found:
        return tuple(dict.fromkeys((*folders, *found)))
    return tuple(found)


def tags_of(engine: Engine, meta: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the tags under the first of the engine's keys that the front matter has."""
    for key in engine.tag_keys:
        if meta.get(key) is not None:
            return _terms(engine, key, meta[key])
    return ()


def _terms(engine: Engine, key: str, value: Any) -> tuple[str, ...]:
    return fields.terms(value, engine.terms_split if _plural(key) else "")


def _plural(key: str) -> bool:
    return key.endswith("s")
