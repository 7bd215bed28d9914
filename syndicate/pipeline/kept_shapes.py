"""Templates of feeds, kept between builds: with them, feedgen need not even be imported."""

from contextlib import suppress

import msgspec

from syndicate.feeds.by_shape import known_shapes, teach_shapes
from syndicate.state.cache import Cache
from syndicate.state.keys import code_version

__all__ = ["keep_shapes", "teach_kept_shapes"]

_NOTE = "shapes"


def teach_kept_shapes(cache: Cache) -> bytes:
    """Let this process know the templates of the last build; return them as they are kept.

    Those of another version of the program or of its libraries are not taken.
    """
    kept, version = cache.note(_NOTE), code_version()
    if kept.startswith(version):
        with suppress(msgspec.DecodeError, ValueError):
            teach_shapes(kept[len(version) :])
            return kept
    return b""


def keep_shapes(cache: Cache, kept: bytes) -> None:
    """Keep the templates that this process knows, unless they are those that were `kept`."""
    data = code_version() + known_shapes()
    if data != kept:
        cache.keep_note(_NOTE, data)
