"""Object stores as targets: S3 and what speaks its language, Google Cloud Storage, Azure Blobs.

A store shows an object whole or not at all, so each file is one request. Its SHA-256 goes with it
as metadata, and is read back with size and ETag before the file counts as published. A prepared
variant (atom.xml.gz) is an object of its own, with the Content-Type of what it unpacks to and the
Content-Encoding that a server in front of the store needs to hand it out; the plain object stays
plain, because a store gives everybody the same bytes, whatever they can read.
"""

import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Never, TypeVar

from msgspec import Struct

from syndicate.errors import ConfigError, DeliveryError
from syndicate.publish.stores import StoreTarget, keys_of, open_store
from syndicate.publish.target import Done, File, Surroundings, Target, Transfer, content
from syndicate.text.peers import Secrets, heard, in_environment

if TYPE_CHECKING:
    from obstore import Attribute, PutResult

    from syndicate.publish.stores import Store

__all__ = ["open_target"]

AT_ONCE = 8
"""Requests on their way at one time."""
CACHE_CONTROL = "public, max-age=1800"
"""Half an hour: some readers obey it, and none should wait for a day."""

_CREDENTIALS = {
    "s3": "see AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, and what they may do with the bucket",
    "gs": "see GOOGLE_APPLICATION_CREDENTIALS, and what they may do with the bucket",
    "az": "see AZURE_STORAGE_ACCOUNT_KEY, and what it may do with the container",
}
T = TypeVar("T")


def open_target(config: StoreTarget, around: Surroundings) -> Target:
    """The store that `config` names. Raises ConfigError where it cannot be spoken to at all."""
    try:
        from obstore.exceptions import BaseError
    except ImportError:
        raise ConfigError(
            f"publish.{config.name}",
            "object stores need a library that is not installed",
            "pip install 'syndicate-feeds[objects]'",
        ) from None
    keys = keys_of(config, around.environ)
    secrets = frozenset(keys.values()) | in_environment(around.environ)
    try:
        store = open_store(config, keys)
    except (BaseError, ValueError) as error:
        what = _scrubbed(error, secrets)
        raise ConfigError(f"publish.{config.name}", what, "see docs/publishing.md") from None
    return _Objects(config, store, secrets)


class _There(Struct, frozen=True):
    """An object as its store tells of it; `digest` is ours, empty where the store lost it."""

    size: int
    e_tag: str | None
    digest: str


class _Objects:
    def __init__(self, config: StoreTarget, store: "Store", secrets: Secrets) -> None:
        self.name = config.name
        self._place = config.place
        self._cache_control = config.cache_control or CACHE_CONTROL
        self._store = store
        self._secrets = secrets

    def deliver(self, transfer: Transfer, done: Done) -> None:
        """Send rank after rank, several files at once; then remove."""

        def send(file: File) -> None:
            self._send(transfer.root, file)
            done(file.path, file.digest)

        def remove(path: str) -> None:
            self._remove(transfer, path)
            done(path, None)

        for _, files in groupby(transfer.send, lambda file: file.rank):
            _each(send, files)
        _each(remove, transfer.remove)

    def _send(self, root: Path, file: File) -> None:
        from obstore import put

        data = content(root, file)
        attributes: dict[Attribute, str] = {
            "Content-Type": file.type,
            "Cache-Control": self._cache_control,
            "sha256": file.digest,
        }
        if file.encoding:
            attributes["Content-Encoding"] = file.encoding

        def send() -> "PutResult":
            # In parts an object's ETag is no digest, and parts of a broken upload stay and cost.
            return put(self._store, file.path, data, attributes=attributes, use_multipart=False)

        try:
            sent = self._ask(file.path, send)
        except FileNotFoundError:
            self._refuse(file.path, "no such bucket or container", "make it, or correct its name")
        if fault := _fault(file, sent["e_tag"], self._look(file.path)):
            self._refuse(file.path, fault, "see that nothing else writes there", transient=True)

    def _remove(self, transfer: Transfer, path: str) -> None:
        from obstore import delete

        there = self._look(path)
        if there and transfer.is_ours(path, there.digest):
            with suppress(FileNotFoundError):  # somebody was faster
                self._ask(path, lambda: delete(self._store, path))

    def _look(self, path: str) -> _There | None:
        from obstore import get

        try:
            found = self._ask(path, lambda: get(self._store, path, options={"head": True}))
        except FileNotFoundError:
            return None
        digest = found.attributes.get("sha256", "")
        return _There(found.meta["size"], found.meta["e_tag"], digest)

    def _ask(self, path: str, request: Callable[[], T]) -> T:
        """The answer to `request`; FileNotFoundError passes where nothing is there."""
        from obstore import exceptions

        try:
            return request()
        except (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError) as error:
            self._refuse(path, self._told(error), _CREDENTIALS[self._place[:2]])
        except exceptions.InvalidPathError as error:
            self._refuse(path, self._told(error), "name the category, tag or layout otherwise")
        except (exceptions.BaseError, ValueError) as error:
            cure = "it is tried again with the next run"
            self._refuse(path, self._told(error), cure, transient=True)

    def _told(self, error: Exception) -> str:
        return _scrubbed(error, self._secrets)

    def _refuse(self, path: str, what: str, cure: str, *, transient: bool = False) -> Never:
        where = f"{self._place}: {path}"
        # Without the cause: its words may hold what ours must not.
        raise DeliveryError(where, what, cure, transient=transient) from None


def _fault(file: File, e_tag: str | None, there: _There | None) -> str:
    if there is None:
        return "is not there after it was sent"
    if there.size != file.size:
        return f"has {there.size} bytes there, and {file.size} here"
    if there.digest not in ("", file.digest) or (e_tag and there.e_tag not in (None, e_tag)):
        return "was replaced by somebody else while it was sent"
    return ""


def _each(act: Callable[[T], None], things: Iterable[T]) -> None:
    """Do all; after a failure begin no more, and raise it when those under way have ended."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        futures = [pool.submit(act, thing) for thing in things]
        try:
            for future in futures:
                future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _scrubbed(error: Exception, secrets: Secrets) -> str:
    """Return one line of a library's message, without secrets, logins and queries."""
    text = str(error).partition("\n\nDebug source")[0]
    return heard(re.sub(r"(https?://[^\s?\"')]*)\?[^\s\"')]*", r"\1", text), secrets)
