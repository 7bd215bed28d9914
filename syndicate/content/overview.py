"""List the elements of a body's tree once.

Edits look up names, attributes and classes in this list, and do nothing if theirs are not there. So
most bodies need no selection by CSS. The first selection in a tree takes as long as making this
list.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser, LexborNode

__all__ = ["Attributes", "Overview", "by_class", "is_in", "overview_of"]

Attributes = dict[str, str | None]


class Overview(Struct, frozen=True):
    """Elements of a tree at one moment.

    `nodes` are the elements and comments in document order, `attributes` their attributes. `places`
    maps the name of an element, in order of first occurrence, to its indices in `nodes`. `names`
    are all names of elements, `keys` all names of attributes, `classes` all classes. Nodes that are
    removed later stay in the lists: editing one does no harm, and `is_in` recognises it.
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


def overview_of(tree: LexborHTMLParser) -> Overview:
    """List the elements of `tree`. Call it again after an edit that adds or changes elements."""
    nodes = list(tree.root.traverse()) if tree.root is not None else []
    attributes = [node.attributes for node in nodes]
    numbered: defaultdict[int, list[int]] = defaultdict(list)
    for at, node in enumerate(nodes):
        numbered[node.tag_id].append(at)  # reading a name takes longer than reading its number
    named = {nodes[places[0]].tag or "": places for places in numbered.values()}
    # The name of a comment starts with a sign; a processing instruction has no name.
    elements = {name: places for name, places in named.items() if name[:1].isalpha()}
    keys: frozenset[str] = frozenset().union(*attributes)
    classes = " ".join([of_node["class"] or "" for of_node in attributes if "class" in of_node])
    return Overview(
        nodes, attributes, elements, frozenset(elements), keys, frozenset(classes.split())
    )


def by_class(
    tree: LexborHTMLParser, overview: Overview, selectors: Mapping[str, str]
) -> list[LexborNode]:
    """Return the nodes that `selectors` select in `tree`, in document order.

    Each selector has a key: a class without which it selects nothing.
    """
    present = sorted(selectors[name] for name in selectors.keys() & overview.classes)
    return tree.css(", ".join(present)) if present else []


def is_in(tree: LexborHTMLParser, node: LexborNode) -> bool:
    """Return True if `node` is still in `tree`. A removed node has no parent and no siblings."""
    if node.parent is not None or node.next is not None or node.prev is not None:
        return True
    return tree.root is not None and tree.root.mem_id == node.mem_id
