"""The one form under which headings and labels are compared; what is displayed is always the original.

Names of territories have their own rules, in `lib.territory.naming`.
"""

import unicodedata

_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼ`´′＇"), "'")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


def normalise(text: str) -> str:
    """Return `text` in composed form (NFC), case folded, apostrophes unified, all runs of spaces collapsed.

    Spaces are those of Unicode (no-break, narrow, thin…); invisible characters such as soft hyphens are
    removed.
    """
    visible = unicodedata.normalize("NFC", text).translate(_INVISIBLE)
    return " ".join(visible.translate(_APOSTROPHES).split()).casefold()
