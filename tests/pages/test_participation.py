"""The page Participation on the shipped edition: who is missing, counted again from the lists themselves."""

from math import sqrt

import pytest

from lib.display.formats import number, percent
from lib.survey.edition import load_edition
from lib.territory.reference import load_reference
from tests.pages.visits import charts, drawn_rows, seen, texts, titles, unfolded, words

NARROW = "\u202f"
EDITION, REFERENCE = load_edition(), load_reference()
ANSWERED = REFERENCE[REFERENCE.index.isin(EDITION.respondents["territory"].dropna())]


def rows(page, place):
    """Return the rows that a chart draws."""
    return drawn_rows(page)[place].to_dict("records")


def test_the_page_goes_from_who_answered_to_who_is_missing():
    assert [header.value for header in seen("participation").header] == [
        "Où sont les réponses\u202f?",
        "Combien de territoires, et quelle part de la région\u202f?",
        "Quelles tailles de territoires manquent\u202f?",
        "Quels départements manquent\u202f?",
        "Qui répond pour son territoire\u202f?",
    ]


def test_inhabitants_covered_are_in_the_first_sentence():
    communes = REFERENCE[REFERENCE["type"] == "commune"]
    there = communes["population"][communes.index.isin(ANSWERED.index)].sum()
    share, rate = there / communes["population"].sum(), communes.index.isin(ANSWERED.index).mean()
    said = f"communes sur {number(len(communes))} ({percent(rate)}), soit {percent(share)} des habitants"
    assert said in words(seen("participation"))


@pytest.mark.parametrize("taille", ["commune-0-999", "commune-50000", "epci-0-14999"])
def test_each_size_has_its_share_of_those_that_exist_and_of_those_that_answered(taille):
    kind = taille.partition("-")[0]
    existing, answered = (frame[frame["type"] == kind] for frame in (REFERENCE, ANSWERED))
    q, p = (existing["taille"] == taille).mean(), (answered["taille"] == taille).mean()
    missing = (existing["taille"] == taille).sum() - (answered["taille"] == taille).sum()
    (row,) = [
        row for row in rows(seen("participation"), 0)
        if row["missing"] == missing and row["existing"] == (existing["taille"] == taille).sum()
    ]  # fmt: skip
    assert row["existing_share"] == pytest.approx(q)
    assert row["answered_share"] == pytest.approx(p)
    difference = (p - q) / sqrt((p * (1 - p) + q * (1 - q)) / 2)
    assert row["gap"] == f"{'+' if difference > 0 else chr(0x2212)}{abs(difference):.2f}".replace(".", ",")
    assert ("sous" in row["said"]) == (difference <= -0.1)
    assert ("nettement" in row["said"]) == (abs(difference) >= 0.2)


def test_the_smallest_communes_are_said_to_be_missing():
    small = REFERENCE[REFERENCE["taille"] == "commune-0-999"]
    missing = len(small) - small.index.isin(ANSWERED.index).sum()
    said = f"**moins de 1 000 hab.**, {number(missing)} sur {number(len(small))} sans réponse"
    assert said in words(seen("participation")).replace("1\u202f000 hab.", "1 000 hab.")


@pytest.mark.shipped_region
def test_a_departement_where_no_epci_answered_is_named():
    epci = REFERENCE[REFERENCE["type"] == "epci"]
    answered = {code for codes in ANSWERED[ANSWERED["type"] == "epci"]["departements"] for code in codes}
    silent = sorted({code for codes in epci["departements"] for code in codes} - answered)
    names = [REFERENCE.at[code, "nom"] for code in silent]
    assert names == ["Creuse"]
    assert f"Aucune réponse{NARROW}: intercommunalités (Creuse){NARROW}; conseils départementaux (" in words(
        seen("participation")
    )


@pytest.mark.shipped_region
def test_departements_go_from_the_most_to_the_least_missing():
    gaps = [row["answered_share"] - row["existing_share"] for row in rows(seen("participation"), 1)]
    assert len(gaps) == 12
    assert gaps[0] < 0 < gaps[-1]
    assert rows(seen("participation"), 1)[0]["label"].startswith("Creuse")


@pytest.mark.shipped_region
def test_tables_have_every_stratum_whatever_the_chart_shows():
    page = unfolded("participation", "participation=commune")
    by_size, by_departement = [table.value for table in page.dataframe if "Écart standardisé" in table.value]
    assert by_size.groupby("Type").size().to_dict() == {"Commune": 5, "EPCI": 3}
    assert by_departement.groupby("Type").size().to_dict() == {"Commune": 12, "EPCI": 12, "Département": 12}


def test_a_filter_on_roles_changes_nothing_and_is_said_to():
    alone, everyone = seen("participation", "role=elu"), seen("participation")
    assert charts(alone) == charts(everyone)
    assert [rows(alone, place) for place in range(3)] == [rows(everyone, place) for place in range(3)]
    note = "Cette page ne tient pas compte du rôle"
    assert note in words(alone)
    assert note not in words(everyone)


@pytest.mark.shipped_region
def test_response_rates_published_elsewhere_stand_beside_ours_with_their_source():
    (line,) = [text for text in texts(seen("participation")) if text.startswith("Ailleurs")]
    assert f"44{NARROW}% des communes bretonnes" in line
    assert "562 communes sur" in line
    assert line.endswith("à titre de repère.")


@pytest.mark.parametrize("query", ["type=pays", "type=departement", "type=commune&taille=commune-0-999&departement=33"])
def test_selections_with_nothing_to_compare_say_so(query):
    page = seen("participation", query)
    assert not page.exception
    assert "Rien à comparer pour cette sélection" in words(page)


def test_a_filter_on_types_leaves_its_own_level_to_compare():
    page = seen("participation", "type=commune")
    assert "Part de chaque département parmi les communes existantes et celles qui ont répondu" in titles(page)
    assert "intercommunalités" not in " ".join(row["label"] for row in rows(page, 0))


def test_respondents_are_hidden_under_three():
    page = unfolded("participation")
    for table in page.dataframe:
        if "Répondants" in table.value and "Existants" in table.value:
            shown = table.value["Répondants"]
            assert not set(shown) & {"1", "2"}
