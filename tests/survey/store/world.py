"""Small editions to keep: respondents of the small questionnaire, each with a text that nobody else wrote."""

import hashlib
from datetime import date

import pandas as pd

from lib.survey.codebook import parse_codebook
from lib.survey.edition import Edition
from lib.survey.issues import Findings, issue_table
from lib.survey.states import NOT_ANSWERED, NOT_TICKED, VALUE
from lib.survey.store.opening import Store
from lib.survey.store.publication import current_editions
from lib.survey.store.revisions import write_revision
from tests.survey.world import CODEBOOK

PRINTS = parse_codebook(CODEBOOK.encode())
SOURCE = {"sha256": "ab" * 32, "size": 1234, "tool": "limesurvey", "rows": 14, "columns": 20}
WHO, OTHER = "ana@exemple.fr", "bob@exemple.fr"
STARTED = date(2026, 3, 1)


def secret_text(respondent: str, mark: str = "") -> str:
    """Return a text that compresses badly, so that bytes of it are found again in a file."""
    return f"{respondent} {mark} {hashlib.sha512((respondent + mark).encode()).hexdigest()}"


def edition(size: int = 14, mark: str = "", id: str = "essai-2026", without: tuple[str, ...] = ()) -> Edition:
    """Return an edition of `size` respondents, r01, r02… of as many communes, all refusing but the first two."""
    names = [name for name in (f"r{rank:02}" for rank in range(1, size + 1)) if name not in without]
    index = pd.Index(names, name="respondent", dtype="str")
    ranks = [int(name[1:]) for name in names]
    values = pd.DataFrame({key: pd.Series(pd.NA, index=index, dtype="str") for key in PRINTS.columns})
    values["type"] = "commune"
    values["nom"] = [f"Commune {rank}" for rank in ranks]
    values["role"] = ["elu" if rank % 2 else "agent" for rank in ranks]
    values["niveau/fibre"] = ["present" if rank % 3 else "absent" for rank in ranks]
    values["freins/temps"] = pd.Series(["1" if rank % 4 else pd.NA for rank in ranks], index=index, dtype="str")
    values["freins/autre/texte"] = [secret_text(name, mark) for name in names]
    values["accord"] = ["oui" if rank <= 2 else "non" for rank in ranks]
    states = values.notna().replace({True: VALUE, False: NOT_ANSWERED}).astype("int8")
    states["freins/temps"] = states["freins/temps"].replace(NOT_ANSWERED, NOT_TICKED).astype("int8")
    territories = [f"{16000 + rank}" for rank in ranks]
    respondents = pd.DataFrame(
        {
            "type": values["type"],
            "role": values["role"],
            "declared": values["nom"],
            "territory": pd.Series(territories, index=index, dtype="str"),
            "method": pd.Series("exact", index=index, dtype="str"),
            "candidates": pd.Series([(code,) for code in territories], index=index, dtype=object),
            "membres": pd.Series([() for _ in names], index=index, dtype=object),
            "nom": values["nom"],
            "taille": pd.Series("commune-0-999", index=index, dtype="str"),
            "departements": pd.Series([("16",) for _ in names], index=index, dtype=object),
            "publishable": values["accord"] == "oui",
            "complete": [rank != 5 for rank in ranks],
        },
        index=index,
    )
    findings = Findings()
    for rank, name in zip(ranks, names, strict=True):
        findings.add(rank + 1, "Rôle", secret_text(name, "faute"), "Réponse inconnue.")
    return Edition(
        id=id,
        title=f"Essai {mark}".strip(),
        simulated=False,
        collected="mars 2026",
        millesime=2025,
        codebook=PRINTS,
        respondents=respondents.astype({"publishable": bool, "complete": bool}),
        values=values,
        states=states,
        issues=issue_table(findings),
    )


def written(store: Store, given: Edition | None = None, **more: object) -> int:
    """Write a revision and return its id."""
    told = {"source": SOURCE, "mapping": '{"options": {}}', "codebook": CODEBOOK, "who": WHO, "started": STARTED}
    return write_revision(store, given or edition(), **(told | more))


def shown(store: Store, edition_id: str = "essai-2026") -> int | None:
    """Return the revision that visitors see."""
    published = current_editions(store).get(edition_id)
    return published.revision_id if published else None


def same(one: Edition, other: Edition) -> None:
    """Fail where two editions differ in anything."""
    for name in ("respondents", "values", "states", "issues"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
    told = ("id", "title", "simulated", "collected", "millesime", "codebook", "fitted", "threshold")
    assert [getattr(one, name) for name in told] == [getattr(other, name) for name in told]
