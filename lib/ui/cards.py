"""The cards of the synthesis: a published finding beside the selection's figures, a recommendation, a contact.

The figures come from `lib.analysis.findings`, the texts from data/published.toml.
"""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from lib.display import tables
from lib.display.formats import MASKED, NARROW, margin, number, percent, plain, quoted, small_count
from lib.display.sentences import UNITS, answer
from lib.survey.edition import Edition
from lib.survey.published import Contact, Finding, Recommendation
from lib.ui import menu

HEADINGS = {"group": "Constat", "unit": "Unité", "label": "Mesure"}


def headline(row: pd.Series) -> str:
    """Return the sentence of one measure: its share, its base, its margin, what is declared. Not yet for Markdown."""
    return answer(row, row["unit"], row["label"])


def finding_card(edition: Edition, finding: Finding, rows: pd.DataFrame, carried: Mapping[str, list[str]]) -> None:
    """Draw one finding: the selection's figures, what was published, and the way to the detail."""
    first = rows.iloc[0]
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.subheader(finding.title, anchor=False)
        if first.get("hidden", False):
            st.markdown(plain(headline(first)))
        elif first["base"] >= tables.COUNTS_ONLY:
            st.html(f'<p class="key-figure">{percent(first["share"], first["base"]).replace("<", "&lt;")}</p>')
            st.markdown(f"des {_noun(first)} {plain(first['label'])}")
            st.caption(f"{_detail(first)}{_caution(first)}")
        else:
            st.markdown(plain(headline(first)))
            st.caption(f"Base inférieure à {tables.COUNTS_ONLY}{NARROW}: effectifs seulement.")
        if len(rows) > 1:
            st.caption("\n".join(_line(row) for _, row in rows.iloc[1:].iterrows()))
        if finding.published:
            st.markdown(f":gray[Publié{NARROW}:] {quoted(finding.published)}")
        if status := finding_status(edition, finding):
            st.caption(status)
        st.page_link(
            menu.target(finding.page),
            label="Voir le détail",
            icon=":material/arrow_forward:",
            query_params=dict(carried) or None,
        )


def table(found: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the table of all the measures, given those of each finding by its title."""
    return tables.share_table(_listed(found), **HEADINGS)


def file(found: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the same measures as numbers, for a file."""
    return tables.share_file(_listed(found), **HEADINGS)


def _listed(found: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    rows = pd.concat([measures.assign(group=title) for title, measures in found.items()])
    return rows.assign(unit=[UNITS[unit][1] for unit in rows["unit"]])


def recommendation_card(recommendation: Recommendation) -> None:
    """Draw the published recommendations to one audience."""
    with st.container(border=True, height="stretch"):
        st.subheader(recommendation.to, anchor=False)
        st.markdown("\n".join(f"- {item}" for item in recommendation.items))


def contact_card(contact: Contact) -> None:
    """Draw a body to write to."""
    st.markdown(f"**{contact.name}**  \n{contact.role}  \n[{contact.address}]({contact.link})")


def finding_status(edition: Edition, finding: Finding) -> str:
    """Return what the figure may be taken for: never a confirmation on simulated answers; "" if nothing is to say."""
    if not finding.published:
        return "Valeur simulée, inventée." if edition.simulated else ""
    if edition.simulated and not edition.fitted:
        return "Valeur simulée, inventée sans égard à la synthèse publiée."
    if edition.simulated:
        known = "le chiffre publié" if finding.value is not None else "le constat publié"
        return f"Valeur simulée, calée sur {known}."
    return "Valeur de la sélection, à lire à côté du constat publié."


def _line(row: pd.Series) -> str:
    label = plain(row["label"])
    if row.get("hidden", False):
        return f"- {label}{NARROW}: chiffre masqué ({MASKED})"
    if row["base"] < tables.COUNTS_ONLY:
        return f"- {label}{NARROW}: {small_count(row['count'])} sur {small_count(row['base'])}"
    return f"- **{percent(row['share'], row['base'])}** {label} ({_detail(row)})"


def _detail(row: pd.Series) -> str:
    interval = margin(row["low"], row["high"], row["base"])
    weighted = ", part pondérée" if row.get("effective_n", 0) > 0 else ""
    return f"{number(row['count'])} sur {number(row['base'])}{weighted}, marge {interval}"


def _noun(row: pd.Series) -> str:
    return UNITS[row["unit"]][1]


def _caution(row: pd.Series) -> str:
    return " · à interpréter avec prudence" if row["base"] < tables.CAUTION else ""
