"""An address that is told what changed: one signed POST of JSON, once the other files are out.

The body is a `Notice`. ``X-Syndicate-Signature-256: sha256=...`` holds the HMAC-SHA256 of its bytes
in hex; as `sent` is among them, a receiver that refuses old notices cannot be fed one again. Any
2xx is a yes to all of it. After anything else the next run says it all again, with what has changed
since then.
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
from syndicate.publish.target import Done, File, Surroundings, Transfer, located

__all__ = ["SIGNATURE", "Changed", "Notice", "Removed", "Webhook", "open_target", "signature"]

SIGNATURE = "X-Syndicate-Signature-256"
Clock = Callable[[], datetime]


class Changed(Struct, frozen=True):
    """A file that the receiver was not told of, or not with these bytes.

    `url` is empty where the site's address is not known; `digest` is ``sha256:`` and hex.
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
    """A file that is no more."""

    path: str
    url: str


class Notice(Struct, frozen=True):
    """The body. `feeds` are the addresses of the feeds that changed; `sent` is RFC 3339, UTC."""

    version: Literal[1]
    site: str
    sent: str
    feeds: tuple[str, ...]
    changed: tuple[Changed, ...]
    removed: tuple[Removed, ...]


class Webhook:
    """A Target. Holds nothing: what it was told is the caller's to remember."""

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
        """Say what `transfer` sends and removes. Raises DeliveryError where no 2xx comes back."""
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
            # Its own `where` has the path, which is the key to many a webhook.
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
    around: Surroundings,
    *,
    clock: Clock = _now,
    send: http.Send = http.send,
) -> Webhook:
    """The target that `config` describes. Raises ConfigError where the secret is missing.

    `clock` is asked at the moment of sending: a notice that waited is not an old one.
    """
    return Webhook(config, around.site, _secret(config, around), clock, send)


def signature(body: bytes, secret: bytes) -> str:
    """What stands in the header `SIGNATURE` of a POST of `body`."""
    return "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()


def _secret(config: WebhookTarget, around: Surroundings) -> bytes:
    where = f'[[publish]] "{config.name}"'
    if bool(config.secret_env) == bool(config.secret_file):
        what = "two secrets are named" if config.secret_env else "no secret is named"
        cure = "set secret_env to the name of a variable, or secret_file to a path"
        raise ConfigError(where, what, cure)
    if config.secret_env:
        source, secret = config.secret_env, around.environ.get(config.secret_env, "").encode()
    else:
        path = located(config.secret_file, around.folder, where)
        source, secret = str(path), _read(path, where)
    if not secret.strip():
        raise ConfigError(where, f"{source} holds no secret", "put a long random text there")
    return secret.strip()


def _read(path: Path, where: str) -> bytes:
    try:
        return read_own(path, 64_000)
    except OSError as error:
        what = f"{path} cannot be read ({error.strerror})"
        raise ConfigError(where, what, "name a file that you may read as secret_file") from None


def _notice(transfer: Transfer, site: str, now: datetime) -> Notice:
    changed = tuple(_changed(file, transfer, site) for file in transfer.send)
    return Notice(
        version=1,
        site=site,
        sent=now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        feeds=tuple(each.url for each in changed if each.feed and each.url and not each.encoding),
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
    cure = "look into the receiver's log"
    if answer.status in (401, 403):
        cure = "see that the receiver has the same secret, and a right clock"
    elif answer.status // 100 == 3:
        cure = f"set url to where it is now: {answer.location}"
    said = f": {answer.text}" if answer.text else ""
    return DeliveryError(
        name,
        f"the receiver answers {answer.status}{said}",
        cure,
        transient=http.is_transient(answer.status),
        retry_after=answer.retry_after,
    )
