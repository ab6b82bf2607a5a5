"""A world small enough to print: six communes, two EPCI, two départements, twelve respondents.

    départements   16: communes 16001 to 16004 (5 800 inhabitants)    17: communes 17001, 17002 (12 800)
    EPCI           200000001: 16001, 16002, 16003                     200000002: 16004, 17001, 17002, and a
                                                                      quarter of its inhabitants elsewhere

Expected numbers in the tests are counted by hand on `RESPONDENTS` and the tables of answers below.
"""

from dataclasses import replace
from functools import cache

import pandas as pd

from lib.survey.edition import Edition
from lib.survey.questionnaire import Codebook, Option, Parts, Question
from lib.survey.states import NOT_ANSWERED, NOT_ASKED, NOT_TICKED, VALUE

FIRST, SECOND = "200000001", "200000002"

# code, nom, type, nature, population, epci, départements (main first), taille, part of the population inside
TERRITORIES = [
    ("16001", "Aunay", "commune", "COM", 400, FIRST, "16", "commune-0-999", 1.0),
    ("16002", "Belval", "commune", "COM", 900, FIRST, "16", "commune-0-999", 1.0),
    ("16003", "Cherval", "commune", "COM", 2000, FIRST, "16", "commune-1000-3499", 1.0),
    ("16004", "Doussac", "commune", "COM", 2500, SECOND, "16", "commune-1000-3499", 1.0),
    ("17001", "Esnes", "commune", "COM", 800, SECOND, "17", "commune-0-999", 1.0),
    ("17002", "Fontval", "commune", "COM", 12000, SECOND, "17", "commune-10000-49999", 1.0),
    (FIRST, "CC des Sources", "epci", "CC", 3300, None, "16", "epci-0-14999", 1.0),
    (SECOND, "CA des Marais", "epci", "CA", 20400, None, "17 16", "epci-15000-49999", 0.75),
    ("16", "Charente", "departement", "DEP", 5800, None, "16", None, 1.0),
    ("17", "Charente-Maritime", "departement", "DEP", 12800, None, "17", None, 1.0),
]

# respondent, type, role, territory, agrees to publication
RESPONDENTS = [
    ("r01", "commune", "elu", "16001", True),
    ("r02", "commune", "direction", "16001", True),
    ("r03", "commune", "elu", "16002", True),
    ("r04", "commune", "technicien", "16002", True),
    ("r05", "commune", "elu", "16003", True),
    ("r06", "commune", "elu", "17001", False),
    ("r07", "epci", "direction", FIRST, True),
    ("r08", "epci", "technicien", FIRST, False),
    ("r09", "epci", "direction", SECOND, True),
    ("r10", "departement", "technicien", "16", True),
    ("r11", "pays", "direction", "pays:val-de-sevre", True),
    ("r12", "commune", None, None, False),  # a name that no territory bears
]

# Answers by column, in the order of respondents that gave one.
SINGLE = {
    "strategie": {
        "r01": "non", "r02": "nsp", "r03": "formalisee", "r04": "non", "r05": "nsp", "r06": "mise-en-oeuvre",
        "r07": "formalisee", "r08": "formalisee", "r09": "non", "r10": "elaboration", "r12": "non",
    },
    "portage": {f"r0{rank}": "fort" for rank in range(1, 9)},
    "themes/inclusion": {
        "r01": "ponctuelles", "r02": "ponctuelles", "r03": "ponctuelles", "r04": "structurees",
        "r06": "structurees", "r07": "structurees", "r08": "structurees", "r09": "absent",
    },
    "themes/sante": {"r01": "nsp", "r02": "absent"},
    "priorites/1": {"r01": "inclusion", "r02": "sante", "r03": "inclusion"},
    "priorites/2": {"r01": "sante", "r02": "inclusion"},
    "priorites/3": {"r01": "donnees", "r02": "services"},
    "precisions": {"r01": "Merci"},
}  # fmt: skip

# Ticked options by question or row; who is not here left the question blank.
TICKED = {
    "besoins": {
        "r01": ("ingenierie", "financement"), "r02": ("financement",), "r03": ("aucun",), "r05": ("nsp",),
        "r06": ("ingenierie",), "r07": ("ingenierie",), "r11": ("ingenierie",), "r12": ("financement",),
    },
    "actions/inclusion": {"r01": ("diagnostic", "formation"), "r02": ("diagnostic",), "r03": ("aucune",)},
    "actions/sante": {"r03": ("formation",)},
}  # fmt: skip

# Questions that were hidden from some respondents.
HIDDEN = {"besoins": ("r09", "r10")}


def codebook() -> Codebook:
    """Return a questionnaire with one question of each kind."""
    unknown = Option("nsp", "Ne sait pas", dont_know=True)
    unknown_alone = Option("nsp", "Ne sait pas", exclusive=True, dont_know=True)
    themes = (Option("inclusion", "Inclusion numérique"), Option("sante", "Santé"))
    types = ("commune", "epci", "departement", "pays", "syndicat", "autre")
    return Codebook(
        id="essai",
        title="Essai",
        parts=Parts("terr_type", "terr_nom", role="repondant", free_text=("precisions",)),
        questions=(
            Question("terr_type", "single", "Type ?", "Type", _options(*types)),
            Question("terr_nom", "text", "Nom ?", "Nom"),
            Question("repondant", "single", "Rôle ?", "Rôle", _options("elu", "direction", "technicien", "autre")),
            Question(
                "strategie",
                "single",
                "Une stratégie ?",
                "Stratégie",
                (*_options("mise-en-oeuvre", "formalisee", "elaboration", "prevue", "non"), unknown),
                unit="territories",
            ),
            Question("portage", "scale", "Le portage est…", "Portage", (*_options("fort", "faible"), unknown)),
            Question(
                "besoins",
                "multiple",
                "De quoi ?",
                "Besoins",
                (
                    *_options("ingenierie", "financement", "autre"),
                    Option("aucun", "Aucun", exclusive=True),
                    unknown_alone,
                ),
                other=True,
            ),
            Question(
                "themes",
                "array",
                "Quel niveau ?",
                "Mobilisation",
                (*_options("absent", "ponctuelles", "structurees"), unknown),
                themes,
                unit="territories",
            ),
            Question(
                "actions",
                "array_multiple",
                "Quelles actions ?",
                "Actions",
                (*_options("diagnostic", "formation"), Option("aucune", "Aucune", exclusive=True)),
                themes,
                unit="territories",
            ),
            Question(
                "priorites",
                "ranking",
                "Trois priorités ?",
                "Priorités",
                (*themes, *_options("donnees", "services")),
                ranks=3,
            ),
            Question("precisions", "text", "Précisions ?", "Précisions"),
        ),
    )


def reference() -> pd.DataFrame:
    """Return the territories, in the shape of `lib.territory.reference.load_reference`."""
    columns = [
        "code",
        "nom",
        "type",
        "nature",
        "population",
        "epci",
        "departements",
        "taille",
        "part_population",
    ]
    territories = pd.DataFrame(TERRITORIES, columns=columns).set_index("code")
    departements = territories["departements"].str.split().map(tuple)
    return territories.assign(
        siren=pd.Series(pd.NA, index=territories.index, dtype="str"),
        population=territories["population"].astype("Int64"),
        departement=departements.str[0],
        departements=departements,
        codes_postaux=[()] * len(territories),
        partiel=territories["part_population"] < 1,
    )


def edition() -> Edition:
    """Return the edition of the twelve respondents, its frames free to be modified."""
    built = _edition()
    return replace(built, respondents=built.respondents.copy(), values=built.values.copy(), states=built.states.copy())


@cache
def _edition() -> Edition:
    questionnaire = codebook()
    index = pd.Index([respondent for respondent, *_ in RESPONDENTS], name="respondent", dtype="str")
    values = pd.DataFrame(pd.NA, index=index, columns=list(questionnaire.columns), dtype="str")
    states = pd.DataFrame(NOT_ANSWERED, index=index, columns=values.columns, dtype="int8")
    for respondent, kind, role, _, _ in RESPONDENTS:
        values.loc[respondent, ["terr_type", "repondant"]] = [kind, role]
    for column, given in SINGLE.items():
        for respondent, code in given.items():
            values.loc[respondent, column] = code
    for question, given in TICKED.items():
        columns = [column for column in values.columns if column.startswith(f"{question}/") and "texte" not in column]
        for respondent, codes in given.items():
            states.loc[respondent, columns] = NOT_TICKED
            values.loc[respondent, [f"{question}/{code}" for code in codes]] = "1"
    states = states.mask(values.notna(), VALUE).astype("int8")
    for question, hidden in HIDDEN.items():
        states.loc[list(hidden), list(questionnaire[question].columns)] = NOT_ASKED
    return Edition(
        id="essai",
        title="Essai",
        simulated=True,
        fitted=True,
        collected="mars",
        millesime=2026,
        codebook=questionnaire,
        respondents=_respondents(index),
        values=values,
        states=states,
        issues=pd.DataFrame(columns=["row", "column", "value", "problem", "rows"]),
    )


def _respondents(index: pd.Index) -> pd.DataFrame:
    territories = reference()
    rows = pd.DataFrame(
        [line[1:] for line in RESPONDENTS], columns=["type", "role", "territory", "publishable"], index=index
    )
    rows = rows.astype({"type": "str", "role": "str", "territory": "str"})
    pays = rows["type"] == "pays"
    rows["nom"] = rows["territory"].map(territories["nom"]).mask(pays, "Pays du Val de Sèvre")
    rows["declared"] = rows["nom"].fillna("Nulle-Part")
    rows["method"] = rows["territory"].notna().map({True: "exact", False: "none"})
    rows["candidates"] = [()] * len(rows)
    rows["membres"] = [(FIRST, SECOND) if own else () for own in pays]
    rows["taille"] = (
        rows["territory"].map(territories["taille"]).mask(pays | (rows["type"] == "departement"), "sans-objet")
    )
    departements = territories["departements"].to_dict() | {"pays:val-de-sevre": ("16", "17")}
    rows["departements"] = [departements.get(territory, ()) for territory in rows["territory"]]
    rows["complete"] = True
    return rows


def _options(*codes: str) -> tuple[Option, ...]:
    """Return options named after their code: « mise-en-oeuvre » is named « Mise en oeuvre »."""
    return tuple(Option(code, code.replace("-", " ").capitalize()) for code in codes)
