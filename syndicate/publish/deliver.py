"""Delivery of the output folder's files to the configured targets.

A run sends the difference between a target's holdings (holdings.py) and the wanted files. Targets
are independent: they run in parallel, and one failure affects no other target. Webhooks come
last, since a receiver may fetch the announced files at once.
"""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib import import_module
from pathlib import Path

from msgspec import Struct

from syndicate.config.schema import Config
from syndicate.config.targets import (
    AzureTarget,
    CommandTarget,
    FolderTarget,
    GcsTarget,
    GitTarget,
    S3Target,
    SftpTarget,
    TargetConfig,
    WebhookTarget,
)
from syndicate.errors import ConfigError, DeliveryError, OutputError, SyndicateError
from syndicate.publish.describe import describe
from syndicate.publish.holdings import Holdings, slug
from syndicate.publish.secrets import reportable, secrets_of
from syndicate.publish.target import DetectsChanges, File, Target, TargetContext, Transfer
from syndicate.text.peers import NO_SECRETS

__all__ = ["Delivery", "Options", "deliver"]

AT_ONCE = 4
"""Targets that are served in parallel."""
_MODULES: dict[type, str] = {
    FolderTarget: "folder",
    S3Target: "objects",
    GcsTarget: "objects",
    AzureTarget: "objects",
    SftpTarget: "sftp",
    GitTarget: "git",
    CommandTarget: "command",
    WebhookTarget: "webhook",
}
_STEPWISE = (S3Target, GcsTarget, AzureTarget, SftpTarget)
"""Targets that deliver file by file and can be interrupted; others deliver all files at once."""


class Delivery(Struct, frozen=True):
    """Result of a run at one target. Paths are relative to the output folder.

    `place` names the target without credentials. `sent` and `removed` are confirmed; `feeds` are
    the feeds among `sent`. `pending` lists the paths still to be sent or removed: after a failure,
    or all of them in a dry run. `error` and `cure` are empty after a success. A `transient` error
    may be retried, after `retry_after` seconds if set. `problem` is a warning beside the result.
    """

    target: str
    kind: str
    place: str
    sent: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    pending: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    error: str = ""
    cure: str = ""
    transient: bool = False
    retry_after: float | None = None
    problem: str = ""
    seconds: float = 0.0


class Options(Struct, frozen=True):
    """Options of a run. `site` overrides the home page's address of the configuration.

    `dry_run` changes no target. `again` also sends files that should already be at the target. Once
    `stopped` returns true, no further target is begun, and object stores and SFTP stop after the
    files under way.
    """

    site: str = ""
    dry_run: bool = False
    again: bool = False
    stopped: Callable[[], bool] = lambda: False


class _Run(Struct, frozen=True):
    """Arguments of a run that all targets share."""

    config: Config
    files: tuple[File, ...]
    environ: Mapping[str, str]
    options: Options


def deliver(
    config: Config,
    kinds: Mapping[str, str],
    *,
    environ: Mapping[str, str],
    names: Collection[str] = (),
    options: Options = Options(),  # noqa: B008  a frozen value
) -> tuple[Delivery, ...]:
    """Deliver the files of `kinds` to the targets called `names`, or to all targets without names.

    `kinds` has the kinds of the files that builds wrote to the output folder and still want, by
    path (`Written.kinds` of the manifest). Only these are sent, and only files that earlier runs
    sent are removed.

    Return a Delivery per target, in the order of the configuration; it holds the target's error.
    The caller holds the state folder's lock. Raises ConfigError for an unknown name, and
    OutputError if `kinds` is empty or one is missing: a lost build must not empty the targets.
    """
    chosen = _chosen(config.publish, names)
    described = describe(config.output_folder, kinds)
    if chosen and not described:
        folder = str(config.output_folder)
        raise OutputError(folder, "holds no feeds of a build", "run `syndicate build` first")
    run = _Run(config, described, environ, options)
    first = [target for target in chosen if not isinstance(target, WebhookTarget)]
    last = [target for target in chosen if isinstance(target, WebhookTarget)]
    deliveries = _serve_all(first, run)
    if first and all(delivery.error for delivery in deliveries.values()):
        deliveries |= {target.name: _held_back(target, run) for target in last}
    else:
        deliveries |= _serve_all(last, run)
    return tuple(deliveries[target.name] for target in chosen)


def _chosen(targets: Sequence[TargetConfig], names: Collection[str]) -> list[TargetConfig]:
    known = [target.name for target in targets]
    for name in names:
        if name not in known:
            cure = f"use one of: {', '.join(known)}" if known else "add [[publish]] to config.toml"
            raise ConfigError("publish", f"no target is called {name!r}", cure)
    return [target for target in targets if not names or target.name in names]


def _serve_all(targets: Sequence[TargetConfig], run: _Run) -> dict[str, Delivery]:
    if not targets:
        return {}
    with ThreadPoolExecutor(min(AT_ONCE, len(targets))) as pool:
        deliveries = pool.map(partial(_serve, run=run), targets)
        return {delivery.target: delivery for delivery in deliveries}


def _serve(config: TargetConfig, run: _Run) -> Delivery:
    """Deliver to one target; an error becomes part of the Delivery."""
    started = time.perf_counter()
    progress = _Progress(config, run)
    try:
        progress.serve()
    except SyndicateError as error:
        progress.error = error
    return progress.delivery(time.perf_counter() - started)


def _held_back(config: WebhookTarget, run: _Run) -> Delivery:
    what = "was not called, as no other target received the files"
    progress = _Progress(config, run)
    progress.error = DeliveryError(config.place, what, "cure the other targets", transient=True)
    return progress.delivery(0.0)


class _Progress:
    """A run at one target: the files sent and removed so far."""

    def __init__(self, config: TargetConfig, run: _Run) -> None:
        self.error: SyndicateError | None = None
        self._config = config
        self._run = run
        self._transfer = Transfer(run.config.output_folder)
        self._sent: dict[str, None] = {}
        self._removed: dict[str, None] = {}
        self._problem = ""

    def serve(self) -> None:
        folder = self._run.config.state_folder / "targets"
        holdings = Holdings(folder, self._config.name, self._config.place)
        self._problem = holdings.problem
        target = _open(self._config, self._run, folder)
        self._transfer = self._compare(holdings, target)
        if self._run.options.dry_run or not (self._transfer.send or self._transfer.remove):
            return
        self._raise_if_stopped()
        holdings.begin(self._transfer.send, self._transfer.remove)
        try:
            target.deliver(self._transfer, partial(self._confirm, holdings))
        finally:
            holdings.save()
        if count := len(self._pending()):
            what = "1 file is not confirmed" if count == 1 else f"{count} files are not confirmed"
            raise DeliveryError(self._config.place, what, "publish again", transient=True)

    def delivery(self, seconds: float) -> Delivery:
        transfer, error = self._transfer, self.error
        secrets = secrets_of(self._run.config, self._run.environ) if error else NO_SECRETS
        delivery_error = error if isinstance(error, DeliveryError) else None
        return Delivery(
            target=self._config.name,
            kind=str(self._config.__struct_config__.tag),
            place=self._config.place,
            sent=tuple(self._sent),
            removed=tuple(self._removed),
            unchanged=len(transfer.files) - len(transfer.send),
            pending=tuple(self._pending()),
            feeds=tuple(
                file.path for file in transfer.send if file.feed and file.path in self._sent
            ),
            error=f"{error.where}: {reportable(error.what, secrets)}" if error else "",
            cure=reportable(error.cure, secrets) if error else "",
            transient=bool(delivery_error and delivery_error.transient),
            retry_after=delivery_error.retry_after if delivery_error else None,
            problem=self._problem,
            seconds=round(seconds, 3),
        )

    def _compare(self, holdings: Holdings, target: Target) -> Transfer:
        files = self._run.files
        wanted = {file.path for file in files}
        if self._run.options.again:
            missing = wanted
        else:
            missing = target.missing(files) if isinstance(target, DetectsChanges) else set()
        return Transfer(
            root=self._run.config.output_folder,
            send=holdings.changed(files, missing),
            remove=tuple(sorted(set(holdings.files) - wanted)),
            held=dict(holdings.files),
            files=files,
        )

    def _confirm(self, holdings: Holdings, path: str, digest: str | None) -> None:
        holdings.confirm(path, digest)
        (self._removed if digest is None else self._sent)[path] = None
        if isinstance(self._config, _STEPWISE):
            self._raise_if_stopped()

    def _raise_if_stopped(self) -> None:
        if self._run.options.stopped():
            what, cure = "interrupted because the program ends", "the next run continues"
            raise DeliveryError(self._config.place, what, cure, transient=True)

    def _pending(self) -> list[str]:
        paths = [file.path for file in self._transfer.send if file.path not in self._sent]
        return paths + [path for path in self._transfer.remove if path not in self._removed]


def _open(config: TargetConfig, run: _Run, folder: Path) -> Target:
    module = import_module(f"syndicate.publish.{_MODULES[type(config)]}")
    work = folder / slug(config.name)
    site = run.options.site or run.config.site.url or ""
    context = TargetContext(run.config.folder.absolute(), work, run.environ, site.rstrip("/"))
    target: Target = module.open_target(config, context)
    return target
