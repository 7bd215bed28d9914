import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from syndicate.text.characters import one_line, xml_legal


@given(st.text(st.characters()))
def test_any_text_becomes_fit_for_xml(text: str) -> None:
    """lxml, which refuses what XML forbids, takes every character that is left."""
    element = etree.Element("a")
    element.text = xml_legal(text)


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1f", "\ufffe", "\uffff", "\ud800"])
def test_forbidden_character_is_left_out(character: str) -> None:
    """What XML 1.0 has no way to write is gone, and its neighbours stay."""
    assert xml_legal(f"a{character}b") == "ab"


@pytest.mark.parametrize("character", ["\t", "\n", "\x85", "\xa0", "茶", "🫖", "\u200b"])
def test_other_character_stays(character: str) -> None:
    """All that XML can write is kept."""
    assert xml_legal(f"a{character}b") == f"a{character}b"


def test_line_ends_and_spaces_become_one_space() -> None:
    """A title is one line, whatever the front matter did to it."""
    assert one_line("  green\r\n\t tea\u2028 leaves ") == "green tea leaves"


def test_spaces_typed_on_purpose_stay() -> None:
    """A no-break space between a number and its unit is the author's."""
    assert one_line("5\xa0g\u3000茶") == "5\xa0g\u3000茶"


@given(st.text(st.sampled_from("ab \t\n\r\f\v\x85\u2028\xa0\u3000"), max_size=12))
def test_every_run_of_spaces_is_one_space(text: str) -> None:
    """Spaces and line ends in any order count as one; those typed on purpose stay."""
    expected = re.sub("[ \t\n\r\x85\u2028\u2029]+", " ", re.sub("[\f\v]", "", text)).strip(" ")
    assert one_line(text) == expected
