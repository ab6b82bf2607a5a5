"""The figures of participation: who answered against who exists, and who answers for their territory.

A rate here is a count over the whole population, not an estimate: it has no margin. The counts come from
`lib.analysis.coverage`.
"""

import pandas as pd
import streamlit as st

from lib.analysis.coverage import UNMATCHED
from lib.analysis.selection import Selection, choices
from lib.analysis.shares import shares
from lib.display import charts
from lib.display.formats import NARROW, counted, number, percent, small_count, words
from lib.survey.edition import Edition
from lib.ui import blocks, figures

NOUNS = {
    "commune": ("commune", "communes"),
    "epci": ("intercommunalité", "intercommunalités"),
    "departement": ("département", "départements"),
}


def sentence(types: pd.DataFrame) -> str:
    """Return the sentence that says how many territories of each known level answered."""
    known = [
        f"{counted(row['territories'], *NOUNS[kind])} sur {number(row['existing'])} ({percent(row['rate'])})"
        for kind, row in types.iterrows()
        if kind in NOUNS and pd.notna(row["existing"])
    ]
    others = int(types.loc[~types.index.isin(list(NOUNS)), "territories"].sum())
    if others:
        known.append(f"{others} pays, syndicats ou autres structures")
    return f"Ont répondu{NARROW}: {words(known)}."


def type_table(edition: Edition, selection: Selection, types: pd.DataFrame) -> None:
    """Draw the table of participation by type of territory, and say what share of inhabitants it stands for."""
    table = _words(types, choices(edition, "type"))
    st.dataframe(table, hide_index=True, alt=f"Tableau{NARROW}: participation par type de territoire")
    blocks.reading(
        "une commune et son intercommunalité ont les mêmes habitants\u202f: les lignes ne s’additionnent pas. "
        "« – »\u202f: aucun nombre de référence n’existe pour ce type. Une intercommunalité à cheval sur une autre "
        "région compte pour ses habitants de la région."
    )
    blocks.data(
        lambda: table, lambda: _numbers(types, choices(edition, "type")), "participation-par-type", edition, selection,
        unit="territoires", label="participation par type de territoire",
    )  # fmt: skip


def rates(
    edition: Edition, selection: Selection, covered: pd.DataFrame, *, by: str, title: str, name: str,
    types: tuple[str, ...] = (),
) -> None:  # fmt: skip
    """Draw the rate of participation of each stratum whose number of territories is known."""
    kept = covered[covered["existing"].notna()]
    if types:
        kept = kept[kept.index.get_level_values("type").isin(types)]
    kept = kept.droplevel("type")
    names = {**choices(edition, by), UNMATCHED: "Territoire non reconnu"}
    strata = pd.DataFrame(
        {
            "label": [names[code] for code in kept.index],
            "count": kept["territories"].to_numpy(),
            "base": kept["existing"].to_numpy(dtype=int),
            "share": kept["rate"].to_numpy(),
            "low": float("nan"),
            "high": float("nan"),
        }
    )
    if strata.empty:
        st.info(
            "Aucun territoire de référence pour cette sélection. Élargissez le type.",
            icon=":material/search_off:",
        )
        return
    subtitle = blocks.subtitle(edition, "n = territoires existants", "comptage, sans marge")
    drawing = charts.share_bars(strata, title=title, subtitle=subtitle, unit="territoire", show_base=True)
    blocks.chart(drawing, figures.alternative(title, strata, {"label": ""}))
    first = strata.iloc[0]
    blocks.reading(
        f"{first['label']}{NARROW}: {number(first['count'])} sur {number(first['base'])} ont répondu, soit "
        f"{percent(first['share'])}."
    )
    blocks.data(
        lambda: _words(kept, names), lambda: _numbers(kept, names), name, edition, selection, unit="territoires",
        label=title,
    )  # fmt: skip


def roles(edition: Edition, selection: Selection) -> None:
    """Draw the distribution of respondents by role."""
    question = edition.codebook[edition.codebook.parts.role]
    figures.bars(
        edition, selection, shares(edition, question.id, selection), name="roles", unit="respondents",
        title=question.text, reading="{part} répondent {label}.",
    )  # fmt: skip


def _words(covered: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """Return the counts as French texts, « – » where the reference is not known."""

    def texts(column: str, write: object) -> list[str]:
        return ["–" if pd.isna(value) else write(value) for value in covered[column]]  # type: ignore[operator]

    return pd.DataFrame(
        {
            "Territoires": [names[code] for code in covered.index],
            "Répondants": texts("respondents", small_count),
            "Ont répondu": texts("territories", number),
            "Existants": texts("existing", number),
            "Taux": texts("rate", percent),
            "Habitants couverts": texts("covered", number),
            "Part des habitants": texts("covered_share", percent),
        }
    )


def _numbers(covered: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    table = covered.reset_index(drop=True).rename(
        columns={
            "respondents": "Répondants", "territories": "Ont répondu", "existing": "Existants", "rate": "Taux",
            "covered": "Habitants couverts", "inhabitants": "Habitants", "covered_share": "Part des habitants",
        }
    )  # fmt: skip
    table.insert(0, "Territoires", [names[code] for code in covered.index])
    return table
