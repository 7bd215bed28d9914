"""Log lines as text for people or JSON for programs. A record is always one line."""

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
    """Log to standard error. Return a function that sets the secrets to be masked in all lines."""
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
        """Write "***" in place of `secrets` from now on."""
        self.secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, tracebacks included, without secrets."""
        return hidden(super().format(record), self.secrets)


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one JSON object."""
        line = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        return json.dumps(line | _fields(record), default=str)


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """Return time, level, event, and fields as ``name=value``."""
        fields = (f"{name}={_quoted(value)}" for name, value in _fields(record).items())
        event = printable(record.getMessage())
        return " ".join((_time(record), f"{record.levelname.lower():8}", event, *fields))


def _time(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    fields = dict(getattr(record, "fields", {}))
    if record.exc_info:
        fields["traceback"] = logging.Formatter().formatException(record.exc_info)
    return fields


def _quoted(value: Any) -> str:
    text = str(value)
    if text and text.isprintable() and not set(text) & set(' "='):
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable())
