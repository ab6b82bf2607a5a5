"""Territories and groups side by side, as a table of a page: a line per topic, a column per item, in sections.

What each cell says comes from `comparison`; every text is escaped here, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from lib.analysis.comparison import OPINION, TOO_FEW, Compared
from lib.analysis.facts import UNANSWERED, UNPUBLISHED
from lib.display.comparison import (
    SECTIONS,
    Entries,
    entries,
    figure_words,
    gap_words,
    section_title,
    status_words,
    told_words,
)
from lib.display.formats import NARROW
from lib.display.legend import swatch
from lib.display.remembered import remembered
from lib.display.sentences import UNITS
from lib.survey.questionnaire import Codebook


@remembered
def table_html(
    items: Sequence[Compared], rows: pd.DataFrame, gaps: pd.DataFrame | None, codebook: Codebook, caption: str
) -> str:
    """Return the comparison as an HTML table: a line per topic, a column per item, in sections.

    Parameters
    ----------
    rows, gaps
        From `lib.analysis.comparison.compare` and `differences`; with gaps, a last column holds them.
    caption
        Said above the table; it carries the mark of a simulated edition.

    Notes
    -----
    Every text is escaped. On a narrow screen each topic becomes a card, which is why roles are written out: browsers
    forget them when the display of a table changes.
    """
    named = entries(codebook)
    heads = [escape(item.name) for item in items] + (["Écart"] if gaps is not None else [])
    columns = "".join(f'<th scope="col" role="columnheader">{name}</th>' for name in ["Sujet", *heads])
    apart = None if gaps is None else _grouped(gaps.reset_index(), "topic")
    body = []
    for section, of_section in _grouped(rows, "section").items():
        topics = _grouped(pd.DataFrame(of_section), "topic")
        first = next(iter(topics.values()))
        # Rows of one question have their answers in common: they are said once.
        common = "" if section in SECTIONS else _told(first)
        unit = " · ".join(part for part in (UNITS[first[0]["unit"]][1], common) if part)
        body.append(
            '<tbody role="rowgroup"><tr role="row" class="section"><th scope="rowgroup" role="rowheader" '
            f'colspan="{len(heads) + 1}">{escape(section_title(codebook, section))} <small>{unit}</small></th></tr>'
        )
        for topic, lines in topics.items():
            cells = [_cell(item, [line for line in lines if line["item"] == item.code], named) for item in items]
            if apart is not None:
                cells.append(_stack([("", *gap_words(gap)) for gap in apart[topic]]))
            written = "".join(
                f'<td role="cell" data-name="{head}">{cell}</td>' for head, cell in zip(heads, cells, strict=True)
            )
            own = f"<small>{_told(lines)}</small>" if section in SECTIONS and _told(lines) else ""
            name = f"{escape(lines[0]['label'])}{own}"
            body.append(f'<tr role="row"><th scope="row" role="rowheader">{name}</th>{written}</tr>')
        body.append("</tbody>")
    return (
        f'<div class="comparison"><table role="table"><caption>{escape(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{columns}</tr></thead>{"".join(body)}</table>{_STYLE}</div>'
    )


def _grouped(rows: pd.DataFrame, by: str) -> dict[str, list[dict[Any, Any]]]:
    """Return the lines of a frame by the value of a column, in order of first appearance."""
    found: dict[str, list[dict[Any, Any]]] = {}
    for line in rows.to_dict("records"):
        found.setdefault(line[by], []).append(line)
    return found


def _told(lines: Sequence[Mapping[Any, Any]]) -> str:
    """Return which answers the share of a group is that of; empty where none is told, or each answer by itself."""
    told = "" if all(line["status"] for line in lines) else told_words(lines[0]["told"])
    return f"part{NARROW}: {escape(told)}" if told else ""


def _cell(item: Compared, lines: Sequence[Mapping[Any, Any]], named: Entries) -> str:
    """Return the cell of one item: its status with its colour, or its shares, one a line."""
    topic, status = lines[0]["topic"], lines[0]["status"]
    if not status:
        return _stack([(line["answer_label"], *figure_words(line)) for line in lines])
    text = escape(status_words(named, topic, status, item.respondents))
    if status in (OPINION, TOO_FEW):
        return f'<small class="quiet">{text}</small>'
    quiet = ' class="quiet"' if status in (UNPUBLISHED, UNANSWERED) else ""
    entry = named[topic.partition("/")[0]][status]
    return f'<img src="{swatch(entry)}" alt="" width="26" height="16"> <span{quiet}>{text}</span>'


def _stack(lines: Sequence[tuple[str, str, str]]) -> str:
    """Return figures one under the other: name of the answer if there are several, figure, detail."""
    return "".join(
        f"<p>{f'{escape(answer)} ' if answer else ''}<b>{escape(figure)}</b>"
        f"{f' <small>{escape(detail)}</small>' if detail else ''}</p>"
        for answer, figure, detail in lines
    )


_STYLE = (
    "<style>"
    ".comparison table{border-collapse:collapse;width:100%;font-size:.95rem;line-height:1.3;color:#161616;"
    "overflow-wrap:anywhere}"
    ".comparison caption{text-align:left;font-size:.875rem;color:#4f4f5a;padding:0 0 .5rem}"
    ".comparison th,.comparison td{text-align:left;vertical-align:top;padding:.45rem .6rem;border:0;"
    "border-bottom:1px solid #dddde3}"
    ".comparison thead th{border-bottom:2px solid #000091;vertical-align:bottom}"
    ".comparison th[scope=row]{font-weight:400;min-width:9rem}"
    ".comparison .section th{padding-top:1.1rem;color:#000091;font-weight:600;border-bottom:1px solid #000091}"
    ".comparison p{margin:0 0 .15rem;font-size:inherit}"
    ".comparison small{font-size:.8125rem;color:#4f4f5a;font-weight:400}"
    ".comparison th[scope=row] small,.comparison p small{display:block}"
    ".comparison img{display:inline;vertical-align:-2px;outline:1px solid #8a8a8a;outline-offset:-1px}"
    ".comparison .quiet{color:#4f4f5a}"
    "@media (max-width:640px){"
    ".comparison table,.comparison caption,.comparison tbody{display:block}"
    ".comparison thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}"
    ".comparison tr{display:grid;grid-template-columns:1fr 1fr;border-bottom:1px solid #dddde3;padding:.4rem 0}"
    ".comparison th,.comparison td{border:0;padding:.2rem .4rem .2rem 0}"
    ".comparison th[scope=row]{grid-column:1/-1;font-weight:600}"
    ".comparison .section{display:block;border-bottom:1px solid #000091}"
    ".comparison .section th{display:block;border:0}"
    ".comparison td::before{content:attr(data-name);display:block;font-size:.8125rem;color:#4f4f5a}"
    "}"
    "@media print{.comparison tr{break-inside:avoid}}"
    "</style>"
)
