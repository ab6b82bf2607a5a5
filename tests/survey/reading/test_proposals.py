"""What a person is offered for columns and texts that were not recognised."""

from lib.survey.reading.mapping import recognise, with_option
from lib.survey.reading.proposals import MOST, column_proposals, option_proposals
from tests.survey.reading.tables import table_of
from tests.survey.world import codebook


def test_the_closest_questions_come_first_and_those_already_found_are_not_proposed():
    table = table_of(["Votre structure", "Nom de votre structure", "XYZ"], [["", "", ""]])
    proposals = column_proposals(table, recognise(table, codebook()), codebook())
    assert list(proposals.columns) == ["position", "heading", "key", "label", "score"]
    assert set(proposals["position"]) == {1}
    assert proposals["key"].iloc[0] == "nom"
    assert proposals["score"].is_monotonic_decreasing
    assert proposals["score"].between(0, 1).all()
    assert "type" not in set(proposals["key"])
    assert len(proposals) <= MOST


def test_an_unknown_option_is_compared_to_the_options_of_its_question():
    table = table_of(["Votre structure", "Quels freins ? [Le temps et le calendrier]"], [["", ""]])
    proposals = column_proposals(table, recognise(table, codebook()), codebook())
    assert proposals["key"].iloc[0] == "freins/temps"
    assert all(key.startswith("freins/") for key in proposals["key"])


def test_unknown_texts_are_listed_once_with_their_count_and_the_closest_options():
    table = table_of(
        ["Vous êtes…", "Niveau [de 0 à 1] [Fibre]", "Nom de la structure"],
        [["Elus", "Présente", "Pau"], ["ELUS ", "Présent", "Agen"], ["Agent", "N/A", "x"], ["", "", ""]],
    )
    mapping = recognise(table, codebook())
    proposals = option_proposals(table, mapping, codebook())
    best = proposals.groupby(["question", "text"], sort=False).first()
    assert list(best.index) == [("role", "Elus"), ("niveau", "Présente")]
    assert best["count"].tolist() == [2, 1]
    assert best["code"].tolist() == ["elu", "present"]
    told = with_option(with_option(mapping, "role", "Elus", "elu"), "niveau", "Présente", "")
    assert option_proposals(table, told, codebook()).empty


def test_texts_of_autre_are_never_listed():
    table = table_of(["Horodateur", "Quels freins ?", "Actions [Fibre]"], [["", "Aucun, a@b.fr", "Bilan, Plan"]])
    proposals = option_proposals(table, recognise(table, codebook()), codebook())
    assert set(zip(proposals["question"], proposals["text"], strict=True)) == {("actions", "Plan")}
