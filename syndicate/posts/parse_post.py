"""Parse one file into a Post.

Every file ends as a Post or with a reason; no content raises. A Post is a pure function of the
file's bytes, its path, the engine and `now`. It does not depend on the clock or on mtime.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from syndicate.engines.base import Engine, Facts
from syndicate.engines.shared.settings_files import unreadable
from syndicate.files.encoding import as_utf8
from syndicate.files.lookup import Files
from syndicate.files.read import read_beside
from syndicate.model import HEAD_MARK, PAGE_MARK, LeftOut, Place, Post, Problem, Source
from syndicate.posts import fields
from syndicate.posts.admission import Open, admit, admit_unread, open_part, open_text
from syndicate.posts.authors import authors_of
from syndicate.posts.decoding import decoded
from syndicate.posts.fence import MAX_HEADER
from syndicate.posts.header import Header, read_header
from syndicate.posts.left_out import Skipped, Withheld
from syndicate.posts.media import attached_to
from syndicate.posts.post_dates import PostDates
from syndicate.posts.terms import categories_of, tags_of
from syndicate.posts.titles import title_of
from syndicate.text.digests import content_digest
from syndicate.text.urls import absolute

__all__ = [
    "Parsed",
    "body_of",
    "internal",
    "parse",
    "read_body",
    "read_file",
    "read_meta",
]

MAX_BYTES = 20_000_000
"""Bytes of the largest file that is read as a post."""
MAX_ADDRESS = 4_000
"""Characters of the longest address of a post. Each relative link of its body is joined with it."""
_MARKS, _MARK_WITHIN = (PAGE_MARK.encode(), HEAD_MARK.encode()), 1_000
_HEAD = MAX_HEADER + 8192

_MOST_ALIASES = 50
_WHITE_SPACE = b" \t\n\r\f\v"


class Parsed(Struct, frozen=True, gc=False):
    """Result of parsing one file: a post or the reason why it has none, and the problems.

    The result holds until the file changes, from `since` on and until `until` (None: no limit).
    `content` is the digest of the file's bytes, empty if they were not read. `asked` holds the
    questions to `Files` that the post depends on, with the answers.
    """

    post: Post | None = None
    left_out: LeftOut | None = None
    problems: tuple[Problem, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    content: str = ""
    asked: tuple[tuple[str, str], ...] = ()


class _File(Struct, frozen=True, gc=False):
    """One file being parsed. Every doubt is added to `problems`."""

    root: Path
    source: Source
    engine: Engine
    opened: Open
    problems: list[Problem]


class _Written(Struct, frozen=True, gc=False):
    """A file's text in UTF-8 and its front matter. `meta` is `own` completed by `defaults`."""

    data: bytes
    codec: str
    header: Header
    own: Mapping[str, Any]
    defaults: Mapping[str, Any]
    meta: Mapping[str, Any]


def parse(
    root: Path,
    source: Source,
    engine: Engine,
    *,
    now: datetime,
    opened: Open = lambda _data, _markup: None,
    files: Files | None = None,
) -> Parsed:
    """Parse the header of one file. Leave out a post dated after `now`, unless `engine.future`.

    `opened` removes the locked parts of a body. `files` looks up the pictures and media files
    that the header names. Never raises.
    """
    file = _File(root, source, engine, opened, [])
    content = ""
    try:
        data = _read(root, source)
        content = content_digest(data) if data else ""
        return _parsed(file, _written(file, data), content, now, files or Files(root))
    except Skipped as skipped:
        left_out = LeftOut(source.path, str(skipped), skipped.due, isinstance(skipped, Withheld))
        problems = (*file.problems, *skipped.problems)
        return Parsed(None, left_out, problems, skipped.since, skipped.due, content)
    except Exception as error:  # noqa: BLE001 - our own defect must not stop the other posts
        problems = (*file.problems, internal(source.path, error))
        left_out = LeftOut(source.path, "an error in this program")
        return Parsed(None, left_out, problems, content=content)


def _written(file: _File, data: bytes) -> _Written:
    """Decode the file and read its front matter. Raise Skipped if it holds no public post."""
    path, engine, problems = file.source.path, file.engine, file.problems
    if path.endswith((".html", ".htm")) and any(mark in data[:_MARK_WITHIN] for mark in _MARKS):
        raise Skipped("a page that this program wrote")
    text = decoded(data, path, problems)
    head = text.data[:_HEAD]
    header = _header(head, path, engine, problems)
    admit_unread(file.source, head, header, engine)
    own = engine.front_matter(path, header.meta)
    defaults = {
        **engine.defaults(path, file.source.place),
        **_sidecar_fields(file.root, path, engine, problems),
    }
    meta = {**defaults, **own} if defaults else own
    admit(file.source, meta, engine)
    return _Written(text.data, text.codec, header, own, defaults, meta)


def _parsed(file: _File, written: _Written, content: str, now: datetime, files: Files) -> Parsed:
    """Make the post. Raise Skipped if it is locked as a whole, or not published `now`."""
    source, engine, problems = file.source, file.engine, file.problems
    header, meta = written.header, written.meta
    body = written.data[header.body_offset :]
    markup = engine.markup(source.path)
    public = open_part(source.path, written.data, header.body_offset, markup, file.opened, problems)
    dates = PostDates(written.data[:_HEAD], header, meta, source, engine, problems)
    published = dates.published(now)
    facts = _facts(file, written, public.text if public else body[:_HEAD], published)
    url = _url(engine, facts)
    attached = attached_to(meta, engine, files, path=source.path, url=url)
    own_id, updated = fields.identity(meta, engine.site.url), dates.updated(now)
    summary = open_text(fields.summary(meta), file.opened)
    resolve = partial(absolute, page=url, base=engine.site.url)
    post = Post(
        path=source.path,
        url=url,
        id=own_id or url,
        title=facts.title,
        published=published,
        updated=max(updated or published, published),
        body_offset=header.body_offset,
        markup=markup,
        authors=authors_of(meta, engine.people),
        categories=facts.categories,
        tags=facts.tags,
        excerpt=summary,
        image=attached.image,
        enclosure=attached.enclosure,
        language=fields.language(meta) or source.place.language,
        external_url=fields.external_url(meta, resolve, engine.site.url),
        slug=str(meta.get("slug") or ""),
        digest=_digest(fields.title(meta.get("title")), summary, body),
        dated=dates.written,
        own_id=bool(own_id),
        own_updated=updated is not None,
        minor=bool(fields.is_true(meta.get("minor"))),
        locked=public is not None,
        media=attached.prefix,
        encoding=written.codec,
        aliases=_aliases(meta) if engine.dialect == "obsidian" else (),
    )
    problems += attached.problems
    return Parsed(post, None, tuple(problems), dates.since, dates.until, content, attached.asked)


def _facts(file: _File, written: _Written, text: str | bytes, published: datetime) -> Facts:
    """Collect the values that the post's address is made of; `text` begins with its heading."""
    source, engine, meta = file.source, file.engine, written.meta
    title = title_of(meta, text, source.path, engine, file.problems)
    return Facts(
        path=source.path,
        place=source.place,
        meta=meta,
        date=published,
        categories=categories_of(engine, source, written.own, written.defaults),
        tags=tags_of(engine, meta),
        title=open_text(title, file.opened, line=True),
    )


def _url(engine: Engine, facts: Facts) -> str:
    """Return the post's absolute address. Raise Skipped if it is too long."""
    address = engine.address(facts)
    url = address if "://" in address else engine.site.url + address
    if len(url) > MAX_ADDRESS:
        what = f"its address has more than {MAX_ADDRESS:,} characters"
        cure = "shorten its permalink or slug"
        raise Skipped(what, [Problem(facts.path, "address", what, cure, 0, "error")])
    return url


def read_body(root: Path, post: Post) -> str:
    """Read the post's body from its file. Raises OSError."""
    return body_of(read_file(root, post), post)


def read_file(root: Path, post: Post) -> bytes:
    """Read the post's file. Raises OSError."""
    return read_beside(root, post.path, MAX_BYTES)


def body_of(data: bytes, post: Post) -> str:
    """Return the body of the post whose file holds `data`."""
    return as_utf8(data, post.encoding)[post.body_offset :].decode("utf-8", "ignore")


def read_meta(root: Path, post: Post, engine: Engine) -> Mapping[str, Any]:
    """Read the post's front matter again, completed by the engine's defaults. Raises OSError."""
    if post.encoding:
        head = as_utf8(read_file(root, post), post.encoding)[:_HEAD]
    else:
        head = read_beside(root, post.path, _HEAD)
    own = engine.front_matter(post.path, _header(head, post.path, engine, []).meta)
    return {**engine.defaults(post.path, Place()), **own}


def internal(path: str, error: Exception) -> Problem:
    """Return the Problem of a post on which this program itself failed."""
    return Problem(
        path,
        "internal",
        f"this program failed on the post ({type(error).__name__}: {error})",
        "report it together with the post",
        severity="error",
    )


def _aliases(meta: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the other names of a note of Obsidian."""
    return fields.terms(fields.first_of(meta, ("aliases", "alias")), "comma")[:_MOST_ALIASES]


def _digest(title: str, summary: str, body: bytes) -> str:
    """Return the digest of the post's own words, without white space.

    "2:" names the way of counting. Digests of two ways are never compared (`state/renewal.py`).
    The first way joined words by single spaces, which took three times as long.
    """
    header = f"{title}\n{summary}\n".encode("utf-8", "surrogatepass")
    digest = blake2b(header + body.translate(None, _WHITE_SPACE), digest_size=16)
    return f"2:{digest.hexdigest()}"


def _sidecar_fields(
    root: Path, path: str, engine: Engine, problems: list[Problem]
) -> dict[str, Any]:
    """Read the fields of the files beside the post that complete its own."""
    found: dict[str, Any] = {}
    for name in engine.sidecars(path):
        try:
            head = decoded(read_beside(root, name, _HEAD), name, problems).data
        except (FileNotFoundError, NotADirectoryError):
            continue  # most posts have none
        except OSError as error:
            # One of its fields may withhold the post.
            reason = f"{name} beside it cannot be read ({error.strerror})"
            raise Skipped(reason, [unreadable(name, error)]) from None
        own = engine.own_header(name, head)
        found |= engine.front_matter(name, own[0] if own else read_header(head, name).meta)
    return found


def _read(root: Path, source: Source) -> bytes:
    """Read the file. Raise Skipped if it is too large or cannot be read."""
    if source.size > MAX_BYTES:
        what = f"larger than {MAX_BYTES // 1_000_000} MB"
        cure = "keep only text in a post, and move the rest to files of its own"
        raise Skipped(what, [Problem(source.path, "too-large", what, cure, severity="error")])
    try:
        return read_beside(root, source.path, MAX_BYTES)
    except OSError as error:
        what = f"cannot be read ({error.strerror})"
        cure = "make the file readable"
        problem = Problem(source.path, "unreadable", what, cure, severity="error")
        raise Skipped(what, [problem]) from None


def _header(head: bytes, path: str, engine: Engine, problems: list[Problem]) -> Header:
    """Read the header and add its problems. Raise Skipped if the file is then no post."""
    if own := engine.own_header(path, head):
        return Header(dict(own[0]), own[1])
    header = read_header(
        head, path, bare=engine.open_fence_optional, key_value=engine.key_value_headers
    )
    if header.found and not header.problems:
        return header
    errors = [problem for problem in header.problems if problem.severity == "error"]
    if errors and (not engine.broken_header_is_published or errors[0].kind == "encoding"):
        raise Skipped(f"its header cannot be read ({errors[0].message})", header.problems)
    if not header.found and not errors and engine.header_required:
        raise Skipped("no front matter", header.problems)
    problems += [
        msgspec.structs.replace(problem, severity="warning") if problem in errors else problem
        for problem in header.problems
    ]
    return header
