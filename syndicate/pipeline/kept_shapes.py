"""Keep the templates of feeds between builds, so that feedgen need not be imported."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import msgspec

from syndicate.feeds.formats import add_shapes, known_shapes
from syndicate.state.cache import Cache
from syndicate.state.keys import code_version

__all__ = ["kept_shapes"]

_NOTE = "shapes"


@contextmanager
def kept_shapes(cache: Cache) -> Iterator[None]:
    """Load the templates of the last build; after the block, store those of this process.

    Templates of another version of this program or its libraries are ignored.
    """
    kept, version = cache.note(_NOTE), code_version()
    if kept.startswith(version):
        with suppress(msgspec.DecodeError, ValueError):
            add_shapes(kept[len(version) :])
    yield
    data = version + known_shapes()
    if data != kept:
        cache.keep_note(_NOTE, data)
