"""What a slide is drawn with: texts, pictures, the mark, its number, each with its text alternative and its language.

Sizes and places are given in points; which things a slide has is decided by `lib.display.deck.slides`.
"""

import io
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from lib.display.deck.layout import Box, Lettered, height_of, lettered, paged
from lib.display.deck.placeholders import FOOTER, NUMBER, POINT, by_type, placed
from lib.display.drawing.lettering import text_width

MARK, MARK_SIZE = RGBColor(0xB3, 0x40, 0x00), 11
"""Ground of « Données simulées », and its size in points: white on it is at 5.9 to 1."""
QUIET = 0.35
"""How far from the colour of texts, towards that of the ground, what is said quietly is."""
LANGUAGE = "fr-FR"
LINES, INDENT = (24, 22, 20, 18, 16), 20.0
"""Points of the letters of a list, the first that fits; and between a bullet and its text."""


def described(shape: Any, name: str, alternative: str = "") -> Any:
    """Return the shape with its name and its text alternative."""
    properties = shape._element.xpath(".//p:cNvPr")[0]
    properties.set("name", name)
    if alternative:
        properties.set("descr", alternative)
    return shape


def write(
    slide: Any, box: Box, text: Lettered, name: str, *, bold: bool = False, quiet: bool = False, accent: bool = False,
    middle: bool = False,
) -> Any:  # fmt: skip
    """Write a text in a box of its own, flush with its edges."""
    shape = described(slide.shapes.add_textbox(0, 0, 0, 0), name)
    frame = placed(shape, box).text_frame
    flush(frame)
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE if middle else MSO_ANCHOR.TOP
    frame.text = text.text
    toned(frame.paragraphs[0].runs, text.size, bold=bold, quiet=quiet, accent=accent)
    return shape


def flush(frame: Any) -> None:
    """Let the texts of a frame reach its edges and break their lines there; its size does not follow them."""
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE


def toned(runs: Sequence[Any], size: float, *, bold: bool = False, quiet: bool = False, accent: bool = False) -> None:
    """Give a size and a tone of the theme to texts."""
    for run in runs:
        run.font.size = Pt(size)
        if bold:
            run.font.bold = True
        if quiet or accent:
            run.font.color.theme_color = MSO_THEME_COLOR.TEXT_2 if accent else MSO_THEME_COLOR.TEXT_1
        if quiet:
            run.font.color.brightness = QUIET


def mark_width(mark: str) -> float:
    """Return how wide the mark is, in points."""
    return text_width(mark, MARK_SIZE, bold=True) * 1.1 + 16


def draw_mark(slide: Any, box: Box, mark: str) -> None:
    """Draw « Données simulées » in white on its ground."""
    shape = write(slide, box, Lettered(mark, MARK_SIZE, box.height), "Mention", bold=True, middle=True)
    shape.fill.solid()
    shape.fill.fore_color.rgb = MARK
    paragraph = shape.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.CENTER
    paragraph.runs[0].font.color.rgb = RGBColor(255, 255, 255)


def draw_rule(slide: Any, box: Box) -> None:
    """Draw an upright rule beside a text, in the colour of titles."""
    shape = described(slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, 0, 0, 0, 0), "Filet")
    placed(shape, box)
    # Its own look, without the shadow of the theme.
    shape._element.remove(shape._element.find(qn("p:style")))
    shape.fill.solid()
    shape.fill.fore_color.theme_color = MSO_THEME_COLOR.TEXT_2


def picture_aspect(png: bytes) -> float:
    """Return the width of a PNG over its height, as its header says them."""
    return int.from_bytes(png[16:20], "big") / max(1, int.from_bytes(png[20:24], "big"))


def draw_picture(slide: Any, box: Box, png: bytes, alternative: str) -> None:
    """Draw a picture as large as its box allows, its proportions kept."""
    shape = slide.shapes.add_picture(io.BytesIO(png), 0, 0)
    placed(described(shape, "Figure", alternative), box.holding(picture_aspect(png)))


def number_slide(slide: Any) -> None:
    """Write the number of the slide where its layout has a place for it."""
    place = by_type(slide.slide_layout, NUMBER)
    if place is None:
        return
    element = _copied(slide, place, "Numéro de la diapositive")
    paragraph = element.find(f".//{qn('a:p')}")
    for child in list(paragraph):
        paragraph.remove(child)
    paragraph.append(
        parse_xml(
            f'<a:fld {nsdecls("a")} id="{{C1FF6DA9-008F-8B48-92A6-B652298478BF}}" type="slidenum">'
            f'<a:rPr lang="{LANGUAGE}" sz="1000"/><a:t>‹N°›</a:t></a:fld>'
        )
    )


def write_foot(slide: Any, box: Box, origin: str, size: float = 10) -> None:
    """Write where the figures come from at the foot of a slide: in the footer of its layout, where it has one."""
    text = lettered(origin, box.width, box.height, (size,))
    place = by_type(slide.slide_layout, FOOTER)
    if place is None:
        write(slide, box, text, "Origine", quiet=True, middle=True)
        return
    _copied(slide, place, "Origine")
    shape = placed(by_type(slide.shapes, FOOTER), box)
    flush(shape.text_frame)
    shape.text_frame.text = text.text
    shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    paragraph = shape.text_frame.paragraphs[0]
    paragraph._p.get_or_add_pPr().set("algn", "l")
    toned(paragraph.runs, size, quiet=True)


def _copied(slide: Any, place: Any, name: str) -> Any:
    """Return the placeholder of a slide that stands for one of its layout; PowerPoint copies these two on demand."""
    element = deepcopy(place._element)
    properties = element.xpath(".//p:cNvPr")[0]
    properties.set("id", str(max(int(one) for one in slide.shapes._spTree.xpath(".//p:cNvPr/@id")) + 1))
    properties.set("name", name)
    for extension in properties.findall(qn("a:extLst")):
        properties.remove(extension)
    for child in list(element.spPr):
        element.spPr.remove(child)
    for style in element.txBody.findall(qn("a:lstStyle")):
        for child in list(style):
            style.remove(child)
    slide.shapes._spTree.append(element)
    return element


def bulleted(lines: Sequence[str], box: Box) -> tuple[float, list[range]]:
    """Return the size of bullets, and those of each slide: one slide where they fit on it, at some size."""
    for size in LINES:
        pages = paged([_line_height(line, size, box) for line in lines], box.height)
        if len(pages) == 1:
            break
    return size, pages


def draw_bullets(slide: Any, box: Box, lines: Sequence[str], size: float, *, numbered_from: int = 0) -> None:
    """Write lines from the top of a box; `numbered_from` gives numbers to vote by to those that are choices."""
    taken = sum(_line_height(line, size, box) for line in lines)
    shape = placed(described(slide.shapes.add_textbox(0, 0, 0, 0), "Texte"), Box(box.left, box.top, box.width, taken))
    flush(shape.text_frame)
    indent, sign = INDENT, '<a:buFont typeface="Arial"/><a:buChar char="•"/>'
    if numbered_from:
        numbers = f'<a:buAutoNum type="arabicPeriod" startAt="{numbered_from}"/>'
        indent, sign = 2 * INDENT, f'<a:buFont typeface="+mj-lt"/>{numbers}'
    for place, line in enumerate(lines):
        paragraph = shape.text_frame.paragraphs[0] if not place else shape.text_frame.add_paragraph()
        paragraph.text = lettered(line, box.width - indent, box.height - size, (size,)).text
        toned(paragraph.runs, size)
        properties = paragraph._p.get_or_add_pPr()
        # A single line is a sentence, not a list.
        if len(lines) > 1 or numbered_from:
            properties.set("marL", str(int(indent * POINT)))
            properties.set("indent", str(int(-indent * POINT)))
            for element in parse_xml(f"<a:pPr {nsdecls('a')}>{sign}</a:pPr>"):
                properties.append(element)
        spaced(paragraph, size / 2)


def spaced(paragraph: Any, points: float) -> None:
    """Leave some points above a paragraph."""
    space = parse_xml(f'<a:spcBef {nsdecls("a")}><a:spcPts val="{points * 100:.0f}"/></a:spcBef>')
    paragraph._p.get_or_add_pPr().insert(0, space)


def _line_height(line: str, size: float, box: Box) -> float:
    return min(height_of(line, size, box.width - 2 * INDENT) + size / 2, box.height)


def in_french(root: Any) -> None:
    """Say that every text under an element is French, so that it is read aloud and checked as such."""
    for run in root.iter(qn("a:r"), qn("a:fld")):
        run.get_or_add_rPr().set("lang", LANGUAGE)
    for end in root.iter(qn("a:endParaRPr")):
        end.set("lang", LANGUAGE)
