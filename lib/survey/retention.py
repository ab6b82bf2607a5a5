"""How long personal data is kept, as configured in data/retention.toml.

What is then deleted belongs to `lib.survey.store.contacts` and `lib.survey.store.backup`.
"""

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from lib.territory.region_folder import data_file

PATH = data_file("retention.toml")


@dataclass(frozen=True)
class Retention:
    """Delays, in days.

    Attributes
    ----------
    contacts_days : how long the contacts of respondents are kept after an import, unless it says a date of its own.
    drafts_days : how long a draft that nobody touches is kept.
    backups_days : how long a backup is kept: so long may it hold what was deleted since.
    """

    contacts_days: int
    drafts_days: int
    backups_days: int

    def __post_init__(self) -> None:
        """Refuse what is no number of days."""
        for delay in fields(self):
            days = getattr(self, delay.name)
            if type(days) is not int or days < 1:
                raise ValueError(
                    f"data/retention.toml\u202f: «\u202f{delay.name}\u202f» doit être un nombre de jours, 1 ou plus."
                )


@cache
def load_retention(path: Path = PATH) -> Retention:
    """Return the delays read from `path`.

    Raises
    ------
    ValueError
        When a delay is no number of days.
    TypeError
        When the file lacks a delay, or holds an unknown one.
    """
    return Retention(**tomllib.loads(path.read_text(encoding="utf-8")))
