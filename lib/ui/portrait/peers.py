"""A territory among its peers: where its facts stand on theirs, what they need and what holds them back.

Peers are groups chosen by `lib.analysis.territories`; opinions are theirs alone, never those of a named territory.
"""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from lib.analysis.divergence import fact_questions
from lib.analysis.portrait import declared, peer_shares, position
from lib.analysis.selection import Selection
from lib.analysis.territories import Territory, peer_groups
from lib.display import statuses, tables
from lib.display.formats import MASKED_WHY, NARROW, closed, counted, literal, percent, plain, quoted
from lib.display.naming import called, of
from lib.display.sentences import share_words
from lib.survey.edition import Edition
from lib.survey.questionnaire import Question
from lib.ui import asked, blocks, figures, filters
from lib.ui.portrait.identity import peers_stages

SEMICOLON = f"{NARROW}; "
SHOWN = 6
"""Needs and obstacles shown, the most cited first; the pages on them have them all."""


def choose(edition: Edition, territory: Territory) -> tuple[str, Selection]:
    """Draw the choice of the peers; return their name in a sentence and their selection.

    Groups with too few respondents for any figure are not offered; the first with enough for shares is the default.
    """
    groups = peer_groups(edition, territory)
    numbers = {key: _numbers(edition, selection) for key, (_, selection) in groups.items()}
    offered = [key for key, (respondents, _) in numbers.items() if respondents >= blocks.TOO_FEW]
    if not offered:
        return groups["region"]
    enough = [key for key in offered if numbers[key][1] >= tables.COUNTS_ONLY]
    first = enough[0] if enough else offered[-1]
    ordered = {key: groups[key][0] for key in (first, *(key for key in offered if key != first))}
    key = filters.choice("pairs", "Ses pairs", ordered, segmented=True)
    return groups[key]


def question(territory: Territory) -> str:
    """Return the title of the section: where a territory stands, or what its peers say where it may not be named."""
    if not territory.published:
        return "Que disent ses pairs\u202f?"
    return f"Où se situe {plain(called(territory.nom, territory.type))} parmi ses pairs\u202f?"


def positions(edition: Edition, territory: Territory, group: str, peers: Selection) -> None:
    """Draw where a territory stands on each fact among its peers, or what they say when it may not be named."""
    placed = position(edition, territory, peers)
    for question in fact_questions(edition):
        if question.kind == "array":
            _bars(edition, territory, question, group, peers)
    lines = _lines(edition, placed, peers)
    st.markdown("\n".join(f"- {line}" for line in lines))
    if said := peers_stages(edition, peers, quoted(group)):
        st.markdown(plain(said))
    arrays = [question.id for question in fact_questions(edition) if question.kind == "array"]
    # Bars with hidden parts have said it already.
    told = any(tables.hidden_rows(peer_shares(edition, code, peers)).any() for code in arrays)
    if any("masqué" in line for line in (*lines, said)) and not told:
        st.caption(f"Masqué{NARROW}: {MASKED_WHY}.")


def opinions(edition: Edition, group: str, peers: Selection, headings: Mapping[str, str]) -> None:
    """Draw what peers cite most often, one question beside the other; `headings` gives the title of each by id."""
    known = {code: title for code, title in headings.items() if asked.holds(edition, code)}
    if not known:
        st.info("L’édition affichée n’a pas posé de question sur les besoins ni sur les freins.")
        return
    st.caption(
        f"Les {SHOWN} réponses les plus citées. Ce sont des opinions de personnes\u202f: on les lit pour un groupe, "
        "jamais pour un territoire."
    )
    for column, (code, title) in zip(st.columns(len(known), gap="medium"), known.items(), strict=True):
        with column:
            rows = peer_shares(edition, code, peers).sort_values("share", ascending=False, kind="stable").head(SHOWN)
            figures.bars(
                edition, peers, rows, name=f"portrait-{code}", unit="respondents",
                title=f"{title}\u202f: {quoted(group)}",
                reading=f"{{part}} citent {{label}}, parmi {literal(quoted(group))}.",
            )  # fmt: skip


def _bars(edition: Edition, territory: Territory, question: Question, group: str, peers: Selection) -> None:
    rows = peer_shares(edition, question.id, peers).reset_index()
    rows["group"] = rows["row"].map(question.row_labels)
    facts = declared(edition, territory)
    own = facts[facts["question"] == question.id]
    mine = dict(zip(own["topic"], own["answer"], strict=True))
    listed = statuses.entries(question)
    said = f"{question.short}\u202f: {f'{territory.nom} parmi ' if mine else ''}{quoted(group)}"
    marked = _marked(territory, rows, mine) if mine else ""
    figures.positions(
        edition, peers, rows, mine, name=f"portrait-{question.id}", title=said, colours=statuses.colours(listed),
        reading=f"sur {{group}}, {{part}} répondent {{label}}, parmi {literal(quoted(group))}.{literal(marked)}",
    )  # fmt: skip


def _marked(territory: Territory, rows: pd.DataFrame, mine: Mapping[str, str]) -> str:
    """Return what the mark of the bars is, and why some bars do not have it."""
    said = f" ▼{NARROW}: réponse {of(territory.nom, territory.type)}"
    drawn = rows[~tables.hidden_rows(rows) & (rows["count"] > 0)]
    shown = set(zip(drawn["group"], drawn["label"], strict=True))
    masked = f"{NARROW}; où sa part est masquée, elle est seulement écrite" if set(mine.items()) - shown else ""
    return f"{said}{masked}."


def _lines(edition: Edition, placed: pd.DataFrame, peers: Selection) -> list[str]:
    """Return one sentence per fact that has no row: the territory's answer among its peers', or their most frequent."""
    lines = []
    for question in fact_questions(edition):
        if question.kind not in ("single", "scale"):
            continue
        own = placed[placed["question"] == question.id]
        rows = peer_shares(edition, question.id, peers)
        lines.append(_own_line(question, own.iloc[0], rows) if len(own) else _peers_line(question, rows))
    return [plain(line) for line in lines if line]


def _own_line(question: Question, row: pd.Series, peers: pd.DataFrame) -> str:
    said = f"{question.short}\u202f: {quoted(row['answer'])}"
    if row["base"] < tables.COUNTS_ONLY:
        return closed(said)
    if row["same"] != row["same"]:
        hidden = tables.hidden_rows(peers)[peers["label"] == row["answer"]].any()
        return closed(f"{said}, part masquée parmi ses pairs" if hidden else said)
    parts = [f"comme {percent(row['same'], row['base'])} de ses pairs ({counted(row['base'], 'territoire')})"]
    others = (
        ("less", "en sont moins loin"),
        ("more", "en sont plus loin"),
        ("unknown", "ne savent pas ou ont des réponses divergentes"),
    )
    parts += [f"{percent(row[name], row['base'])} {words}" for name, words in others if row[name] > 0]
    missing = [name for name, _ in others if row[name] != row[name]]
    # Both sides are missing where answers have no order.
    if missing and not {"less", "more"} <= {*missing}:
        parts.append("le reste est masqué")
    return closed(f"{said}, {SEMICOLON.join(parts)}")


def _peers_line(question: Question, rows: pd.DataFrame) -> str:
    shown = rows[~tables.hidden_rows(rows) & (rows["base"] >= tables.COUNTS_ONLY)]
    if shown.empty:
        return ""
    first = shown.sort_values("share", ascending=False, kind="stable").iloc[0]
    return closed(f"{question.short}\u202f: {share_words(first, 'territories')} répondent {quoted(first['label'])}")


def _numbers(edition: Edition, selection: Selection) -> tuple[int, int]:
    """Return how many respondents are selected, and how many territories they answer for."""
    own = edition.respondents.loc[selection.mask(edition.respondents), "territory"]
    return len(own), int(own.nunique())
