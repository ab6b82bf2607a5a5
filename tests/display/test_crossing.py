"""Crossings as they look and read, from cells small enough to print: nothing hidden is in the chart or the words."""

import json

import altair as alt
import pandas as pd
import pytest

from lib.analysis.crossing import BY_COLUMN, BY_ROW, Association
from lib.display import crossing
from lib.display.formats import MASKED

N = "\u202f"
NAN = float("nan")
TITLES = crossing.Titles("Stratégie", "Portage", BY_COLUMN)

# Forty find the support strong, twelve weak, nine do not know; 41 of the 61 have a strategy. « Non, faible » is hidden,
# with a count and a share that no one may read anywhere.
CELLS = pd.DataFrame(
    [
        ("oui", "Oui", "fort", "Fort", 32, 40, 0.80, 0.65, 0.90, False),
        ("oui", "Oui", "faible", "Faible", 5, 12, 0.42, 0.19, 0.68, False),
        ("oui", "Oui", "nsp", "Ne sait pas", 4, 9, 0.44, 0.19, 0.73, False),
        ("non", "Non", "fort", "Fort", 8, 40, 0.20, 0.10, 0.35, False),
        ("non", "Non", "faible", "Faible", NAN, 12, NAN, NAN, NAN, True),
        ("non", "Non", "nsp", "Ne sait pas", 5, 9, 0.56, 0.27, 0.81, False),
    ],
    columns=["row", "row_label", "column", "column_label", "count", "base", "share", "low", "high", "hidden"],
)
TESTED = CELLS[["row", "column"]].assign(
    row_count=[41] * 3 + [20] * 3, column_count=[40, 12, 9] * 2, row_share=[0.67] * 3 + [0.33] * 3,
    column_share=[0.66, 0.2, 0.15] * 2, z=[3.0, -1.0, -1.0, -2.9, 1.0, 1.0], p=[0.01, 0.5, 0.5, 0.02, 0.5, 0.5],
    substantive=[True, True, False] * 2,
)  # fmt: skip
MARKS = pd.Series([1, 0, 0, -1, 0, 0])


def outcome(p=0.004, method="permutation", **more):
    return Association(method, p, 1999, True, False, 61, more.pop("cells", TESTED), **more)


def drawn(titles=TITLES, cells=CELLS, marks=MARKS):
    return crossing.heat_map(cells, marks, titles, title="Stratégie selon portage", subtitle="base : 61")


def texts(spec):
    return {(record["label"], record["group"]): record["text"] for record in spec["data"]["values"]}


def said(found=None, titles=TITLES, marks=MARKS, *, enough=True, simulated=True, unit="respondents"):
    found = found or outcome()
    return crossing.sentence(CELLS, found, marks, titles, unit=unit, enough=enough, simulated=simulated)


def test_the_grid_prints_its_shares_marks_and_brackets():
    spec = drawn()
    assert texts(spec) == {
        ("Oui", "Fort"): f"80{N}▲", ("Oui", "Faible"): "(42)", ("Oui", "Ne sait pas"): "–",
        ("Non", "Fort"): f"20{N}▼", ("Non", "Faible"): MASKED, ("Non", "Ne sait pas"): "–",
        ("Base (n)", "Fort"): "40", ("Base (n)", "Faible"): "12", ("Base (n)", "Ne sait pas"): f"<{N}10",
    }  # fmt: skip
    alt.Chart.from_dict(spec, validate=True)


def test_bases_stand_along_the_side_of_the_groups():
    cells = CELLS.assign(base=[61, 61, 61, 20, 20, 20])
    found = texts(drawn(crossing.Titles("Stratégie", "Portage", BY_ROW), cells))
    assert (found[("Oui", "Base (n)")], found[("Non", "Base (n)")]) == ("61", "(20)".strip("()"))
    ranks = {
        record["group"]: record["column_rank"] for record in drawn(crossing.Titles("", "", BY_ROW))["data"]["values"]
    }
    assert max(ranks, key=ranks.get) == "Base (n)"


def test_a_phone_has_room_for_the_figure_alone():
    spec = drawn()
    short = {(record["label"], record["group"]): record["short"] for record in spec["data"]["values"]}
    assert (short["Oui", "Faible"], short["Non", "Faible"], short["Oui", "Fort"]) == ("42", "<3", "80")
    assert spec["layer"][1]["mark"]["text"] == {"expr": "width / 3 < 34 ? datum.short : datum.text"}


def test_nothing_hidden_is_in_the_grid():
    (cell,) = [r for r in drawn()["data"]["values"] if (r["label"], r["group"]) == ("Non", "Faible")]
    assert {name: cell[name] for name in ("share", "low", "high")} == {"share": None, "low": None, "high": None}
    assert "moins de 3" in cell["value"]
    (small,) = [r for r in drawn()["data"]["values"] if (r["label"], r["group"]) == ("Oui", "Ne sait pas")]
    assert "0.44" not in json.dumps(small)


def test_signs_are_explained_where_they_are():
    notes = crossing.notes(CELLS, MARKS, ["autre"])
    for part in ("▲ ▼", "Entre parenthèses", f"–{N}: base inférieure", MASKED, f"trop peu de réponses{N}: autre."):
        assert part in notes
    firm = CELLS[CELLS["column"] == "fort"]
    assert crossing.notes(firm, MARKS[firm.index] * 0, []) == ""


def test_options_that_nobody_or_too_few_gave_are_not_drawn():
    few = TESTED.assign(row_count=[41] * 3 + [NAN] * 3, column_count=[40, 12, 0] * 2)
    assert crossing.drawn(CELLS, outcome(cells=few)).tolist() == [True, True, False, False, False, False]


def test_the_sentence_says_share_base_margin_and_chance():
    assert said() == (
        f"«{N}Stratégie{N}» et «{N}Portage{N}» vont ensemble{N}: parmi les répondants «{N}Portage{N}: Fort{N}», 80{N}% "
        f"(32 sur 40{N}; marge indicative de 65{N}% à 90{N}%) répondent «{N}Oui{N}», contre 67{N}% de l’ensemble{N}; "
        f"le hasard seul donnerait des écarts aussi marqués moins d’une fois sur 100. Association, pas cause{N}; "
        "données simulées."
    )
    assert said(simulated=False).endswith("Association, pas cause.")


def test_territories_declare_and_attributes_are_belonged_to():
    assert f"parmi les territoires «{N}Portage{N}: Fort{N}»" in said(unit="territories")
    assert f"déclarent «{N}Oui{N}»" in said(unit="territories")
    titles = crossing.Titles("Type", "Portage", BY_COLUMN, belongs=True)
    assert f"relèvent de «{N}Oui{N}»" in said(titles=titles)


@pytest.mark.parametrize(
    ("p", "words"),
    [
        (0.0005, f"moins d’une fois sur 1{N}000"),
        (0.02, "environ 2 fois sur 100"),
        (0.34, "environ 34 fois sur 100"),
        (0.99, "presque à chaque fois"),
    ],
)
def test_a_p_value_is_said_in_times(p, words):
    sentence = said(outcome(p), marks=MARKS * (p <= 0.05))
    assert words in sentence
    assert str(p).replace(".", ",") not in sentence
    assert sentence.startswith("Rien n’indique") == (p > 0.05)
    if p > 0.05:
        assert "61 répondants" in sentence


def test_too_few_answers_conclude_nothing():
    assert said(enough=False) == (
        f"Trop peu de réponses pour conclure sur «{N}Stratégie{N}» et «{N}Portage{N}»{N}: 61 répondants ont répondu "
        f"aux deux questions{N}; données simulées. Il en faut 30, et au moins deux groupes de 10."
    )
    few = Association("none", NAN, 0, False, False, 2, TESTED)
    assert "moins de 10 répondants ont répondu" in said(few, enough=False)


def test_a_single_answer_leaves_nothing_to_compare():
    one = Association("none", NAN, 0, False, False, 61, TESTED)
    assert said(one, enough=False).startswith(f"Rien à comparer{N}: d’un côté, les 61 répondants")


def test_without_a_cell_that_stands_out_the_option_is_named_if_it_may_be():
    assert "sans qu’une case s’en détache" in said(marks=MARKS * 0)
    by_option = outcome(method="options", options={"oui": 0.01, "non": 0.4})
    assert f"«{N}Portage{N}: Fort{N}», 80{N}% " in said(by_option, marks=MARKS * 0)


def test_a_real_answer_is_said_before_one_that_does_not_know():
    louder = TESTED.assign(z=[3.0, -1.0, -1.0, -2.9, 1.0, 1.0], substantive=[False, True, False, True, True, False])
    assert f"20{N}% (8 sur 40" in said(outcome(cells=louder))


def test_the_reading_is_another_cell_than_the_sentence():
    assert crossing.reading(CELLS, outcome(), MARKS, TITLES, "respondents").startswith(
        f"parmi les répondants «{N}Portage{N}: Fort{N}», 20{N}% (8 sur 40"
    )
    assert crossing.reading(CELLS.assign(hidden=True), outcome(), MARKS, TITLES, "respondents") == ""


def test_the_method_says_how_chance_was_measured():
    words = crossing.method(outcome(), weighted=True)
    assert words.startswith(f"Hasard{N}: khi-deux de Pearson, 1{N}999 permutations")
    assert "d’un même territoire restent ensemble" in words
    assert "données non pondérées" in words
    assert crossing.method(Association("none", NAN, 0, False, False, 0, TESTED), weighted=False) == ""


def test_the_table_and_the_file_hide_and_mark():
    table = crossing.table(CELLS, MARKS, TITLES)
    assert list(table.columns[:2]) == [f"Ligne{N}: Stratégie", f"Colonne{N}: Portage"]
    assert table["Effectif"].tolist() == ["32", "5", "4", "8", MASKED, "5"]
    assert table["Repère"].tolist()[0] == "plus que ce que donnerait le hasard"
    file = crossing.file(CELLS, MARKS, TITLES)
    assert file["Part"].notna().tolist() == [True, True, False, True, False, False]
    assert file["Effectif"].astype(str).tolist() == ["32", "5", "4", "8", MASKED, "5"]
