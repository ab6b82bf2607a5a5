"""The forms under which headings and labels are compared; what is displayed is always the original.

Names of territories have their own rules, in `lib.territory.naming`.
"""

import unicodedata
from collections.abc import Sequence

from rapidfuzz import fuzz, process

_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼ`´′＇"), "'")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


def normalise(text: str) -> str:
    """Return `text` in composed form (NFC), case folded, apostrophes unified, all runs of spaces collapsed.

    Spaces are those of Unicode (no-break, narrow, thin…); invisible characters such as soft hyphens are
    removed.
    """
    visible = unicodedata.normalize("NFC", text).translate(_INVISIBLE)
    return " ".join(visible.translate(_APOSTROPHES).split()).casefold()


def squeeze(text: str) -> str:
    """Return the letters and digits of `text`, case folded and without accents: `mise-en-relation`, `Miseenrelation`.

    Two texts that differ by punctuation, spaces and accents only are one: whoever compares so makes sure that
    no two names of a list are.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if letter.isalnum())


def closest(text: str, wordings: Sequence[str], limit: int = 3) -> list[tuple[int, float]]:
    """Return the wordings that are most like a text.

    Parameters
    ----------
    text : str
    wordings : sequence of str
    limit : int
        How many at most.

    Returns
    -------
    list of (int, float)
        Position in `wordings` and likeness from 0 (nothing in common) to 1 (the same, once normalised), best
        first. The likeness is the share of characters that stay in place when one text is turned into the
        other, words being put in alphabetical order where that brings them closer.
    """
    choices = [normalise(wording) for wording in wordings]
    found = process.extract(normalise(text), choices, scorer=_likeness, limit=limit)
    return [(position, round(score / 100, 3)) for _, score, position in found]


def _likeness(one: str, other: str, *, score_cutoff: float | None = None) -> float:  # noqa: ARG001 (rapidfuzz gives it)
    return max(fuzz.ratio(one, other), fuzz.token_sort_ratio(one, other))
