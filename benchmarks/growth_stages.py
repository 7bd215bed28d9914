"""The places where the program meets texts of strangers, each as a function of one text."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from msgspec import Struct

__all__ = ["STAGES", "Stage"]

Run = Callable[[str], object]
HEADER = 60_000
SETTINGS = 250_000
REQUEST = 16_000
BASE = "https://example.org"


DOCUTILS = 1_000
"""Characters of reStructuredText. docutils takes more than linear time for lists; the bounds in
`content.rst` keep that to seconds. Longer texts would measure docutils alone."""

PYTHON_MARKDOWN = 16_000
"""Characters; the library takes ten times as long as the other renderers."""


class Stage(Struct, frozen=True):
    """`prepare` imports what is needed and gives the function that is timed.

    `largest` is how many characters of such a text the program reads at most, 0 where only the
    size of a file bounds it. `refusals` names the errors by which it may say no. `counts` says that
    only the length of the text matters.
    """

    prepare: Callable[[], Run]
    largest: int = 0
    refusals: tuple[str, ...] = ()
    counts: bool = False


def _rendered(markup: str, *, as_excerpt: bool = False, renderer: str = "") -> Callable[[], Run]:
    def prepare() -> Run:
        from syndicate.content.render import render

        grammar = _grammar(renderer)

        def run(text: str) -> object:
            text = text.encode("utf-8", "replace").decode()  # as a post is read
            body, own = ("a body", text) if as_excerpt else (text, "")
            return render(
                body,
                markup=markup,  # type: ignore[arg-type]
                page=f"{BASE}/post/",
                base=BASE,
                title="Tea",
                excerpt=own,
                excerpt_length=300,
                grammar=grammar,  # type: ignore[arg-type]
            )

        return run

    return prepare


def _grammar(renderer: str) -> object:
    """Return a grammar with every extension on."""
    from syndicate.engines.shared.grammar import CommonMark, PythonMarkdown
    from syndicate.model import Kramdown

    if renderer == "kramdown":
        return Kramdown()
    if renderer == "Python-Markdown":
        known = ("extra", "codehilite", "smarty", "toc", "admonition", "nl2br", "wikilinks")
        pymdown = ("arithmatex", "caret", "details", "inlinehilite", "keys", "magiclink", "mark",
                   "smartsymbols", "superfences", "tabbed", "tasklist", "tilde")  # fmt: skip
        return PythonMarkdown(
            tuple(f"markdown.extensions.{name}" for name in known),
            pymdown={name: {} for name in pymdown},
        )
    if renderer == "MDX":
        return CommonMark(footnotes="github", indented_code=False, jsx=True, emoji=True)
    if renderer == "goldmark":
        return CommonMark(
            footnotes="goldmark",
            definitions=True,
            heading_attributes=True,
            breaks=True,
            typography="goldmark",
            block_attributes=True,
            theme_marks=("ruby", "fraction", "icons"),
            emoji=True,
            passthrough=(("$$", "$$"), ("$", "$"), ("\\(", "\\)")),
            signs=("insert", "mark", "subscript", "superscript"),
            single_tilde="flanking",
            escaped_space=True,
        )
    return None


def _resolved(dialect: str, around: str = "{}") -> Callable[[], Run]:
    def prepare() -> Run:
        from syndicate.content.marks import Context, resolve

        links = {f"posts/{n}/{name}.md": f"{BASE}/{n}/" for n in range(200) for name in "ab"}
        context = Context(
            page={"title": "Tea", "a": "b"},
            path="posts/0/a.md",
            links=links,
            base=BASE,
            page_url=f"{BASE}/0/",
        )
        before, _, after = around.partition("{}")

        def run(text: str) -> object:
            body = f"{before}{text}{after}".encode("utf-8", "replace").decode()
            return resolve(body, dialect, markup="markdown", context=context)

        return run

    return prepare


def _header(before: str, after: str) -> Callable[[], Run]:
    def prepare() -> Run:
        from syndicate.posts.authors import authors_of
        from syndicate.posts.fields import summary, terms, title
        from syndicate.posts.header import read_header
        from syndicate.posts.media import image
        from syndicate.posts.withheld import read_roughly, withheld

        def run(text: str) -> object:
            data = f"{before}{text}{after}".encode("utf-8", "replace")
            header = read_header(data, "a.md", bare=True, key_value=True)
            meta = header.meta
            lost = [read_roughly(each) for each in header.unread]
            marks = [withheld(each, drafts=False) for each in (meta, *lost)]
            told = (title(meta.get("title")), summary(meta), marks)
            lists = terms(meta.get("tags"), "comma"), authors_of(meta, {})
            return told, lists, image(meta, str)

        return run

    return prepare


def _file(name: str, read: Callable[[Path, str], object]) -> Run:
    """Write each text to the file `name` of a blog, and have it read."""
    folder = TemporaryDirectory()

    def run(text: str) -> object:
        root = Path(folder.name)
        (root / name).write_text(text, encoding="utf-8", errors="replace")
        return read(root, name)

    return run


def _settings(name: str) -> Callable[[], Run]:
    def prepare() -> Run:
        from syndicate.engines.shared.settings_files import read_front_matter, read_mapping

        return _file(name, read_front_matter if name.endswith(".md") else read_mapping)

    return prepare


def _python() -> Run:
    import pickle

    from syndicate.engines.shared.python_settings import read_python

    def read(root: Path, name: str) -> object:
        values, _ = read_python(root, name, {})
        return len(pickle.dumps(values)), len(str(values))  # as engines are sent and digested

    return _file("conf.py", read)


def _script() -> Run:
    from syndicate.engines.shared.scripts import block, literal, members, read_script

    def read(root: Path, name: str) -> object:
        script = read_script(root, name)
        return literal(script, "title"), members(block(script, "a")), members(script)

    return _file("config.js", read)


def _pattern(kind: str) -> Callable[[], Run]:
    def prepare() -> Run:
        from syndicate.engines.shared import patterns

        def run(text: str) -> object:
            wanted = patterns.glob_regex(text) if kind == "glob" else text
            return patterns.is_regex(wanted) and patterns.matches(wanted, "posts/a/b.md")

        return run

    return prepare


def _python_blog(name: str, setting: str) -> Callable[[], Run]:
    def prepare() -> Run:
        from syndicate.engines.nikola.engine import Nikola
        from syndicate.engines.pelican.engine import Pelican

        engine = {"Pelican": Pelican, "Nikola": Nikola}[name]
        return lambda text: _placed(engine._from({setting: text})[0])  # noqa: SLF001

    return prepare


def _hexo(setting: str) -> Callable[[], Run]:
    def prepare() -> Run:
        from syndicate.engines.hexo.engine import Hexo

        return lambda text: _placed(Hexo(config={setting: text}))

    return prepare


def _placed(engine: object) -> object:
    path = f"source/_posts/{'a-' * 40}{'/b' * 20}.md"
    return engine.place(path), engine.file_date(path)  # type: ignore[attr-defined]


def _values() -> Run:
    from syndicate.posts import fields, media
    from syndicate.posts.dates import read_date
    from syndicate.posts.headings import leading_heading

    def run(text: str) -> object:
        names = (*("image", "enclosure", "summary", "lang", "id", "status", "external_url"),)
        meta = dict.fromkeys(names, text)
        return (
            fields.title(text),
            *(fields.terms(text, split) for split in ("comma", "space", "")),
            *(media.image(meta, str), media.enclosure(meta, str), fields.summary(meta)),
            *(fields.language(meta), fields.identity(meta, BASE)),
            fields.external_url(meta, str, BASE),
            *(read_date(text, ZoneInfo("UTC")), leading_heading(text)),
        )

    return run


def _authors() -> Run:
    from syndicate.posts.authors import authors_of

    return lambda text: authors_of({"author": text}, {"a": {"name": text, "email": text}})


def _names() -> Run:
    from syndicate.engines.hugo.url_rules import normal
    from syndicate.engines.pelican.slug_rules import slugify as pelican
    from syndicate.engines.shared.permalinks import expand, slugify
    from syndicate.feeds.legacy import LEGACY
    from syndicate.feeds.paths import slug, usable
    from syndicate.text.urls import absolute

    def run(text: str) -> object:
        return (
            *(slug(text), usable(text), slugify(text), pelican(text), normal(text)),
            *(way.folder(text) for way in LEGACY.values()),
            *(absolute(text, f"{BASE}/a/", BASE), expand(text, {"title": "tea"})),
        )

    return run


def _own_headers() -> Run:
    from syndicate.engines.nikola.engine import read_nikola_header
    from syndicate.engines.pelican.header_forms import read_html_header, read_rst_header

    def run(text: str) -> object:
        return (
            read_rst_header(text),
            read_html_header(f"<html><head>{text}"),
            read_nikola_header(text),
        )

    return run


def _more() -> Run:
    from syndicate.content.read_more import mark_more

    return lambda text: (mark_more(text), mark_more(text, "<!-- x -->"))


def _feed(before: str, after: str, *, escaped: bool = False) -> Callable[[], Run]:
    def prepare() -> Run:
        from syndicate.reading.read import read

        def run(text: str) -> object:
            if escaped:
                text = text.replace("&", "&amp;").replace("<", "&lt;")
            return read((before + text + after).encode("utf-8", "replace"), "https://e.org/f")

        return run

    return prepare


def _outline() -> Run:
    from syndicate.serve.feed_parts import outline

    return lambda text: (
        outline(f'{{"items":[{text}]}}'.encode("utf-8", "replace")),
        outline(f"<rss><channel>{text}".encode("utf-8", "replace")),
    )


def _page() -> Run:
    from syndicate.pages.html_head import with_links

    line = {f"{BASE}/atom.xml": "<link rel=alternate>"}
    return lambda text: with_links(
        f"<!doctype html><html><head>{text}".encode("utf-8", "replace"), line, address=BASE
    )


def _request() -> Run:
    from syndicate.serve.accept import best_format, coding_tiers, weights
    from syndicate.serve.conditions import entity_tags, range_of, seconds_of

    def run(text: str) -> object:
        data = text.encode("utf-8", "replace")
        return (
            *(weights(text), coding_tiers(data), best_format(text, ("atom", "html"))),
            *(entity_tags(data), seconds_of(data), range_of(data, 1_000)),
        )

    return run


def _reply() -> Run:
    from syndicate.net.log_text import retry_after, shown
    from syndicate.text.characters import one_line, printable
    from syndicate.text.peers import heard

    return lambda text: (
        *(heard(text.encode("utf-8", "replace")), shown(text), one_line(text)),
        *(retry_after({"retry-after": text}), printable(text)),
    )


def _alike() -> Run:
    """Many posts that are alike, read anew in other files; many names that ask for one folder."""
    from syndicate.feeds.paths import slugs
    from syndicate.ledger.recognition import recognise
    from syndicate.ledger.records import Record
    from syndicate.model import Post

    moment = datetime(2026, 1, 1, tzinfo=UTC)

    def run(text: str) -> object:
        count = len(text) // 40
        same = {"title": text[:20], "published": moment, "digest": text[:20]}
        posts = [
            Post(path=f"{n}.md", url=f"{BASE}/{n}", id=f"{BASE}/{n}", updated=moment,
                 body_offset=0, markup="markdown", **same)
            for n in range(count)
        ]  # fmt: skip
        records = [
            Record(id=f"{BASE}/x{n}", path=f"x{n}.md", url=f"{BASE}/x", updated=moment, **same)
            for n in range(count)
        ]
        found = recognise(posts, records)
        return found, slugs(f"{text[:9]}{'!' * (n % 50)}{' ' * (n // 50)}" for n in range(count))

    return run


def _lost() -> Run:
    from syndicate.content.losses import lost_words
    from syndicate.content.passages import longest_lost

    return lambda text: (
        lost_words(text + " hidden" * 50, "<p>a</p>", title="a"),
        longest_lost(text, f"<p>{text[: len(text) // 2]}</p>"),
    )


def _linked() -> Run:
    """Links to posts that many folders have by the same name."""
    from syndicate.content.marks import Context, resolve

    def run(text: str) -> object:
        count = len(text) // 20
        links = {f"posts/{n}/tea.md": f"{BASE}/{n}/" for n in range(count)}
        context = Context(path="posts/0/tea.md", links=links, base=BASE)
        body = "".join(f"[a](x{n}/tea.md) " for n in range(count))
        return resolve(body, "", markup="markdown", context=context)

    return run


def _stages() -> Iterator[tuple[str, Stage]]:
    for markup in ("markdown", "html"):
        yield f"body, {markup}", Stage(_rendered(markup))
    yield "body, rst", Stage(_rendered("rst"), DOCUTILS)
    for renderer in ("kramdown", "goldmark", "MDX"):
        yield f"body, {renderer}", Stage(_rendered("markdown", renderer=renderer))
    python = _rendered("markdown", renderer="Python-Markdown")
    yield "body, Python-Markdown", Stage(python, PYTHON_MARKDOWN)
    yield "excerpt: of a header", Stage(_rendered("markdown", as_excerpt=True), HEADER)
    for dialect in (
        "liquid", "eleventy", "hugo", "hexo", "nikola", "pelican", "zola", "docusaurus", "mdx",
        "vue", "obsidian",
    ):  # fmt: skip
        yield f"marks, {dialect}", Stage(_resolved(dialect))
    for name in ("note", "tabs", "timeline", "chat", "flink", "lg", "poem", "dropdown", "chartjs"):
        yield (
            f"text in {name}, Hexo",
            Stage(_resolved("hexo", f"{{% {name} a %}}\n{{}}\n{{% end{name} %}}")),
        )
    for name in ("label", "btn", "checkbox", "link", "image", "site", "video", "note"):
        yield f"arguments of {name}, Hexo", Stage(_resolved("hexo", f"{{% {name} {{}} %}}"))
    for name in ("tabs", "timeline", "filetree/container", "quote", "alert", "typeit"):
        yield (
            f"text in {name}, Hugo",
            Stage(_resolved("hugo", f"{{{{< {name} >}}}}\n{{}}\n{{{{< /{name} >}}}}")),
        )
    for name in ("image", "music", "carousel", "admonition", "link", "ruby"):
        yield f"arguments of {name}, Hugo", Stage(_resolved("hugo", f"{{{{< {name} {{}} >}}}}"))
    yield "lost words", Stage(_lost)
    markdownify = "{{% capture a %}}{}{{% endcapture %}}{{{{ a | markdownify }}}}"
    yield (
        "markdownify",
        Stage(_resolved("liquid", markdownify.replace("{{", "{").replace("}}", "}"))),
    )
    yield "links between posts", Stage(_resolved("", "[a](b.md) {}"))
    yield "links to posts alike", Stage(_linked, counts=True)
    yield "header, YAML", Stage(_header("---\ntitle: x\n", "\n---\nbody"), HEADER)
    yield "header, TOML", Stage(_header('+++\ntitle="x"\n', "\n+++\nbody"), HEADER)
    yield "header, JSON", Stage(_header('{"title":"x","a":', "}\nbody"), HEADER)
    yield "header, JavaScript", Stage(_header("---js\n{", "}\n---\n"), HEADER)
    yield "header, bare", Stage(_header("", ""), HEADER)
    yield "headers of Pelican, Nikola", Stage(_own_headers, HEADER)
    yield "fields", Stage(_values, HEADER)
    yield "authors", Stage(_authors, HEADER)
    yield "names and addresses", Stage(_names, HEADER)
    yield "more-mark", Stage(_more)
    for name in ("a.yml", "a.toml", "a.json", "a.md"):
        yield f"settings, {name[1:]}", Stage(_settings(name), SETTINGS)
    yield "settings, Python", Stage(_python, SETTINGS)
    yield "settings, JavaScript", Stage(_script, SETTINGS)
    yield "pattern, glob", Stage(_pattern("glob"), SETTINGS)
    yield "pattern, regular expression", Stage(_pattern("regex"), SETTINGS)
    for setting in ("FILENAME_METADATA", "PATH_METADATA"):
        yield f"Pelican, {setting}", Stage(_python_blog("Pelican", setting), SETTINGS)
    for setting in ("FILE_METADATA_REGEXP", "TRANSLATIONS_PATTERN"):
        yield f"Nikola, {setting}", Stage(_python_blog("Nikola", setting), SETTINGS)
    for setting in ("new_post_name", "skip_render", "ignore"):
        yield f"Hexo, {setting}", Stage(_hexo(setting), SETTINGS)
    atom = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>a</id>'
    html = f'{atom}<content type="html">'
    refusal = ("FeedError",)
    yield "feed, Atom", Stage(_feed(atom, "</entry></feed>"), 0, refusal)
    yield (
        "feed, HTML in Atom",
        Stage(_feed(html, "</content></entry></feed>", escaped=True), 0, refusal),
    )
    version = "https://jsonfeed.org/version/1.1"
    yield "feed, JSON", Stage(_feed(f'{{"version":"{version}","items":[', "]}"), 0, refusal)
    yield "feed, to be served", Stage(_outline)
    yield "page for `syndicate link`", Stage(_page, 0, ("NotAPage",))
    yield "request", Stage(_request, REQUEST)
    yield "reply of a peer", Stage(_reply, HEADER)
    yield "posts and names alike", Stage(_alike)


STAGES = dict(_stages())
"""Every stage by its name."""
