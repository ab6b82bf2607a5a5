"""What an address may ask for besides filters: weights, who counts, which edition."""

import pytest

from lib.analysis.facts import facts
from lib.analysis.selection import Selection
from lib.analysis.shares import reached, shares
from lib.analysis.weights import weigh
from lib.display.formats import counted, number, percent
from lib.survey.edition import load_edition
from lib.survey.editions import list_editions
from lib.survey.exchange import exchanged
from lib.ui.menu import FOOT, OF_ONE_TERRITORY, PAGES, WITHOUT_ANSWERS
from tests.pages.visits import drawn_rows, seen, subtitles, tables, texts, titles, unfolded, visit, words

NARROW = "\u202f"
EDITION = weigh(exchanged(load_edition()))
FORMAL = ("formalisee", "mise-en-oeuvre")
RAW, WEIGHTED = Selection(types=("epci",)), Selection(types=("epci",), weighted=True)
STATUS = "Statut de la stratégie par type de territoire"
DOTS = "Stratégie formalisée ou mise en œuvre, par type de territoire"
HEAT = "Mobilisation par thématique et par type de territoire"
OTHER, EFFECTIVE = "simulee-2025", "Effectif efficace"


def rows_of(page, title):
    """Return the rows drawn by the chart of that title."""
    return dict(zip(titles(page), drawn_rows(page), strict=True))[title]


def epci():
    """Return strategy and weight of each EPCI that answered the question, one row each."""
    of_type = EDITION.respondents[EDITION.respondents["type"] == "epci"]
    known = facts(EDITION, "strategie").to_frame("strategie")
    known["weight"] = of_type.groupby("territory")["weight"].first()
    return known.loc[known.index.intersection(of_type["territory"].dropna())].dropna()


# Weighting.


def test_weights_asked_for_in_the_address_reach_the_figures():
    page = seen("strategies", "type=epci&ponderation=oui")
    assert "territoires pondérés là où c’est possible" in words(page)
    assert "données non pondérées" not in words(page)
    assert "· pondéré ·" in subtitles(page)[STATUS]
    assert "· pondéré ·" in subtitles(page)[DOTS]
    (share,) = rows_of(page, DOTS)["share"]
    rows = epci()
    formal = rows["strategie"].isin(FORMAL)
    by_hand = rows["weight"][formal].sum() / rows["weight"].sum()
    assert share == pytest.approx(by_hand)
    assert share == reached(EDITION, "strategie", FORMAL, WEIGHTED, by="type")["share"].iloc[0]
    assert share != pytest.approx(formal.mean(), abs=0.001)


def test_without_weights_figures_are_raw_and_say_so():
    page = seen("strategies", "type=epci")
    assert "· brut ·" in subtitles(page)[DOTS]
    (share,) = rows_of(page, DOTS)["share"]
    assert share == pytest.approx(epci()["strategie"].isin(FORMAL).mean())


def test_a_weighted_table_keeps_its_raw_counts_and_says_how_many_they_are_worth():
    weighted = [table for table in tables(unfolded("strategies", "type=epci&ponderation=oui")) if EFFECTIVE in table]
    (table,) = [table for table in weighted if "Réponse" not in table]
    expected = reached(EDITION, "strategie", FORMAL, WEIGHTED, by="type").iloc[0]
    rows = epci()
    assert table["Effectif"].tolist() == [number(rows["strategie"].isin(FORMAL).sum())]
    assert table["Base"].tolist() == [number(len(rows))]
    assert table["Part"].tolist() == [percent(expected["share"])]
    kish = rows["weight"].sum() ** 2 / (rows["weight"] ** 2).sum()
    assert table[EFFECTIVE].tolist() == [f"{kish:.1f}".replace(".", ",")]


def test_what_cannot_be_weighted_says_why():
    said = subtitles(seen("besoins-et-freins", "ponderation=oui"))
    reason = f"non pondéré{NARROW}: répondants, sans population de référence"
    assert said
    assert all("non pondéré" in subtitle for subtitle in said.values())
    assert reason in said["Accompagnement souhaité"]
    mixed = subtitles(seen("strategies", "ponderation=oui"))
    assert "pondéré pour les communes et les intercommunalités, brut pour le reste" in mixed[STATUS]


def test_opinions_are_the_same_with_or_without_weights():
    asked, not_asked = seen("besoins-et-freins", "ponderation=oui"), seen("besoins-et-freins")
    for weighted, raw in zip(drawn_rows(asked), drawn_rows(not_asked), strict=True):
        assert weighted.equals(raw)


@pytest.mark.parametrize("address", PAGES)
def test_the_menu_carries_the_weights_and_the_edition(address):
    page = seen(address, f"ponderation=oui&edition={OTHER}")
    assert not page.exception
    if address in WITHOUT_ANSWERS:
        assert [*page.sidebar.toggle, *page.sidebar.selectbox] == []
    elif address in OF_ONE_TERRITORY:
        assert [*page.sidebar.toggle, *page.sidebar.multiselect] == []
        assert page.sidebar.selectbox(key="edition").value == OTHER
    else:
        assert page.sidebar.toggle(key="ponderation").value
        assert page.sidebar.selectbox(key="edition").value == OTHER
    carried = {tuple(sorted(link.proto.query_string.split("&"))) for link in page.sidebar.get("page_link")}
    assert carried == {(f"edition={OTHER}", "ponderation=oui")}


# Who counts.


def test_strategies_are_counted_by_respondent_where_the_address_asks():
    page = seen("strategies", "unite=repondants&type=epci")
    given = EDITION.values.loc[EDITION.respondents["type"] == "epci", "strategie"].dropna()
    assert f"base{NARROW}: {counted(len(given), 'répondant')} · brut" in subtitles(page)[DOTS]
    (row,) = rows_of(page, DOTS).to_dict("records")
    assert (row["base"], row["share"]) == (len(given), pytest.approx(given.isin(FORMAL).mean()))
    assert counted(len(epci()), "territoire") in subtitles(seen("strategies", "type=epci"))[DOTS]


@pytest.mark.shipped_region
def test_themes_are_counted_by_respondent_where_the_address_asks():
    page = seen("thematiques", "unite=repondants&type=epci")
    given = EDITION.values.loc[EDITION.respondents["type"] == "epci", "themes/sante"].dropna()
    cells = rows_of(page, HEAT).set_index("label")
    assert cells.loc["Santé", "base"] == len(given)
    assert cells.loc["Santé", "share"] == pytest.approx(given.isin(("ponctuelles", "structurees")).mean())
    assert "répondants" in subtitles(page)[HEAT]
    assert "territoires" in subtitles(seen("thematiques", "type=epci"))[HEAT]


def test_the_unit_is_chosen_on_the_page():
    page = visit("strategies", type="epci")
    page.button_group(key="unite").set_value("repondants").run()
    assert page.query_params["unite"] in ("repondants", ["repondants"])
    assert "répondants" in subtitles(page)[DOTS]


def test_opinions_offer_no_unit():
    assert "unite" in [choice.key for choice in seen("thematiques").button_group]
    for address, query in (("thematiques", "mesure=priorites"), ("besoins-et-freins", "unite=territoires")):
        assert "unite" not in [choice.key for choice in seen(address, query).button_group]


# Editions.


@pytest.mark.parametrize("address", sorted({*PAGES} - {*FOOT, *OF_ONE_TERRITORY}))
def test_another_edition_is_named_and_counted(address):
    described = list_editions()[OTHER]
    respondents = load_edition(described.path).respondents
    page = seen(address, f"edition={OTHER}")
    assert not page.exception
    (context,) = [text for text in texts(page) if text.startswith(":gray[Sélection")]
    assert f"{described.title}, {described.collected}" in context
    people, places = len(respondents), respondents["territory"].nunique()
    assert f"**{counted(people, 'répondant')}, {counted(places, 'territoire')}**" in context


def test_the_figures_are_those_of_the_edition_asked_for():
    other = weigh(exchanged(load_edition(list_editions()[OTHER].path)))
    row = shares(other, "strategie", unit="respondents").loc["non"]
    said = f"{percent(row['share'])} des répondants ({number(row['count'])} sur {number(row['base'])}"
    assert said in words(seen("strategies", f"edition={OTHER}"))
    assert said not in words(seen("strategies"))


@pytest.mark.parametrize("address", PAGES)
def test_an_unknown_edition_is_ignored(address):
    page = seen(address, "edition=simulee-1999")
    assert not page.exception
    assert texts(page) == texts(seen(address))


def test_an_edition_chosen_in_the_menu_is_written_to_the_address():
    page = visit("strategies", ponderation="oui")
    page.sidebar.selectbox(key="edition").set_value(OTHER).run()
    assert page.query_params["edition"] in (OTHER, [OTHER])
    assert page.query_params["ponderation"] in ("oui", ["oui"])
    assert list_editions()[OTHER].title in words(page)
