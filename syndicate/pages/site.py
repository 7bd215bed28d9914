"""A built site's pages -> the same with the lines by which browsers and readers find the feeds.

Only heads are touched, between two comments of ours; the rest of a page keeps its bytes. Pages
that hold the right lines already are not written.
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
    """What `link` did: the pages it changed, how many had the right lines, and what it let be.

    `topics` counts the pages that were given a feed of their own besides that of everything.
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
    """Give the pages below `folder`, where the site at `site.url` is built, the feeds to offer.

    Each offers that of everything and those of the languages, the page of a category, tag or
    author its own besides. `dry_run` tells what would be done. Raises OutputError where the
    folder cannot be read or a page cannot be written. Each page is whole at any time: all are
    staged and synced before the first is renamed over.
    """
    staged: dict[Path, Path] = {}
    try:
        linked = _linked(folder, feeds, site, layout, None if dry_run else staged)
        _commit(staged)
    finally:
        for temporary in staged.values():
            with suppress(OSError):  # the reason of the failure is told; this would hide it
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
    """Return whether the page lacked some of the lines that are `wanted`.

    The new page is written beside it, and noted in `staged` if that is given. Raises NotAPage,
    OutputError.
    """
    if not _is_unicode(path):
        raise NotAPage("its name is not in UTF-8")
    before = _read(folder / path)
    place = address(site.url, path.removesuffix("index.html"))
    after = with_links(before, wanted, address=place)
    if after != before and staged is not None:
        _stage(folder / path, after, staged)
    return after != before


def _pages(folder: Path) -> Iterator[str]:
    """The pages below `folder`, sorted; hidden folders and what links lead to are not its own."""

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
    """Raises NotAPage."""
    if page.is_symlink():
        raise NotAPage("a link to another file")
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
