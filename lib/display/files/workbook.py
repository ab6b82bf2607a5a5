"""A spreadsheet that a colleague works with: a sheet a figure, the questionnaire, and what the columns mean.

Cells are typed: shares are numbers shown as percentages, counts whole numbers, codes and hidden counts texts. What may
be shown is decided before: the rows are those of the CSV file of each figure.
"""

import io
import math
import re
from collections.abc import Mapping, Sequence
from numbers import Integral, Real
from typing import Any

import pandas as pd
import xlsxwriter

from lib.display import palette
from lib.display.figure import Figure
from lib.display.formats import HIDDEN, MASKED, MASKED_WHY, NARROW, quoted
from lib.display.stamp import DATE, SIMULATED, in_common, is_simulated, made_on, one_line
from lib.display.tables import CAUTION, COUNTS_ONLY
from lib.survey.formulas import neutralise
from lib.survey.questionnaire import KINDS, Codebook, Question

QUESTIONNAIRE, NOTES = "Questionnaire", "Notes"
LONGEST_NAME, LONGEST_CELL = 31, 32_767
"""What a spreadsheet takes: characters of the name of a sheet, of a cell."""
LINE = 15
"""Height of a line of text, in points."""
EACH = "selon la figure\u202f: voir sa feuille"
COUNTS = "counts"
"""Kind of a column of whole numbers, where a code of digits has no place."""
FINE = 1000
"""Base from which a percentage has a decimal."""

COLUMNS = {
    "Effectif efficace": "taille d’un échantillon sans poids qui aurait la même précision, pour un chiffre pondéré",
    "Effectif": "combien ont donné la réponse",
    "Base": "combien ont répondu à la question\u202f: la part est l’effectif divisé par la base, sauf pondération",
    "Part": "fraction de 0 à 1, affichée en pourcentage dans le classeur (0,304 est 30,4\u202f%)",
    "Marge": "bornes, en fraction, de ce que les réponses rendent plausible au niveau de 95\u202f%\u202f; marge "
    "indicative, car chacun a choisi de répondre",
    "Écart standardisé": "écart entre les deux parts, divisé par ce que le hasard du tirage donnerait",
    "Écart": "différence de deux parts, en fraction\u202f: 0,12 est 12 points\u202f; ses marges se lisent de même",
    "Rapport": "une part divisée par l’autre",
    "Taux": "part des territoires existants qui ont répondu, en fraction",
    "Fiabilité": f"ce que la base permet\u202f: rien de noté à partir de {CAUTION}, prudence de {COUNTS_ONLY} à "
    f"{CAUTION - 1}, effectifs seulement en dessous",
    "Repère": "case qui s’écarte de ce que donnerait le hasard",
    "Code": "code officiel géographique ou SIREN\u202f: un texte, dont les zéros de tête comptent",
    "Répondants": "combien de personnes ont répondu pour le territoire, quelle que soit leur réponse",
}
"""What the columns that begin with a word mean; the first that fits is the one that counts."""

_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f]+")
_RESERVED = {"history", "historique", QUESTIONNAIRE.lower(), NOTES.lower()}
_COUNTED = ("Base", "Effectif", "Répondants")
_FRACTION = ("Part", "Marge", "Taux")
_WIDEST, _READABLE, _HEADINGS = 60, 100, 38


def workbook(figures: Sequence[Figure], codebook: Codebook | None, notes: Mapping[str, str]) -> bytes:
    """Return an XLSX file: a sheet per figure, the questionnaire where there is one, and the notes.

    Parameters
    ----------
    figures
        In the order of the sheets.
    codebook
        Questionnaire of the edition, a row an option.
    notes
        Where it all comes from, French heading to value: the stamp, or what the figures have in common of theirs.
    """
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    title = figures[0].title if len(figures) == 1 else "Numérique et territoires"
    # The only date in the file: that of the stamp, so that the same figures give the same bytes.
    stamps = [notes, *(figure.stamp for figure in figures)]
    mark = SIMULATED if any(is_simulated(stamp) for stamp in stamps) else ""
    dated = next((stamp for stamp in stamps if DATE in stamp), {})
    book.set_properties({"title": title, "subject": mark, "created": made_on(dated)})
    looks = _looks(book)
    taken = set(_RESERVED)
    shown: dict[str, None] = {}
    for figure in figures:
        rows = figure.file()
        shown |= dict.fromkeys(str(name) for name in rows)
        _sheet(book, sheet_name(figure.name, taken), _heading(figure), rows, looks)
    if codebook is not None:
        above = [(codebook.title, "title"), ("Une ligne par réponse proposée, ou par ligne d’un tableau.", "quiet")]
        _sheet(book, QUESTIONNAIRE, above, _questions(codebook), looks)
    _notes(book, in_common(stamps, EACH), mark, list(shown), looks)
    book.close()
    return content.getvalue()


def sheet_name(name: str, taken: set[str]) -> str:
    """Return a legal name for a sheet, 31 signs without bracket, colon or slash; add it to `taken`, in lower case."""
    plain = _FORBIDDEN.sub(" ", name).strip(" '")[:LONGEST_NAME].strip(" '") or "Figure"
    found, rank = plain, 1
    while found.lower() in taken:
        rank += 1
        found = f"{plain[: LONGEST_NAME - len(str(rank)) - 1]}-{rank}"
    taken.add(found.lower())
    return found


def meanings(columns: Sequence[str]) -> dict[str, str]:
    """Return what the columns of a file mean, by the word that they begin with."""
    found: dict[str, str] = {}
    for column in columns:
        word = next((word for word in COLUMNS if column.startswith(word)), "")
        if word:
            found[word] = COLUMNS[word]
    return found


def base_line(figure: Figure) -> str:
    """Return the base of a figure with « Données simulées » where its answers are."""
    told = is_simulated(figure.stamp) and SIMULATED not in figure.base
    return f"{figure.base} · {SIMULATED}" if told else figure.base


def protection_words() -> tuple[str, ...]:
    """Return what is hidden in every file, and how it is written."""
    return (
        f"Un fichier ne contient rien de plus que la page. {quoted(MASKED)}{NARROW}: {MASKED_WHY}.",
        f"Sous {COUNTS_ONLY} réponses, aucune part n’est donnée\u202f; un effectif trop petit est alors écrit "
        f"{quoted(HIDDEN)}. Une case vide est une valeur absente, jamais un zéro.",
    )


def _heading(figure: Figure) -> list[tuple[str, str]]:
    reading = [(f"Comment lire{NARROW}: {figure.reading}", "text")] if figure.reading else []
    return [(figure.title, "title"), (base_line(figure), "quiet"), *reading, (one_line(figure.stamp), "quiet")]


def _looks(book: Any) -> dict[str, Any]:
    top = {"valign": "top"}
    text = {"text_wrap": True, "align": "left", "indent": 1, **top}
    percent, fine = f'0"{NARROW}"%', f'0.0"{NARROW}"%'
    made = {
        "title": {"bold": True, "font_size": 14, "text_wrap": True, **top},
        "quiet": {"font_color": palette.GREY, "text_wrap": True, **top},
        "bold": {"bold": True, "text_wrap": True, **top},
        "text": {"text_wrap": True, **top},
        # For ever a text, even where someone types in the cell again: a code keeps its zeros.
        "cell": {"num_format": "@", **text},
        "hidden": {"align": "right", "font_color": palette.GREY, **top},
        "header": {"bold": True, "font_color": "#ffffff", "bg_color": palette.ACCENT, **text},
        "percent": {"num_format": percent, **top},
        "fine": {"num_format": fine, **top},
        "count": {"num_format": "#,##0", **top},
        "number": {"num_format": "0.00", **top},
        "gap": {"num_format": "+0.000;-0.000;0.000", **top},
    }
    return {name: book.add_format(look) for name, look in made.items()}


def _sheet(
    book: Any, name: str, above: Sequence[tuple[str, str]], rows: pd.DataFrame, looks: Mapping[str, Any]
) -> None:
    sheet = book.add_worksheet(name)
    kinds = {place: _kind(str(heading), rows) for place, heading in enumerate(rows)}
    widths = [_width(str(heading), rows[heading]) for heading in rows]
    # Lines of text run over as many columns as make them readable.
    across = next((place for place in range(len(widths)) if sum(widths[: place + 1]) >= _READABLE), None)
    last = across if across is not None else len(widths) + int((_READABLE - sum(widths)) // 9)
    wide = sum(widths[: last + 1]) + 9 * max(0, last + 1 - len(widths))
    for line, (text, look) in enumerate(above):
        sheet.merge_range(line, 0, line, max(last, 1), "", looks[look])
        _write_text(sheet, line, 0, text, looks[look])
        _fit(sheet, line, [(text, wide)], look)
    header = len(above) + 1
    for place, heading in enumerate(rows):
        sheet.set_column(place, place, widths[place])
        _write_text(sheet, header, place, str(heading), looks["header"])
    # Beside the button of the filter.
    _fit(sheet, header, [(str(heading), width - 3) for heading, width in zip(rows, widths, strict=True)])
    for line, row in enumerate(rows.itertuples(index=False, name=None), header + 1):
        for place, value in enumerate(row):
            _write(sheet, line, place, value, kinds[place], looks)
        _fit(sheet, line, [(value, width) for value, width in zip(row, widths, strict=True) if isinstance(value, str)])
    sheet.freeze_panes(header + 1, 0)
    if len(widths):
        sheet.autofilter(header, 0, header + len(rows), len(widths) - 1)
    sheet.repeat_rows(header)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _kind(heading: str, rows: pd.DataFrame) -> str:
    """Return how the numbers of a column look; texts among them are written as they are."""
    if heading.startswith("Écart"):
        return "number" if heading.startswith("Écart standardisé") else "gap"
    if heading.split(", ")[0] in _COUNTED:
        return COUNTS
    if heading.startswith(_FRACTION):
        bases = [pd.to_numeric(rows[name], errors="coerce").max() for name in rows if str(name).startswith("Base")]
        return "fine" if any(base >= FINE for base in bases) else "percent"
    numbers = [cell for cell in rows[heading] if isinstance(cell, Real) and cell == cell]
    return "count" if all(float(cell).is_integer() for cell in numbers) else "number"


def _write(sheet: Any, line: int, place: int, value: Any, kind: str, looks: Mapping[str, Any]) -> None:
    if pd.isna(value) or value == "":
        return
    if kind == COUNTS and isinstance(value, str) and value.isdecimal():
        # A count under ten comes as a text from `tables`.
        value = int(value)
    if isinstance(value, Real) and not isinstance(value, bool):
        look = "count" if isinstance(value, Integral) or kind == COUNTS else kind
        sheet.write_number(line, place, value if isinstance(value, Integral) else float(value), looks[look])
    else:
        hidden = value in (MASKED, HIDDEN)
        _write_text(sheet, line, place, str(value), looks["hidden" if hidden else "cell"])


def _write_text(sheet: Any, line: int, place: int, text: str, look: Any) -> None:
    """Write a text as one, whatever it begins with; harmless too once the sheet is saved as CSV."""
    sheet.write_string(line, place, neutralise(text)[:LONGEST_CELL], look)


def _width(heading: str, cells: pd.Series) -> float:
    texts = [len(value) for value in cells if isinstance(value, str)]
    word = max(len(word) for word in heading.split(" "))
    return min(_WIDEST, max(11, word * 1.15 + 4, *(length * 1.1 + 3 for length in texts), 0))


def _fit(sheet: Any, line: int, cells: Sequence[tuple[str, float]], look: str = "text") -> None:
    """Make a row as high as its longest cell, given texts and widths: not every spreadsheet does it by itself."""
    scale = 1.35 if look == "title" else 1.1
    most = max((math.ceil(len(text) * scale / width) for text, width in cells), default=1)
    if most > 1 or look == "title":
        sheet.set_row(line, LINE * most * (1.3 if look == "title" else 1))


def _questions(codebook: Codebook) -> pd.DataFrame:
    """Return the questionnaire, a row for each row and each option of a question."""
    lines = []
    for question in codebook.questions:
        own = {
            "Identifiant": question.id,
            "Question": question.text,
            "Nature": KINDS[question.kind],
            "Unité": "territoires" if question.unit == "territories" else "répondants",
        }
        elements = [("ligne", row.code, row.label, "") for row in question.rows]
        elements += [
            ("réponse", option.code, option.label, _remark(question, option.code)) for option in question.options
        ]
        for element, code, label, remark in elements or [("", "", "", "")]:
            lines.append({**own, "Élément": element, "Code": code, "Libellé": label, "Remarque": remark})
    return pd.DataFrame(lines)


def _remark(question: Question, code: str) -> str:
    said = []
    if code in question.exclusive:
        said.append("exclut les autres")
    if code in question.dont_know:
        said.append("ni une opinion ni un fait")
    return ", ".join(said)


def _notes(book: Any, notes: Mapping[str, str], mark: str, columns: Sequence[str], looks: Mapping[str, Any]) -> None:
    sheet = book.add_worksheet(NOTES)
    sheet.set_column(0, 0, _HEADINGS)
    sheet.set_column(1, 1, _READABLE)
    lines = [(mark, "", "title"), ("", "", "text")] if mark else []
    lines += [("Origine", "", "title")]
    lines += [(heading, value, "bold") for heading, value in notes.items() if value and value != SIMULATED]
    lines += [
        ("", "", "text"),
        ("Colonnes", "", "title"),
        *((word, said, "bold") for word, said in meanings(columns).items()),
    ]
    lines += [("", "", "text"), ("Protection", "", "title"), *(("", said, "bold") for said in protection_words())]
    for line, (heading, value, look) in enumerate(lines):
        _write_text(sheet, line, 0, heading, looks[look])
        _write_text(sheet, line, 1, value, looks["text"])
        _fit(sheet, line, [(value or heading, _READABLE)], look)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
