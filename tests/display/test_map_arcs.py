import json

from hypothesis import given
from hypothesis import strategies as st

from lib.display.map_arcs import ALPHABET, LAST, packed

STEPS = st.tuples(st.integers(-600_000, 600_000), st.integers(-600_000, 600_000))


def numbers(text: str) -> list[int]:
    """Read numbers back, as the browser does."""
    found, value, unit = [], 0, 1
    for char in text:
        digit = ALPHABET.index(char)
        value += (digit - LAST if digit >= LAST else digit) * unit
        unit *= len(ALPHABET) - LAST
        if digit < LAST:
            found.append(-(value + 1) // 2 if value % 2 else value // 2)
            value, unit = 0, 1
    return found


def test_an_arc_begins_where_the_last_one_ended():
    first, steps = packed({"arcs": [[[5, 7], [1, -2]], [[6, 5], [0, 3], [-1, 0]]]})["arcs"]
    assert numbers(first) == [2, 5, 7, 3, 0, 0]
    assert numbers(steps) == [1, -2, 0, 3, -1, 0]


@given(st.lists(st.lists(STEPS, min_size=1, max_size=5), max_size=5))
def test_every_arc_is_read_back(arcs: list[list[tuple[int, int]]]):
    first, steps = (numbers(text) for text in packed({"arcs": arcs})["arcs"])
    x = y = 0
    read = []
    for count, across, down in zip(first[::3], first[1::3], first[2::3], strict=True):
        x, y = x + across, y + down
        moves = [(steps.pop(0), steps.pop(0)) for _ in range(count - 1)]
        read.append([(x, y), *moves])
        x, y = x + sum(move[0] for move in moves), y + sum(move[1] for move in moves)
    assert read == arcs
    assert steps == []


def test_strings_need_no_escape_in_json_nor_in_html():
    assert len(ALPHABET) == len(set(ALPHABET)) == 92
    assert json.dumps(ALPHABET) == f'"{ALPHABET}"'
    assert not set(ALPHABET) & set('<"\\')


def test_the_rest_of_a_topology_stays():
    assert packed({"type": "Topology", "arcs": [], "objects": {}}) == {
        "type": "Topology",
        "objects": {},
        "arcs": ["", ""],
    }
