"""syndicate: turns a folder of posts into Atom, RSS and JSON feeds.

    import syndicate
    report = syndicate.build("path/to/blog")

`build`, `check` and `preview` do what the commands of their names do; `asgi` serves the feeds in an
application of yours. The stages of a build are functions, too. docs/library.md has examples. A
name is imported when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from syndicate.config.load import load_config
    from syndicate.config.schema import Config
    from syndicate.content.render import render
    from syndicate.errors import (
        BlogError,
        BuildStopped,
        ConfigError,
        DeliveryError,
        FeedError,
        HttpError,
        OutputError,
        StateError,
        SyndicateError,
    )
    from syndicate.feeds.compose import assemble, compose
    from syndicate.feeds.plan import plan
    from syndicate.files.staged import write
    from syndicate.model import (
        Author,
        Change,
        Content,
        Document,
        Enclosure,
        Entry,
        FeedPlan,
        FeedSummary,
        Image,
        LeftOut,
        Post,
        Problem,
        Report,
        Site,
        Source,
        Timing,
        Tombstone,
        Writable,
    )
    from syndicate.pipeline.api import build, check, open_blog, preview
    from syndicate.pipeline.blog import Blog
    from syndicate.posts.discover import discover
    from syndicate.posts.parse_post import parse
    from syndicate.serve.mount import asgi

__version__ = "0.1.0"

__all__ = [
    "Author",
    "Blog",
    "BlogError",
    "BuildStopped",
    "Change",
    "Config",
    "ConfigError",
    "Content",
    "DeliveryError",
    "Document",
    "Enclosure",
    "Entry",
    "FeedError",
    "FeedPlan",
    "FeedSummary",
    "HttpError",
    "Image",
    "LeftOut",
    "OutputError",
    "Post",
    "Problem",
    "Report",
    "Site",
    "Source",
    "StateError",
    "SyndicateError",
    "Timing",
    "Tombstone",
    "Writable",
    "__version__",
    "asgi",
    "assemble",
    "build",
    "check",
    "compose",
    "discover",
    "load_config",
    "open_blog",
    "parse",
    "plan",
    "preview",
    "render",
    "write",
]

_NAMES = {
    "syndicate.config.load": "load_config",
    "syndicate.config.schema": "Config",
    "syndicate.content.render": "render",
    "syndicate.errors": (
        "BlogError BuildStopped ConfigError DeliveryError FeedError HttpError OutputError "
        "StateError SyndicateError"
    ),
    "syndicate.feeds.compose": "assemble compose",
    "syndicate.feeds.plan": "plan",
    "syndicate.files.staged": "write",
    "syndicate.model": (
        "Author Change Content Document Enclosure Entry FeedPlan FeedSummary Image LeftOut Post "
        "Problem Report Site Source Timing Tombstone Writable"
    ),
    "syndicate.pipeline.api": "build check open_blog preview",
    "syndicate.pipeline.blog": "Blog",
    "syndicate.posts.discover": "discover",
    "syndicate.posts.parse_post": "parse",
    "syndicate.serve.mount": "asgi",
}
_MODULES = {name: module for module, names in _NAMES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'syndicate' has no attribute {name!r}")
    value = getattr(import_module(_MODULES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
