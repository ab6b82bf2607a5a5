"""The page Méthode on the shipped edition: each rule comes with numbers counted here again from the answers."""

import numpy as np
import pytest

from lib.analysis.interval_grid import load_interval_grid
from lib.display.formats import counted, decimal, number
from lib.survey.benchmarks import load_benchmarks
from lib.survey.edition import load_edition
from lib.survey.support import load_support
from lib.territory.reference import load_reference
from tests.pages.visits import seen, tables, unfolded, words

NARROW = "\u202f"
EDITION, REFERENCE = load_edition(), load_reference()
TERRITORIES = EDITION.respondents.dropna(subset="territory").groupby("territory")


def table_with(heading):
    (table,) = [table for table in tables(unfolded("methode")) if heading in table]
    return table


def test_the_page_has_a_section_for_each_question_about_a_figure():
    headers = [header.value for header in seen("methode").header]
    asked = [
        f"Qui compte{NARROW}: répondants ou territoires{NARROW}?",
        f"Comment les réponses non publiées sont-elles protégées{NARROW}?",
        f"Que change la pondération{NARROW}?",
        f"Les marges tiennent-elles leur promesse{NARROW}?",
        f"Comment les portraits des territoires sont-ils faits{NARROW}?",
        f"Que disent d’autres enquêtes{NARROW}?",
    ]
    assert [header for header in headers if header in asked] == asked


def test_portraits_say_what_is_never_shown_by_name_and_the_limits_of_support():
    settings, said = load_support(), words(seen("methode"))
    assert f"à {number(settings.farthest_km)}{NARROW}km au plus" in said
    assert f"{counted(settings.capacity, 'territoire')} au plus pour chacun" in said
    assert "Jamais par territoire" in said


def test_units_say_how_many_territories_have_several_respondents():
    people = TERRITORIES.size()
    several = people[people > 1]
    said = f"{counted(len(several), 'territoire')} sur {number(len(people))} ont plusieurs répondants (jusqu’à "
    assert said + f"{several.max()})." in words(seen("methode"))


def test_units_name_facts_and_opinions():
    table = table_with("Compte par défaut").set_index("Question")
    assert table.loc["Stratégie numérique"].tolist() == ["Fait", "Territoires", "Répondants"]
    assert table.loc["Portage politique"].tolist() == ["Opinion", "Répondants", "Non"]


def test_protection_says_how_many_territories_refused():
    refused = ~TERRITORIES["publishable"].all()
    said = f"{counted(refused.sum(), 'territoire')} sur {number(len(refused))} n’ont pas accepté que leurs réponses"
    assert said in words(seen("methode"))


@pytest.mark.shipped_region
def test_weights_give_the_population_and_the_effective_number_of_each_level():
    table = table_with("Effet de plan").set_index("Niveau")
    for kind, name in (("commune", "Communes"), ("epci", "Intercommunalités"), ("departement", "Départements")):
        existing = REFERENCE[REFERENCE["type"] == kind]
        answered = existing.index.isin(TERRITORIES.size().index).sum()
        assert table.loc[name, ["Répondants", "Existants"]].tolist() == [number(answered), number(len(existing))]
    assert table.loc["Départements", "Pondération"] == "refusée"
    assert f"- Départements{NARROW}: refusée, 10 territoires ont répondu, il en faut au moins 30." in words(
        seen("methode")
    )
    # Kish: the design effect is the number of answers over what they are worth.
    communes = table.loc["Communes"]
    worth, effect = (float(communes[name].replace(",", ".")) for name in ("Effectif efficace", "Effet de plan"))
    assert effect == pytest.approx(int(communes["Répondants"]) / worth, abs=0.01)


def test_margins_give_the_least_coverage_of_the_grid():
    grid = load_interval_grid()
    least = np.floor(1000 * grid["coverage"].min()) / 10
    said = words(seen("methode"))
    assert least >= 95
    assert f"au moins {decimal(least)}{NARROW}% du temps dans les {number(len(grid))} cas vérifiés" in said
    table = table_with(f"Marge exacte{NARROW}: couverture minimale")
    whole = table[table["Territoires"] == table["Réponses"]]
    assert len(whole) > 1
    assert set(whole["Largeur moyenne"]) == {"0,0"}


@pytest.mark.shipped_region
def test_other_surveys_come_with_their_population_and_their_source():
    (table,) = [table.value for table in seen("methode").table]
    assert len(table) == len(load_benchmarks())
    for benchmark, row in zip(load_benchmarks(), table.astype(str).agg(" ".join, axis=1), strict=True):
        assert f"{benchmark.body}]({benchmark.address})" in row
        assert f"{number(benchmark.n)} {benchmark.unit}, {benchmark.dates}" in row
        assert benchmark.population in row
        assert all(figure.figure in row for figure in benchmark.figures)
