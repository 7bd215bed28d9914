"""Targets in object stores: S3 and compatible stores, Google Cloud Storage, Azure Blobs.

A store replaces an object atomically, so a file is one request. Its SHA-256 is stored as
metadata. Digest, size and ETag are read back before the file counts as published. A compressed
variant (atom.xml.gz) is an object of its own, with the Content-Type of the plain file and a
Content-Encoding for the server in front of the store. The plain object stays uncompressed, since a
store sends all clients the same bytes.
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
from syndicate.publish.target import Done, File, Target, TargetContext, Transfer, content
from syndicate.text.peers import Secrets, heard, in_environment

if TYPE_CHECKING:
    from obstore import Attribute, PutResult

    from syndicate.publish.stores import Store

__all__ = ["open_target"]

AT_ONCE = 8
"""Requests in parallel."""
CACHE_CONTROL = "public, max-age=1800"
"""Half an hour, since some feed readers wait for the whole time."""

_CREDENTIALS = {
    "s3": "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and their permissions for the bucket",
    "gs": "check GOOGLE_APPLICATION_CREDENTIALS and its permissions for the bucket",
    "az": "check AZURE_STORAGE_ACCOUNT_KEY and its permissions for the container",
}
T = TypeVar("T")


def open_target(config: StoreTarget, context: TargetContext) -> Target:
    """Return the target of `config`. Raises ConfigError without obstore or with wrong settings."""
    try:
        from obstore.exceptions import BaseError
    except ImportError:
        raise ConfigError(
            f"publish.{config.name}",
            "object stores need obstore, which is not installed",
            "pip install 'syndicate-feeds[objects]'",
        ) from None
    keys = keys_of(config, context.environ)
    secrets = frozenset(keys.values()) | in_environment(context.environ)
    try:
        store = open_store(config, keys)
    except (BaseError, ValueError) as error:
        what = _scrubbed(error, secrets)
        raise ConfigError(f"publish.{config.name}", what, "see docs/publishing.md") from None
    return _Objects(config, store, secrets)


class _Stored(Struct, frozen=True):
    """Metadata of an object. `digest` is our SHA-256, or "" if the object has none."""

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
        """Send the files rank by rank, several in parallel; then remove."""

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
            # A multipart upload has no digest as ETag, and its parts cost money if it breaks.
            return put(self._store, file.path, data, attributes=attributes, use_multipart=False)

        try:
            sent = self._request(file.path, send)
        except FileNotFoundError:
            self._fail(file.path, "no such bucket or container", "create it, or correct its name")
        if fault := _fault(file, sent["e_tag"], self._metadata(file.path)):
            cure = "check that no other program writes there"
            self._fail(file.path, fault, cure, transient=True)

    def _remove(self, transfer: Transfer, path: str) -> None:
        from obstore import delete

        stored = self._metadata(path)
        if stored and transfer.is_ours(path, stored.digest):
            with suppress(FileNotFoundError):  # another program has removed it meanwhile
                self._request(path, lambda: delete(self._store, path))

    def _metadata(self, path: str) -> _Stored | None:
        from obstore import get

        try:
            answer = self._request(path, lambda: get(self._store, path, options={"head": True}))
        except FileNotFoundError:
            return None
        digest = answer.attributes.get("sha256", "")
        return _Stored(answer.meta["size"], answer.meta["e_tag"], digest)

    def _request(self, path: str, request: Callable[[], T]) -> T:
        """Return the result of `request`. Raises DeliveryError, and FileNotFoundError unchanged."""
        from obstore import exceptions

        try:
            return request()
        except (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError) as error:
            self._fail(path, self._message(error), _CREDENTIALS[self._place[:2]])
        except exceptions.InvalidPathError as error:
            self._fail(path, self._message(error), "rename the category or tag, or change [feeds]")
        except (exceptions.BaseError, ValueError) as error:
            self._fail(path, self._message(error), "the next run tries again", transient=True)

    def _message(self, error: Exception) -> str:
        return _scrubbed(error, self._secrets)

    def _fail(self, path: str, what: str, cure: str, *, transient: bool = False) -> Never:
        where = f"{self._place}: {path}"
        # Without the cause, whose text may contain secrets.
        raise DeliveryError(where, what, cure, transient=transient) from None


def _fault(file: File, e_tag: str | None, stored: _Stored | None) -> str:
    """Return why the stored object is not the `file` that was sent; "" if it is."""
    if stored is None:
        return "is missing after it was sent"
    if stored.size != file.size:
        return f"has {stored.size} bytes there, but {file.size} here"
    if stored.digest not in ("", file.digest) or (e_tag and stored.e_tag not in (None, e_tag)):
        return "was replaced by another program while it was sent"
    return ""


def _each(act: Callable[[T], None], things: Iterable[T]) -> None:
    """Call `act` for all things in parallel. After a failure, start no more and raise it."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        futures = [pool.submit(act, thing) for thing in things]
        try:
            for future in futures:
                future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _scrubbed(error: Exception, secrets: Secrets) -> str:
    """Return a library's message as one line without secrets, logins and query strings."""
    text = str(error).partition("\n\nDebug source")[0]
    return heard(re.sub(r"(https?://[^\s?\"')]*)\?[^\s\"')]*", r"\1", text), secrets)
