"""Shortcodes of Hugo's themes keep their words, and no other argument is shown."""

import pytest

from .helpers import BASE, html, resolved

IN_A_LINE = [
    ('{{< person "https://a.b" "Ada" "a poet" >}}', '<a href="https://a.b">Ada</a>'),
    ('{{< person url="https://a.b" name="Ada" nick="A" >}}', '<a href="https://a.b">Ada (A)</a>'),
    ('{{< ruby "漢字" "かんじ" >}}',
     "<ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>"),
    ('{{< ruby "かん" >}}漢{{< /ruby >}}', "<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>"),
    ('{{< ruby rb="漢字" rt="かんじ" >}}',
     "<ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>"),
    ('{{< abbr title="Hyper Text" text="HTML" >}}', '<abbr title="Hyper Text">HTML</abbr>'),
    ('{{< abbr "HTML" "Hyper Text" >}}', '<abbr title="Hyper Text">HTML</abbr>'),
    ('{{< abbr title="Hyper Text" >}}HTML{{< /abbr >}}', '<abbr title="Hyper Text">HTML</abbr>'),
    ('{{< kbd "Ctrl" >}}', "<kbd>Ctrl</kbd>"),
    ("{{< mark >}}bright{{< /mark >}}", "<mark>bright</mark>"),
    ('{{< tooltip "leaf" "of tea" >}}', "leaf (of tea)"),
    ('{{< term "MAC" >}}', "MAC"),
    ("{{< version 0.2.10 changed >}}", "0.2.10"),
    ("{{< badge >}}New!{{< /badge >}}", "New!"),
    ('{{< badge content="New!" color="blue" >}}', "New!"),
    ('{{< badge content="New!" link="https://a.b" >}}', '<a href="https://a.b">New!</a>'),
    ('{{< keyword icon="github" >}}Leaf{{< /keyword >}}', "Leaf"),
    ("{{< icon github >}}mug", "mug"),
    ('{{< link "https://a.b" Words Title >}}', '<a href="https://a.b">Words</a>'),
    ('{{< link href="https://a.b" content=Words card=true >}}', '<a href="https://a.b">Words</a>'),
    ('{{< button href="https://a.b" target="_self" >}}Get *it*{{< /button >}}',
     '<a href="https://a.b">Get <em>it</em></a>'),
    ('{{< cta url="https://a.b" label="Go" >}}', '<a href="https://a.b">Go</a>'),
    ('{{< hextra/hero-button text="Go" link="https://a.b" >}}', '<a href="https://a.b">Go</a>'),
    ('{{< github repo="me/tea" >}}', '<a href="https://github.com/me/tea">me/tea</a>'),
    ('{{< forgejo server="https://f.g" repo="me/tea" >}}', '<a href="https://f.g/me/tea">me/tea</a>'),
    ('{{< gitlab projectID="12" >}}',
     '<a href="https://gitlab.com/projects/12">gitlab.com/projects/12</a>'),
    ("{{< gitlab 12 >}}",
     '<a href="https://gitlab.com/-/snippets/12">gitlab.com/-/snippets/12</a>'),
    ('{{< article link="/tea/" >}}', f'<a href="{BASE}/tea/">ex.org/blog/tea/</a>'),
    ('{{< friend name="Ada" url="https://a.b" avatar="/x.png" bio="a poet" >}}',
     '<a href="https://a.b">Ada</a> a poet'),
    ('{{< music url="/a.mp3" name=Rain artist=Ada cover="/c.png" >}}',
     f'Rain – Ada <audio controls="" src="{BASE}/a.mp3"></audio>'),
    ("{{< music netease song 186 >}}",
     '<a href="https://music.163.com/song?id=186">music.163.com/song?id=186</a>'),
    ('{{< music auto="https://y.z/p" >}}', '<a href="https://y.z/p">y.z/p</a>'),
    ("{{< bilibili id=BV1xx p=3 >}}",
     '<a href="https://www.bilibili.com/video/BV1xx">bilibili.com/video/BV1xx</a>'),
    ("{{< tencent g00 >}}", '<a href="https://v.qq.com/x/page/g00">v.qq.com/x/page/g00</a>'),
    ("{{< spotify track 12ab >}}",
     '<a href="https://open.spotify.com/track/12ab">open.spotify.com/track/12ab</a>'),
    ('{{< video src="/a.mp4" poster="/p.png" >}}',
     f'<video controls="" src="{BASE}/a.mp4" poster="{BASE}/p.png"></video>'),
    ('{{< inTextImg url="/a.png" height="16" alt="cup" >}}',
     f'<img src="{BASE}/a.png" alt="cup" height="16">'),
    ('{{< env "production" >}}seen{{< /env >}}{{< env "development" >}}unseen{{< /env >}}', "seen"),
]  # fmt: skip

BLOCKS = [
    ('{{< image src="/a.png" alt="A cup" caption="Cup" >}}',
     f'<figure><img src="{BASE}/a.png" alt="A cup"><figcaption>Cup</figcaption></figure>'),
    ('{{< image "/a.png" "A cup" "Cup" >}}',
     f'<figure><img src="{BASE}/a.png" alt="A cup"><figcaption>Cup</figcaption></figure>'),
    ('{{< carousel images="{/a.png,/b.png}" interval="1" >}}',
     f'<img src="{BASE}/a.png" alt=""><img src="{BASE}/b.png" alt="">'),
    ('{{< alert "fire" >}}\nsay\n{{< /alert >}}', "<blockquote><p>say</p></blockquote>"),
    ('{{< alert icon="fire" cardColor="#e63946" >}}say{{< /alert >}}',
     "<blockquote><p>say</p></blockquote>"),
    ('{{< callout type="info" emoji="x" >}}\nsay\n{{< /callout >}}',
     "<blockquote><p>say</p></blockquote>"),
    ("{{< hint danger >}}\nsay\n{{< /hint >}}", "<blockquote><p>say</p></blockquote>"),
    ('{{< admonition tip "Look" false >}}\nsay\n{{< /admonition >}}',
     "<blockquote><p><strong>Look</strong></p><p>say</p></blockquote>"),
    ("{{< lead >}}\nsay\n{{< /lead >}}", "<p>say</p>"),
    ('{{< style "color: red" >}}\nsay *so*\n{{< /style >}}', "<p>say <em>so</em></p>"),
    ("{{< typeit >}}\nsay\n{{< /typeit >}}", "<p>say</p>"),
    ("{{< typeit code=java >}}\nclass A {}\n{{< /typeit >}}",
     '<pre><code class="language-java">class A {}</code></pre>'),
    ('{{< quote author="Ada" source="Book" url="https://a.b" >}}\nsay\n{{< /quote >}}',
     '<blockquote><p>say</p><p>— Ada, <a href="https://a.b">Book</a></p></blockquote>'),
    ("{{< center-quote >}}\nsay\n{{< /center-quote >}}", "<blockquote><p>say</p></blockquote>"),
    ('{{< tabs >}}\n{{< tab label="One" >}}\nsay\n{{< /tab >}}\n{{< /tabs >}}',
     "<p><strong>One</strong></p><p>say</p>"),
    ('{{< tabs defaultTab="1" >}}\n{{% tab title="One" %}}\nsay\n{{% /tab %}}\n{{< /tabs >}}',
     "<p><strong>One</strong></p><p>say</p>"),
    ('{{< tabs items="One,Two" >}}\n{{< tab >}}say{{< /tab >}}\n{{< tab >}}more{{< /tab >}}\n'
     "{{< /tabs >}}",
     "<p><strong>One</strong></p><p>say</p><p><strong>Two</strong></p><p>more</p>"),
    ('{{< timeline >}}\n{{< timelineItem icon="x" header="May" badge="v2" subheader="Sun" >}}\n'
     "say\n{{< /timelineItem >}}\n{{< /timeline >}}",
     "<p><strong>May</strong></p><p><strong>v2</strong></p><p><strong>Sun</strong></p><p>say</p>"),
    ('{{< timeline >}}\nevents:\n  - timestamp: 2024\n    content: "say"\n{{< /timeline >}}',
     "<p><strong>2024</strong></p><p>say</p>"),
    ('{{< accordion >}}\n{{< accordionItem title="One" icon="x" >}}\nsay\n{{< /accordionItem >}}\n'
     "{{< /accordion >}}", "<details><summary>One</summary><p>say</p></details>"),
    ('{{< collapse summary="One" >}}\nsay\n{{< /collapse >}}',
     "<details><summary>One</summary><p>say</p></details>"),
    ('{{< rtl >}}\nsay\n{{< /rtl >}}', '<div dir="rtl"><p>say</p></div>'),
    ('{{< step title="One" number="1" >}}\nsay\n{{< /step >}}',
     "<p><strong>One</strong></p><p>say</p>"),
    ('{{< cards >}}\n{{< card link="https://a.b" title="One" icon="x" subtitle="say" >}}\n'
     "{{< /cards >}}", '<p><a href="https://a.b">One</a> say</p>'),
    ('{{< showcase title="One" summary="say" image="/a.png" link="https://a.b" >}}',
     f'<p><a href="https://a.b"><img src="{BASE}/a.png" alt="One"></a></p>'
     '<p><a href="https://a.b">One</a> say</p>'),
    ('{{< filetree/container >}}\n  {{< filetree/folder name="a" >}}\n'
     '    {{< filetree/file name="b.md" >}}\n  {{< /filetree/folder >}}\n'
     "{{< /filetree/container >}}",
     "<ul><li>a<ul><li>b.md</li></ul></li></ul>"),
    ('{{< aplayer >}}\n{{< audio name="Rain" artist="Ada" url="/a.mp3" />}}\n{{< /aplayer >}}',
     f'<p>Rain – Ada <audio controls="" src="{BASE}/a.mp3"></audio></p>'),
    ('{{< echarts >}}\n{"title": "x"}\n{{< /echarts >}}', ""),
    ('{{< chart >}}\ntype: "bar"\n{{< /chart >}}', ""),
    ('{{< script >}}\nalert("{{< x >}}")\n{{< /script >}}', ""),
    ("{{< mapbox 121.48 31.23 12 >}}", ""),
    ('{{< swatches "#64748b" "#3b82f6" >}}', ""),
]  # fmt: skip


def shown(body: str) -> str:
    return html(body, "hugo").replace("\n", "")


@pytest.mark.parametrize(("shortcode", "words"), IN_A_LINE)
def test_a_shortcode_in_a_line_shows_its_words(shortcode: str, words: str) -> None:
    """The words stay in their line; icons, colours and sizes are not shown."""
    assert shown(f"before {shortcode} after") == f"<p>before {words} after</p>"
    assert resolved(shortcode, "hugo").unknown == ()


@pytest.mark.parametrize(("body", "expected"), BLOCKS)
def test_a_shortcode_on_its_own_lines(body: str, expected: str) -> None:
    """A pair keeps its text and the author's title; no title is invented."""
    assert shown(body) == expected
    assert resolved(body, "hugo").unknown == ()


@pytest.mark.parametrize(("language", "title"), [("zh-cn", "警告"), ("en", "Warning")])
def test_an_admonition_without_a_title_is_called_as_its_theme_calls_it(
    language: str, title: str
) -> None:
    """LoveIt and themes based on it show the kind in the blog's language."""
    body = "{{< admonition warning >}}\nsay\n{{< /admonition >}}"
    assert f"<strong>{title}</strong>" in html(body, "hugo", site={"language": language})


def test_words_of_shortcodes_that_are_indented_are_no_code() -> None:
    """Pairs and their text are often indented."""
    body = (
        '{{< tabs >}}\n    {{< tab label="One" >}}\n\n    say\n\n    more\n\n    {{< /tab >}}\n'
        "{{< /tabs >}}"
    )
    assert shown(body) == "<p><strong>One</strong></p><p>say</p><p>more</p>"


@pytest.mark.parametrize("body", ["{{< icon x >}}    say", "{{< lattice x >}}\n    say"])
def test_a_shortcode_that_shows_nothing_leaves_no_indentation(body: str) -> None:
    """Text after or below a shortcode does not become code."""
    assert shown(body) == "<p>say</p>"


@pytest.mark.parametrize(
    ("dialect", "tag", "name"),
    [
        ("hugo", "{{< list limit=4 >}}", "list"),
        ("hugo", "{{< page-index >}}", "page-index"),
        ("hexo", "{% friends only:tea %}", "friends"),
        ("hexo", "{% series tea %}", "series"),
        ("hexo", "{% contributors tea %}", "contributors"),
    ],
)
def test_a_tag_that_shows_data_of_the_site_is_reported(dialect: str, tag: str, name: str) -> None:
    """It shows nothing in a feed."""
    found = resolved(f"before {tag} after", dialect)
    assert found.text.split() == ["before", "after"]
    assert found.unknown == (name,)
