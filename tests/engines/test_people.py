"""The author in a blog's own settings."""

from typing import Any

import pytest

from syndicate.engines.shared.people import author_in


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"author": "Ann"}, ("Ann", None)),
        ({"author": "Ann", "email": "ann@tea.example"}, ("Ann", "ann@tea.example")),
        ({"author": {"name": "Ann", "email": "ann@tea.example"}}, ("Ann", "ann@tea.example")),
        ({"author": [{"name": "Ann"}, "Bo"]}, ("Ann, Bo", None)),
        ({"owner": {"name": "Ann"}}, ("Ann", None)),
        ({"social": {"name": "Ann", "email": "ann@tea.example"}}, ("Ann", "ann@tea.example")),
        ({"author_name": "Ann", "author_email": "ann@tea.example"}, ("Ann", "ann@tea.example")),
        ({"author": "", "social": {"name": "Ann"}}, ("Ann", None)),
        ({"author": "John Doe"}, (None, None)),
        ({"social": {"name": "your_full_name", "email": "example@domain.com"}}, (None, None)),
        ({"author": {"name": "Ann", "email": "me@example.com"}}, ("Ann", None)),
        ({"author": True, "title": "A Blog"}, (None, None)),
    ],
)
def test_author_of_a_blog(
    settings: dict[str, Any], expected: tuple[str | None, str | None]
) -> None:
    """The author is found under the themes' keys. Example names are ignored."""
    assert author_in(settings) == expected


def test_the_first_settings_that_name_an_author_count() -> None:
    """Parameters of a theme win over the site's own."""
    assert author_in({}, {"author": "Ann"}, {"author": "Bo"}) == ("Ann", None)
