"""The ways in which authors withhold words, each through a built blog: docs/private-posts.md."""

from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

import msgspec
import pytest

import syndicate
from syndicate import Report
from tests.conftest import NOW

BLOGS = {
    "jekyll": ({"_config.yml": "title: T\n"}, "_posts/2024-05-01-{}.md"),
    "hugo": (
        {"hugo.toml": 'title = "T"\n[markup.goldmark.renderer]\nunsafe = true\n'},
        "content/posts/{}.md",
    ),
    "hexo": (
        {"_config.yml": "title: T\nnew_post_name: :title.md\nencrypt:\n  tags:\n"
         "  - {name: Diary, password: pw}\n"},
        "source/_posts/{}.md",
    ),
    "pelican": ({"pelicanconf.py": "PATH = 'content'\nSITENAME = 'T'\n"}, "content/{}.md"),
    "nikola": (
        {"conf.py": "BLOG_TITLE = 'T'\nPOSTS = (('posts/*.md', 'posts', 'post.tmpl'),)\n"},
        "posts/{}.md",
    ),
    "zola": ({"config.toml": 'base_url = "https://e.org"\n'}, "content/{}.md"),
    "eleventy": ({"eleventy.config.js": "export default function () {}\n"}, "posts/{}.md"),
    "astro": ({"astro.config.mjs": "export default {}\n"}, "src/content/blog/{}.mdx"),
    "docusaurus": ({"docusaurus.config.js": "module.exports = {};\n"}, "blog/{}.mdx"),
    "vuepress": ({".vuepress/config.ts": "export default {}\n"}, "posts/{}.md"),
    "vitepress": ({".vitepress/config.ts": "export default {}\n"}, "posts/{}.md"),
    "valaxy": ({"valaxy.config.ts": "export default {}\n"}, "pages/posts/{}.md"),
    "quartz": ({"quartz.config.ts": "export default {}\n"}, "content/{}.md"),
    "plain": (
        {"quartz.config.ts": 'ignorePatterns: ["private", "**/*.secret.md", "clients/**"],\n'},
        "{}.md",
    ),
}  # fmt: skip


class Row(NamedTuple):
    """A post. `header` are its marks, `body` what it says: ``SECRET`` is what must not get out."""

    header: str
    body: str = "SECRET"
    engine: str = "*"
    path: str = ""


WITHHELD = [
    *map(Row, (
        "draft: true", 'draft: "Yes"', "Draft: on", "isDraft: true", "published: false",
        'published: "no"', "published: private", "publish: false", "publish: not yet",
        "isPublished: false", "dg-publish: false", "private: true", "Private: TRUE",
        "is_private: 1", "secret: true", "hide: true", "ignorePublish: true", "ignorePost: true",
        "saveAsDraft: true", "unlisted: true", "listed: false", "visible: false",
        "visible: PRIVATE", "visible: INTERNAL", "visibility: private", "visibility: unlisted",
        "visibility: members", "visibility: [public, paid]", "public: false", 'public: "0"',
        "is-public: no", "access: members", "access: {site.login: true}", "privacy: friends",
        "audience: only_paid", "password: pw", "password: 0", "password: 123456", "Password: pw",
        "password: [one, two]", "passwd: pw", "pwd: pw", "enc_pwd: pw", "encrypt_password: pw",
        "postPassword: pw", "password_hash: d41d8cd9", "encrypted: true", "encrypt: true",
        "isEncrypted: true", "encrypt: {password: pw}", "encrypt: {enable: true}",
        "protected: true", "protect: logged_in", "password-protected: yes", "locked: true",
        "lock: yes", "members_only: true", "membersOnly: true", "members: true",
        "subscribers: true", "subscribers-only: true", "premium: true", "paid: true",
        "paywall: true", "vip: true", "login_required: true", "requireLogin: true",
        "halo: {publish: false}", "halo: {visible: PRIVATE}", "extra: {password: pw}",
        "params: {encrypted: true}", "type: post_draft", "type: private",
        "layout: password-protected", "status: draft", "status: private", "status: waiting",
        "status: password", "status: auto-draft", "status: inherit", "status: pending",
        "status: future", "status: trash", "status: 私密", "status: 草稿", "status: Invisible",
        "status: In progress", "post-status: draft", "feed: false", "rss: false",
        "nopublish: true", "do_not_publish: true", "not_public: yes", "trashed: true",
        "audience: members", "audience: [paid]", "readers: friends", "permission: private",
        "restricted_to: members", "classification: confidential", "patrons_only: true",
        "isMembersOnly: true", "for_members: yes", "login: required", "auth: true",
        "protection: password", "passkey: pw", "secret_key: pw", "口令: pw", "私有: true",
        "非公開: true", "下書き: true", "status: 🌱 seedling", "status: 🔒 private",
        "exclude_from_feed: true", "excludeFromRSS: true", "build: {list: never}",
    )),
    *(Row("hidden: true", engine=engine) for engine in BLOGS if engine != "jekyll"),
    *(Row("status: hidden", engine=engine) for engine in BLOGS),
    *(Row("", f"{line}\n\nSECRET") for line in (
        "public:: false", "- title:: T\n- private:: true", "publish:: no\nx:: y",
    )),
    *map(Row, ("密码: pw", "私密: 是", "状态: 草稿", "公开: 否")),
    Row("tags: [diary]", engine="hexo"),
    Row("tag: Diary", engine="hexo"),
    Row("headless: true", engine="hugo"),
    Row("_build: {render: never}", engine="hugo"),
    Row("eleventyExcludeFromCollections: true", engine="eleventy"),
    Row("permalink: false", engine="eleventy"),
    Row("render: false", engine="zola"),
    Row("status: skip", engine="pelican"),
    Row("tags: [private]", engine="nikola"),
    Row("tags: [draft]", engine="nikola"),
    Row("x: [broken\npassword: pw", engine="jekyll"),
    Row("x: 'broken\npublished: false", engine="jekyll"),
    Row("", engine="plain", path="private/{}.md"),
    Row("", engine="plain", path="clients/a/{}.md"),
    Row("", engine="plain", path="notes/{}.secret.md"),
    Row("", "Hi.\n\n[hide]SECRET" + " words" * 500 + "[/hide]"),
    Row("", "[login]SECRET words[/login]"),
]  # fmt: skip

LOCKED = [
    *(Row("", f"Open words.\n\n{part}\n\nMore words.") for part in (
        '{{% hugo-encryptor "pw" %}}\nSECRET\n{{% /hugo-encryptor %}}',
        '{{< hugo-encrypt "pw" >}}SECRET{{< /hugo-encrypt >}}',
        '{{< fixit-encryptor "pw" >}}SECRET{{< note >}}SECRET{{< /note >}}'
        "{{< /fixit-encryptor >}}",
        "{{% members-only %}}SECRET{{% /members-only %}}",
        '{% encrypt "pw" %}SECRET{% endencrypt %}',
        "{% private %}SECRET {% if x %}SECRET{% endif %}{% endprivate %}",
        "{% hide %}SECRET{% endhide %}",
        "{% paywall %}SECRET{% /paywall %}",
        "{% secret() %}SECRET {% quote() %}a{% end %} SECRET{% end %}",
        '{{ secret(text="SECRET") }}',
        "<MembersOnly>\n\nSECRET\n\n</MembersOnly>",
        '<Protected password="pw">SECRET</Protected>',
        '<Encrypt text="SECRET" />',
        "<members-only>SECRET</members-only>",
        "::: password pw\nSECRET\n\n::: tip\nSECRET\n:::\n\nSECRET\n:::",
        ":::members-only\nSECRET\n:::",
        "Words :secret[SECRET] words.",
        "!!! private\n\n    SECRET\n\n    SECRET",
        "> [!private] Title\n> SECRET",
        "[hide]SECRET[/hide]",
        "[HIDE]SECRET[/HIDE]",
        "Words[hide]SECRET[hide]SECRET[/hide]SECRET[/hide]words.",
        '[hide reply="1"]\n\nSECRET\n\n[/hide]',
        "{hide}SECRET{/hide}",
        "[login]SECRET[/login]",
        "[reply]SECRET[/reply]",
        "[vip]SECRET[/vip]",
        '[private role="editor"]SECRET[/private]',
        "[ppp_patron_only]SECRET[/ppp_patron_only]",
        "<!--login-->SECRET<!--/login-->",
        "<!--hide-->\nSECRET\n<!--/hide-->",
        "<!-- login start -->SECRET<!-- login end -->",
        "<!-- private -->SECRET<!-- endprivate -->",
        '<!-- wp:jetpack/premium-content/container {"a":1} -->SECRET'
        "<!-- /wp:jetpack/premium-content/container -->",
        "Words %%SECRET%% words.",
        "公开%%SECRET%%公开",
        "Words %%SECRET\nSECRET%% words.",
        "<!-- start private -->SECRET<!-- end private -->",
        "<!-- private:start -->SECRET<!-- private:end -->",
        "<RequireAuth>SECRET</RequireAuth>",
        "%%\nSECRET\n\nSECRET\n%%",
        "[hide]SECRET [vip]SECRET[/hide] SECRET[/vip]",
        "[b][hide]SECRET[/hide][/b]",
        "[hide][b]SECRET[/b][/hide]: words",
        "[hide](SECRET)[/hide](words)",
        "[visitor]Log in.[/visitor][loggedin]SECRET[/loggedin]",
        "[hidereply]SECRET[/hidereply]",
        '[passster password="pw"]SECRET[/passster]',
        '[mepr-show if="loggedin"]SECRET[/mepr-show]',
        "[sociallocker]SECRET[/sociallocker]",
        "<LoginWall>SECRET</LoginWall>",
        "<SponsorsOnly>SECRET</SponsorsOnly>",
        "/// private\nSECRET\n\n/// tip\nSECRET\n///\n\nSECRET\n///",
        "> %%\n> SECRET\n>\n> SECRET\n> %%",
        "- %%\n  SECRET\n  %%",
    )),
    *(Row("", f"Open words.\n\n{part}\n\n{{% note %}}SECRET{{% endnote %}}\n\nSECRET") for part in (
        "[hide]SECRET", "{hide}SECRET", "[login]SECRET", "<!--members-only-->", "<!--login-->",
        "{{< paywall />}}", "<Paywall price={5} />", "> [hide]", "[hide] SECRET",
        "Words[login]SECRET",
        '{{< hugo-encrypt "pw" >}}', '{% encrypt "pw" %}', "::: private", "<members-only>",
    )),
    Row("", "Open words.\n\n%%\n\nSECRET", engine="plain"),
    Row("excerpt: 'Open [hide]SECRET[/hide]'", "Open words."),
    Row("description: 'Open [hide]SECRET'", "Open words."),
    Row("title: 'Open [private]SECRET[/private]'", "Open words."),
    Row("", "[hide]\n\n# SECRET\n\n[/hide]\n\nOpen words.", engine="plain"),
]  # fmt: skip

PUBLIC = [
    *(Row(header, "OPEN") for header in (
        "draft: false", "draft:", "published: true", "published: 2024-05-01",
        "published: The Daily, 2020", "publish: true", "private: false", 'private: "no"',
        'password: ""', "password:", "password: false", "password_hint: red", "encrypted: false",
        "encrypt: {enable: false}", "visible: true", "visible: PUBLIC", "visibility: public",
        "public: true", "public: yes", "access: public", "access: [everyone]", "status: published",
        "status:", "hide: false", "hide: navigation",
        "access: open access", "audience: [members, everyone]", "login: false", "sharing: true",
        "permissions: [read, write]", "access_token: abc",
        "hidden: false", "hide: [toc, navigation]", "unlisted: false", "noindex: true",
        "robots: noindex", "sitemap: false",
        "search: false", "toc: false", "comments: false", "share: false", "hide_title: true",
        "cover: {hidden: true}", "image: {private: true}", "members: [Ana, Ben]", "members: 12",
        "type: post", "layout: members", "premium: false", "pin: true", "feed: /feed.xml",
        "halo: {publish: true}", "searchHidden: true", "description: my password is a secret",
        "tags: [private-equity, passwords]", "state: DC", "audience: beginners",
    )),
    Row("hidden: true", "OPEN", engine="jekyll"),
    *(
        Row(f"status: {word}", "OPEN", engine=engine)
        for word in ("Publish", "public", "已发布", "✅ Published", "Published ✅")
        for engine in BLOGS
        if engine != "pelican"  # which knows its own words alone
    ),
    Row('tags: [diary]\npassword: ""', "OPEN", engine="hexo"),
    *(Row("", body) for body in (
        "On passwords: OPEN private, secret and members only.",
        "Code: `[hide]OPEN[/hide]`.",
        "```\n[hide]OPEN[/hide]\n```",
        "a\n\n    {hide}OPEN{/hide}\n\nb",
        "<pre>[login]OPEN[/login]</pre>",
        "[login](https://e.org/login) OPEN",
        "See [private] and [login][1]. OPEN\n\n[private]: https://e.org\n[1]: https://e.org",
        "A \\[hide] mark. OPEN",
        "Press [Log in]. OPEN",
        "The mark [login] asks for a name, and [hide] takes it away. OPEN",
        "[private] Fix the door\n\nOPEN",
        "- [reply] to Ben\n- [vip] guests. OPEN",
        "# [private] door\n\nOPEN",
        "The value arr[private] = x[login]\nOPEN",
        "Option [password=x]\n\nOPEN",
        "[text][login] OPEN\n\n[login]: https://e.org",
        "<!-- private: ask Ben -->OPEN",
        "100%% sure, 50%% OPEN",
        "<login-form></login-form> OPEN",
        "Our [private meeting minutes]. OPEN",
        "{% highlight text %}\n[hide]OPEN[/hide]\n{% endhighlight %}",
    )),
    Row("", "{% hideToggle More %}OPEN{% endhideToggle %}", engine="hexo"),
    Row("", "{{</* hugo-encrypt */>}} OPEN", engine="hugo"),
]  # fmt: skip


def cases(rows: list[Row]) -> list[tuple[str, int]]:
    """Each row in each blog that it is for."""
    return [
        (engine, number)
        for number, row in enumerate(rows)
        for engine in (BLOGS if row.engine == "*" else [row.engine])
    ]


def post_of(engine: str, kind: str, number: int, row: Row) -> tuple[str, str]:
    """The file of a row, and its text with the words that tell it from others."""
    name, word = f"{kind}-{number}", f"{kind.upper()}{number}X"
    titled = (
        "" if row.header.startswith("title:") or "# SECRET" in row.body else f"title: T {word}\n"
    )
    if kind == "withheld":
        titled += f"excerpt: {word}\ncategory: {word}\n"
    head = f"{titled}date: 2024-05-01\n{row.header}\n"
    text = f"---\n{head}---\n\n{row.body}\n".replace("SECRET", word).replace("OPEN", word)
    return (row.path or BLOGS[engine][1]).format(name), text


@cache
def built(engine: str) -> tuple[Report, dict[str, str]]:
    """The report of a blog of that engine with all rows, and the texts of all that was written."""
    root = Path(mkdtemp(prefix="private-"))
    settings, _ = BLOGS[engine]
    files = dict(settings)
    for kind, rows in (("withheld", WITHHELD), ("locked", LOCKED), ("public", PUBLIC)):
        for number, row in enumerate(rows):
            if row.engine in ("*", engine):
                name, text = post_of(engine, kind, number, row)
                files[name] = text
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    report = syndicate.build(
        root,
        settings={
            "output.path": str(root.parent / f"{root.name}-out"),
            "state.path": str(root.parent / f"{root.name}-state"),
            "posts.engine": engine,
            "site.url": "https://example.org",
            "feeds.limit": 0,
            "feeds.by": ["category", "tag", "author"],
        },
        now=NOW,
    )
    output = root.parent / f"{root.name}-out"
    texts = {
        str(path): path.read_bytes().decode("utf-8", "replace")
        for path in output.rglob("*")
        if path.is_file()
    }
    return report, texts


def said_of(report: Report, path: str) -> list[str]:
    """What the report says of the file at `path`, or of a folder that holds it."""
    out = [each for each in report.left_out if path.startswith(each.path)]
    return [each.reason for each in out] + [
        each.message for each in report.problems if each.path == path
    ]


@pytest.mark.parametrize(("engine", "number"), cases(WITHHELD))
def test_a_withheld_post_is_nowhere(engine: str, number: int) -> None:
    """No feed, page or list has a word of it, and the report names it without one."""
    report, texts = built(engine)
    path, _ = post_of(engine, "withheld", number, WITHHELD[number])
    word = f"WITHHELD{number}X"
    assert [name for name, text in texts.items() if word in text] == []
    assert word not in msgspec.json.encode(report).decode()
    assert said_of(report, path), path
    assert not any("pw" in said.split() for said in said_of(report, path))


@pytest.mark.parametrize(("engine", "number"), cases(LOCKED))
def test_a_locked_part_is_nowhere(engine: str, number: int) -> None:
    """The part is in no file, the words around it are in the feeds, and the report tells of it."""
    report, texts = built(engine)
    row = LOCKED[number]
    path, _ = post_of(engine, "locked", number, row)
    word = f"LOCKED{number}X"
    found = [name for name, text in texts.items() if word in text.replace(f"T {word}", "")]
    assert found == []
    assert any(post.path == path for post in report.posts), said_of(report, path)
    if not row.header:
        assert any(problem.path == path for problem in report.problems)


@pytest.mark.parametrize(("engine", "number"), cases(PUBLIC))
def test_a_public_post_stays_whole(engine: str, number: int) -> None:
    """What only looks like a mark withholds nothing."""
    report, texts = built(engine)
    path, _ = post_of(engine, "public", number, PUBLIC[number])
    assert any(post.path == path for post in report.posts), said_of(report, path)
    word = f"PUBLIC{number}X"
    feed = next(text for name, text in texts.items() if name.endswith("/atom.xml"))
    assert feed.count(word) >= 2, "title and body"


NIKOLA = ".. title: SECRET\n.. date: 2024-05-01\n"
PELICAN = "Title: SECRET\nDate: 2024-05-01\n"
TOML = '+++\ntitle = "SECRET"\ndate = 2024-05-01\n'
YAML = "---\ntitle: SECRET\ndate: 2024-05-01\n---\nSECRET"
HTML = (
    "<html><head><title>SECRET</title><meta name='date' content='2024-05-01'>"
    "<meta name='private' content='true'></head><body>SECRET</body></html>"
)


@pytest.mark.parametrize(
    ("engine", "files"),
    [
        ("nikola", {"posts/a.md": f"{NIKOLA}.. status: private\n\nSECRET"}),
        ("nikola", {"posts/a.md": f"{NIKOLA}.. password: pw\n\nSECRET"}),
        ("nikola", {"posts/a.md": "SECRET", "posts/a.meta": f"{NIKOLA}.. private: yes\n"}),
        ("pelican", {"content/a.md": f"{PELICAN}Status: draft\n\nSECRET"}),
        ("pelican", {"content/a.md": f"{PELICAN}Password: pw\n\nSECRET"}),
        ("pelican", {"content/a.rst": "SECRET\n######\n\n:date: 2024-05-01\n:private: true\n\nx"}),
        ("pelican", {"content/a.html": HTML}),
        ("zola", {"content/a.md": f'{TOML}[extra]\npassword = "pw"\n+++\nSECRET'}),
        ("hugo", {"content/posts/a.md": f"{TOML}[params]\nencrypted = true\n+++\nSECRET"}),
        (
            "hugo",
            {
                "content/posts/_index.md": "---\ncascade: {params: {private: true}}\n---\n",
                "content/posts/a.md": YAML,
            },
        ),
        (
            "hugo",
            {"content/posts/a.md": '{"title": "SECRET", "date": "2024-05-01", "private": 1}\n'},
        ),
        (
            "hugo",
            {"content/posts/_index.md": "---\nencrypted: true\n---\n", "content/posts/a.md": YAML},
        ),
        ("eleventy", {"posts/posts.json": '{"draft": true}', "posts/a.md": YAML}),
        (
            "jekyll",
            {
                "_config.yml": "defaults: [{scope: {path: ''}, values: {encrypted: true}}]\n",
                "_posts/2024-05-01-a.md": YAML,
            },
        ),
        ("jekyll", {"_posts/2024-05-01-a.md": "---\ntitle: SECRET\npassword: pw\n\nSECRET"}),
        (
            "jekyll",
            {
                "_includes/x.html": "Words [hide]SECRET[/hide]",
                "_posts/2024-05-01-a.md": "---\ntitle: T\n---\nWords. {% include x.html %}",
            },
        ),
        ("plain", {"quartz.config.ts": "filters: [Plugin.ExplicitPublish()],\n", "a.md": YAML}),
        ("plain", {"quartz.config.yaml": "ignorePatterns:\n  - a.md\n  - x\n", "a.md": YAML}),
    ],
)
def test_marks_in_other_files_and_headers_count(
    tmp_path: Path, engine: str, files: dict[str, str]
) -> None:
    """Marks of other kinds of header, of files beside the post and of settings withhold too."""
    settings, public = BLOGS[engine]
    said = "publish: true\nencrypted: false\nprivate: false\ndraft: false\n"
    open_post = f"---\ntitle: B\ndate: 2024-05-01\n{said}---\nOpen."
    files = {**settings, public.format("b"): open_post, **files}
    root = tmp_path / "blog"
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    report = syndicate.build(
        root,
        settings={
            "output.path": str(tmp_path / "out"),
            "state.path": str(tmp_path / "state"),
            "posts.engine": engine,
            "site.url": "https://example.org",
        },
        now=NOW,
    )
    assert "B" in [post.title for post in report.posts]
    texts = [path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert not any(b"SECRET" in text for text in texts)
    assert b"SECRET" not in msgspec.json.encode(report)


def test_a_post_that_is_locked_later_leaves_the_feeds(tmp_path: Path) -> None:
    """What the last build wrote and remembered does not keep the words."""
    (tmp_path / "a.md").write_text("---\ntitle: A\ndate: 2024-05-01\n---\nOpen. SECRET", "utf-8")
    (tmp_path / "b.md").write_text("---\ntitle: B\ndate: 2024-05-01\n---\nOpen.", "utf-8")

    def texts() -> str:
        settings = {"site.url": "https://example.org", "guard.drop": 1}
        syndicate.build(tmp_path, settings=settings, now=NOW)
        files = (tmp_path / "output").rglob("*")
        return "".join(path.read_text("utf-8") for path in files if path.is_file())

    assert "SECRET" in texts()
    locked = "---\ntitle: A\ndate: 2024-05-01\n---\nOpen. [hide]SECRET[/hide]"
    (tmp_path / "a.md").write_text(locked, "utf-8")
    assert "SECRET" not in texts()
    (tmp_path / "a.md").write_text(locked.replace("---\nOpen", "password: x\n---\nOpen"), "utf-8")
    assert "<title>A</title>" not in texts()


POST = "---\ntitle: {0}\ndate: 2024-05-01\n---\n\n{0} words.\n"
WAYS_OF_FOLDERS = [
    ("eleventy", "eleventy.config.js", "export default (c) => {};\n", "posts/x/x.11tydata.js",
     "export default { layout: 'post', draft: true };\n", "posts/{}.md"),
    ("eleventy", "eleventy.config.js", "export default (c) => {};\n", "posts/x/x.11tydata.cjs",
     "module.exports = () => {\n  return { permalink: false };\n};\n", "posts/{}.md"),
    ("eleventy", "eleventy.config.js", "export default (c) => {};\n", "posts/x/hidden.11tydata.js",
     'module.exports = {"private": true, cover: {hidden: false}};\n', "posts/{}.md"),
    ("eleventy", "eleventy.config.js", "export default (c) => {};\n", ".eleventyignore",
     "# mine\n./posts/x/\n", "posts/{}.md"),
    ("eleventy", "eleventy.config.js",
     'module.exports = (c) => { c.ignores.add("posts/x/**"); };\n', "a.txt", "", "posts/{}.md"),
    ("hugo", "hugo.toml",
     "[[module.mounts]]\nsource = 'content'\ntarget = 'content'\nexcludeFiles = ['posts/x/*']\n",
     "a.txt", "", "content/posts/{}.md"),
    ("pelican", "pelicanconf.py", "PATH = 'content'\nIGNORE_FILES = ['hid*.md']\n",
     "a.txt", "", "content/{}.md"),
    ("hexo", "_config.yml", "title: T\nexclude:\n  - _posts/x/**\n",
     "a.txt", "", "source/_posts/{}.md"),
    ("docusaurus", "docusaurus.config.js",
     "module.exports = {presets: [['classic', {blog: {exclude: ['x/**']}}]]};\n",
     "a.txt", "", "blog/{}.md"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("engine", "settings", "said", "other", "says", "path"),
    WAYS_OF_FOLDERS,
    ids=[f"{way[0]}-{way[1] if way[3] == 'a.txt' else way[3]}" for way in WAYS_OF_FOLDERS],
)
def test_what_the_blogs_own_files_keep_out_is_left_out(
    tmp_path: Path, engine: str, settings: str, said: str, other: str, says: str, path: str
) -> None:
    """Data and lists of what is ignored, beside the posts or above them."""
    for name, text in (
        (settings, said),
        (other, says),
        (path.format("open"), POST.format("Open")),
        (path.format("x/hidden"), POST.format("Hidden")),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    report = syndicate.build(
        tmp_path, settings={"posts.engine": engine, "site.url": "https://tea.example"}, now=NOW
    )
    assert [post.title for post in report.posts] == ["Open"]
    assert any("x/" in each.path for each in report.left_out)
