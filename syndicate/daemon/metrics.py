"""The daemon's account in Prometheus' text format, version 0.0.4."""

from collections.abc import Iterable, Iterator, Mapping

from syndicate.daemon.status import Status

__all__ = ["metrics"]

Labels = Mapping[str, str]
Sample = tuple[Labels, float]


def metrics(status: Status) -> str:
    """All metrics, each with its help and type."""
    return "".join(line for family in _families(status) for line in family)


def _families(status: Status) -> Iterator[Iterator[str]]:
    totals = status.totals
    good = totals.builds - totals.failed
    yield _family("info", "gauge", "1, with the version.", [({"version": status.version}, 1)])
    yield _family("start_time_seconds", "gauge", "When the daemon started, in Unix time.",
                  [({}, status.started.timestamp())])  # fmt: skip
    yield _family("builds_total", "counter", "Builds since the start.",
                  [({"result": "ok"}, good), ({"result": "failed"}, totals.failed)])  # fmt: skip
    yield _family("build_seconds_total", "counter", "Seconds that builds took.",
                  [({}, totals.seconds)])  # fmt: skip
    if status.builds:
        yield from _last_build(status)
    waits: list[Sample] = [({}, status.waiting[0].due.timestamp())] if status.waiting else []
    yield _family("next_post_timestamp_seconds", "gauge", "When the next post falls due.", waits)
    yield _family("waiting_posts", "gauge", "Posts dated ahead.", [({}, status.waiting_count)])
    counts = {"error": 0, "warning": 0} | status.problem_counts
    yield _family("problems", "gauge", "Problems that the last good build found.",
                  [({"severity": kind}, number) for kind, number in counts.items()])  # fmt: skip
    yield from _targets(status)
    yield _family("hub_pings_total", "counter", "Pings that a hub took.",
                  [({"hub": each.hub}, each.told) for each in status.hubs])  # fmt: skip
    yield _family("hub_failures", "gauge", "Failures of a hub in a row.",
                  [({"hub": each.hub}, each.failures) for each in status.hubs])  # fmt: skip


def _last_build(status: Status) -> Iterator[Iterator[str]]:
    last = status.builds[0]
    yield _family("last_build_timestamp_seconds", "gauge", "When the last build began.",
                  [({}, last.started.timestamp())])  # fmt: skip
    yield _family("last_build_success", "gauge", "Whether the last build went well.",
                  [({}, not last.failed)])  # fmt: skip
    yield _family("last_build_seconds", "gauge", "What it took.", [({}, last.seconds)])
    good = next((build for build in status.builds if not build.failed), None)
    if good:
        yield _family("posts", "gauge", "Posts that the last good build read.", [({}, good.posts)])
        yield _family("feeds", "gauge", "Feeds that it left.", [({}, good.feeds)])


def _targets(status: Status) -> Iterator[Iterator[str]]:
    def each(name: str, kind: str, told: str, value: str) -> Iterator[str]:
        found = ((target.name, getattr(target, value)) for target in status.targets)
        return _family(name, kind, told, [({"target": key}, number) for key, number in found])

    yield each("files_sent_total", "counter", "Files that a target took.", "sent")
    yield each("files_removed_total", "counter", "Files removed from a target.", "removed")
    yield each("files_pending", "gauge", "Files that a target is still to take.", "pending")
    yield each("target_failures", "gauge", "Failures of a target in a row.", "failures")
    good = [({"target": it.name}, it.good.timestamp()) for it in status.targets if it.good]
    yield _family("target_good_timestamp_seconds", "gauge",
                  "When a target last held everything.", good)  # fmt: skip


def _family(name: str, kind: str, told: str, samples: Iterable[Sample]) -> Iterator[str]:
    full = f"syndicate_{name}"
    yield f"# HELP {full} {told}\n# TYPE {full} {kind}\n"
    for labels, value in samples:
        pairs = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
        yield f"{full}{{{pairs}}} {float(value)!r}\n" if pairs else f"{full} {float(value)!r}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
