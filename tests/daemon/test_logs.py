import json
import logging
from collections.abc import Iterator

import pytest

from syndicate.daemon import logs

LOG = logging.getLogger("syndicate.daemon")


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Restore the loggers that `set_up` changes."""
    loggers = [logging.getLogger(name) for name in ("syndicate", "apscheduler")]
    before = [(each, each.handlers[:], each.level, each.propagate) for each in loggers]
    yield
    for each, handlers, level, propagate in before:
        each.handlers[:], each.propagate = handlers, propagate
        each.setLevel(level)


def test_text(capsys: pytest.CaptureFixture[str]) -> None:
    """Time, level, event and fields are on one line, whatever they contain."""
    logs.set_up("text")
    fields = {"posts": 3, "why": "a b", "path": "x\n\x1b[31m", "name": "茶"}
    LOG.info("built %s\x1b", "well", extra={"fields": fields})
    (line,) = capsys.readouterr().err.splitlines()
    told = line.partition("Z ")[2]
    assert told == r'info     built well� posts=3 why="a b" path="x\n\u001b[31m" name=茶'


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    """Each line is one JSON object of time, level, event and fields."""
    logs.set_up("json")
    LOG.warning("odd", extra={"fields": {"seconds": 0.5, "path": "x\ny"}})
    told = json.loads(capsys.readouterr().err)
    assert told.pop("time").endswith("Z")
    assert told == {"level": "warning", "event": "odd", "seconds": 0.5, "path": "x\ny"}


def test_exception_is_a_field(capsys: pytest.CaptureFixture[str]) -> None:
    """A traceback is a field, not further lines."""
    logs.set_up("text")
    try:
        int("no number")
    except ValueError:
        LOG.exception("broken")
    (line,) = capsys.readouterr().err.splitlines()
    assert "ValueError: invalid literal" in line


def test_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    """Quiet logs only warnings and errors."""
    logs.set_up("text", quiet=True)
    LOG.info("built")
    LOG.error("failed")
    assert "built" not in (said := capsys.readouterr().err)
    assert "failed" in said
