"""A preview from its start to its end."""

import signal
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from syndicate.pipeline.locate import locate
from syndicate.preview.builds import Builds, Load, Processes, beside, copy_memory
from syndicate.preview.folder import PreviewFolder, routes
from syndicate.preview.status_board import Board
from syndicate.serve.server import FolderServer, listen

__all__ = ["preview"]

_GRACE_SECONDS = 5


def preview(
    load: Load,
    processes: Processes,
    told: Callable[[str, int], None],
    *,
    file: Path | None = None,
    drafts: bool = False,
) -> None:
    """Build what `load` gives, serve it, and build anew at each save, until SIGINT or SIGTERM.

    `told` is called with host and port. With `drafts` posts are shown that are not published.
    Raises ConfigError, BlogError and StateError where it cannot begin.
    """
    config = load()
    blog = locate(config).root
    with TemporaryDirectory(prefix="syndicate-", ignore_cleanup_errors=True) as name:
        place, board = Path(name), Board()
        copy = beside(config, place, drafts=drafts)
        copy_memory(config, copy)
        copy.output_folder.mkdir(parents=True)
        builds = Builds(load, place, board, processes, file=file, drafts=drafts)
        with listen(config.serve.host, config.serve.port) as opened:
            server = FolderServer(
                PreviewFolder(copy, blog),
                routes(board, config.serve.host, lambda: server.should_exit),
            )
            builds.watch(config)
            thread = Thread(target=builds.run, args=(config,), name="builds", daemon=True)
            thread.start()
            told(*opened.getsockname()[:2])
            before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
            try:
                server.run(sockets=[opened])
            finally:
                signal.signal(signal.SIGTERM, before)
                builds.stop()
                thread.join(_GRACE_SECONDS)
