"""A deck as a .pptx, from the value that `lib.display.deck.request` makes.

It runs in the process that draws, and imports neither tables nor charts; what stands on each slide is decided by
`lib.display.deck.slides`.
"""

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lib.display.deck.shapes import LANGUAGE, in_french
from lib.display.deck.slides import draw_figure, draw_guess, draw_lines, draw_opening, draw_source
from lib.display.deck.template import load_template

AUTHOR = "Numérique et territoires"


def deck(request: Mapping[str, Any], template: bytes | None = None) -> bytes:
    """Return the .pptx of a request of `lib.display.deck.request.deck_request`, in the layouts of a template.

    Raises
    ------
    DeckError
        When the template cannot be used.
    """
    model = load_template(template)
    draw_opening(model, request)
    for told in request["slides"]:
        if told["guess"]:
            draw_guess(model, request, told)
        (draw_figure if told["table"] else draw_lines)(model, request, told)
    draw_source(model, request)
    presentation = model.presentation
    for slide in presentation.slides:
        in_french(slide._element)
        in_french(slide.notes_slide._element)
    made = datetime.fromisoformat(request["made"])
    said = presentation.core_properties
    said.title, said.subject, said.keywords = request["title"][:255], request["context"][:255], request["mark"]
    said.author = said.last_modified_by = AUTHOR
    said.comments = said.category = ""
    said.created = said.modified = made
    said.language, said.revision = LANGUAGE, 1
    content = io.BytesIO()
    presentation.save(content)
    return _dated(content)


def _dated(content: io.BytesIO) -> bytes:
    """Return the same archive without the hour at which it was written."""
    written = io.BytesIO()
    with zipfile.ZipFile(content) as made, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as kept:
        for part in made.infolist():
            kept.writestr(zipfile.ZipInfo(part.filename), made.read(part), zipfile.ZIP_DEFLATED)
    return written.getvalue()
