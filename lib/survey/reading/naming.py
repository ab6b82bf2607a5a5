"""Identifiers and short titles made of wordings: no two alike, short enough to be read and typed.

What they name is drafted by `kinds` and `roles`.
"""

import re
from collections.abc import Callable

from lib.survey.reading.profiles import words

Names = Callable[[str], str]
"""Gives an identifier that nothing has yet, made of a code or a wording."""

LONGEST_ID = 30
_LONGEST_SHORT = 40

_LINK = re.compile(r"-(a|aux?|cette|ce|des?|d|du|en|est|et|la|les?|l|ou|par|pour|que|qui|s|sa|ses?|sur|t|une?)$")


def unique_names() -> Names:
    """Return a function that makes a short identifier of a text, never twice the same."""
    taken: set[str] = set()

    def free(text: str) -> str:
        stem = words(text).replace(" ", "-")
        if len(stem) > LONGEST_ID:
            stem = stem[: LONGEST_ID + 1].rpartition("-")[0][:LONGEST_ID] or stem[:LONGEST_ID]
        while _LINK.search(stem):
            stem = _LINK.sub("", stem)
        stem = stem or "sans-nom"
        name, rank = stem, 2
        while name in taken:
            name, rank = f"{stem[: LONGEST_ID - 5]}-{rank}", rank + 1
        taken.add(name)
        return name

    return free


def shorten(text: str) -> str:
    """Return a wording cut at a word for the title of a chart."""
    if len(text) <= _LONGEST_SHORT:
        return text
    return f"{text[:_LONGEST_SHORT].rpartition(' ')[0] or text[: _LONGEST_SHORT - 1]}…"
