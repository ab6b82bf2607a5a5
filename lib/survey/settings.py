"""Files of settings that a person edits as TOML: how they are read, and how one that cannot be is refused.

What each file may hold is checked by the module that owns it.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any


class SettingsError(ValueError):
    """Settings that cannot be used: a French sentence that names the file, the place, and what to do."""


def read_settings(path: Path, refusal: type[SettingsError]) -> dict[str, Any]:
    """Return the content of a file of settings.

    Raises
    ------
    SettingsError
        Of the kind `refusal`, when the file is missing, is not UTF-8 or is not TOML.
    """
    name = f"data/{path.name}"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise refusal(f"{name}\u202f: fichier introuvable ou illisible. Remettez-le en place.") from error
    except UnicodeDecodeError as error:
        raise refusal(f"{name}\u202f: enregistrez ce fichier en UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise refusal(
            f"{name}\u202f: l’écriture est fautive {fault_place(error)}\u202f: un guillemet, un crochet ou un signe "
            "«\u202f=\u202f» y manque ou y est de trop, ou un nom y est donné deux fois."
        ) from error


def fault_place(error: tomllib.TOMLDecodeError) -> str:
    """Return where a text is no longer TOML, in French words."""
    place = re.search(r"at line (\d+), column (\d+)", str(error))
    return f"à la ligne {place[1]}, colonne {place[2]}" if place else "à la fin"
