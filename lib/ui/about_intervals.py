"""What the page Méthode says of the margins: whether they hold what they promise, as measured on a grid.

The measure is read by `lib.analysis.interval_grid`; the rest of the page is in `about`.
"""

from math import ceil, floor

import pandas as pd
import streamlit as st

from lib.analysis.interval_grid import COMMAND, RATIO, RATIO_FROM, load_interval_grid, shown, verdict
from lib.display.formats import NARROW, decimal, number


def promise() -> None:
    """Draw what was measured of the margins of territories: two sentences, a table, and where it comes from."""
    grid = load_interval_grid()
    found = verdict(grid)
    st.markdown(
        "Une marge à 95\u202f% tient parole si elle contient la vraie part au moins 95 fois sur 100, *quelle que soit "
        f"cette part*\u202f: la marge exacte des territoires la contient au moins {_coverage(found.coverage)} du "
        f"temps dans les {number(found.pairs)} cas vérifiés (de {found.smallest} à {number(found.largest)} "
        f"territoires, de {found.fewest} réponses à toutes), alors que la marge de Wilson corrigée pour une population "
        f"finie, plus courante et qui n’est pas affichée ici, descend à {_coverage(found.wilson_coverage)}. "
        f"Cette sûreté coûte peu\u202f: dès {RATIO_FROM} réponses, la marge exacte n’est en moyenne jamais plus large "
        f"que {decimal(_up(found.ratio, 2), 2)} fois celle de Wilson, et elle est nulle quand tous les territoires "
        "ont répondu."
    )
    st.dataframe(
        interval_table(shown(grid)),
        hide_index=True,
        height="content",
        alt=f"Tableau{NARROW}: couverture et largeur des marges, par nombre de territoires et de réponses",
    )
    notes = [
        "Couverture\u202f: chance que la marge contienne la vraie part, pour la part la moins favorable. "
        "Largeur\u202f: moyenne sur toutes les parts possibles, en points.",
    ]
    if found.excess > 0:
        notes.append(
            f"Part par part, dès {RATIO_FROM} réponses, la marge exacte ne dépasse {decimal(RATIO)} fois celle de "
            f"Wilson qu’à moins de {number(ceil(100 * found.edge))} points de 0 ou de 100\u202f%, et d’au plus "
            f"{decimal(_up(found.excess, 1))} territoire\u202f: une marge sûre se compte en territoires entiers."
        )
    notes.append(
        "Énumération complète, sans tirage au sort\u202f: toutes les parts, tous les échantillons. Les marges des "
        "répondants, dont la population n’est pas connue, ne peuvent pas être vérifiées ainsi. "
        f"Commande\u202f: `{COMMAND}`\u202f; tous les cas sont dans `data/interval-grid.csv`."
    )
    st.caption(" ".join(notes))


def interval_table(grid: pd.DataFrame) -> pd.DataFrame:
    """Return rows of the grid as French texts, in the order given."""
    return pd.DataFrame(
        {
            "Territoires": [number(population) for population in grid["population"]],
            "Réponses": [number(n) for n in grid["n"]],
            "Marge exacte\u202f: couverture minimale": [_coverage(chance) for chance in grid["coverage"]],
            "Largeur moyenne": [_points(width) for width in grid["width"]],
            "Wilson corrigé\u202f: couverture minimale": [_coverage(chance) for chance in grid["wilson_coverage"]],
            "Largeur moyenne (Wilson)": [_points(width) for width in grid["wilson_width"]],
        }
    )


def _coverage(chance: float) -> str:
    """Write a chance with one decimal, rounded down: 94,96 % must not pass for 95 %."""
    return f"{decimal(floor(1000 * chance + 1e-9) / 10)}{NARROW}%"


def _points(width: float) -> str:
    return decimal(100 * width)


def _up(value: float, digits: int) -> float:
    """Round up: what is said « at most » is then true."""
    return ceil(value * 10**digits - 1e-9) / 10**digits
