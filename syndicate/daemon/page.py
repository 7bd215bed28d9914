"""Status page of the daemon: last builds, next builds, problems. Static HTML without scripts.

All values come from posts, peers or the configuration, so the template escapes all of them.
"""

from collections.abc import Sequence
from datetime import datetime

from syndicate.daemon.status import Build, Status
from syndicate.pages.assets import digest, status_style
from syndicate.pages.render import render_live
from syndicate.pages.theme import ThemeSource, plain_theme

__all__ = ["page", "policy"]

_REFRESH = 30
"""Seconds after which the browser reloads the page."""
_BARS = 40


def page(status: Status, wrong: str, theme: ThemeSource = plain_theme) -> bytes:
    """Return `status` as HTML. `wrong` is its diagnosis, empty if nothing is wrong."""
    faults = [wrong] * bool(wrong)
    if status.refused:
        faults.append(f"The configuration on disk is not in use: {status.refused}")
    values = {
        "status": status,
        "faults": faults,
        "since": _when(status.started),
        "refresh": _REFRESH,
        "style": status_style(),
        "chart": _chart(status.builds[:_BARS]),
        "tables": _tables(status),
    }
    return render_live("status.html", theme, values).encode()


def policy() -> str:
    """Return the page's Content-Security-Policy: only its own style sheet is allowed."""
    return f"default-src 'none'; style-src {digest(status_style())}; frame-ancestors 'none'"


def _tables(status: Status) -> list[dict[str, object]]:
    return [
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
    ]  # fmt: skip


def _table(title: str, names: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, object]:
    """Return a table for the template. "#" marks a column of numbers."""
    columns = [{"name": name.lstrip("#"), "number": name.startswith("#")} for name in names]
    return {"title": title, "columns": columns, "rows": rows}


def _chart(builds: Sequence[Build]) -> dict[str, object]:
    """Return a bar chart of the builds' durations, with the last build at the right."""
    slowest = max((build.seconds for build in builds), default=0.0) or 1.0
    title = f"Durations of the last builds ({len(builds)}); the longest took {slowest:.2f} s"
    bars = [_bar(place, build, slowest) for place, build in enumerate(reversed(builds))]
    return {"title": title, "width": len(builds) * 10, "bars": bars}


def _bar(place: int, build: Build, slowest: float) -> dict[str, object]:
    height = max(58 * build.seconds / slowest, 1.0)
    return {
        "failed": bool(build.failed),
        "x": place * 10,
        "y": f"{60 - height:.1f}",
        "height": f"{height:.1f}",
    }


def _build(build: Build) -> tuple[str, ...]:
    counts = (f"{build.seconds:.2f}", str(build.posts), str(build.feeds), str(build.files))
    problems = f"{build.problems} problem{'s' * (build.problems != 1)}"
    skipped = f"{build.left_out} file{'s' * (build.left_out != 1)} skipped"
    result = build.failed or f"{problems}, {skipped}"
    return (_when(build.started), ", ".join(build.reasons), *counts, result)


def _when(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S %z}" if moment else "never"
