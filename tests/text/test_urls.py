"""Addresses come out absolute, encoded once, and harmless."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.text.urls import SCHEMES, absolute, encoded

PAGE = "https://example.org/blog/2024/05/01/hello/"
BASE = "https://example.org/blog"

CASES = [
    ("https://other.org/a/b.png", "https://other.org/a/b.png"),
    ("https://other.org", "https://other.org"),
    ("//cdn.org/x.js", "https://cdn.org/x.js"),
    ("/img/a.png", "https://example.org/blog/img/a.png"),
    ("/blog/img/a.png", "https://example.org/blog/img/a.png"),
    ("/blogger/a.png", "https://example.org/blog/blogger/a.png"),
    ("/blog", "https://example.org/blog"),
    ("/blog?page=2", "https://example.org/blog?page=2"),
    ("/", "https://example.org/blog/"),
    ("a.png", "https://example.org/blog/2024/05/01/hello/a.png"),
    ("./a.png", "https://example.org/blog/2024/05/01/hello/a.png"),
    ("../a.png", "https://example.org/blog/2024/05/01/a.png"),
    ("#part", PAGE + "#part"),
    ("?q=1", PAGE + "?q=1"),
    ("/图/一 二.png", "https://example.org/blog/%E5%9B%BE/%E4%B8%80%20%E4%BA%8C.png"),
    ("/%E5%9B%BE.png", "https://example.org/blog/%E5%9B%BE.png"),
    ("https://a.org/100% sure", "https://a.org/100%25%20sure"),
    ("https://a.org/x?q=[1]|2", "https://a.org/x?q=%5B1%5D%7C2"),
    ("https://a.org/x#a#b", "https://a.org/x#a%23b"),
    ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
    ("https://[2001:db8::1]/x", "https://[2001:db8::1]/x"),
    ("images\\a.png", "https://example.org/blog/2024/05/01/hello/images/a.png"),
    ("  https://a.org/x\n", "https://a.org/x"),
    ("https://a.org/x\ny", "https://a.org/xy"),
    ("http:/a.org/x", "http://a.org/x"),
    ("HTTPS://a.org/x", "https://a.org/x"),
    ("mailto:me@a.org", "mailto:me@a.org"),
    ("tel:+123", "tel:+123"),
    ("javascript:alert(1)", ""),
    ("java\nscript:alert(1)", ""),
    ("JavaScript:alert(1)", ""),
    ("\x01javascript:alert(1)", ""),
    ("vbscript:x", ""),
    ("data:text/html,x", ""),
    ("file:///etc/passwd", ""),
    ("https://[bad/x", ""),
    ("https://", ""),
    ("//", ""),
    ("", ""),
    ("   ", ""),
]


@pytest.mark.parametrize(("address", "expected"), CASES)
def test_absolute(address: str, expected: str) -> None:
    """Each shape of address becomes the one that a browser on the post's page would use."""
    assert absolute(address, PAGE, BASE) == expected


def test_no_base_path() -> None:
    """On a site at the root of its host, root-relative addresses stay as they are."""
    assert absolute("/a", "https://e.org/p/", "https://e.org") == "https://e.org/a"


def test_base_path_in_another_script() -> None:
    """A base path is recognised whether the address writes it encoded or not."""
    base = "https://e.org/%E5%9B%BE"
    assert absolute("/图/a", base + "/p/", base) == "https://e.org/%E5%9B%BE/a"


@given(st.text())
def test_any_text_gives_a_safe_address_or_nothing(address: str) -> None:
    """Whatever comes in, ASCII with a known scheme comes out, or nothing; twice is as once."""
    found = absolute(address, PAGE, BASE)
    assert found == "" or found.partition(":")[0].lower() in SCHEMES
    assert found.isascii()
    assert not set(found) & set(' \t\r\n<>"\\^`{|}')
    assert absolute(found, PAGE, BASE) == found


@given(st.text())
def test_encoding_twice_is_encoding_once(address: str) -> None:
    """What is encoded already stays as it is."""
    assert encoded(encoded(address)) == encoded(address)
