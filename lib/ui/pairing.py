"""All the pairs that the team may propose, from the answers as given: who helps whom and why, and who is left.

For the team alone: it begins with asking who looks. How pairs are found belongs to `lib.analysis.pairing`.
"""

import pandas as pd
import streamlit as st

from lib.analysis.pairing import Pairings, pairings
from lib.analysis.selection import EVERYBODY, choices
from lib.analysis.support import theme_codes
from lib.display.files import downloads
from lib.display.formats import NARROW, counted, decimal, number, plain, quoted
from lib.display.stages import labels
from lib.display.support import distance, rule_words, theme_list, unserved_words
from lib.survey.edition import WITHOUT_SIZE, Edition
from lib.survey.engagement import load_rule
from lib.survey.support import load_support
from lib.ui import access, blocks, origin, team

NEEDED, STARTED = "Où il n’agit pas encore", "Où il n’agit que ponctuellement"
"""Headings of the themes on which the supporter has structured actions and the territory none, or some at times."""

TALL = 520
"""Height of a table that scrolls instead of pushing the page down, in pixels."""


def draw(given: Edition) -> None:
    """Draw the proposed pairs of an edition, how often each supporter is asked, who is left, and the file of pairs."""
    access.require_staff()
    found = pairings(given)
    st.markdown(f"**{plain(summary(found))}**")
    st.caption(_marks(given))
    if found.pairs.empty:
        st.info(
            "Aucune paire à proposer. Les réglages (distance, tailles, stades) sont dans data/support.toml.",
            icon=":material/group_off:",
        )
    else:
        _rows(pair_table(given, found.pairs), "paires proposées")
        st.caption(
            f"{quoted(NEEDED)} et {quoted(STARTED)}{NARROW}: les thématiques où l’appui mène des actions structurées. "
            f"Un territoire dont la réponse n’est pas publiée n’est à nommer à personne sans son accord{NARROW}: "
            "demandez-le-lui d’abord. "
            f"{plain(rule_words(found.settings))} {_balance(found)}"
        )
        _download(given, found)
    if len(found.moteurs):
        st.subheader("Combien de fois chacun est-il sollicité\u202f?", anchor=False)
        _rows(load_table(given, found), "sollicitations de chaque territoire moteur")
        st.caption(_marks(given))
    if len(found.unserved):
        st.subheader("Qui reste sans proposition\u202f?", anchor=False)
        _rows(unserved_table(given, found), "territoires sans proposition")
        st.caption(_marks(given))


def summary(found: Pairings) -> str:
    """Return how many are served, by how many supporters, how far. Not yet for Markdown."""
    served, wanted = len(found.pairs), len(found.pairs) + len(found.unserved)
    stages = " ou ".join(quoted(load_rule().stage(code).label) for code in found.settings.helped)
    if not wanted:
        return f"Aucun territoire n’est au stade {stages}."
    said = f"{number(served)} des {counted(wanted, 'territoire')} au stade {stages}"
    if wanted == 1:
        said = f"{'Le seul' if served else 'Aucun'} territoire au stade {stages}"
    if not served:
        return f"Aucune proposition pour {counted(wanted, 'territoire')} au stade {stages}."
    asked = int((found.loads > 0).sum())
    mean = decimal(float(found.pairs["km"].mean()), 0)
    return (
        f"{said} {'reçoit' if served == 1 else 'reçoivent'} une proposition d’appui, de {number(asked)} des "
        f"{counted(len(found.moteurs), 'territoire')} qui peuvent en prêter, sollicités "
        f"{number(found.settings.capacity)} fois au plus, à {mean}{NARROW}km en moyenne."
    )


def pair_table(given: Edition, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return proposed pairs as French texts, one row per pair.

    Parameters
    ----------
    given
        The edition they were made from.
    pairs
        Rows of `lib.analysis.pairing.Pairings.pairs`.
    """
    types, stages = choices(given, "type"), labels(load_rule())
    needed, started = _ahead(given, pairs)
    return pd.DataFrame(
        {
            "Territoire": pairs["nom"],
            "Stade": pairs["stage"].map(stages),
            "Réponse publiée": _yes(pairs["published"]),
            "Appui proposé": pairs["supporter_nom"],
            "Distance": [distance(km) for km in pairs["km"]],
            NEEDED: [themes or "–" for themes in needed],
            STARTED: [themes or "–" for themes in started],
            "Type": pairs["type"].map(types),
            "Taille": _sizes(pairs),
        }
    )


def pair_file(given: Edition, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return proposed pairs as codes, numbers and names of themes, ready for `downloads.csv_bytes`."""
    types, stages = choices(given, "type"), labels(load_rule())
    needed, started = _ahead(given, pairs)
    return pd.DataFrame(
        {
            "Territoire": pairs["nom"],
            "Code": pairs["territory"],
            "Type": pairs["type"].map(types),
            "Stade": pairs["stage"].map(stages),
            "Réponse publiée": _yes(pairs["published"]),
            "Appui proposé": pairs["supporter_nom"],
            "Code de l’appui": pairs["supporter"],
            "Kilomètres à vol d’oiseau": pairs["km"].round(1),
            "Taille": _sizes(pairs),
            NEEDED: needed,
            STARTED: started,
        }
    )


def load_table(given: Edition, found: Pairings) -> pd.DataFrame:
    """Return how often each supporter is proposed, and to whom, the most asked first."""
    types = choices(given, "type")
    whom = found.pairs.groupby("supporter")["nom"].agg(", ".join)
    moteurs = found.moteurs.reindex(found.loads.index)
    return pd.DataFrame(
        {
            "Peut prêter appui": moteurs["nom"].to_numpy(),
            "Type": moteurs["type"].map(types).to_numpy(),
            "Propositions": [f"{number(load)} sur {number(found.settings.capacity)}" for load in found.loads],
            "À": whom.reindex(found.loads.index).fillna("–").to_numpy(),
        }
    )


def unserved_table(given: Edition, found: Pairings) -> pd.DataFrame:
    """Return who is left without a proposal, and why."""
    left = found.unserved
    return pd.DataFrame(
        {
            "Territoire": left["nom"],
            "Type": left["type"].map(choices(given, "type")),
            "Stade": left["stage"].map(labels(load_rule())),
            "Réponse publiée": _yes(left["published"]),
            "Pourquoi": [unserved_words(reason, found.settings) for reason in left["reason"]],
        }
    )


def stamp(given: Edition) -> dict[str, str]:
    """Return where a file of pairs comes from, as columns, and that it is for the team alone."""
    return {**origin.stamp(given, EVERYBODY, "paires de territoires"), "Diffusion": team.UNPROTECTED}


def _download(given: Edition, found: Pairings) -> None:
    rows, stamped = pair_file(given, found.pairs), stamp(given)
    st.download_button(
        "Télécharger (CSV)",
        data=lambda: downloads.csv_bytes(rows, stamped),
        file_name=f"{downloads.stem('appuis', simulated=given.simulated)}.csv",
        mime="text/csv",
        on_click="ignore",
        key="csv-appuis",
        icon=":material/download:",
    )


def _rows(table: pd.DataFrame, label: str) -> None:
    height = TALL if len(table) > blocks.TALL_TABLE else "content"
    st.dataframe(table, hide_index=True, height=height, alt=f"Tableau{NARROW}: {label}")  # type: ignore[arg-type]


def _balance(found: Pairings) -> str:
    """Return what else makes the pairs, and who is in no list."""
    said = "Le plus grand nombre de territoires est servi d’abord, au moindre coût total ensuite"
    if found.settings.cost.request:
        km = number(found.settings.cost.request / found.settings.cost.km)
        said += f"{NARROW}; chaque demande de plus au même territoire compte pour {km}{NARROW}km"
    said += "."
    if not found.undetermined:
        return said
    few = counted(found.undetermined, "territoire a trop peu répondu", "territoires ont trop peu répondu")
    return f"{said} {few} pour avoir un stade, et ne sont dans aucune liste."


def _marks(given: Edition) -> str:
    return f"{team.UNPROTECTED} · {origin.mark(given)}".rstrip(" ·")


def _themes(given: Edition) -> dict[str, str]:
    settings = load_support()
    codes = theme_codes(given, settings)
    return given.codebook[settings.themes.question].row_labels if codes else {}


def _ahead(given: Edition, pairs: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Return the names of the themes on which each territory does not act, and acts now and then."""
    themes, rows = _themes(given), list(zip(pairs["needed"], pairs["ahead"], strict=True))
    started = [tuple(theme for theme in ahead if theme not in needed) for needed, ahead in rows]
    return (
        [theme_list(needed, themes, len(needed)) for needed, _ in rows],
        [theme_list(codes, themes, len(codes)) for codes in started],
    )


def _yes(truths: pd.Series) -> list[str]:
    return ["oui" if truth else "non" for truth in truths]


def _sizes(pairs: pd.DataFrame) -> list[str]:
    """Return how the sizes of two territories compare; a dash for the types without size classes."""
    rows = zip(pairs["taille"], pairs["same_size"], strict=True)
    return ["–" if size == WITHOUT_SIZE else "même classe" if same else "classe voisine" for size, same in rows]
