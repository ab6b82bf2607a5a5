"""Published figures beside ours: the quiet line under a figure, and the table of all of them on the page Méthode.

They come from data/benchmarks.toml and nothing is computed from them: they are landmarks, never targets.
"""

from itertools import groupby

import pandas as pd
import streamlit as st

from lib.display.formats import NARROW, number, quoted, words
from lib.survey.benchmarks import Benchmark, benchmarks_beside, load_benchmarks
from lib.territory.reference import load_region

INTRODUCTION = (
    "D’autres enquêtes ont posé des questions proches à d’autres collectivités. Leurs chiffres sont rappelés sous "
    f"quelques figures, à titre de repère et jamais comme un objectif{NARROW}: ni la population ni la question ne sont "
    "les mêmes."
)


def line(page: str, measure: str) -> None:
    """Draw the published figures that may stand beside a question or a measure of a page; nothing when there are none.

    `page` is the address of the page, `measure` the id of a question, `question/row` for a row of an array, or the
    name of a measure of that page.
    """
    said = sentence(benchmarks_beside(page, measure))
    if said:
        st.caption(said)


def sentence(benchmarks: tuple[Benchmark, ...]) -> str:
    """Return « Ailleurs : 64 % citent … (body, n, dates). Autre population… », those of one caveat together."""
    said = []
    for caveat, alike in groupby(benchmarks, key=lambda benchmark: benchmark.caveat):
        found = f"{NARROW}; ".join(f"{_figures(benchmark)} ({_source(benchmark)})" for benchmark in alike)
        said.append(f"Ailleurs{NARROW}: {found}. {caveat}")
    return "  \n".join(said)


def table() -> None:
    """Draw what the benchmarks are, and all of them with their source; say so where none is configured."""
    if not load_benchmarks():
        st.markdown(f"Aucun chiffre d’une autre enquête n’a été réuni pour la région {load_region().nom}.")
        return
    st.markdown(INTRODUCTION)
    rows = [
        {
            "Chiffre publié": _figures(benchmark),
            "Enquête": f"{_body(benchmark)}, {benchmark.survey}{NARROW}: {number(benchmark.n)} {benchmark.unit}, "
            f"{benchmark.dates}",
            "À qui, quelle question": " ".join(part for part in (_asked(benchmark), benchmark.caveat) if part),
        }
        for benchmark in load_benchmarks()
    ]
    # Cells of text, which wrap; the grid of `st.dataframe` would cut them.
    st.table(
        pd.DataFrame(rows), hide_index=True, border="horizontal", alt=f"Tableau{NARROW}: chiffres publiés ailleurs"
    )


def _figures(benchmark: Benchmark) -> str:
    return words(f"{figure.figure} {figure.text}" for figure in benchmark.figures)


def _source(benchmark: Benchmark) -> str:
    return f"{_body(benchmark)}, {number(benchmark.n)} {benchmark.unit}, {benchmark.dates}"


def _body(benchmark: Benchmark) -> str:
    return f"[{benchmark.body}]({benchmark.address})" if benchmark.address else benchmark.body


def _asked(benchmark: Benchmark) -> str:
    asked = f" Question{NARROW}: {quoted(benchmark.question)}." if benchmark.question else ""
    return f"{benchmark.population}.{asked}"
