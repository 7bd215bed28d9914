"""Log lines: text for people, or JSON for programs. One line each, whatever is in it."""

import json
import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Literal, TextIO

from syndicate.text.characters import printable
from syndicate.text.peers import NO_SECRETS, Secrets, hidden

__all__ = ["LogFormat", "set_up"]

LogFormat = Literal["text", "json"]


def set_up(form: LogFormat, *, quiet: bool = False) -> Callable[[Secrets], None]:
    """Send what this program and its libraries have to say to standard error.

    Return what tells the log which secrets no line may hold.
    """
    handler = _Handler(sys.stderr)
    handler.setFormatter(_Json() if form == "json" else _Text())
    for name, level in (("syndicate", logging.INFO), ("apscheduler", logging.WARNING)):
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.setLevel(logging.WARNING if quiet else level)
        logger.propagate = False
    return handler.hide


class _Handler(logging.StreamHandler[TextIO]):
    secrets: Secrets = NO_SECRETS

    def hide(self, secrets: Secrets) -> None:
        """Write "***" for `secrets` from now on."""
        self.secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """Return the line without secrets, also those in a traceback."""
        return hidden(super().format(record), self.secrets)


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """One object."""
        told = {"time": _time(record), "level": record.levelname.lower(), "event": _said(record)}
        return json.dumps(told | _fields(record), default=str)


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """Time, level, event, and fields as ``name=value``."""
        fields = (f"{name}={_shown(value)}" for name, value in _fields(record).items())
        words = (_time(record), f"{record.levelname.lower():8}", printable(_said(record)), *fields)
        return " ".join(words)


def _time(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _said(record: logging.LogRecord) -> str:
    return record.getMessage()


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    fields = dict(getattr(record, "fields", {}))
    if record.exc_info:
        fields["traceback"] = logging.Formatter().formatException(record.exc_info)
    return fields


def _shown(value: Any) -> str:
    text = str(value)
    if text and text.isprintable() and not set(text) & set(' "='):
        return text
    return json.dumps(text, ensure_ascii=False) if _is_plain(text) else json.dumps(text)


def _is_plain(text: str) -> bool:
    return all(char.isprintable() for char in text)
