"""Status page of the daemon: last builds, next builds, problems. Static HTML without scripts.

All values come from posts, peers or the configuration, so all of them are escaped.
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
"""Seconds after which the browser reloads the page."""
_BARS = 40


def page(status: Status, wrong: str) -> bytes:
    """Return `status` as HTML. `wrong` is its diagnosis, empty if nothing is wrong."""
    parts = (
        _head(status, wrong),
        _chart(status.builds[:_BARS]),
        _table("Last builds", ("when", "why", "#seconds", "#posts", "#feeds", "#files", "result"),
               [_build(build) for build in status.builds]),
        _table("Next", ("what", "when"),
               [(name, _when(when)) for name, when in sorted(status.planned.items())]),
        _table(f"Posts dated ahead ({status.waiting_count})", ("post", "due"),
               [(post.path, _when(post.due)) for post in status.waiting]),
        _table("Deliveries", ("target", "place", "#pending files", "last complete", "error"),
               [(target.name, target.place, str(target.pending), _when(target.good), target.failed)
                for target in status.targets]),
        _table("Hubs", ("hub", "#pings accepted", "error"),
               [(hub.hub, str(hub.told), hub.failed) for hub in status.hubs]),
        _table(f"Problems ({sum(status.problem_counts.values())})", ("place", "problem", "cure"),
               [(f"{it.path}:{it.line}" if it.line else it.path, it.message, it.cure)
                for it in status.problems]),
        _table(f"Feeds ({status.feed_count})", ("feed", "#entries", "#bytes"),
               [(feed.path, str(feed.entries), f"{feed.size:,}") for feed in status.feeds]),
    )  # fmt: skip
    return _FRAME.format(css=_css(), refresh=_REFRESH, body="\n".join(filter(None, parts))).encode()


def policy() -> str:
    """Return the page's Content-Security-Policy: only its own style sheet is allowed."""
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


def _head(status: Status, wrong: str) -> str:
    faults = [wrong] * bool(wrong)
    if status.refused:
        faults.append(f"The configuration on disk is not in use: {status.refused}")
    health = "\n".join(f'<p class="bad">{escape(fault)}</p>' for fault in faults)
    health = health or "<p>Everything is fine.</p>"
    totals = status.totals
    builds = f"{totals.builds} build{'s' * (totals.builds != 1)}"
    return (
        f"<h1>{escape(status.blog)}</h1>\n{health}\n"
        f'<p class="soft">syndicate {escape(status.version)}, process {status.pid}, '
        f"{escape(status.state)} since {_when(status.started)}; "
        f"{builds}, {totals.failed} failed. "
        '<a href="/status">/status</a> <a href="/metrics">/metrics</a></p>'
    )


def _chart(builds: Sequence[Build]) -> str:
    """Return a bar chart of the builds' durations, with the last build at the right."""
    if not builds:
        return ""
    slowest = max(build.seconds for build in builds) or 1.0
    bars = "".join(_bar(place, build, slowest) for place, build in enumerate(reversed(builds)))
    width = len(builds) * 10
    title = f"Durations of the last builds ({len(builds)}); the longest took {slowest:.2f} s"
    return (
        f'<svg viewBox="0 0 {width} 60" preserveAspectRatio="none" role="img" '
        f'aria-label="{title}"><title>{title}</title>{bars}</svg>'
    )


def _bar(place: int, build: Build, slowest: float) -> str:
    height = max(58 * build.seconds / slowest, 1.0)
    bad = ' class="bad"' if build.failed else ""
    return f'<rect{bad} x="{place * 10}" y="{60 - height:.1f}" width="8" height="{height:.1f}"/>'


def _build(build: Build) -> tuple[str, ...]:
    counts = (f"{build.seconds:.2f}", str(build.posts), str(build.feeds), str(build.files))
    problems = f"{build.problems} problem{'s' * (build.problems != 1)}"
    skipped = f"{build.left_out} file{'s' * (build.left_out != 1)} skipped"
    result = build.failed or f"{problems}, {skipped}"
    return (_when(build.started), ", ".join(build.reasons), *counts, result)


def _table(title: str, names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a titled table, or "" if it has no rows. "#" marks a column of numbers."""
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
