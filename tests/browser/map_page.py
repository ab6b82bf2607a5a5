"""A page with nothing but a map: what the browser tests and the benchmark of maps act upon."""

import pandas as pd
import streamlit as st

from lib.display.legend import LegendEntry, legend_html, outside
from lib.display.maps import Perimeter, partial_notes, payload, region_map, styles
from lib.display.palette import ordered
from lib.territory.reference import load_reference
from lib.ui.maps import Click, show_map
from tests.browser.map_page_world import BORDEAUX_METROPOLE, INJECTION

LABELS = ("Aucune réflexion", "Réflexion engagée", "En construction", "Adoptée", "Évaluée")
STATES = {
    "nsp": "Ne sait pas",
    "divergentes": "Réponses divergentes",
    "non-publiee": "Réponse non publiée",
    "sans-reponse": "Pas de réponse",
}
ENTRIES = [
    *(LegendEntry(str(step), label, fill) for step, (label, fill) in enumerate(zip(LABELS, ordered(5), strict=True))),
    *(outside(key, label) for key, label in STATES.items()),
]
PERIMETERS = (
    Perimeter("pays:un", INJECTION, "Pays", (BORDEAUX_METROPOLE,)),
    Perimeter("pays:deux", "Pays de l’Entre-deux", "Pays", ("200023307", "200068922")),
)

st.set_page_config(layout="wide")
reference = load_reference()


def choose(click: Click) -> None:
    st.session_state["territoire"] = click.code


left, middle, right = st.columns(3)
level = left.selectbox("Niveau", ["epci", "commune", "departement", "perimetre"])
variable = middle.selectbox("Variable", [0, 1, 2, 3])
if level == "perimetre":
    codes = [perimeter.code for perimeter in PERIMETERS]
else:
    codes = list(reference.index[reference["type"] == level])
# About 400 answers, the size of the survey: one commune out of eleven, three EPCI out of four.
answered = [code for place, code in enumerate(codes) if level != "commune" or place % 11 == 0]
answered = [code for place, code in enumerate(answered) if level != "epci" or place % 4]
keys = [entry.key for entry in ENTRIES[:-1]]
classes = pd.Series(
    [keys[(place * 7 + place // 5 + variable) % len(keys)] for place in range(len(answered))],
    index=answered,
    dtype="str",
)
selected = right.selectbox("Territoire", codes, index=None, key="territoire")
outlines = st.checkbox("Périmètres")

drawing, beside = st.columns([3, 1])
with drawing:
    click = show_map(
        region_map(),
        styles(
            payload(
                level,
                classes,
                ENTRIES,
                respondents={code: 1 + place % 3 for place, code in enumerate(answered)},
                notes=partial_notes(reference) if level == "epci" else {},
                perimeters=PERIMETERS if outlines or level == "perimetre" else (),
                selected=selected,
            )
        ),
        key="carte",
        on_click=choose,
    )
with beside:
    counts = {key: int((classes == key).sum()) for key in keys} | {"sans-reponse": len(codes) - len(classes)}
    st.html(legend_html(ENTRIES, counts, title="Stratégie numérique", unit="Nombre de territoires"))
st.session_state["runs"] = st.session_state.get("runs", 0) + 1
st.text(f"Passages : {st.session_state['runs']}")
st.text(f"Clic : {click.code if click else 'aucun'}")
