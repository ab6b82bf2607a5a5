"""The page Comparer: the address, who is added and removed, and what is never shown."""

import re
from html import escape, unescape

import pytest
import streamlit as st

from lib.analysis.comparison import groups
from lib.analysis.facts import status
from lib.analysis.selection import Selection
from lib.analysis.shares import reached
from lib.display.formats import MASKED, MASKED_WHY, margin, number, percent
from lib.survey.consent import publishable
from lib.survey.edition import load_edition
from lib.survey.exchange import exchanged
from tests.pages.test_other_questionnaire import DESCRIPTION
from tests.pages.visits import charts, drawn_rows, seen, tables, texts, titles, unfolded, visit, words
from tests.region import DEPARTEMENT, SILENT_COMMUNE
from tests.survey import world

NARROW = "\u202f"
EDITION = exchanged(load_edition())
AGREED = publishable(EDITION.respondents)
STRATEGY = status(EDITION, "strategie")
PUBLISHED = next(code for code in STRATEGY.index if STRATEGY[code] == "mise-en-oeuvre")
UNPUBLISHED = {
    kind: next(code for code in STRATEGY.index if not AGREED[code] and code.startswith(start))
    for kind, start in (("33", DEPARTEMENT), ("pays:", "pays:"))
}
PAYS = next(code for code in STRATEGY.index if code.startswith("pays:"))
SILENT = SILENT_COMMUNE
COMMUNES, EPCI = "groupe:commune", "groupe:epci"
FORMAL = ("mise-en-oeuvre", "formalisee")


def query(*codes):
    return "&".join(f"avec={code}" for code in codes)


def html(page):
    """Return the table of a page."""
    (found,) = [text for text in texts(page) if 'class="comparison"' in text]
    return found


def heads(page):
    """Return the names at the head of the columns."""
    return [unescape(name) for name in re.findall(r'<th scope="col" role="columnheader">(.*?)</th>', html(page))][1:]


def row(page, label):
    """Return the cells of a row, as text."""
    (found,) = re.findall(rf'<tr role="row"><th scope="row" role="rowheader">{label}(?:<small>.*?)?</th>(.*?)</tr>',
                          html(page))  # fmt: skip
    cells = re.findall(r'<td role="cell" data-name=".*?">(.*?)</td>', found)
    return [re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", cell).replace(NARROW, " ")).strip() for cell in cells]


def address(page):
    given = page.query_params.get("avec", [])
    return given if isinstance(given, list) else [given]


# The address.


def test_without_any_code_communes_and_epci_are_an_example():
    page = seen("comparer")
    assert not page.exception
    assert heads(page) == [groups(EDITION)[COMMUNES].name, groups(EDITION)[EPCI].name, "Écart"]
    assert any(text.startswith("Voici un exemple. Cherchez une commune") for text in texts(page))
    assert "Recommencer" not in [button.label for button in page.main.button]


def test_the_shares_are_those_counted_without_the_page():
    found = reached(EDITION, "strategie", FORMAL, Selection(types=("epci",))).iloc[0]
    said = f"{percent(found['share'], found['base'])} {number(found['count'])} sur {number(found['base'])}, "
    said += margin(found["low"], found["high"])
    assert row(seen("comparer"), "Stratégie numérique")[1] == said.replace(NARROW, " ")


@pytest.mark.shipped_region
def test_a_territory_alone_is_set_beside_its_peers():
    page = seen("comparer", query("243300316"))
    assert heads(page) == ["Bordeaux Métropole", groups(EDITION)["groupe:epci-50000"].name]
    assert any("un territoire seul se compare à ses pairs" in text for text in texts(page))
    # The peers are proposed: they are no choice to take back.
    assert [button.label for button in page.main.button if button.label.startswith("Retirer")] == [
        "Retirer Bordeaux Métropole"
    ]


@pytest.mark.shipped_region
def test_a_group_alone_asks_for_another():
    page = seen("comparer", query("groupe:33"))
    assert not page.exception
    assert len(heads(page)) == 1
    assert any(text.startswith("Il manque de quoi comparer.") for text in texts(page))


@pytest.mark.shipped_region
def test_four_are_shown_in_the_order_of_the_address_once_and_known():
    asked = ("groupe:33", PAYS, "inconnu", "groupe:33", "groupe:mairie", PUBLISHED, "groupe:epci:33", EPCI)
    page = seen("comparer", query(*asked))
    assert not page.exception
    names = heads(page)
    assert len(names) == 4
    assert names[0] == groups(EDITION)["groupe:33"].name
    assert names[3] == groups(EDITION)["groupe:epci:33"].name
    assert page.text_input(key="chercher").disabled
    assert page.selectbox(key="ajouter-un-groupe").disabled
    assert any("4 au plus" in text for text in texts(page))


def test_codes_that_are_all_unknown_lead_to_the_example():
    assert heads(seen("comparer", query("99999", "groupe:"))) == heads(seen("comparer"))


# Choosing.


@pytest.mark.shipped_region
def test_a_territory_is_found_by_name_and_added_to_what_is_shown():
    page = visit("comparer")
    page.text_input(key="chercher").set_value("merignac").run()
    page.button(key=f"ajouter-{SILENT}").click().run()
    assert not page.exception
    assert address(page) == [COMMUNES, EPCI, SILENT]
    assert heads(page)[2] == "Mérignac"
    assert page.text_input(key="chercher").value == ""
    assert not [button for button in page.main.button if button.label.startswith("Ajouter")]


def test_a_postal_code_finds_too_and_who_is_there_already_is_not_offered():
    page = visit("comparer", avec=["33063", SILENT])
    page.text_input(key="chercher").set_value("33700").run()
    assert not [button for button in page.main.button if button.label.startswith("Ajouter")]
    assert any("Aucun territoire de ce nom n’est à ajouter" in text for text in texts(page))


@pytest.mark.shipped_region
def test_a_group_is_added_from_the_list():
    page = visit("comparer", avec=SILENT)
    shown = [SILENT, "groupe:commune-50000"]
    names = heads(page)
    page.selectbox(key="ajouter-un-groupe").select("groupe:24").run()
    assert not page.exception
    assert heads(page)[:2] == names
    assert address(page)[0] == SILENT
    assert address(page)[-1] == "groupe:24"
    assert len(address(page)) == len(shown) + 1
    assert page.selectbox(key="ajouter-un-groupe").value is None


@pytest.mark.shipped_region
def test_who_is_removed_leaves_the_address_and_the_order_stays():
    page = visit("comparer", avec=["groupe:33", SILENT, EPCI])
    page.button(key=f"retirer-{SILENT}").click().run()
    assert address(page) == ["groupe:33", EPCI]
    page.button(key=f"retirer-{EPCI}").click().run()
    assert address(page) == ["groupe:33"]
    page.button(key="retirer-groupe:33").click().run()
    assert address(page) == []
    assert heads(page) == heads(seen("comparer"))


def test_a_territory_alone_that_is_removed_does_not_leave_its_peers():
    page = visit("comparer", avec=SILENT)
    page.button(key=f"retirer-{SILENT}").click().run()
    assert address(page) == []


def test_one_may_start_again():
    page = visit("comparer", avec=["groupe:33", SILENT], edition="simulee-2025")
    next(button for button in page.main.button if button.label == "Recommencer").click().run()
    assert address(page) == []
    assert page.query_params["edition"] in ("simulee-2025", ["simulee-2025"])


@pytest.mark.shipped_region
def test_each_territory_leads_to_its_portrait_with_the_edition():
    page = seen("comparer", f"{query('33063', 'groupe:33', PAYS)}&edition=simulee-2025")
    links = [link.proto.query_string for link in page.main.get("page_link")]
    assert len(links) == 2
    assert all("edition=simulee-2025" in link for link in links)
    assert "code=33063" in links[0]


# What is not shown.


@pytest.mark.parametrize("code", UNPUBLISHED.values())
def test_an_unpublished_territory_shows_nothing_but_that_it_answered(code):
    assert not AGREED[code]
    page = seen("comparer", query(code, EPCI))
    facts = ("Stade d’engagement", "Stratégie numérique", "Santé", "Inclusion numérique")
    cells = [row(page, label)[0] for label in facts]
    assert set(cells) == {"A répondu (réponse non publiée)"}
    assert row(page, "Ingénierie")[0] == row(page, "Portage politique")[0] == "opinion non montrée"
    # It is drawn nowhere.
    assert len(charts(page)) == 1
    table, *_ = tables(unfolded("comparer", query(code, EPCI)))
    own = table[table["Territoire ou groupe"] == heads(page)[0]]
    assert set(own["Réponse"]) == {"A répondu (réponse non publiée)", "opinion non montrée"}
    assert set(own["Part"]) == set(own["Effectif"]) == {"–"}


@pytest.mark.shipped_region
def test_a_territory_that_did_not_answer_says_so():
    page = seen("comparer", query(SILENT, PUBLISHED))
    assert row(page, "Stratégie numérique") == ["Pas de réponse", "Mise en œuvre"]
    assert "Mérignac n’a pas répondu à l’enquête" in words(page)


@pytest.mark.shipped_region
def test_named_answers_carry_the_mark_inside_the_sentence():
    page = seen("comparer", query(PUBLISHED, SILENT))
    sentence = next(text for text in texts(page) if text.startswith("**Selon des données simulées, "))
    assert "Mérignac" in sentence
    assert "Données simulées" in re.search("<caption>(.*?)</caption>", html(page))[1]
    # The one that answered is alone on the scale: the table says as much as a picture would.
    assert charts(page) == []
    page = seen("comparer", query(PUBLISHED, SILENT, "33063"))
    (chart,) = charts(page)
    assert "Données simulées" in " ".join(chart["title"]["subtitle"])
    assert "Non représenté (données simulées)" in words(page)


def test_a_group_of_fewer_than_three_shows_nothing():
    few = [code for code, group in groups(EDITION).items() if 0 < group.respondents < 3]
    assert few
    page = seen("comparer", query(few[0], EPCI))
    assert not page.exception
    assert {row(page, label)[0] for label in ("Stratégie numérique", "Portage politique", "Santé")} == {
        "moins de 3 répondants"
    }
    assert any(f"moins de 3 répondants{NARROW}: rien n’est affiché" in text for text in texts(page))
    # It is not in the list of those to add either.
    assert groups(EDITION)[few[0]].name not in page.selectbox(key="ajouter-un-groupe").options


def test_hidden_shares_say_so_in_the_table_and_are_not_drawn():
    page = seen("comparer", query("groupe:epci:33", "groupe:epci:24"))
    # Not « n < 3 »: beside bases of tens or hundreds, it would be read as a count.
    assert "<b>masqué</b>" in html(page)
    assert escape(MASKED) not in html(page)
    assert f"«{NARROW}Masqué{NARROW}»{NARROW}: {MASKED_WHY}." in words(page)
    drawn = drawn_rows(page)[0]
    assert len(drawn)
    assert drawn["share"].notna().all()
    assert any("Masqué (" in text for text in texts(page))


@pytest.mark.shipped_region
def test_a_base_that_asks_for_prudence_says_which():
    page = seen("comparer", query("groupe:epci:33", "groupe:epci:24"))
    assert ", prudence" in html(page)
    assert f"«{NARROW}Prudence{NARROW}»{NARROW}: base inférieure à 30." in words(page)
    assert f"«{NARROW}Prudence{NARROW}»" not in words(seen("comparer"))


# Pictures and data.


@pytest.mark.shipped_region
def test_groups_and_territories_are_drawn_apart():
    page = seen("comparer", query("33063", "243300316", EPCI))
    assert len(charts(page)) == 2
    groups_drawn, territories_drawn = drawn_rows(page)
    assert set(groups_drawn["name"]) == {groups(EDITION)[EPCI].name}
    assert set(territories_drawn["name"]) == {"Bordeaux", "Bordeaux Métropole"}
    found = reached(EDITION, "themes", ("ponctuelles", "structurees"), Selection(types=("epci",)))
    shown = found[~found["hidden"]]
    assert groups_drawn["share"].tolist() == pytest.approx(shown["share"].tolist())
    assert titles(page)[1] == f"Mobilisation par thématique{NARROW}: ce que chaque territoire déclare"


@pytest.mark.shipped_region
def test_a_group_of_several_levels_says_so():
    page = seen("comparer", query("groupe:33", EPCI))
    assert any("tous niveaux confondus" in text for text in texts(page))
    assert any("tous niveaux confondus" in " ".join(chart["title"]["subtitle"]) for chart in charts(page))


@pytest.mark.shipped_region
def test_two_groups_apart_have_their_differences_and_others_do_not():
    assert heads(seen("comparer"))[-1] == "Écart"
    assert "écarts nets" in words(seen("comparer"))
    for codes in ((EPCI, "groupe:epci:33"), ("33063", EPCI), (COMMUNES, EPCI, "groupe:33")):
        assert "Écart" not in heads(seen("comparer", query(*codes)))


def test_the_data_have_bases_and_margins():
    table, *_ = tables(unfolded("comparer"))
    assert list(table) == ["Partie", "Sujet", "Territoire ou groupe", "Réponse", "Unité", "Effectif", "Base", "Part",
                           "Marge indicative", "Fiabilité"]  # fmt: skip
    assert set(table["Unité"]) == {"territoires", "répondants"}


# Other editions.


def test_the_earlier_edition_is_compared_too():
    page = seen("comparer", f"{query('33063', EPCI)}&edition=simulee-2025")
    assert not page.exception
    assert "Édition simulée 2025" in html(page)


def test_another_questionnaire_is_compared_on_what_it_asks(tmp_path, monkeypatch):
    (tmp_path / "edition.toml").write_text(DESCRIPTION, encoding="utf-8")
    (tmp_path / "codebook.toml").write_text(world.CODEBOOK, encoding="utf-8")
    (tmp_path / "export.csv").write_text(world.export(), encoding="utf-8")
    monkeypatch.setenv("NUMERIQUE_DATA", str(tmp_path))
    st.cache_resource.clear()
    try:
        for codes in ([], ["33063"], [COMMUNES, "23096"], ["groupe:33", "pays:aunis", EPCI]):
            page = visit("comparer", **({"avec": codes} if codes else {}))
            assert not page.exception
            assert not page.error
            assert "Stade d’engagement" not in html(page)
        assert "Niveau" in html(page)
    finally:
        st.cache_resource.clear()
