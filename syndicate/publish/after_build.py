"""Publishing after a build: delivery to the targets, then notification of the hubs."""

from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct

from syndicate import net as http
from syndicate.config.schema import Config
from syndicate.errors import ConfigError
from syndicate.feeds.paths import address
from syndicate.model import Report
from syndicate.publish import hubs
from syndicate.publish.deliver import Delivery, Options, deliver
from syndicate.publish.describe import describe
from syndicate.publish.hubs import Ping
from syndicate.publish.secrets import reportable, secrets_of
from syndicate.state.lock import locked
from syndicate.state.manifest import recall
from syndicate.text.homes import PREVIEW, is_unknown

__all__ = ["Published", "deliverable", "notify_hubs", "publish_after"]

NO_WAITS: Mapping[str, float] = {}


class Published(Struct, frozen=True):
    """Results of the deliveries and pings that were tried."""

    deliveries: tuple[Delivery, ...] = ()
    pings: tuple[Ping, ...] = ()

    @property
    def failed(self) -> bool:
        """Return whether a delivery failed."""
        return any(delivery.error for delivery in self.deliveries)


def deliverable(config: Config) -> dict[str, str]:
    """Return the kinds of the files that the last build left in the output folder, by path.

    Raises ConfigError if that build did not know the blog's address: its feeds are a preview, whose
    ids must not reach a reader. Raises StateError.
    """
    written = recall(config.state_folder, config.output_folder)
    if written.files and is_unknown(written.site):
        what = f"{PREVIEW}. They are not published, and no hub is notified"
        raise ConfigError("site.url", what, "set [site] url, and build again")
    return written.kinds()


def publish_after(config: Config, report: Report, *, environ: Mapping[str, str]) -> Published:
    """Deliver the files of the build that gave `report` to all targets, then notify the hubs.

    The hubs are not notified if a delivery failed for a transient reason, since they would fetch
    the old feeds from that target. Raises StateError, also while another build runs; OutputError if
    files of the build are missing; ConfigError, also for the feeds of a preview.
    """
    if not (config.publish or config.feeds.hubs):
        return Published()
    with locked(config.state_folder):
        if not (kinds := deliverable(config)):
            return Published()
        deliveries: tuple[Delivery, ...] = ()
        if config.publish:
            deliveries = deliver(config, kinds, environ=environ, options=Options(report.site.url))
        if any(delivery.transient for delivery in deliveries):
            return Published(deliveries)
        return Published(deliveries, notify_hubs(config, report, kinds, environ=environ))


def notify_hubs(
    config: Config,
    report: Report,
    kinds: Mapping[str, str],
    *,
    environ: Mapping[str, str],
    skipped: Mapping[str, float] = NO_WAITS,
    waits: Sequence[float] = hubs.WAITS,
) -> tuple[Ping, ...]:
    """Notify the hubs of the feeds of `report` that are among the files of `kinds`.

    `skipped` maps each hub that must not be tried yet to the seconds still to wait. `waits` are the
    seconds before the second and the third attempt.
    """
    if not config.feeds.hubs:
        return ()

    def send(url: str, body: bytes, **options: object) -> http.Answer:
        if left := skipped.get(url):
            raise http.HttpError(url, "is not tried yet", transient=True, retry_after=left)
        return http.send(url, body, **options)  # type: ignore[arg-type]

    feeds = _feeds(config, report, kinds)
    tried = hubs.notify(config.feeds.hubs, feeds, state=config.state_folder, send=send, waits=waits)
    return tuple(_reportable(ping, config, environ) for ping in tried if ping.hub not in skipped)


def _reportable(ping: Ping, config: Config, environ: Mapping[str, str]) -> Ping:
    if not ping.problem:
        return ping
    problem = reportable(ping.problem, secrets_of(config, environ))
    return msgspec.structs.replace(ping, problem=problem)


def _feeds(config: Config, report: Report, kinds: Mapping[str, str]) -> dict[str, str]:
    """Return the digest of each feed by its address."""
    published = {url for feed in report.feeds for url in feed.urls.values()}
    described = describe(config.output_folder, kinds)
    addresses = {address(report.site.url, file.path): file.digest for file in described}
    return {url: digest for url, digest in addresses.items() if url in published}
