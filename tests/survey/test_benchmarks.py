"""Published figures as configured: as published, each with its source, beside a figure that exists."""

import re

import pytest

from lib.survey.benchmarks import PATH, BenchmarkError, Beside, Figure, benchmarks_beside, load_benchmarks
from lib.survey.codebook import load_codebook
from lib.ui.menu import PAGES

BENCHMARKS = load_benchmarks()
CODEBOOK = load_codebook()

SHORT = """
[[benchmark]]
id = "essai"
body = "Un organisme"
survey = "Une enquête"
n = 12
unit = "communes"
dates = "mars 2020"
population = "Des communes"
question = ""
address = ""
figures = [{ figure = "50 %", text = "disent oui" }]
caveat = "Autre population, autre question."
beside = [{ page = "synthese", measure = "freins" }]
"""


def written(tmp_path, content):
    path = tmp_path / "benchmarks.toml"
    path.write_text(content, encoding="utf-8")
    return path


def figures(id):
    (found,) = [benchmark for benchmark in BENCHMARKS if benchmark.id == id]
    return [figure.figure.replace("\u202f", " ") for figure in found.figures]


@pytest.mark.shipped_region
@pytest.mark.parametrize(
    ("id", "published", "n"),
    [
        ("data-publica-freins", ["64 %", "61 %"], 191),
        ("data-publica-responsable", ["37 %", "12 %"], 191),
        ("ey-strategie", ["une collectivité sur trois"], 34),
        ("dinum-mediation", ["26 %"], 2729),
        ("marsouin-2003", ["44 %"], 562),
        ("marsouin-2007", ["38 %"], 476),
        ("marsouin-2013", ["41 %"], 522),
    ],
)
def test_figures_are_as_published(id, published, n):
    assert figures(id) == published
    assert next(benchmark.n for benchmark in BENCHMARKS if benchmark.id == id) == n


@pytest.mark.shipped_region
@pytest.mark.parametrize(
    ("id", "existing"), [("marsouin-2003", 1271), ("marsouin-2007", 1269), ("marsouin-2013", 1270)]
)
def test_published_response_rates_are_those_of_their_counts(id, existing):
    (found,) = [benchmark for benchmark in BENCHMARKS if benchmark.id == id]
    assert f"{round(100 * found.n / existing)} %" == figures(id)[0]
    assert f"{existing:,}".replace(",", "\u202f") in found.unit


@pytest.mark.parametrize("benchmark", BENCHMARKS, ids=lambda benchmark: benchmark.id)
def test_a_benchmark_names_its_source_and_stands_beside_a_question_that_exists(benchmark):
    assert benchmark.address.startswith("https://")
    assert re.search(r"\b20\d\d\b|dernier", benchmark.dates)
    assert benchmark.caveat.startswith("Autre population")
    assert "à titre de repère" in benchmark.caveat
    for place in benchmark.beside:
        assert place.page in PAGES
        question, _, row = place.measure.partition("/")
        if place.measure != "taux":
            assert question in CODEBOOK
            assert not row or row in CODEBOOK[question].row_labels


def test_french_signs_have_a_narrow_space_before_them():
    content = "\n".join(line for line in PATH.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    assert not re.search(r"[ \w»)][;:!?%]( |\"|$)", content, re.MULTILINE)
    assert "'" not in content


@pytest.mark.shipped_region
def test_benchmarks_of_a_figure_are_found_by_page_and_measure():
    found = benchmarks_beside("strategies", "strategie")
    assert [benchmark.id for benchmark in found] == ["data-publica-responsable", "ey-strategie"]
    assert benchmarks_beside("synthese", "strategie") == ()
    assert benchmarks_beside("strategies", "portage") == ()


def test_an_entry_is_read(tmp_path):
    (found,) = load_benchmarks(written(tmp_path, SHORT))
    assert (found.body, found.n, found.address, found.question) == ("Un organisme", 12, "", "")
    assert found.figures == (Figure("50 %", "disent oui"),)
    assert found.beside == (Beside("synthese", "freins"),)


def test_an_empty_file_has_no_benchmarks(tmp_path):
    assert load_benchmarks(written(tmp_path, "")) == ()


@pytest.mark.parametrize("field", ["body", "n", "dates", "figures", "caveat", "beside", "address"])
def test_a_missing_field_is_refused_by_name(tmp_path, field):
    lines = [line for line in SHORT.splitlines() if not line.startswith(f"{field} =")]
    with pytest.raises(BenchmarkError, match=f"Repère « essai » : il manque « {field} »"):
        load_benchmarks(written(tmp_path, "\n".join(lines)))


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('body = "Un organisme"', 'body = ""', "Repère « essai » : « body » est vide."),
        ('dates = "mars 2020"', 'dates = ""', "Repère « essai » : « dates » est vide."),
        ('[{ figure = "50 %", text = "disent oui" }]', "[]", "Repère « essai » : « figures » est vide."),
        ("n = 12", 'n = "douze"', "Repère « essai » : « n » doit être un nombre entier positif."),
        ("n = 12", "n = 0", "Repère « essai » : « n » doit être un nombre entier positif."),
        ("n = 12", "n = 12\ncible = 3", "Repère « essai » : le champ « cible » est inconnu."),
        ('figure = "50 %"', 'figure = ""', "Repère « essai », chiffre : « figure » est vide."),
        (', measure = "freins"', "", "Repère « essai », emplacement : il manque « measure »."),
        ('id = "essai"\n', "", "Repère n° 1 : il manque « id »."),
    ],
)
def test_a_faulty_entry_is_refused_in_french(tmp_path, before, after, message):
    assert before in SHORT
    with pytest.raises(BenchmarkError, match=re.escape(message)):
        load_benchmarks(written(tmp_path, SHORT.replace(before, after)))


def test_two_entries_of_one_id_are_refused(tmp_path):
    with pytest.raises(BenchmarkError, match="Repère « essai » : deux entrées"):
        load_benchmarks(written(tmp_path, SHORT + SHORT))
