"""What a room guesses, and what it is told, on a figure of four rows of which two are equal."""

import pandas as pd

from lib.display.figure import Figure, Slide
from lib.display.guessing import guess, ranked

NEEDS = pd.DataFrame(
    {
        "Réponse": ["Temps", "Élus formés", "Argent", "Réseau"],
        "Effectif": [30, 60, 60, 15],
        "Base": [100, 100, 100, 100],
        "Part": [0.30, 0.60, 0.60, 0.15],
        "Fiabilité": [""] * 4,
    }
)


def figure(rows: pd.DataFrame = NEEDS) -> Figure:
    return Figure("besoins", "Besoins", "base : 100 répondants", {}, rows.copy, rows.copy)


def test_rows_are_ranked_and_rows_of_the_same_share_alike():
    rows = ranked(figure())
    assert rows is not None
    assert list(rows["rank"]) == [3, 1, 1, 4]
    assert ranked(figure(NEEDS.drop(columns="Part"))) is None
    assert ranked(figure(NEEDS.head(0))) is None


def test_several_columns_name_a_row():
    rows = ranked(figure(NEEDS.assign(Groupe="EPCI")[["Groupe", *NEEDS.columns]]))
    assert rows is not None
    assert rows.at[0, "label"] == "EPCI · Temps"


def test_share_of_the_first_row_is_guessed():
    asked = guess(Slide("Un", figure(), guess="part"))
    assert asked is not None
    assert asked.told == {"share": 30, "said": "30\u202f%"}
    assert asked.question == "Selon vous, quelle part pour «\u202fTemps\u202f»\u202f?"
    assert guess(Slide("Un", figure(), guess="part", question="Combien\u202f?")).question == "Combien\u202f?"  # type: ignore[union-attr]


def test_share_of_a_row_that_is_named_is_guessed():
    asked = guess(Slide("Un", figure(), guess="part", guess_row="Réseau"))
    assert asked is not None
    assert asked.told["share"] == 15
    assert guess(Slide("Un", figure(), guess="part", guess_row="Autre")) is None


def test_first_row_is_guessed_among_labels_in_french_order():
    asked = guess(Slide("Un", figure(), guess="choix"))
    assert asked is not None
    assert asked.choices == ("Argent", "Élus formés", "Réseau", "Temps")
    first = "En tête à égalité\u202f: «\u202fÉlus formés\u202f» et «\u202fArgent\u202f» (60\u202f%)."
    assert asked.told["unsaid"] == first
    assert asked.told["answers"][:2] == [f"La salle a vu juste. {first}"] * 2
    assert (
        asked.told["answers"][3]
        == f"{first} Le choix de la salle, «\u202fTemps\u202f», arrive en 3ᵉ position (30\u202f%)."
    )


def test_long_figure_offers_its_twelve_first_rows():
    rows = pd.DataFrame({"Réponse": [f"r{i:02}" for i in range(20)], "Base": 100, "Part": [i / 100 for i in range(20)]})
    asked = guess(Slide("Un", figure(rows), guess="choix"))
    assert asked is not None
    assert asked.choices == tuple(f"r{i:02}" for i in range(8, 20))


def rows_of(**shares: float) -> pd.DataFrame:
    labels = [label.replace("_", " ") for label in shares]
    return pd.DataFrame({"Réponse": labels, "Base": 100, "Part": list(shares.values())})


def test_rows_that_nobody_guesses_are_no_choices_even_hidden():
    rows = rows_of(Temps=0.3, autre=0.2, Argent=0.1, Ne_sait_pas=float("nan"), RÉPONSES_DIVERGENTES=0.05, Aucune=0)
    asked = guess(Slide("Un", figure(rows), guess="choix"))
    assert asked is not None
    assert asked.choices == ("Argent", "Temps")
    # The hidden one may be above: what is said leaves it apart. The second choice is the second of the choices.
    first = "En tête, hors «\u202fNe sait pas\u202f»\u202f: «\u202fTemps\u202f» (30\u202f%)."
    assert asked.told["unsaid"] == first
    assert asked.told["answers"][0].endswith("«\u202fArgent\u202f», arrive en 2ᵉ position (10\u202f%).")


def test_first_choice_is_not_said_first_where_another_row_is_above():
    asked = guess(Slide("Un", figure(rows_of(Ne_sait_pas=0.6, Temps=0.3, Argent=0.1)), guess="choix"))
    assert asked is not None
    assert asked.told["unsaid"].startswith("En tête, hors «\u202fNe sait pas\u202f»\u202f: «\u202fTemps")
    assert guess(Slide("Un", figure(rows_of(Temps=0.3, Autre=0.2, Aucun=0.1)), guess="choix")) is None


def test_nothing_is_guessed_where_shares_are_hidden():
    hidden = NEEDS.assign(Part=[float("nan"), 0.6, 0.5, 0.1])
    assert guess(Slide("Un", figure(hidden), guess="part")) is None
    # The hidden one may be the first.
    assert guess(Slide("Un", figure(hidden), guess="choix")) is None
    assert guess(Slide("Un", figure(NEEDS.assign(Part=[0.3, float("nan"), 0.5, 0.1])), guess="part")) is not None
    assert guess(Slide("Un", figure())) is None
    assert guess(Slide("Un", guess="part")) is None
