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
    """What is in a tree, as it was when the tree was looked at.

    `nodes` are the elements and comments in document order, `attributes` those of each. `places`
    says at which places among them the elements of a name are; it has the names in the order in
    which they first occur. `names` are all names, `keys` the names of all attributes, `classes` all
    classes. Editing a node that was removed since does no harm: `stands_in` tells such nodes from
    the others.
    """

    nodes: list[LexborNode]
    attributes: list[Attributes]
    places: Mapping[str, list[int]]
    names: frozenset[str]
    keys: frozenset[str]
    classes: frozenset[str]

    def of(self, name: str) -> list[tuple[LexborNode, Attributes]]:
        """Return the elements `name` with their attributes, in document order."""
        return [(self.nodes[at], self.attributes[at]) for at in self.places.get(name, ())]

    def having(self, attribute: str) -> Iterator[tuple[LexborNode, str]]:
        """Yield the elements that have the attribute, with its value, in document order."""
        if attribute in self.keys:
            for node, attributes in zip(self.nodes, self.attributes, strict=True):
                if attribute in attributes:
                    yield node, attributes[attribute] or ""


def overview(tree: LexborHTMLParser) -> Overview:
    """Return what is in `tree`. Look again after an edit that adds or changes elements."""
    nodes = list(tree.root.traverse()) if tree.root is not None else []
    attributes = [node.attributes for node in nodes]
    numbered: defaultdict[int, list[int]] = defaultdict(list)
    for at, node in enumerate(nodes):
        numbered[node.tag_id].append(at)  # a name takes longer to read than its number
    named = {nodes[places[0]].tag or "": places for places in numbered.values()}
    # A comment's name begins with a sign, and an instruction has none.
    elements = {name: places for name, places in named.items() if name[:1].isalpha()}
    keys: frozenset[str] = frozenset().union(*attributes)
    classes = " ".join([each["class"] or "" for each in attributes if "class" in each])
    return Overview(
        nodes, attributes, elements, frozenset(elements), keys, frozenset(classes.split())
    )


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
