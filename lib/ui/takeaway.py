"""The buttons that take away a figure, or all that a page shows: numbers, pictures, slides, a document.

What a file holds is written by `lib.display`; here it is named, offered, and made at the click, its progress shown when
it takes longer than a second.
"""

from collections.abc import Callable

import streamlit as st

from lib.display.deck.request import DeckError
from lib.display.drawing import pictures
from lib.display.drawing.pictures import PictureError
from lib.display.figure import Figure, MapPicture, Show
from lib.display.files import dossier, downloads, workbook
from lib.survey.edition import Edition
from lib.survey.identity import PREVIEW
from lib.ui import incidents, menu, origin, shows, visitor
from lib.ui.observing import journal
from lib.ui.observing.downloads import FileError
from lib.ui.visitor import VisitError

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def file_name(edition: Edition, name: str, suffix: str) -> str:
    """Return the whole name of a file of an edition."""
    return f"{downloads.stem(name, simulated=edition.simulated)}.{suffix}"


def buttons(figure: Figure, edition: Edition) -> None:
    """Draw the buttons of one figure; each file is made when it is asked for."""
    where = journal.here()

    def button(label: str, suffix: str, mime: str, make: Callable[[], bytes | str], key: str = "") -> None:
        def made() -> bytes | str:
            try:
                return make()
            except Exception as error:
                # The browser says so with its number; Streamlit's own log would quote the message, and is silent.
                raise FileError(incidents.log(error, where)) from None

        st.download_button(
            label, data=made, file_name=file_name(edition, figure.name, suffix), mime=mime, on_click="ignore",
            key=f"{key or suffix}-{figure.name}", icon=":material/download:",
        )  # fmt: skip

    with st.container(horizontal=True, gap="small"):
        button("Télécharger (CSV)", "csv", "text/csv", lambda: downloads.csv_bytes(figure.file(), figure.stamp))
        button("Classeur (XLSX)", "xlsx", XLSX, lambda: workbook.workbook([figure], edition.codebook, figure.stamp))
        if figure.picture is not None:
            button("Image (PNG)", "png", "image/png", lambda: pictures.figure_png(figure))
            button("Dessin (SVG)", "svg", "image/svg+xml", lambda: pictures.figure_svg(figure))
        if isinstance(figure.picture, MapPicture):
            button("GeoPackage", "gpkg", "application/geopackage+sqlite3", lambda: dossier.geopackage(figure))
            button("GeoJSON", "geojson", "application/geo+json", lambda: dossier.geojson(figure))
        button("Tout (ZIP)", "zip", "application/zip", lambda: _folder(figure, edition))


def _folder(figure: Figure, edition: Edition) -> bytes:
    drawing = pictures.figure_svg(figure) if figure.picture is not None else None
    return dossier.dossier(figure, edition.codebook, pictures.png(drawing) if drawing else None, drawing)


def kept_back(edition: Edition) -> bool:
    """Say that a draft is not to be taken away, when the edition is one; return whether it is."""
    # What leaves is what a visitor sees: it would be of another edition.
    draft = edition.id.startswith(PREVIEW)
    if draft:
        st.markdown("Un brouillon n’est visible que de l’équipe\u202f: publiez-le pour le présenter ou l’emporter.")
    return draft


def numbers(address: str, edition: Edition, parameters: shows.Parameters, base: str) -> bytes:
    """Return the figures that a page shows to a visitor as one workbook.

    Raises
    ------
    VisitError
        When the page fails, or shows no figure.
    """
    figures = visitor.visit(address, parameters, base).figures
    if not figures:
        raise VisitError("Cette page ne montre aucune figure à emporter pour cette sélection.")
    return workbook.workbook(figures, edition.codebook, figures[0].stamp)


@st.fragment
def page(address: str, edition: Edition) -> None:
    """Draw the fold from which the whole page is taken away, as slides, as a document, as numbers."""
    with st.expander("Emporter toute la page", on_change="rerun", key="emporter") as folded:
        if not folded.open:
            return
        if kept_back(edition):
            return
        parameters, base = origin.asked(), origin.base()
        name = address or menu.FIRST

        both, third = st.columns([5, 2], gap="small")
        with both:
            presented(name, edition, lambda _: shows.of_page(address, parameters, base))
        with third:
            prepared(
                "Classeur (XLSX)", name, "xlsx", XLSX, edition, lambda _: numbers(address, edition, parameters, base)
            )
        st.caption("Pour le papier\u202f: Ctrl + P. La page s’imprime sans le menu, chaque figure entière.")


def presented(name: str, edition: Edition, show: Callable[[shows.Told], Show]) -> None:
    """Draw the buttons that take away a presentation, as slides and as a document; `show` makes it at the click."""

    def slides(told: shows.Told) -> bytes:
        return shows.deck_of(show(_half(told, 0)), _half(told, 0.5))

    def document(told: shows.Told) -> bytes:
        return "".join(shows.document_of(show(_half(told, 0)), _half(told, 0.5))).encode()

    left, right = st.columns([2, 3], gap="small")
    with left:
        prepared("Diaporama (PPTX)", name, "pptx", PPTX, edition, slides)
    with right:
        prepared("Document hors connexion (HTML)", name, "html", "text/html", edition, document)


def _half(told: shows.Told, start: float) -> shows.Told:
    """Return how half of a work tells its progress: the presentation is made, then the file that holds it."""
    return lambda done, said: told(start + done / 2, said)


@st.fragment
def prepared(
    label: str, name: str, suffix: str, mime: str, edition: Edition, make: Callable[[shows.Told], bytes]
) -> None:
    """Draw a button that makes a file while its progress is shown, then gives it.

    The browser takes the file as soon as it is ready (`takeaway.js` clicks for the visitor); the button that is left
    gives it again.
    """
    key = f"{suffix}-{name}-page"
    if not st.button(label, key=f"faire-{key}", icon=":material/download:"):
        return
    bar = st.progress(0.0, f"Préparation de «\u202f{label}\u202f»")

    def told(done: float, said: str) -> None:
        bar.progress(done, f"{said}…")

    try:
        made = make(told)
    except (DeckError, PictureError, VisitError) as error:
        bar.empty()
        st.error(str(error), icon=":material/error:")
        return
    bar.empty()
    st.download_button(
        "Enregistrer le fichier", data=made, file_name=file_name(edition, name, suffix), mime=mime, on_click="ignore",
        key=f"pret-{key}", icon=":material/check:", type="primary",
    )  # fmt: skip
