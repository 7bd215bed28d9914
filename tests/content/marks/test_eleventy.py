"""Eleventy resolves Liquid, and Nunjucks that means the same."""

import pytest

from .helpers import resolved


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{{ title }} {{ page.fileSlug }}", "Tea tea"),
        ('{% set a = "x" %}{{ a }}', "x"),
        ("{% set a %}x{{ title }}{% endset %}{{ a }}", "xTea"),
        ('{{ "/x/" | url }}', "/blog/x/"),
        ('{{ title | myOwn("a", 1) }}', "Tea"),
        ("{% if not title %}a{% elif title == 'Tea' %}b{% else %}c{% endif %}", "b"),
        ("{% if title === 'Tea' %}a{% endif %}", "a"),
        ("{% for t in teas | reverse %}{{ t.name }} {% endfor %}", "Assam Rooibos "),
        ("a{# hidden {{ x }} #}b", "ab"),
        ("{{ metadata.title }}", "Leaves"),
    ],
)
def test_both_languages(body: str, expected: str) -> None:
    """Front matter, data and the common tags of both languages are resolved."""
    found = resolved(body, "eleventy")
    assert (found.text, found.unknown, found.faults) == (expected, (), ())


def test_shortcodes_of_the_configuration_are_never_run() -> None:
    """Shortcodes are dropped and reported, but their inner text is kept."""
    found = resolved('{% image "a.png", "x" %}{% box %}in{% endbox %}', "eleventy")
    assert found.text == "in"
    assert found.unknown == ("image", "box")
