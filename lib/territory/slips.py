"""Tell the slips that hands and ears make from letters that differ by chance: those make one name of another.
How many letters may differ, and what else comes near, is for `lib.territory.gazetteer`."""

from __future__ import annotations

# The rows of a French keyboard; keys side by side in a row are struck for each other.
_ROWS = ("azertyuiop", "qsdfghjklm", "wxcvbn")
_NEIGHBOURS = frozenset(frozenset(row[place : place + 2]) for row in _ROWS for place in range(len(row) - 1))
# Letters that may sound alike.
_ALIKE = frozenset(frozenset(pair) for pair in ("sz", "sc", "iy", "ck", "kq", "cq", "gj", "ae", "nm", "td", "bp", "vw"))


def is_slip(written: str, meant: str) -> bool:
    """Tell whether two spellings that differ by one letter differ by a slip: swapped, doubled, lost twin, near key.

    « s » for « z », « i » for « y », « a » for « e »… count too.
    """
    start = 0
    while start < min(len(written), len(meant)) and written[start] == meant[start]:
        start += 1
    if len(written) == len(meant):
        one, other = written[start : start + 2], meant[start : start + 2]
        if len(one) == 2 and one == other[::-1] and written[start + 2 :] == meant[start + 2 :]:
            return True
        pair = frozenset((written[start], meant[start]))
        return start > 0 and (pair in _NEIGHBOURS or pair in _ALIKE)
    longer = max(written, meant, key=len)
    # One letter of a pair of twins is lost or was added.
    return start > 0 and longer[start - 1 : start] == longer[start : start + 1]
