"""Lines put into pages as they are found in the wild, and not a byte changed besides."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.pages.html_head import END, START, NotAPage, with_links

AT = "https://example.org/blog/a/"
FEED = "https://example.org/blog/atom.xml"
LINE = f'<link rel="alternate" title="云" href="{FEED}">'
LINKS = {FEED: LINE}
ASCII_LINE = b'<link rel="alternate" title="&#20113;" href="https://example.org/blog/atom.xml">'


def linked(page: bytes, links: dict[str, str] = LINKS) -> bytes:
    return with_links(page, links, address=AT)


def test_lines_go_before_the_end_of_the_head_on_lines_of_their_own() -> None:
    """The end tag keeps its place and its indentation."""
    page = b"<!doctype html>\n<html>\n  <head>\n    <title>x</title>\n  </head>\n<body>"
    block = START + b"\n" + ASCII_LINE + b"\n" + END + b"\n"
    assert linked(page) == page.replace(b"  </head>", block + b"  </head>")


def test_crlf_stays_crlf() -> None:
    """Our lines end as the page's do."""
    page = b"<!doctype html>\r\n<head>\r\n</head>\r\n"
    done = linked(page)
    assert done.count(b"\n") == done.count(b"\r\n") == 6


def test_a_page_on_one_line_stays_on_one_line() -> None:
    """A minified page gets no line end."""
    page = b"<!doctype html><html lang=en><head><title>x</title></head><body>"
    assert linked(page) == page.replace(b"</head>", START + ASCII_LINE + END + b"</head>")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"<!doctype html><meta charset=utf-8><title>x</title>", b"<body class=y><p>"),
        (b"<!DOCTYPE HTML><html><title>x</title>", b"<p>y"),
        (b"<!doctype html><title>x</title>", b"words"),
        (b"<!doctype html><title>x</title>", b"</html>"),
        (b"<!doctype html><title>x</title>", b""),
        (b"\xef\xbb\xbf<html><head>", b"</HEAD ><body>"),
        (b'<html><head><meta content="a > b </head>">', b"</head>"),
        (b"<html><head><!-- </head> --><!--> <meta>", b"</head>"),
        (b"<html><head><script>'</head>'</script>", b"</head>"),
        (b"<html><head><style>/*</head>*/</style>", b"</head>"),
        (b"<html><head><noscript><link rel=x></noscript><template></head></template>", b"</head>"),
        (b"<html><head><!--[if IE]><body><![endif]--><![endif]>", b"</head>"),
        (b"<?xml version='1.0'?><html><head><script src='x'/>", b"</head>"),
    ],
)
def test_the_end_of_a_head_is_found_as_browsers_find_it(before: bytes, after: bytes) -> None:
    """Left-out tags, upper case, comments, scripts and attributes do not mislead."""
    done = linked(before + after)
    assert done.startswith(before + START)
    assert done.endswith(END + after)


def test_twice_is_as_good_as_once() -> None:
    """The second time nothing changes."""
    once = linked(b"<html>\n<head>\n</head>\n")
    assert linked(once) == once


def test_lines_that_changed_replace_those_of_before() -> None:
    """No old line stays."""
    page = b"<html>\n<head>\n</head>\n"
    once = linked(page, {"https://example.org/old.xml": "<link old>"})
    assert linked(once) == linked(page)


def test_without_lines_the_page_is_as_it_was_before_them() -> None:
    """Taking out is the reverse of putting in."""
    for page in (b"<html>\n<head>\n</head>\n", b"<html><head></head>", b"<html>\n<head>x</head>"):
        assert linked(linked(page), {}) == page


@pytest.mark.parametrize(
    "own",
    [
        f'<link rel="alternate" href="{FEED}">',
        "<LINK HREF=/blog/atom.xml REL='Alternate' type=application/atom+xml>",
        "<base href='https://example.org/blog/'><link href=&#97;tom.xml rel='feed alternate'>",
    ],
)
def test_a_page_that_links_the_feed_itself_is_left_alone(own: str) -> None:
    """However it spells the address."""
    page = b"<html><head>" + own.encode() + b"</head>"
    assert linked(page) == page


def test_a_link_of_another_kind_does_not_count() -> None:
    """A style sheet at the feed's address offers no feed."""
    page = f'<html><head><link rel="stylesheet" href="{FEED}"></head>'.encode()
    assert linked(page) != page


def test_a_utf_8_page_holds_the_title_as_it_is_written() -> None:
    """No references where the page tells its encoding by its letters."""
    page = "<html><head><title>雾</title></head>".encode()
    assert LINE.encode() in linked(page)


@pytest.mark.parametrize("encoding", ["gbk", "shift_jis", "big5", "euc-jp"])
def test_a_page_in_another_encoding_keeps_it(encoding: str) -> None:
    """Our letters come as references, the page's own bytes stay."""
    page = "<html><head><title>表示雾能".encode(encoding, "ignore") + b"</title></head>"
    assert linked(page) == page.replace(b"</head>", START + ASCII_LINE + END + b"</head>")


def test_xhtml_gets_closed_elements() -> None:
    """An XML parser still reads the page."""
    page = b"<?xml version='1.0'?><html><head></head>"
    assert b'atom.xml" />' in linked(page)


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (b"<p>a part</p>", "neither <html> nor <head>"),
        (b"", "neither <html> nor <head>"),
        ("<html><head></head>".encode("utf-16"), "UTF-16"),
        ("<html><head><title>表".encode("iso2022_jp"), "ISO-2022"),
        (b"<html><head><!-- x", "comment without an end"),
        (b"<html><head><script>x", "<script> without an end"),
        (b"<html><head>" + START + b"</head>", "without"),
    ],
)
def test_what_is_not_understood_is_left_alone(page: bytes, why: str) -> None:
    """With the reason."""
    with pytest.raises(NotAPage, match=why):
        linked(page)


PIECES = [b"<!doctype html>", b"<html>", b"<head>", b"</head>", b"<body>", b"<title>x</title>",
          b"<meta a='>'>", b"<!--", b"-->", b"<script>", b"</script>", b"\n", b"\r\n", b" ", b"x",
          b"<", b">", b'"', b"\xff", b"</", START, END, ASCII_LINE,
          b"<link rel=alternate href=/x>"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join))
def test_any_page_keeps_its_bytes(page: bytes) -> None:
    """Without our block, the page is what it was; a second time changes nothing."""
    try:
        once = linked(page)
    except NotAPage:
        return
    if START not in page and once != page:
        head, _, rest = once.partition(START)
        tail = rest.partition(END)[2]
        assert page in (
            head + tail,
            head + tail.removeprefix(b"\n"),
            head + tail.removeprefix(b"\r\n"),
        )
    assert linked(once) == once


def test_a_page_of_many_quotes_and_angles_takes_no_long_time() -> None:
    """The reading is linear: 1 MB of what makes others slow."""
    for piece in (b"<a ", b"'", b'="', b"<!", b"<!--x", b"<link "):
        page = b"<html><head>" + piece * 300_000
        with contextlib.suppress(NotAPage):
            linked(page)


def test_a_base_that_cannot_be_read_counts_as_none() -> None:
    """As browsers have it: relative links then start at the page."""
    page = b'<!doctype html><head><base href="http://[x"></head>'
    assert ASCII_LINE in linked(page)


def test_many_ends_that_are_none_are_soon_passed() -> None:
    """A page of a megabyte is told to be none, and not looked through once for each of them."""
    with pytest.raises(NotAPage, match="<title> without an end"):
        linked(b"<html><head><title>" + b"</title " * 150_000)


@pytest.mark.parametrize(
    "head",
    [
        b"<A" * 200_000,
        b"</A" * 200_000,
        b"<link a=" * 50_000,
        b"<base href='%b'>" % (b"a" * 300_000),
    ],
    ids=["tags", "ends", "attributes", "base"],
)
def test_endless_head_is_read_in_time(head: bytes) -> None:
    """None takes the square of its length, nor does the number of links times a base's length."""
    links = b"<link rel=alternate href=a>" * 5_000
    with contextlib.suppress(NotAPage):
        linked(b"<!doctype html><html><head>" + head + links)
