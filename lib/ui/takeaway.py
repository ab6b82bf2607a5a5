"""The buttons that take away a figure, or all that a page shows: numbers, pictures, slides, a document.

What a file holds is written by `lib.display`; here it is named, offered, and made at the click, its progress shown when
it takes longer than a second.
"""

from collections.abc import Callable

import streamlit as st

from lib.display.deck.request import DeckError
from lib.display.drawing import pictures
from lib.display.drawing.pictures import PictureError
from lib.display.figure import Figure, MapPicture
from lib.display.files import dossier, downloads, workbook
from lib.survey.edition import Edition
from lib.survey.identity import PREVIEW
from lib.ui import menu, origin, shows, visitor
from lib.ui.visitor import VisitError

SITE = "numerique-et-territoires"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def file_name(edition: Edition, name: str, suffix: str) -> str:
    """Return the name of a file: it says when its answers are simulated, wherever it is sent on."""
    return f"{SITE}-{name}{'-donnees-simulees' if edition.simulated else ''}.{suffix}"


def buttons(figure: Figure, edition: Edition) -> None:
    """Draw the buttons of one figure; each file is made when it is asked for."""

    def button(label: str, suffix: str, mime: str, make: Callable[[], bytes | str], key: str = "") -> None:
        st.download_button(
            label, data=make, file_name=file_name(edition, figure.name, suffix), mime=mime, on_click="ignore",
            key=f"{key or suffix}-{figure.name}", icon=":material/download:",
        )  # fmt: skip

    with st.container(horizontal=True, gap="small"):
        button("Télécharger (CSV)", "csv", "text/csv", lambda: downloads.csv_bytes(figure.file(), figure.stamp))
        button("Excel (XLSX)", "xlsx", XLSX, lambda: workbook.workbook([figure], edition.codebook, figure.stamp))
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


@st.fragment
def page(address: str, edition: Edition) -> None:
    """Draw the fold from which the whole page is taken away, as slides, as a document, as numbers."""
    with st.expander("Emporter toute la page", on_change="rerun", key="emporter", icon=":material/download:") as folded:
        if not folded.open:
            return
        if edition.id.startswith(PREVIEW):
            st.markdown("Un brouillon n’est visible que de l’équipe\u202f: publiez-le pour emporter la page.")
            return
        parameters, base = origin.parameters(), origin.base()
        name = address or next(iter(menu.PAGES))

        def slides(told: shows.Told) -> bytes:
            return shows.deck_of(shows.of_page(address, parameters, base), told)

        def document(told: shows.Told) -> bytes:
            return "".join(shows.document_of(shows.of_page(address, parameters, base), told)).encode()

        def numbers(_: shows.Told) -> bytes:
            figures = visitor.visit(address, parameters, base).figures
            return workbook.workbook(figures, edition.codebook, figures[0].stamp)

        first, second, third = st.columns([2, 3, 2], gap="small")
        with first:
            prepared("Diaporama (PPTX)", name, "pptx", PPTX, edition, slides)
        with second:
            prepared("Document hors connexion (HTML)", name, "html", "text/html", edition, document)
        with third:
            prepared("Classeur (XLSX)", name, "xlsx", XLSX, edition, numbers)
        st.caption("Pour le papier\u202f: Ctrl + P. La page s’imprime sans le menu, chaque figure entière.")


@st.fragment
def prepared(
    label: str, name: str, suffix: str, mime: str, edition: Edition, make: Callable[[shows.Told], bytes]
) -> None:
    """Draw a button that makes a file while its progress is shown, then gives it.

    The browser takes the file as soon as it is ready (`french.js` clicks for the visitor); the button that is left
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
