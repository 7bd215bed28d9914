"""Start and end of a preview."""

import signal
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from syndicate.live_preview.builds import Builds, Load, Processes, beside, copy_memory
from syndicate.live_preview.folder import PreviewFolder, routes
from syndicate.live_preview.status_board import StatusBoard
from syndicate.pipeline.locate import locate
from syndicate.serve.server import FolderServer, listen

__all__ = ["preview"]

_GRACE_SECONDS = 5


def preview(
    load: Load,
    processes: Processes,
    announce: Callable[[str, int], None],
    *,
    file: Path | None = None,
    drafts: bool = False,
) -> None:
    """Build and serve the blog of `load`, and build again at every save, until SIGINT or SIGTERM.

    `announce` receives host and port. `drafts` also shows unpublished posts. Raises ConfigError,
    BlogError and StateError if the preview cannot start.
    """
    config = load()
    blog = locate(config).root
    with TemporaryDirectory(prefix="syndicate-", ignore_cleanup_errors=True) as name:
        place, board = Path(name), StatusBoard()
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
            announce(*opened.getsockname()[:2])
            before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
            try:
                server.run(sockets=[opened])
            finally:
                signal.signal(signal.SIGTERM, before)
                builds.stop()
                thread.join(_GRACE_SECONDS)
