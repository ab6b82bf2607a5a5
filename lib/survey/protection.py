"""How strongly unpublished answers are protected, as configured in data/protection.toml.

What the protection does belongs to `lib.survey.exchange` (answers) and `lib.analysis.disclosure` (counts).
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lib.territory.region_folder import data_file

PATH = data_file("protection.toml")


@dataclass(frozen=True)
class Protection:
    """Strength of the protection.

    Attributes
    ----------
    threshold : smallest count shown; 2 or more.
    block : how many neighbours exchange their answers in each pass; the threshold or more.
    fewest : fewest territories (or respondents, for opinions) that may exchange; with fewer, answers are taken out.
    within_type, within_region : share (fraction 0–1) of the territories whose answers may travel beyond their
        block, to the same type of structure or to the whole region.
    """

    threshold: int = 3
    block: int = 6
    fewest: int = 10
    within_type: float = 0.10
    within_region: float = 0.03

    def __post_init__(self) -> None:
        """Refuse what would protect nothing."""
        if self.threshold < 2:
            raise ValueError("data/protection.toml : « threshold » doit valoir au moins 2.")
        if not self.threshold <= self.block <= self.fewest:
            raise ValueError("data/protection.toml : il faut « threshold » ≤ « block » ≤ « fewest ».")
        if not (0 < self.within_type <= 1 and 0 < self.within_region <= 1):
            raise ValueError(
                "data/protection.toml : « within_type » et « within_region » doivent être entre 0 (exclu) et 1."
            )


@cache
def load_protection(path: Path = PATH) -> Protection:
    """Return the protection read from `path`.

    Raises
    ------
    ValueError
        When a value would protect nothing.
    TypeError
        When the file holds an unknown field.
    """
    return Protection(**tomllib.loads(path.read_text(encoding="utf-8")))
