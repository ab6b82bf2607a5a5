"""The line under a figure and the table of the page Méthode."""

import pytest
from streamlit.testing.v1 import AppTest

from lib.survey.benchmarks import Benchmark, Beside, Figure, load_benchmarks
from lib.ui.benchmarks import sentence

NARROW = "\u202f"


def benchmark(caveat="Autre population.", address="https://exemple.fr", n=1234):
    return Benchmark(
        id="essai",
        body="Un organisme",
        survey="Une enquête",
        n=n,
        unit="communes",
        dates="mars 2020",
        population="Des communes",
        question="",
        address=address,
        figures=(Figure("64 %", "citent les compétences"), Figure("61 %", "le temps")),
        caveat=caveat,
        beside=(Beside("synthese", "freins"),),
    )


def lines():
    from lib.ui import benchmarks

    benchmarks.line("participation", "taux")
    benchmarks.line("participation", "autre")


def listed():
    from lib.ui import benchmarks

    benchmarks.table()


def drawn(script):
    visit = AppTest.from_function(script, default_timeout=60).run()
    assert not visit.exception
    return visit


def test_the_line_says_figures_source_size_dates_and_caveat():
    assert sentence((benchmark(),)) == (
        f"Ailleurs{NARROW}: 64 % citent les compétences et 61 % le temps ([Un organisme](https://exemple.fr), "
        f"1{NARROW}234 communes, mars 2020). Autre population."
    )


def test_without_an_address_there_is_no_link():
    assert "(Un organisme, 12 communes" in sentence((benchmark(address="", n=12),))


def test_benchmarks_of_one_caveat_share_it_and_others_do_not():
    said = sentence((benchmark("A."), benchmark("A."), benchmark("B.")))
    first, second = said.split("  \n")
    assert first.count("citent les compétences") == 2
    assert first.count("A.") == 1
    assert first.endswith("A.")
    assert second.endswith("B.")


@pytest.mark.shipped_region
def test_nothing_published_draws_nothing():
    assert sentence(()) == ""
    visit = drawn(lines)
    (caption,) = visit.caption
    assert caption.value.startswith(f"Ailleurs{NARROW}: 44{NARROW}% des communes bretonnes ont répondu en 2003")


@pytest.mark.shipped_region
def test_the_table_has_every_benchmark_with_its_source():
    visit = drawn(listed)
    table = visit.table[0].value
    assert len(table) == len(load_benchmarks())
    for row, benchmark in zip(table.to_dict("records"), load_benchmarks(), strict=True):
        assert row["Chiffre publié"].startswith(benchmark.figures[0].figure)
        assert row["Enquête"].startswith(f"[{benchmark.body}]({benchmark.address}), {benchmark.survey}")
        assert benchmark.caveat in row["À qui, quelle question"]
        assert ("Question" in row["À qui, quelle question"]) == bool(benchmark.question)
    assert "jamais comme un objectif" in visit.markdown[0].value
