"""Pool of processes that begin with an empty memory: for threaded programs and other systems."""

import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from threading import Thread
from typing import Any, TypeVar

__all__ = ["pooled"]

Result = TypeVar("Result")

_PRELOADED = ("syndicate.pipeline.rebuild", "syndicate.content.render", "syndicate.feeds.compose")


@contextmanager
def pooled(number: int, begin: Callable[[], None]) -> Iterator[Executor]:
    """Yield an executor of `number` processes, none of which starts before there is work.

    Each calls `begin` first, and ends when its parent does.
    """
    with _Processes(number, begin) as executor:
        try:
            yield executor
        except BaseException:
            executor.shutdown(cancel_futures=True)
            raise


class _Processes(Executor):
    """Pool that is imported when it is first needed: most builds have little to do."""

    def __init__(self, number: int, begin: Callable[[], None]) -> None:
        self._number, self._begin = number, begin
        self._pool: Executor | None = None

    def submit(
        self, function: Callable[..., Result], /, *arguments: Any, **named: Any
    ) -> Future[Result]:
        self._pool = self._pool or _pool(self._number, self._begin)
        return self._pool.submit(function, *arguments, **named)

    def map(
        self,
        function: Callable[..., Result],
        *iterables: Any,
        timeout: float | None = None,
        chunksize: int = 1,
    ) -> Iterator[Result]:
        self._pool = self._pool or _pool(self._number, self._begin)
        return self._pool.map(function, *iterables, timeout=timeout, chunksize=chunksize)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        if self._pool:
            self._pool.shutdown(wait, cancel_futures=cancel_futures)


def _pool(number: int, begin: Callable[[], None]) -> Executor:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context, set_forkserver_preload

    # A plain fork would copy the locks of other threads; this forks a process that has none.
    method = "spawn" if sys.platform == "win32" else "forkserver"
    set_forkserver_preload(list(_PRELOADED))
    context = get_context(method)
    return ProcessPoolExecutor(number, mp_context=context, initializer=_begin, initargs=(begin,))


def _begin(begin: Callable[[], None]) -> None:
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent alone acts on Ctrl-C
    begin()
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Exit when the parent dies; an orphan would wait forever."""
    from multiprocessing import parent_process

    if parent := parent_process():
        parent.join()
        os._exit(1)
