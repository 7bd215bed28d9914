"""Find the line of a key in config.toml, since the TOML parser does not report it."""

import re

__all__ = ["line_of"]

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")


def line_of(text: str, key: str) -> int | None:
    """Return the number of the line that sets `key` ("feeds.limit", "publish[1].path") in `text`.

    If the key is missing or inside another key's value, return the line of the nearest table
    around it, or None. Lines inside a multi-line text are taken for keys.
    """
    wanted = _names(key)
    best, found = 0, None
    table: tuple[str, ...] = ()
    counts: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if header := _HEADER.match(line):
            name = _plain(header[2])
            if header[1] == "[[":
                count = counts[name] = counts.get(name, -1) + 1
                table = (*name.split("."), f"[{count}]")
            else:
                table = tuple(name.split("."))
            names = table
        elif setting := _KEY.match(line):
            names = (*table, *_plain(setting[1]).split("."))
        else:
            continue
        if best < len(names) <= len(wanted) and wanted[: len(names)] == names:
            best, found = len(names), number
    return found


def _names(key: str) -> tuple[str, ...]:
    return tuple(key.replace("[", ".[").split("."))


def _plain(name: str) -> str:
    return re.sub(r"[\s\"']", "", name)
