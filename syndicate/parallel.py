"""Other processes of this machine to share the work with."""

import gc
import os
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, set_forkserver_preload

__all__ = ["processes"]


@contextmanager
def processes() -> Iterator[Executor | None]:
    """As many as there are processors; none are started before there is work for them.

    None where there is one processor. Only for programs whose main module can be imported
    without running: the others start by importing it.
    """
    processors = os.cpu_count() or 1
    if processors == 1:
        yield None
        return
    # A plain fork would copy the locks of other threads; this forks a process that has none.
    method = "spawn" if sys.platform == "win32" else "forkserver"
    set_forkserver_preload(["syndicate.pipeline"])
    context = get_context(method)
    with ProcessPoolExecutor(processors, mp_context=context, initializer=_settle_in) as executor:
        yield executor


def _settle_in() -> None:
    """What is loaded stays, and trees of a post are garbage soon: looking often is in vain."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
