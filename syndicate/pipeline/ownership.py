"""Which files in the output folder are ours. They are known by their digests, not by their names.

A file of an older version has no digest; it is ours if it says that we made it.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from hashlib import blake2b
from pathlib import Path

from msgspec import Struct

from syndicate.errors import OutputError
from syndicate.files.read import Refused, open_own
from syndicate.model import FORMATS, PAGE_MARK, Change, Problem, Writable
from syndicate.state.manifest import Written

__all__ = ["Ownership", "digest_at", "digest_of", "digests_of", "ownership", "ownership_problems"]

_HEAD_BYTES = 2_000
"""In which a feed of any program says that it is one."""
_MARK_BYTES = 16_000
"""In which ours says that we made it, after a long title and description."""
_PIECE_BYTES = 1 << 20
_DIGEST_BYTES = 12
_MOST_DIGESTS = 4
"""Digests of one path: a file that is restored from an earlier build is ours as well."""
_FEED = re.compile(
    b"|".join(row.sign for row in FORMATS.values())
    + rb"|<opml\b|"
    + re.escape(PAGE_MARK.encode())
    + rb"|[Ww]ritten by syndicate"
)
_OURS = re.compile(
    rb"<generator>syndicate</generator>"
    rb"|" + re.escape(PAGE_MARK.encode()) + rb"|[Ww]ritten by syndicate"
    rb'|\A\{"version":"https://jsonfeed\.org/version/1\.1","title":'
    rb'|<opml version="2\.0">\n  <head>\n(?:    <.*\n){1,9}'
    rb"    <docs>http://opml\.org/spec2\.opml</docs>"
)
_CURE = "set [output] path to a folder that you may write to"


class Ownership(Struct, frozen=True):
    """Paths in the output folder by who owns the file there.

    `theirs` are wanted paths with files of others, which stay. `foreign` are wanted paths with
    feeds of others, which ours replace. `removable` are unwanted paths with a file of ours or
    none, `left` unwanted paths with files of others.
    """

    theirs: frozenset[str]
    foreign: frozenset[str]
    removable: frozenset[str]
    left: frozenset[str]


def ownership(
    wanted: Iterable[str], output: Path, before: Written, *, unwanted: Iterable[str], force: bool
) -> Ownership:
    """Return who owns the files at `wanted` and `unwanted` paths; `before` is what builds wrote.

    With `force` every file at a wanted path is replaced. Raises OutputError for a file that cannot
    be read.
    """
    ours = frozenset(before.files)
    theirs, foreign = set[str](), set[str]()
    for path in wanted:
        if (found := _read(output / path)) is None:
            continue
        head, digest = found
        if path in ours and (not head or _is_ours(head, digest, before.digests.get(path, ()))):
            continue
        is_feed = _is_feed(head) and not head.startswith(b"---")  # no template of one
        (foreign if force or (path not in ours and is_feed) else theirs).add(path)
    left = set[str]()
    gone = frozenset(unwanted)
    for path in gone:
        found = _read(output / path)
        if found and not _is_ours(*found, before.digests.get(path, ())):
            left.add(path)
    return Ownership(frozenset(theirs), frozenset(foreign), gone - left, frozenset(left))


def digest_of(document: Writable) -> str:
    """Return the digest by which the document's file is known."""
    found = blake2b(digest_size=_DIGEST_BYTES)
    for piece in document.pieces():
        found.update(piece)
    return found.hexdigest()


def digest_at(file: Path) -> str:
    """Return the digest of a file that is as the last build left it. Raises OutputError."""
    found = _read(file)
    return found[1] if found else ""


def digests_of(
    paths: Collection[str], made: Mapping[str, str], before: Written
) -> dict[str, tuple[str, ...]]:
    """Return the digests that files at `paths` may have: what was `made` now, then earlier ones."""
    found = {
        path: tuple(dict.fromkeys((*([made[path]] if path in made else ()), *earlier)))
        for path in paths
        if (earlier := before.digests.get(path, ())) or path in made
    }
    return {path: digests[:_MOST_DIGESTS] for path, digests in found.items()}


def ownership_problems(found: Ownership, changes: Iterable[Change]) -> Iterator[Problem]:
    """Yield a Problem for each file of others that a build with these `changes` replaced or kept.

    A file of theirs that is what we would write is ours.
    """
    done = {change.path: change.action for change in changes}
    for path in sorted(found.foreign):
        if done.get(path) == "updated":
            yield Problem(
                path,
                "replaced-file",
                "stood in the output folder, not written by any build that is remembered; replaced",
                "keep the state folder between builds, or set another [output] path",
            )
    for path in sorted(found.theirs.difference(done)):
        yield Problem(
            path,
            "kept-file",
            "stands in the output folder and is not as we left it; it was kept, and not updated",
            "move it away, or replace it by `syndicate build --force`",
        )
    for path in sorted(found.left):
        yield Problem(
            path,
            "kept-file",
            "stands where a feed was that is not made any more; it is not ours and was kept",
            "remove it yourself if you do not need it",
        )


def _is_ours(head: bytes, digest: str, known: Collection[str]) -> bool:
    """Return whether a file is ours: a feed or page, with a known digest if any is known."""
    if known:
        return digest in known and _is_feed(head)
    return _OURS.search(head) is not None


def _is_feed(head: bytes) -> bool:
    return _FEED.search(head, 0, _HEAD_BYTES) is not None


def _read(file: Path) -> tuple[bytes, str] | None:
    """Return the beginning and digest of a file; None where no file is there."""
    try:
        with open_own(file) as stream:
            head = stream.read(_MARK_BYTES)
            hashed = blake2b(head, digest_size=_DIGEST_BYTES)
            while piece := stream.read(_PIECE_BYTES):
                hashed.update(piece)
            return head, hashed.hexdigest()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None  # a folder is named when it is in the way
    except Refused:  # a device, or what has no end, is nobody's feed
        return b"", ""
    except OSError as error:
        where = str(file)
        raise OutputError(where, f"cannot be read ({error.strerror})", _CURE) from error
