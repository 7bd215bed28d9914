"""Read the literals of settings in JavaScript or TypeScript, without running them.

`text` below is a result of `read_script`: a script without its comments. Only literal values
(``title: 'Tea'``) are found; computed values are ignored. Time is linear in the size of the
script, which is bounded.
"""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from syndicate.engines.shared.settings_files import unreadable
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

# A string without an end stops at its line's end, which keeps the search linear.
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

    Return "" if it cannot be read; `unread` reports the reason.
    """
    try:
        text = head_inside(root, name, MAX_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
    return _COMMENT.sub(lambda match: match[1] or " ", text)


def unread(root: Path, names: Iterable[str]) -> tuple[Problem, ...]:
    """Return a Problem for each script that exists and cannot be read."""
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
    """Return the string of the first ``key: '…'`` or ``key = '…'``; None if there is none."""
    pattern = rf"(?<![\w.$])[\"']?{key}[\"']?\s{{0,20}}[:=]\s{{0,20}}({_STRING})"
    match = re.search(pattern, text, re.S)
    if not match or "${" in match[1] or len(match[1]) < 2 or match[1][0] != match[1][-1]:
        return None
    return re.sub(r"\\(.)", r"\1", match[1][1:-1]).strip() or None


def named(text: str, key: str, script: str) -> str | None:
    """Return the string of `key` in `text`, or the string of the variable that it names.

    ``{ base: PATH }`` names the variable PATH of `script`, ``{ base }`` the variable base.
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
    """Return True if `text` has `key` with a value that is neither a literal nor a name."""
    key = rf"(?<![\w.$])[\"']?{key}[\"']?\s{{0,20}}"
    pattern = rf"{key}(?:\(|:\s{{0,20}}(?![\s\"'`\[{{]|true\b|false\b))"
    return re.search(pattern, text) is not None


def strings(text: str, key: str, script: str) -> tuple[str, ...]:
    """Return the string, or the strings of the list, in the first ``key: …`` of `text`.

    Names, and ``${NAME}`` in strings, are replaced by the strings of these variables in `script`.
    Return () if a value is computed in another way.
    """
    value = rf"({_STRING}|\[|{_NAME})"
    match = re.search(rf"(?<![\w.$])[\"']?{key}[\"']?\s{{0,20}}:\s{{0,20}}{value}", text, re.S)
    if not match:
        return ()
    values = [match[1]]
    if match[1] == "[":
        listed = re.compile(rf"[\s,]{{0,40}}({_STRING})", re.S)
        values, at = [], match.end()
        while (one := listed.match(text, at)) and len(values) < MAX_FOLDERS:
            values.append(one[1])
            at = one.end()
    resolved = [_resolved(value, script) for value in values]
    return tuple(filter(None, resolved)) if all(resolved) else ()


def _resolved(value: str, script: str) -> str | None:
    if value[0] not in "\"'`":
        return literal(script, re.escape(value))
    filled = re.sub(
        rf"\$\{{({_NAME})\}}",
        lambda name: literal(script, re.escape(name[1])) or name[0],
        value[1:-1],
        count=_MOST_NAMES,  # every name is searched in the whole script
    )
    return None if "${" in filled else re.sub(r"\\(.)", r"\1", filled).strip()


def block(text: str, opening: str) -> str:
    """Return the text between the braces after the first match of `opening`; else empty."""
    match = re.search(opening + r"\s{0,20}\{", text)
    if not match:
        return ""
    depth = 1
    for token in _TOKEN.finditer(text, match.end()):
        depth += {"{": 1, "}": -1}.get(token[0], 0)
        if depth == 0:
            return text[match.end() : token.start()]
    return text[match.end() :]


def members(text: str) -> str:
    """Remove the contents of all brackets in `text`, so that only the outermost keys stay."""
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
    """Return the outermost keys with the values true and false in a script's exported object."""
    exported = block(text, r"(?:export\s{1,9}default|module\.exports\s{0,9}=|return)")
    return {key: value == "true" for key, value in _FLAG.findall(members(exported))}


def uses_package(root: Path, package: str, folder: str = "") -> bool:
    """Return True if `package.json` depends on the npm package.

    `folder` is the folder of package.json below `root`: empty, or with a trailing slash. Raises
    OSError if the file exists and cannot be read.
    """
    return package in packages(root, folder)


def packages(root: Path, folder: str = "") -> dict[str, str]:
    """Return the versions of the npm packages in `package.json`, by name; see `uses_package`."""
    try:
        package = msgspec.json.decode(head_inside(root, f"{folder}package.json", MAX_BYTES))
    except (FileNotFoundError, NotADirectoryError, ValueError, RecursionError):
        return {}
    if not isinstance(package, dict):
        return {}
    groups = (package.get("dependencies"), package.get("devDependencies"))
    return {name: str(group[name]) for group in groups if isinstance(group, dict) for name in group}


def folders_to_look_in(root: Path) -> Iterator[str]:
    """Yield the folders that may hold the site: the root (""), then its folders ("website/").

    A root with more than `MAX_FOLDERS` folders holds posts, so its folders are not searched.
    Folders that cannot be entered are skipped.
    """
    yield ""
    try:
        with os.scandir(root) as entries:
            names = sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
    except OSError:
        return
    passed_over = ("node_modules", "vendor", "_site", "dist", "build")
    if len(names) <= MAX_FOLDERS:
        seen = (name for name in names if name[0] != "." and name not in passed_over)
        yield from (f"{name}/" for name in seen if os.access(f"{root}/{name}", os.X_OK))
