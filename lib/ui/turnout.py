"""The figures of participation: who answered against who exists, who is missing, and who answers for their territory.

A rate here is a count over the whole population, not an estimate: it has no margin. The counts come from
`lib.analysis.coverage` and `lib.analysis.representation`, charts and sentences from `lib.display.representation`.
"""

import pandas as pd
import streamlit as st

from lib.analysis.coverage import coverage
from lib.analysis.representation import most_missing, representation, silent
from lib.analysis.selection import Selection, choices
from lib.analysis.shares import shares
from lib.display.charts import Spec
from lib.display.formats import NARROW, counted, number, percent, small_count
from lib.display.remembered import remembered
from lib.display.representation import (
    alternative,
    file_count,
    missing_words,
    numbers,
    pairs,
    reading_words,
    silent_words,
    texts,
)
from lib.survey.edition import WITHOUT_SIZE, Edition
from lib.survey.once import lately
from lib.territory.reference import load_region
from lib.ui import blocks, figures

NOUNS = {
    "commune": ("commune", "communes"),
    "epci": ("intercommunalité", "intercommunalités"),
    "departement": ("département", "départements"),
}
LEVELS = {"epci": "Intercommunalités", "commune": "Communes"}
ABSENT = {"commune": "communes", "epci": "intercommunalités", "departement": "conseils départementaux"}
NOTES = {
    "taille": f"L’écart standardisé rapporte la différence des deux parts à leur dispersion (Austin, 2009){NARROW}: à "
    "partir de 0,1, la strate est dite sur- ou sous-représentée, nettement à partir de 0,2.",
    "departement": "Une intercommunalité sur plusieurs départements compte dans chacun.",
}


def sentence(types: pd.DataFrame) -> str:
    """Return the sentence that says how many territories of each known level answered, and the inhabitants covered."""
    known = [
        f"{counted(row['territories'], *NOUNS[kind])} sur {number(row['existing'])} ({percent(row['rate'])}), soit "
        f"{percent(row['covered_share'])} des habitants"
        for kind, row in types.iterrows()
        if kind in NOUNS and pd.notna(row["existing"])
    ]
    others = int(types.loc[~types.index.isin(list(NOUNS)), "territories"].sum())
    if others:
        known.append(f"{others} pays, syndicats ou autres structures")
    return f"Ont répondu{NARROW}: {f'{NARROW}; '.join(known)}."


def role_note(selection: Selection) -> None:
    """Say that participation is that of territories, whoever answered for them, where a role is selected."""
    if selection.roles:
        st.caption(
            f"Cette page ne tient pas compte du rôle{NARROW}: un territoire a répondu ou non, quel que soit le rôle de "
            "celles et ceux qui l’ont fait."
        )


def levels(selection: Selection) -> dict[str, str]:
    """Return the types of territory whose départements may be compared, among those selected."""
    return {kind: title for kind, title in LEVELS.items() if not selection.types or kind in selection.types}


def type_table(edition: Edition, selection: Selection, types: pd.DataFrame) -> None:
    """Draw the table of participation by type of territory, and say what share of inhabitants it stands for."""
    table = _words(types, choices(edition, "type"))
    st.dataframe(table, hide_index=True, alt=f"Tableau{NARROW}: participation par type de territoire")
    blocks.reading(
        "une commune et son intercommunalité ont les mêmes habitants\u202f: les lignes ne s’additionnent pas. "
        "«\u202f–\u202f»\u202f: aucun nombre de référence n’existe pour ce type. Une intercommunalité à cheval sur une "
        "autre région compte pour ses habitants de la région."
    )
    blocks.data(
        lambda: table, lambda: _numbers(types, choices(edition, "type")), "participation-par-type", edition, selection,
        unit="territoires", label="participation par type de territoire", base=_base(types),
    )  # fmt: skip


def missing(
    edition: Edition, selection: Selection, types: pd.DataFrame, *, by: str, title: str, name: str,
    kinds: tuple[str, ...] = tuple(NOUNS),
) -> None:  # fmt: skip
    """Draw who is missing by size or by département: the sentence, the chart, who never answered, the table.

    `types` is the coverage of the same selection by type; `kinds` are those to draw, while the table and the list of
    the absent have all of them.
    """
    strata = _strata(edition, selection, by)
    subtitle = blocks.subtitle(edition, "comptage, sans marge")
    sentences, chart, absent = _compared(strata, kinds, by, title, subtitle)
    for said in sentences:
        st.markdown(said)
    seen = blocks.NOT_DRAWN
    if chart is None:
        st.info("Rien à comparer pour cette sélection. Élargissez le type ou la taille.", icon=":material/search_off:")
    else:
        seen = blocks.chart(*chart)
    if absent:
        st.markdown(absent)
    blocks.data(
        lambda: texts(strata), lambda: numbers(strata), name, edition, selection, unit="territoires", label=title,
        base=_base(types[types.index.isin(kinds)]), drawn=seen,
    )  # fmt: skip


@lately
def _strata(edition: Edition, selection: Selection, by: str) -> pd.DataFrame:
    """Return who answered of each size or département against who exists, each stratum with its names."""
    strata = representation(coverage(edition, selection, by), coverage(edition, selection))
    return _named(edition, strata[strata.index.get_level_values(by) != WITHOUT_SIZE], by)


@remembered
def _compared(
    strata: pd.DataFrame, kinds: tuple[str, ...], by: str, title: str, subtitle: str
) -> tuple[list[str], tuple[Spec, str, str] | None, str]:
    """Return which strata are missing most, the chart of all of them, its words, and who never answered."""
    rows = strata.index.get_level_values("type")
    # A type of a single stratum, or of which nobody answered, has nothing to compare.
    compared = strata[rows.isin(kinds) & strata["answered_share"].notna() & (rows.value_counts()[rows] > 1).to_numpy()]
    sentences = [
        missing_words(most_missing(own), NOUNS[str(kind)][1], by) for kind, own in compared.groupby("type", sort=False)
    ]
    absent = silent_words(silent(strata), ABSENT)
    if compared.empty:
        return sentences, None, absent
    drawn = compared if by == "taille" else compared.sort_values("difference", kind="stable")
    furthest = drawn.reset_index().iloc[int(drawn["difference"].abs().to_numpy().argmax())]
    noun = NOUNS[furthest["type"]][1]
    note = NOTES[by] if by == "taille" or "epci" in kinds else ""
    said = f"{reading_words(furthest, noun, by)} {note}".strip()
    return sentences, (pairs(drawn, title=title, subtitle=subtitle), alternative(title, drawn), said), absent


def _base(types: pd.DataFrame) -> str:
    """Return how many territories answered, of how many, by type: « base : 195 communes sur 4 293 »."""
    said = [
        f"{counted(row['territories'], *NOUNS[str(kind)])} sur {number(row['existing'])}"
        for kind, row in types.iterrows()
        if kind in NOUNS and pd.notna(row["existing"])
    ]
    return f"base{NARROW}: {', '.join(said)}" if said else ""


def roles(edition: Edition, selection: Selection) -> None:
    """Draw the distribution of respondents by role."""
    question = edition.codebook[edition.codebook.parts.role]
    figures.bars(
        edition, selection, shares(edition, question.id, selection), name="roles", unit="respondents",
        title="Rôle des répondants", reading="{part} répondent {label}.",
    )  # fmt: skip


def _named(edition: Edition, strata: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return the strata with the names that `lib.display.representation` expects."""
    kinds, codes = strata.index.get_level_values("type"), strata.index.get_level_values(by)
    names = choices(edition, by)
    if by == "taille":
        alone = {size.code: size.label for size in load_region().size_classes}
    else:
        alone = {code: label.split(" (")[0] for code, label in names.items()}
    types = choices(edition, "type")
    return strata.assign(
        label=[names[code] for code in codes],
        short=[alone.get(code, names[code]) for code in codes],
        kind=[types[kind].split(" (")[0] for kind in kinds],
    )


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
    table["Répondants"] = [file_count(n) for n in table["Répondants"]]
    table.insert(0, "Territoires", [names[code] for code in covered.index])
    return table
