"""Our own template of a deck, for whoever has none: two layouts, 16:9, on the colours and the typeface of the house.

It is made from the empty presentation of python-pptx, whose masters and styles PowerPoint knows well.
"""

import re
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER as PLACEHOLDER
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from lib.display.deck.layout import Box
from lib.display.deck.placeholders import FOOTER, NUMBER, POINT, SUBTITLE, by_type, placed, without_relation
from lib.display.palette import ACCENT, INK, QUALITATIVE

WIDTH, HEIGHT, MARGIN = 960.0, 540.0, 44.0
"""Points of a slide, 16:9, and of its margins."""
WIDE = WIDTH - 2 * MARGIN
MASTER = {
    PLACEHOLDER.TITLE: Box(MARGIN, 30, WIDE, 74),
    PLACEHOLDER.BODY: Box(MARGIN, 116, WIDE, 360),
    FOOTER: Box(MARGIN, 500, WIDE - 60, 26),
    NUMBER: Box(WIDTH - MARGIN - 48, 500, 48, 26),
}
OPENING = {PLACEHOLDER.CENTER_TITLE: Box(MARGIN, 150, WIDE, 116), SUBTITLE: Box(MARGIN, 292, WIDE, 170)}
KEPT = {0: "Titre", 5: "Titre seul"}
"""Layouts of python-pptx that are kept, by their place, with their French names."""
COLOURS = {"dk1": INK, "lt1": "#ffffff", "dk2": ACCENT, "lt2": "#f5f5fe", "hlink": ACCENT, "folHlink": QUALITATIVE[4]}
"""Of the theme, by the names of Office."""
ACCENTS = ("#4d7fb8", *QUALITATIVE[:5])
"""Of the theme too; the bars of the dashboard come first."""


def own_template() -> Any:
    """Return our template: a presentation without slides."""
    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = Pt(WIDTH), Pt(HEIGHT)
    presentation.part._element.find(qn("p:sldSz")).attrib.pop("type", None)
    # The file that says how many words and slides there are would count those of the empty presentation.
    without_relation(presentation.part.package, RELATIONSHIP_TYPE.EXTENDED_PROPERTIES)
    without_relation(presentation.part.package, RELATIONSHIP_TYPE.THUMBNAIL)
    without_relation(presentation.part, RELATIONSHIP_TYPE.PRINTER_SETTINGS)
    for place, layout in reversed(list(enumerate(presentation.slide_layouts))):
        if place in KEPT:
            layout.element.cSld.set("name", KEPT[place])
        else:
            presentation.slide_layouts.remove(layout)
    master, (first, plain) = presentation.slide_master, presentation.slide_layouts
    for shapes in (master, first, plain):
        for shape in list(shapes.placeholders):
            kind = shape.placeholder_format.type
            if kind is PLACEHOLDER.DATE:
                shape._element.getparent().remove(shape._element)
            elif shapes is master and kind in MASTER:
                placed(shape, MASTER[kind])
            elif kind in OPENING:
                placed(shape, OPENING[kind])
    _themed(master)
    _lettered(master)
    _opening(first)
    _drawn(first, "Filet", Box(MARGIN, 274, 88, 6))
    _drawn(master, "Bord", Box(0, 0, 12, HEIGHT))
    return presentation


def _themed(master: Any) -> None:
    """Write our colours and our typeface in the theme."""
    theme = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    text = theme.blob.decode()
    for name, colour in {**COLOURS, **{f"accent{n}": colour for n, colour in enumerate(ACCENTS, 1)}}.items():
        text = re.sub(rf"(<a:{name}>).*?(</a:{name}>)", rf'\g<1><a:srgbClr val="{colour[1:].upper()}"/>\g<2>', text)
    text = re.sub(r'(<a:m(?:ajor|inor)Font><a:latin typeface=")[^"]*', r"\g<1>Arial", text)
    theme._blob = text.replace('name="Office Theme"', 'name="Numérique et territoires"').encode()


def _lettered(master: Any) -> None:
    """Write our sizes and alignments in the styles of the master: texts flush with the margins, titles at their top."""
    title = master.element.find(f"{qn('p:txStyles')}/{qn('p:titleStyle')}/{qn('a:lvl1pPr')}")
    title.set("algn", "l")
    letters = title.find(qn("a:defRPr"))
    letters.set("sz", "2800")
    letters.set("b", "1")
    letters.find(f".//{qn('a:schemeClr')}").set("val", "tx2")
    for shape in master.placeholders:
        body = shape._element.txBody.bodyPr
        body.set("lIns", "0")
        body.set("rIns", "0")
        for fit in body.findall(qn("a:normAutofit")):
            body.remove(fit)
    by_type(master, PLACEHOLDER.TITLE)._element.txBody.bodyPr.set("anchor", "t")


def _opening(layout: Any) -> None:
    """Let the title of the first slide be larger, and stand upon its subtitle."""
    title, subtitle = by_type(layout, PLACEHOLDER.CENTER_TITLE), by_type(layout, SUBTITLE)
    body = title._element.txBody
    body.bodyPr.set("anchor", "b")
    style = f'<a:lvl1pPr {nsdecls("a")}><a:defRPr sz="4000"/></a:lvl1pPr>'
    body.find(qn("a:lstStyle")).append(parse_xml(style))
    for level in subtitle._element.txBody.find(qn("a:lstStyle")):
        level.set("algn", "l")


def _drawn(layout: Any, name: str, box: Box) -> None:
    """Draw a bar in the colour of titles on a layout or a master, under what stands there."""
    edges = [round(edge * POINT) for edge in (box.left, box.top, box.width, box.height)]
    tree = layout.shapes._spTree
    tree.insert(
        2,
        parse_xml(
            f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="{90 + len(tree)}" name="{name}"/><p:cNvSpPr/>'
            f'<p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr><a:xfrm><a:off x="{edges[0]}" y="{edges[1]}"/>'
            f'<a:ext cx="{edges[2]}" cy="{edges[3]}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
            '<a:solidFill><a:schemeClr val="tx2"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>'
        ),
    )
