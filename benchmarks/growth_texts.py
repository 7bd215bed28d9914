"""Adversarial texts: what somebody could write to make a parser slow, at any length.

Each is a function of the length wanted. Atoms are the marks of every language that a post, a
setting or a peer may be written in; the forms repeat an atom, open it and close it much later,
number it, or put it between plain text.
"""

from collections.abc import Callable, Iterator

__all__ = ["Text", "texts"]

Text = Callable[[int], str]
"""Makes a text of about that many characters."""

_HTML = (
    *("<b>", "<p>", "<div>", "</div>", "<a href=x>", "<table><tr><td>", "<li>", "<ul><li>"),
    *("<svg>", "<math>", "<select>", "<template>", "<noscript>", "<iframe>", "<object>", "<pre>"),
    *("<script>", "<style>", "<textarea>", "<!--", "<!-", "<![CDATA[", "<?", "<!doctype ", "<a "),
    *("<a b=", '<a b="', "<img src=x srcset='a 1x,", "<img src=x>", "<h1>", "<form>", "<video>"),
    *("<p style='display:none'>", "<input type=checkbox>", "<span dir=rtl>", "<x-y>", "</a", "<"),
    *("<p><br></p>", "<p>&nbsp;</p>", "<p> <b> ", "&", "&amp;", "&#0;", "&nbsp;", "\u00a0"),
    *("<a href=#x id=x>", "<a name=x>", "<font>", "<ruby><rt>", "<dl><dd>", "<details>", "<td>"),
)
_MARKDOWN = (
    *("[", "![", "[](", "[a](", "[a][", "[a]: b\n", "[^a]", "[^a]: b\n", "[^a]: b\n\n", "]("),
    *("*", "**", "*a", "a*", "**a", "_a_", "~~", "`", "``", "`a", "\\`", "- ", "- - ", "1. "),
    *("> ", ">", "    a\n", "|", "|a", "a|b\n-|-\n", "# a\n", "===\n", "---\n", "```\n", "~~~\n"),
    *("$", "$$", "$$a$$", "{:", "{:a}", "{: .a}\n", "{::comment}", "{:/}", "*[a]: b\n", "\n: a"),
    *(":::", "::: a\n", "!!! a\n", "http://a.", "http://a(", "www.", "www.a-", "a@b.c", "://"),
    *("++", "++a", "==", "^^", "^a", "~a", "??? ", '??? a "', '=== "', "]^(", "[a]^(b", "[a]/[b"),
    *("{.a b=c\n", "  ```a\n", "1/2", "-->", "(c)"),
    *("<div markdown=1>\n", "\n\n", "\n", " ", "\t", "\n ", "- a\n\n  ", "a\n---\n", "<a\n"),
)
_TEMPLATES = (
    *("{{", "{{ a }}", '{{ "a" | upcase }}', "{%", "{% a %}", "{% if a %}", "{% endif %}"),
    *("{% for i in (1..9) %}{{i}}", "{% raw %}", "{% comment %}", "{% include a %}", "{#"),
    *("{% include a b=", "{% highlight a %}", "{% capture a %}", "{% assign a = a | append: a %}"),
    *("{{<", "{{< a", "{{< a >}}", "{{% a %}}", "{{< /a >}}", '{{< a "', "{{</* ", "{filename}"),
    *("|filename|", "![x]({filename}", "(b.md)", "[a](b.md)", "{", "{`", "{/*", "{//", "}", "<A"),
    *(
        "<A>",
        "</A>",
        "<A ",
        "<A b={",
        '<A b="',
        "<>",
        "</>",
        "<a className=",
        "import ",
        "import {",
    ),
    *(
        'import a from "b"\n',
        "export ",
        "export const a = {\n",
        "{% set a = ",
        "{% call a(",
        "{# a #}",
    ),
)
_DATA = (
    *("a: b\n", "a: ", "a:", "a: &a b\n", "a: *a\n", "- a\n", "[a, ", "{a: ", "{a: {", "? ", "!!"),
    *(
        "|\n",
        ">\n",
        "a.",
        "a.b.",
        "[a]\n",
        "[[a]]\n",
        "[a.",
        "a={",
        "a=[",
        "a = 1\n",
        "x = {a.",
        '"',
    ),
    *(
        "'",
        '"""',
        "'''",
        '"a',
        '\\"',
        "=",
        '{"a":',
        "[1,",
        '"a",',
        "\\u0000",
        "[[",
        "\t- ",
        "a=1\n",
    ),
    *(
        "tags: [@a, ",
        "title:a\n",
        " title: a\n",
        'x: "a\n',
        "x: @a\n",
        "a = a + a\n",
        "(",
        "f(",
        "0",
    ),
    *(
        "a = [a, a]\n",
        "a += 'a'\n",
        "-",
        "not ",
        "lambda:",
        "a[",
        "9",
        "0x",
        "1e",
        "#",
        "\\",
        "//",
        "/*",
    ),
)
_WORDS = (
    *(
        ",",
        "，",
        " and ",
        "a b and ",
        "by ",
        "(",
        "a (",
        "<a@b.c>",
        "a@",
        "@",
        "2024-01-01 ",
        "/",
        "./",
    ),
    *(
        "../",
        ";",
        "; ",
        "a",
        "a ",
        "aB",
        "a-",
        "a.b.",
        "%",
        "%7B",
        "?a",
        "?utm_source=a&",
        "^",
        "++",
    ),
    *(
        "\x00",
        "\ufeff",
        "\u200b",
        "\u3000",
        "\u0301",
        "a\u0301",
        "\u1100",
        "\U0001f469\u200d",
        "茶",
    ),
    *(
        "。",
        "“",
        "\ud83d",
        "\r\n",
        "q=1,",
        "q=1;",
        '"a", ',
        "W/",
        "bytes=1-,",
        "*",
        "*a",
        "**/",
        "{a,",
    ),
)
_RST = (
    *(
        "`a`_ ",
        "`a",
        "|a| ",
        "*a* ",
        "``a`` ",
        "a_ ",
        "a__ ",
        "[a]_ ",
        ".. _a:\n",
        "__ a\n",
        ":a:`",
    ),
    *(
        ".. |a| replace:: a\n",
        "\n   ",
        "=\na\n=\n",
        "a\n=\n",
        "+-+\n",
        "+-+\n| |\n",
        "== ==\n",
        ":a: b\n",
    ),
    *(
        ".. a::\n",
        ".. code::\n\n   a\n",
        ".. raw:: html\n\n   <b>\n",
        "* - ",
        "| ",
        ">>> a\n",
        "-a  b\n",
    ),
    *(".. [#] a\n", "[#]_ ", "a::\n", ".. class:: a\n", ".. contents::\n", "  a\n\n", "\\ "),
)
_XML = (
    *(
        "<entry>",
        "<entry><id>a</id></entry>",
        "<a:b xmlns:a='",
        '<a xmlns="b">',
        '<link href="a"/>',
    ),
    *(
        '<category term="a"/>',
        '<content type="xhtml">',
        "&a;",
        '{"id":"a"},',
        "<title>",
        "</title ",
    ),
    *("<meta ", "<link a=", "<base href=", "<item>", "<script ", "</script"),
)
_ATOMS = dict.fromkeys((*_HTML, *_MARKDOWN, *_TEMPLATES, *_DATA, *_WORDS, *_RST, *_XML))

_PAIRS = (
    *(("<b>", "</b>"), ("<div>", "</div>"), ("[", "](a)"), ("(", ")"), ("*", "_"), ("{", "}")),
    *(("{% if a %}", "{% endif %}"), ("{{< a >}}", "{{< /a >}}"), ("<A>", "</A>"), ("[", "]")),
    *(("<a ", ">"), ("`", "``"), ("{%", "%}"), ("{{", "}}"), ("::: a\n", ":::\n"), ("> ", "\n")),
    *(("[^a]", "\n\n[^a]: b"), ("<p>", "a <"), ("\u00a0", "<b>"), ('"', "'"), ("<!--", "-->")),
)
"""An opening many times, then the closing as often."""

_NUMBERED = (
    *("[^{0}] ", "[^{0}]: b\n\n", "[^{0}]\n\n[^{0}]: b\n\n", "[{0}]: b\n", "[{0}] ", "<i{0}>"),
    *(
        "<a href='#{0}' id='{0}'>",
        "<a a{0}=1 ",
        "<img a{0}=1>",
        "a{0}: b\n",
        "a{0} = 1\n",
        "[a{0}]\n",
    ),
    *(
        "a.a{0} = 1\n",
        "[[a.b{0}]]\n",
        "a{0}: &a{0} b\n",
        "- &a{0} *a\n",
        "{{% a{0} %}}",
        "{{{{< a{0} >}}}}",
    ),
    *(
        "<A{0}>",
        "{{{{ a{0} }}}}",
        "a{0} = [a, a]\n",
        "`a{0}`_ ",
        ".. _a{0}:\n\n",
        "a{0}_ ",
        "|a{0}| ",
    ),
    *(
        "a{0}\n====\n\n",
        ".. |a{0}| replace:: b\n\n",
        ".. [{0}] b\n\n",
        "a{0}, ",
        "a b{0} and ",
        "# a{0}\n",
    ),
    *(
        "*[a{0}]: b\n",
        '{{"id":"{0}"}},',
        "<entry><id>{0}</id></entry>",
        ":a{0}: b\n",
        "<h1 id=a{0}>a</h1>",
    ),
    *(
        ".. [#] {0}\n\n",
        "{{% include a{0} %}}",
        "import a{0} from 'b'\n",
        "[a](b{0}.md) ",
        "[#a{0}]_ ",
    ),
)
"""Each time with another number."""


def texts(*, short: bool = False) -> Iterator[tuple[str, Text]]:
    """The texts by name. `short`: half of them, each atom and each pair once."""
    for atom in _ATOMS:
        yield repr(atom), _repeated("", atom, "")
        if not short:
            yield f"a {atom!r} b", _repeated("a", atom, "\nb")
    for opening, closing in _PAIRS:
        yield f"{opening!r} then {closing!r}", _opened(opening, closing)
    for form in _NUMBERED:
        yield f"{form!r} counted", _counted(form)
    yield "a YAML list of aliases", _aliases
    yield "doubled aliases", _doubled


def _repeated(before: str, atom: str, after: str) -> Text:
    return lambda size: before + atom * max(1, size // len(atom)) + after


def _opened(opening: str, closing: str) -> Text:
    each = len(opening) + len(closing)
    return lambda size: opening * (size // each) + "a" + closing * (size // each)


def _counted(form: str) -> Text:
    def text(size: int) -> str:
        found, length, number = [], 0, 0
        while length < size:
            found.append(form.format(number))
            length += len(found[-1])
            number += 1
        return "".join(found)

    return text


def _aliases(size: int) -> str:
    return f"a: &a {'a@' * (size // 4)}\nauthor: [{'*a, ' * (size // 8)}]\n"


def _doubled(size: int) -> str:
    lines = [
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}' if n else 'x'] * 9)}]" for n in range(size // 60)
    ]
    return "\n".join(lines) + "\n"
