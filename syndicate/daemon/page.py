"""The daemon's own page: what it did, what is next, and what is wrong. Static HTML, no script.

Everything in it is somebody's words: all of it is escaped.
"""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from html import escape
from importlib import resources

from syndicate.daemon.status import Build, Status

__all__ = ["page", "policy"]

_REFRESH = 30
"""Seconds after which the page asks for itself anew."""
_BARS = 40


def page(status: Status, ill: str) -> bytes:
    """`status` as HTML; `ill` says what is wrong, empty where nothing is."""
    parts = (
        _head(status, ill),
        _chart(status.builds[:_BARS]),
        _table("Last builds", ("when", "why", "#seconds", "#posts", "#feeds", "#files", "result"),
               [_build(each) for each in status.builds]),
        _table("Next", ("what", "when"),
               [(name, _when(when)) for name, when in sorted(status.planned.items())]),
        _table(f"Posts dated ahead ({status.waiting_count})", ("post", "due"),
               [(each.path, _when(each.due)) for each in status.waiting]),
        _table("Deliveries", ("target", "place", "#still to do", "last complete", "wrong"),
               [(each.name, each.place, str(each.pending), _when(each.good), each.failed)
                for each in status.targets]),
        _table("Hubs", ("hub", "#told", "wrong"),
               [(each.hub, str(each.told), each.failed) for each in status.hubs]),
        _table(f"Problems ({sum(status.problem_counts.values())})", ("place", "problem", "cure"),
               [(f"{each.path}:{each.line}" if each.line else each.path, each.message, each.cure)
                for each in status.problems]),
        _table(f"Feeds ({status.feed_count})", ("feed", "#entries", "#bytes"),
               [(each.path, str(each.entries), f"{each.size:,}") for each in status.feeds]),
    )  # fmt: skip
    return _FRAME.format(css=_css(), refresh=_REFRESH, body="\n".join(filter(None, parts))).encode()


def policy() -> str:
    """The Content-Security-Policy of the page: its own style, and nothing else."""
    digest = b64encode(sha256(_css().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"


_FRAME = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="{refresh}">
<title>syndicate</title>
<style>{css}</style>
<main>
{body}
</main>
</html>
"""


@lru_cache(maxsize=1)
def _css() -> str:
    return (resources.files("syndicate.daemon") / "page.css").read_text(encoding="utf-8")


def _head(status: Status, ill: str) -> str:
    wrong = [ill] * bool(ill)
    if status.refused:
        wrong.append(f"The configuration on disk is not in force: {status.refused}")
    health = "\n".join(f'<p class="bad">{escape(each)}</p>' for each in wrong)
    health = health or "<p>All is well.</p>"
    totals = status.totals
    return (
        f"<h1>{escape(status.blog)}</h1>\n{health}\n"
        f'<p class="soft">syndicate {escape(status.version)}, process {status.pid}, '
        f"{escape(status.state)} since {_when(status.started)}; "
        f"{totals.builds} builds, {totals.failed} failed. "
        '<a href="/status">/status</a> <a href="/metrics">/metrics</a></p>'
    )


def _chart(builds: Sequence[Build]) -> str:
    """A bar for each build, the last one at the right; the tallest is the slowest."""
    if not builds:
        return ""
    slowest = max(each.seconds for each in builds) or 1.0
    bars = "".join(_bar(place, each, slowest) for place, each in enumerate(reversed(builds)))
    width = len(builds) * 10
    told = f"Seconds of the last {len(builds)} builds, at most {slowest:.2f}"
    return (
        f'<svg viewBox="0 0 {width} 60" preserveAspectRatio="none" role="img" '
        f'aria-label="{told}"><title>{told}</title>{bars}</svg>'
    )


def _bar(place: int, build: Build, slowest: float) -> str:
    height = max(58 * build.seconds / slowest, 1.0)
    bad = ' class="bad"' if build.failed else ""
    return f'<rect{bad} x="{place * 10}" y="{60 - height:.1f}" width="8" height="{height:.1f}"/>'


def _build(each: Build) -> tuple[str, ...]:
    counts = (f"{each.seconds:.2f}", str(each.posts), str(each.feeds), str(each.files))
    result = each.failed or f"{each.problems} problems, {each.left_out} files left out"
    return (_when(each.started), ", ".join(each.reasons), *counts, result)


def _table(title: str, names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table under its title; nothing where it would be empty. "#" marks columns of numbers."""
    kinds = [' class="n"' if name.startswith("#") else "" for name in names]
    body = "\n".join(
        "<tr>" + "".join(f"<td{k}>{escape(c)}</td>" for k, c in zip(kinds, row, strict=True))
        for row in rows
    )
    if not body:
        return ""
    head = "".join(
        f'<th scope="col"{kind}>{escape(name.lstrip("#"))}</th>'
        for kind, name in zip(kinds, names, strict=True)
    )
    return (
        f'<h2>{escape(title)}</h2>\n<div class="wide" tabindex="0"><table>\n'
        f"<tr>{head}</tr>\n{body}\n</table></div>"
    )


def _when(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S %z}" if moment else "never"
