"""Read-more markers are found in every spelling, but not in code."""

import pytest

from syndicate.content.read_more import MORE, mark_more

SPELLINGS = [
    "<!--more-->",
    "<!-- more -->",
    "<!--More-->",
    "<!-- truncate -->",
    "{/* truncate */}",
    "<!-- break -->",
    "<!--end-->",
    "<!-- excerpt -->",
    "<!-- more read the rest -->",
    "<!-- PELICAN_END_SUMMARY -->",
]


@pytest.mark.parametrize("mark", SPELLINGS)
def test_finds_the_mark(mark: str) -> None:
    """Each spelling is replaced by the standard marker."""
    assert mark_more(f"a\n\n{mark}\n\nb") == f"a\n\n{MORE}\n\nb"


@pytest.mark.parametrize(
    "body",
    [
        "a\n\nb",
        "```\n<!--more-->\n```\nb",
        "~~~html\n<!--more-->\n~~~",
        "the `<!--more-->` mark",
        "a<!--listend-->b",
        "<!-- endtoc -->",
        "<pre>\n<!--more-->\n</pre>",
    ],
)
def test_finds_no_mark(body: str) -> None:
    """Code, other comments and bodies without a marker stay unchanged."""
    assert mark_more(body) == body


@pytest.mark.parametrize(
    ("separator", "mark"), [("<!-- cut -->", MORE), ("\n\n", "<!-- cut -->"), ("", "<!-- cut -->")]
)
def test_the_sites_own_separator(separator: str, mark: str) -> None:
    """A site's own marker counts unless it is only line ends."""
    assert mark_more("a\n<!-- cut -->\n\nb", separator) == f"a\n{mark}\n\nb"
