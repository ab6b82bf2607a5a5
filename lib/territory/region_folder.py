"""Where the files of the region are: those that are shipped, or those of the folder that `NUMERIQUE_REGION` names.

Such a folder is written by `python -m geo.build --region CODE`; what each file holds belongs to its reader.
"""

import os
from pathlib import Path

VARIABLE = "NUMERIQUE_REGION"
"""Environment variable that names the folder of another region, read when the application starts."""

ROOT = Path(__file__).resolve().parents[2]
_NAMED = os.environ.get(VARIABLE)

GEO = Path(_NAMED) if _NAMED else ROOT / "geo"
"""Boundaries and reference lists."""

DATA = GEO / "data" if _NAMED else ROOT / "data"
"""Editions and texts."""


def data_file(name: str, data: Path = DATA) -> Path:
    """Return the path of a file of data: that of the region, else the one that all regions share.

    What is said of a region (findings, contacts, editions) is in its folder, be it to say that there is none; what is a
    choice of the dashboard (protection, typology, margins) need not be.
    """
    own = data / name
    return own if own.exists() else ROOT / "data" / name
