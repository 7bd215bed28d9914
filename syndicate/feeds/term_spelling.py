"""Report categories, tags and authors that have two feeds because of their spelling."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from syndicate.config.schema import By
from syndicate.feeds.item import terms
from syndicate.model import Post, Problem, Site

__all__ = ["misspelt_terms"]

EXAMPLES = 3


def misspelt_terms(posts: Sequence[Post], *, site: Site, by: Sequence[By]) -> Iterator[Problem]:
    """Yield at most two Problems for each kind in `by`.

    One lists the terms that differ only in case. The other lists the terms that end with a comma
    because Jekyll splits a text at its spaces.
    """
    for kind in by:
        if kind == "language":
            continue
        paths: dict[str, str] = {}
        counts: Counter[str] = Counter()
        for post in posts:
            for term in terms(post, kind, site):
                paths.setdefault(term, post.path)
                counts[term] += 1
        yield from _with_commas(kind, paths)
        yield from _in_other_case(kind, counts, paths)


def _with_commas(kind: str, paths: dict[str, str]) -> Iterator[Problem]:
    ending = sorted(term for term in paths if term.endswith((",", "，", ";")) and term[:-1].strip())
    if ending:
        shown = _listed([f'"{term}"' for term in ending])
        what = f"{shown}: the text was split at its spaces, so the comma is part of the name"
        cure = "write a list, such as [news, foundation]"
        yield Problem(paths[ending[0]], f"{kind}-comma", what, cure)


def _in_other_case(kind: str, counts: Counter[str], paths: dict[str, str]) -> Iterator[Problem]:
    alike: dict[str, list[str]] = defaultdict(list)
    for term in sorted(counts):
        alike[term.casefold()].append(term)
    groups = [group for group in alike.values() if len(group) > 1]
    if groups:
        groups.sort(key=lambda group: (-min(counts[term] for term in group), group))
        rarest = min(groups[0], key=lambda term: (counts[term], term))
        shown = _listed([" and ".join(f'"{term}"' for term in group) for group in groups])
        what = f"{shown} differ only in case, so each has its own feed"
        yield Problem(paths[rarest], f"{kind}-case", what, "use one spelling")


def _listed(names: list[str]) -> str:
    more = len(names) - EXAMPLES
    return ", ".join(names[:EXAMPLES]) + (f" and {more} more" if more > 0 else "")
