"""Elements of other sites' programs are removed from pasted HTML; the author's text stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.content.body_addresses import Page
from syndicate.content.clean import clean

PAGE = "https://du.example/p/one/"
BASE = "https://du.example"


def cleaned(html: str) -> str:
    return clean(html, Page(PAGE, BASE)).html


MENDED = [
    # cnblogs
    (
        '<div class="cnblogs_code"><div class="cnblogs_code_toolbar">'
        '<span class="cnblogs_code_copy"><a href="javascript:void(0);">'
        '<img src="//c.example/images/copycode.gif" alt="复制代码"></a>'
        "</span></div><pre>int q;</pre></div>",
        "<div><pre>int q;</pre></div>",
    ),
    (
        '<div class="cnblogs_code"><img class="code_img_closed" src="/a.gif">'
        '<div class="cnblogs_code_hide" style="display: none"><pre>int q;</pre></div>'
        '<span class="cnblogs_code_collapse">View Code</span></div>',
        "<div><div><pre>int q;</pre></div></div>",
    ),
    (
        '<div class="cnblogs_code"><pre><span style="color: #008080;">1</span> int a;\n'
        '<span style="color: #008080;">2</span>   b\n'
        '<span style="color: #008080;">3</span></pre></div>',
        "<div><pre>int a;\n  b\n</pre></div>",
    ),
    (
        '<div class="cnblogs_code"><pre>x = <span style="color: #008080;">1</span></pre></div>',
        "<div><pre>x = 1</pre></div>",
    ),
    ('<p>山<img src="https://p.example/48.gif" alt="复制代码"></p>', "<p>山</p>"),
    # Labels of buttons
    ("<p>山</p><p>复制代码</p><pre>x</pre>", "<p>山</p><pre>x</pre>"),
    ("<div><pre>x</pre></div><span> 复制代码\n</span>", "<div><pre>x</pre></div>"),
    ("<div>View Code</div><pre>x</pre>", "<pre>x</pre>"),
    ("<p>复制代码</p><p>山</p>", "<p>复制代码</p><p>山</p>"),
    (
        "<p>代码语言：javascript</p><p>复制</p><pre>x</pre><p>山</p>",
        "<pre>x</pre><p>山</p>",
    ),
    ("<pre>x</pre><p>复制</p><pre>y</pre><p>复制</p>", "<pre>x</pre><pre>y</pre>"),
    ("<p>复制</p><pre>yy</pre>", "<p>复制</p><pre>yy</pre>"),
    (
        "<table><tr><td><p>1</p><p>2</p></td><td><code>x</code></td></tr></table>",
        "<table><tbody><tr><td><code>x</code></td></tr></tbody></table>",
    ),
    (
        "<table><tr><td><p>1</p><p>2</p></td><td>山</td></tr></table>",
        "<table><tbody><tr><td><p>1</p><p>2</p></td><td>山</td></tr></tbody></table>",
    ),
    (
        '<figure><img src="/a.png"><figcaption>image.png</figcaption></figure>',
        '<figure><img src="https://du.example/a.png" alt=""></figure>',
    ),
    ("<h2>复制代码</h2><pre>x</pre>", "<h2>复制代码</h2><pre>x</pre>"),
    ("<ul><li>复制代码</li></ul><pre>x</pre>", "<ul><li>复制代码</li></ul><pre>x</pre>"),
    (
        "<pre><code>复制代码</code></pre><pre>x</pre>",
        "<pre><code>复制代码</code></pre><pre>x</pre>",
    ),
    # Other sites' toolbars and gutters
    (
        '<div class="dp-highlighter"><div class="bar"><b>[java]</b> <a href="/v">view plain</a>'
        "</div><ol><li>x</li></ol></div>",
        "<div><ol><li>x</li></ol></div>",
    ),
    (
        '<div class="dp-highlighter"><div class="bar">view<pre>x</pre><p>山</p></div></div>',
        "<div><div>view<pre>x</pre><p>山</p></div></div>",
    ),
    (
        '<div class="syntaxhighlighter"><div class="toolbar">?</div><p>x</p></div>',
        "<div><p>x</p></div>",
    ),
    ('<div class="toolbar">工具栏</div>', "<div>工具栏</div>"),
    ('<pre>x<div class="hljs-button"></div></pre>', "<pre>x</pre>"),
    ("<pre>x<div CLASS=hljs-button>y</div></pre>", "<pre>x</pre>"),
    (
        '<pre><code>x</code><span class="copy-code-btn">复制代码</span></pre>',
        "<pre><code>x</code></pre>",
    ),
    ('<ul class="code-snippet__line-index"><li></li></ul><pre>x</pre>', "<pre>x</pre>"),
    # Jianshu
    ('<div class="image-caption">image.png</div><p>山</p>', "<p>山</p>"),
    ('<div class="image-caption">山</div>', "<div>山</div>"),
    # Zhihu
    (
        '<a href="https://link.zhihu.com/?target=https%3A//p.example/%3Fa%3D1" class="LinkCard">'
        '<span class="LinkCard-title">山</span><span class="LinkCard-meta">p.example</span></a>',
        '<a href="https://p.example/?a=1">山</a>',
    ),
    (
        '<a href="https://links.jianshu.com/go?to=https%3A%2F%2Fp.example%2F">山</a>',
        '<a href="https://p.example/">山</a>',
    ),
    (
        '<a href="https://link.zhihu.com/?target=javascript:x()">山</a>',
        '<a href="https://link.zhihu.com/?target=javascript:x()">山</a>',
    ),
    # Medium, Blogger
    (
        '<p>山</p><footer><p>By <a class="p-canonical" href="/m">Canonical link</a></p></footer>',
        "<p>山</p>",
    ),
    (
        '<table class="tr-caption-container"><tr><td><a href="/b"><img src="/a.png"></a></td></tr>'
        '<tr><td class="tr-caption">山 <i>水</i></td></tr></table>',
        '<figure><a href="https://du.example/b"><img src="https://du.example/a.png" alt=""></a>'
        "<figcaption>山 <i>水</i></figcaption></figure>",
    ),
    ('<p>山</p><div class="blogger-post-footer">广告</div>', "<p>山</p>"),
    # Word, OneNote, Evernote
    (
        '<p class="MsoNormal">山&nbsp;&nbsp; &nbsp;水<o:p></o:p></p><p><o:p>&nbsp;</o:p></p>',
        "<p>山 水</p>",
    ),
    (
        '<p class="MsoNormal"><span style="font-family: Courier New">&nbsp;&nbsp;x</span></p>',
        "<p>&nbsp;&nbsp;x</p>",
    ),
    ("<p>山&nbsp;&nbsp;水</p>", "<p>山&nbsp;&nbsp;水</p>"),
    ('<p class="MsoNormal">山</p><pre>a&nbsp;&nbsp;b</pre>', "<p>山</p><pre>a&nbsp;&nbsp;b</pre>"),
    ("<p>山</p><xml><w:WordDocument>Normal 0</w:WordDocument></xml>", "<p>山</p>"),
    (
        '<en-note><div><en-todo checked="true"/>山<en-crypt hint="x">AAAA</en-crypt></div>'
        "</en-note>",
        "<div>☑ 山</div>",
    ),
    # Sizes
    (
        '<img src="https://p.example/a.png =300x200">',
        '<img src="https://p.example/a.png" width="300" height="200" alt="">',
    ),
]


@pytest.mark.parametrize(("source", "expected"), MENDED)
def test_machinery_is_out_and_the_text_stays(source: str, expected: str) -> None:
    """Buttons, gutters, notes of exporters and settings of word processors are removed."""
    assert cleaned(source) == expected


def test_a_button_is_no_picture_of_the_post() -> None:
    """The post's picture is the first picture of the author."""
    html = '<p><img src="//c.example/copycode.gif"></p><pre>x</pre><img src="/a.png">'
    image = clean(html, Page(PAGE, BASE)).image
    assert image is not None
    assert image.url == "https://du.example/a.png"


_CLASSES = st.sampled_from(
    [
        *("cnblogs_code", "cnblogs_code_hide", "image-caption", "p-canonical", "tr-caption"),
        *("tr-caption-container", "MsoNormal", "LinkCard", "hljs-button", "dp-highlighter", "bar"),
    ]
)
_TAGS = st.sampled_from(["div", "span", "table", "td", "pre", "a", "footer", "p", "xml", "en-todo"])


@given(st.lists(st.tuples(_TAGS, _CLASSES, st.sampled_from(["", "1", "复制代码"]))))
def test_elements_of_all_classes_leave_whole_html(nodes: list[tuple[str, str, str]]) -> None:
    """Tags stay whole, whatever is removed from elements without an end."""
    html = "".join(f'<{tag} class="{name}">{text}' for tag, name, text in nodes)
    once = cleaned(html)
    assert once.count("<") == once.count(">")
    assert once.count("1") <= html.count("1")
