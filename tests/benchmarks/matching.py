"""Measure the matching of 20,000 declared names, all different: processor time, and memory above that of the lists.

`python -m tests.benchmarks.matching` prints one line; `tests.benchmarks.imports` may call `measure`.
"""

import random
import time
import tracemalloc
from typing import NamedTuple

import pandas as pd

from lib.territory.matching import match
from lib.territory.reference import load_reference

ROWS = 20_000
ROLES = ("service informatique", "secrétariat", "accueil", "DGS", "direction")


class Measure(NamedTuple):
    """Seconds of processor, extra memory in MB at its peak, rows matched, and how many rows were different."""

    seconds: float
    megabytes: float
    matched: int
    distinct: int


def distinct_names(rows: int = ROWS) -> pd.DataFrame:
    """Return names of communes as people type them, one row each: plain, with a postal code, a role, a slip."""
    reference = load_reference()
    communes = reference[reference["type"] == "commune"]
    listed = list(zip(communes.index, communes["nom"], communes["departement"], communes["codes_postaux"], strict=True))
    draws = random.Random(4)
    seen: dict[tuple[str, str], None] = {}
    while len(seen) < rows:
        code, name, departement, numbers = draws.choice(listed)
        at = draws.randrange(1, len(name))
        typed = draws.choice(
            (
                name,
                name.upper().replace("-", " "),
                f"{numbers[0]} {name}",
                f"Mairie de {name} ({departement})",
                f"{name} - {draws.choice(ROLES)} {draws.randrange(1000)}",
                f"{name[:at]}{name[at - 1]}{name[at:]}",
                f"{name[:at]}{draws.choice('aeioustrl')}{name[at:]}",
            )
        )
        seen[typed, draws.choice(("", "", numbers[0], code))] = None
    return pd.DataFrame(
        [("commune", name, code, "") for name, code in seen], columns=["type", "nom", "code", "membres"]
    )


def measure(rows: int = ROWS) -> Measure:
    """Return what the matching of that many different declarations takes, the lists being loaded."""
    declared = distinct_names(rows)
    match(declared.head(200))
    start = time.process_time()
    matched = match(declared)
    seconds = time.process_time() - start
    tracemalloc.start()
    match(declared)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return Measure(seconds, peak / 1e6, int(matched["territory"].notna().sum()), len(declared.drop_duplicates()))


if __name__ == "__main__":
    measured = measure()
    print(
        f"{ROWS} lignes, {measured.distinct} déclarations différentes : {measured.seconds:.2f} s de processeur, "
        f"{measured.megabytes:.1f} Mo de plus, {measured.matched} rattachées"
    )
