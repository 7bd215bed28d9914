"""Settings that are programs: the literals in them, read without running anything.

`text` below is what `read_script` gave: a script without its comments. Only what is written out
(``title: 'Tea'``) is found; a value that is computed counts as not said. Time is linear in the
size of the script, which is bounded.
"""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from syndicate.engines.files import unreadable
from syndicate.files.read import head_inside
from syndicate.model import Problem

__all__ = [
    "block",
    "flags",
    "folders_to_look_in",
    "is_computed",
    "literal",
    "members",
    "named",
    "packages",
    "read_script",
    "strings",
    "unread",
    "uses_package",
]

MAX_BYTES = 256 * 1024
MAX_FOLDERS = 50
_MOST_NAMES = 5

# One that is never closed ends with its line: it is not looked for again from each quote in it.
_STRING = (
    r"\"(?:\\.|[^\"\\\n])*(?:\"|(?=\n)|\Z)|'(?:\\.|[^'\\\n])*(?:'|(?=\n)|\Z)"
    r"|`(?:\\.|[^`\\])*(?:`|\Z)"
)
_NAME = r"[A-Za-z_$][\w$]{0,99}"
_COMMENT = re.compile(rf"({_STRING})|//[^\n]*|/\*(?:.*?\*/|.*\Z)", re.S)
_FLAG = re.compile(rf"(?<![\w.$])[\"']?({_NAME})[\"']?\s{{0,20}}:\s{{0,20}}(true|false)\b")
_TOKEN = re.compile(rf"{_STRING}|[\[\](){{}}]", re.S)


def read_script(root: Path, name: str) -> str:
    """Return the script `name` of the blog without its comments.

    It is empty where it cannot be read: `unread` tells why.
    """
    try:
        text = head_inside(root, name, MAX_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
    return _COMMENT.sub(lambda found: found[1] or " ", text)


def unread(root: Path, names: Iterable[str]) -> tuple[Problem, ...]:
    """Return a Problem for each of the scripts that is there and cannot be read."""
    problems = []
    for name in names:
        try:
            head_inside(root, name, 1)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            problems.append(unreadable(name, error))
    return tuple(problems)


def literal(text: str, key: str) -> str | None:
    """The string in the first ``key: '…'`` or ``key = '…'``; None where there is none."""
    pattern = rf"(?<![\w.$])[\"']?{key}[\"']?\s{{0,20}}[:=]\s{{0,20}}({_STRING})"
    found = re.search(pattern, text, re.S)
    if not found or "${" in found[1] or len(found[1]) < 2 or found[1][0] != found[1][-1]:
        return None
    return re.sub(r"\\(.)", r"\1", found[1][1:-1]).strip() or None


def named(text: str, key: str, script: str) -> str | None:
    """Return the string that `key` has in `text`, also by the name of a string of `script`.

    ``{ base: PATH }`` and ``{ base }`` name one.
    """
    found = literal(text, key)
    if found is not None:
        return found
    given = rf"(?<![\w.$])[\"']?{key}[\"']?\s{{0,20}}:\s{{0,20}}"
    name = re.search(rf"{given}({_NAME})\s{{0,20}}[,\n}}]", text)
    alone = re.search(rf"(?<![\w.$:\"']){key}\s{{0,20}}(?:[,}}]|\Z)", text)
    variable = name[1] if name else key if alone else ""
    return literal(script, re.escape(variable)) if variable else None


def is_computed(text: str, key: str) -> bool:
    """Return whether `key` stands in `text` with a value that is neither written out nor a word."""
    key = rf"(?<![\w.$])[\"']?{key}[\"']?\s{{0,20}}"
    pattern = rf"{key}(?:\(|:\s{{0,20}}(?![\s\"'`\[{{]|true\b|false\b))"
    return re.search(pattern, text) is not None


def strings(text: str, key: str, script: str) -> tuple[str, ...]:
    """Return the string, or the strings of the list, in the first ``key: …`` of `text`.

    A name, or ``${NAME}`` in a string, stands for the string that `script` gives it. Nothing is
    returned where a value is computed in another way.
    """
    value = rf"({_STRING}|\[|{_NAME})"
    found = re.search(rf"(?<![\w.$])[\"']?{key}[\"']?\s{{0,20}}:\s{{0,20}}{value}", text, re.S)
    if not found:
        return ()
    values = [found[1]]
    if found[1] == "[":
        listed = re.compile(rf"[\s,]{{0,40}}({_STRING})", re.S)
        values, at = [], found.end()
        while (one := listed.match(text, at)) and len(values) < MAX_FOLDERS:
            values.append(one[1])
            at = one.end()
    told = [_told(each, script) for each in values]
    return tuple(filter(None, told)) if all(told) else ()


def _told(value: str, script: str) -> str | None:
    if value[0] not in "\"'`":
        return literal(script, re.escape(value))
    filled = re.sub(
        rf"\$\{{({_NAME})\}}",
        lambda name: literal(script, re.escape(name[1])) or name[0],
        value[1:-1],
        count=_MOST_NAMES,  # each is looked for in the whole script
    )
    return None if "${" in filled else re.sub(r"\\(.)", r"\1", filled).strip()


def block(text: str, opening: str) -> str:
    """What stands between the braces right after the first match of `opening`; else empty."""
    found = re.search(opening + r"\s{0,20}\{", text)
    if not found:
        return ""
    depth = 1
    for token in _TOKEN.finditer(text, found.end()):
        depth += {"{": 1, "}": -1}.get(token[0], 0)
        if depth == 0:
            return text[found.end() : token.start()]
    return text[found.end() :]


def members(text: str) -> str:
    """`text` without what it holds in brackets of its own: the outermost keys only."""
    kept, depth, start = [], 0, 0
    for token in _TOKEN.finditer(text):
        if token[0] in "[({":
            if depth == 0:
                kept.append(text[start : token.end()])
            depth += 1
        elif token[0] in "])}":
            depth = max(depth - 1, 0)
            start = token.start() if depth == 0 else start
    return "".join(kept) + (text[start:] if depth == 0 else "")


def flags(text: str) -> dict[str, bool]:
    """Return the outermost keys that are true or false in the object that a script exports."""
    exported = block(text, r"(?:export\s{1,9}default|module\.exports\s{0,9}=|return)")
    return {key: value == "true" for key, value in _FLAG.findall(members(exported))}


def uses_package(root: Path, package: str, folder: str = "") -> bool:
    """Return whether `package.json` names the npm package among its dependencies.

    `folder` is that of the file below the blog's `root`, with a slash at its end, or empty. Raises
    OSError where the file is there and cannot be read.
    """
    return package in packages(root, folder)


def packages(root: Path, folder: str = "") -> dict[str, str]:
    """Return the npm packages that `package.json` depends on -> versions; see `uses_package`."""
    try:
        said = msgspec.json.decode(head_inside(root, f"{folder}package.json", MAX_BYTES))
    except (FileNotFoundError, NotADirectoryError, ValueError, RecursionError):
        return {}
    lists = (said.get("dependencies"), said.get("devDependencies")) if _is_map(said) else ()
    return {name: str(each[name]) for each in lists if _is_map(each) for name in each}


def folders_to_look_in(root: Path) -> Iterator[str]:
    """Where a blog may keep its site: at the root ("") or in a folder ("website/"), by name.

    A root with very many folders holds posts, not sites. Folders that may not be entered are
    passed over.
    """
    yield ""
    try:
        with os.scandir(root) as entries:
            names = sorted(each.name for each in entries if each.is_dir(follow_symlinks=False))
    except OSError:
        return
    passed_over = ("node_modules", "vendor", "_site", "dist", "build")
    if len(names) <= MAX_FOLDERS:
        seen = (name for name in names if name[0] != "." and name not in passed_over)
        yield from (f"{name}/" for name in seen if os.access(f"{root}/{name}", os.X_OK))


def _is_map(value: object) -> bool:
    return isinstance(value, dict)
