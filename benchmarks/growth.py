"""How the time of each stage grows with its input: ``python -m benchmarks.growth [STAGE...]``.

Each stage gets some hundreds of adversarial texts of n, 2n and 4n characters, in a process with
bounds on processor time and memory. Printed is the worst text of each stage, and the processor time
that its texts took; exit code 1 where a stage grows faster than in proportion, runs out of a bound,
raises, or cannot be called.

Measured is processor time, so that other programs on the machine count little. A text that the
stage is done with so fast at n characters that even squares stay below `FLOOR` at 4n is not
measured further; one that looks steep is measured again, at last in a process of its own. The
exponent is that of t ~ n^x between 2n and 4n: 1 is linear, 2 quadratic.
"""

import argparse
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from functools import partial
from itertools import islice
from math import log
from multiprocessing import get_context
from multiprocessing.connection import Connection

from msgspec import Struct

from benchmarks.growth_stages import STAGES, Run, Stage
from benchmarks.growth_texts import Text, texts

SIZE = 256_000
SHORT_SIZE = 32_000
"""Characters of the longest text, 4n, where the stage reads as many."""
FLOOR = 0.05
"""Seconds for the longest text below which growth cannot be told from noise."""
PATIENCE = 12.0
TRIES = 4
AGAIN = 2
"""Number of times that a steep stage is measured again, in a new process."""
MEMORY = 1_500_000_000
"""Bytes beside what the program itself takes."""
LINEAR = 1.5
"""An exponent from which on growth is not linear; noise stays below it."""


class Measured(Struct, frozen=True):
    """Seconds for n, 2n and 4n characters of the text `name`; what was raised, if anything."""

    name: str
    size: int
    seconds: tuple[float, float, float]
    fault: str = ""

    @property
    def exponent(self) -> float:
        """The growth from 2n to 4n."""
        _, second, third = (max(each, 1e-3) for each in self.seconds)
        return log(third / second, 2)

    @property
    def fails(self) -> bool:
        """Return True if the stage failed or grows faster than its input."""
        return bool(self.fault) or (self.seconds[2] >= FLOOR and self.exponent >= LINEAR)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.growth", description=__doc__)
    parser.add_argument("stages", nargs="*", metavar="STAGE", help="stages whose names hold this")
    parser.add_argument("--short", action="store_true", help="fewer and shorter texts, as in CI")
    parser.add_argument("--size", type=int, default=0, help="characters of the longest text")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="stages at a time")
    parser.add_argument("--all", action="store_true", help="show every failing text")
    options = parser.parse_args(arguments)
    chosen = [s for s in STAGES if not options.stages or any(w in s for w in options.stages)]
    size = options.size or (SHORT_SIZE if options.short else SIZE)
    heads = f"{'n':>7} {'t(n)':>7} {'t(2n)':>7} {'t(4n)':>7} {'sum':>6} exponent"
    print(f"{'stage':30} {'worst text':36} {heads}", flush=True)
    failed = 0
    with ProcessPoolExecutor(options.jobs, get_context("fork")) as pool:
        measure = partial(_whole, size=size, short=options.short)
        for name, (found, spent) in zip(chosen, pool.map(measure, chosen), strict=True):
            failing = [each for each in found if each.fails]
            failed += bool(failing)
            for each in failing[:20] if options.all and failing else [_worst(found)]:
                print(_row(name, each, spent), flush=True)
    print(f"{len(chosen)} stages, {failed} of them superlinear")
    return 1 if failed else 0


def _whole(name: str, *, size: int, short: bool) -> tuple[list[Measured], float]:
    """Return the figures of all texts for the stage `name`, and the processor time they took."""
    stage = STAGES[name]
    try:
        stage.prepare()
    except Exception as error:  # noqa: BLE001 - a stage that is gone must not pass
        what = f"cannot be called: {type(error).__name__}: {error}"[:100]
        return [Measured("", size, (0.0, 0.0, 0.0), what)], 0.0
    before = _spent()
    chosen = list(islice(texts(short=short), 1 if stage.counts else None))
    found = list(_measured(stage, size, chosen))
    for _ in range(AGAIN):
        steep = [each for each in found if each.fails and each.seconds[2] < PATIENCE]
        if not steep:
            break
        names = {each.name for each in steep}
        again = _measured(stage, size, [text for text in chosen if text[0] in names])
        better = {each.name: each for each in again}
        found = [better.get(each.name, each) for each in found]
    return found, _spent() - before


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _worst(found: Sequence[Measured]) -> Measured:
    return max(found, key=lambda each: (each.fails, bool(each.fault), max(each.seconds)))


def _row(stage: str, found: Measured, spent: float) -> str:
    name = found.name if len(found.name) <= 36 else f"{found.name[:35]}…"
    times = " ".join(f"{each:7.3f}" if each else f"{'-':>7}" for each in found.seconds)
    last = found.fault or (f"{found.exponent:.2f}" if found.seconds[2] >= FLOOR else "-")
    mark = "  SUPERLINEAR" if found.fails else ""
    return f"{stage:30} {name:36} {found.size // 4:7} {times} {spent:6.1f} {last}{mark}"


def _measured(stage: Stage, size: int, chosen: Sequence[tuple[str, Text]]) -> Iterator[Measured]:
    """Each text's figures. One that kills the process is tried again at a quarter of its size."""
    largest = min(size, stage.largest or size)
    waiting = [(name, text, largest) for name, text in chosen]
    while waiting:
        done = 0
        for each in _in_a_process(stage, waiting):
            done += 1
            yield each
        waiting = waiting[done:]
        if waiting:  # the first of them was too much
            name, text, length = waiting[0]
            if length > 4_000:
                waiting[0] = (name, text, length // 4)
                continue
            yield Measured(name, length, (0.0, 0.0, PATIENCE), "out of time or memory")
            waiting = waiting[1:]


def _in_a_process(stage: Stage, work: Sequence[tuple[str, Text, int]]) -> Iterator[Measured]:
    context = get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(stage, work, theirs))
    process.start()
    theirs.close()
    try:
        while True:
            name, size, seconds, fault = json.loads(ours.recv())
            yield Measured(name, size, tuple(seconds), fault)
    except EOFError:
        process.join()


def _work(stage: Stage, work: Sequence[tuple[str, Text, int]], out: Connection) -> None:
    sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    run = stage.prepare()
    with suppress(Exception):  # a feed, say, that is none
        run("warm up")
    pages = int(open("/proc/self/statm", encoding="ascii").read().split()[0])  # noqa: SIM115, PTH123
    bound = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # it ends the process, in any library
    for name, text, size in work:
        out.send(json.dumps((name, size, *_timed(stage, run, text, size))))
    os._exit(0)


def _timed(stage: Stage, run: Run, text: Text, size: int) -> tuple[tuple[float, ...], str]:
    first, fault = _once(stage, run, text(size // 4))
    if first * 16 < FLOOR or fault:
        return (first, 0.0, 0.0), fault
    seconds, fault = _once(stage, run, text(size))
    if seconds < FLOOR or fault:
        return (first, 0.0, seconds), fault
    times = _at(stage, run, text, size, seconds)
    if Measured("", size, times).fails:  # a bound between two sizes looks steep, but only once
        return _at(stage, run, text, 2 * size, PATIENCE), ""
    return times, ""


def _at(
    stage: Stage, run: Run, text: Text, size: int, seconds: float
) -> tuple[float, float, float]:
    """Return the least times for a quarter of `size`, half of it, and `size`."""
    lengths = [text(size // 4), text(size // 2), text(size)]
    best = [PATIENCE, PATIENCE, seconds]
    for _ in range(TRIES):  # another program on the machine may slow one of them down
        again = [_once(stage, run, each)[0] for each in lengths]
        best = [min(pair) for pair in zip(best, again, strict=True)]
        if not Measured("", size, (best[0], best[1], best[2])).fails:
            break
    return best[0], best[1], best[2]


def _once(stage: Stage, run: Callable[[str], object], text: str) -> tuple[float, str]:
    signal.setitimer(signal.ITIMER_PROF, PATIENCE)
    started, fault = time.process_time(), ""
    try:
        run(text)
    except MemoryError:
        fault = "out of memory"
    except Exception as error:  # noqa: BLE001 - any error is a finding
        name = type(error).__name__
        fault = "" if name in stage.refusals else f"raises {name}: {error}"[:60]
    seconds = time.process_time() - started
    signal.setitimer(signal.ITIMER_PROF, 0)
    return seconds, fault


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
