"""The cells of a file as text, whatever its format, and the limits within which they are gathered.

Finding the cells in a file belongs to `delimited` and `workbook`; what the headings mean, to `tools`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from lib.survey.normalisation import normalise

LARGEST_FILE = 20 << 20
MOST_ROWS = 20_000
MOST_COLUMNS = 400

_BLOCK = 256
# Beyond so many different texts, cells are as many objects as they are: a table of them costs more than it spares.
_MOST_SHARED = 200_000
_SHOWN_LETTERS = 60

# Second row of headings of a Drupal webform (Framaforms), and names of its third.
_DETAILS = frozenset({"détails de la soumission", "details de la soumission", "submission details"})
_WEBFORM_NAMES = frozenset(
    {
        *("serial", "sid", "time", "submitted time", "completed time", "modified time", "draft"),
        *("ip address", "uid", "username"),
        *("série", "numéro de série", "n° de série", "numéro", "n°", "identifiant de soumission"),
        *("heure", "date", "heure de soumission", "date de soumission", "heure d'achèvement", "heure de fin"),
        *("heure de modification", "date de modification", "modifié", "terminé", "brouillon"),
        *("adresse ip", "identifiant utilisateur", "nom d'utilisateur", "utilisateur"),
    }
)
_FEWEST_NAMES = 4
_WEBFORM_WIDTH = 12
_FEWEST_UNDER_TITLE = 4


class SurveyFileError(ValueError):
    """A file that cannot be read as a survey: a French sentence says what, where, and what to do about it."""


@dataclass(frozen=True, eq=False)
class Table:
    """The cells of a file, nothing interpreted.

    Attributes
    ----------
    form : « csv » or « xlsx ».
    encoding, separator : those used, empty for a workbook; the separator of a single column is empty too.
    sheet : name of the worksheet that was read, empty for a text file.
    above : rows of headings over `headings`, each as wide; usually none, two for Framaforms.
    header_line : line of the file (or row of the sheet) of `headings`.
    headings : as written, duplicates and empty ones included.
    cells : one object array of str per column, over the records that have a cell filled. Equal texts are one
        object. No missing value: an empty cell is "".
    lines : line (or row of the sheet) on which each record starts.
    notes : French sentences, what was recognised or decided that a person should check.
    """

    form: str
    encoding: str
    separator: str
    sheet: str
    above: tuple[tuple[str, ...], ...]
    header_line: int
    headings: tuple[str, ...]
    cells: tuple[np.ndarray, ...]
    lines: np.ndarray
    notes: tuple[str, ...]

    @property
    def row_count(self) -> int:
        """Number of records, headings not counted."""
        return len(self.lines)

    @property
    def header_depth(self) -> int:
        """Number of rows of headings."""
        return len(self.above) + 1

    def column(self, position: int) -> np.ndarray:
        """Return the cells of the column at this position."""
        return self.cells[position]


class Gathering:
    """Records being gathered by columns, each row as wide as the others or padded, within the limits.

    Rows come from the first record on; those above belong to whoever finds the headings.
    """

    def __init__(self) -> None:
        self._known: dict[str, str] = {"": ""}
        self._rows: list[list[str]] = []
        self._blocks: list[np.ndarray] = []
        self._lines: list[int] = []

    def add(self, line: int, row: list[str]) -> None:
        """Take one record in.

        Raises
        ------
        SurveyFileError
            When there are more than `MOST_ROWS`.
        """
        known = self._known
        share = known.setdefault if len(known) < _MOST_SHARED else known.get
        self._rows.append(list(map(share, row, row)))
        self._lines.append(line)
        if len(self._lines) > MOST_ROWS:
            raise SurveyFileError(
                f"Le fichier compte plus de {_thousands(MOST_ROWS)} réponses, la limite\u202f: vérifiez que c’est "
                "le bon, ou partagez-le en plusieurs."
            )
        if len(self._rows) == _BLOCK:
            self._close()

    def _close(self) -> None:
        width = max(map(len, self._rows))
        block = np.full((len(self._rows), width), "", dtype=object)
        for position, row in enumerate(self._rows):
            block[position, : len(row)] = row
        self._blocks.append(block)
        self._rows = []

    def columns(self, width: int) -> tuple[tuple[np.ndarray, ...], np.ndarray]:
        """Return the columns, `width` of them, and the line of each record; to be called once, at the end."""
        if self._rows:
            self._close()
        size = len(self._lines)
        self._known = {}
        cells = np.full((width, size), "", dtype=object)
        start = 0
        for block in self._blocks:
            cells[: block.shape[1], start : start + len(block)] = block.T
            start += len(block)
        self._blocks = []
        return tuple(cells), np.array(self._lines, dtype=np.int64)


def check_width(width: int, where: str) -> None:
    """Refuse rows that are wider than the limit.

    Raises
    ------
    SurveyFileError
        When `width` is more than `MOST_COLUMNS`; `where` is the French name of the place.
    """
    if width > MOST_COLUMNS:
        raise SurveyFileError(
            f"Plus de {MOST_COLUMNS} colonnes, la limite ({where})\u202f: retirez les colonnes inutiles, ou "
            "exportez les réponses en plusieurs fois."
        )


def heading_row(rows: Sequence[Sequence[str]]) -> int:
    """Return which of the first rows that have a cell filled holds the headings.

    It is the first, but for the webforms of Drupal (a title, then « Détails de la soumission » with the labels of
    the multiple choices, then the names) and for a table under a title of one cell.
    """
    for position, row in enumerate(rows[:2]):
        if position + 1 < len(rows) and any(normalise(cell) in _DETAILS for cell in row):
            return position + 1
    for position, row in enumerate(rows[1:3], start=1):
        names = {normalise(cell) for cell in row[:_WEBFORM_WIDTH]} & _WEBFORM_NAMES
        if len(names) >= _FEWEST_NAMES and "sid" in names:
            return position
    for position, row in enumerate(rows[1:3], start=1):
        alone = all(sum(map(bool, title)) == 1 and title[0] for title in rows[:position])
        below = _filled(row)
        if alone and below >= _FEWEST_UNDER_TITLE and below == len(set(row[:below])) and below == _width(row):
            return position
    return 0


def _width(row: Iterable[str]) -> int:
    return max((position for position, cell in enumerate(row, start=1) if cell), default=0)


def _filled(row: Iterable[str]) -> int:
    return sum(map(bool, row))


def padded(row: Sequence[str], width: int) -> tuple[str, ...]:
    """Return a row at this width, with empty cells at its end."""
    return (*row, *("",) * (width - len(row)))


def shown(heading: str) -> str:
    """Return a heading or a name of the file as a message may quote it: on one line, cut, nothing invisible."""
    visible = "".join(letter if letter.isprintable() else " " for letter in heading)
    return visible if len(visible) <= _SHOWN_LETTERS else f"{visible[:_SHOWN_LETTERS]}…"


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", "\u202f")
