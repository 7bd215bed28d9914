"""Plan the feeds: which exist, which posts each one carries, and the paths of its files.

No two files of feeds share a path, whatever the names of terms and the templates of the layout.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from syndicate.config.layouts import Layout, template_of
from syndicate.config.schema import MAX_TERMS, By
from syndicate.errors import ConfigError
from syndicate.feeds.item import site_title, terms
from syndicate.feeds.legacy import LEGACY, TERMS, Legacy
from syndicate.feeds.paths import slug, slugs
from syndicate.feeds.values import language_tag
from syndicate.model import FeedPlan, Format, Post, Problem, Site
from syndicate.text.digests import fingerprint

__all__ = ["plan", "too_many_terms"]

_FIELDS = {"category": "categories", "tag": "tags", "author": "authors"}
"""Field of a post with the terms of each kind. A post has only one language."""


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
    """Return the feed of all posts, then the feeds of each kind in `by`, sorted by term.

    A feed carries its newest posts, newest first, at most `limit` (0: all). Posts of the same date
    are sorted by language, the site's first, then by id. A term has a feed if at least `min_posts`
    posts have it. Only the first `max_terms` terms of one kind in a post count. If `apart`, the
    feed of all posts carries only posts in the site's language, and each other language has a feed.
    Without posts there are no feeds. Raises ConfigError if the layout gives two feeds one path.
    """
    if not posts:
        return ()
    legacy = LEGACY[layout.like]
    newest = sorted(posts, key=lambda post: (not _is_native(post, site), post.id))
    newest.sort(key=lambda post: post.published, reverse=True)
    native = [post for post in newest if _is_native(post, site)]
    carried: dict[str, list[Post]] = dict.fromkeys(("all", *by), newest)
    if native and "language" in by:
        carried |= dict.fromkeys(carried.keys() & legacy.one_language, native)
    if apart and 0 < len(native) < len(newest):
        carried["all"] = native
        carried.setdefault("language", [post for post in newest if not _is_native(post, site)])
    places = _Places(layout, formats)
    feeds: list[FeedPlan] = []
    for kind, posts_of_kind in carried.items():
        groups = _groups(posts_of_kind, kind, site, legacy, max_terms)
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
    of_site, of_post = language_tag(site.language), language_tag(post.language)
    if not of_site or not of_post:
        return True
    return f"{of_site}-".startswith(f"{of_post}-") or of_post.startswith(f"{of_site}-")


def _groups(
    newest: Sequence[Post], kind: str, site: Site, legacy: Legacy, max_terms: int
) -> dict[str, list[Post]]:
    """Return the posts of each term. A term is spelled as in its oldest post."""
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
    """Paths under the output folder that are taken."""

    def __init__(self, layout: Layout, formats: Sequence[Format]) -> None:
        self._layout = layout
        self._formats = formats
        self._files = {layout.opml.lower()}
        self._folders = _folders(layout.opml)

    def claim(
        self, kind: str, groups: Mapping[str, Sequence[Post]], folder: Callable[[str], str]
    ) -> dict[str, dict[Format, str]]:
        """Return the files of each term. The term with the oldest first post chooses first.

        Pass every term, also terms without a feed. Otherwise feeds would move as soon as a term has
        enough posts for a feed.
        """
        by_age = sorted(groups, key=lambda term: (groups[term][-1].published, term))
        preferred = slugs(by_age, folder)
        return {term: self._choose(kind, term, name) for term, name in preferred.items()}

    def _choose(self, kind: str, term: str, preferred: str) -> dict[Format, str]:
        # Two kinds may share a folder. The second one then adds a digest of the kind and the term.
        for folder in (preferred, f"{preferred}-{fingerprint(f'{kind} {term}')}"):
            files = {name: self._path(kind, folder, name) for name in self._formats}
            if self._take([path.lower() for path in files.values()]):
                return files
        raise ConfigError(
            f"feeds.layout.{kind}",
            f"two feeds would have the same files: {', '.join(files.values())}",
            "write {slug} and {file} in the path, under a folder that no other feed uses",
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
