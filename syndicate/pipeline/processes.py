"""Share work with other processes: children of this one, a pool, or a caller's executor.

A child by fork inherits all that this process holds, so that only job numbers and answers cross
between them. Forking is safe only while this process has one thread, on Linux.
"""

import gc
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from msgspec import Struct

if TYPE_CHECKING:
    from concurrent.futures import Executor

__all__ = [
    "BATCH",
    "WORTH_SHARING",
    "Forks",
    "Workers",
    "forked",
    "processes",
    "settle_in",
    "shared",
]

WORTH_SHARING = 400
"""Posts from which on other processes are faster, their start included."""
BATCH = 50
"""Posts that a process is handed at once."""

Job = TypeVar("Job")

_MOST = 8
"""Processes at once. More would wait for their parent, and each needs memory of its own."""
_NUMBER_BYTES = 4  # a pipe holds a multiple of it, so that no reader gets half a number
_SIZE_BYTES = 8


class Forks(Struct, frozen=True):
    """Share work with at most `number` children at once, by `forked`."""

    number: int


Workers: TypeAlias = "Executor | Forks | None"
"""Processes to share work with. None: all is done in this process."""


@contextmanager
def processes() -> Iterator[Workers]:
    """Yield workers for the processors; none are started before there is work for them.

    None where this process may use one processor. The main module must be importable without side
    effects: outside Linux, and in a process of several threads, the workers start by importing it.
    """
    processors = min(_processors(), _MOST)
    if processors == 1:
        yield None
    elif _may_fork():
        yield Forks(processors)
    else:
        from syndicate.pipeline.pool import pooled

        with pooled(processors, settle_in) as executor:
            yield executor


def shared(
    workers: Workers, function: Callable[[Job], bytes], jobs: Sequence[Job]
) -> Iterator[bytes]:
    """Yield `function(job)` for each of `jobs`, in their order, whoever computes it.

    `function` and `jobs` must be picklable for an Executor. Raises as `forked`.
    """
    if isinstance(workers, Forks):
        return forked(function, jobs, workers.number)
    # `chunksize` would batch jobs, but a cluster's executor knows nothing of it.
    return iter((workers.map if workers else map)(function, jobs))


def forked(function: Callable[[Job], bytes], jobs: Sequence[Job], number: int) -> Iterator[bytes]:
    """Yield `function(job)` for each of `jobs`, in their order, computed in `number` children.

    The children are forks and inherit all that this process holds. When the iterator ends, fails or
    is closed, no child is left; a child whose parent was killed ends by itself. Raises what
    `function` raised, and BrokenExecutor if a child was killed or ran out of memory.
    """
    import select

    asked, ask = os.pipe()
    poll, children = select.poll(), dict[int, int]()
    unsent = iter(range(len(jobs)))
    answers = dict[int, bytes]()
    gc.freeze()  # a collection in a child would copy every page of this process
    try:
        with suppress(OSError):  # too many processes: those that there are do the work
            for _ in range(min(number, len(jobs))):
                answer, child = _fork(function, jobs, asked, (ask, *children))
                children[answer] = child
                poll.register(answer, select.POLLIN)
        if not children:
            yield from map(function, jobs)
            return
        for _ in range(2 * number):  # one job for each child, and one that waits for it
            _ask(ask, unsent)
        for job in range(len(jobs)):
            while job not in answers:
                for answer, _ in poll.poll():
                    done, data = _received(answer)
                    answers[done] = data
                    _ask(ask, unsent)
            yield answers.pop(job)
    finally:
        for file in (asked, ask, *children):
            os.close(file)
        _end(children.values())


def _ask(ask: int, unsent: Iterator[int]) -> None:
    """Put the number of the next job, if there is one, where the next free child takes it."""
    for job in unsent:
        os.write(ask, job.to_bytes(_NUMBER_BYTES))
        return


def _received(answer: int) -> tuple[int, bytes]:
    """Return the job's number and its result, or raise what it raised."""
    head = _exactly(answer, 1 + _NUMBER_BYTES + _SIZE_BYTES)
    data = _exactly(answer, int.from_bytes(head[1 + _NUMBER_BYTES :]))
    if head[0]:
        import pickle

        raise pickle.loads(data)  # noqa: S301 - from a child of ours
    return int.from_bytes(head[1 : 1 + _NUMBER_BYTES]), data


def _exactly(file: int, size: int) -> bytes:
    """Return the next `size` bytes. Raises BrokenExecutor where the child ended before."""
    parts, left = [], size
    while left:
        if not (data := os.read(file, left)):
            from concurrent.futures import BrokenExecutor

            raise BrokenExecutor("a child process was killed")
        parts.append(data)
        left -= len(data)
    return b"".join(parts)


def _end(children: Iterable[int]) -> None:
    """Kill the children and wait for them. All that they answered has arrived, or is not wanted."""
    import signal

    for child in children:
        os.kill(child, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(child, 0)


def _fork(
    function: Callable[[Job], bytes], jobs: Sequence[Job], asked: int, others: Sequence[int]
) -> tuple[int, int]:
    """Start a child; return where it answers, and its process id.

    It closes the descriptors `others`, which are its parent's alone.
    """
    import signal

    answer, answering = os.pipe()
    # Ctrl-C reaches every process of a terminal. The parent alone acts on it and ends its children.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))
    try:
        child = os.fork()
        if not child:
            try:
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                for file in (answer, *others):
                    os.close(file)
                _serve(function, jobs, asked, answering)
            finally:
                os._exit(1)
    except OSError:
        os.close(answer)
        raise
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        os.close(answering)
    return answer, child


def _serve(
    function: Callable[[Job], bytes], jobs: Sequence[Job], asked: int, answering: int
) -> None:
    """Do the jobs whose numbers come from `asked`, until this child is killed."""
    from threading import Thread

    Thread(target=_end_with_pipe, args=(asked,), daemon=True).start()
    while number := os.read(asked, _NUMBER_BYTES):
        failed, data = _answer(function, jobs[int.from_bytes(number)])
        left = memoryview(bytes([failed]) + number + len(data).to_bytes(_SIZE_BYTES) + data)
        while left:
            left = left[os.write(answering, left) :]


def _answer(function: Callable[[Job], bytes], job: Job) -> tuple[bool, bytes]:
    """Return False and the result, or True and the pickled exception.

    Raises MemoryError: this child then ends, as if the system had killed it.
    """
    try:
        return False, function(job)
    except MemoryError:
        raise
    except BaseException as error:  # noqa: BLE001 - the parent raises it
        import pickle
        from traceback import format_exc

        error.add_note(f"in a child process:\n{format_exc()}")
        with suppress(Exception):
            return True, pickle.dumps(error)
        return True, pickle.dumps(RuntimeError(repr(error)))


def _end_with_pipe(asked: int) -> None:
    """End this process when nobody can ask it any more: its parent has closed the pipe, or died."""
    import select

    poll = select.poll()
    poll.register(asked, 0)  # POLLHUP is always told
    poll.poll()
    os._exit(1)


def _processors() -> int:
    """Return how many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except (AttributeError, OSError):  # Linux and FreeBSD alone know it
        return os.cpu_count() or 1


def _may_fork() -> bool:
    """Return whether this process has one thread; a fork would copy the locks of others."""
    try:
        return sys.platform == "linux" and len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208
    except OSError:
        return False


def settle_in() -> None:
    """Freeze start-up objects and raise the collector's thresholds: most trees die young."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
