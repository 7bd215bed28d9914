"""syndicate: a folder of posts to Atom, RSS and JSON feeds.

    import syndicate
    report = syndicate.build("path/to/blog")

`build` does all there is to do; the functions it is made of stand beside it, for programs that
need one of them alone. Nothing is imported before it is asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from syndicate.config.schema import Config
    from syndicate.config.schema import load as load_config
    from syndicate.content.render import render
    from syndicate.errors import SyndicateError
    from syndicate.feeds.compose import assemble, compose
    from syndicate.feeds.plan import plan
    from syndicate.files.staged import write
    from syndicate.model import Content, Document, Entry, FeedPlan, Post, Problem, Report, Site
    from syndicate.pipeline.api import build
    from syndicate.posts.discover import discover
    from syndicate.posts.parse_post import parse

__version__ = "0.1.0"

__all__ = [
    "Config",
    "Content",
    "Document",
    "Entry",
    "FeedPlan",
    "Post",
    "Problem",
    "Report",
    "Site",
    "SyndicateError",
    "__version__",
    "assemble",
    "build",
    "compose",
    "discover",
    "load_config",
    "parse",
    "plan",
    "render",
    "write",
]

_MODEL = ("Content", "Document", "Entry", "FeedPlan", "Post", "Problem", "Report", "Site")
_HOMES = {
    **dict.fromkeys(_MODEL, "syndicate.model"),
    "Config": "syndicate.config.schema",
    "SyndicateError": "syndicate.errors",
    "assemble": "syndicate.feeds.compose",
    "build": "syndicate.pipeline.api",
    "compose": "syndicate.feeds.compose",
    "discover": "syndicate.posts.discover",
    "load_config": "syndicate.config.schema",
    "parse": "syndicate.posts.parse_post",
    "plan": "syndicate.feeds.plan",
    "render": "syndicate.content.render",
    "write": "syndicate.files.staged",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'syndicate' has no attribute {name!r}")
    wanted = "load" if name == "load_config" else name
    value = getattr(import_module(_HOMES[name]), wanted)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
