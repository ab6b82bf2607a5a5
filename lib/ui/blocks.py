"""The blocks that pages are made of: heading, context, empty state, chart, table, download.

They draw what they are given; the words and the numbers come from the pages, from `lib.display` and `lib.analysis`.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd
import pyarrow as pa
import streamlit as st
from streamlit.dataframe_util import convert_anything_to_arrow_bytes

from lib.analysis.selection import Selection
from lib.display.drawing.chart_picture import parts_of
from lib.display.figure import Figure, MapPicture, Spec
from lib.display.formats import MASKED, MASKED_WHY, NARROW, THRESHOLD, closed, plain, quoted
from lib.display.stamp import COUNTED
from lib.survey.edition import Edition
from lib.ui import filters, menu, origin, recording, session, takeaway

TOO_FEW = THRESHOLD
"""Under this number of respondents, a selection shows nothing: a figure would be somebody's answer."""
PROTECTED_TABLE = f"{quoted(MASKED)}{NARROW}: {MASKED_WHY}"
ROW_BY_ROW = "donnée à chaque ligne"
ROWS = "rows"
"""Name of the rows of a chart, where its specification leaves them out."""
TRAVELLED = 400
"""Charts kept as they travel: some fifteen megabytes (37 kB each, measured)."""
TALL_TABLE = 14
"""Rows above which a table scrolls instead of pushing the page down."""


@dataclass(frozen=True)
class Drawn:
    """What a page drew of a figure, nothing by default; the fields are those of `Figure`."""

    picture: Spec | MapPicture | None = None
    alt: str = ""
    reading: str = ""


NOT_DRAWN = Drawn()


def subtitle(edition: Edition, *parts: str) -> str:
    """Return a figure's second line: base, unit, mark."""
    return " · ".join(part for part in (*parts, origin.mark(edition)) if part)


def title(text: str) -> None:
    """Draw the title of a page, any text."""
    st.title(plain(text), anchor=False)
    recording.hear(question=text)


def heading(edition: Edition, selection: Selection, question: str) -> None:
    """Draw the page's question; stop there, with a way out, when too few respondents are selected."""
    title(question)
    n = int(selection.mask(edition.respondents).sum())
    if n >= TOO_FEW:
        return
    context(edition, selection)
    if n == 0:
        why = "Aucun répondant pour cette sélection."
    else:
        why = (
            f"Moins de {TOO_FEW} répondants pour cette sélection{NARROW}: rien n’est affiché, pour ne révéler la "
            "réponse de personne."
        )
    st.info(f"{why} Élargissez le type, la taille, le département ou le rôle.", icon=":material/search_off:")
    st.button("Afficher tous les répondants", on_click=filters.reset_filters, type="primary")
    menu.end_page()


def answer(edition: Edition, selection: Selection, sentence: str) -> None:
    """Draw the sentence that answers the page's question, then the line of context."""
    recording.hear(answer=sentence)
    st.markdown(f"**{plain(sentence)}**")
    context(edition, selection)


def say(sentence: str, edition: Edition) -> None:
    """Draw the sentence that answers the question of a page which is not about a selection, then whose answers."""
    whose = f"{edition.title}, {edition.collected} · données non pondérées"
    recording.hear(answer=sentence, context=whose)
    st.markdown(f"**{plain(sentence)}**")
    st.markdown(f":gray[{plain(whose)}]")


def context(edition: Edition, selection: Selection) -> None:
    """Draw the line that says what is selected, how many answered, and of which edition."""
    counts = ", ".join(origin.counts(edition, selection))
    chosen = filters.selection_words(selection, edition)
    ended = f"{edition.title}, {edition.collected} · {weighting_words(selection)}"
    recording.hear(context=f"Sélection{NARROW}: {chosen} · {counts} · {ended}")
    st.markdown(f":gray[Sélection{NARROW}:] {plain(chosen)} · **{counts}** · :gray[{plain(ended)}]")


def weighting_words(selection: Selection) -> str:
    """Return whether the page weights territories; each figure says whether it could."""
    return "territoires pondérés là où c’est possible" if selection.weighted else "données non pondérées"


def section(question: str, text: str = "") -> None:
    """Draw the question of a figure, and what to know before reading it."""
    st.header(question, anchor=False)
    recording.hear(section=question)
    if text:
        st.markdown(text)


def chart(spec: Spec, alt: str, said: str = "") -> Drawn:
    """Draw a chart with its text alternative, then its « comment lire » sentence; return what was drawn.

    `alt` says what is shown and its values; what the subtitle says (base, unit, weighting, mark) is added to it.
    """
    about = closed(" · ".join(parts_of(spec["title"]["subtitle"])))
    alt = f"{alt} {about[:1].upper()}{about[1:]}"
    st.vega_lite_chart(spec=_travelling(json.dumps(spec)), width="stretch", theme=None, alt=alt)
    if said:
        reading(said)
    return Drawn(spec, alt, said)


@lru_cache(maxsize=TRAVELLED)
def _travelling(written: str) -> Spec:
    """Return a specification as Streamlit sends it, its rows as Arrow bytes, without the detour by pandas."""
    spec: Spec = json.loads(written)
    rows = spec.pop("data")["values"]
    names = dict.fromkeys(name for row in rows for name in row)
    sent = convert_anything_to_arrow_bytes(pa.table({name: [row.get(name) for row in rows] for name in names}))
    return spec | {"data": {"name": ROWS}, "datasets": {ROWS: sent}}


def reading(sentence: str) -> None:
    """Draw the « comment lire » sentence of a figure, made from one of its rows."""
    st.caption(f"Comment lire{NARROW}: {plain(sentence)}")


@st.fragment
def data(
    table: Callable[[], pd.DataFrame], file: Callable[[], pd.DataFrame], name: str, edition: Edition,
    selection: Selection, *, unit: str, label: str, weighting: str = "brut", about: str = "", base: str = "",
    level: str = "", drawn: Drawn = NOT_DRAWN,
) -> None:  # fmt: skip
    """Draw the table of a figure, folded, and the buttons that take it away: numbers, picture, all of it.

    `about` says whom the file is about where it is not the selection, `drawn` what stands above the table; the other
    arguments are those of `Figure`.

    Neither the table nor a file is made before it is asked for: most visitors read the chart. Opening it reruns this
    block alone; whether it is open is `donnees-<name>` in the session state.
    """

    def figure() -> Figure:
        stamp = origin.stamp(edition, selection, unit, weighting, about)
        return Figure(
            name, label, base or f"base{NARROW}: {ROW_BY_ROW if about else stamp[COUNTED]}", stamp, table, file,
            picture=drawn.picture, alt=drawn.alt, reading=drawn.reading, level=level,
        )  # fmt: skip

    recording.keep(figure)
    with st.expander("Voir les données, télécharger", on_change="rerun", key=f"donnees-{name}") as folded:
        if not folded.open:
            return
        session.rerun_if_replaced(edition)
        # Streamlit names a hidden index in the list of columns, in English.
        rows = table().reset_index(drop=True)
        st.dataframe(
            rows,
            hide_index=True,
            # The page may have a table of its own about the same thing: a landmark is found by its name.
            alt=f"Tableau des données{NARROW}: {label}",
            height=520 if len(rows) > TALL_TABLE else "content",
        )
        hides = rows.astype(str).stack().str.contains(MASKED, regex=False).any()
        said = (origin.mark(edition), PROTECTED_TABLE if hides else "")
        st.caption(" ".join(f"{part}." for part in said if part))
        takeaway.buttons(figure(), edition)
