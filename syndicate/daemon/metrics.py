"""Status of the daemon in Prometheus' text format, version 0.0.4."""

from collections.abc import Iterable, Iterator, Mapping

from syndicate.daemon.status import Status

__all__ = ["metrics"]

Labels = Mapping[str, str]
Sample = tuple[Labels, float]


def metrics(status: Status) -> str:
    """Return all metrics, with a help and a type line for each."""
    return "".join(line for family in _families(status) for line in family)


def _families(status: Status) -> Iterator[Iterator[str]]:
    totals = status.totals
    good = totals.builds - totals.failed
    yield _family("info", "gauge", "1, with the version.", [({"version": status.version}, 1)])
    yield _family("start_time_seconds", "gauge", "When the daemon started, in Unix time.",
                  [({}, status.started.timestamp())])  # fmt: skip
    yield _family("builds_total", "counter", "Builds since the daemon started.",
                  [({"result": "ok"}, good), ({"result": "failed"}, totals.failed)])  # fmt: skip
    yield _family("build_seconds_total", "counter", "Seconds that builds took.",
                  [({}, totals.seconds)])  # fmt: skip
    if status.builds:
        yield from _last_build(status)
    waits: list[Sample] = [({}, status.waiting[0].due.timestamp())] if status.waiting else []
    yield _family("next_post_timestamp_seconds", "gauge",
                  "When the next post falls due, in Unix time.", waits)  # fmt: skip
    yield _family("waiting_posts", "gauge", "Posts dated ahead.", [({}, status.waiting_count)])
    counts = {"error": 0, "warning": 0} | status.problem_counts
    yield _family("problems", "gauge", "Problems that the last good build found.",
                  [({"severity": kind}, number) for kind, number in counts.items()])  # fmt: skip
    yield from _targets(status)
    yield _family("hub_pings_total", "counter", "Pings that a hub accepted.",
                  [({"hub": hub.hub}, hub.told) for hub in status.hubs])  # fmt: skip
    yield _family("hub_failures", "gauge", "Failures of a hub in a row.",
                  [({"hub": hub.hub}, hub.failures) for hub in status.hubs])  # fmt: skip


def _last_build(status: Status) -> Iterator[Iterator[str]]:
    last = status.builds[0]
    yield _family("last_build_timestamp_seconds", "gauge", "Start of the last build, in Unix time.",
                  [({}, last.started.timestamp())])  # fmt: skip
    yield _family("last_build_success", "gauge", "1 if the last build succeeded, else 0.",
                  [({}, not last.failed)])  # fmt: skip
    yield _family("last_build_seconds", "gauge", "Duration of the last build in seconds.",
                  [({}, last.seconds)])  # fmt: skip
    good = next((build for build in status.builds if not build.failed), None)
    if good:
        yield _family("posts", "gauge", "Posts that the last good build read.", [({}, good.posts)])
        yield _family("feeds", "gauge", "Feeds after the last good build.", [({}, good.feeds)])


def _targets(status: Status) -> Iterator[Iterator[str]]:
    def family(name: str, kind: str, description: str, field: str) -> Iterator[str]:
        samples = [({"target": it.name}, getattr(it, field)) for it in status.targets]
        return _family(name, kind, description, samples)

    yield family("files_sent_total", "counter", "Files sent to a target.", "sent")
    yield family("files_removed_total", "counter", "Files removed from a target.", "removed")
    yield family("files_pending", "gauge", "Files not yet sent to a target.", "pending")
    yield family("target_failures", "gauge", "Failures of a target in a row.", "failures")
    good = [({"target": it.name}, it.good.timestamp()) for it in status.targets if it.good]
    yield _family("target_good_timestamp_seconds", "gauge",
                  "Last complete delivery to a target, in Unix time.", good)  # fmt: skip


def _family(name: str, kind: str, description: str, samples: Iterable[Sample]) -> Iterator[str]:
    full = f"syndicate_{name}"
    yield f"# HELP {full} {description}\n# TYPE {full} {kind}\n"
    for labels, value in samples:
        pairs = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
        yield f"{full}{{{pairs}}} {float(value)!r}\n" if pairs else f"{full} {float(value)!r}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
