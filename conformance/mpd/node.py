"""Node: one element of an MPD, read from XML that may come from anybody."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

import defusedxml
from defusedxml.ElementTree import fromstring

from conformance.errors import MpdSyntaxError

NAMESPACE = "urn:mpeg:dash:schema:mpd:2011"
MAX_DEPTH = 16  # the schema's own elements nest 7 deep


@dataclass(frozen=True, slots=True)
class Node:
    """An element. Names of DASH's own are bare, others `{namespace}name`.

    `path` tells people where it stands, such as `MPD/Period[2]/AdaptationSet[1]`.
    """

    name: str
    attributes: Mapping[str, str]
    text: str
    children: tuple["Node", ...]
    path: str

    def all(self, name: str) -> Iterator["Node"]:
        """Give the children of a name."""
        return (child for child in self.children if child.name == name)

    def first(self, name: str) -> "Node | None":
        """Find the first child of a name, or None."""
        return next(self.all(name), None)


def read_document(body: bytes) -> Node:
    """Read an XML document; raise MpdSyntaxError if it is none or its root is not an MPD.

    Document types are refused, and with them all entities: an MPD has no use for them, and a
    parser that resolves them can be made to read files or to fill its memory.
    """
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except (ParseError, LookupError) as exc:  # LookupError: an encoding that Python has not
        raise MpdSyntaxError(f"expected well-formed XML: {exc}") from exc
    except (defusedxml.DefusedXmlException, ValueError) as exc:
        raise MpdSyntaxError(f"expected XML without a document type: {exc}") from exc
    if root.tag != f"{{{NAMESPACE}}}MPD":
        raise MpdSyntaxError(f"expected an MPD element of {NAMESPACE}, got {root.tag[:120]}")
    return _node(root, "MPD", 0)


def _node(element: Element, path: str, depth: int) -> Node:
    if depth > MAX_DEPTH:
        raise MpdSyntaxError(f"{path[:120]}: expected at most {MAX_DEPTH} levels, got more")
    counted: Counter[str] = Counter()
    children = []
    for child in element:
        if not isinstance(child.tag, str):
            continue  # a comment or a processing instruction
        name = _bare(child.tag)
        counted[name] += 1
        children.append(_node(child, f"{path}/{name}[{counted[name]}]", depth + 1))
    return Node(
        name=_bare(element.tag),
        attributes={_bare(name): value for name, value in element.attrib.items()},
        text="".join([element.text or "", *(child.tail or "" for child in element)]).strip(),
        children=tuple(children),
        path=path,
    )


def _bare(name: str) -> str:
    return name.removeprefix(f"{{{NAMESPACE}}}")
