"""What the cells of one column look like: filled or not, ticks, a few repeated answers, several options in a cell.

Nothing is looked up in a questionnaire here; what a group of columns asks belongs to `kinds`.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
import pandas as pd

from lib.survey.normalisation import normalise
from lib.survey.reading.marks import NO, NOT_ASKED_CELL, YES

MOST_OPTIONS = 40
"""More distinct answers than this are texts, not options."""
_MOST_DISTINCT = 5_000
_SAMPLE = 1_000
_LONGEST_OPTION = 250
_REPEATED_SHARE = 0.8
# Boxes to tick may hold a few words, of a hand that changed the file: one, or this share of the cells.
_STRAY_SHARE = 0.02
_ENOUGH = 5
# Boxes of one question are ticked in one way.
_PAIRS = tuple(
    frozenset(pair)
    for pair in (("oui", "non"), ("yes", "no"), ("y", "n"), ("1", "0"), ("true", "false"), ("vrai", "faux"), ("x",))
)
# Options of a multiple choice come in the order of the form, those of a ranking in that of the respondent.
_TURNED_SHARE = 0.15
_JOINED_SHARE = 0.75

_NUMBER = re.compile(r"[-+]?\d+([.,]\d+)?")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*")


@dataclass(frozen=True, eq=False)
class Profile:
    """What one column holds, blanks and « N/A » put aside.

    Attributes
    ----------
    cells : the column itself.
    filled : bool for each row.
    counts : answers met, as first written, with the number of rows, most frequent first; at most `MOST_OPTIONS`.
    distinct : how many there are in all, once normalised.
    ticked : bool for each row when the cells are ticks (yes, no, a cross), a stray one excepted; else None.
    options : the answers that make the column a choice of one; () when it is a text.
    tokens : options found joined in the cells, most frequent first; () when there are none.
    numeric : whether all answers are numbers.
    ranks : how many options are joined in a cell at most, where their order changes: a ranking; else 0.
    """

    cells: np.ndarray
    filled: np.ndarray
    counts: dict[str, int]
    distinct: int
    ticked: np.ndarray | None
    options: tuple[str, ...]
    tokens: tuple[str, ...]
    numeric: bool
    ranks: int = 0

    @property
    def answered(self) -> int:
        """Number of rows filled."""
        return int(np.count_nonzero(self.filled))


def profile(cells: np.ndarray, joined: str = "", labels: Container[str] = ()) -> Profile:
    """Return the profile of a column.

    Parameters
    ----------
    cells : array of str
    joined : what may separate several options in one cell, "" when nothing does.
    labels : names that the option of this column may have, normalised: a cell that repeats one is a tick.
    """
    codes, texts = pd.factorize(cells)
    rows = np.bincount(codes, minlength=len(texts))
    if len(texts) > _MOST_DISTINCT:
        return _text_profile(cells, codes, texts, rows, joined)
    forms = [normalise(text) for text in texts]
    blank = np.array([key in ("", NOT_ASKED_CELL) for key in forms], dtype=bool)
    shown: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for text, key, empty, count in zip(texts, forms, blank.tolist(), rows.tolist(), strict=True):
        if not empty:
            shown.setdefault(key, collapse(text))
            counts[key] += count
    frequent = [(shown[key], count) for key, count in counts.most_common()]
    strays = sum(count for key, count in counts.items() if not (key in YES or key in NO or key in labels))
    ticks = strays < counts.total() and strays <= max(_STRAY_SHARE * counts.total(), counts.total() >= _ENOUGH)
    yes = np.array([key in YES or (bool(key) and key in labels) for key in forms], dtype=bool)
    tokens = _tokens(dict(frequent[:_SAMPLE]), joined) if joined and not ticks else ()
    filled = ~blank[codes]
    return Profile(
        cells=cells,
        filled=filled,
        counts=dict(frequent[:MOST_OPTIONS]),
        distinct=len(counts),
        ticked=yes[codes] & filled if ticks else None,
        options=() if tokens else _options(frequent),
        tokens=tokens,
        numeric=bool(counts) and all(_NUMBER.fullmatch(key) for key in counts),
        ranks=_ranks([_split(cell, joined) for cell, _ in frequent[:_SAMPLE]], set(tokens)) if tokens else 0,
    )


def _text_profile(cells: np.ndarray, codes: np.ndarray, texts: np.ndarray, rows: np.ndarray, joined: str) -> Profile:
    """Return the profile of a column of so many texts that only joined options may still be found in them."""
    blank = np.array([text.strip().casefold() in ("", NOT_ASKED_CELL) for text in texts], dtype=bool)
    looked_at = _SAMPLE if joined else MOST_OPTIONS
    frequent = [place for place in np.argsort(-rows, kind="stable")[:looked_at].tolist() if not blank[place]]
    counts = {collapse(texts[place]): int(rows[place]) for place in frequent}
    return Profile(
        cells=cells,
        filled=~blank[codes],
        counts=dict(list(counts.items())[:MOST_OPTIONS]),
        distinct=int(np.count_nonzero(~blank)),
        ticked=None,
        options=(),
        tokens=_tokens(counts, joined) if joined else (),
        numeric=False,
    )


def keys(one: Profile) -> set[str]:
    """Return the most frequent answers of a column, normalised."""
    return set(map(normalise, one.counts))


def alike(one: Profile, other: Profile) -> bool:
    """Tell whether two columns may answer one question: both ticks, or one answer of the same short list."""
    if not one.answered or not other.answered:
        return True
    if one.ticked is not None or other.ticked is not None:
        pairs = [{rank for rank, pair in enumerate(_PAIRS) if pair & keys(side)} for side in (one, other)]
        return one.ticked is not None and other.ticked is not None and bool(pairs[0] & pairs[1] or not all(pairs))
    few, many = sorted(({*map(normalise, side.options or side.tokens)} for side in (one, other)), key=len)
    return bool(few) and len(many) > 1 and few <= many


def collapse(text: str) -> str:
    """Return a text with runs of plain spaces and line breaks made one, its no-break spaces kept."""
    return re.sub(r"[ \t\r\n\v\f]+", " ", text).strip()


def words(text: str) -> str:
    """Return a text as plain lower-case words, without accents or punctuation, for the search of a word in it."""
    bare = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("·", ""))
    return " ".join(re.findall(r"[a-z0-9]+", "".join(sign for sign in bare if not unicodedata.combining(sign))))


def in_order(labels: Sequence[str]) -> tuple[str, ...]:
    """Return options as they are given, or in the order of their numbers where each of them begins with one."""
    numbered = [re.match(r"[A-Za-z]{0,3}0*(\d+)", label) for label in labels]
    if len(labels) > 1 and all(numbered):
        ranks = [int(found[1]) for found in numbered if found]
        return tuple(label for _, label in sorted(zip(ranks, labels, strict=True), key=lambda pair: pair[0]))
    return tuple(labels)


def _options(frequent: list[tuple[str, int]]) -> tuple[str, ...]:
    """Return the answers that make a choice of one: few of them, and repeated; () for a text."""
    filled = sum(count for _, count in frequent)
    if not filled or any(len(text) > _LONGEST_OPTION for text, _ in frequent[:MOST_OPTIONS]):
        return ()
    likely = [text for text, _ in frequent[:MOST_OPTIONS]]
    if all(_DATE.fullmatch(text) for text in likely) or (
        len(frequent) > 11 and all(_NUMBER.fullmatch(text) for text in likely)
    ):
        return ()
    if len(frequent) <= MOST_OPTIONS and filled >= 2 * len(frequent) and filled > 2:
        return in_order(likely)
    # A text of « Autre » written in the same cell is met once or twice; the options are met often.
    repeated = [text for text, count in frequent if count > 2]
    covered = sum(count for _, count in frequent if count > 2)
    if 1 < len(repeated) <= MOST_OPTIONS and covered >= _REPEATED_SHARE * filled:
        return in_order(repeated)
    return ()


def _tokens(cells: dict[str, int], joined: str) -> tuple[str, ...]:
    """Return the options joined in cells, () when the cells are whole answers or texts.

    A separator inside brackets is part of an option, and so is one between two pieces that never go apart.
    """
    certain = joined.strip() == ";" and bool(cells) and all(cell.endswith(";") for cell in cells)
    split = {cell: _split(cell, joined) for cell in cells}
    if not certain and all(len(pieces) < 2 for pieces in split.values()):
        return ()
    counts, pairs = _piece_counts(split, cells)
    together = {
        (first, second)
        for (first, second), count in pairs.items()
        if count == counts[first] == counts[second] and first[:1].isupper() and (second[:1].islower() or count > 4)
    }
    if together:
        split = {cell: _glued(pieces, together, joined) for cell, pieces in split.items()}
        counts, _ = _piece_counts(split, cells)
    least = 1 if certain and len(counts) <= MOST_OPTIONS else 2
    repeated = [piece for piece, count in counts.most_common() if count >= least and len(piece) <= _LONGEST_OPTION]
    covered = sum(counts[piece] for piece in repeated)
    if not repeated or len(repeated) > MOST_OPTIONS or covered < _JOINED_SHARE * counts.total():
        return ()
    # As many whole cells as pieces: the separator belongs to the answers, which are a choice of one.
    return () if not certain and len(cells) <= len(counts) else tuple(repeated)


def _ranks(cells: Sequence[list[str]], tokens: set[str]) -> int:
    """Return how many options cells rank at most, 0 where two options always come in one order: nothing is ranked."""
    orders = Counter(
        pair for pieces in cells for pair in combinations([piece for piece in pieces if piece in tokens], 2)
    )
    turned = sum(min(count, orders[second, first]) for (first, second), count in orders.items()) / 2
    return max(map(len, cells)) if turned >= _TURNED_SHARE * orders.total() > 0 else 0


def _split(cell: str, joined: str) -> list[str]:
    pieces: list[str] = []
    for piece in cell.split(joined):
        if pieces and pieces[-1].count("(") > pieces[-1].count(")"):
            pieces[-1] += joined + piece
        else:
            pieces.append(piece)
    return [piece.strip() for piece in pieces if piece.strip()]


def _piece_counts(split: dict[str, list[str]], cells: dict[str, int]) -> tuple[Counter[str], Counter[tuple[str, str]]]:
    counts: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for cell, pieces in split.items():
        for piece in dict.fromkeys(pieces):
            counts[piece] += cells[cell]
        for pair in pairwise(pieces):
            pairs[pair] += cells[cell]
    return counts, pairs


def _glued(pieces: list[str], together: set[tuple[str, str]], joined: str) -> list[str]:
    whole = pieces[:1]
    for pair in pairwise(pieces):
        if pair in together:
            whole[-1] += joined + pair[1]
        else:
            whole.append(pair[1])
    return whole
