"""Clean HTML keeps the visible content, with absolute addresses and safe; code stays unchanged."""

import re

import pytest
from lxml import html as lxml_html

from syndicate.content.body_addresses import Page
from syndicate.content.clean import clean

PAGE = "https://ex.org/blog/p/one/"
BASE = "https://ex.org/blog"


def cleaned(html: str, title: str = "") -> str:
    return clean(html, Page(PAGE, BASE), title=title).html


ADDRESSES = [
    ('<a href="/a">x</a>', '<a href="https://ex.org/blog/a">x</a>'),
    ('<a href="/blog/a">x</a>', '<a href="https://ex.org/blog/a">x</a>'),
    ('<a href="../b">x</a>', '<a href="https://ex.org/blog/p/b">x</a>'),
    ('<a href="//c.d/e">x</a>', '<a href="https://c.d/e">x</a>'),
    ('<a href="#f">x</a>', f'<a href="{PAGE}#f">x</a>'),
    ('<a href="#">x</a>', f'<a href="{PAGE}">x</a>'),
    ('<a href="{{ x }}">x</a>', f'<a href="{PAGE}%7B%7B%20x%20%7D%7D">x</a>'),
    ('<a href="中 文">x</a>', f'<a href="{PAGE}%E4%B8%AD%20%E6%96%87">x</a>'),
    ('<a href="%E4%B8%AD">x</a>', f'<a href="{PAGE}%E4%B8%AD">x</a>'),
    ('<a href="mailto:a@b.c">x</a>', '<a href="mailto:a@b.c">x</a>'),
    ('<a href="http://a.b/?utm_source=x&c=1&fbclid=2">x</a>', '<a href="http://a.b/?c=1">x</a>'),
    ('<a href="http://a.b/?utm_source=x#y">x</a>', '<a href="http://a.b/#y">x</a>'),
    ('<a href="javascript:x()">x</a>', "x"),
    ('<a href="java\tscript:x()">x</a>', "x"),
    ('<a href=" &#1;&#106;avascript:x()">x</a>', "x"),
    ('<a href="vbscript:x">x</a>', "x"),
    ('<a href="file:///etc/passwd">x</a>', "x"),
    ('<a href="data:text/html,x">x</a>', "x"),
    ('<a href="data:image/png;base64,AA">x</a>', "x"),
    ('<a href="http://a b/">x</a>', "x"),
    ('<a href="http://[x">x</a>', "x"),
    ('<a href="http://a.b:99999/">x</a>', "x"),
    (
        '<blockquote cite="/c">x</blockquote>',
        '<blockquote cite="https://ex.org/blog/c">x</blockquote>',
    ),
    ('<blockquote cite="x:y">x</blockquote>', "<blockquote>x</blockquote>"),
]


@pytest.mark.parametrize(("source", "expected"), ADDRESSES)
def test_addresses(source: str, expected: str) -> None:
    """Addresses are absolute, encoded and of a safe scheme, or removed."""
    assert cleaned(source) == expected


PICTURES = [
    ('<img src="a b.png">', f'<img src="{PAGE}a%20b.png" alt="">'),
    ('<img src="" data-src="/a.png">', '<img src="https://ex.org/blog/a.png" alt="">'),
    (
        '<img src="data:image/gif;base64,AA" data-original="//c.d/e.jpg">',
        '<img src="https://c.d/e.jpg" alt="">',
    ),
    (
        '<img src="/img/loading.gif" data-lazy-src="http://c.d/e">',
        '<img src="http://c.d/e" alt="">',
    ),
    ('<img src="http://c.d/e" data-original="http://c.d/f">', '<img src="http://c.d/f" alt="">'),
    ('<img src="http://c.d/e" data-url="http://c.d/f">', '<img src="http://c.d/e" alt="">'),
    ('<img src="data:image/png;base64,A A">', '<img src="data:image/png;base64,AA" alt="">'),
    ('<img src="data:image/svg+xml,x">', ""),
    ("<img>", ""),
    ('<img src="">', ""),
    ('<img src="javascript:x">', ""),
    ('<img src="http://c.d/p.gif" width="1" height="1px">', ""),
    ('<img src="http://hm.baidu.com/x.gif">', ""),
    ('<img src="http://c.d/e" alt="在这里插入图片描述">', '<img src="http://c.d/e" alt="">'),
    ('<img src="http://c.d/e" alt="Image">', '<img src="http://c.d/e" alt="">'),
    ('<img src="http://c.d/e" alt="shot 1.png">', '<img src="http://c.d/e" alt="shot 1.png">'),
    ('<img src="http://c.d/e" alt="shot_1.png">', '<img src="http://c.d/e" alt="">'),
    ('<img src="http://c.d/e" alt="A cat">', '<img src="http://c.d/e" alt="A cat">'),
    (
        '<img src="http://c.d/e" srcset="a.png, /b,c.png 2x,">',
        f'<img src="http://c.d/e" srcset="{PAGE}a.png, {BASE}/b%2Cc.png 2x" alt="">',
    ),
    (
        '<img srcset="a.png 1x" sizes="10vw">',
        f'<img srcset="{PAGE}a.png 1x" sizes="10vw" src="{PAGE}a.png" alt="">',
    ),
    (
        '<img src="data:x" data-src="http://c.d/e"><noscript><img src="http://c.d/e"></noscript>',
        '<img src="http://c.d/e" alt="">',
    ),
    ("<noscript>Switch scripts on</noscript>", ""),
    (
        '<img src="http://c.d/e" usemap="#m"><map name="m"><area href="/x"></map>',
        '<img src="http://c.d/e" alt="">',
    ),
    (
        '<picture><source srcset="a.webp"><source><img src="a.png"></picture>',
        f'<picture><source srcset="{PAGE}a.webp"><img src="{PAGE}a.png" alt=""></picture>',
    ),
]


@pytest.mark.parametrize(("source", "expected"), PICTURES)
def test_pictures(source: str, expected: str) -> None:
    """Pictures show without scripts; trackers, placeholders and empty ones are removed."""
    assert cleaned(source) == expected


FRAMES = [
    (
        '<iframe src="https://www.youtube.com/embed/a_b?rel=0" title="A film"></iframe>',
        '<p><a href="https://www.youtube.com/watch?v=a_b">A film</a></p>',
    ),
    (
        '<p>a <iframe src="//player.bilibili.com/player.html?aid=1&bvid=BV1"></iframe> b</p>',
        '<p>a <a href="https://www.bilibili.com/video/BV1">bilibili.com/video/BV1</a> b</p>',
    ),
    (
        '<iframe data-src="https://player.vimeo.com/video/12?h=x"></iframe>',
        '<p><a href="https://vimeo.com/12">vimeo.com/12</a></p>',
    ),
    (
        '<object><param name="movie" value="http://c.d/e.swf"><embed src="http://c.d/e.swf"></object>',
        '<a href="http://c.d/e.swf">c.d/e.swf</a>',
    ),
    ('<object data="/x.pdf"><p>Read it</p></object>', "<p>Read it</p>"),
    ('<iframe src="https://www.googletagmanager.com/ns.html?id=1"></iframe>', ""),
    ('<iframe src="http://c.d/" width="0" height="0"></iframe>', ""),
    ('<iframe src="javascript:x"></iframe>', ""),
    (
        '<video autoplay src="/v.mp4" poster="p.png">old</video>',
        f'<video src="{BASE}/v.mp4" poster="{PAGE}p.png" controls="">old</video>',
    ),
    (
        '<audio><source src="a.ogg"></audio>',
        f'<audio controls=""><source src="{PAGE}a.ogg"></audio>',
    ),
    ("<video>old</video>", "old"),
]


@pytest.mark.parametrize(("source", "expected"), FRAMES)
def test_frames_and_media(source: str, expected: str) -> None:
    """Frames become links to the page they show; media keep their controls."""
    assert cleaned(source) == expected


OUT = [
    "<script>x</script>",
    "<style>x</style>",
    '<link rel="stylesheet" href="x">',
    "<svg><text>x</text></svg>",
    "<template><b>x</b></template>",
    '<p style="DISPLAY : none">x</p>',
    '<div style="color:red;visibility:hidden">x</div>',
    "<p hidden>x</p>",
    "<title>x</title>",
    "<select><option>x</option></select>",
    "<button>x</button>",
    "<dialog>x</dialog>",
    "<!-- x -->",
    "<p>$url</p>",
    "<div><p> </p><span></span></div>",
    "<p>&nbsp;</p>",
    "<p><br></p>",
    "<blockquote><p><font><br></font></p></blockquote>",
    '<a id="_11"></a>',
    '<a href="/x"></a>',
    '<span aria-hidden="true"></span>',
]


@pytest.mark.parametrize("source", OUT)
def test_not_for_reading(source: str) -> None:
    """Hidden content, scripts and empty elements are removed."""
    assert cleaned(source) == ""


KEPT = [
    ('<p onclick="x" style="color:red" class="y">a</p>', "<p>a</p>"),
    ("<form><label>Name <input></label></form>", "Name"),
    ("<ul><li><input type=checkbox checked> a</ul>", "<ul><li>☑ a</li></ul>"),
    ("<ul><li><input type=checkbox disabled> a</ul>", "<ul><li>☐ a</li></ul>"),
    ("<p>a<b> </b>c</p>", "<p>a c</p>"),
    ('<p><br><q cite="">b</q></p>', "<p><br><q>b</q></p>"),
    ("<p><br><wbr></p>a", "a"),
    ('<code class="prism language-java x">a</code>', '<code class="language-java">a</code>'),
    ('<code class="prism">a</code>', "<code>a</code>"),
    ('<span dir="rtl">א</span>', '<span dir="rtl">א</span>'),
    ('<span>a</span><span dir="rtl">א</span>', 'a<span dir="rtl">א</span>'),
    ('<p id="x">a</p>', "<p>a</p>"),
    ('<p id="x">a</p><a href="#x">b</a>', f'<p id="x">a</p><a href="{PAGE}#x">b</a>'),
    ('<a name="x">a</a><a href="#x">b</a>', f'<a id="x">a</a><a href="{PAGE}#x">b</a>'),
    ('<h2>A<a class="anchor" href="#a">#</a></h2>', "<h2>A</h2>"),
    ('<div hidden><a href="#x">b</a></div><p id="x">a</p>', "<p>a</p>"),
    ("<p>a&#0;b&#x1F;\x0bc\ufffe</p>", "<p>abc</p>"),
    ("<p>a\n\n    b</p>", "<p>a\nb</p>"),
    ("<p>$url is a variable</p>", "<p>$url is a variable</p>"),
    ("<td>a", "a"),
    ("<p>a<p>b", "<p>a</p><p>b</p>"),
    ("a\ud800b", "ab"),
    ('<textarea name="code" class="java">a &lt; b</textarea>', "<pre>a &lt; b</pre>"),
    ("<h3><font><h3>a</h3></font></h3>", "<h3>a</h3>"),
]


@pytest.mark.parametrize(("source", "expected"), KEPT)
def test_kept(source: str, expected: str) -> None:
    """Visible content stays, in plain HTML."""
    assert cleaned(source) == expected


FORMULAS = [
    (
        '<span class="katex"><span class="katex-mathml">\n A\n  \n \n ∗\n \n A^{*}\n </span>'
        '<span class="katex-html">A∗</span></span>',
        "$A^{*}$",
    ),
    (
        '<span class="katex"><span class="katex-mathml"><math><mi>n</mi>'
        '<annotation encoding="application/x-tex">n</annotation></math></span>'
        '<span class="katex-html">n</span></span>',
        "n",
    ),
    ("<math><mi>x</mi><mn>2</mn><annotation>x^2</annotation></math>", "$x^2$"),
    ('<mjx-container><svg><use data-c="1D443"/><use data-c="3D"/></svg></mjx-container>', "P="),
    (
        '<span class="MathJax_Preview">y</span><span class="MathJax">y</span>'
        '<script type="math/tex">y_1</script>',
        "$y_1$",
    ),
]


@pytest.mark.parametrize(("source", "expected"), FORMULAS)
def test_formulas_are_read_once(source: str, expected: str) -> None:
    """A formula that is typeset twice, or drawn, is kept once in readable form."""
    assert cleaned(source) == expected


CODE = [
    "<pre>\n\n\tfirst\n\n   second  \n</pre>",
    "<pre><code>\n  &lt;script&gt;alert(1)&lt;/script&gt;\n\n\n</code></pre>",
    '<pre><span class="t">  </span>a<span>\n\n</span>b</pre>',
    "<code>  a\n\n    b</code>",
    "<pre>a<br>b</pre>",
    "<pre>a<p>&nbsp; </p>b<span> </span></pre>",
    "<code>a<code>b</code>\n\n  c</code>",
    "<pre><code>&lt;svg onload=x&gt; {: .x} $url</code></pre>",
    "<pre>\n<span>\n\na</span></pre>",
]


@pytest.mark.parametrize("source", CODE)
def test_code_is_untouched(source: str) -> None:
    """The text of code stays unchanged."""

    def text(html: str) -> str:
        return lxml_html.fromstring(re.sub(r"^<pre>\n", "<pre>", html, count=1)).text_content()

    assert text(cleaned(source)) == text(source)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('<pre><span class="lineno">1</span>a</pre>', "<pre>a</pre>"),
        (
            '<table><tr><td class="gutter">1</td><td><pre>a</pre></td></tr></table>',
            "<table><tbody><tr><td><pre>a</pre></td></tr></tbody></table>",
        ),
    ],
)
def test_line_numbers_are_out(source: str, expected: str) -> None:
    """Numbers beside code are not part of the code."""
    assert cleaned(source) == expected


TITLES = [
    ("<h1>My Title!</h1><p>a</p>", "my  title", "<p>a</p>"),
    ("<div><h1>ＡＢＣ：标题</h1></div><p>a</p>", "abc标题", "<p>a</p>"),
    ("<h2>标题</h2><p>a</p>", "2014-04-19-标题", "<p>a</p>"),
    ("<p>a</p><h2>Title</h2>", "Title", "<p>a</p><h2>Title</h2>"),
    ("<h1>Other</h1>", "Title", "<h1>Other</h1>"),
    ("<h1>!</h1>", "?", "<h1>!</h1>"),
    ('<a href="#t"><h2>#</h2></a><h2>Title</h2><p>a</p>', "Title", "<p>a</p>"),
]


@pytest.mark.parametrize(("source", "title", "expected"), TITLES)
def test_a_first_heading_that_repeats_the_title_is_out(
    source: str, title: str, expected: str
) -> None:
    """A heading that repeats the title is removed; any other heading stays."""
    assert cleaned(source, title) == expected


@pytest.mark.parametrize(
    ("source", "url"),
    [
        ('<img src="/i.svg"><img src="http://c.d/a.png" alt=" A  b ">', "http://c.d/a.png"),
        ('<img src="/i.png" width="16" height="16">', None),
        ('<img src="data:image/png;base64,AA">', None),
        ('<div hidden><img src="/a.png"></div>x', None),
        ('<img src="https://img.shields.io/x">', None),
    ],
)
def test_the_first_real_picture(source: str, url: str | None) -> None:
    """Icons, badges and embedded data are not the picture of a post."""
    image = clean(source, Page(PAGE, BASE)).image
    assert (image.url if image else None) == url


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('<img class="lazyload" src="/small.jpg" data-src="/full.jpg">', "/full.jpg"),
        ('<img src="/ph.gif" data-srcset="/c.png 100w">', "/c.png"),
        ('<img src="/small.jpg" data-src="/full.jpg">', "/full.jpg"),
        ('<img src="/real.jpg" data-src="loading">', "/real.jpg"),
    ],
)
def test_lazy_picture_is_the_one_meant(source: str, expected: str) -> None:
    """A picture that a script would show is shown; a picture that is already there stays."""
    assert f'src="https://ex.org/blog{expected}"' in cleaned(source)


@pytest.mark.parametrize("name", ["MathJax_Preview", "MathJax", "katex"])
def test_text_that_a_formula_took_in_stays(name: str) -> None:
    """Paragraphs, pictures and line breaks in a formula without an end tag stay."""
    inner = '<span class="katex-mathml">x</span>y<br>Tea <span class="katex">z</span>.'
    found = cleaned(f'<p>Let <span class="{name}">{inner}</span></p>')
    assert "Tea z." in found
    assert "Let y" in found
