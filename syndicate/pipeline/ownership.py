"""Ownership of files in the output folder. Our own files are recognised by their digests.

Files of older versions have no recorded digest; they are ours if they name us as their generator.
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
"""Bytes at the beginning in which a feed can be recognised."""
_MARK_BYTES = 16_000
"""Bytes at the beginning in which our generator mark is, after a long title and description."""
_PIECE_BYTES = 1 << 20
_DIGEST_BYTES = 12
_MOST_DIGESTS = 4
"""Digests kept per path, so that a file restored from an earlier build is ours as well."""
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
    """Paths in the output folder, grouped by the owner of their files.

    `theirs` are wanted paths with other programs' files, which stay. `foreign` are wanted paths
    with other programs' feeds, which are replaced. `removable` are unwanted paths with our files or
    without a file, `left` unwanted paths with other programs' files.
    """

    theirs: frozenset[str]
    foreign: frozenset[str]
    removable: frozenset[str]
    left: frozenset[str]


def ownership(
    wanted: Iterable[str], output: Path, before: Written, *, unwanted: Iterable[str], force: bool
) -> Ownership:
    """Return the ownership of `wanted` and `unwanted` paths. `before` records earlier builds.

    `force` replaces every file at a wanted path. Raises OutputError for an unreadable file.
    """
    ours = frozenset(before.files)
    theirs, foreign = set[str](), set[str]()
    for path in wanted:
        if (file := _read(output / path)) is None:
            continue
        head, digest = file
        if path in ours and (not head or _is_ours(head, digest, before.digests.get(path, ()))):
            continue
        is_feed = _is_feed(head) and not head.startswith(b"---")  # front matter: a template
        (foreign if force or (path not in ours and is_feed) else theirs).add(path)
    left = set[str]()
    gone = frozenset(unwanted)
    for path in gone:
        file = _read(output / path)
        if file and not _is_ours(*file, before.digests.get(path, ())):
            left.add(path)
    return Ownership(frozenset(theirs), frozenset(foreign), gone - left, frozenset(left))


def digest_of(document: Writable) -> str:
    """Return the digest of the document's bytes."""
    hashed = blake2b(digest_size=_DIGEST_BYTES)
    for piece in document.pieces():
        hashed.update(piece)
    return hashed.hexdigest()


def digest_at(file: Path) -> str:
    """Return the digest of a file; "" if it does not exist. Raises OutputError."""
    contents = _read(file)
    return contents[1] if contents else ""


def digests_of(
    paths: Collection[str], made: Mapping[str, str], before: Written
) -> dict[str, tuple[str, ...]]:
    """Return the digests that files at `paths` may have: the one `made` now, then earlier ones."""
    digests_by_path = {
        path: tuple(dict.fromkeys((*([made[path]] if path in made else ()), *earlier)))
        for path in paths
        if (earlier := before.digests.get(path, ())) or path in made
    }
    return {path: digests[:_MOST_DIGESTS] for path, digests in digests_by_path.items()}


def ownership_problems(owners: Ownership, changes: Iterable[Change]) -> Iterator[Problem]:
    """Yield a Problem for each other program's file that a build replaced or kept.

    A file with exactly our bytes is not reported.
    """
    done = {change.path: change.action for change in changes}
    for path in sorted(owners.foreign):
        if done.get(path) == "updated":
            yield Problem(
                path,
                "replaced-file",
                "was written by another program, or by a build whose state is lost; replaced",
                "keep the state folder between builds, or set another [output] path",
            )
    for path in sorted(owners.theirs.difference(done)):
        yield Problem(
            path,
            "kept-file",
            "was changed by another program, so it was kept and not updated",
            "move the file away, or replace it with `syndicate build --force`",
        )
    for path in sorted(owners.left):
        yield Problem(
            path,
            "kept-file",
            "is no longer needed, but was changed by another program, so it was kept",
            "delete the file yourself if you do not need it",
        )


def _is_ours(head: bytes, digest: str, known: Collection[str]) -> bool:
    """Return whether a file is ours, by a known digest, else by our generator mark."""
    if known:
        return digest in known and _is_feed(head)
    return _OURS.search(head) is not None


def _is_feed(head: bytes) -> bool:
    return _FEED.search(head, 0, _HEAD_BYTES) is not None


def _read(file: Path) -> tuple[bytes, str] | None:
    """Return the beginning and the digest of a file; None if it does not exist."""
    try:
        with open_own(file) as stream:
            head = stream.read(_MARK_BYTES)
            hashed = blake2b(head, digest_size=_DIGEST_BYTES)
            while piece := stream.read(_PIECE_BYTES):
                hashed.update(piece)
            return head, hashed.hexdigest()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None  # a folder in the way is reported when writing
    except Refused:  # a device or an endless file is not a feed
        return b"", ""
    except OSError as error:
        where = str(file)
        raise OutputError(where, f"cannot be read ({error.strerror})", _CURE) from error
