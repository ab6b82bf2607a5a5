"""Figures to take away, small enough to be checked by hand: one of each family, as the pages make them."""

import pandas as pd

from lib.display import charts, crossing, differences, evolution, representation
from lib.display.comparison_charts import share_lanes
from lib.display.figure import Figure, MapPicture, Spec
from lib.display.formats import NARROW
from lib.display.legend import LegendEntry
from lib.display.maps import Perimeter, payload
from lib.display.status_bars import status_bars
from lib.display.tables import share_file, share_table

STAMP = {
    "Mention": "Données simulées",
    "Édition": "Édition d’essai",
    "Sélection": "tous les répondants",
    "Date": "22 novembre 2026",
}
NAN = float("nan")
READING = "<b>Oui</b> l’emporte."
SAID = {"title": "Titre", "subtitle": f"base{NARROW}: 40 répondants · Données simulées"}
COLOURS = {"Non": "#eddc85", "Oui": "#14306a", "Masqué": "#cdc7e4"}

# 40 people: 30 say yes, 8 no, what 2 say is hidden; among élus 20 of 25, among others 10 of 15.
ANSWERS = pd.DataFrame(
    [
        ("Oui", 30.0, 40, 0.75, 0.6, 0.86, False), ("Non", 8.0, 40, 0.2, 0.1, 0.35, False),
        ("Autre", NAN, 40, NAN, NAN, NAN, True),
    ],
    columns=["label", "count", "base", "share", "low", "high", "hidden"],
)  # fmt: skip
GROUPS = pd.DataFrame(
    [
        ("Élus", "Oui", 20.0, 25, 0.8, 0.6, 0.92, False), ("Élus", "Non", 5.0, 25, 0.2, 0.1, 0.4, False),
        ("Autres", "Oui", 10.0, 15, 2 / 3, 0.4, 0.86, False), ("Autres", "Non", NAN, 15, NAN, NAN, NAN, True),
    ],
    columns=["group", "label", "count", "base", "share", "low", "high", "hidden"],
)  # fmt: skip
BOTH = {"group": "Groupe", "label": "Réponse"}


def figure(name: str, rows: pd.DataFrame, picture: Spec | MapPicture | None, **more: str) -> Figure:
    """Return a figure of rows as its file holds them."""
    return Figure(name, "Titre", f"base{NARROW}: 40 répondants", STAMP, rows.astype(str).copy, rows.copy,
                  picture=picture, reading=READING, **more)  # fmt: skip


def bars() -> Figure:
    """Return bars of the answers; the file has a row that the picture has not."""
    drawn = charts.share_bars(ANSWERS[:2], **SAID, colours=COLOURS)
    return Figure("barres", SAID["title"], f"base{NARROW}: 40 répondants", STAMP, lambda: share_table(ANSWERS),
                  lambda: share_file(ANSWERS), picture=drawn, reading=READING)  # fmt: skip


def dots() -> Figure:
    """Return one dot per group, and the share of the whole."""
    rows = GROUPS[GROUPS["label"] == "Oui"].assign(label=["Élus", "Autres"])
    return figure("points", share_file(rows, label="Groupe"), charts.group_dots(rows, overall=0.75, **SAID))


def parts() -> Figure:
    """Return bars cut by answer; a third of the second is hidden."""
    shown = GROUPS.dropna(subset=["share"])
    hidden = shown[-1:].assign(label="Masqué", share=1 / 3, count=NAN)
    drawn = status_bars(pd.concat([shown, hidden]), colours=COLOURS, **SAID)
    return figure("statuts", share_file(GROUPS, **BOTH), drawn)


def grid() -> Figure:
    """Return the grid of answers by group, in % of the group."""
    drawn = charts.heat_map(GROUPS, title="Titre", subtitle=f"En % · {SAID['subtitle']}")
    return figure("grille", share_file(GROUPS, **BOTH), drawn)


def crossed() -> Figure:
    """Return a crossing, whose grid has one more line for the bases."""
    cells = GROUPS.rename(columns={"label": "row_label", "group": "column_label"})
    titles = crossing.Titles("Réponse", "Groupe", crossing.BY_COLUMN)
    marks = pd.Series(0, index=cells.index)
    drawn = crossing.heat_map(
        cells, marks, titles, title="Titre", subtitle=f"En % de chaque colonne · {SAID['subtitle']}"
    )
    return figure("croisement", crossing.file(cells, marks, titles), drawn)


def gaps() -> Figure:
    """Return a difference: 80 % of the first group, 2 out of 3 of the second."""
    row = {"label": "Oui", "count": 20.0, "base": 25, "share": 0.8, "other_count": 10.0, "other_base": 15,
           "other_share": 2 / 3, "difference": 0.8 - 2 / 3, "low": -0.15, "high": 0.42, "ratio": 1.2, "ratio_low": 0.9,
           "ratio_high": 1.6, "hidden": False}  # fmt: skip
    rows = pd.DataFrame([row])
    drawn = differences.difference_dots(
        rows, more_first="plus chez les élus", more_second="plus chez les autres", **SAID
    )
    return figure("ecarts", differences.contrast_file(rows, "élus", "autres", label="Réponse"), drawn)


def changes() -> Figure:
    """Return two editions: 50 % then 75 %."""
    row = {"label": "Oui", "count": 30.0, "base": 40, "share": 0.75, "low": 0.6, "high": 0.86, "earlier_count": 10.0,
           "earlier_base": 20, "earlier_share": 0.5, "earlier_low": 0.3, "earlier_high": 0.7, "difference": 0.25,
           "difference_low": 0.0, "difference_high": 0.48, "hidden": False}  # fmt: skip
    rows = pd.DataFrame([row])
    drawn = evolution.evolution_dots(rows, earlier="2025", later="2026", **SAID)
    return figure("evolution", evolution.evolution_file(rows, "2025", "2026"), drawn)


def strata() -> Figure:
    """Return who is missing: small communes are 60 % of those that exist, 30 % of those that answered."""
    row = {"kind": "Communes", "label": "Petites communes", "respondents": 12, "territories": 12, "existing": 600,
           "missing": 588, "rate": 0.02, "existing_share": 0.6, "answered_share": 0.3, "difference": -0.6,
           "verdict": "tres-sous", "covered": 5000, "inhabitants": 200000, "covered_share": 0.025}  # fmt: skip
    rows = pd.DataFrame([row])
    return figure("strates", representation.numbers(rows), representation.pairs(rows, **SAID))


def lanes() -> Figure:
    """Return two groups side by side on one topic."""
    rows = GROUPS[GROUPS["label"] == "Oui"].assign(label="Santé", name=["Élus", "Autres"], status="")
    written = share_file(rows, label="Sujet", name="Territoire ou groupe")
    return figure("voies", written, share_lanes(rows, ["Élus", "Autres"], **SAID))


PLACES = pd.DataFrame(
    {
        "Territoire": ["Bordeaux Métropole", "=CMD()", "Nulle-Part"],
        "Code": ["243300316", "200067106", "999999999"],
        "Réponse": ["Oui", "Non", "Oui"],
        "Répondants": [3, 1, 1],
    }
)
ENTRIES = (LegendEntry("non", "Non", "#eddc85"), LegendEntry("oui", "Oui", "#14306a"),
           LegendEntry("sans-reponse", "Pas de réponse", "#f6f5f2"))  # fmt: skip


def places() -> Figure:
    """Return a map of two EPCI, and of a code that has no polygon."""
    classes = pd.Series(["oui", "non", "oui"], index=PLACES["Code"])
    picture = MapPicture(
        payload("epci", classes, ENTRIES), ENTRIES, {"oui": 2, "non": 1}, "Réponse", "intercommunalités"
    )
    return figure("carte", PLACES, picture, level="epci")


def perimeters() -> Figure:
    """Return a map of a pays made of two EPCI, whose name a respondent typed."""
    rows = pd.DataFrame({"Territoire": ['@pays"'], "Code": ["pays:a"], "Réponse": ["Oui"], "Répondants": [1]})
    drawn = (Perimeter("pays:a", '@pays"', "Pays", ("243300316", "200067106", "000")),)
    sent = payload("perimetre", pd.Series(["oui"], index=["pays:a"]), ENTRIES, perimeters=drawn)
    return figure("pays", rows, MapPicture(sent, ENTRIES, {"oui": 1}, "Réponse", "pays"), level="perimetre")


CHARTS = {
    "bars": bars, "dots": dots, "parts": parts, "grid": grid, "gaps": gaps, "evolution": changes, "pairs": strata,
    "lanes": lanes,
}  # fmt: skip
