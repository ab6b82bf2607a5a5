"""What pages do not say: figures that are hidden are said hidden, and the team's view is closed to visitors."""

from itertools import product

import pytest

from lib.analysis.selection import Selection, choices
from lib.analysis.shares import shares
from lib.analysis.weights import weigh
from lib.display.formats import MASKED, MASKED_WHY
from lib.display.formats import words as french_list
from lib.survey.edition import load_edition
from lib.survey.exchange import exchanged
from lib.survey.published import load_published
from lib.ui import access, accessibility
from lib.ui.figures import MASKED_PART
from lib.ui.menu import PAGES
from tests.pages.visits import drawn_rows, seen, tables, texts, titles, unfolded, visit, words

NARROW = "\u202f"
EDITION = weigh(exchanged(load_edition()))
BARS, NEEDS = f"Existe-t-il une stratégie numérique sur votre territoire{NARROW}?", f"De quoi avez-vous besoin{NARROW}?"


def hiding(question):
    """Return the address of a selection that hides some answers of a question and shows others, and its rows."""
    for departement, kind in product(choices(EDITION, "departement"), ("commune", "epci")):
        selection = Selection(types=(kind,), departements=(departement,))
        rows = shares(EDITION, question, selection, unit="respondents")
        if rows["base"].iloc[0] >= 20 and rows["hidden"].any() and not rows["hidden"].all():
            return f"departement={departement}&type={kind}", rows
    raise AssertionError(f"no département hides an answer to {question}")


@pytest.mark.parametrize(
    ("address", "question", "title"), [("strategies", "strategie", BARS), ("besoins-et-freins", "besoins", NEEDS)]
)
def test_hidden_answers_are_named_and_not_drawn(address, question, title):
    query, rows = hiding(question)
    page = seen(address, query)
    assert not page.exception
    drawn = dict(zip(titles(page), drawn_rows(page), strict=True))[title]
    assert sorted(drawn["label"]) == sorted(rows.loc[~rows["hidden"], "label"])
    said = f"Masqué ({MASKED_WHY}){NARROW}: {french_list(rows.loc[rows['hidden'], 'label'])}."
    assert any(text.startswith(f"Comment lire{NARROW}: ") and said in text for text in texts(page))


def test_the_table_of_a_hidden_answer_gives_neither_count_nor_share():
    query, rows = hiding("strategie")
    labels = rows["label"].tolist()
    (table,) = [table for table in tables(unfolded("strategies", query)) if table.iloc[:, 0].tolist() == labels]
    hidden = table[rows["hidden"].to_numpy()]
    assert set(hidden["Effectif"]) == {MASKED}
    assert set(hidden["Part"]) == set(hidden["Marge indicative"]) == {"–"}
    assert set(hidden["Fiabilité"]) == {f"masqué{NARROW}: {MASKED_WHY}"}
    assert MASKED not in set(table.loc[~rows["hidden"].to_numpy(), "Effectif"])


def test_hidden_parts_of_a_bar_are_one_part_that_says_so():
    rows = shares(EDITION, "strategie", by="departement")
    shown = rows[rows["base"] >= 10].groupby("departement")["share"].sum()
    # Some groups hide a part of their answers, and none all of them; one that hides nobody is whole.
    short = (shown < 1 - 1e-9).sum()
    assert short > 0
    assert shown.min() > 0
    page = seen("strategies", "groupe=departement")
    drawn = dict(zip(titles(page), drawn_rows(page), strict=True))["Statut de la stratégie par département"]
    assert (drawn["part"] == MASKED_PART).sum() == short
    # Each bar is whole.
    assert drawn.groupby("rank")["end"].max().tolist() == pytest.approx([1] * drawn["rank"].nunique())


# The team's view.


def test_the_team_page_is_closed_by_default():
    page = visit("equipe")
    assert not page.exception
    assert [title.value for title in page.title] == ["Que disent les réponses telles que données\u202f?"]
    (info,) = [info.value for info in page.info]
    assert info.startswith(f"Cette page est réservée à {load_published().team}{NARROW}: ")
    # No sign-in is configured here: none is offered.
    assert info.endswith("Aucune connexion n’est configurée ici.")
    assert [button.label for button in page.main.button] == []
    assert not page.dataframe
    assert not page.expander
    assert not page.main.selectbox
    # The banner, the title and this sentence.
    assert len(texts(page)) == 3
    assert "%" not in words(page)


def test_the_team_page_is_not_in_the_menu_of_visitors():
    links = [link.proto.label for link in seen("synthese").sidebar.get("page_link")]
    names = {address: title for address, (_, title, _) in PAGES.items()} | {"accessibilite": accessibility.announced()}
    assert links == list(names.values())
    assert "Vue de l’équipe" not in links


def test_the_local_setting_alone_does_not_open_it(monkeypatch):
    """It opens to the machine itself, which AppTest is not; that it does open is seen in a browser."""
    monkeypatch.setenv(access.LOCAL, "oui")
    page = visit("equipe")
    assert not page.exception
    assert not page.dataframe
    assert len(page.info) == 1
