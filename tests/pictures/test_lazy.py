"""Pictures that a script of the page puts in place, and pictures with a policy."""

from pathlib import Path

import pytest

from tests.pictures.blogs import jekyll_post

FAR = "https://pics.example"


def pictures(html: str) -> list[str]:
    return [part.partition('"')[0] for part in html.split('src="')[1:]]


@pytest.mark.parametrize(
    "name",
    [
        "data-src",
        "data-original",
        "data-lazy-src",
        "data-actualsrc",
        "data-lazy",
        "data-echo",
        "data-lazyload",
        "real_src",
    ],
)
@pytest.mark.parametrize("src", [f"{FAR}/thumb.jpg", "/img/loading.gif", "data:image/gif;base64,R"])
def test_the_address_that_a_script_puts_in_place_is_shown(
    tmp_path: Path, name: str, src: str
) -> None:
    """In the body and as the post's picture, whatever `src` holds in the meantime."""
    item = jekyll_post(tmp_path, f'<p>Cup</p><img src="{src}" {name}="{FAR}/cup.jpg">')
    assert pictures(item["content_html"]) == [f"{FAR}/cup.jpg"]
    assert item["image"] == f"{FAR}/cup.jpg"


@pytest.mark.parametrize("value", ["true", "1", "cup.jpg", "/img/loading.gif"])
def test_a_word_or_a_placeholder_replaces_no_picture(tmp_path: Path, value: str) -> None:
    """A picture that is there stays."""
    item = jekyll_post(tmp_path, f'<p>Cup</p><img src="{FAR}/cup.jpg" data-src="{value}">')
    assert pictures(item["content_html"]) == [f"{FAR}/cup.jpg"]


LAZY = f'<img class="lazy" src="data:image/gif;base64,R" data-src="{FAR}/%s.jpg">'
SPARE = f'<noscript><img src="{FAR}/%s.jpg"></noscript>'


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (SPARE % "a" + LAZY % "a", "a"),
        (LAZY % "a" + SPARE % "a", "a"),
        (SPARE % "a" + LAZY % "a" + SPARE % "b" + LAZY % "b", "ab"),
        (LAZY % "a" + SPARE % "a" + LAZY % "b" + SPARE % "b", "ab"),
        (f'<a href="{FAR}/">{LAZY % "a"}</a>{SPARE % "a"}', "a"),
        (f"<span>{SPARE % 'a'}</span><span>{LAZY % 'a'}</span>", "a"),
        (LAZY % "a-300x200" + SPARE % "a", "a"),
        (LAZY % "a" + "<br>\n" + SPARE % "a", "a"),
        (f'<img src="{FAR}/a.jpg">{SPARE % "a"}', "a"),
        (f'<img src="{FAR}/a.jpg"> and {SPARE % "b"}', "ab"),
    ],
)
def test_a_picture_and_its_twin_in_noscript_are_one(
    tmp_path: Path, body: str, expected: str
) -> None:
    """The twin may stand before or after, wrapped or not; others stay."""
    item = jekyll_post(tmp_path, f"<figure>{body}</figure>")
    assert pictures(item["content_html"]) == [f"{FAR}/{name}.jpg" for name in expected]


def test_a_policy_for_referrers_stays(tmp_path: Path) -> None:
    """Authors mend so what hosts of pictures refuse to show on other pages."""
    picture = f'<img referrerpolicy="no-referrer" src="{FAR}/a.jpg">'
    body = f'<a referrerpolicy="origin" href="{FAR}/">{picture}</a>'
    html = jekyll_post(tmp_path, body)["content_html"]
    assert '<img referrerpolicy="no-referrer"' in html
    assert '<a referrerpolicy="origin"' in html


@pytest.mark.parametrize("value", ["no-referrer", "never"])
def test_a_policy_of_the_whole_page_is_each_pictures(tmp_path: Path, value: str) -> None:
    """Authors write it once, before their text."""
    body = f'<meta name="referrer" content="{value}">\n\n![cup]({FAR}/a.jpg)\n'
    html = jekyll_post(tmp_path, body)["content_html"]
    assert 'referrerpolicy="no-referrer"' in html
    assert "<meta" not in html


def test_a_policy_that_is_none_goes(tmp_path: Path) -> None:
    """No other value leaves the program."""
    html = jekyll_post(tmp_path, f'<img referrerpolicy="x" src="{FAR}/a.jpg">')["content_html"]
    assert "referrerpolicy" not in html
