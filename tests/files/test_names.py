"""Names that lists of strangers give."""

from hypothesis import given
from hypothesis import strategies as st

from syndicate.files.names import is_plain


@given(st.text(st.sampled_from("a1./\\\0é-"), max_size=8))
def test_plain_paths_name_something_below(path: str) -> None:
    """No part is empty or leads elsewhere, and no character ends the name or parts it otherwise."""
    parts = path.split("/")
    expected = not set("\0\\") & set(path) and not {"", ".", ".."} & set(parts)
    assert is_plain(path) == expected
