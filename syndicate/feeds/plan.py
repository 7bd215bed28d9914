"""Which feeds there are, which posts each carries, and where its files go.

Every file of every feed has a path of its own, whatever the categories, tags and authors are
called and whatever the layout's templates say.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from syndicate.config import MAX_TERMS, By
from syndicate.errors import ConfigError
from syndicate.feeds.fields import language_tag
from syndicate.feeds.item import site_title, terms
from syndicate.feeds.legacy import LEGACY, TERMS, Legacy
from syndicate.feeds.paths import fingerprint, slug, slugs
from syndicate.layouts import Layout, template_of
from syndicate.model import FeedPlan, Format, Post, Problem, Site

__all__ = ["plan", "too_many_terms"]

_FIELDS = {"category": "categories", "tag": "tags", "author": "authors"}
"""The field of a post that makes the feeds of each kind; a post has one language."""


def plan(
    posts: Sequence[Post],
    *,
    site: Site,
    by: Sequence[By],
    formats: Sequence[Format],
    limit: int,
    min_posts: int,
    layout: Layout,
    max_terms: int = MAX_TERMS,
    apart: bool = False,
) -> tuple[FeedPlan, ...]:
    """The feed of everything, then those of each kind in `by`, their terms sorted.

    Posts stand newest first, at most `limit` of them (0: all); of equal dates, those in the
    site's language come first, then it goes by id. A term feed needs `min_posts` posts. Of
    each kind, the first `max_terms` terms of a post count. If `apart`, the feed of everything
    carries the posts in the site's language, and each other language has a feed. No posts, no
    feeds. Raises ConfigError where the layout leaves two feeds one path.
    """
    if not posts:
        return ()
    legacy = LEGACY[layout.like]
    newest = sorted(posts, key=lambda post: (not _is_native(post, site), post.id))
    newest.sort(key=lambda post: post.published, reverse=True)
    native = [post for post in newest if _is_native(post, site)]
    apart = apart and 0 < len(native) < len(newest)
    one_language = {*(legacy.one_language if "language" in by else ()), *(["all"] if apart else [])}
    places = _Places(layout, formats)
    feeds: list[FeedPlan] = []
    for kind in dict.fromkeys(("all", *by, *(("language",) if apart else ()))):
        carried = (kind in one_language and native) or newest
        if kind == "language" and kind not in by:
            carried = [post for post in newest if not _is_native(post, site)]
        groups = _groups(carried, kind, site, legacy, max_terms)
        files = places.claim(kind, groups, legacy.folder if kind in TERMS else slug)
        feeds += (
            _feed(kind, term, groups[term][: limit or None], files[term], site)
            for term in sorted(groups)
            if not term or len(groups[term]) >= min_posts
        )
    return tuple(feeds)


def too_many_terms(
    posts: Iterable[Post], *, site: Site, by: Sequence[By], max_terms: int
) -> Iterator[Problem]:
    """Yield a Problem for each post that has over `max_terms` terms of one kind in `by`."""
    kinds = [kind for kind in _FIELDS if kind in by]
    for post in posts:
        for kind in kinds:
            field = _FIELDS[kind]
            if len(getattr(post, field)) <= max_terms:
                continue
            if (count := len(terms(post, kind, site))) > max_terms:
                yield Problem(
                    post.path,
                    "too-many-terms",
                    f"has {count:,} {field}; feeds were made for the first {max_terms:,}",
                    f"remove {field} from the post, or raise [feeds] max_terms",
                )


def _is_native(post: Post, site: Site) -> bool:
    """Return True if `post` is in the site's language, or if either is unknown.

    ``en`` and ``en-US`` are one language, ``zh-CN`` and ``zh-TW`` two.
    """
    own, its = language_tag(site.language), language_tag(post.language)
    return not own or not its or f"{own}-".startswith(f"{its}-") or its.startswith(f"{own}-")


def _groups(
    newest: Sequence[Post], kind: str, site: Site, legacy: Legacy, max_terms: int
) -> dict[str, list[Post]]:
    """The posts of each term, called as its oldest post spells it."""
    names: dict[str, str] = {}
    groups: dict[str, list[Post]] = {}
    for post in newest:
        for term in terms(post, kind, site)[:max_terms]:
            key = (legacy.merges and kind in TERMS and legacy.folder(term)) or term
            names[key] = term
            posts = groups.setdefault(key, [])
            if not posts or posts[-1] is not post:
                posts.append(post)
    return {names[key]: posts for key, posts in groups.items()}


def _feed(
    kind: str, term: str, posts: Sequence[Post], files: dict[Format, str], site: Site
) -> FeedPlan:
    title = site_title(site)
    return FeedPlan(
        kind=kind,
        term=term,
        title=f"{title}: {term}" if term else title,
        home=site.url.rstrip("/") + "/",
        posts=tuple(posts),
        files=files,
    )


class _Places:
    """The paths under the output folder that are spoken for."""

    def __init__(self, layout: Layout, formats: Sequence[Format]) -> None:
        self._layout = layout
        self._formats = formats
        self._files = {layout.opml.lower()}
        self._folders = _folders(layout.opml)

    def claim(
        self, kind: str, groups: Mapping[str, Sequence[Post]], folder: Callable[[str], str]
    ) -> dict[str, dict[Format, str]]:
        """The files of each term, the one whose first post is oldest choosing first.

        Call it with every term there is, those without a feed too: then no feed moves when
        another term gains the posts that it needs.
        """
        by_age = sorted(groups, key=lambda term: (groups[term][-1].published, term))
        wishes = slugs(by_age, folder)
        return {term: self._choose(kind, term, wish) for term, wish in wishes.items()}

    def _choose(self, kind: str, term: str, wish: str) -> dict[Format, str]:
        # Two kinds may share a folder: the second then adds what tells kind and term apart.
        for folder in (wish, f"{wish}-{fingerprint(f'{kind} {term}')}"):
            files = {name: self._path(kind, folder, name) for name in self._formats}
            if self._take([path.lower() for path in files.values()]):
                return files
        raise ConfigError(
            f"feeds.layout.{kind}",
            f"{', '.join(files.values())} would be written twice",
            "write {slug} and {file} in it, under a folder that no other feed has",
        )

    def _path(self, kind: str, folder: str, name: Format) -> str:
        template = template_of(self._layout, kind, name)
        return template.replace("{file}", getattr(self._layout, name)).replace("{slug}", folder)

    def _take(self, paths: Sequence[str]) -> bool:
        """Take `paths` if all are free: no file there, and no file where a folder must be."""
        folders = set().union(*map(_folders, paths))
        files = set(paths)
        taken = files & self._files or files & self._folders or folders & self._files
        if taken or len(files) < len(paths):
            return False
        self._files |= files
        self._folders |= folders
        return True


def _folders(path: str) -> set[str]:
    parts = path.split("/")[:-1]
    return {"/".join(parts[:end]) for end in range(1, len(parts) + 1)}
