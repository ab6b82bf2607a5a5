"""The template of a deck, ours or a .pptx of PQN-A: the layouts that its slides take, the places that these leave free.

What our own looks like is in `lib.display.deck.house`.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER as PLACEHOLDER
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn

from lib.display.deck.house import own_template
from lib.display.deck.layout import GAP, Box, DeckError
from lib.display.deck.placeholders import FOOTER, NUMBER, POINT, SUBTITLE, TITLES, box_of, by_type, without_relation
from lib.display.formats import NARROW

LARGEST = 200 * 2**20
"""Bytes that a template may have once unpacked."""
FOOT = 26.0
"""Points of the foot of a slide: two lines of 10."""


@dataclass(frozen=True)
class Places:
    """What a layout leaves free for a slide.

    Parameters
    ----------
    title, content, foot : Box
        Places of the title, of what the slide shows, and of the line under it.
    size : float
        Points of the title in the layout.
    moved : bool
        Whether the title does not stand where the layout puts it.
    hanging : bool
        Whether the title starts at the top of its place: what it does not need of it is then free.
    drawn : tuple of Box
        What the template draws, logos and rules.
    """

    title: Box
    content: Box
    foot: Box
    size: float
    moved: bool = False
    hanging: bool = False
    drawn: tuple[Box, ...] = ()

    def under(self, height: float) -> "Places":
        """Return the places under a title of this height."""
        title = replace(self.title, height=min(height, self.title.height))
        return replace(self, title=title, content=_between(title, self.foot).clear_of(self.drawn), moved=True)


@dataclass(frozen=True)
class Template:
    """A presentation without slides, its layout of a first slide and that of the others, with their places."""

    presentation: Any
    first: Any
    plain: Any
    opening: Places
    places: Places


def load_template(content: bytes | None) -> Template:
    """Return the template of a .pptx, or our own without one; its slides are left out, its layouts kept.

    Raises
    ------
    DeckError
        When the file is not a .pptx, or has no layout with a title.
    """
    if content is None:
        return _template(own_template())
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > LARGEST:
                raise DeckError(
                    f"Le modèle de diaporama est trop lourd{NARROW}: allégez ses images (au plus 200 Mo décompressé)."
                )
        presentation = Presentation(io.BytesIO(content))
        _without_slides(presentation)
        return _template(presentation)
    except DeckError:
        raise
    # A damaged file fails in a hundred ways, in three libraries.
    except Exception as fault:
        raise DeckError(
            f"Le modèle de diaporama ne peut pas être lu{NARROW}: ouvrez-le dans PowerPoint ou LibreOffice, "
            "enregistrez-le au format .pptx (et non .potx, .ppt ou .odp), puis déposez-le de nouveau."
        ) from fault


def _template(presentation: Any) -> Template:
    titled = [layout for layout in presentation.slide_layouts if by_type(layout, *TITLES) is not None]
    if not titled:
        raise DeckError(
            f"Le modèle de diaporama n’a aucune disposition avec un titre{NARROW}: ajoutez-y une disposition "
            f"«{NARROW}Titre seul{NARROW}» (Affichage, Masque des diapositives), puis déposez-le de nouveau."
        )
    first = next((layout for layout in titled if by_type(layout, PLACEHOLDER.CENTER_TITLE) is not None), titled[0])
    plain = min(titled, key=lambda layout: (_filled(layout), layout is first))
    width, height = presentation.slide_width / POINT, presentation.slide_height / POINT
    return Template(presentation, first, plain, _opening(first, width, height), _places(plain, width, height))


def _filled(layout: Any) -> int:
    """Return how many placeholders a layout has beside a title and what stands at its foot: none in « Titre seul »."""
    usual = (*TITLES, FOOTER, NUMBER, PLACEHOLDER.DATE)
    others = sum(shape.placeholder_format.type not in usual for shape in layout.placeholders)
    # A first slide's title stands in the middle: last resort.
    return others + 100 * (by_type(layout, PLACEHOLDER.CENTER_TITLE) is not None)


def _places(layout: Any, width: float, height: float) -> Places:
    """Return the places of a slide under its title; the title is moved where its layout leaves too little room."""
    title, drawn = by_type(layout, *TITLES), list(_decorations(layout, width, height))
    given = box_of(title)
    usual = Box(0.046 * width, 0.05 * height, 0.908 * width, 0.145 * height)
    away = given is None or given.top > 0.3 * height or given.width < 0.5 * width or given.bottom > 0.4 * height
    standing = usual if given is None or away else given
    box = _beside(standing, drawn)
    foot = _foot(layout, box, width, height, drawn)
    content = _between(box, foot).clear_of(drawn)
    moved = away or box != standing
    return Places(box, content, foot, _size(layout, title), moved, _hangs(layout, title), tuple(drawn))


def _opening(layout: Any, width: float, height: float) -> Places:
    """Return the places of the first slide: `content` is that of the subtitle."""
    title, drawn = by_type(layout, *TITLES), list(_decorations(layout, width, height))
    standing = box_of(title) or Box(0.1 * width, 0.3 * height, 0.8 * width, 0.2 * height)
    box = _beside(standing, drawn)
    foot = _foot(layout, box, width, height, drawn)
    subtitle = by_type(layout, SUBTITLE)
    content = (subtitle is not None and box_of(subtitle)) or _between(box, foot)
    return Places(box, content.clear_of([*drawn, box, foot]), foot, _size(layout, title), box != standing)


def _beside(title: Box, drawn: list[Box]) -> Box:
    """Return the place of a title clear of a logo; a band that it stands upon stays under it."""
    clear = title.clear_of(drawn)
    return clear if clear.width * clear.height > 0.6 * title.width * title.height else title


def _between(title: Box, foot: Box) -> Box:
    return Box(title.left, title.bottom + GAP, title.width, max(1.0, foot.top - 2 * GAP - title.bottom))


def _foot(layout: Any, title: Box, width: float, height: float, drawn: list[Box]) -> Box:
    """Return the line at the foot of a slide, beside its number and clear of what the template draws."""
    standing = [shape for shape in (by_type(layout, FOOTER), by_type(layout, NUMBER)) if shape is not None]
    bottoms = [box.bottom for shape in standing if (box := box_of(shape)) and box.top > 0.75 * height]
    number = by_type(layout, NUMBER)
    taken = [*drawn, *([box] if number is not None and (box := box_of(number)) else [])]
    bottom = min([height - 10, *bottoms])
    for _ in range(4):
        given = Box(title.left, bottom - FOOT, title.width, FOOT)
        foot = given.clear_of(taken)
        if foot.width > 0.45 * width and foot.height > 0.9 * FOOT:
            return foot
        bottom -= FOOT
    return given


def _decorations(layout: Any, width: float, height: float) -> Iterator[Box]:
    """Yield the boxes of what a template draws: logos, rules; not the backgrounds, which slides stand upon."""
    master = layout.slide_master
    shown = layout.element.get("showMasterSp") not in ("0", "false")
    for shape in [*layout.shapes, *(master.shapes if shown else ())]:
        box = None if shape.is_placeholder else box_of(shape)
        if box and box.width * box.height < 0.2 * width * height:
            yield box


def _hangs(layout: Any, title: Any) -> bool:
    """Return whether the text of a title starts at the top of its place, as its layout or its master says it."""
    own = by_type(layout.slide_master, *TITLES)
    said = (shape._element.txBody.bodyPr.get("anchor") for shape in (title, own) if shape is not None)
    return next((anchor for anchor in said if anchor), "t") == "t"


def _size(layout: Any, title: Any) -> float:
    """Return the points of a title, as its layout or its master says them."""
    master = layout.slide_master
    own, styles = by_type(master, *TITLES), master.element.find(f".//{qn('p:titleStyle')}")
    for place in (title._element, own._element if own is not None else None, styles):
        given = place.find(f".//{qn('a:lvl1pPr')}/{qn('a:defRPr')}") if place is not None else None
        if given is not None and given.get("sz"):
            return float(given.get("sz")) / 100
    return 32.0


def _without_slides(presentation: Any) -> None:
    """Leave out the slides of a template, and what tells of them."""
    root = presentation.part._element
    for slide in list(root.sldIdLst if root.sldIdLst is not None else ()):
        presentation.part.drop_rel(slide.rId)
        root.sldIdLst.remove(slide)
    for tag in ("p:custShowLst", "p:extLst"):
        for element in root.findall(qn(tag)):
            root.remove(element)
    without_relation(presentation.part.package, RELATIONSHIP_TYPE.THUMBNAIL)
