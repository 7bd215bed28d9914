"""Keep the templates of feeds between builds, so that feedgen need not be imported."""

from contextlib import suppress

import msgspec

from syndicate.feeds.formats import add_shapes, known_shapes
from syndicate.state.cache import Cache
from syndicate.state.keys import code_version

__all__ = ["keep_shapes", "teach_kept_shapes"]

_NOTE = "shapes"


def teach_kept_shapes(cache: Cache) -> bytes:
    """Load the templates of the last build, and return their stored form.

    Templates of another version of this program or its libraries are ignored.
    """
    kept, version = cache.note(_NOTE), code_version()
    if kept.startswith(version):
        with suppress(msgspec.DecodeError, ValueError):
            add_shapes(kept[len(version) :])
            return kept
    return b""


def keep_shapes(cache: Cache, kept: bytes) -> None:
    """Store the templates of this process, unless they equal `kept`."""
    data = code_version() + known_shapes()
    if data != kept:
        cache.keep_note(_NOTE, data)
