"""Tags of Hexo's themes keep their words, and no other argument is shown."""

import pytest

from .helpers import BASE, html, resolved

IN_A_LINE = [
    ("next", "{% label primary@warm water %}", "<mark>warm water</mark>"),
    ("fluid", "{% label info @warm %}", "<mark>warm</mark>"),
    ("butterfly", "{% label warm blue %}", "<mark>warm</mark>"),
    ("anzhiyu", "{% label 'warm water' blue %}", "<mark>warm water</mark>"),
    ("butterfly", "{% label @me blue %}", "<mark>@me</mark>"),
    ("butterfly", "{% hideInline a leaf,Guess,#FF7242,#fff %}", "a leaf"),
    ("volantis", "{% u a_b_c %}", "<u>a_b_c</u>"),
    ("volantis", "{% emp very %}", "<em>very</em>"),
    ("volantis", "{% wavy odd %}", "<u>odd</u>"),
    ("volantis", "{% del old %}", "<del>old</del>"),
    ("volantis", "{% kbd * %}", "<kbd>*</kbd>"),
    ("stellar", "{% mark warm water color:red %}", "<mark>warm water</mark>"),
    ("stellar", "{% copy brew tea %}", "<code>brew tea</code>"),
    ("volantis", "{% span red, hot %}", "hot"),
    ("volantis", "{% span red::hot, not warm %}", "hot, not warm"),
    ("", '{% bubble oolong,"half black",#ec5830 %}', "oolong (half black)"),
    ("", "{% nota oolong ,half black %}", "oolong (half black)"),
    ("", "{% referto '1','Book of tea' %}", "<sup>[1]</sup> (Book of tea)"),
    ("stellar", "{% tip text:a leaf %}word{% endtip %}", "word (a leaf)"),
    ("stellar", "{% hashtag Tea https://a.b/t color:red %}", '<a href="https://a.b/t">#Tea</a>'),
    ("", "{% bdage Hexo,Frame,hexo||blue,https://hexo.io/,title %}",
     '<a href="https://hexo.io/">Frame Hexo</a>'),
]  # fmt: skip

LINKS = [
    ("next", "{% btn https://a.b/x.zip, Get it, download fa-lg fa-fw %}"),
    ("next", "{% button https://a.b/x.zip, Get it %}"),
    ("fluid", "{% btn https://a.b/x.zip, Get it, Its title %}"),
    ("butterfly", "{% btn 'https://a.b/x.zip',Get it,far fa-hand-point-right,blue larger %}"),
    ("volantis", "{% btn center large, Get it, https://a.b/x.zip, fas fa-download %}"),
    ("volantis", "{% btn Get it, https://a.b/x.zip %}"),
    ("", "{% cell Get it, https://a.b/x.zip, fas fa-download %}"),
    ("volantis", "{% link Get it, https://a.b/x.zip, https://a.b/i.png %}"),
    ("stellar", "{% link https://a.b/x.zip Get it desc:true %}"),
    ("next", "{% exturl Get it https://a.b/x.zip %}"),
    ("volantis", "{% pandown bd, https://a.b/x.zip, pwd1, Get it %}"),
]

ALONE = [
    ("stellar", "{% button color:red Get https://a.b/x icon:solar:x %}",
     '<p><a href="https://a.b/x">Get</a></p>'),
    ("volantis", "{% btn Nothing to get %}", "<p>Nothing to get</p>"),
    ("butterfly", "{% btn 'about/',About %}", f'<p><a href="{BASE}/about/">About</a></p>'),
    ("anzhiyu", "{% link Leaf,Shop,https://a.b/ %}",
     '<p><a href="https://a.b/">Leaf Shop</a></p>'),
    ("", "{% ghcard me/tea, theme=vue %}", '<p><a href="https://github.com/me/tea">me/tea</a></p>'),
    ("", "{% referfrom '1','Book','https://a.b/' %}", '<p>[1] <a href="https://a.b/">Book</a></p>'),
    ("", "{% p center logo large, Tea %}", "<p>Tea</p>"),
    ("", "{% progress 30 red half %}", "<p>half</p>"),
    ("stellar", "{% quot el:h2 Good leaves icon:x %}", "<p>Good leaves</p>"),
    ("volantis", "{% note warning, mind *this* %}", "<p>mind <em>this</em></p>"),
    ("stellar", "{% note color:red Mind this cup %}", "<p><strong>Mind</strong> this cup</p>"),
    ("", "{% checkbox just a box %}", "<p>☐ just a box</p>"),
    ("", "{% checkbox red checked, a *red* box %}", "<p>☑ a <em>red</em> box</p>"),
    ("", "{% radio checked, one %}", "<p>◉ one</p>"),
    ("fluid", "{% cb a box, true %}", "<p>☑ a box</p>"),
    ("fluid", "{% checkbox a box, false %}", "<p>☐ a box</p>"),
    ("stellar", "{% checkbox checked:true color:red a box %}", "<p>☑ a box</p>"),
    ("", "{% checkbox checked %} a box", "<p>☑ a box</p>"),
    ("", "a {% inlineImg /a.png 150px %} b", f'<p>a <img src="{BASE}/a.png" alt=""> b</p>'),
    ("", "{% inlineimage /a.png, height=20px %}", f'<img src="{BASE}/a.png" alt="">'),
    ("", "{% image /a.png, alt=A cup, width=400px, bg=#eee %}",
     f'<figure><img src="{BASE}/a.png" alt="A cup"><figcaption>A cup</figcaption></figure>'),
    ("stellar", "{% image /a.png A cup width:400px %}",
     f'<img src="{BASE}/a.png" alt="A cup" title="A cup">'),
    ("next", "{% image left /a.png 30 20 'A cup' 'of tea' %}",
     f'<img src="{BASE}/a.png" alt="of tea" title="A cup" width="30" height="20">'),
    ("", "{% frame phone | img=/a.png | alt=A cup %}", f'<img src="{BASE}/a.png" alt="A cup">'),
    ("", "{% galleryGroup 'Cups' 'All of them' '/cups/' /a.png %}",
     f'<p><img src="{BASE}/a.png" alt=""> <a href="{BASE}/cups/">Cups</a> All of them</p>'),
    ("", "{% site Tea, url=https://a.b/, screenshot=/a.png, description=Leaves %}",
     f'<p><img src="{BASE}/a.png" alt=""> <a href="https://a.b/">Tea</a> Leaves</p>'),
    ("stellar", "{% video bilibili:BV1xx %}",
     '<p><a href="https://www.bilibili.com/video/BV1xx">bilibili.com/video/BV1xx</a></p>'),
    ("", '{% dplayer "url=/a.mp4" "pic=/a.png" %}',
     f'<video controls="" src="{BASE}/a.mp4" poster="{BASE}/a.png"></video>'),
    ("", '{% aplayer "Rain" "Me" "/a.mp3" autoplay %}',
     f'<p>Rain – Me <audio controls="" src="{BASE}/a.mp3"></audio></p>'),
    ("", '{% meting "60198" "netease" "song" %}',
     '<p><a href="https://music.163.com/song?id=60198">music.163.com/song?id=60198</a></p>'),
    ("next", "{% pdf /a.pdf 500px %}", f'<p><a href="{BASE}/a.pdf">/a.pdf</a></p>'),
    ("next", "{% caniuse grid @ future_3 %}",
     '<p><a href="https://caniuse.com/grid">caniuse.com/grid</a></p>'),
    ("", "{% icon fas fa-mug %}", ""),
]  # fmt: skip

BOXES = [
    ("next", "{% note info %}\nsay\n{% endnote %}", "<blockquote><p>say</p></blockquote>"),
    ("next", "{% note primary Look here %}\nsay\n{% endnote %}",
     "<details><summary>Look here</summary><p>say</p></details>"),
    ("butterfly", "{% note blue 'fas fa-bullhorn' modern %}say{% endnote %}",
     "<blockquote><p>say</p></blockquote>"),
    ("butterfly", "{% note teal flat %}say{% endnote %}", "<blockquote><p>say</p></blockquote>"),
    ("fluid", "{% note success %}\nsay\n{% endnote %}", "<blockquote><p>say</p></blockquote>"),
    ("", "{% noteblock quote cyan, Look %}\nsay\n{% endnoteblock %}",
     "<blockquote><p><strong>Look</strong></p><p>say</p></blockquote>"),
    ("icarus", "{% message color:info 'icon:fas fa-x' 'title:*Look* here' size:small %}\nsay\n"
     "{% endmessage %}",
     "<blockquote><p><strong><em>Look</em> here</strong></p><p>say</p></blockquote>"),
    ("icarus", "{% tabs align:centered %}\n"
     "<!-- tab id:a 'icon:fab fa-x' 'title:Look here' active -->\nsay\n"
     "<!-- endtab -->\n{% endtabs %}", "<p><strong>Look here</strong></p><p>say</p>"),
    ("", "{% box Code of tea %}\nsay\n{% endbox %}",
     "<blockquote><p><strong>Code of tea</strong></p><p>say</p></blockquote>"),
    ("next", "{% note fas fa-mug Favourites %}\nsay\n{% endnote %}",
     "<details><summary>Favourites</summary><p>say</p></details>"),
    ("next", "{% note famous last words %}\nsay\n{% endnote %}",
     "<details><summary>famous last words</summary><p>say</p></details>"),
    ("", "{% alert danger %}\nsay\n{% endalert %}", "<blockquote><p>say</p></blockquote>"),
    ("", "{% tip warning faa-horizontal %}say{% endtip %}", "<blockquote><p>say</p></blockquote>"),
    ("fluid", "{% fold info @Look %}\nsay\n{% endfold %}",
     "<details><summary>Look</summary><p>say</p></details>"),
    ("", "{% folding cyan open, Look %}\nsay\n{% endfolding %}",
     "<details><summary>Look</summary><p>say</p></details>"),
    ("stellar", "{% folding color:yellow Look here %}\nsay\n{% endfolding %}",
     "<details><summary>Look here</summary><p>say</p></details>"),
    ("butterfly", "{% hideToggle Look,#fff %}\nsay\n{% endhideToggle %}",
     "<details><summary>Look</summary><p>say</p></details>"),
    ("butterfly", "{% hideBlock Look %}\nsay\n{% endhideBlock %}",
     "<details><summary>Look</summary><p>say</p></details>"),
    ("next", "{% cq %}\nsay\n{% endcq %}", "<blockquote><p>say</p></blockquote>"),
    ("next", "{% tabs T, 1 %}\n<!-- tab One@fas fa-x -->\nsay\n<!-- endtab -->\n{% endtabs %}",
     "<p><strong>One</strong></p><p>say</p>"),
    ("next", "{% subtabs T, 1 %}\n<!-- tab One -->\nsay\n<!-- endtab -->\n{% endsubtabs %}",
     "<p><strong>One</strong></p><p>say</p>"),
    ("butterfly", "{% timeline 2024,blue %}\n<!-- timeline May -->\nsay\n<!-- endtimeline -->\n"
     "{% endtimeline %}",
     "<p><strong>2024</strong></p><p><strong>May</strong></p><p>say</p>"),
    ("volantis", "{% timeline %}\n{% timenode May 1 %}\nsay\n{% endtimenode %}\n{% endtimeline %}",
     "<p><strong>May 1</strong></p><p>say</p>"),
    ("stellar", "{% timeline %}\n<!-- node May -->\nsay\n{% endtimeline %}",
     "<p><strong>May</strong></p><p>say</p>"),
    ("stellar", "{% folders %}\n<!-- folder May -->\nsay\n{% endfolders %}",
     "<p><strong>May</strong></p><p>say</p>"),
    ("stellar", "{% grid bg:box %}\n<!-- cell -->\nsay\n<!-- cell -->\nmore\n{% endgrid %}",
     "<p>say</p><p>more</p>"),
    ("", "{% poem Rain,Me %}\nsay\n{% endpoem %}",
     "<blockquote><p>Rain</p><p>Me</p><p>say</p></blockquote>"),
    ("stellar", "{% poetry Rain author:Me footer:end %}\nsay\n{% endpoetry %}",
     "<blockquote><p>Rain</p><p>Me</p><p>say</p><p>end</p></blockquote>"),
    ("", "{% linkgroup %}\n{% link A, https://a.b/ %}\n{% link C, https://c.d/ %}\n"
     "{% endlinkgroup %}",
     '<p><a href="https://a.b/">A</a></p><p><a href="https://c.d/">C</a></p>'),
    ("butterfly", "{% flink %}\n- class_name: Shops\n  class_desc: good ones\n  link_list:\n"
     "    - name: Tea\n      link: https://a.b/\n      avatar: /i.png\n      descr: fresh\n"
     "{% endflink %}",
     "<p><strong>Shops</strong></p><p><strong>good ones</strong></p>"
     '<ul><li><a href="https://a.b/">Tea</a> fresh</li></ul>'),
    ("shokax", "{% links %}\n- site: Tea\n  owner: Ada\n  url: https://a.b/\n  desc: fresh\n"
     "  image: /i.png\n{% endlinks %}",
     '<ul><li><a href="https://a.b/">Tea</a> fresh</li></ul>'),
    ("shokax", "{% media audio %}\n- title: Songs\n  list:\n    - https://a.b/1\n"
     "    - name: Rain\n      url: https://a.b/2\n      artist: Ada\n{% endmedia %}",
     '<p><strong>Songs</strong></p><ul><li><a href="https://a.b/1">a.b/1</a></li>'
     '<li><a href="https://a.b/2">Rain</a> Ada</li></ul>'),
    ("redefine", "{% notel blue fa-info Look %}\nsay\n{% endnotel %}",
     "<blockquote><p><strong>Look</strong></p><p>say</p></blockquote>"),
    ("keep", "{% btn https://a.b/, Tea %}{% endbtn %}", '<p><a href="https://a.b/">Tea</a></p>'),
    ("next", "{% lg %}\nTea | https://a.b/ | fresh | /i.png\n%no|https://c.d/\n{% endlg %}",
     '<ul><li><a href="https://a.b/">Tea</a> fresh</li></ul>'),
    ("", "{% gallery true,220,10 %}\n![cup](/a.png)\n{% endgallery %}",
     f'<p><img src="{BASE}/a.png" alt="cup"></p>'),
    ("butterfly", "{% gallery url,/a.json %}{% endgallery %}", ""),
    ("next", "{% gp 2-1 %}\n![](/a.png)\n{% endgp %}", f'<p><img src="{BASE}/a.png" alt=""></p>'),
    ("butterfly", "{% score %}\n{\"a\": 1}\n------\nX:1\n{% endscore %}",
     '<pre><code class="language-abc">X:1</code></pre>'),
    ("butterfly", "{% chartjs 50 %}\n<!-- chart -->\n{type: 'line'}\n<!-- endchart -->\n"
     "<!-- desc -->\nsay\n<!-- enddesc -->\n{% endchartjs %}", "<p>say</p>"),
    ("stellar", "{% chat x %}\nme:\n  name: Me\n<!-- chattip noon -->\n"
     "<!-- chatcell user:me md:hi -->\n{% endchat %}",
     "<p>noon</p><p><strong>me</strong>: hi</p>"),
    ("volantis", "{% menu Choose %}\n{% menuitem Tea, https://a.b/, fas fa-x %}\n{% endmenu %}",
     '<p><strong>Choose</strong></p><ul><li><a href="https://a.b/">Tea</a></li></ul>'),
    ("", '{% aplayerlrc "Rain" "Me" "/a.mp3" %}\n[00:01.00]drip\n[00:02.00]drop\n'
     "{% endaplayerlrc %}",
     f'<p>Rain – Me <audio controls="" src="{BASE}/a.mp3"></audio></p><p>drip<br>drop</p>'),
]  # fmt: skip


def shown(body: str, theme: str) -> str:
    return html(body, "hexo", site={"theme": theme}).replace("\n", "")


@pytest.mark.parametrize(("theme", "tag", "words"), IN_A_LINE)
def test_a_tag_in_a_line_shows_its_words(theme: str, tag: str, words: str) -> None:
    """The words stay in their line; colours, icons and classes are not shown."""
    assert shown(f"before {tag} after", theme) == f"<p>before {words} after</p>"


@pytest.mark.parametrize(("theme", "tag"), LINKS)
def test_a_button_is_a_link_with_its_words(theme: str, tag: str) -> None:
    """Each theme has its own order of words and address."""
    assert '<a href="https://a.b/x.zip">Get it</a>' in shown(tag, theme)


@pytest.mark.parametrize(("theme", "tag", "expected"), ALONE)
def test_a_tag_on_its_own_line(theme: str, tag: str, expected: str) -> None:
    """A tag that the theme shows as a block becomes a paragraph."""
    assert shown(tag, theme) == expected
    assert resolved(tag, "hexo").unknown == ()


@pytest.mark.parametrize(("theme", "body", "expected"), BOXES)
def test_a_tag_around_text(theme: str, body: str, expected: str) -> None:
    """A pair keeps its text and the author's title; no title is invented."""
    assert shown(body, theme) == expected
    assert resolved(body, "hexo").unknown == ()


def test_a_password_is_withheld() -> None:
    """`psw` is for text that not everybody may read."""
    assert shown("a{% psw open sesame %} b", "volantis") == "<p>a b</p>"


def test_boxes_on_lines_of_their_own_do_not_run_together() -> None:
    """A list of boxes stays a list."""
    body = "{% checkbox checked, one %}\n{% checkbox two %}\nand text"
    assert shown(body, "") == "<p>☑ one</p><p>☐ two</p><p>and text</p>"


def test_words_of_a_tag_that_is_indented_are_no_code() -> None:
    """Pairs and their text are often indented."""
    body = (
        "{% timeline %}\n    {% timenode May %}\n\n    say\n\n    more\n    {% endtimenode %}\n"
        "{% endtimeline %}"
    )
    assert shown(body, "") == "<p><strong>May</strong></p><p>say</p><p>more</p>"


@pytest.mark.parametrize(
    "body", ["{% icon x %}    say", "{% lattice %}\n    say", "{% icon x %}{% icon y %}\t\tsay"]
)
def test_a_tag_that_shows_nothing_leaves_no_indentation(body: str) -> None:
    """Text after or below a tag does not become code."""
    assert shown(body, "") == "<p>say</p>"


def test_lists_below_a_dropped_tag_keep_their_depth() -> None:
    """Indentation of list items stays."""
    assert shown("- a {% icon x %}\n    - b\n", "") == "<ul><li>a<ul><li>b</li></ul></li></ul>"


def test_marks_in_indented_code_outside_of_pairs_are_text() -> None:
    """A post about tags may show tags in code."""
    assert "{% label a@b %}" in shown("See:\n\n    {% label a@b %}\n", "next")


def test_what_only_looks_like_a_mark_in_an_indented_pair_loses_no_words() -> None:
    """A brace without an end is text, and the text after it stays."""
    body = "{% timenode May %}\n\n    a {{ b\n\n    c\n{% endtimenode %}\n"
    found = shown(body, "")
    assert all(word in found for word in ("May", "a {{ b", "c"))


def test_the_first_line_of_a_diagram_may_stand_in_its_tag() -> None:
    """NexT shows the arguments of `mermaid` above the text; Butterfly uses them as settings."""
    body = "{% mermaid graph TD %}\nA-->B\n{% endmermaid %}"
    assert shown(body, "next") == (
        '<pre><code class="language-mermaid">graph TDA--&gt;B</code></pre>'
    )
    body = '{% mermaid {"theme":"dark"} %}\ngraph TD\n{% endmermaid %}'
    assert shown(body, "butterfly") == ('<pre><code class="language-mermaid">graph TD</code></pre>')


@pytest.mark.parametrize("theme", ["next", "butterfly", "fluid", ""])
def test_a_note_that_nothing_closes_shows_none_of_its_looks(theme: str) -> None:
    """Arguments are not text, also in a tag with a mistake."""
    assert shown("{% note info %}\nsay", theme) == "<p>say</p>"


def test_a_list_of_songs_keeps_their_names() -> None:
    """The JSON list of songs is in the post."""
    body = (
        '{% aplayerlist %}\n{"mode": "random", "music": [{"title": "Rain", "author": "Ada",'
        ' "url": "/a.mp3", "pic": "/a.png"}]}\n{% endaplayerlist %}'
    )
    expected = f'<p>Rain – Ada <audio controls="" src="{BASE}/a.mp3"></audio></p>'
    assert shown(body, "") == expected
