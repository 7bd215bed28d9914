"""Put staged files in place. Every build ends here, and nothing else renames a feed.

Everything is staged, the guard decides, the ledger is on the disk, and only then is any file
renamed. ARCHITECTURE.md, "Durability", gives the reasons for the order.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from syndicate.config.schema import Config
from syndicate.files.staged import commit, discard
from syndicate.ledger import records as ledger
from syndicate.ledger.identity import Settled
from syndicate.model import Change
from syndicate.pipeline.feed_staging import Staged
from syndicate.pipeline.ownership import digests_of
from syndicate.state import manifest
from syndicate.state.lock import check_held

if TYPE_CHECKING:
    from syndicate.pipeline.guard import Guard

__all__ = ["commit_build", "discarded_on_failure"]


def commit_build(
    config: Config,
    staged: Staged,
    settled: Settled,
    guard: "Guard | None",
    *,
    unwanted: Collection[str] = (),
) -> tuple[Change, ...]:
    """Put the `staged` files in place, remove those at `unwanted` paths, and return all changes.

    The ledger gets the records of `settled`. Without a `guard`, nothing stops the build. Raises
    BuildStopped, StateError and OutputError; no file has then been renamed, unless the disk failed
    during the renames.
    """
    state, output = config.state_folder, config.output_folder
    if guard:
        guard.decide(staged.findings)
    check_held(state)
    if staged.digests:
        manifest.renew(state, output, lambda old: digests_of(old.files, staged.digests, old))
    ledger.keep(state, settled.records, settled.dropped)
    return commit(staged.changes, output, earlier=unwanted)


@contextmanager
def discarded_on_failure(paths: Iterable[str], output: Path) -> Iterator[None]:
    """Remove the files that are staged for `paths` if the block fails."""
    try:
        yield
    except BaseException:
        discard(paths, output)
        raise
