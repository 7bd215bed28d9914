"""``syndicate build``."""

import time
from typing import TYPE_CHECKING, Any

import click

from syndicate.cli import options
from syndicate.cli.options import BlogChoice

if TYPE_CHECKING:  # the command line must start fast
    from syndicate.config.schema import Config

__all__ = ["command"]


@click.command("build")
@options.on_blog
@options.reporting
@options.dry_run
@click.option(
    "--force",
    is_flag=True,
    help="Build even if readers would lose many entries or see them again, and replace files of "
    "other programs.",
)
@click.option("--timings", is_flag=True, help="Print the time of each stage.")
@click.option("--publish", is_flag=True, help="Then send the changes to the targets.")
def command(
    choice: BlogChoice, dry_run: bool, force: bool, timings: bool, publish: bool, **view: Any
) -> None:
    """Build the feeds of BLOG.

    Write only files whose content changed, and remove feeds that are no longer wanted. A post that
    cannot be read is reported with the cure, and the rest is built.
    """
    from syndicate.pipeline.processes import processes, settle_in

    settle_in()  # before most imports
    from syndicate.cli import show as console
    from syndicate.cli.reports import finish, now, progress, view_of
    from syndicate.pipeline import build as pipeline
    from syndicate.pipeline.timings import Stopwatch

    config, watch, began = choice.load(), Stopwatch(), time.time_ns()
    try:
        with progress(view) as bar, processes() as executor:
            report = pipeline.build(
                config, now=now(), dry_run=dry_run, force=force,
                progress=bar, executor=executor, timer=watch, brief=not view["as_json"],
            )  # fmt: skip
    except KeyboardInterrupt:
        noted = any(timing.stage == "remember" for timing in watch.timings())
        unchanged = dry_run or not (noted or _has_changed(config, began))
        raise KeyboardInterrupt(_UNCHANGED if unchanged else _CHANGED) from None
    console.show_build(report, view_of(view), config.output_folder, dry_run=dry_run)
    if timings:
        console.show_timings(watch.timings())
    if publish and not dry_run:
        from syndicate.cli.publish import publish_build

        publish_build(config, report, quiet=view["quiet"], verbose=view["verbose"])
    finish(report.problems, strict=view["strict"])


_UNCHANGED = "Nothing was changed."
_CHANGED = "Some feeds are new, others old; build again to complete them."


def _has_changed(config: "Config", began_ns: int) -> bool:
    """Return whether a file that the manifest lists was replaced or removed since `began_ns`."""
    from syndicate.state.manifest import recall

    written = recall(config.state_folder, config.output_folder)
    for path in written.files:
        try:
            if (config.output_folder / path).stat().st_mtime_ns >= began_ns:
                return True
        except OSError:
            if path in written.digests:  # the others were never written
                return True
    return False
