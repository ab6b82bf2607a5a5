"""What the page Comparer shows of those compared: the sentence, the table of all topics, the themes drawn.

Numbers come from `lib.analysis.comparison`, words and pictures from `lib.display`; who is compared is chosen in
`choosing`.
"""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lib.analysis.comparison import GROUP, TERRITORY, Compared
from lib.analysis.facts import UNANSWERED, UNPUBLISHED
from lib.analysis.selection import EVERYBODY
from lib.analysis.tabulation import TERRITORIES
from lib.display import comparison as told
from lib.display import comparison_charts as drawn
from lib.display.comparison_table import table_html
from lib.display.formats import MASKED_WHY, NARROW, counted, lower_first, percent, plain, quoted, words
from lib.display.legend import LegendEntry
from lib.display.naming import begun
from lib.display.sentences import base_words, left_out, masked_out, share_words
from lib.display.statuses import entries
from lib.display.tables import CAUTION, COUNTS_ONLY
from lib.survey.edition import Edition
from lib.survey.questionnaire import Question
from lib.ui import blocks, figures, origin

CHANCE = (
    f"Un écart est dit net quand il dépasse sa marge. Chaque marge est lue seule{NARROW}: quand rien ne "
    "diffère, une comparaison sur vingt paraît nette par hasard."
)
RULES = (
    "Un territoire montre les faits qu’il déclare, si tous ses répondants ont accepté la publication, et jamais leurs "
    "opinions. Un groupe montre des parts, avec leur base et leur marge indicative."
)


def answer(edition: Edition, items: Sequence[Compared], rows: pd.DataFrame, gaps: pd.DataFrame | None) -> None:
    """Draw the sentence that says where each item stands, then the line of context."""
    said = told.sentence(items, rows, edition.codebook, simulated=edition.simulated)
    if gaps is not None:
        said += f" {told.widest_gap(items, rows, gaps)}"
    blocks.say(said, edition)


def table(edition: Edition, items: Sequence[Compared], rows: pd.DataFrame, gaps: pd.DataFrame | None) -> None:
    """Draw the table of all topics, how to read it, and its numbers to take away."""
    st.html(table_html(items, rows, gaps, edition.codebook, blocks.subtitle(edition, edition.title)))
    said = []
    shown = drawn.drawable(rows)
    shown = shown[shown["told"].map(bool)]
    if len(shown):
        first = shown.iloc[0]
        name = next(item.name for item in items if item.code == first["item"])
        given = quoted(told.told_words(first["told"]))
        said.append(
            f"dans {quoted(name)}, {share_words(first, first['unit'])} répondent {given} à {quoted(first['label'])}."
        )
    if rows["hidden"].any():
        said.append(f"{quoted(begun(told.MASKED_SHARE))}{NARROW}: {MASKED_WHY}.")
    cautious = (rows["base"] >= COUNTS_ONLY) & (rows["base"] < CAUTION) & ~rows["hidden"].astype(bool)
    if cautious.any():
        said.append(f"{quoted(begun(told.PRUDENCE))}{NARROW}: base inférieure à {CAUTION}.")
    if gaps is not None:
        said.append(f"Écart{NARROW}: {quoted(items[1].name)} moins {quoted(items[0].name)}. {CHANCE}")
    if shown.empty and gaps is None:
        st.caption(plain(" ".join(said)))
    else:
        blocks.reading(" ".join(said))
    blocks.data(
        lambda: told.data_table(items, rows, edition.codebook),
        lambda: told.data_file(items, rows, edition.codebook),
        "comparaison", edition, EVERYBODY, unit="territoires pour les faits, répondants pour les opinions",
        label="comparaison, sujet par sujet", about=words(item.name for item in items),
    )  # fmt: skip


def themes(edition: Edition, items: Sequence[Compared], rows: pd.DataFrame) -> None:
    """Draw the facts asked of several themes: the shares of groups, the answers of territories on their scale.

    A territory alone on its scale is not drawn: the table says as much.
    """
    for question in edition.codebook.substantive:
        if question.kind == "array" and question.unit == TERRITORIES:
            own = rows[rows["section"] == question.id]
            own = own.assign(name=own["item"].map({item.code: item.name for item in items}))
            groups = [item for item in items if item.kind == GROUP and item.enough]
            territories = [item for item in items if item.kind == TERRITORY]
            shares = own[own["item"].isin([item.code for item in groups]) & own["told"].map(bool)]
            answers = own[own["item"].isin([item.code for item in territories])]
            together = drawn.on_scale(answers, _scale(question))["item"].nunique() > 1
            if len(shares) or together:
                blocks.section(f"{plain(question.short)}{NARROW}: où se placent-ils{NARROW}?")
            if len(shares):
                _groups(edition, question, groups, shares)
            if together:
                _territories(edition, question, territories, answers)


def _groups(edition: Edition, question: Question, items: Sequence[Compared], own: pd.DataFrame) -> None:
    """Draw the share of the telling answers of each group, theme by theme."""
    shown = drawn.drawable(own)
    title = f"{question.short}{NARROW}: {told.told_words(own['told'].iloc[0])}"
    mixed = (figures.mixed_levels(edition, item.selection, TERRITORIES) for item in items if item.selection)
    subtitle = blocks.subtitle(edition, base_words(own["base"], TERRITORIES) + max(mixed, default=""), "brut")
    if shown.empty:
        st.markdown(f"**{plain(title)}**")
        figures.nothing_to_draw(subtitle, masked=bool((own["base"] >= COUNTS_ONLY).any()))
        return
    spec = drawn.share_lanes(shown, _drawn_names(items, shown), title=title, subtitle=subtitle)
    values = [percent(share, base) for share, base in zip(shown["share"], shown["base"], strict=True)]
    first = shown.iloc[0]
    said = f"{quoted(first['label'])} dans {quoted(first['name'])}{NARROW}: {share_words(first, TERRITORIES)}."
    small, hidden = own["base"] < COUNTS_ONLY, own["hidden"].astype(bool)
    labels = own["label"] + " (" + own["name"] + ")" if len(items) > 1 else own["label"]
    missing = f"{left_out(labels[small])} {masked_out(labels[hidden & ~small])}".strip()
    seen = blocks.chart(spec, drawn.alternative(title, shown, values), f"{said} {missing}".strip())
    name = f"comparaison-{question.id}-groupes"
    _data(edition, items, own, name, title, seen, base_words(own["base"], TERRITORIES))


def _territories(edition: Edition, question: Question, items: Sequence[Compared], own: pd.DataFrame) -> None:
    """Draw the answer of each territory on the scale of a question, theme by theme, and name what is not on it."""
    scale = _scale(question)
    shown = drawn.on_scale(own, scale)
    mark = f" ({lower_first(origin.mark(edition))})" if edition.simulated else ""
    title = f"{question.short}{NARROW}: ce que chaque territoire déclare"
    subtitle = blocks.subtitle(edition, "réponses publiées avec l’accord de tous les répondants du territoire")
    spec = drawn.scale_lanes(shown, _drawn_names(items, shown), scale, title=title, subtitle=subtitle)
    alt = drawn.alternative(f"{title}{mark}", shown, list(shown["said"]))
    missing = _off_scale(edition, items, own.drop(shown.index))
    said = [f"plus un signe est à droite, plus la réponse est haute sur l’échelle{mark}."]
    said += [f"Non représenté{mark}{NARROW}: {missing}."] if missing else []
    seen = blocks.chart(spec, alt, " ".join(said))
    base = f"base{NARROW}: {counted(shown['item'].nunique(), 'territoire')}"
    _data(edition, items, own, f"comparaison-{question.id}", title, seen, base)


def _data(
    edition: Edition, items: Sequence[Compared], own: pd.DataFrame, name: str, title: str,
    seen: blocks.Drawn, base: str,
) -> None:  # fmt: skip
    """Draw the table of one drawing, and what takes it away."""
    blocks.data(
        lambda: told.data_table(items, own, edition.codebook),
        lambda: told.data_file(items, own, edition.codebook),
        name, edition, EVERYBODY, unit="territoires", label=title, about=words(item.name for item in items), base=base,
        drawn=seen,
    )  # fmt: skip


def _scale(question: Question) -> list[LegendEntry]:
    """Return the answers that are steps of a scale: « ne sait pas » is none."""
    steps = question.labels.keys() - {*question.dont_know}
    return [entry for entry in entries(question) if entry.key in steps]


def _off_scale(edition: Edition, items: Sequence[Compared], rows: pd.DataFrame) -> str:
    """Return what is not on a scale and why: « X, pas de réponse ; Y, Santé (ne sait pas) »."""
    looks, said = told.entries(edition.codebook), []
    for item in items:
        own = rows[rows["item"] == item.code]
        for status, lines in own.groupby("status", sort=False):
            why = lower_first(told.status_words(looks, lines["topic"].iloc[0], str(status)))
            whole = status in (UNPUBLISHED, UNANSWERED)
            said.append(f"{item.name}, {why}" if whole else f"{item.name}, {words(lines['label'])} ({why})")
    return f"{NARROW}; ".join(said)


def _drawn_names(items: Sequence[Compared], shown: pd.DataFrame) -> list[str]:
    return [item.name for item in items if item.code in set(shown["item"])]
