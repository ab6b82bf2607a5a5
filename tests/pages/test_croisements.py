"""The page of crossings: what the address asks for is what is counted, and every choice is in the address."""

import pandas as pd
import pytest

from lib.analysis.crossing import association, crosstab, standing
from lib.analysis.pairs import sides
from lib.analysis.selection import EVERYBODY, Selection
from lib.analysis.weights import weigh
from lib.display.formats import MASKED, counted, number, percent
from lib.survey.edition import load_edition
from lib.survey.exchange import exchanged
from tests.pages.visits import charts, drawn_rows, seen, tables, texts, titles, unfolded, visit, words

N = "\u202f"
EDITION = weigh(exchanged(load_edition()))
SIDES = sides(EDITION)


def chosen(page):
    """Return the codes of the two sides that the page shows."""
    return tuple(box.value for box in page.selectbox if box.key in ("lignes", "colonnes"))


def cell(row, column, selection=EVERYBODY, **more):
    cells = crosstab(EDITION, row[0], column[0], selection, **more).set_index(["row", "column"])
    return cells.loc[(row[1], column[1])]


def said(share):
    return f"{percent(share['share'])} ({number(share['count'])} sur {number(share['base'])}"


def grid(page):
    """Return the cells of the heat map, by row and column label."""
    return {(cell["label"], cell["group"]): cell for cell in drawn_rows(page)[0].to_dict("records")}


def click(page, label):
    (button,) = [button for button in page.button if button.label == label]
    return button.click().run()


def test_the_page_opens_on_strategy_and_support():
    page = seen("croisements")
    assert not page.exception
    assert chosen(page) == ("strategie", "portage")
    given = EDITION.values[["strategie", "portage"]].dropna()
    assert f"base{N}: {counted(len(given), 'répondant')}" in " ".join(charts(page)[0]["title"]["subtitle"])
    strong = given[given["portage"] == "fort"]
    none = (strong["strategie"] == "non").mean()
    shown = grid(page)
    assert shown["Non", "Fort"]["text"].split(N)[0] == f"{round(100 * none)}"
    assert shown["Base (n)", "Fort"]["text"] == str(len(strong))


def test_the_sentence_says_what_lib_finds():
    page = seen("croisements")
    found = association(EDITION, "strategie", "portage")
    assert found.p < 0.001
    # The cell farthest from chance, among real answers on a base that allows it.
    cells = crosstab(EDITION, "strategie", "portage")
    told = ~cells["hidden"] & (cells["base"] >= 30) & found.cells["substantive"] & (standing(cells, found) != 0)
    assert said(cells.loc[found.cells["z"].abs().where(told).idxmax()]) in words(page)
    assert "Association, pas cause" in words(page)
    assert "données simulées" in words(page)
    assert f"moins d’une fois sur 1{N}000" in words(page)


@pytest.mark.parametrize(
    ("query", "sides_shown", "title"),
    [
        ("lignes=besoins&colonnes=role", ("besoins", "role"), "Besoins selon rôle du répondant"),
        ("lignes=besoins&colonnes=role&sens=ligne", ("besoins", "role"), "Rôle du répondant selon besoins"),
        (
            "lignes=themes/inclusion&colonnes=taille",
            ("themes/inclusion", "taille"),
            f"Mobilisation par thématique{N}: Inclusion numérique selon taille",
        ),
        ("lignes=inconnu&colonnes=terr_nom", ("strategie", "portage"), "Stratégie numérique selon portage politique"),
        ("lignes=portage&colonnes=portage", ("portage", "strategie"), "Portage politique selon stratégie numérique"),
    ],
)
def test_the_address_alone_restores_a_crossing(query, sides_shown, title):
    page = seen("croisements", query)
    assert not page.exception
    assert chosen(page)[0] == sides_shown[0]
    if sides_shown != ("portage", "strategie"):
        assert chosen(page) == sides_shown
        assert titles(page)[0] == title
    else:
        assert chosen(page)[1] != "portage"


def test_facts_are_counted_by_territory_unless_asked_otherwise():
    page = seen("croisements", "colonnes=instance")
    n = association(EDITION, "strategie", "instance").base
    assert f"base{N}: {counted(n, 'territoire')}" in " ".join(charts(page)[0]["title"]["subtitle"])
    asked = seen("croisements", "colonnes=instance&unite=repondants")
    both = EDITION.values[["strategie", "instance"]].dropna()
    assert f"base{N}: {counted(len(both), 'répondant')}" in " ".join(charts(asked)[0]["title"]["subtitle"])
    opinion = seen("croisements", "unite=territoires")
    assert "répondant" in " ".join(charts(opinion)[0]["title"]["subtitle"])


def test_every_cell_of_the_table_is_that_of_lib():
    page = unfolded("croisements", "colonnes=taille&sens=ligne")
    expected = crosstab(EDITION, "strategie", "taille", normalise="row")
    table = tables(page)[0]
    assert table["Base"].str.replace(N, "").tolist()[0] == number(expected["base"].iloc[0])
    shown = ~expected["hidden"] & (expected["base"] >= 10)
    assert table.loc[shown, "Part"].tolist() == [
        percent(s, b) for s, b in zip(expected.loc[shown, "share"], expected.loc[shown, "base"], strict=True)
    ]
    assert (table.loc[expected["hidden"], "Effectif"] == MASKED).all()
    assert (table.loc[expected["hidden"], "Part"] == "–").all()


def test_no_hidden_count_reaches_the_browser():
    page = unfolded("croisements", "lignes=besoins&colonnes=departement")
    cells = crosstab(EDITION, "besoins", "departement").set_index(["row_label", "column_label"])
    hidden = cells.index[cells["hidden"]]
    assert len(hidden) > 0
    drawn = grid(page)
    for key in hidden:
        if key in drawn:
            assert drawn[key]["text"] == MASKED
            assert pd.isna(drawn[key]["share"])


def test_the_sides_swap_and_start_again():
    page = click(visit("croisements", lignes="besoins", colonnes="role"), "Permuter")
    assert chosen(page) == ("role", "besoins")
    assert (page.query_params["lignes"], page.query_params["colonnes"]) == ("role", "besoins")
    page = click(page, "Recommencer")
    assert chosen(page) == ("strategie", "portage")
    assert not {"lignes", "colonnes", "sens", "unite"} & set(page.query_params)


def test_choices_are_written_to_the_address():
    page = visit("croisements")
    box = next(box for box in page.selectbox if box.key == "colonnes")
    page = box.select("taille").run()
    assert page.query_params["colonnes"] == "taille"
    answer = next(box for box in page.selectbox if box.key == "reponse")
    code, name = ("prevue", "prévue") if answer.value == "non" else ("non", "non")
    page = answer.select(code).run()
    assert page.query_params["reponse"] == code
    assert titles(page)[1] == f"Stratégie numérique{N}: {name}, selon taille"


def test_one_answer_is_drawn_group_by_group_with_its_margin():
    page = seen("croisements", "colonnes=type&reponse=non")
    expected = crosstab(EDITION, "strategie", "type").query("row == 'non' and base >= 10 and not hidden")
    drawn = {record["label"]: record for record in drawn_rows(page)[1].to_dict("records")}
    assert list(drawn) == expected["column_label"].tolist()
    for row in expected.itertuples():
        assert drawn[row.column_label]["low"] == pytest.approx(row.low)


@pytest.mark.shipped_region
def test_too_few_answers_say_so_and_draw_nothing():
    page = seen("croisements", "departement=23")
    selected = Selection(departements=("23",)).mask(EDITION.respondents)
    assert 3 <= selected.sum() < 30
    assert "Trop peu de réponses pour conclure" in words(page)
    assert charts(page) == []
    assert "le tableau donne les effectifs" in words(page)


@pytest.mark.shipped_region
def test_a_group_alone_has_nothing_to_be_compared_with():
    page = seen("croisements", "colonnes=departement&departement=33&unite=repondants")
    assert not page.exception
    assert "Rien à comparer" in words(page)


@pytest.mark.parametrize("row", [code for code in SIDES if code.count("/") == 0 or code.endswith("/inclusion")])
def test_every_question_crosses_every_attribute(row):
    for column in ("type", "role", "departement"):
        if row != column:
            page = visit("croisements", lignes=row, colonnes=column)
            assert not page.exception, (row, column)
            assert any("données simulées" in text for text in texts(page) if text.startswith("**")), (row, column)


def test_weighted_shares_say_so():
    asked = Selection(types=("epci",), weighted=True)
    page = unfolded("croisements", "colonnes=instance&type=epci&ponderation=oui")
    cells = crosstab(EDITION, "strategie", "instance", asked)
    assert cells["effective_n"].notna().any()
    assert "territoires pondéré" in " ".join(charts(page)[0]["title"]["subtitle"])
    assert "Rao-Scott" in words(page)
    assert isinstance(tables(page)[0], pd.DataFrame)
