"""The edition made of the twelve respondents of the small world, and the one that is shipped."""

import pandas as pd
import pytest

from lib.survey.edition import load_edition, read_edition
from lib.survey.states import VALUE
from tests.survey.world import codebook, export, written


@pytest.fixture(scope="module")
def edition():
    return read_edition(export().encode(), codebook(), id="monde", title="Monde", simulated=True, collected="mars 2026")


def test_respondents_are_those_with_a_substantive_answer(edition):
    # Response 10 only identified itself and consented; the second 11 is told apart by its line.
    assert edition.respondents.index.tolist() == [*"123456789", "11", "11-ligne-13"]
    assert edition.values.index.equals(edition.respondents.index)
    assert edition.states.index.equals(edition.respondents.index)
    assert edition.respondents.index.is_unique


def test_incomplete_responses_count(edition):
    assert edition.respondents["complete"].to_dict() == {
        **dict.fromkeys(["1", "2", "3", "5", "6", "7", "8", "9", "11", "11-ligne-13"], True),
        "4": False,
    }


def test_territories_are_matched_and_described(edition):
    respondents = edition.respondents
    assert respondents.loc["1", ["territory", "method", "nom", "taille"]].tolist() == [
        "33063",
        "code",
        "Bordeaux",
        "commune-50000",
    ]
    assert respondents.at["2", "territory"] == "33063"
    assert respondents.at["2", "declared"] == "BORDEAUX"
    assert respondents.at["1", "departements"] == ("33",)
    assert respondents.at["5", "nom"] == "CA du Grand Guéret"
    assert respondents.at["5", "taille"] == "epci-15000-49999"


def test_a_grouping_takes_its_departements_from_all_its_respondents_and_one_name(edition):
    aunis = edition.respondents.loc[["6", "7"]]
    assert aunis["territory"].nunique() == 1
    assert aunis["nom"].tolist() == ["Pays d'Aunis"] * 2
    assert aunis["taille"].tolist() == ["sans-objet"] * 2
    assert aunis["departements"].tolist() == [("17",)] * 2
    assert aunis["membres"].tolist() == [("200041614", "200041499"), ("200041614",)]


def test_what_is_not_recognised_has_neither_name_nor_size_nor_departement(edition):
    unmatched = edition.respondents.loc[["8", "9"]]
    assert unmatched["method"].tolist() == ["none", "ambiguous"]
    assert unmatched[["territory", "nom", "taille"]].isna().all(axis=None)
    assert unmatched["departements"].tolist() == [(), ()]


def test_only_an_explicit_yes_is_publishable(edition):
    assert edition.respondents.index[edition.respondents["publishable"]].tolist() == ["1", "3", "5", "6", "7"]


def test_issues_tell_the_line_and_are_sorted(edition):
    issues = edition.issues
    assert issues.columns.tolist() == ["row", "column", "value", "problem", "rows"]
    assert issues["row"].is_monotonic_increasing
    by_row = issues.groupby("row")["problem"].agg(" ".join)
    assert "écartée" in by_row[11]
    assert "Club de pétanque" in issues.loc[issues["row"] == 8, "value"].tolist()
    assert "non reconnu" in by_row[9]
    assert "possibles" in by_row[10]
    assert "déjà donné" in by_row[13]
    assert not issues["problem"].str.contains("@").any()


def test_one_response_is_enough_and_identifiers_may_be_missing():
    headings = ["Votre structure", "Nom de la structure", "Niveau [de 0 à 1] [Fibre]"]
    source = written(headings, [["Commune", "Pau", "Présent"]]).encode()
    alone = read_edition(source, codebook(), id="m", title="M", simulated=False, collected="")
    assert alone.respondents.index.tolist() == ["ligne-2"]
    assert alone.respondents.at["ligne-2", "complete"]
    assert pd.isna(alone.respondents.at["ligne-2", "role"])


def test_nobody_retained_makes_an_empty_edition():
    source = written(["Votre structure", "Nom de la structure"], [["Commune", "Pau"]]).encode()
    empty = read_edition(source, codebook(), id="m", title="M", simulated=False, collected="")
    assert len(empty.respondents) == len(empty.values) == 0
    assert "écartée" in empty.issues["problem"].iloc[-1]


def test_territories_are_named_by_the_list_of_the_edition_s_year():
    headings = ["ID de la réponse", "Votre structure", "Nom de la structure", "Niveau [de 0 à 1] [Fibre]"]
    source = written(headings, [["1", "Commune", "Saint-Philippe-d'Aiguille", "Présent"]]).encode()
    told = {"id": "m", "title": "M", "simulated": False, "collected": ""}
    earlier, today = (read_edition(source, codebook(), **told, millesime=year) for year in (2025, None))
    assert (earlier.millesime, today.millesime) == (2025, 2026)
    assert earlier.respondents.loc["1", ["territory", "nom"]].tolist() == ["33461", "Saint-Philippe-d'Aiguille"]
    assert today.respondents.loc["1", ["territory", "nom"]].tolist() == ["33461", "Saint-Philippe-d'Aiguilhe"]


def test_the_shipped_edition_says_that_it_is_simulated():
    shipped = load_edition()
    assert shipped.simulated
    assert "simul" in shipped.title.lower()
    assert shipped.millesime == 2026
    assert (shipped.values.notna() == (shipped.states == VALUE)).all(axis=None)
