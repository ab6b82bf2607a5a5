"""A drawing made to stand inside an HTML document beside others: its identifiers are its own, it has an alternative.

It is read and written again as XML, so that a document never holds half an element; drawing is left to others.
"""

import re
from typing import NamedTuple
from xml.etree import ElementTree

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
KEPT_OUT = {"script", "foreignObject", "iframe", "style", "a", "image", "set", "animate"}
"""Elements that a drawing of ours never has: they would run, ask for something, or change the rest of the document."""
_SIZE = re.compile(r"(\d+(?:\.\d+)?)(?:px)?")
_REFERENCE = re.compile(r"url\(\s*[\"']?#([^)\"']+)[\"']?\s*\)")

# How elements are written: without these, every one of them would have a prefix, and HTML would not draw it.
ElementTree.register_namespace("", SVG)
ElementTree.register_namespace("xlink", XLINK)


class Inlined(NamedTuple):
    """A drawing as an element: its width over its height, its smallest letters over its width (0 without letters)."""

    element: str
    aspect: float
    letters: float


def inline(svg: str, alt: str, prefix: str) -> Inlined:
    """Return a drawing as an element that fills the box that holds it.

    Parameters
    ----------
    svg : str
        A whole SVG, with a `viewBox` or with a width and a height.
    alt : str
        Its text alternative.
    prefix : str
        What its identifiers begin with, alone in the document.

    Raises
    ------
    ValueError
        It is not an SVG, or it does not say how large it is.
    """
    try:
        root = ElementTree.fromstring(svg)
    except ElementTree.ParseError as error:
        raise ValueError(f"not an SVG: {error}") from error
    if root.tag != f"{{{SVG}}}svg":
        raise ValueError(f"not an SVG: {root.tag}")
    box = root.get("viewBox") or f"0 0 {root.attrib.pop('width', '')} {root.attrib.pop('height', '')}"
    sizes = re.findall(r"-?\d+(?:\.\d+)?", box)
    if len(sizes) != 4 or float(sizes[3]) <= 0:
        raise ValueError("an SVG says how large it is")
    for parent in list(root.iter()):
        for child in list(parent):
            if str(child.tag).rpartition("}")[2] in KEPT_OUT:
                parent.remove(child)
        for name, value in list(parent.attrib.items()):
            _own(parent, name, value, prefix)
    for size in ("width", "height"):
        root.attrib.pop(size, None)
    root.attrib.update({"viewBox": box, "role": "img", "aria-label": alt})
    wide, high = float(sizes[2]), float(sizes[3])
    written = (_SIZE.fullmatch(element.get("font-size", "")) for element in root.iter())
    smallest = min((float(size[1]) for size in written if size), default=0.0)
    return Inlined(ElementTree.tostring(root, encoding="unicode"), wide / high, smallest / wide if wide else 0.0)


def _own(element: ElementTree.Element, name: str, value: str, prefix: str) -> None:
    """Make an identifier, or what refers to one, the drawing's own; drop what would run or lead elsewhere."""
    plain = name.rpartition("}")[2]
    # The whole is one image with one name: its parts have none.
    if plain.startswith(("on", "aria-")) or plain == "role" or (plain == "href" and not value.startswith("#")):
        del element.attrib[name]
    elif plain == "id":
        element.set(name, prefix + value)
    elif plain == "href":
        element.set(name, f"#{prefix}{value[1:]}")
    elif "url(" in value:
        # Several may stand in one `style`; an address that leads elsewhere is dropped with its attribute.
        if "url(" in _REFERENCE.sub("", value):
            del element.attrib[name]
        else:
            element.set(name, _REFERENCE.sub(rf"url(#{prefix}\1)", value))
