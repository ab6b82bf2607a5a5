"""The figures by which a manager recognises an edition, counted by hand on the small world."""

import pandas as pd
import pytest

from lib.survey.edition import read_edition
from lib.survey.quality.report import quality
from lib.ui.importing import report
from lib.ui.importing.headline import compared, headline
from tests.survey.world import codebook, export


@pytest.fixture(scope="module")
def edition():
    return read_edition(export().encode(), codebook(), id="monde", title="Monde", simulated=True, collected="mars 2026")


@pytest.mark.shipped_region
def test_the_figures_of_an_edition(edition):
    figures = dict(headline(edition).itertuples(index=False, name=None))
    # Eleven retained; Bordeaux, Pau, Agen, Grand Guéret, Pays d’Aunis and Niort; 8 and 9 have no territory; 4 not sent.
    assert figures == {
        "Répondants": "11",
        "Territoires reconnus": "6",
        "Réponses sans territoire": "2",
        "Formulaires envoyés": "91\u202f% (sur 11)",
        # All eight who ranked anything ranked it; two of the five who ticked anything lack time.
        "Rang – Fibre": "100\u202f% (sur 8)",
        "Freins – Temps, calendrier (agenda)": "40\u202f% (sur 5)",
    }


def test_a_first_publication_is_compared_with_nothing(edition):
    table = compared(edition, None)
    assert set(table["Aujourd’hui"]) == {"–"}
    assert table["Après publication"].tolist() == headline(edition)["value"].tolist()


def test_a_new_version_stands_beside_the_one_it_replaces(edition):
    table = compared(edition, edition)
    assert table["Aujourd’hui"].tolist() == table["Après publication"].tolist()


@pytest.mark.shipped_region
def test_the_report_is_written_in_french_words(edition):
    found = quality(edition)
    table = report.check_table(found).set_index("Contrôle")
    assert table.loc["Réponses écartées"].tolist() == ["1", "12 réponses du fichier"]
    assert table.loc["Formulaires non terminés"].tolist() == ["1", "11 réponses retenues"]
    # Bordeaux, the pays and Niort each answered twice.
    assert table.loc["Territoires qui ont plusieurs réponses"].tolist() == ["3", "6 territoires reconnus"]
    rows = report.found_table(found["non-soumises"])
    assert rows.to_dict(orient="records") == [
        {"Ligne": "", "Réponse": "4", "Constat": "formulaire commencé, jamais envoyé"}
    ]
    assert not rows.isna().to_numpy().any()


@pytest.mark.shipped_region
def test_a_list_of_nobody_is_a_table_too(edition):
    assert report.found_table(quality(edition)["hors-region"]).empty
    assert isinstance(report.found_table(quality(edition)["hors-region"]), pd.DataFrame)
