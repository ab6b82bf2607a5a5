"""Where things stand on a slide: boxes in points, texts made to fit them, the place that a figure may take.

Nothing here knows PowerPoint; a slide is drawn by `lib.display.deck.slides`, from these boxes.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from lib.display.drawing.lettering import lines as broken

LEADING = 1.2
"""Height of a line, in sizes of its letters."""
SLACK = 1.15
"""How much wider than Arial the typeface of a template may be: what fits here then fits there."""
GAP = 8.0
"""Points between two things of a slide."""
ELLIPSIS = "\u202f…"


class DeckError(Exception):
    """A deck that cannot be made; the message says what to do, in French."""


@dataclass(frozen=True)
class Box:
    """A rectangle on a slide, in points from its upper left corner."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.top + self.height

    def meets(self, other: "Box") -> bool:
        """Return whether two boxes share more than an edge."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > 0.01 and down > 0.01

    def above(self, bottom: float) -> "Box":
        """Return the part of the box that is above a height."""
        return replace(self, height=max(0.0, min(self.bottom, bottom) - self.top))

    def below(self, top: float) -> "Box":
        """Return the part of the box that is below a height."""
        start = max(self.top, top)
        return Box(self.left, start, self.width, max(0.0, self.bottom - start))

    def clear_of(self, others: Iterable["Box"]) -> "Box":
        """Return the largest part of the box that a cut along one edge of each of the others leaves free."""
        box = self
        for other in others:
            if not box.meets(other):
                continue
            right = max(box.left, other.right + GAP)
            cuts = (
                box.above(other.top - GAP),
                box.below(other.bottom + GAP),
                replace(box, width=max(0.0, other.left - GAP - box.left)),
                replace(box, left=right, width=max(0.0, box.right - right)),
            )
            box = max(cuts, key=lambda cut: cut.width * cut.height)
        return box

    def holding(self, aspect: float) -> "Box":
        """Return the largest box of this aspect (width over height) in its upper part, in its middle across."""
        width = min(self.width, self.height * aspect)
        return Box(self.left + (self.width - width) / 2, self.top, width, width / aspect)


@dataclass(frozen=True)
class Lettered:
    """A text with the size at which it fits, and the height that it then takes; all in points."""

    text: str
    size: float
    height: float


def height_of(text: str, size: float, width: float, *, bold: bool = False) -> float:
    """Return the height of a text over as many lines as its width asks for."""
    return LEADING * size * len(broken(text, width / SLACK, size, bold=bold))


def lettered(
    text: str, width: float, height: float, sizes: Sequence[float], *, bold: bool = False, most: int = 99
) -> Lettered:
    """Return a text at the first of these sizes at which it fits, over `most` lines at the most.

    At the last size, what does not fit is cut at a word and replaced by « … ».
    """
    for size in sizes:
        allowed = min(height, most * LEADING * size)
        taken = height_of(text, size, width, bold=bold)
        if taken <= allowed + 0.01:
            return Lettered(text, size, taken)
    kept = _cut(text, lambda shorter: height_of(shorter, size, width, bold=bold) <= allowed + 0.01)
    return Lettered(kept, size, height_of(kept, size, width, bold=bold))


def _cut(text: str, fits: Callable[[str], bool]) -> str:
    """Return the longest beginning of a text that fits, cut between words if one does, with its « … »."""
    words = text.split(" ")
    kept = _most(len(words) - 1, lambda n: fits(" ".join(words[:n]) + ELLIPSIS))
    if kept:
        return " ".join(words[:kept]).rstrip(",;:. \u202f") + ELLIPSIS
    return text[: _most(len(text) - 1, lambda n: fits(text[:n] + ELLIPSIS))] + ELLIPSIS


def _most(longest: int, fits: Callable[[int], bool]) -> int:
    low, high = 0, longest
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low


def paged(heights: Sequence[float], height: float, gap: float = 0.0) -> list[range]:
    """Return the items that stand together on each page, in their order; one at least."""
    starts, taken = [0], 0.0
    for place, own in enumerate(heights):
        if place > starts[-1] and taken + own > height + 0.01:
            starts.append(place)
            taken = 0.0
        taken += own + gap
    return [range(start, end) for start, end in pairwise([*starts, len(heights)])]


@dataclass(frozen=True)
class Words:
    """What is written around a figure; each may be empty."""

    sentence: str
    caption: str
    question: str


@dataclass(frozen=True)
class Arrangement:
    """The places of a slide with a figure; the words at the sizes that fit there; the code of its address."""

    drawing: Box
    sentence: tuple[Box, Lettered] | None
    caption: tuple[Box, Lettered] | None
    question: tuple[Box, Lettered] | None
    code: Box | None = None


SENTENCE, CAPTION, QUESTION = (18, 16, 14), (14,), (18, 16, 14)
"""Sizes of the words around a figure, in points, the first that fits."""
CODE, UNDER = 112.0, 44.0
"""Most points of the side of the code of an address; and of the address written under it."""


def across(area: Box, words: Words, *, code: bool = False) -> Arrangement:
    """Return the places with the words above and under a figure as wide as the slide, less the code of the address."""
    side = min(CODE, 0.16 * area.width) if code else 0.0
    drawn = replace(area, width=area.width - side - 2 * GAP) if code else area
    way = _arranged(drawn, area, drawn, words, area.height * 0.2, beside=False)
    tall = side + UNDER
    return replace(way, code=Box(area.right - side, area.bottom - tall, side, tall)) if code else way


def beside(area: Box, words: Words, share: float = 0.66, *, code: bool = False) -> Arrangement:
    """Return the places with the words in a column at the right of a figure as high as the slide."""
    left = replace(area, width=area.width * share - GAP)
    start = area.left + area.width * share + GAP
    column = Box(start, area.top, area.right - start, area.height)
    side = min(CODE, 0.27 * area.height) if code else 0.0
    high = (area.height - side - 2 * GAP) * (0.5 if words.question else 0.95)
    way = _arranged(left, column, column, words, high, beside=True)
    under = (way.question[0].top if way.question else column.bottom + GAP) - GAP
    return replace(way, code=Box(column.left, under - side, column.width, side)) if code else way


def _arranged(drawn: Box, column: Box, asked: Box, words: Words, high: float, *, beside: bool) -> Arrangement:
    """Return the places around, or beside, what is drawn in `drawn`: the sentence in `column`, the question in `asked`.

    The sentence is `high` at the most.
    """
    sentence = lettered(words.sentence, column.width, high, SENTENCE) if words.sentence else None
    wide = asked.width - 2 * GAP
    question = lettered(words.question, wide, high * 0.8, QUESTION, bold=True) if words.question else None
    caption = lettered(words.caption, drawn.width, 52, CAPTION) if words.caption else None
    top, bottom = drawn.top, drawn.bottom
    placed: dict[str, tuple[Box, Lettered]] = {}
    if sentence:
        placed["sentence"] = (Box(column.left, top, column.width, sentence.height), sentence)
        top += 0 if beside else sentence.height + GAP
    if question:
        tall = question.height + GAP
        placed["question"] = (Box(asked.left, asked.bottom - tall, asked.width, tall), question)
        bottom -= 0 if beside else tall + GAP
    if caption:
        placed["caption"] = (Box(drawn.left, bottom - caption.height, drawn.width, caption.height), caption)
        bottom -= caption.height + GAP
    free = Box(drawn.left, top, drawn.width, max(1.0, bottom - top))
    return Arrangement(free, placed.get("sentence"), placed.get("caption"), placed.get("question"))
