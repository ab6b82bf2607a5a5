"""What an edition is called, as the person who imports it says, and the refusal of what could not be used.

What is then made of it belongs to `importing`.
"""

import re
from dataclasses import dataclass
from datetime import date

from lib.survey.editions import list_editions
from lib.survey.reading.table import SurveyFileError
from lib.territory.reference import load_region

PREVIEW = "brouillon-"
"""What the id of a draft's preview begins with: no edition may be called so."""

_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")


@dataclass(frozen=True)
class Identity:
    """What an edition is called: see `lib.survey.editions.EditionFile`."""

    id: str
    title: str
    collected: str
    started: date
    millesime: int
    simulated: bool = False

    def check(self) -> None:
        """Raise SurveyFileError, with a French sentence, when a field cannot be used."""
        if not _ID.fullmatch(self.id) or self.id.startswith(PREVIEW):
            raise SurveyFileError(
                "L’identifiant de l’édition doit compter de 1 à 40 lettres minuscules sans accent, chiffres ou tirets, "
                f"et ne pas commencer par «\u202f{PREVIEW}\u202f»\u202f: par exemple «\u202fenquete-2026\u202f»."
            )
        if self.id in list_editions():
            raise SurveyFileError(
                f"L’identifiant «\u202f{self.id}\u202f» est celui d’une édition livrée avec l’application\u202f: "
                "choisissez-en un autre."
            )
        if not self.title.strip() or not self.collected.strip():
            raise SurveyFileError("Donnez à l’édition un titre et une période de collecte.")
        region = load_region()
        if self.millesime not in (region.millesime, *region.earlier):
            built = ", ".join(str(year) for year in (region.millesime, *region.earlier))
            raise SurveyFileError(
                f"Pas de liste des territoires de {self.millesime}\u202f: années possibles\u202f: {built}."
            )
