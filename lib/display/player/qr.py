"""QR codes as inline SVG, so that a room may open on its phones the view that it is shown.

What the address is belongs to the caller; where the code stands, and how large, to the page that holds it.
"""

import segno

from lib.display.palette import INK

TITLE = "Code QR vers la même vue"
QUIET = 4
"""Modules of white around the code, as ISO/IEC 18004 asks."""


def svg(text: str, title: str = TITLE) -> str:
    """Return a QR code as an SVG element without a size of its own: it fills the box that holds it.

    Parameters
    ----------
    text : str
        What the code says: a whole address.
    title : str
        Its text alternative.

    Raises
    ------
    ValueError
        If the text is empty, or too long for any code (some 2,300 characters).
    """
    if not text:
        raise ValueError("a QR code says something")
    # Level M: 15 % of the code may be unreadable, a reflection on the screen for instance.
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(border=QUIET, omitsize=True, dark=INK, light="#ffffff", title=title, svgclass="qr")
    return drawn.replace("<svg ", '<svg role="img" ', 1)
