"""Parse the header of a file: YAML, TOML, JSON or ``Key: value``.

Only this module imports python-frontmatter. Only the header is decoded. The body stays bytes, and
is given by its offset. No input raises: errors are Problems with the line in the file and the cure.
A header gives plain data only, never code.
"""

import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeVar

import frontmatter
import yaml
from frontmatter.default_handlers import BaseHandler
from msgspec import Struct

from syndicate.model import Problem
from syndicate.posts.fence import MAX_HEADER, Fenced, find_header
from syndicate.posts.plain_header import read_plain_header
from syndicate.posts.yaml_text import MAX_DEPTH, Loaded, load
from syndicate.text import toml

if TYPE_CHECKING:
    from syndicate.posts.yaml_mend import Mending

__all__ = ["Header", "read_any_header", "read_header"]

T = TypeVar("T")

_SURROGATE = re.compile("[\ud800-\udfff]")


class Header(Struct, frozen=True):
    """The fields of a header. `body_offset` is the byte at which the body starts.

    `quoted` holds the top keys with values in quotes (YAML), because some generators parse quoted
    dates differently. `found` is False if the file has no header. If a Problem has the severity
    "error", the header could not be read and `meta` is empty. `unread` holds the texts of single
    fields that could not be read.
    """

    meta: dict[str, Any]
    body_offset: int
    problems: tuple[Problem, ...] = ()
    quoted: frozenset[str] = frozenset()
    found: bool = True
    unread: tuple[str, ...] = ()


class _Refused(Exception):
    """The header cannot be read. Holds the kind, message, cure, and line (from 1) in its text."""

    def __init__(self, kind: str, what: str, cure: str, line: int = 0) -> None:
        super().__init__(kind, what, cure, line)
        self.kind, self.what, self.cure, self.line = kind, what, cure, line


class _Note(Struct, frozen=True):
    kind: str
    message: str
    cure: str
    line: int


class _Handler(BaseHandler):
    """Parser of one header, with python-frontmatter's interface."""

    FM_BOUNDARY = re.compile("\x00")

    def __init__(self) -> None:
        super().__init__()
        self.notes: list[_Note] = []
        self.quoted: frozenset[str] = frozenset()
        self.unread: tuple[str, ...] = ()

    def split(self, text: str) -> tuple[str, str]:
        # parse() strips the text. The NUL keeps the first line's indent and number.
        return text[1:-1], ""

    def load(self, fm: str) -> dict[str, Any]:
        raise NotImplementedError


class _Yaml(_Handler):
    def load(self, fm: str) -> dict[str, Any]:
        from syndicate.posts.yaml_mend import ODD_SPACES  # most headers never come here

        if not fm.isascii() and any(map(fm.__contains__, ODD_SPACES)):
            from syndicate.posts.yaml_slips import without_odd_spaces

            fm, mendings = without_odd_spaces(fm)
            self.note(mendings)
        loaded = self.attempt(fm)
        if " #" in fm:
            from syndicate.posts.yaml_slips import eaten_by_comments

            self.note(eaten_by_comments(fm, loaded.meta), kind="yaml-comment")
        self.quoted = loaded.quoted
        for key, line in loaded.duplicates:
            message = f"{key!r} is given more than once; the last is used"
            self.notes.append(_Note("duplicate-key", message, "delete all but one", line))
        return loaded.meta

    def attempt(self, text: str) -> Loaded:
        try:
            return load(text)
        except yaml.YAMLError as error:
            from syndicate.posts.yaml_mend import mend

            mended = mend(text)
            if mended is None:
                cure = "quote the value, or indent with spaces"
                raise _Refused("yaml", _reason(error), cure, _line(error)) from None
        self.unread = mended.unread
        self.note(mended.mendings)
        return load(mended.text)

    def note(self, mendings: "Iterable[Mending]", *, kind: str = "yaml-mended") -> None:
        for mending in mendings:
            self.notes.append(_Note(kind, mending.what, mending.cure, mending.line))


class _Toml(_Handler):
    def load(self, fm: str) -> dict[str, Any]:
        try:
            return _shallow(toml.loads(re.sub(r"\r\n?", "\n", fm)))
        except (ValueError, RecursionError) as error:
            match = re.search(r"at line (\d+)", str(error))
            line = int(match[1]) if match else fm.count("\n") + 1
            what = f"the header is not valid TOML: {error}"
            raise _Refused("toml", what, "correct the line", line) from None


class _Json(_Handler):
    def load(self, fm: str) -> dict[str, Any]:
        try:
            value = _shallow(json.loads(fm, parse_int=str, parse_float=str, parse_constant=str))
        except (ValueError, RecursionError) as error:
            line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
            what = f"the header is not valid JSON: {error}"
            raise _Refused("json", what, "correct the line", line) from None
        if not isinstance(value, dict):
            raise _Refused("json", "the header holds no fields", "write an object", 1)
        return _scrubbed(value) if "\\u" in fm else value


class _JsonMembers(_Json):
    def load(self, fm: str) -> dict[str, Any]:
        return super().load("{" + fm + "}")


class _Js(_Handler):
    def load(self, fm: str) -> dict[str, Any]:
        # An object literal of plain values is also a flow mapping of YAML.
        if fm.strip().startswith("{"):
            try:
                return load(fm).meta
            except yaml.YAMLError:
                pass
        what = "the header is JavaScript, which is not executed"
        raise _Refused("js", what, "write the header in YAML, or as a plain object", 1)


class _KeyValue(_Handler):
    def load(self, fm: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        key = ""
        for line in fm.splitlines():
            if line[:1] in " \t" and key:
                found[key] = f"{found[key]} {line.strip()}".strip()
                continue
            key, _, value = line.partition(":")
            key = key.strip().lower()
            found[key] = f"{found[key]}, {value.strip()}" if key in found else value.strip()
        return found


_HANDLERS: dict[str, type[_Handler]] = {
    "yaml": _Yaml,
    "toml": _Toml,
    "json": _Json,
    "json-members": _JsonMembers,
    "js": _Js,
    "key-value": _KeyValue,
}


def read_header(data: bytes, path: str, *, bare: bool = False, key_value: bool = False) -> Header:
    """Parse the header of the file that begins with `data`. `path` is for Problems only.

    `bare` accepts a header without an opening fence (Hexo), `key_value` a header without fences
    (Pelican). `data` may be the start of the file, if it has at least `MAX_HEADER` bytes.
    """
    if plain := read_plain_header(data):
        meta, body_offset, quoted = plain
        return Header(meta, body_offset, quoted=quoted)
    return read_any_header(data, path, bare=bare, key_value=key_value)


def read_any_header(
    data: bytes, path: str, *, bare: bool = False, key_value: bool = False
) -> Header:
    """Do the same as `read_header`, without the fast path for plain headers."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        refused = _Refused("encoding", "the file is UTF-16", "save it as UTF-8", 1)
        return Header({}, 0, (_error(path, refused, 1),), found=False)
    fenced = find_header(data, bare=bare, key_value=key_value, rst=path.endswith(".rst"))
    if fenced is None:
        return Header({}, 3 if data.startswith(b"\xef\xbb\xbf") else 0, found=False)
    if not fenced.closed:
        return Header({}, fenced.body, (_error(path, _unclosed(), fenced.line),), found=False)
    if not fenced.holds_fields:
        what = "no fields between the two lines of '---'; they were read as text"
        note = _Note("not-a-header", what, "write '***' for a rule, or 'key: value' for fields", 1)
        return Header({}, 0, (_warning(path, note, fenced.line),), found=False)
    return _read(data, fenced, path)


def _read(data: bytes, fenced: Fenced, path: str) -> Header:
    text, notes = _decoded(data[fenced.start : fenced.end])
    handler = _HANDLERS[fenced.language]()
    try:
        meta, _ = frontmatter.parse(f"\x00{text}\x00", handler=handler)
    except _Refused as refused:
        return Header({}, fenced.body, (_error(path, refused, fenced.line),))
    problems = tuple(_warning(path, note, fenced.line) for note in (*notes, *handler.notes))
    return Header(meta, fenced.body, problems, handler.quoted, unread=handler.unread)


def _decoded(raw: bytes) -> tuple[str, list[_Note]]:
    try:
        return raw.decode("utf-8"), []
    except UnicodeDecodeError as error:
        line = 1 + len(re.findall(rb"\r\n|\r|\n", raw[: error.start]))
        what = f"byte 0x{raw[error.start]:02X} is not UTF-8 and was left out"
        return raw.decode("utf-8", "ignore"), [_Note("encoding", what, "save it as UTF-8", line)]


def _unclosed() -> _Refused:
    what = f"the header has no closing fence in its first {MAX_HEADER // 1024} KB"
    return _Refused("unterminated", what, "end the header with a line of '---'", 1)


def _error(path: str, refused: _Refused, start: int) -> Problem:
    line = start + max(refused.line, 1) - 1
    return Problem(path, refused.kind, refused.what, refused.cure, line, "error")


def _warning(path: str, note: _Note, start: int) -> Problem:
    return Problem(path, note.kind, note.message, note.cure, start + note.line - 1)


def _reason(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or getattr(error, "reason", None)
    return f"the header is not valid YAML: {problem or 'unreadable'}"


def _line(error: yaml.YAMLError) -> int:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    return mark.line + 1 if mark else 1


def _shallow(value: T) -> T:
    """Return `value`. Raise ValueError if it is nested more deeply than YAML may be."""
    level: list[Any] = [value] if isinstance(value, dict | list) else []
    for _ in range(MAX_DEPTH):
        inner = (item.values() if isinstance(item, dict) else item for item in level)
        level = [item for group in inner for item in group if isinstance(item, dict | list)]
        if not level:
            return value
    raise ValueError("nested too deeply")


def _scrubbed(value: Any) -> Any:
    """Remove lone surrogates, which JSON can escape but no file can hold."""
    if isinstance(value, str):
        return _SURROGATE.sub("", value)
    if isinstance(value, list):
        return [_scrubbed(item) for item in value]
    if isinstance(value, dict):
        return {_SURROGATE.sub("", key): _scrubbed(item) for key, item in value.items()}
    return value
