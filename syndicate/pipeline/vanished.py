"""Stop a build whose settings or posts vanished since the last build.

They vanish for a moment if a file is being saved or a folder is not mounted. The feeds stay.
"""

from collections.abc import Iterable

from syndicate.config.schema import Config
from syndicate.engines import Settings
from syndicate.errors import BuildStopped
from syndicate.model import Problem
from syndicate.pipeline.blog import Blog
from syndicate.pipeline.read_blog import BlogPlan
from syndicate.state.manifest import Written, settings_of_any
from syndicate.text.homes import is_unknown

__all__ = ["nothing_read", "refuse_vanished", "settings_in_force"]

_CONFIG, _OWN = "config.toml", "the blog's own configuration"


def settings_in_force(config: Config, blog: Blog) -> tuple[str, ...]:
    """Return the names of the files whose settings this build uses."""
    own = blog.engine.settings != Settings()
    return (_CONFIG,) * config.from_file + (_OWN,) * own


def refuse_vanished(config: Config, plan: BlogPlan, before: Written) -> None:
    """Raise BuildStopped if settings, the address or all posts of the build `before` are gone."""
    if what := _lost_settings(config, plan.blog, before):
        cure = "put the settings back; if this is meant, build with --force"
    elif not plan.settled.posts and before.posts > len(plan.withheld):
        what = f"no posts where the last build had {before.posts}"
        cure = "see `syndicate check` for why; if it is meant, build with --force"
    else:
        return
    raise BuildStopped(str(plan.blog.root), f"{what}; the published feeds stay", cure)


def nothing_read(config: Config, plan: BlogPlan, problems: Iterable[Problem]) -> BuildStopped:
    """Return the error for a blog without a post that can be rendered.

    The first error among `problems` gives the reason and the cure.
    """
    paths = (path for feed in plan.feeds for path in feed.files.values())
    is_published = any((config.output_folder / path).exists() for path in paths)
    what = "no post can be read"
    what += " any more; the published feeds stay" if is_published else "; no feed was written"
    cure = "see that the folder is still there, and build again"
    if fault := next((p for p in problems if p.severity == "error"), None):
        what, cure = f"{what} ({fault.path}: {fault.message})", fault.cure or cure
    return BuildStopped(str(plan.blog.root), what, cure)


def _lost_settings(config: Config, blog: Blog, before: Written) -> str:
    known = before.settings if before.files else settings_of_any(config.state_folder)
    now = settings_in_force(config, blog)
    if lost := [name for name in known if name not in now]:
        return f"{lost[0]} is gone or empty, and the last build read settings from it"
    if blog.engine.site.preview and not is_unknown(before.site):
        return f"the blog's address is unknown, and the last build had {before.site}"
    return ""
