"""Other processes of this machine to share the work with."""

import gc
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from threading import Thread
from typing import Any, TypeVar

__all__ = ["processes", "settle_in"]

Result = TypeVar("Result")

_PRELOADED = ("syndicate.rebuild", "syndicate.content.render", "syndicate.feeds.compose")


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
    with _Processes(processors) as executor:
        yield executor


class _Processes(Executor):
    """A pool that is not even imported before it is needed: most builds have little to do."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._pool: Executor | None = None

    def submit(
        self, function: Callable[..., Result], /, *arguments: Any, **named: Any
    ) -> Future[Result]:
        self._pool = self._pool or _pool(self._number)
        return self._pool.submit(function, *arguments, **named)

    def map(
        self,
        function: Callable[..., Result],
        *iterables: Any,
        timeout: float | None = None,
        chunksize: int = 1,
    ) -> Iterator[Result]:
        self._pool = self._pool or _pool(self._number)
        return self._pool.map(function, *iterables, timeout=timeout, chunksize=chunksize)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        if self._pool:
            self._pool.shutdown(wait, cancel_futures=cancel_futures)


def _pool(number: int) -> Executor:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context, set_forkserver_preload

    # A plain fork would copy the locks of other threads; this forks a process that has none.
    method = "spawn" if sys.platform == "win32" else "forkserver"
    set_forkserver_preload(list(_PRELOADED))
    context = get_context(method)
    return ProcessPoolExecutor(number, mp_context=context, initializer=_begin)


def settle_in() -> None:
    """What is loaded stays, and trees of a post are garbage soon: looking often is in vain."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _begin() -> None:
    settle_in()
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Nobody ends those whose parent was killed: they would wait for work for ever."""
    from multiprocessing import parent_process

    if parent := parent_process():
        parent.join()
        os._exit(1)
