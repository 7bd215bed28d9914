"""Every exception this program raises on purpose.

    SyndicateError          the base: catch this one
    ├── ConfigError         config.toml, or an option, says something that cannot be done
    ├── BlogError           the blog's folder is missing, unreadable, or of no known kind
    ├── BuildStopped        going on would harm what is published; nothing was written
    ├── OutputError         a feed file cannot be written
    ├── DeliveryError       a target refuses what is published, or cannot be reached
    ├── FeedError           somebody's feed cannot be read (reading/)
    ├── HttpError           an address cannot be reached, or refuses (http/)
    └── StateError          the state folder cannot be read or written

Each names the thing, the place and the cure. What is wrong with one post is no exception but a
`Problem`. They cross process borders, so everything they
hold goes through ``Exception.__init__``.
"""

__all__ = [
    "BlogError",
    "BuildStopped",
    "ConfigError",
    "DeliveryError",
    "OutputError",
    "StateError",
    "SyndicateError",
]


class SyndicateError(Exception):
    """`where` it happened, `what` is wrong, and the `cure`."""

    def __init__(self, where: str, what: str, cure: str = "") -> None:
        super().__init__(where, what, cure)
        self.where = where
        self.what = what
        self.cure = cure

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}"
        return f"{text}; {self.cure}" if self.cure else text


class ConfigError(SyndicateError):
    """A key, type or value in config.toml or in ``--set`` is wrong."""


class BlogError(SyndicateError):
    """The folder named as the blog cannot serve as one."""


class BuildStopped(SyndicateError):
    """The build ended before it wrote anything, to keep what is published."""


class OutputError(SyndicateError):
    """A feed file, or its folder, cannot be written."""


class DeliveryError(SyndicateError):
    """A target did not take, or does not show, what was sent to it.

    `transient`: the same may well succeed later, untouched by anybody. `retry_after`: seconds
    that the target asked to be left alone for, None where it did not say.
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


class StateError(SyndicateError):
    """The state folder holds something that is not ours, or refuses to be used."""
