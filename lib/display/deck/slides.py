"""What stands on each slide of a deck: the first one, a figure, what the room guesses, lines, a table, the source.

Where things stand is computed by `lib.display.deck.layout`, from what the template leaves free.
"""

from base64 import b64decode
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from lib.display.deck.address import draw_code
from lib.display.deck.chart import chart_box, draw_chart
from lib.display.deck.layout import GAP, UNDER, Arrangement, Box, Words, across, beside, height_of, lettered
from lib.display.deck.placeholders import SUBTITLE, TITLES, by_type, placed
from lib.display.deck.shapes import (
    LINES,
    bulleted,
    described,
    draw_bullets,
    draw_mark,
    draw_picture,
    draw_rule,
    flush,
    mark_width,
    number_slide,
    picture_aspect,
    spaced,
    toned,
    write,
    write_foot,
)  # fmt: skip
from lib.display.deck.table import draw_table, table_pages
from lib.display.deck.template import Places, Template
from lib.display.formats import NARROW, counted

Request = Mapping[str, Any]

SOURCE = "D’où viennent ces chiffres"
NEXT = " (suite)"
ANSWERED = "La réponse est sur la diapositive suivante."
HEADINGS, OPENING = (32, 30, 28, 26, 24, 22, 20, 18), (44, 40, 36, 32, 28, 24, 20)
"""Points of a title, and of that of the first slide, from those of their layouts down."""
SUBTITLES = ((22, 18, 16), (20, 16, 14), (18, 14, 14), (16, 14, 14))
"""Points of the lines under the first title, the first that fit."""
ASKED = (32, 28, 24, 20)
"""Points of what a room guesses."""
ACROSS = 1.5
"""Points of letters that the width of a chart is worth."""
TABLE = 14
"""Points of a table."""
CODES = 0.24
"""Part of the width that the code of an address takes beside lines."""
NUMBERED = 3
"""Lines from which they are numbered: a room then says which one it speaks of."""
LEAST = 9.0
"""Points of the letters of a figure under which it is not legible from the back of the room."""
ELSEWHERE = f"Cette figure a beaucoup de lignes{NARROW}: elle se lit mieux dans le document, ou à l’adresse de la vue."
"""Said to the presenter where its letters are smaller."""


def draw_opening(model: Template, request: Request) -> None:
    """Draw the first slide: title, subtitle, what is selected, date, mark."""
    slide, places = model.presentation.slides.add_slide(model.first), model.opening
    _headed(slide, places, request["title"], OPENING, most=3)
    holder = by_type(slide.shapes, SUBTITLE)
    box = places.content
    shape = holder if holder is not None else described(slide.shapes.add_textbox(0, 0, 0, 0), "Sous-titre")
    placed(shape, box)
    flush(shape.text_frame)
    said = [text for text in (request["subtitle"], request["context"], request["date"]) if text]
    for sizes in SUBTITLES:
        heights = [height_of(text, size, box.width - 2 * GAP) for text, size in zip(said, sizes, strict=False)]
        room = box.height - GAP * len(said)
        if sum(heights) <= room:
            break
    for place, (text, size) in enumerate(zip(said, sizes, strict=False)):
        paragraph = shape.text_frame.paragraphs[0] if not place else shape.text_frame.add_paragraph()
        high = max(room / len(said), heights[place] if sum(heights) <= room else 0)
        paragraph.text = lettered(text, box.width - 2 * GAP, high, (size,)).text
        spaced(paragraph, GAP)
        toned(paragraph.runs, size, quiet=place > 0)
    _finish(slide, places, request, "", numbered=False)


def draw_figure(model: Template, request: Request, told: Request) -> None:
    """Draw a figure as large as its slide allows, as a chart of the presentation where it can be one."""
    slide, places = _slide(model, told["title"])
    words = Words(told["sentence"], told["caption"], told["question"])
    code, notes = bool(told["address"]), list(told["notes"])
    ways = [across(places.content, words, code=code), beside(places.content, words, code=code)]
    charts = [(way, found) for way in ways if told["bars"] and (found := chart_box(told["bars"], way.drawing))]
    if charts:
        # Across rather than beside, where labels are cut, unless its letters are far smaller.
        way, (box, size) = max(charts, key=lambda chart: chart[1][1] + ACROSS * (chart[0] is ways[0]))
        origin = [part for part in (request["mark"], told["caption"], told["origin"]) if part]
        draw_chart(slide, box, size, told["bars"], told["alt"], origin)
    elif told["picture"]:
        png = b64decode(told["picture"])
        way = max(ways, key=lambda way: way.drawing.holding(picture_aspect(png)).width)
        box = way.drawing.holding(picture_aspect(png))
        draw_picture(slide, box, png, told["alt"])
        if told["letters"] * box.width < LEAST:
            notes.append(ELSEWHERE)
    else:
        way, box = _table(slide, places, told)
    _words(slide, way, box)
    if way.code:
        draw_code(slide, way.code, told["address"])
    _finish(slide, places, request, told["origin"], notes)


def _table(slide: Any, places: Places, told: Request) -> tuple[Arrangement, Box]:
    """Draw the first rows of the table of a figure, as many as its slide holds; say how many there are more."""
    table = told["table"]
    more = f"{told['caption']} · {counted(table['total'], 'ligne')} dans le tableau de bord"
    for caption in (told["caption"], more):
        way = across(places.content, Words(told["sentence"], caption, told["question"]), code=bool(told["address"]))
        held = table_pages(table["rows"], way.drawing, TABLE, headings=table["headings"])[0]
        if len(held) == table["total"]:
            break
    rows = [table["rows"][place] for place in held]
    tall = draw_table(slide, way.drawing, rows, TABLE, told["alt"], headings=table["headings"])
    return way, way.drawing.above(way.drawing.top + tall)


def _words(slide: Any, way: Arrangement, drawn: Box) -> None:
    """Write the words of a figure: the caption right under it, the question beside a rule."""
    if way.sentence:
        write(slide, *way.sentence, "Ce que dit la figure")
    if way.caption:
        box, text = way.caption
        write(slide, Box(box.left, drawn.bottom + GAP, box.width, box.height), text, "Base", quiet=True)
    if way.question:
        box, text = way.question
        draw_rule(slide, Box(box.left, box.top, 4, box.height))
        inside = Box(box.left + 2 * GAP, box.top, box.width - 2 * GAP, box.height)
        write(slide, inside, text, "Question à la salle", bold=True, accent=True, middle=True)


def draw_guess(model: Template, request: Request, told: Request) -> None:
    """Draw what the room guesses before it sees a figure, on as many slides as the choices need."""
    guess, first = told["guess"], 0
    among = guess["among"]
    while not first or first < len(among):
        slide, places = _slide(model, guess["title"] + (NEXT if first else ""))
        area = places.content
        asked = lettered(guess["asked"], area.width - 2 * GAP, area.height * 0.4, ASKED, bold=True)
        base = lettered(guess["base"], area.width, 34, (14,))
        # A question that stands alone stands in the middle.
        top = area.top + (GAP if among else area.height * 0.3)
        question = Box(area.left, top, area.width, asked.height + GAP)
        under = Box(area.left, question.bottom + GAP, area.width, base.height)
        _words(slide, Arrangement(area, None, (under, base), (question, asked)), question)
        free, rest = area.below(under.bottom + GAP), among[first:]
        size, pages = bulleted(rest, free)
        held = len(pages[0])
        if held:
            draw_bullets(slide, free, rest[:held], size, numbered_from=first + 1)
        _finish(slide, places, request, told["origin"], [*guess["notes"], ANSWERED])
        first += max(1, held)


def draw_lines(model: Template, request: Request, told: Request) -> None:
    """Draw a slide of lines, or as many as they need; the question is on the last."""
    slide, places = _slide(model, told["title"])
    area = places.content
    question = lettered(told["question"], area.width - 2 * GAP, area.height * 0.3, (20, 18, 16), bold=True)
    kept = question.height + 3 * GAP if told["question"] else 0.0
    side = min(CODES * area.width, 0.6 * area.height) if told["address"] else 0.0
    free = Box(area.left, area.top + GAP, area.width - side - 3 * GAP * bool(side), area.height - GAP - kept)
    code = Box(area.right - side, area.top + GAP, side, min(side + 2 * UNDER, free.height))
    numbered = len(told["lines"]) >= NUMBERED
    size, pages = bulleted(told["lines"], free) if told["lines"] else (LINES[0], [range(0)])
    for place, page in enumerate(pages):
        if place:
            slide, places = _slide(model, told["title"] + NEXT)
        if page:
            lines, first = [told["lines"][line] for line in page], page.start + 1 if numbered else 0
            draw_bullets(slide, free.below(places.content.top), lines, size, numbered_from=first)
        if side:
            draw_code(slide, code, told["address"])
        if told["question"] and place == len(pages) - 1:
            asked = Box(area.left, area.bottom - question.height - GAP, area.width, question.height + GAP)
            _words(slide, Arrangement(free, None, None, (asked, question)), free)
        _finish(slide, places, request, told["origin"], told["notes"] if not place else ())


def draw_source(model: Template, request: Request) -> None:
    """Draw where the figures come from: the stamp as a table, how they are read."""
    rest = request["stamp"]
    for place in count():
        slide, places = _slide(model, SOURCE + (NEXT if place else ""))
        area = places.content
        method = lettered(request["method"], area.width, area.height * 0.3, (14,))
        box = area.above(area.bottom - method.height - GAP)
        held = table_pages(rest, box, TABLE)[0] if rest else range(0)
        rows, rest = rest[: len(held)], rest[len(held) :]
        if rows:
            said = f"{NARROW}; ".join(" ".join(row) for row in rows)
            draw_table(slide, box, rows, TABLE, f"{SOURCE}{NARROW}: {said}.")
        if not rest:
            write(slide, Box(area.left, box.bottom + GAP, area.width, method.height), method, "Méthode")
        _finish(slide, places, request, "")
        if not rest:
            return


def _slide(model: Template, title: str) -> tuple[Any, Places]:
    """Return a new slide with its title, and its places: what the title leaves of its own is free."""
    slide = model.presentation.slides.add_slide(model.plain)
    return slide, _headed(slide, model.places, title, HEADINGS)


def _headed(slide: Any, places: Places, title: str, sizes: Sequence[float], most: int = 2) -> Places:
    """Write a title at a size at which it stands on two lines, on three at the smallest; a longer one is cut."""
    shape, wide, high = by_type(slide.shapes, *TITLES), places.title.width - 2 * GAP, places.title.height - GAP
    allowed = [size for size in sizes if size <= places.size] or [sizes[-1]]
    fitted = lettered(title, wide, high, allowed, bold=True, most=most)
    if fitted.text != title:
        fitted = lettered(title, wide, high, allowed[-1:], bold=True)
    if fitted.text != title:
        _note(slide, [title])
    shape.text_frame.text = fitted.text
    if fitted.size != places.size:
        toned(shape.text_frame.paragraphs[0].runs, fitted.size)
    if places.hanging:
        places = places.under(fitted.height + GAP)
    if places.moved:
        placed(shape, places.title)
    return places


def _finish(
    slide: Any, places: Places, request: Request, origin: str, notes: Sequence[str] = (), *, numbered: bool = True
) -> None:
    """Draw the foot of a slide, write its notes, and leave out the placeholders of its layout that hold nothing."""
    for shape in list(slide.placeholders):
        if shape.has_text_frame and not shape.text_frame.text:
            shape._element.getparent().remove(shape._element)
    foot = places.foot
    if request["mark"]:
        wide = mark_width(request["mark"])
        draw_mark(slide, Box(foot.left, foot.top + 3, wide, foot.height - 6), request["mark"])
        foot = Box(foot.left + wide + GAP, foot.top, foot.width - wide - GAP, foot.height)
    if said := origin.removeprefix(f"{request['mark']} · ") if request["mark"] else origin:
        write_foot(slide, foot, said)
    if numbered:
        number_slide(slide)
    _note(slide, notes)


def _note(slide: Any, lines: Sequence[str]) -> None:
    """Add paragraphs to the notes of a slide; a template may have no place for them."""
    frame = slide.notes_slide.notes_text_frame
    if frame is not None and lines:
        frame.text = "\n".join([frame.text, *lines] if frame.text else lines)
