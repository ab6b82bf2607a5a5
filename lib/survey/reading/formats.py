"""What a cell of a workbook shows: dates, codes with leading zeros, numbers and escaped characters.

Which number formats the styles of a workbook have is read by `workbook`.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from openpyxl.utils.datetime import from_excel

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LARGEST_WHOLE = 1e15


@dataclass(frozen=True)
class Formats:
    """How numbers are shown: the kind of each cell style, and the day that dates are counted from.

    Attributes
    ----------
    kinds : style number, as written in the cells, to « date », « duration », or a number of figures (« 5 ») filled
        with zeros. Other styles are left out.
    epoch : day 0 of the workbook.
    """

    kinds: dict[str, str]
    epoch: datetime


def unescaped(text: str) -> str:
    """Return a text of the workbook with its escapes (« _x000D_ ») read, but for what no text can hold."""
    if "_x" not in text:
        return text

    def letter(found: re.Match[str]) -> str:
        read = chr(int(found[1], 16))
        return read if read.isprintable() or read.isspace() else found[0]

    return _ESCAPED.sub(letter, text)


def number(text: str, formats: Formats, style: str) -> str | None:
    """Return a number as it is shown: a date in ISO form, leading zeros kept, no « .0 »; None for no such date.

    Raises
    ------
    ValueError
        When the text is no number.
    """
    value = float(text)
    kind = formats.kinds.get(style, "")
    if kind in ("date", "duration"):
        try:
            return _moment(from_excel(value, formats.epoch, timedelta=kind == "duration"))
        except (OverflowError, ValueError):
            return None
    if value.is_integer() and abs(value) < _LARGEST_WHOLE:
        whole = str(int(value))
        return whole.zfill(int(kind)) if kind and value >= 0 else whole
    return format(value, ".15g")


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        # A second is what tools write; the rest is what floating numbers leave.
        return (value + timedelta(microseconds=500_000)).isoformat(sep=" ", timespec="seconds")
    if isinstance(value, (date, time)):
        return str(value)[:8] if isinstance(value, time) else value.isoformat()
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"
    raise ValueError
