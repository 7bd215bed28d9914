"""Stops a build whose settings, or whose posts, are gone since the last one.

A file that is being saved, or a folder that is not mounted, is gone for a moment. Its feeds stay.
"""

from collections.abc import Iterable

from syndicate.config.schema import Config
from syndicate.engines import Settings
from syndicate.errors import BuildStopped
from syndicate.model import Problem
from syndicate.pipeline.blog import Blog
from syndicate.pipeline.read_blog import Survey
from syndicate.state.manifest import Written, settings_of_any
from syndicate.text.homes import is_unknown

__all__ = ["nothing_read", "refuse_vanished", "settings_in_force"]

_CONFIG, _OWN = "config.toml", "the blog's own configuration"


def settings_in_force(config: Config, blog: Blog) -> tuple[str, ...]:
    """Return the names of what gives settings to this build."""
    own = blog.engine.settings != Settings()
    return (_CONFIG,) * config.from_file + (_OWN,) * own


def refuse_vanished(config: Config, surveyed: Survey, before: Written) -> None:
    """Raise BuildStopped if settings, the address or all posts of the build `before` are gone."""
    if what := _lost_settings(config, surveyed.blog, before):
        cure = "put the settings back; if this is meant, build with --force"
    elif not surveyed.settled.posts and before.posts > len(surveyed.withheld):
        what = f"no posts where the last build had {before.posts}"
        cure = "see `syndicate check` for why; if it is meant, build with --force"
    else:
        return
    raise BuildStopped(str(surveyed.blog.root), f"{what}; the published feeds stay", cure)


def nothing_read(config: Config, surveyed: Survey, problems: Iterable[Problem]) -> BuildStopped:
    """Return the error for a blog of whose posts none can be rendered.

    The first of `problems` that cost a post gives the reason and the cure.
    """
    planned = (path for plan in surveyed.plans for path in plan.files.values())
    is_published = any((config.output_folder / path).exists() for path in planned)
    what = "no post can be read"
    what += " any more; the published feeds stay" if is_published else "; no feed was written"
    cure = "see that the folder is still there, and build again"
    if fault := next((each for each in problems if each.severity == "error"), None):
        what, cure = f"{what} ({fault.path}: {fault.message})", fault.cure or cure
    return BuildStopped(str(surveyed.blog.root), what, cure)


def _lost_settings(config: Config, blog: Blog, before: Written) -> str:
    known = before.settings if before.files else settings_of_any(config.state_folder)
    now = settings_in_force(config, blog)
    if lost := [name for name in known if name not in now]:
        return f"{lost[0]} is gone or empty, and the last build read settings from it"
    if blog.engine.site.preview and not is_unknown(before.site):
        return f"the blog's address is unknown, and the last build had {before.site}"
    return ""
