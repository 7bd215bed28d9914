"""Parse attribute lists: the text between ``{:`` and ``}``."""

import re

from syndicate.content.kramdown.tree import Attributes

__all__ = ["ID", "read_attributes"]

ID = r"[a-zA-Z0-9_][a-zA-Z0-9_-]*"
_SHORT = r"#[A-Za-z][a-zA-Z0-9_:-]*|\.[^\s.#]+"
_ANY = re.compile(
    rf"(?:\A|(?<=\s))(?:(?P<key>{ID})=(?P<mark>[\"'])(?P<value>(?:\\\}}|[^}}])*?)(?P=mark)"
    rf"|(?P<ref>{ID})|(?P<short>(?:{_SHORT})+))(?=\s|\Z)",
    re.ASCII,
)
_EACH_SHORT = re.compile(_SHORT, re.ASCII)


def read_attributes(text: str, attributes: Attributes) -> None:
    """Add the attributes in the list `text` to `attributes`. Other words are ignored."""
    for match in _ANY.finditer(text):
        if match["ref"]:
            attributes.refs.append(match["ref"])
        elif match["short"]:
            for short in _EACH_SHORT.findall(match["short"]):
                _add(attributes, "class" if short[0] == "." else "id", short[1:])
        else:
            value = re.sub(rf"\\([}}{match['mark']}])", r"\1", match["value"])
            attributes.values[match["key"]] = value


def _add(attributes: Attributes, name: str, value: str) -> None:
    if name == "class" and attributes.values.get("class"):
        value = f"{attributes.values['class']} {value}"
    attributes.values[name] = value
