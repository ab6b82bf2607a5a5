"""A presentation as one HTML document that asks nobody for anything: presented on line, or kept on a disk.

The document comes piece by piece, so that a route may send each slide as soon as it is drawn. What the keys do is in
`assets/player.js`, how it looks in `assets/player.css`; drawing the charts is left to `lib.display.drawing.pictures`.
"""

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from functools import cache
from html import escape
from urllib.parse import quote

from lib.display.assets import BOUNDARIES, FOLDER, PUBLIC, SCRIPTS, content, public_name
from lib.display.figure import Figure, MapPicture, Show, Slide
from lib.display.formats import NARROW
from lib.display.guessing import guess
from lib.display.legend import legend_html
from lib.display.maps import attribution, script_json
from lib.display.palette import HIGH_CONTRAST
from lib.display.player import asking, rows
from lib.display.player.asking import heading
from lib.display.player.inlining import inline
from lib.display.player.qr import svg as qr_code

PLAYER = "player.js"
ORDERED = 3
"""Lines of text from which they are numbered, so that a table may say « la 2 »."""
LEGIBLE = 9
"""Pixels under which no letter of a drawing goes, on a phone: it is then wider than the screen."""
TALL = 1.9
"""Width over height under which a drawing stands beside its words: it then has the whole height of the screen."""
WEB = re.compile(r"https?://", re.IGNORECASE)
_ADDRESSES = re.compile(r"url\([^)]*\)")
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)

KEYS = (
    ("→ ou Espace", "écran suivant, ou réponse après une devinette"),
    ("←", "écran précédent"),
    ("F", "plein écran"),
    ("N", "notes de l’animateur, dans une autre fenêtre"),
    ("L", "liste des écrans"),
    ("B, W", "écran noir, écran blanc"),
    ("T", "chronomètre"),
    ("C", "contraste renforcé"),
    ("D", "données de l’écran"),
    ("Q", "code QR en grand"),
    ("?", "toutes les touches"),
)
MORE_KEYS = (
    ("Début, Fin", "premier écran, dernier écran"),
    ("+, −", f"zoom de la carte{NARROW}; après un clic sur la carte, les flèches la déplacent, Échap en sort"),
    ("0 à 9", "réponse de la salle à une devinette"),
    ("Télécommande", f"suivant, précédent, écran noir{NARROW}; démarrer (F5) met en plein écran"),
)


def document(show: Show, pictures: Iterable[str | None]) -> Iterator[str]:
    """Yield the document in pieces: the head and the first screen, then one slide at a time, then the end.

    Parameters
    ----------
    show : Show
        What is presented.
    pictures : iterable of str or None
        For each slide, its drawing alone as an SVG; it is asked for when the slide is due. A chart needs one. For a
        map, it is what paper shows of a map that was not drawn on the screen, and what a browser without scripts shows.

    Raises
    ------
    ValueError
        If there are more or fewer pictures than slides, or if one of them is not an SVG.
    """
    yield _head(show)
    yield _first(show)
    for place, (slide, picture) in enumerate(zip(show.slides, pictures, strict=True), start=1):
        yield _slide(slide, picture, place, show.mark)
    yield _last(show)
    if any(slide.figure and isinstance(slide.figure.picture, MapPicture) for slide in show.slides):
        yield _map_assets()
    yield "</main></body></html>\n"


def broken(incident: str) -> str:
    """Return the last piece of a document that could not be made whole: a screen that says so."""
    title = "La présentation n’est pas complète"
    return (
        f'<section class="screen lines broken" data-title="{title}" aria-label="{title}">'
        '<div class="said"><div class="words">'
        f'<h2>{title}</h2><p class="sentence">Une erreur a empêché de préparer la suite. Rechargez la page{NARROW}; si '
        f"l’erreur revient, signalez-la à l’équipe avec ce numéro{NARROW}: {escape(incident)}.</p></div></div>"
        "</section></main></body></html>\n"
    )


def script_digests() -> tuple[str, ...]:
    """Return the digest of each inline script, for a content security policy: `sha256-…`."""
    digests = (hashlib.sha256(script(name).encode()).digest() for name in (PLAYER, *SCRIPTS))
    return tuple(f"sha256-{b64encode(digest).decode()}" for digest in digests)


def content_policy() -> str:
    """Return the policy that the document gives itself, and that a route may send: its own scripts, no request."""
    scripts = " ".join(f"'{digest}'" for digest in script_digests())
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


@cache
def script(name: str) -> str:
    """Return a script as it stands in the document: without the address of its source map."""
    text = _SOURCE_MAP.sub("", (FOLDER / name).read_text(encoding="utf-8"))
    if re.search(r"</script|<!--", text, re.IGNORECASE):
        raise ValueError(f"{name} would end its own element")
    return text


@cache
def _style(*names: str) -> str:
    # Leaflet's pictures belong to controls that no map here has.
    return "\n".join(_ADDRESSES.sub("none", (FOLDER / name).read_text(encoding="utf-8")) for name in names)


def _head(show: Show) -> str:
    badge = f'<strong class="mark">{escape(show.mark)}</strong>' if show.mark else ""
    return (
        '<!doctype html><html lang="fr"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(content_policy())}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer">'
        f"<title>{escape(show.title)}</title>"
        f"<style>{_style('player.css')}</style>"
        f'<script type="application/json" id="high-contrast">{script_json(HIGH_CONTRAST)}</script>'
        f"<script>{script(PLAYER)}</script></head>"
        f'<body data-screens="{len(show.slides) + 2}" data-steps="{len(show.slides)}">'
        '<p class="progress" role="status"></p><p class="announced" aria-live="polite"></p>'
        f'<nav class="bar" aria-label="Présentation">{badge}<span class="timer" hidden></span>'
        '<span class="place"></span>'
        f"{_button('previous', 'Précédent (←)', '‹')}{_button('next', 'Suivant (→)', '›')}"
        f"{_button('list', 'Liste des écrans (L)', _LINES)}{_button('notes', 'Notes (N)', 'Notes')}"
        f"{_button('contrast', 'Contraste renforcé (C)', _HALF)}"
        f"{_button('screen', 'Plein écran (F)', _CORNERS)}{_button('help', 'Aide (?)', '?')}</nav>"
        f"{_dialog('list', 'Écrans', '<ol></ol>', _LIST_BUTTONS)}"
        f"{_dialog('help', 'Touches', _keys((*KEYS, *MORE_KEYS)))}"
        f"{_dialog('data', 'Données', '<div></div>')}"
        f"{_dialog('code', 'La même vue sur votre téléphone', '<div></div>')}"
        '<div class="blank" hidden></div><main>'
    )


# Drawn, not written: few typefaces have these signs.
_ICON = '<svg viewBox="0 0 18 18" aria-hidden="true"><path d="{}"/></svg>'
_CORNERS = _ICON.format("M2 7V2h5M11 2h5v5M16 11v5h-5M7 16H2v-5")
_LINES = _ICON.format("M2 4h14M2 9h14M2 14h14")
_HALF = _ICON.format("M9 2a7 7 0 0 0 0 14a7 7 0 0 0 0-14v14M6 4.5v9M3.5 7v4")


def _button(action: str, name: str, text: str) -> str:
    return f'<button type="button" data-do="{action}" title="{name}" aria-label="{name}">{text}</button>'


def _dialog(name: str, title: str, held: str, buttons: str = "") -> str:
    return (
        f'<dialog id="{name}" aria-labelledby="{name}-title"><h2 id="{name}-title">{title}</h2>{held}'
        f'<p class="buttons">{buttons}<button type="button" data-do="close">Fermer</button></p></dialog>'
    )


_LIST_BUTTONS = (
    '<button type="button" data-do="reset">Remettre le chronomètre à zéro</button>'
    '<button type="button" data-do="restart">Recommencer avec une autre salle</button>'
)


def _keys(keys: Iterable[tuple[str, str]]) -> str:
    listed = "".join(f"<div><dt>{key}</dt><dd>{does}</dd></div>" for key, does in keys)
    return f'<dl class="keys">{listed}</dl>'


def _first(show: Show) -> str:
    lines = "".join(f"<p>{escape(line)}</p>" for line in (show.subtitle, show.context) if line)
    return (
        f'<section class="screen first" data-title="{escape(show.title)}" aria-label="{escape(show.title)}">'
        f'<h1>{escape(show.title)}</h1>{lines}<div class="how">{_keys(KEYS)}<p>?{NARROW}: touches</p></div>'
        f"{_paper(show.mark)}</section>"
    )


def _last(show: Show) -> str:
    title = "D’où viennent ces chiffres"
    listed = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in show.stamp.items()
    )
    return (
        f'<section class="screen last" data-title="{title}" aria-label="{title}">'
        f"<h2>{title}</h2><dl>{listed}</dl>{_paper(show.mark)}</section>"
    )


def _slide(slide: Slide, picture: str | None, place: int, mark: str) -> str:
    figure = slide.figure
    words = f"<h2>{heading(slide.title)}</h2>"
    words += f'<p class="sentence">{escape(slide.sentence)}</p>' if slide.sentence else ""
    asked = guess(slide)
    # The question of a guess has been answered when the figure is there; also where there is nothing to guess.
    question = "" if slide.guess and not asked else slide.question
    words += '<p class="room" hidden></p>' if asked else _question(question)
    shape, held, beside = "lines", _lines(slide.lines) + _view(slide.address), ""
    if figure is not None:
        shape, held, beside = _figure(figure, picture, place, mark, _view(slide.address))
    origin = " · ".join(part for part in (figure.base if figure else "", slide.origin) if part)
    kinds = f"screen {shape} asking" if asked else f"screen {shape}"
    return (
        f'<section class="{kinds}" data-title="{escape(slide.title)}" aria-label="Écran {place}">'
        f"{asking.html(asked) if asked else ''}"
        f'<div class="said"><div class="words">{words}{beside}</div>{held}</div>'
        f'<p class="origin">{_mark(mark, origin)}{escape(origin)}</p>'
        f"{_notes(slide, question)}{rows.data(figure) if figure else ''}</section>"
    )


def _mark(mark: str, before: str = "") -> str:
    """Return the mark where no bar shows it: on paper, and in a browser without scripts."""
    return f'<b class="paper">{escape(mark)}{" · " if before else ""}</b>' if mark else ""


def _paper(mark: str) -> str:
    return f'<p class="origin">{_mark(mark)}</p>' if mark else ""


def _question(question: str) -> str:
    return f'<p class="question">{heading(question)}</p>' if question else ""


def _lines(lines: tuple[str, ...]) -> str:
    kind = "ol" if len(lines) >= ORDERED else "ul"
    return f'<{kind} class="text">{"".join(f"<li>{escape(line)}</li>" for line in lines)}</{kind}>' if lines else ""


def _figure(figure: Figure, picture: str | None, place: int, mark: str, view: str) -> tuple[str, str, str]:
    """Return the shape of the screen of a figure, the figure, and what stands with its words.

    That is the legend of a map, whose corner has room for the code of the view; else, this code.
    """
    alt = escape(figure.alt or figure.title)
    if isinstance(figure.picture, MapPicture):
        shown = figure.picture
        options = {"payload": shown.payload, "title": figure.alt or figure.title, "attribution": attribution(mark)}
        still = f'<img src="data:image/svg+xml,{quote(picture)}" alt="{alt}">' if picture else ""
        note = "" if picture else f"<p>Carte non imprimée{NARROW}: affichez-la à l’écran avant d’imprimer.</p>"
        held = (
            f'<div class="figure">{view}<div class="map"></div><div class="still">{still}{note}</div>'
            f'<script type="application/json" class="payload">{script_json(options)}</script></div>'
        )
        return "beside", held, legend_html(shown.entries, shown.counts, title=shown.title, unit=shown.unit)
    if picture is None:
        return "stacked", f'<div class="figure">{rows.table(figure.table(), rows.SHOWN)}</div>', view
    drawn = inline(picture, figure.alt or figure.title, f"s{place}-")
    least = f' style="--least:{LEGIBLE / drawn.letters:.0f}px"' if drawn.letters else ""
    held = f'<div class="figure drawn"{least}>{drawn.element}</div>'
    return "beside" if drawn.aspect < TALL else "stacked", held, view


def _view(address: str) -> str:
    if not WEB.match(address):
        return ""
    try:
        code = qr_code(address)
    except ValueError:
        # Longer than a code can hold: filters that nobody chose in the menu.
        return ""
    short = WEB.sub("", address).removesuffix("/")
    return (
        f'<a class="view" href="{escape(address)}" target="_blank" rel="noopener">{code}'
        f"<span>{escape(short).replace('/', '/<wbr>').replace('.', '.<wbr>')}</span></a>"
    )


def _notes(slide: Slide, question: str) -> str:
    reading = slide.figure.reading if slide.figure else ""
    known = reading.casefold() == slide.sentence.casefold()
    texts = [*slide.notes.splitlines(), "" if known else f"Comment lire{NARROW}: {reading}"]
    held = "".join(f"<p>{escape(text)}</p>" for text in texts if text.strip())
    asked = f' data-question="{escape(question)}"' if question else ""
    return f'<aside class="notes" aria-label="Notes"{asked}>{held}</aside>'


def _map_assets() -> str:
    style = _style("leaflet.css", "territory_map.css")
    scripts = "".join(f"<script>{script(name)}</script>" for name in SCRIPTS)
    # In JSON, « < » only stands inside strings.
    boundaries = content(PUBLIC[public_name(BOUNDARIES)]).decode().replace("<", "\\u003c")
    return f'<style>{style}</style>{scripts}<script type="application/json" id="boundaries">{boundaries}</script>'
