"""The elements of a body's tree, looked at once.

Which names, attributes and classes there are says what need not be searched for. Most bodies need
no selection by CSS then, whose first one in a tree takes as long as this whole look.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser, LexborNode

__all__ = ["Attributes", "Overview", "by_class", "overview", "stands_in"]

Attributes = dict[str, str | None]


class Overview(Struct, frozen=True):
    """Elements of a tree, as they were when the tree was looked at.

    `named` has each with its attributes, by the name of its tag: the names in the order in which
    they first occur, the nodes of one name in document order. `attributes` are the names of all
    attributes, `classes` all classes. Editing a node that was removed since does no harm:
    `stands_in` tells such nodes from the others.
    """

    named: Mapping[str, list[tuple[LexborNode, Attributes]]]
    attributes: frozenset[str]
    classes: frozenset[str]

    def of(self, name: str) -> list[tuple[LexborNode, Attributes]]:
        """Return the elements `name` with their attributes, in document order."""
        return self.named.get(name, [])

    def having(self, attribute: str) -> Iterator[tuple[LexborNode, str]]:
        """Yield the elements that have the attribute, with its value."""
        if attribute in self.attributes:
            for entries in self.named.values():
                for node, attributes in entries:
                    if attribute in attributes:
                        yield node, attributes[attribute] or ""


def overview(tree: LexborHTMLParser) -> Overview:
    """Return the elements of `tree`. Look again after an edit that adds or changes some."""
    named: defaultdict[str, list[tuple[LexborNode, Attributes]]] = defaultdict(list)
    names: set[str] = set()
    classes: set[str] = set()
    for node in tree.root.traverse() if tree.root is not None else ():
        attributes = node.attributes
        named[node.tag or ""].append((node, attributes))
        if attributes:
            names.update(attributes)
            if "class" in attributes:
                classes.update((attributes["class"] or "").split())
    # A comment's name begins with a sign, and an instruction has none.
    found = {name: entries for name, entries in named.items() if name[:1].isalpha()}
    return Overview(found, frozenset(names), frozenset(classes))


def by_class(
    tree: LexborHTMLParser, found: Overview, selectors: Mapping[str, str]
) -> list[LexborNode]:
    """Return what `selectors` select in `tree`, each by a class without which it selects nothing.

    The nodes are in document order.
    """
    there = sorted(selectors[name] for name in selectors.keys() & found.classes)
    return tree.css(", ".join(there)) if there else []


def stands_in(tree: LexborHTMLParser, node: LexborNode) -> bool:
    """Return whether `node` is still in `tree`: a removed node is alone, as are all in it."""
    if node.parent is not None or node.next is not None or node.prev is not None:
        return True
    return tree.root is not None and tree.root.mem_id == node.mem_id
