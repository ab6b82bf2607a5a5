"""Nine real territories, where they really are, with invented answers: who may lend support to whom is seen by hand.

    code       territory            size class     answers             agrees
    87085      Limoges              50 000 +       moteur, every theme     yes
    19272      Tulle                10 000–49 999  moteur, inclusion       yes
    23176      La Souterraine       3 500–9 999    moteur, every theme     no
    64102      Bayonne              50 000 +       moteur, every theme     yes     300 km away
    23096      Guéret               10 000–49 999  to be helped            yes     education in part, donnees unknown
    19275      Ussel                3 500–9 999    to be helped            no
    200034825  CA du Grand Guéret   EPCI           moteur, every theme     yes     of which Guéret is
    87         Haute-Vienne         département    moteur, every theme     yes
    (none)     Syndicat sans lieu   syndicat       to be helped            yes     whose members are not told

« moteur, inclusion »: structured actions on inclusion, some on every other theme. « to be helped »: neither strategy
nor coordinating body, themes not on the agenda but as said.
"""

from functools import cache

import numpy as np
import pandas as pd

from lib.survey.codebook import load_codebook
from lib.survey.edition import Edition
from lib.survey.editions import SHIPPED, list_editions
from lib.survey.states import NOT_ANSWERED, VALUE
from lib.territory.reference import load_reference

LIMOGES, TULLE, SOUTERRAINE, BAYONNE = "87085", "19272", "23176", "64102"
GUERET, USSEL, GRAND_GUERET, HAUTE_VIENNE = "23096", "19275", "200034825", "87"
SYNDICAT = "syndicat:sans-lieu"

THEMES = (
    "inclusion", "infrastructures", "collectivite", "entreprises", "education", "responsable", "cybersecurite",
    "donnees", "services", "sante",
)  # fmt: skip
EVERYWHERE = dict.fromkeys(THEMES, "structurees")
INCLUSION = dict.fromkeys(THEMES, "ponctuelles") | {"inclusion": "structurees"}
NOWHERE = dict.fromkeys(THEMES, "absent")
FORWARD = {"strategie": "mise-en-oeuvre", "instance": "oui", "portage": "fort"}
STILL = {"strategie": "non", "instance": "non", "portage": "inexistant"}

# territory, answers, themes, agrees
RESPONDENTS = [
    (LIMOGES, FORWARD, EVERYWHERE, True),
    (TULLE, FORWARD, INCLUSION, True),
    (SOUTERRAINE, FORWARD, EVERYWHERE, False),
    (BAYONNE, FORWARD, EVERYWHERE, True),
    (GUERET, STILL, NOWHERE | {"education": "ponctuelles", "donnees": "nsp"}, True),
    (USSEL, STILL, NOWHERE, False),
    (GRAND_GUERET, FORWARD, EVERYWHERE, True),
    (HAUTE_VIENNE, FORWARD, EVERYWHERE, True),
    (SYNDICAT, STILL, NOWHERE, True),
]


@cache
def edition() -> Edition:
    """Return the answers as given of the nine, one respondent each."""
    codebook = load_codebook(next(iter(list_editions(SHIPPED).values())).codebook)
    index = pd.Index([f"r{rank}" for rank in range(len(RESPONDENTS))], name="respondent", dtype="str")
    values = pd.DataFrame(pd.NA, index=index, columns=list(codebook.columns), dtype="str")
    for respondent, (_, answers, themes, _) in zip(index, RESPONDENTS, strict=True):
        for column, code in {**answers, **{f"themes/{theme}": code for theme, code in themes.items()}}.items():
            values.loc[respondent, column] = code
    states = pd.DataFrame(
        np.where(values.notna(), VALUE, NOT_ANSWERED).astype("int8"), index=index, columns=values.columns
    )
    return Edition(
        id="appui",
        title="Appui",
        simulated=True,
        collected="mars",
        millesime=2026,
        codebook=codebook,
        respondents=_respondents(index),
        values=values,
        states=states,
        issues=pd.DataFrame(columns=["row", "column", "value", "problem", "rows"]),
    )


def _respondents(index: pd.Index) -> pd.DataFrame:
    reference = load_reference()
    territory = pd.Series([code for code, *_ in RESPONDENTS], index=index, dtype="str")
    known = reference.reindex(territory).set_axis(index)
    return pd.DataFrame(
        {
            "type": known["type"].fillna("syndicat").astype("str"),
            "role": pd.Series("direction", index=index, dtype="str"),
            "declared": known["nom"].fillna("Syndicat sans lieu").astype("str"),
            "territory": territory,
            "method": "exact",
            "candidates": [()] * len(index),
            "membres": [()] * len(index),
            "nom": known["nom"].fillna("Syndicat sans lieu").astype("str"),
            "taille": known["taille"].fillna("sans-objet").astype("str"),
            "departements": [own if isinstance(own, tuple) else () for own in known["departements"]],
            "publishable": [agrees for *_, agrees in RESPONDENTS],
            "complete": True,
            "line": range(2, len(index) + 2),
        },
        index=index,
    )
