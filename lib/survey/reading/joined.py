"""Cells that hold several options: taken apart by the longest names that the questionnaire knows.

What stands between options also stands inside them (« Temps, calendrier »), so that a cell is never split first.
"""

import math
from collections.abc import Callable, Iterable
from typing import NamedTuple

from lib.survey.normalisation import normalise
from lib.survey.questionnaire import Option
from lib.survey.reading.marks import NOT_ASKED_CELL

SEPARATORS = (";", ", ", "|", "\n", ",", " / ", " ")
"""What may stand between options where the tool does not say, in the order in which they are tried."""


class Item(NamedTuple):
    """One item of a cell: the code of an option, or None and the text that is none."""

    code: str | None
    text: str


def longest(options: tuple[Option, ...], separator: str) -> int:
    """Return into how many pieces the separator cuts the name that it cuts most."""
    sign = _sign(separator)
    named = [normalise(name) for option in options for name in (option.label, option.code, *option.aliases)]
    return 1 + max((name.count(sign) for name in named), default=0)


def split_cell(cell: str, separator: str, code_of: Callable[[str], str | None], most: int) -> list[Item]:
    """Return the options of a cell in their order, with the texts between them that name none.

    Parameters
    ----------
    cell : str
    separator : str
        What stands between options; spaces around it do not count.
    code_of : callable
        The code of the option that a text names, None when it names none.
    most : int
        See `longest`.
    """
    sign = _sign(separator)
    pieces = cell.split(sign)
    items: list[Item] = []
    start = unread = 0
    while start < len(pieces):
        for stop in range(min(len(pieces), start + most), start, -1):
            text = sign.join(pieces[start:stop]).strip()
            code = code_of(text) if text else None
            if code is not None:
                items += _rest(pieces[unread:start], sign)
                items.append(Item(code, text))
                unread = stop
                break
        else:
            stop = start + 1
        start = stop
    return items + _rest(pieces[unread:], sign)


def _rest(pieces: list[str], sign: str) -> list[Item]:
    """Return what stands between two options, if anything but spaces and separators does."""
    filled = [position for position, piece in enumerate(pieces) if piece.strip()]
    return [Item(None, sign.join(pieces[filled[0] : filled[-1] + 1]).strip())] if filled else []


def best_separator(
    columns: Iterable[tuple[set[str], tuple[Option, ...], Callable[[str], str | None]]], own: str
) -> str:
    """Return what joins options in these columns: the separator under which most items are options.

    Parameters
    ----------
    columns : iterable of (set of str, options, callable)
        Distinct cells of each column, the options of its question, and what names them.
    own : str
        The separator of the tool, kept unless another explains more; empty for none.
    """
    known = list(columns)
    best, most = own, -math.inf
    for separator in dict.fromkeys((own, *SEPARATORS) if own else SEPARATORS):
        options = others = 0
        for cells, listed, code_of in known:
            limit = longest(listed, separator)
            for cell in cells:
                if normalise(cell) not in ("", NOT_ASKED_CELL):
                    items = split_cell(cell, separator, code_of, limit)
                    options += sum(item.code is not None for item in items)
                    others += sum(item.code is None for item in items)
        # Any sentence is cut by spaces, and the words of some are options.
        if options - others > most and (separator == own or (options and not (separator == " " and others))):
            best, most = separator, float(options - others)
    return best


def _sign(separator: str) -> str:
    return separator.strip() or separator
