"""Read the author from a blog's own settings, under the keys of common themes."""

from collections.abc import Mapping
from typing import Any

__all__ = ["author_in"]

_KEYS = ("author", "authors", "owner", "social")
"""Settings that hold the author: a name, a mapping, or a list of either.

Minimal Mistakes and HPSTR use `author` and `owner`, Chirpy uses `social`.
"""
_FLAT = (("author_name", "author_email"), ("authorName", "authorEmail"))
_NAMES = ("name", "display_name", "fullname", "full_name", "title", "author")
_PLACEHOLDERS = frozenset(("your name", "your_full_name", "your-name", "yourname", "john doe",
                           "author", "author name", "name"))  # fmt: skip
"""Example names of starter kits, such as John Doe (Hexo) and your_full_name (Chirpy)."""
_PLACEHOLDER_HOSTS = ("@example.com", "@domain.com", "@email.com", "@yourdomain.com")


def author_in(*settings: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Return the author's name and e-mail address; None for an unknown one.

    The first of `settings` with an author wins. Example names and addresses of starter kits are
    ignored.
    """
    for values in settings:
        for key in _KEYS:
            name, email = _particulars(values.get(key))
            if name:
                return name, email or _email(values.get("email")) or _email(
                    values.get("author_email")
                )
        for name_key, email_key in _FLAT:
            if name := _name(values.get(name_key)):
                return name, _email(values.get(email_key))
    return None, None


def _particulars(value: Any) -> tuple[str | None, str | None]:
    if isinstance(value, list):
        found = [_particulars(item) for item in value if isinstance(item, (str, dict))]
        names = [name for name, _ in found if name]
        return ", ".join(names) or None, found[0][1] if len(names) == 1 else None
    if isinstance(value, dict):
        name = next(filter(None, (_name(value.get(key)) for key in _NAMES)), None)
        return name, _email(value.get("email") or value.get("mail"))
    return _name(value), None


def _name(value: Any) -> str | None:
    name = " ".join(str(value).split()) if isinstance(value, str | int) else ""
    usable = name and not isinstance(value, bool) and name.lower() not in _PLACEHOLDERS
    return name if usable else None


def _email(value: Any) -> str | None:
    text = value.strip().removeprefix("mailto:") if isinstance(value, str) else ""
    usable = "@" in text and not text.lower().endswith(_PLACEHOLDER_HOSTS)
    return text if usable else None
