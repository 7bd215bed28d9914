"""Folder names and addresses of feeds are safe and stable."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.feeds.paths import LONGEST, address, slug, slugs
from syndicate.text.digests import fingerprint

from .samples import texts


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("News", "news"),
        ("数据结构", "数据结构"),
        ("Éclair", "éclair"),
        ("E\u0301clair", "éclair"),
        ("日本語 の タグ", "日本語-の-タグ"),
        ("עברית", "עברית"),
        ("C++", "c++"),
        ("C#", "csharp"),
        ("F# and C#", "fsharp-and-csharp"),
        ("#python", "python"),
        (".NET", "net"),
        ("node.js", "node.js"),
        ("a/b\\c", "a-b-c"),
        ("a - b", "a-b"),
        ("R&D", "r-d"),
        ("100%", "100"),
        ("_drafts", "drafts"),
        ("a\u202eb", "a-b"),
        ("🎉 party", "🎉-party"),
    ],
)
def test_a_name_keeps_its_script_and_loses_what_paths_cannot_hold(name: str, folder: str) -> None:
    """Letters of all scripts stay; white space and unsafe characters become one dash."""
    assert slug(name) == folder


@pytest.mark.parametrize("name", ["con", "AUX", "com1", "nul.txt", "", ".", "..", "///", "\x00"])
def test_a_name_that_no_folder_may_have_carries_its_fingerprint(name: str) -> None:
    """Reserved and empty names become distinct and safe."""
    assert fingerprint(name) in slug(name)
    assert slug(name).partition(".")[0] not in {"con", "aux", "com1", "nul", ""}


@given(texts | st.text(max_size=300))
def test_any_name_gives_one_safe_path_part(name: str) -> None:
    """A folder name is never empty, hidden, too long or decomposed, and stays in its folder."""
    folder = slug(name)
    assert folder
    assert folder == folder.strip(".-_~ ")
    assert not set(folder) & set('/\\:*?"<>|%&#\x00 ')
    assert len(folder.encode()) <= LONGEST
    assert folder == unicodedata.normalize("NFC", folder)


@given(st.lists(texts | st.sampled_from(["C", "c", "C#", "csharp", "a b", "a-b"]), max_size=12))
def test_no_two_names_share_a_folder(names: list[str]) -> None:
    """Every name has a folder of its own."""
    found = slugs(names)
    assert set(found) == set(names)
    assert len(set(found.values())) == len(found)


def test_the_older_name_keeps_the_plain_folder() -> None:
    """The first of two names with one slug keeps it; the other adds its fingerprint."""
    assert slugs(["a b", "a-b"]) == {"a b": "a-b", "a-b": f"a-b-{fingerprint('a-b')}"}


@given(st.lists(texts, max_size=8), texts)
def test_a_new_name_moves_no_other(names: list[str], newcomer: str) -> None:
    """A new name leaves all earlier folders unchanged."""
    before = slugs(names)
    assert {name: slugs([*names, newcomer])[name] for name in names} == before


def test_an_address_is_percent_encoded() -> None:
    """Every part of a path is encoded as UTF-8, and slashes stay."""
    found = address("https://example.org/blog", "category/数据 c++/atom.xml")
    assert found == "https://example.org/blog/category/%E6%95%B0%E6%8D%AE%20c%2B%2B/atom.xml"
