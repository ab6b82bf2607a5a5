"""Figures published by others that may stand beside ours, as configured in data/benchmarks.toml.

It refuses an entry that does not say who asked, how many answered, when, and what was found; where an entry is drawn
is left to `lib.ui.benchmarks`.
"""

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from lib.territory.region_folder import data_file

PATH = data_file("benchmarks.toml")

MAY_BE_EMPTY = ("question", "address")
"""What a source may not say: its wording, and an address to read it at."""


class BenchmarkError(ValueError):
    """A benchmark that cannot be shown; the message is French and names the entry."""


@dataclass(frozen=True)
class Figure:
    """One published figure, as printed (« 64 % »), and the words that follow it."""

    figure: str
    text: str


@dataclass(frozen=True)
class Beside:
    """A place where a benchmark may stand: the address of a page, and a question or a measure of it."""

    page: str
    measure: str


@dataclass(frozen=True)
class Benchmark:
    """What one survey published of one question.

    Attributes
    ----------
    body, survey : who asked, and the name of the survey.
    n, unit : how many answered, and what they are (« communes sur 1 271 »).
    dates : when it was asked, or when it came out, in French words.
    population : who was asked.
    question : the wording; empty when it is not published.
    address : where the figures were read; empty when there is none.
    figures : one at least.
    caveat : why it is another population and another question.
    beside : where it may stand, one place at least.
    """

    id: str
    body: str
    survey: str
    n: int
    unit: str
    dates: str
    population: str
    question: str
    address: str
    figures: tuple[Figure, ...]
    caveat: str
    beside: tuple[Beside, ...]


@cache
def load_benchmarks(path: Path = PATH) -> tuple[Benchmark, ...]:
    """Return the benchmarks in the order of the file.

    Raises
    ------
    BenchmarkError
        When an entry lacks a field, leaves one empty (but `question` and `address`), holds an unknown one, has no
        positive whole `n`, or bears the id of another one.
    """
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("benchmark", [])
    benchmarks = tuple(_benchmark(entry, place) for place, entry in enumerate(entries, start=1))
    ids = [benchmark.id for benchmark in benchmarks]
    for twice in {id for id in ids if ids.count(id) > 1}:
        raise BenchmarkError(f"Repère « {twice} » : deux entrées portent cet identifiant.")
    return benchmarks


def benchmarks_beside(page: str, measure: str, path: Path = PATH) -> tuple[Benchmark, ...]:
    """Return the benchmarks that may stand beside a question or a measure of a page; none for most of them."""
    return tuple(benchmark for benchmark in load_benchmarks(path) if Beside(page, measure) in benchmark.beside)


def _benchmark(entry: dict[str, Any], place: int) -> Benchmark:
    name = f"Repère « {entry['id']} »" if entry.get("id") else f"Repère n° {place}"
    _check(name, entry, Benchmark)
    if not isinstance(entry["n"], int) or isinstance(entry["n"], bool) or entry["n"] < 1:
        raise BenchmarkError(f"{name} : « n » doit être un nombre entier positif.")
    for figure in entry["figures"]:
        _check(f"{name}, chiffre", figure, Figure)
    for place_beside in entry["beside"]:
        _check(f"{name}, emplacement", place_beside, Beside)
    return Benchmark(
        **entry
        | {
            "figures": tuple(Figure(**figure) for figure in entry["figures"]),
            "beside": tuple(Beside(**place_beside) for place_beside in entry["beside"]),
        }
    )


def _check(name: str, entry: dict[str, Any], kind: type) -> None:
    """Refuse an entry whose fields are not those of `kind`, or are empty where they may not be."""
    expected = [field.name for field in fields(kind)]
    for field in expected:
        if field not in entry:
            raise BenchmarkError(f"{name} : il manque « {field} ».")
        if field not in MAY_BE_EMPTY and entry[field] in ("", []):
            raise BenchmarkError(f"{name} : « {field} » est vide.")
    for field in entry:
        if field not in expected:
            raise BenchmarkError(f"{name} : le champ « {field} » est inconnu.")
