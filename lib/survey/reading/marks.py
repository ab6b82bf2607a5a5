"""The texts by which survey tools say ticked, not ticked and not asked, and the words for « Autre » and comments.

They are compared once normalised; what a mark means for a question belongs to `validation`.
"""

import re
from collections.abc import Iterable

from lib.survey.normalisation import normalise

NOT_ASKED_CELL = "n/a"
YES = frozenset({"oui", "yes", "y", "1", "x", "true", "vrai", "✓", "✔", "☑"})
NO = frozenset({"non", "no", "n", "0", "false", "faux"})
MARKS = YES | NO | {"", NOT_ASKED_CELL}
"""What a cell of a box to tick may say."""

UNNAMED = "(sans libellé)"
"""What stands for the label of an option or a row that a tool exports without any: `Fréquence []`."""

_OTHER = re.compile(
    r"-oth-|_?(?:autres?|others?)(?:[_/.](?:texte?|txt|préci\w*|specify))?"
    r"(?:\s*(?:…|\.{3}|:))?"
    r"(?:[\s,:]*\(?(?:à |merci de |veuillez |please )*(?:préci\w*|specify)[^\[\]]{0,40}\)?)?"
    r"(?:\s*(?:…|\.{3}|:))?"
)
_COMMENTS = frozenset({"commentaire", "commentaires", "comment", "comments"})


def is_other(text: str) -> bool:
    """Tell whether a normalised text is how a tool calls « Autre » (« autre (précisez) », « other », « -oth- »)."""
    return bool(_OTHER.fullmatch(text))


def is_comment(text: str) -> bool:
    """Tell whether a normalised text is how a tool calls the comment that goes with an answer."""
    return text in _COMMENTS


def only_marks(cells: Iterable[str]) -> bool:
    """Tell whether every cell says ticked, not ticked, not asked, or nothing."""
    return all(normalise(cell) in MARKS for cell in cells)
