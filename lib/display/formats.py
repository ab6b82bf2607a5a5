"""French formats: numbers, shares, margins, lists of words, and texts that Markdown shows as they are.

Every figure a reader sees is written here; what the figure means is left to `lib.analysis`.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from lib.survey.protection import load_protection

NARROW = "\u202f"
"""Narrow no-break space: between thousands and before ; : ! ? %."""

THRESHOLD = load_protection().threshold
"""Smallest count that a public figure shows."""

HIDDEN = f"moins de{NARROW}{THRESHOLD}"
"""What is written instead of a count under the threshold."""

MASKED = f"n{NARROW}<{NARROW}{THRESHOLD}"
"""What stands in a cell that `lib.analysis.disclosure` hides."""

MASKED_WHY = f"moins de {THRESHOLD} réponses, ou une valeur qui permettrait de les déduire"
"""Why a cell is hidden, after « n < 3 » or the names of what is not drawn."""

MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet"),
    *("août", "septembre", "octobre", "novembre", "décembre"),
)

JOINER = "\u2060"
"""Word joiner: no width, no ink, no pause; what stands on its two sides is no longer a sign of Markdown."""

# Not the spaces of French typography, which mean nothing to Markdown.
_BREAKS = re.compile(r"[\x00-\x20\x7f\x85\u2028\u2029]+")
# Marks that turn the direction of writing, and would turn that of what follows.
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Streamlit draws an arrow or « ≥ » instead of these words.
_ARROWS = re.compile(r"(?<!\S)(?:<->|->|<-|--|>=|<=|~=)(?!\S)")
_JOINED = re.compile(r"(?i)!(?=\[)|\](?=[(\[:{])|<(?=[a-z0-9/!?])|&(?=[#\w])|:(?=[\w/+-])|www(?=\.)|@(?=[\w-])")
# An underscore between two letters is one; anything but a space or a sign may begin the name of a directive.
_ESCAPED = re.compile(r"[\\`*~$]|(?<![^\W_])_|_(?![^\W_])|:(?=[^\s:\[{]+[\[{])")
_START = re.compile(r"[#>=|\[]|:(?=:)|[-+](?![\w.,])|\d+[.)](?!\S)")


def number(value: float) -> str:
    """Write a whole number with narrow spaces between thousands: 4293 gives « 4 293 »."""
    return f"{round(value):,}".replace(",", NARROW)


def decimal(value: float, digits: int = 1) -> str:
    """Write a number with a decimal comma: 2.345 gives « 2,3 »."""
    return f"{value:,.{digits}f}".replace(",", NARROW).replace(".", ",")


def percent(share: float, base: float = 0) -> str:
    """Write a share (fraction 0–1) as a percentage, with a decimal only when `base` reaches 1,000.

    A missing share is written « – ». Nothing is rounded to none or to all: « < 1 % », « > 99 % ».
    """
    if share != share:
        return "–"
    digits = 1 if base >= 1000 else 0
    rounded, step = round(100 * share, digits), 10**-digits
    if rounded == 0 < share:
        return f"<{NARROW}{decimal(step, digits)}{NARROW}%"
    if rounded == 100 and share < 1:
        return f">{NARROW}{decimal(100 - step, digits)}{NARROW}%"
    return f"{decimal(rounded, digits)}{NARROW}%"


def margin(low: float, high: float, base: float = 0) -> str:
    """Write an interval of shares: « de 26 % à 34 % »; « – » when it is missing."""
    if low != low or high != high:
        return "–"
    digits = 1 if base >= 1000 else 0
    return f"de {decimal(100 * low, digits)}{NARROW}% à {decimal(100 * high, digits)}{NARROW}%"


def counted(n: float, singular: str, plural: str | None = None) -> str:
    """Write a count with its noun, in the French plural (from 2): « 1 répondant », « 420 répondants »."""
    noun = singular if abs(n) < 2 else plural or f"{singular}s"
    return f"{number(n)} {noun}"


def small_count(n: float, threshold: int = THRESHOLD) -> str:
    """Write a count, hiding those from 1 to `threshold` - 1: « moins de 3 »."""
    return HIDDEN if 0 < n < threshold else number(n)


def day(when: Any) -> str:
    """Write a date as « 22 novembre 2026 », with its hour when it has one: « 22 novembre 2026 à 14 h 05 »."""
    if when is None or when != when:
        return "–"
    if isinstance(when, str):
        when = datetime.fromisoformat(when)
    if isinstance(when, datetime):
        # A moment of pandas only turns to a zone that is named.
        when = datetime.fromtimestamp(when.timestamp()) if when.tzinfo else when
    ordinal = "1er" if when.day == 1 else str(when.day)
    written = f"{ordinal} {MONTHS[when.month - 1]} {when.year}"
    return f"{written} à {when.hour} h {when.minute:02d}" if isinstance(when, datetime) else written


def words(items: Iterable[str], last: str = "et") -> str:
    """Join items as a French list: « a, b et c »."""
    listed = list(items)
    if len(listed) < 2:
        return "".join(listed)
    return f"{', '.join(listed[:-1])} {last} {listed[-1]}"


def closed(text: str) -> str:
    """End a sentence with one full stop: none is added after « ? », « ! », or an abbreviation that has its own."""
    return text if text.endswith((".", "?", "!", "…")) else f"{text}."


def lower_first(text: str) -> str:
    """Lower the first letter, unless the first word is an acronym or has an inner capital."""
    first = text.split(" ", 1)[0]
    return text if sum(letter.isupper() for letter in first) > 1 else text[:1].lower() + text[1:]


def quoted(text: str) -> str:
    """Put a label between French quotation marks, with narrow no-break spaces."""
    return f"«{NARROW}{text}{NARROW}»"


def plain(text: str) -> str:
    """Return a text on one line that Markdown shows as it is: no link, image, tag, formula, icon, colour or list.

    For what comes from a file or a person, at every place where Streamlit reads Markdown: texts, titles, captions,
    notices, labels and the options of `st.segmented_control`, `st.pills` and `st.radio`. A label is also read aloud as
    it is written: where an invisible sign is enough, no backslash is added, and an ordinary French text is returned
    as it is. Markup of our own goes around it: `f"**{plain(label)}**"`.
    """
    line = _BREAKS.sub(" ", _TURNS.sub("", text)).strip(" ")
    line = _ARROWS.sub(lambda arrow: f"{arrow[0][0]}{JOINER}{arrow[0][1:]}", line)
    line = _ESCAPED.sub(r"\\\g<0>", _JOINED.sub(rf"\g<0>{JOINER}", line))
    if not _balanced(line):
        # Such a bracket would close « :gray[…] » around the text.
        line = line.replace("[", "\\[").replace("]", "\\]")
    return f"{JOINER}{line}" if _START.match(line) else line


def literal(text: str) -> str:
    """Return a text that `str.format` writes as it is, braces included."""
    return text.replace("{", "{{").replace("}", "}}")


def _balanced(text: str) -> bool:
    """Return whether each bracket of a text closes one that was opened before it."""
    opened = 0
    for letter in text:
        opened += (letter == "[") - (letter == "]")
        if opened < 0:
            return False
    return opened == 0
