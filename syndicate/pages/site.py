"""Write the ``<link>`` lines by which browsers and readers find the feeds into a built site.

The lines stand in the head between two comments of ours. All other bytes of a page are kept, and
pages with the right lines are not written.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from shutil import copymode

from msgspec import Struct

from syndicate.config.layouts import Layout
from syndicate.errors import OutputError
from syndicate.feeds.paths import address
from syndicate.files.read import Refused, read_own
from syndicate.files.write import sync_all, write_new
from syndicate.model import FeedPlan, LeftOut, Site
from syndicate.pages.html_head import NotAPage, with_links
from syndicate.pages.link_tags import general, links
from syndicate.pages.page_paths import paths
from syndicate.pages.site_pages import own_feeds, topics_of
from syndicate.text.digests import fingerprint

__all__ = ["LARGEST", "Linked", "link"]

LARGEST = 16_000_000
"""Bytes of the largest page that is read."""
_ENDINGS = (".html", ".htm", ".xhtml")


class Linked(Struct, frozen=True):
    """Result of `link`: changed pages, the number of unchanged pages, and skipped files.

    `topics` counts the pages that also link a feed of their own category, tag or author.
    """

    changed: tuple[str, ...]
    unchanged: int
    topics: int
    left_out: tuple[LeftOut, ...]


def link(
    folder: Path,
    feeds: Sequence[FeedPlan],
    *,
    site: Site,
    layout: Layout,
    dry_run: bool = False,
) -> Linked:
    """Write ``<link>`` lines for `feeds` into the pages of the built site in `folder`.

    Each page links the feed of everything and the feeds of the languages. The page of a category,
    tag or author also links its own feed. `dry_run` writes nothing. All pages are staged and synced
    before the first is replaced, so that each page is whole at any time. Raises OutputError if the
    folder cannot be read or a page cannot be written.
    """
    staged: dict[Path, Path] = {}
    try:
        linked = _linked(folder, feeds, site, layout, None if dry_run else staged)
        _commit(staged)
    finally:
        for temporary in staged.values():
            with suppress(OSError):  # the first error is the one to report
                temporary.unlink(missing_ok=True)
    return linked


def _linked(
    folder: Path,
    feeds: Sequence[FeedPlan],
    site: Site,
    layout: Layout,
    staged: dict[Path, Path] | None,
) -> Linked:
    everywhere, topics = general(feeds), topics_of(feeds, layout)
    ours = paths(feeds, layout)
    changed: list[str] = []
    left_out: list[LeftOut] = []
    unchanged = about = 0
    for path in _pages(folder):
        if path in ours:
            continue
        own = [feed for feed in own_feeds(path, topics) if feed not in everywhere]
        wanted = links([*everywhere, *own], site)
        try:
            differs = _link_page(folder, path, wanted, site, staged)
        except NotAPage as what:
            left_out.append(LeftOut(path.encode("utf-8", "replace").decode(), str(what)))
            continue
        about += bool(own)
        unchanged += not differs
        changed += [path] * differs
    return Linked(tuple(changed), unchanged, about, tuple(left_out))


def _link_page(
    folder: Path,
    path: str,
    wanted: Mapping[str, str],
    site: Site,
    staged: dict[Path, Path] | None,
) -> bool:
    """Return whether the page has to change to hold the `wanted` lines.

    With `staged`, the new page is written beside the old one and added there. Raises NotAPage and
    OutputError.
    """
    if not _is_unicode(path):
        raise NotAPage("has a name that is not UTF-8")
    before = _read(folder / path)
    place = address(site.url, path.removesuffix("index.html"))
    after = with_links(before, wanted, address=place)
    if after != before and staged is not None:
        _stage(folder / path, after, staged)
    return after != before


def _pages(folder: Path) -> Iterator[str]:
    """Yield the pages below `folder`, sorted, without hidden folders and symbolic links."""

    def refuse(error: OSError) -> None:
        where = str(error.filename or folder)
        cure = "name the folder that your generator builds, as _site or public"
        raise OutputError(where, f"cannot be read ({error.strerror})", cure) from error

    for place, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if name.lower().endswith(_ENDINGS):
                yield (Path(place) / name).relative_to(folder).as_posix()


def _is_unicode(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _read(page: Path) -> bytes:
    """Return the bytes of the page. Raises NotAPage."""
    if page.is_symlink():
        raise NotAPage("is a link to another file")
    try:
        return read_own(page, LARGEST)
    except Refused as error:
        raise NotAPage(str(error.strerror)) from error
    except OSError as error:
        raise NotAPage(f"cannot be read ({error.strerror})") from error


def _stage(page: Path, data: bytes, staged: dict[Path, Path]) -> None:
    # Not the page's own name and more: that may be too long.
    temporary = page.with_name(f".{fingerprint(page.name)}.part")
    staged[page] = temporary
    try:
        write_new(temporary, data)
        copymode(page, temporary)
    except OSError as error:
        cure = "see that you may write there; no page was changed"
        raise OutputError(str(page), f"cannot be written ({error.strerror})", cure) from error


def _commit(staged: Mapping[Path, Path]) -> None:
    try:
        sync_all(map(str, staged.values()))
        for page, temporary in staged.items():
            temporary.replace(page)
    except OSError as error:
        where = str(error.filename or "the disk")
        cure = "see that you may write there, and run it again: every page is whole"
        raise OutputError(where, f"cannot be written ({error.strerror})", cure) from error
