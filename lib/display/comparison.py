"""Territories and groups side by side, in words: what is said of each, the sentence that answers, the file.

They take the items and the frame of `lib.analysis.comparison`; the table of the page is in `comparison_table`, its
pictures in `comparison_charts`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from lib.analysis.comparison import GROUP, OPINION, TOO_FEW, Compared
from lib.analysis.comparison_topics import ENGAGEMENT, FACTS, OPINIONS
from lib.analysis.engagement import UNKNOWN
from lib.analysis.facts import DIVERGENT, UNANSWERED, UNPUBLISHED
from lib.analysis.territories import SILENT
from lib.display import stages, statuses, tables
from lib.display.differences import points, points_margin
from lib.display.formats import (
    HIDDEN,
    NARROW,
    closed,
    lower_first,
    margin,
    number,
    percent,
    quoted,
    small_count,
    words,
)
from lib.display.legend import LegendEntry
from lib.display.naming import called, of
from lib.display.remembered import remembered
from lib.display.sentences import UNITS, share_words
from lib.survey.engagement import load_rule
from lib.survey.questionnaire import Codebook

SECTIONS = {FACTS: f"Où en est la démarche{NARROW}?", OPINIONS: "Ce qu’en disent les répondants"}
MOST_CITED = "réponses les plus citées"

NOT_SHOWN = "opinion non montrée"
NOTHING = f"{HIDDEN} répondants"
NOBODY = "aucun répondant"
MASKED_SHARE = "masqué"
"""What stands for a share that is hidden: « n < 3 » would be read as a count where the base is in the hundreds."""
PRUDENCE = "prudence"

Entries = Mapping[str, Mapping[str, LegendEntry]]


def entries(codebook: Codebook) -> dict[str, dict[str, LegendEntry]]:
    """Return how each public status looks and reads, by question (or `engagement`) and status."""
    listed = {ENGAGEMENT: stages.entries(load_rule())}
    listed |= {
        question.id: statuses.entries(question)
        for question in codebook.substantive
        if question.unit == "territories" and question.kind in ("single", "scale", "array")
    }
    return {key: {entry.key: entry for entry in own} for key, own in listed.items()}


def section_title(codebook: Codebook, section: str) -> str:
    """Return the heading of a section: ours, or the short title of its question."""
    if section in SECTIONS:
        return SECTIONS[section]
    question = codebook[section]
    return f"{question.short} ({MOST_CITED})" if question.kind == "multiple" else question.short


def told_words(told: Sequence[str]) -> str:
    """Return the answers whose share is told: « mise en œuvre ou formalisée »; empty for answers of a multiple one."""
    return words([lower_first(label) for label in told], "ou")


def status_words(entries_of: Entries, topic: str, status: str, respondents: int = 1) -> str:
    """Return what is said of an item that shows no share: its status, or why there is none.

    `respondents` are those of a group with too few of them.
    """
    if status == TOO_FEW:
        return NOTHING if respondents else NOBODY
    if status == OPINION:
        return NOT_SHOWN
    return entries_of[topic.partition("/")[0]][status].label


def figure_words(line: Mapping[Any, Any]) -> tuple[str, str]:
    """Return what is said of a share, and its detail: « 27 % », « 24 sur 88, de 18 % à 37 % », or « masqué »."""
    count, base = line["count"], line["base"]
    if base == 0:
        return "aucune réponse", ""
    if line["hidden"]:
        return MASKED_SHARE, f"base {number(base)}" if base >= tables.COUNTS_ONLY else ""
    if base < tables.COUNTS_ONLY:
        return f"{small_count(count)} sur {small_count(base)}", ""
    detail = f"{number(count)} sur {number(base)}, {margin(line['low'], line['high'], base)}"
    return percent(line["share"], base), f"{detail}, {PRUDENCE}" if base < tables.CAUTION else detail


def gap_words(gap: Mapping[Any, Any]) -> tuple[str, str]:
    """Return a difference in points and its margin; a dash where the shares are not both shown."""
    if gap["hidden"] or gap["base"] < tables.COUNTS_ONLY or gap["difference"] != gap["difference"]:
        return "–", ""
    return points(gap["difference"]), points_margin(gap["low"], gap["high"])


@remembered
def sentence(items: Sequence[Compared], rows: pd.DataFrame, codebook: Codebook, *, simulated: bool) -> str:
    """Return what is said of each item on the first topic, in one sentence that carries the mark of invented answers.

    Names of pays come from respondents: the sentence is not yet for Markdown.
    """
    start = "Selon des données simulées, " if simulated else ""
    if rows.empty:
        return f"{start}rien ne peut être comparé{NARROW}: aucune question commune n’a été posée."
    lines = rows[rows["topic"] == rows["topic"].iloc[0]]
    named = entries(codebook)
    # The share that is told of a group is that of the stage of the first territory beside it.
    given = [status for status in lines["status"] if status in set(lines["answer"]) - {"", UNKNOWN}]
    clauses = []
    for item in items:
        own = lines[lines["item"] == item.code]
        if item.kind == GROUP:
            clauses.append(_group_clause(item, own, given))
        else:
            clauses.append(_territory_clause(item, own.iloc[0], named))
    said = f"{start}{f'{NARROW}; '.join(clauses)}"
    return closed(said[:1].upper() + said[1:])


@remembered
def widest_gap(items: Sequence[Compared], rows: pd.DataFrame, gaps: pd.DataFrame) -> str:
    """Return the sentence that names the widest difference whose margin leaves zero out, or says that there is none."""
    shown = gaps[~gaps["hidden"] & (gaps["base"] >= tables.COUNTS_ONLY)]
    clear = shown[(shown["low"] > 0) | (shown["high"] < 0)]
    if clear.empty:
        return "Aucun écart net entre les deux groupes."
    place = int(clear["difference"].abs().to_numpy().argmax())
    gap: Any = clear.iloc[place]
    topic, answer = clear.index[place]
    line = rows[(rows["topic"] == topic) & (rows["answer"] == answer) & (rows["item"] == items[1].code)].iloc[0]
    what = f"{line['label']}{NARROW}: {lower_first(line['answer_label'])}" if answer else line["label"]
    which = f"Le plus grand des {len(clear)} écarts nets" if len(clear) > 1 else "Un seul écart net"
    return (
        f"{which}{NARROW}: {quoted(what)}, {points(gap['difference'])} pour {quoted(items[1].name)} "
        f"(marge indicative {points_margin(gap['low'], gap['high'])})."
    )


def data_table(items: Sequence[Compared], rows: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Return the lines of the comparison as French texts."""
    return _data(items, rows, codebook, tables.share_table, "–")


def data_file(items: Sequence[Compared], rows: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Return the lines of the comparison as numbers, for a file: shares are fractions 0–1."""
    return _data(items, rows, codebook, tables.share_file, pd.NA)


def _data(items: Sequence[Compared], rows: pd.DataFrame, codebook: Codebook, write: Any, empty: Any) -> pd.DataFrame:
    named, names = entries(codebook), {item.code: item.name for item in items}
    people = {item.code: item.respondents for item in items}
    units = {unit: plural for unit, (_, plural) in UNITS.items()}
    lines: list[Any] = rows[["item", "topic", "status", "answer_label", "told"]].to_dict("records")
    said = [
        status_words(named, line["topic"], line["status"], people[line["item"]])
        if line["status"]
        else line["answer_label"] or told_words(line["told"])
        for line in lines
    ]
    told = rows.assign(
        heading=rows["section"].map(lambda section: section_title(codebook, section)), name=rows["item"].map(names),
        said=pd.array(said, dtype="str"), counted=rows["unit"].map(units),
    )  # fmt: skip
    headings = {"heading": "Partie", "label": "Sujet", "name": "Territoire ou groupe", "said": "Réponse",
                "counted": "Unité"}  # fmt: skip
    groups = told["status"] == ""
    shares = write(told[groups], **headings).set_axis(told.index[groups])
    others = told.loc[~groups, list(headings)].rename(columns=headings)
    blank = {name: empty for name in shares.columns if name not in others}
    blank |= {"Fiabilité": ""}
    return pd.concat([shares, others.assign(**blank)]).sort_index()


def _territory_clause(item: Compared, line: Any, named: Entries) -> str:
    status = line["status"]
    # Its name may say where it is, to tell it from another of the same name.
    nom, type = item.name, item.territory.type if item.territory else ""
    name = called(nom, type)
    if status == UNPUBLISHED:
        return f"{name} a répondu (réponse non publiée)"
    if status == UNANSWERED:
        return f"{name} n’a pas répondu à {'l’enquête' if item.standing == SILENT else 'cette question'}"
    if status == DIVERGENT:
        return f"les répondants {of(nom, type)} ont donné des réponses divergentes"
    if status == OPINION:
        return f"l’opinion des répondants {of(nom, type)} n’est pas montrée"
    label = status_words(named, line["topic"], status)
    if line["topic"] == ENGAGEMENT:
        return f"{name} est à un {label.lower()}" if status == UNKNOWN else f"{name} est au stade {quoted(label)}"
    return f"{name} déclare {quoted(label)} ({lower_first(line['label'])})"


def _group_clause(item: Compared, lines: pd.DataFrame, given: Sequence[str]) -> str:
    """Return the share of a group that gave the first of the answers `given`, else the first answer told."""
    if not item.enough:
        return f"{quoted(item.name)} {f'a {NOTHING}' if item.respondents else 'n’a aucun répondant'}"
    same = lines[lines["answer"].isin(given[:1])]
    line: Any = (lines if same.empty else same).iloc[0]
    if line["base"] == 0:
        return f"parmi {quoted(item.name)}, personne n’a répondu"
    if line["topic"] == ENGAGEMENT:
        what = f"sont au stade {quoted(line['answer_label'])}"
    else:
        what = f"déclarent {quoted(line['answer_label'] or told_words(line['told']))} ({lower_first(line['label'])})"
    return f"parmi {quoted(item.name)}, {share_words(line, line['unit'])} {what}"
