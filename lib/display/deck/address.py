"""The address of a view on a slide: a QR code for the phones of the room, and the address itself where it is short.

Where they stand is decided by `lib.display.deck.layout`; the code is made in the process that writes the deck.
"""

import io
from typing import Any

import segno
from pptx.enum.text import PP_ALIGN

from lib.display.deck.layout import GAP, LEADING, SLACK, Box, Lettered
from lib.display.deck.placeholders import placed
from lib.display.deck.shapes import described, write
from lib.display.drawing.lettering import text_width
from lib.display.palette import INK
from lib.display.player.qr import QUIET, TITLE

SIZES = (18, 16, 14, 12, 11, 10)
"""Points of a written address, the first at which it fits; one that does not is in the notes only."""
PIXELS = 8
"""Of a module of the code."""


def draw_code(slide: Any, box: Box, address: str) -> None:
    """Draw the code of an address in a box, and write the address under it, or beside it where the box is wide."""
    try:
        code = segno.make(address, error="m", micro=False)
    except ValueError:
        # Too long for any code: a selection of hundreds of territories.
        return
    png = io.BytesIO()
    code.save(png, kind="png", scale=PIXELS, border=QUIET, dark=INK, light="#ffffff")
    side = min(box.width, box.height)
    shape = slide.shapes.add_picture(io.BytesIO(png.getvalue()), 0, 0)
    placed(described(shape, "Code QR", TITLE), Box(box.left, box.top, side, side))
    lies = box.width > 1.5 * side
    start = side + GAP
    room = (
        Box(box.left + start, box.top, box.width - start, box.height)
        if lies
        else Box(box.left, box.top + side, box.width, box.height - side)
    )
    if written := _written(address, room):
        shape = write(slide, room, written, "Adresse", middle=lies)
        shape.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT if lies else PP_ALIGN.CENTER


def _written(address: str, room: Box) -> Lettered | None:
    """Return an address as a room would type it, its host on a line of its own; None where it does not fit."""
    host, stroke, path = address.partition("://")[2].partition("/")
    lines = [host, stroke + path] if path else [host]
    for size in SIZES:
        if (
            max(text_width(line, size) for line in lines) * SLACK <= room.width
            and len(lines) * LEADING * size <= room.height
        ):
            return Lettered("\v".join(lines), size, room.height)
    return None
