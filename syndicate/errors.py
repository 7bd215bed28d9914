"""Every exception that this program raises on purpose.

    SyndicateError          the base class
    ├── ConfigError         config.toml or an option is wrong
    ├── BlogError           the blog's folder is missing, unreadable, or of no known kind
    ├── BuildStopped        the build would harm the published feeds; nothing was written
    ├── OutputError         a feed file cannot be written
    ├── DeliveryError       a target rejects the files, or cannot be reached
    ├── FeedError           a feed cannot be read
    ├── HttpError           an address cannot be reached, or rejects the request
    └── StateError          the state folder cannot be read or written

An error names the place, the fault and the cure. A fault of one post is no exception but a
`Problem`. Errors cross process borders, so `Exception.args` holds all their data.
"""

__all__ = [
    "BlogError",
    "BuildStopped",
    "ConfigError",
    "DeliveryError",
    "FeedError",
    "HttpError",
    "OutputError",
    "StateError",
    "SyndicateError",
]


class SyndicateError(Exception):
    """Base class: `where` the error happened, `what` is wrong, and the `cure` (may be empty)."""

    def __init__(self, where: str, what: str, cure: str = "") -> None:
        super().__init__(where, what, cure)
        self.where = where
        self.what = what
        self.cure = cure

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}"
        return f"{text}; {self.cure}" if self.cure else text


class ConfigError(SyndicateError):
    """Raised if a key, type or value in config.toml or in ``--set`` is wrong."""


class BlogError(SyndicateError):
    """Raised if the folder cannot be read as a blog."""


class BuildStopped(SyndicateError):
    """Raised before anything is written, if the build would harm the published feeds."""


class OutputError(SyndicateError):
    """Raised if a feed file or its folder cannot be written."""


class DeliveryError(SyndicateError):
    """Raised if a target rejects the files, cannot be reached, or does not serve what was sent.

    A `transient` delivery may be retried, after `retry_after` seconds if set.
    """

    def __init__(
        self,
        where: str,
        what: str,
        cure: str = "",
        *,
        transient: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(where, what, cure)
        self.transient = transient
        self.retry_after = retry_after


class FeedError(SyndicateError):
    """Raised if the document at `where` is not a complete, readable feed."""


class HttpError(SyndicateError):
    """Raised if there is no answer, or an unexpected one.

    `status` is 0 without an answer. A `transient` request may be retried, after `retry_after`
    seconds if set.
    """

    def __init__(
        self,
        where: str,
        what: str,
        cure: str = "",
        status: int = 0,
        transient: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(where, what, cure)
        self.args = (where, what, cure, status, transient, retry_after)
        self.status = status
        self.transient = transient
        self.retry_after = retry_after


class StateError(SyndicateError):
    """Raised if the state folder cannot be used, or holds a damaged or foreign file."""
