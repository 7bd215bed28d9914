"""Figures as Markdown, and where they go in the README."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from benchmarks.measure import Figures

COLUMNS = ("", "", "wall clock", "ratio", "processor", "ratio", "peak memory", "ratio")
BEGIN, END = "<!-- bench -->", "<!-- /bench -->"

Samples = Mapping[tuple[str, str], Sequence[Figures]]
"""By case and generator, one for each round."""


def table(samples: Samples, base: str) -> str:
    """A row for each case and generator: medians, and those of the ratios to `base`."""
    rule = "|---|---|" + "---:|" * (len(COLUMNS) - 2)
    rows = [
        row(case, name, figures, samples.get((case, base), ()))
        for (case, name), figures in samples.items()
    ]
    return "\n".join((f"| {' | '.join(COLUMNS)} |", rule, *rows))


def row(case: str, name: str, figures: Sequence[Figures], base: Sequence[Figures]) -> str:
    cells = [case, name]
    for key, form in (("wall", "{:.2f} s"), ("cpu", "{:.2f} s"), ("memory", "{:.0f} MB")):
        mine = [getattr(each, key) for each in figures]
        theirs = [getattr(each, key) for each in base]
        cells += [form.format(median(mine)), ratio(mine, theirs)]
    return f"| {' | '.join(cells)} |"


def ratio(mine: Sequence[float], theirs: Sequence[float]) -> str:
    """The median of the pairs' ratios: a round's pair met the same weather."""
    pairs = [one / other for one, other in zip(mine, theirs, strict=False)]
    return f"{median(pairs):.2f}" if pairs else "–"


def insert(text: str, readme: Path) -> None:
    """Put `text` between the marks of the README. Raises ValueError where they are missing."""
    whole = readme.read_text(encoding="utf-8")
    before, begin, rest = whole.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{readme}: no {BEGIN} … {END} to write between")
    readme.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")
