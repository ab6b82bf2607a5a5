"""All that goes with a figure in one ZIP: numbers, spreadsheet, polygons, pictures, the script that redraws it, a note.

Each file is written by the module that owns it, from the rows of `Figure.file`, which are protected already.
"""

import io
import zipfile
from collections.abc import Iterator

import pandas as pd

from lib.display.figure import Figure, MapPicture
from lib.display.files.downloads import csv_bytes, stem
from lib.display.files.redrawing import OUTLINES, SCRIPT, script
from lib.display.files.workbook import base_line, meanings, protection_words, workbook
from lib.display.formats import NARROW, counted
from lib.display.stamp import is_simulated, made_on
from lib.survey.formulas import neutralise
from lib.survey.questionnaire import Codebook
from lib.territory import geofiles
from lib.territory.reference import load_region

README = "LISEZ-MOI.txt"
CODE = "Code"
"""Column that holds the code of a territory."""
EARLIEST = (1980, 1, 1)
"""First day that a ZIP file can write."""

INVENTED = f"DONNÉES SIMULÉES. Ces chiffres sont inventés{NARROW}: ils montrent la forme des résultats, rien d’autre."


def dossier(figure: Figure, codebook: Codebook | None, png: bytes | None = None, svg: str | None = None) -> bytes:
    """Return a ZIP file of a figure; `png` and `svg` are its pictures, where they were made."""
    name, made = stem(figure.name, simulated=is_simulated(figure.stamp)), made_on(figure.stamp)
    files: dict[str, bytes] = {
        f"{name}.csv": csv_bytes(figure.file(), figure.stamp),
        f"{name}.xlsx": workbook([figure], codebook, figure.stamp),
    }
    if _is_map(figure):
        files |= {
            f"{name}.gpkg": geopackage(figure),
            f"{name}.geojson": geojson(figure),
            OUTLINES: geofiles.outlines(),
        }
    if png is not None:
        files[f"{name}.png"] = png
    if svg is not None:
        files[f"{name}.svg"] = svg.encode()
    if written := script(figure):
        files[SCRIPT] = written.encode()
    files = {README: _readme(figure, list(files)), **files}
    content = io.BytesIO()
    date = max((made.year, made.month, made.day), EARLIEST)
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, written_bytes in files.items():
            entry = zipfile.ZipInfo(file, (*date, 0, 0, 0))
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, written_bytes)
    return content.getvalue()


def geopackage(figure: Figure) -> bytes:
    """Return the rows of a map with their polygons, as a GeoPackage in the projection of the region."""
    rows, stamp = _harmless(figure)
    return geofiles.geopackage(
        rows, CODE, figure.level, figure.name, stamp, _members(figure), made=made_on(figure.stamp)
    )


def geojson(figure: Figure) -> bytes:
    """Return the rows of a map with their polygons, as GeoJSON."""
    rows, stamp = _harmless(figure)
    return geofiles.geojson(rows, CODE, figure.level, figure.name, stamp, _members(figure))


def _is_map(figure: Figure) -> bool:
    """Return whether the rows of a figure are territories that have polygons."""
    return isinstance(figure.picture, MapPicture) and bool(figure.level)


def _harmless(figure: Figure) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the rows and the stamp with formulas neutralised: tables of attributes are opened in spreadsheets too."""
    written = figure.file()
    # The code is how a row finds its polygon.
    rows = written.map(lambda cell: neutralise(cell) if isinstance(cell, str) else cell)
    return rows.assign(**{CODE: written[CODE]}), {heading: neutralise(value) for heading, value in figure.stamp.items()}


def _members(figure: Figure) -> dict[str, tuple[str, ...]]:
    """Return the EPCI of each pays or syndicat that a map draws, by its code."""
    if not isinstance(figure.picture, MapPicture):
        return {}
    return {code: tuple(members.split()) for code, _, _, members in figure.picture.payload.get("perimeters", ())}


def _readme(figure: Figure, files: list[str]) -> bytes:
    """Return what is what, as a text that every editor of Windows opens with its accents."""
    return "\r\n".join(_lines(figure, files)).encode("utf-8-sig")


def _lines(figure: Figure, files: list[str]) -> Iterator[str]:
    if is_simulated(figure.stamp):
        yield from (
            INVENTED,
            "",
        )
    yield from (figure.title, base_line(figure))
    if figure.reading:
        yield f"Comment lire{NARROW}: {figure.reading}"
    yield from ("", "D’OÙ VIENNENT CES CHIFFRES", "")
    yield from (f"  {heading}{NARROW}: {value}" for heading, value in figure.stamp.items() if value)
    yield from ("", "CE QUE CONTIENT CE DOSSIER", "")
    yield from (f"  {file}{NARROW}: {_told(file)}" for file in files)
    if _is_map(figure):
        missing = geofiles.unplaced(figure.file(), CODE, figure.level, _members(figure))
        if missing:
            yield f"  {counted(missing, 'territoire')} sans contour connu{NARROW}: sa ligne est gardée, sans géométrie."
    if SCRIPT in files:
        yield from ("", "REDESSINER LA FIGURE", "")
        yield f"  Avec uv, qui installe ce qu’il faut{NARROW}: uv run {SCRIPT}"
        added = "geopandas " if _is_map(figure) else ""
        yield f"  Sans uv{NARROW}: pip install altair {added}pandas vl-convert-python, puis{NARROW}: python {SCRIPT}"
        yield "  Le script lit le fichier de données placé à côté de lui et écrit un dessin (.svg) et une page (.html)."
    yield from ("", "CE QUE VEULENT DIRE LES COLONNES", "")
    yield from (f"  {word}{NARROW}: {said}" for word, said in meanings([str(name) for name in figure.file()]).items())
    yield from ("", "CE QUI EST PROTÉGÉ", "", *(f"  {said}" for said in protection_words()))
    if _is_map(figure):
        yield from ("", "SOURCES DES CONTOURS", "", *(f"  {said}" for said in geofiles.boundary_sources()))
    yield ""


def _told(file: str) -> str:
    kinds = {
        ".csv": "les chiffres, pour tout tableur (points-virgules, virgules décimales, UTF-8)",
        ".xlsx": "les mêmes chiffres en classeur, avec le questionnaire et la définition des colonnes",
        ".gpkg": "les territoires de la carte et leurs contours, pour un SIG (GeoPackage, "
        f"EPSG\u202f: {load_region().epsg})",
        ".geojson": "les mêmes en GeoJSON (WGS 84, RFC 7946)",
        ".png": "l’image de la figure, pour un document ou un diaporama",
        ".svg": "son dessin vectoriel, à agrandir ou à retoucher",
        ".py": "un script Python qui redessine la figure d’après son fichier de données",
    }
    if file == OUTLINES:
        return "les contours simplifiés des départements, pour le fond de la carte redessinée"
    return kinds[file[file.rindex(".") :]]
