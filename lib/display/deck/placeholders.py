"""The placeholders of a .pptx, found by their type, never by their name: templates come in any language."""

from typing import Any

from pptx.enum.shapes import PP_PLACEHOLDER as PLACEHOLDER
from pptx.util import Pt

from lib.display.deck.layout import Box

TITLES = (PLACEHOLDER.TITLE, PLACEHOLDER.CENTER_TITLE)
SUBTITLE, FOOTER, NUMBER = PLACEHOLDER.SUBTITLE, PLACEHOLDER.FOOTER, PLACEHOLDER.SLIDE_NUMBER
POINT = 12700
"""Units of a .pptx in a point."""


def by_type(shapes: Any, *kinds: Any) -> Any:
    """Return the first placeholder of one of these types, of a slide, a layout or a master; or None."""
    return next((shape for shape in shapes.placeholders if shape.placeholder_format.type in kinds), None)


def box_of(shape: Any) -> Box | None:
    """Return where a shape stands, its layout and master asked in turn; None when nobody says."""
    edges = (shape.left, shape.top, shape.width, shape.height)
    return None if None in edges else Box(*(edge / POINT for edge in edges))


def placed(shape: Any, box: Box) -> Any:
    """Return the shape, moved to a box."""
    shape.left, shape.top, shape.width, shape.height = (Pt(edge) for edge in (box.left, box.top, box.width, box.height))
    return shape


def without_relation(package: Any, kind: str) -> None:
    """Leave out of a file what it holds of a kind, such as the thumbnail of its first slide."""
    for name in [name for name, relation in package._rels.items() if relation.reltype == kind]:
        package._rels.pop(name)
