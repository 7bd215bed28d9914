"""Clean the texts of peers (servers, programs, libraries) before they are shown, logged or stored.

`heard` removes terminal escapes, control characters and bidirectional marks, replaces every secret
in use by "***", and returns one line of at most `LONGEST` characters.
"""

import html
import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from functools import lru_cache
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit

__all__ = [
    "LONGEST",
    "NO_SECRETS",
    "Secrets",
    "heard",
    "hidden",
    "in_address",
    "in_arguments",
    "in_environment",
    "legible",
]

Secrets = frozenset[str]
"""Values that no report may contain; `hidden` also finds their encoded forms."""
NO_SECRETS: Secrets = frozenset()
LONGEST = 300
"""Most characters of a peer's text that are shown."""
HIDDEN = "***"

_READ = 16_384
"""Characters after which a text is cut before it is searched."""
_SHORTEST = 4
"""Length of the shortest secret: to hide every "1" or "me" would reveal more than it hides."""
_TAIL = 8
"""Shortest beginning of a secret that is hidden at the end of a cut text."""
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # ECMA-48: control sequences
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # their strings
    r"|\x1b[ -/]*[0-~]?"
)
_LOGIN = re.compile(r"(?<=://)[^/@\s]+@")
_HEADER = re.compile(r"(authorization\W{1,4}\w+\s+|\bbearer\s+)[\w.~+/=-]{6,}", re.IGNORECASE)
_NAMES = re.compile(
    r"TOKEN|SECRET|PASS|KEY|CREDENTIAL|AUTH|COOKIE|SAS|DSN|CONFIG_VALUE|SIGNATURE", re.IGNORECASE
)
"""Names of variables, options and headers whose values are secrets."""
_ORDINARY = frozenset(
    ("http", "https", "hook", "hooks", "webhook", "webhooks", "services", "service", "feeds",
     "feed", "notify", "publish", "build", "builds", "update", "updates", "receive", "receiver",
     "deploy", "events", "event", "incoming", "true", "false", "null", "json", "blog", "site",
     "index", "answer", "answers")
)  # fmt: skip
"""Words in addresses that are not secret, and that messages need."""


def heard(words: str | bytes, secrets: Secrets = NO_SECRETS, longest: int = LONGEST) -> str:
    """Return one printable line of `words`, without `secrets`, of at most `longest` characters."""
    text = hidden(legible(words), secrets)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def legible(words: str | bytes) -> str:
    """Return `words` as one line without terminal escapes and unprintable characters."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    text = _ESCAPES.sub("", text[:_READ])
    return "".join(char for char in " ".join(text.split()) if char.isprintable())


def hidden(text: str, secrets: Secrets = NO_SECRETS) -> str:
    """Return `text` with "***" for `secrets`, logins in addresses and Authorization headers.

    Percent-encoded, JSON, HTML, hex and base64 forms of a secret (that of Basic authentication,
    too) are hidden as well, and so is the beginning of a secret at the end of `text`.
    """
    text = _HEADER.sub(rf"\1{HIDDEN}", _LOGIN.sub("", text))
    pattern, forms = _pattern(secrets)
    if pattern is None:
        return text
    text = pattern.sub(HIDDEN, text)
    lower = text.lower()
    cut = max((_overlap(lower, form) for form in forms), default=0)
    return text[: len(text) - cut] + HIDDEN if cut else text


def in_address(url: str) -> Secrets:
    """Return the secrets of an address that is protected by its path or query only."""
    try:
        parts = urlsplit(url)
        login = (parts.username or "", parts.password or "")
    except ValueError:
        return _long_enough((url,))
    tail = parts.path + (f"?{parts.query}" if parts.query else "")
    whole = (url.strip(), tail, parts.path, parts.path.strip("/"), parts.query, parts.fragment)
    values = (value for _, value in parse_qsl(parts.query, keep_blank_values=True))
    names = (name for name, value in parse_qsl(parts.query, keep_blank_values=True) if not value)
    pieces = (*parts.path.split("/"), *values, *names, *whole, *login)
    return frozenset(each for each in _long_enough(pieces) if each.lower() not in _ORDINARY)


def in_arguments(arguments: Iterable[str]) -> Secrets:
    """Return the secrets among a program's arguments: `--token X`, `KEY=X`, headers, addresses."""
    found: list[str] = []
    before = ""
    for argument in arguments:
        name, _, value = argument.partition("=" if "=" in argument else ":")
        if _NAMES.search(before) and before.startswith("-"):
            found.append(argument)
        if _NAMES.search(name):
            found += [value.strip(), *value.split()[-1:]]
        for address in re.findall(r"https?://[^\s\"']+", argument):
            found += in_address(address)
        before = argument
    return _long_enough(found)


def in_environment(environ: Mapping[str, str]) -> Secrets:
    """Return the values of the variables in `environ` whose names suggest secrets."""
    named = (value for name, value in environ.items() if _NAMES.search(name))
    lines = (line.strip() for value in named for line in value.splitlines())
    return frozenset(line for line in lines if len(line) >= 6)


def _long_enough(values: Iterable[str]) -> Secrets:
    return frozenset(value for value in values if len(value) >= _SHORTEST)


@lru_cache(maxsize=16)
def _pattern(secrets: Secrets) -> tuple[re.Pattern[str] | None, tuple[str, ...]]:
    """Return a pattern for all forms of `secrets`, longest first, and the forms in lower case."""
    forms = {form for secret in secrets for form in _forms(secret) if len(form) >= _SHORTEST}
    if not forms:
        return None, ()
    ordered = sorted(forms, key=lambda form: (-len(form), form))
    lower = tuple(dict.fromkeys(form.lower() for form in ordered))
    return re.compile("|".join(map(re.escape, ordered)), re.IGNORECASE), lower


def _forms(secret: str) -> Iterable[str]:
    """Yield the ways in which a peer may write `secret`."""
    for value in {secret, unquote(secret)}:
        yield value
        yield legible(value)
        yield quote(value, safe="")
        yield quote(value)
        yield quote_plus(value)
        yield html.escape(value)
        yield repr(value)[1:-1]
        for text in (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]):
            yield text
            yield text.replace("/", "\\/")
        if len(value) >= 6:
            raw = value.encode("utf-8", "surrogateescape")
            yield raw.hex()
            yield from _base64(raw)


def _base64(raw: bytes) -> Iterable[str]:
    """Yield the Base64 characters that depend on `raw` only, for every offset of `raw`."""
    for before in range(3):
        for encode in (b64encode, urlsafe_b64encode):
            whole = encode(bytes(before) + raw).decode("ascii")
            end = len(whole) if (before + len(raw)) % 3 == 0 else len(whole.rstrip("=")) - 1
            if len(letters := whole[(0, 2, 3)[before] : end]) >= 2 * _SHORTEST:
                yield letters


def _overlap(text: str, form: str) -> int:
    """Return how many characters at the end of `text` may be the beginning of `form`."""
    for length in range(min(len(form) - 1, len(text)), _TAIL - 1, -1):
        if text.endswith(form[:length]):
            return length
    return 0
