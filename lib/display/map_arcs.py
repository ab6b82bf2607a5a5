"""The arcs of a topology as they travel: two strings of characters instead of numbers in brackets, a third lighter.

They are read sooner too: a browser makes an object of every pair of brackets. `assets/territory_canvas.js` reads both.
"""

from collections.abc import Iterable, Mapping
from typing import Any

ALPHABET = "".join(chr(code) for code in range(32, 127) if chr(code) not in '"\\<')
"""Characters that stand for themselves in JSON and in HTML; the first `LAST` end a number, the others go on with it."""
LAST = 80


def packed(topology: Mapping[str, Any]) -> dict[str, Any]:
    """Return a quantised TopoJSON whose `arcs` are two strings.

    Notes
    -----
    The first says of each arc its number of points, then its first point from the last one of the arc before; the
    second all the steps, one arc after the other. A number is written without its sign (0, -1, 1, -2… as 0, 1, 2, 3…),
    its lowest digits first.
    """
    starts: list[int] = []
    steps: list[int] = []
    x = y = 0
    for arc in topology["arcs"]:
        (across, down), *moves = arc
        starts += (len(arc), across - x, down - y)
        x, y = across, down
        for across, down in moves:
            x += across
            y += down
            steps += (across, down)
    return {**topology, "arcs": [_written(starts), _written(steps)]}


def _written(numbers: Iterable[int]) -> str:
    short = [ALPHABET[place] for place in range(LAST)]
    going_on = ALPHABET[LAST:]
    written = []
    for number in numbers:
        left = 2 * number if number >= 0 else -2 * number - 1
        while left >= LAST:
            left, digit = divmod(left, len(going_on))
            written.append(going_on[digit])
        written.append(short[left])
    return "".join(written)
