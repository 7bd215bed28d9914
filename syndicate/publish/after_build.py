"""What comes after a build: its files to the targets, and the hubs told."""

from collections.abc import Callable, Mapping, Sequence

import msgspec
from msgspec import Struct

from syndicate import net as http
from syndicate.config.schema import Config
from syndicate.errors import ConfigError
from syndicate.feeds.paths import address
from syndicate.model import Report
from syndicate.publish import hubs
from syndicate.publish.deliver import Delivery, deliver
from syndicate.publish.describe import describe
from syndicate.publish.hubs import Ping
from syndicate.publish.secrets import reportable, secrets_of
from syndicate.state.lock import locked
from syndicate.state.manifest import recall
from syndicate.text.homes import PREVIEW, is_unknown

__all__ = ["Published", "deliverable", "publish_after", "tell"]

NOBODY: Mapping[str, float] = {}


class Published(Struct, frozen=True):
    """What came of it. Targets and hubs that were left alone are in neither."""

    deliveries: tuple[Delivery, ...] = ()
    pings: tuple[Ping, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether a target does not hold what it should."""
        return any(each.error for each in self.deliveries)


def deliverable(config: Config) -> tuple[str, ...]:
    """Return the files that the last build left in the output folder.

    Raises ConfigError where the blog's address was unknown to that build: its feeds are a preview,
    whose ids must not reach a reader. Raises StateError.
    """
    written = recall(config.state_folder, config.output_folder)
    if written.files and is_unknown(written.site):
        what = f"{PREVIEW}. They are not published, and no hub is told"
        raise ConfigError("site.url", what, "set [site] url, and build again")
    return written.files


def _may_pass(deliveries: Sequence[Delivery]) -> bool:
    return any(each.transient for each in deliveries)


def publish_after(
    config: Config,
    report: Report,
    *,
    environ: Mapping[str, str],
    resting: Mapping[str, float] = NOBODY,
    hold: Callable[[Sequence[Delivery]], bool] = _may_pass,
    stopped: Callable[[], bool] = lambda: False,
    waits: Sequence[float] = hubs.WAITS,
) -> Published:
    """Bring all targets to hold what the build that gave `report` left, then tell the hubs.

    Targets (by name) and hubs (by address) that are `resting` are left alone, for so many seconds.
    The hubs hear nothing, until the next time, where `hold` says so of the deliveries: by default
    where a target failed for a reason that may pass, as they would fetch old feeds from it.
    `waits` are those before a hub's second and third attempt.

    Raises StateError, also where another build is at work; OutputError where files of the build
    are gone; ConfigError, also for the feeds of a preview.
    """
    if not (config.publish or config.feeds.hubs):
        return Published()
    with locked(config.state_folder):
        files = deliverable(config)
        if not files:
            return Published()
        names = [target.name for target in config.publish if target.name not in resting]
        deliveries = (
            deliver(
                config, files, environ=environ, names=names, site=report.site.url, stopped=stopped
            )
            if names
            else ()
        )
        if stopped() or hold(deliveries):
            return Published(deliveries)
        pings = tell(config, report, files, environ=environ, resting=resting, waits=waits)
        return Published(deliveries, pings)


def tell(
    config: Config,
    report: Report,
    files: Sequence[str],
    *,
    environ: Mapping[str, str],
    resting: Mapping[str, float] = NOBODY,
    waits: Sequence[float] = hubs.WAITS,
) -> tuple[Ping, ...]:
    """Tell the hubs of the feeds of `report`, as they lie in the output folder among `files`."""
    if not config.feeds.hubs:
        return ()

    def send(url: str, body: bytes, **options: object) -> http.Answer:
        if left := resting.get(url):
            raise http.HttpError(url, "is left alone", transient=True, retry_after=left)
        return http.send(url, body, **options)  # type: ignore[arg-type]

    feeds = _feeds(config, report, files)
    tried = hubs.notify(config.feeds.hubs, feeds, state=config.state_folder, send=send, waits=waits)
    return tuple(_reportable(ping, config, environ) for ping in tried if ping.hub not in resting)


def _reportable(ping: Ping, config: Config, environ: Mapping[str, str]) -> Ping:
    if not ping.problem:
        return ping
    problem = reportable(ping.problem, secrets_of(config, environ))
    return msgspec.structs.replace(ping, problem=problem)


def _feeds(config: Config, report: Report, files: Sequence[str]) -> dict[str, str]:
    """The address of each feed, and the digest of its bytes."""
    known = {url for feed in report.feeds for url in feed.urls.values()}
    described = describe(config.output_folder, files)
    addresses = {address(report.site.url, file.path): file.digest for file in described}
    return {url: digest for url, digest in addresses.items() if url in known}
