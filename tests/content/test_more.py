"""More-marks are found in every spelling, and not in code."""

import pytest

from syndicate.content.more import split_at_more

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
    """What stands before the mark is the lead."""
    assert split_at_more(f"a\n\n{mark}\n\nb") == "a\n\n"


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
    """Code, other comments and bodies without a mark have no lead."""
    assert split_at_more(body) is None


@pytest.mark.parametrize(
    ("separator", "lead"), [("<!-- cut -->", "a\n"), ("\n\n", None), ("", None)]
)
def test_the_sites_own_separator(separator: str, lead: str | None) -> None:
    """A site's own mark counts unless it is nothing but line ends."""
    assert split_at_more("a\n<!-- cut -->\n\nb", separator) == lead
