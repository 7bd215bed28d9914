"""Marks of other sites in the source of a post are resolved or removed; code and prose stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.content.pasted import settle_text
from syndicate.content.render import render
from syndicate.model import Content, Kramdown

PAGE = "https://du.example/p/one/"
BASE = "https://du.example"


def rendered(body: str, *, html: bool = False, grammar: Kramdown | None = None) -> Content:
    return render(
        body,
        markup="html" if html else "markdown",
        page=PAGE,
        base=BASE,
        title="T",
        excerpt_length=60,
        grammar=grammar,
    )


GRAMMARS = [None, Kramdown()]

RESOLVED = [
    # CSDN
    (
        "![图](https://p.example/q.png#pic_center =500x300)\n**山**",
        '<p><img src="https://p.example/q.png" alt="图" width="500" height="300">\n'
        "<strong>山</strong></p>",
    ),
    (
        "![](</a b.png> =9x) 山",
        '<p><img src="https://du.example/a%20b.png" width="9" alt=""> 山</p>',
    ),
    ("![](/q.png =600x) 山", '<p><img src="https://du.example/q.png" width="600" alt=""> 山</p>'),
    (
        '![](/q.png =x50 "标") 山',
        '<p><img src="https://du.example/q.png" title="标" height="50" alt=""> 山</p>',
    ),
    (
        "![](/q.png =50%x) 山",
        '<p><img src="https://du.example/q.png" alt=""> 山</p>',
    ),
    ("@[TOC](目录)\n\n# 一\n\n山", "<h1>一</h1>\n<p>山</p>"),
    ("@[toc]\n\n山", "<p>山</p>"),
    (
        "[外链图片转存失败,源站可能有防盗链机制(img-Ab1-15)(https://p.example/a(1).png)]山",
        "<p>山</p>",
    ),
    ("[外链图片转存中…(img-Ab1-15)]\n\n山", "<p>山</p>"),
    (
        "![外链图片转存失败,源站(img-Ab1-15)(a.png)](https://p.example/b.png)山",
        '<p><img src="https://p.example/b.png" alt="">山</p>',
    ),
    # Tables of contents
    ("[TOC]\n\n山", "<p>山</p>"),
    ("[toc]\n\n山", "<p>山</p>"),
    ("[[toc]]\n\n山", "<p>山</p>"),
    ("[[_TOC_]]\n\n山", "<p>山</p>"),
    ("* 目录\n{:toc}\n\n山", "<p>山</p>"),
    # Juejin
    ("---\ntheme: juejin\nhighlight: github\n---\n\n山", "<p>山</p>"),
    ("\n---\ntitle: 题\ntags:\n  - 甲\n---\n山", "<p>山</p>"),
    ("---\nlink: /a\ntheme: juejin\n---\n山", "<p>山</p>"),
    ("theme: cyanosis\nhighlight: github\n\n山", "<p>山</p>"),
    ("<style>.markdown-body{color:red}\n\n.a{}</style>\n\n山", "<p>山</p>"),
    # Typecho
    ("<!--markdown-->**山** 水", "<p><strong>山</strong> 水</p>"),
    # Yuque
    ('<a name="Q1"></a>\n## 一\n山', "<h2>一</h2>\n<p>山</p>"),
    (
        '<card type="inline" name="image" value="data:%7B%22src%22%3A%22https%3A%2F%2Fp.example'
        '%2Fa.png%22%7D"></card>山',
        '<p><img src="https://p.example/a.png" alt="">山</p>',
    ),
    ('<card name="hr" value="data:%5B%5D"></card>山', "<p>山</p>"),
    (
        ":::tips\n**山**\n:::\n水",
        "<blockquote>\n<p><strong>山</strong></p>\n</blockquote>\n<p>水</p>",
    ),
    # Zenn and Qiita
    (
        "水\n:::message alert\n**山**\n:::",
        "<p>水</p>\n<blockquote>\n<p><strong>山</strong></p>\n</blockquote>",
    ),
    (
        "::: code-group\n```js\n山\n```\n:::",
        '<pre><code class="language-js">山\n</code></pre>',
    ),
    (
        "::: tip\n::: center\n山\n:::\n水\n:::\n火",
        "<blockquote>\n<p>山</p>\n<p>水</p>\n</blockquote>\n<p>火</p>",
    ),
    (":::note info\n山\n:::", "<blockquote>\n<p>山</p>\n</blockquote>"),
    (
        "::: warning 気をつけて\n山\n:::",
        "<blockquote>\n<p><strong>気をつけて</strong></p>\n<p>山</p>\n</blockquote>",
    ),
    (
        "- 水\n\n  :::message\n  **山**\n  :::\n",
        "<ul>\n<li>\n<p>水</p>\n<blockquote>\n<p><strong>山</strong></p>\n</blockquote>\n</li>\n</ul>",
    ),
    (
        ":::info[山 *水*]{.x}\n火\n:::",
        "<blockquote>\n<p><strong>山 <em>水</em></strong></p>\n<p>火</p>\n</blockquote>",
    ),
    (
        ":::details 続き\n**山**\n\n- 水\n:::",
        "<details>\n<summary>続き</summary>\n<p><strong>山</strong></p>\n<ul>\n<li>水</li>\n</ul>\n"
        "</details>",
    ),
    (
        "@[youtube](dQw4w9WgXcQ)\n\n山",
        '<p><a href="https://www.youtube.com/watch?v=dQw4w9WgXcQ">'
        "youtube.com/watch?v=dQw4w9WgXcQ</a></p>\n<p>山</p>",
    ),
    (
        "@[card](https://p.example/?a=1&b=2)\n\n山",
        '<p><a href="https://p.example/?a=1&amp;b=2">p.example/?a=1&amp;b=2</a></p>\n<p>山</p>',
    ),
    (
        "```ruby:app/models/a.rb\nputs\n```",
        "<figure><figcaption>app/models/a.rb</figcaption></figure>"
        '<pre><code class="language-ruby">puts\n</code></pre>',
    ),
    ("```ts:no-line-numbers\nx\n```", '<pre><code class="language-ts">x\n</code></pre>'),
    # Tistory
    (
        '[##_Image|kage@bX/bt/k/img.png|CDM|1.3|{"originWidth":7,"caption":"山"}_##]\n\n水',
        '<figure><img src="https://blog.kakaocdn.net/dn/bX/bt/k/img.png" alt="">'
        "<figcaption>山</figcaption></figure>\n<p>水</p>",
    ),
    (
        '[##_Image|t/cfile@99AB0C|alignCenter|data-filename="a"|_##]',
        '<figure><img src="https://t1.daumcdn.net/cfile/tistory/99AB0C" alt=""></figure>',
    ),
    (
        '山 [##_File|kage@a/b/f.zip|filename="f.zip" size="1MB"|_##]',
        '<p>山 <a href="https://blog.kakaocdn.net/dn/a/b/f.zip">f.zip</a></p>',
    ),
    ("[[_Image_]]\n\n山", "<p>山</p>"),
    ("[#M_더보기|접기|山_M#]", "<p>山</p>"),
    # Hatena
    (
        "[f:id:ue:20240501123456p:plain:w300]\n\n[:contents]\n\n山",
        '<p><img src="https://cdn-ak.f.st-hatena.com/images/fotolife/u/ue/20240501/'
        '20240501123456.png" width="300" alt=""></p>\n<p>山</p>',
    ),
    (
        "[https://p.example/:embed:cite]\n\n[https://p.example/b:title=山]",
        '<p><a href="https://p.example/">p.example/</a></p>\n'
        '<p><a href="https://p.example/b">山</a></p>',
    ),
    (
        "[:contents]\n\n>>\n山 **水**\n<<\n\n火",
        "<blockquote>\n<p>山 <strong>水</strong></p>\n</blockquote>\n<p>火</p>",
    ),
    (
        ">|python|\nif a < b:\n\n    [TOC]\n||<\n\n山",
        '<pre><code class="language-python">if a &lt; b:\n\n    [TOC]</code></pre>\n<p>山</p>',
    ),
    # WordPress
    (
        '[caption id="a" width="3"]<img src="/a.png"> 山[/caption]\n**水**',
        '<figure><img src="https://du.example/a.png" alt=""><figcaption>山</figcaption></figure>\n'
        "<p><strong>水</strong></p>",
    ),
    (
        '[caption width="3"]![](/a.png) 山 *水*[/caption]',
        '<p><img src="https://du.example/a.png" alt=""> 山 <em>水</em></p>',
    ),
    ('[gallery ids="1,2"]\n\n山', "<p>山</p>"),
    (
        "[youtube]https://youtu.be/dQw4w9WgXcQ[/youtube]",
        '<p><a href="https://www.youtube.com/watch?v=dQw4w9WgXcQ">'
        "youtube.com/watch?v=dQw4w9WgXcQ</a></p>",
    ),
    (
        "[embed]https://p.example/v[/embed]",
        '<p><a href="https://p.example/v">p.example/v</a></p>',
    ),
    (
        '<!-- wp:paragraph {"dropCap":true} -->\n<p>山</p>\n<!-- /wp:paragraph -->\n',
        "<p>山</p>",
    ),
    (
        '[code lang="js"]\nif (a < b)\n\nx\n[/code]\n山',
        '<pre><code class="language-js">if (a &lt; b)\n\nx</code></pre>\n<p>山</p>',
    ),
    # Notion, LiveJournal
    (
        "<aside>\n💡 **山**\n\n</aside>\n\n水",
        "<blockquote>\n<p>💡 <strong>山</strong></p>\n</blockquote>\n<p>水</p>",
    ),
    (
        '山 <lj user="bob_x"> и **水**',
        '<p>山 <a href="https://bob-x.livejournal.com/">bob_x</a> и <strong>水</strong></p>',
    ),
    (
        "![图片描述](/img/bVabc)",
        '<p><img src="https://segmentfault.com/img/bVabc" alt=""></p>',
    ),
    ("山<o:p></o:p>\n\n<![if !supportLists]>水<![endif]>", "<p>山</p>\n<p>水</p>"),
    ("山\n\n本文由 [mdnice](https://mdnice.com/?platform=4) 多平台发布", "<p>山</p>"),
    ("山\n\n展开阅读全文", "<p>山</p>"),
    ("外链图片转存失败,源站可能有防盗链机制,建议将图片保存下来直接上传\n\n山", "<p>山</p>"),
    (
        '[audio src="https://p.example/a.mp3"]',
        '<audio controls="" src="https://p.example/a.mp3"></audio>',
    ),
    (
        "[soundcloud url=https://p.example/a]",
        '<p><a href="https://p.example/a">p.example/a</a></p>',
    ),
    (
        '[![复制代码](https://c.example/copycode.gif)](javascript:void(0); "复制代码")\n\n山',
        "<p>山</p>",
    ),
    ("图片发自简书App\n\n山", "<p>山</p>"),
]


@pytest.mark.parametrize("grammar", GRAMMARS, ids=["commonmark", "kramdown"])
@pytest.mark.parametrize(("source", "expected"), RESOLVED)
def test_a_mark_of_another_site_shows_what_it_stands_for_or_nothing(
    source: str, expected: str, grammar: Kramdown | None
) -> None:
    """The result is the same with both renderers of Markdown."""
    assert rendered(source, grammar=grammar).html == expected


STAYS = [
    "写 [TOC] 就会有目录",
    "用 `![](a.png =5x5)` 写图",
    "```\n[TOC]\n@[TOC](x)\n![](x =5x5)\n:::note\n[caption]a[/caption]\n```",
    "    [TOC]\n",
    "<pre>[外链图片转存失败,源站(img-Ab1-15)]</pre>",
    "[toc]\n\n[toc]: https://p.example/",
    "提示“外链图片转存失败”怎么办",
    "f((x)) is ((y))",
    ":::\n",
    "::: unknown\nx\n:::",
    "见 [gallery] 短代码",
    "[caption] 未结束",
    "---\n\n山\n\n---\n水",
    "---\n这里: 山\n---\n",
    "mail me@[example](https://p.example/)",
    "<aside>\n山 **水**\n</aside>",
    "a == 5x5) b",
    "- 在这里插入图片描述的方法",
]


@pytest.mark.parametrize("source", STAYS)
def test_text_about_marks_stays(source: str) -> None:
    """Code, prose about a mark, and marks without a partner stay unchanged."""
    assert settle_text(source, markup="markdown") == source


@pytest.mark.parametrize("grammar", GRAMMARS, ids=["commonmark", "kramdown"])
def test_hatena_footnotes_are_footnotes(grammar: Kramdown | None) -> None:
    """Double brackets are footnotes only in a text with other marks of Hatena."""
    found = rendered("[:contents]\n\n山((水 **火**))だ", grammar=grammar).html
    assert "((" not in found
    assert "<sup" in found
    assert "水 <strong>火</strong>" in found


@pytest.mark.parametrize(
    "source", ["山\n\n<lj-cut text='…'>\n\n水\n\n</lj-cut>", "山\n\n<a name='more'></a>\n\n水"]
)
def test_a_cut_of_another_site_ends_the_excerpt(source: str) -> None:
    """LiveJournal's cut and Blogger's jump break are read-more markers."""
    found = rendered(source)
    assert found.excerpt == "山"
    assert "水" in found.html


PAGES = [
    ("<p>[TOC]</p><p>山</p>", "<p>山</p>"),
    ("<p>@[TOC]( 🚀目录)</p><p>山</p>", "<p>山</p>"),
    ("<p>@[TOC]操作系统<br>山</p>", "<p>操作系统<br>山</p>"),
    (
        '<p><img alt="[外链图片转存失败,源站(img-A-1)(C:\\a (1).png)" src="/a.png">山</p>',
        '<p><img alt="" src="https://du.example/a.png">山</p>',
    ),
    (
        "<p>山![在这里插入图片描述](https://i-blog.csdnimg.cn/d/4.png =600x)</p>",
        '<p>山<img src="https://i-blog.csdnimg.cn/d/4.png" alt="" width="600"></p>',
    ),
    ("<p>山<br>在这里插入图片描述</p>", "<p>山<br></p>"),
    (
        "[caption width='3']<a href='/b'><img src='/a.png'></a> 山[/caption]<p>水</p>",
        '<figure><a href="https://du.example/b"><img src="https://du.example/a.png" alt=""></a>'
        "<figcaption>山</figcaption></figure><p>水</p>",
    ),
    ("<pre>[TOC]</pre>", "<pre>[TOC]</pre>"),
]


@pytest.mark.parametrize(("source", "expected"), PAGES)
def test_marks_in_a_page_of_html_go_too(source: str, expected: str) -> None:
    """A pasted page has marks where its own site did not render them."""
    assert rendered(source, html=True).html == expected


_PIECES = st.sampled_from(
    [
        *("![](a", "=5x5)", "[toc]", "@[TOC](", ")", ":::", ":::note", "\n", "<aside>\n💡"),
        *("[caption]", "[/caption]", "[##_", "_##]", "<lj", "user=a>", "((a))", "[:contents]"),
        *(">|x|\n", "\n||<", "\n|<", "`", "\n```", "---\n", "theme: a\n", "<card", "[f:id:"),
        *("外链图片转存失败(img-a)", "[外链图片转存中", '<img alt="', '"'),
    ]
)


@given(st.lists(_PIECES).map(" ".join))
def test_no_text_raises(source: str) -> None:
    """Incomplete and nested marks are rendered without an error."""
    for html in (True, False):
        rendered(source, html=html)
