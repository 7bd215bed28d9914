"""Target that receives one signed POST of JSON with the list of changes.

The body is a `Notice`. ``X-Syndicate-Signature-256: sha256=...`` holds the HMAC-SHA256 of its bytes
in hex. The signed field `sent` lets a receiver reject replayed notices. Any 2xx confirms the whole
notice; after any other answer the next run sends all changes again, together with new ones.
"""

import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from syndicate import net as http
from syndicate.config.targets import WebhookTarget
from syndicate.errors import ConfigError, DeliveryError
from syndicate.feeds.paths import address
from syndicate.files.read import read_own
from syndicate.publish.target import Done, File, TargetContext, Transfer, resolved_path

__all__ = ["SIGNATURE", "Changed", "Notice", "Removed", "Webhook", "open_target", "signature"]

SIGNATURE = "X-Syndicate-Signature-256"
Clock = Callable[[], datetime]


class Changed(Struct, frozen=True):
    """New or changed file. `url` is "" if the site's address is unknown.

    `digest` is ``sha256:`` and hex digits.
    """

    path: str
    url: str
    type: str
    size: int
    digest: str
    action: Literal["created", "updated"]
    feed: bool
    encoding: str = ""


class Removed(Struct, frozen=True):
    """Removed file."""

    path: str
    url: str


class Notice(Struct, frozen=True):
    """Body of the POST. `feeds` lists the addresses of changed feeds; `sent` is RFC 3339 in UTC."""

    version: Literal[1]
    site: str
    sent: str
    feeds: tuple[str, ...]
    changed: tuple[Changed, ...]
    removed: tuple[Removed, ...]


class Webhook:
    """Target of a webhook."""

    def __init__(
        self, config: WebhookTarget, site: str, secret: bytes, clock: Clock, send: http.Send
    ) -> None:
        self.name = config.name
        self._config = config
        self._site = site
        self._secret = secret
        self._clock = clock
        self._send = send

    def deliver(self, transfer: Transfer, done: Done) -> None:
        """Post the changes of `transfer`. Raises DeliveryError for any answer but 2xx."""
        if not (transfer.send or transfer.remove):
            return
        self._post(msgspec.json.encode(_notice(transfer, self._site, self._clock())))
        for file in transfer.send:
            done(file.path, file.digest)
        for path in transfer.remove:
            done(path, None)

    def _post(self, body: bytes) -> None:
        headers = {
            "content-type": "application/json",
            SIGNATURE: signature(body, self._secret),
        }
        config = self._config
        private: http.Private = "always" if config.allow_private else "first"
        try:
            answer = self._send(
                config.url, body, headers=headers, timeout=config.timeout, private=private
            )
        except http.HttpError as error:
            # error.where has the path, which often serves as the webhook's secret.
            raise DeliveryError(
                self.name,
                error.what,
                error.cure,
                transient=error.transient,
                retry_after=error.retry_after,
            ) from None
        if answer.status // 100 != 2:
            raise _refused(self.name, answer)


def _now() -> datetime:
    return datetime.now(UTC)


def open_target(
    config: WebhookTarget,
    context: TargetContext,
    *,
    clock: Clock = _now,
    send: http.Send = http.send,
) -> Webhook:
    """Return the target of `config`. Raises ConfigError without a secret.

    `clock` is read when the notice is sent.
    """
    return Webhook(config, context.site, _secret(config, context), clock, send)


def signature(body: bytes, secret: bytes) -> str:
    """Return the value of the header `SIGNATURE` for a POST of `body`."""
    return "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()


def _secret(config: WebhookTarget, context: TargetContext) -> bytes:
    where = f'[[publish]] "{config.name}"'
    if bool(config.secret_env) == bool(config.secret_file):
        what = "has two secrets" if config.secret_env else "has no secret"
        cure = "set either secret_env to the name of a variable, or secret_file to a path"
        raise ConfigError(where, what, cure)
    if config.secret_env:
        source, secret = config.secret_env, context.environ.get(config.secret_env, "").encode()
    else:
        path = resolved_path(config.secret_file, context.folder, where)
        source, secret = str(path), _read(path, where)
    if not secret.strip():
        raise ConfigError(where, f"{source} is empty or not set", "put a long random text there")
    return secret.strip()


def _read(path: Path, where: str) -> bytes:
    try:
        return read_own(path, 64_000)
    except OSError as error:
        what = f"{path} cannot be read ({error.strerror})"
        cure = "set secret_file to a file that this user may read"
        raise ConfigError(where, what, cure) from None


def _notice(transfer: Transfer, site: str, now: datetime) -> Notice:
    changed = tuple(_changed(file, transfer, site) for file in transfer.send)
    return Notice(
        version=1,
        site=site,
        sent=now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        feeds=tuple(file.url for file in changed if file.feed and file.url and not file.encoding),
        changed=changed,
        removed=tuple(Removed(path, _url(site, path)) for path in transfer.remove),
    )


def _changed(file: File, transfer: Transfer, site: str) -> Changed:
    return Changed(
        path=file.path,
        url=_url(site, file.path),
        type=file.type,
        size=file.size,
        digest=f"sha256:{file.digest}",
        action="updated" if any(transfer.held.get(file.path, ())) else "created",
        feed=file.feed,
        encoding=file.encoding,
    )


def _url(site: str, path: str) -> str:
    return address(site, path) if site else ""


def _refused(name: str, answer: http.Answer) -> DeliveryError:
    cure = "see the receiver's log"
    if answer.status in (401, 403):
        cure = "check that the receiver has the same secret and that its clock is right"
    elif answer.status // 100 == 3:
        cure = f"set url to its new address: {answer.location}"
    detail = f": {answer.text}" if answer.text else ""
    return DeliveryError(
        name,
        f"the receiver answers {answer.status}{detail}",
        cure,
        transient=http.is_transient(answer.status),
        retry_after=answer.retry_after,
    )
