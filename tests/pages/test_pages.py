"""Each page on the shipped edition: it opens, and shows the numbers that `lib` or a plain count finds without it."""

from collections import Counter
from itertools import product
from pathlib import Path

import pandas as pd
import pytest

from lib.analysis.coverage import coverage
from lib.analysis.engagement import stage_shares
from lib.analysis.findings import measures
from lib.analysis.selection import Selection, choices
from lib.analysis.shares import reached, shares
from lib.analysis.weights import weigh
from lib.display.formats import MASKED, counted, margin, number, percent
from lib.display.sentences import answer, share_words
from lib.survey.edition import load_edition
from lib.survey.exchange import exchanged
from lib.survey.published import load_published
from lib.ui import menu
from lib.ui.blocks import PROTECTED_TABLE
from lib.ui.menu import FOOT, OF_ONE_TERRITORY, PAGES
from tests.pages.visits import charts, seen, tables, texts, titles, unfolded, visit, words
from tests.region import COMMUNE, DEPARTEMENT, ELSEWHERE, SHIPPED, SILENT_COMMUNE, WITHOUT_EPCI, name

NARROW = "\u202f"
EDITION, PUBLISHED = weigh(exchanged(load_edition())), load_published()
ENGAGED = ("ponctuelles", "structurees")

TITLES = {
    "synthese": "Que disent les territoires du numérique\u202f?",
    "ma-collectivite": "Et chez nous\u202f?",
    "thematiques": "Sur quelles thématiques les territoires se mobilisent-ils\u202f?",
    "strategies": "Où en sont les stratégies numériques\u202f?",
    "engagement": "Où en est l’engagement des territoires\u202f?",
    "besoins-et-freins": "De quoi les territoires ont-ils besoin, et qu’est-ce qui les freine\u202f?",
    "croisements": "Qu’est-ce qui va avec quoi\u202f?",
    "comparer": "Qu’est-ce qui les rapproche, qu’est-ce qui les distingue\u202f?",
    "participation": "Qui a répondu\u202f?",
    "evolution": "Qu’est-ce qui a changé entre deux éditions\u202f?",
    "atelier": "Que montrer en atelier\u202f?",
    "methode": "D’où viennent ces chiffres\u202f?",
    "confidentialite": "Que deviennent les données personnelles\u202f?",
    "accessibilite": "Déclaration d’accessibilité",
    "plan-du-site": "Plan du site",
}
COUNTED = [address for address in PAGES if address not in (*FOOT, *OF_ONE_TERRITORY)]
"""Pages that count the answers of the selection."""
FIGURES = [address for address in COUNTED if address not in ("methode", "atelier")]

OF_EPCI = f"departement={DEPARTEMENT}&type=epci"

# The address, and the selection that it must mean.
TAILLE = str(EDITION.respondents.query("type == 'commune'")["taille"].mode()[0])
SELECTIONS = {
    "": Selection(),
    OF_EPCI: Selection(types=("epci",), departements=(DEPARTEMENT,)),
    "role=elu": Selection(roles=("elu",)),
    f"taille={TAILLE}": Selection(tailles=(TAILLE,)),
}
NOBODY = f"departement={WITHOUT_EPCI}&type=epci"


def top(frame):
    """Return the row of the largest share, the first of equals."""
    return frame.sort_values("share", ascending=False, kind="stable").iloc[0]


def first_shown(rows, *codes):
    """Return the first of some rows that is not hidden."""
    return next(row for _, row in rows.loc[list(codes)].iterrows() if not row["hidden"])


def no_strategy(selection):
    """Return the row of those who say « non », counted in the answers themselves."""
    given = EDITION.values.loc[selection.mask(EDITION.respondents), "strategie"].dropna()
    found = shares(EDITION, "strategie", selection, unit="respondents").loc["non"]
    assert (found["count"], found["base"]) == ((given == "non").sum(), len(given))
    return found


def answered(selection):
    """Return « n communes sur N » for the first type that a page of participation must count."""
    kinds = coverage(EDITION, selection.without_roles())
    kind, noun = ("commune", "commune") if "commune" in kinds.index else ("epci", "intercommunalité")
    row = kinds.loc[kind]
    return f"{counted(row['territories'], noun)} sur {number(row['existing'])} ({percent(row['rate'])})"


# The sentence that answers the question of each page, from numbers that the page did not compute.
SENTENCES = {
    "synthese": lambda chosen: f"{share_words(no_strategy(chosen))} déclarent qu’il n’y a pas de stratégie",
    "thematiques": lambda chosen: share_words(top(reached(EDITION, "themes", ENGAGED, chosen)), "territories"),
    "strategies": lambda chosen: f"{share_words(no_strategy(chosen))} déclarent qu’il n’y a pas de stratégie numérique",
    "besoins-et-freins": lambda chosen: f"{share_words(top(shares(EDITION, 'besoins', chosen)))} citent le besoin",
    "croisements": lambda chosen: f"«{NARROW}Stratégie numérique{NARROW}» et «{NARROW}Portage politique{NARROW}»",
    "participation": answered,
    "engagement": lambda chosen: share_words(
        first_shown(stage_shares(EDITION, chosen), "moteur", "a-amorcer"), "territories"
    )[1:],
    "evolution": lambda chosen: f"Stratégie numérique, de «{NARROW}Édition simulée 2025{NARROW}» à «{NARROW}Édition",
}


def small_selection(size):
    """Return the parameters of a selection of `size` respondents, by what is never exchanged."""
    people = EDITION.respondents
    for departement, taille in product(choices(EDITION, "departement"), choices(EDITION, "taille")):
        inside = people["departements"].map(lambda codes, wanted=departement: wanted in codes)
        if (inside & (people["taille"] == taille)).sum() == size:
            return {"departement": departement, "taille": taille}
    assert not SHIPPED, f"no département and size have {size} respondents"
    pytest.skip(f"no département and size of this region have {size} respondents")


def open_filters(page):
    """Return what the address still says of filters."""
    return {
        name: value for name, value in page.query_params.items() if name in ("type", "taille", "departement", "role")
    }


@pytest.mark.parametrize("address", PAGES)
def test_a_page_opens_with_its_question_and_the_mark_of_simulated_answers(address):
    page = seen(address)
    assert not page.exception
    assert not page.error
    assert [title.value for title in page.title] == [TITLES[address]]
    assert page.warning[0].value.startswith("**Données simulées.** Réponses inventées")


@pytest.mark.parametrize("address", PAGES)
def test_no_page_takes_simulated_answers_for_the_real_ones(address):
    assert "confirmé" not in words(seen(address)).lower()
    assert all("Données simulées" in " ".join(chart["title"]["subtitle"]) for chart in charts(seen(address)))


@pytest.mark.parametrize("query", SELECTIONS)
@pytest.mark.parametrize("address", FIGURES)
def test_the_sentence_of_a_page_gives_share_base_and_margin_of_the_selection(address, query):
    page = seen(address, query)
    assert not page.exception
    assert SENTENCES[address](SELECTIONS[query]) in words(page)


@pytest.mark.parametrize("query", SELECTIONS)
@pytest.mark.parametrize("address", COUNTED)
def test_the_context_says_how_many_answered(address, query):
    chosen = SELECTIONS[query]
    people = [
        row
        for row in EDITION.respondents.itertuples()
        if (not chosen.types or row.type in chosen.types)
        and (not chosen.tailles or row.taille in chosen.tailles)
        and (not chosen.departements or set(chosen.departements) & set(row.departements))
        and (not chosen.roles or row.role in chosen.roles)
    ]
    territories = {row.territory for row in people if pd.notna(row.territory)}
    (context,) = [text for text in texts(seen(address, query)) if text.startswith(":gray[Sélection")]
    assert f"**{len(people)} répondants, {len(territories)} territoires**" in context
    assert "données non pondérées" in context


@pytest.mark.shipped_region
def test_the_whole_edition_says_thirty_per_cent():
    given = EDITION.values["strategie"].dropna()
    said = f"30{NARROW}% des répondants ({(given == 'non').sum()} sur {len(given)}{NARROW}; marge indicative de "
    assert said in words(seen("synthese"))
    assert said in words(seen("strategies"))


def test_the_method_counts_the_matching():
    known = EDITION.respondents["territory"]
    assert f"{known.notna().sum()} répondants sur {len(known)} sont rattachés à un territoire" in words(seen("methode"))
    (table,) = [table for table in tables(unfolded("methode")) if "Rattachement" in table]
    assert table.drop(columns="Rattachement").to_numpy().sum() == len(known)


@pytest.mark.parametrize("address", PAGES)
def test_unknown_codes_are_ignored(address):
    page = seen(address, "departement=99&departement=%3Cb%3E&type=mairie&taille=10&role=maire&autre=chose")
    assert not page.exception
    assert texts(page) == texts(seen(address))


@pytest.mark.parametrize("address", FIGURES)
def test_a_filter_changes_the_page(address):
    assert texts(seen(address, OF_EPCI)) != texts(seen(address))


@pytest.mark.parametrize("address", PAGES)
def test_links_of_the_menu_carry_the_filters(address):
    page = seen(address, OF_EPCI)
    carried = [link.proto.query_string for link in page.sidebar.get("page_link")]
    assert len(carried) == len(PAGES)
    assert {tuple(sorted(query.split("&"))) for query in carried} == {(f"departement={DEPARTEMENT}", "type=epci")}


@pytest.mark.skipif(not WITHOUT_EPCI, reason="an EPCI answers in each département of this region")
@pytest.mark.parametrize("address", FIGURES)
def test_a_departement_without_epci_answers_is_said_in_a_sentence(address):
    page = seen(address, NOBODY)
    assert not page.exception
    assert [info.value.split(".")[0] for info in page.info] == ["Aucun répondant pour cette sélection"]
    assert charts(page) == []
    assert not page.expander
    assert not page.dataframe


@pytest.mark.parametrize("size", [1, 2])
@pytest.mark.parametrize("address", FIGURES)
def test_one_or_two_respondents_are_told_nothing_of(address, size):
    page = visit(address, **small_selection(size))
    assert not page.exception
    (info,) = [info.value for info in page.info]
    assert info.startswith(f"Moins de 3 répondants pour cette sélection{NARROW}: rien n’est affiché")
    assert charts(page) == []
    assert not page.expander
    assert not page.dataframe
    assert not page.header
    assert not page.get("component_instance")
    # The banner, the title, the context and this sentence: nothing else, and no figure but the threshold.
    assert len(texts(page)) == 4
    assert "**moins de 3 répondants**" in words(page)
    assert "%" not in words(page)


@pytest.mark.parametrize("button", ["Afficher tous les répondants", "Réinitialiser les filtres"])
def test_both_buttons_lead_out_of_a_small_selection(button):
    page = visit("strategies", groupe="taille", **small_selection(1))
    (found,) = [widget for widget in page.button if widget.label == button]
    found.click().run()
    assert not page.exception
    assert open_filters(page) == {}
    assert page.query_params["groupe"] in ("taille", ["taille"])
    assert SENTENCES["strategies"](Selection()) in words(page)


def test_a_filter_chosen_in_the_menu_is_written_to_the_address_and_followed():
    page = visit("strategies")
    page.multiselect(key="departement").set_value([DEPARTEMENT]).run()
    page.multiselect(key="type").set_value(["epci"]).run()
    assert page.query_params["departement"] in (DEPARTEMENT, [DEPARTEMENT])
    assert SENTENCES["strategies"](SELECTIONS[OF_EPCI]) in words(page)


def test_a_page_that_ends_early_has_its_menu():
    """`st.stop` would end the run itself: what comes after the page, the menu, would be missing."""
    folders = (menu.FOLDER, Path(menu.__file__).parent)
    stopping = {
        path.name
        for folder in folders
        for path in folder.rglob("*.py")
        if "st.stop()" in path.read_text(encoding="utf-8")
    }
    # No edition can be read: nothing could be drawn.
    assert stopping == {"outage.py"}
    nobody = f"departement={WITHOUT_EPCI or DEPARTEMENT}&type=epci"
    for ended in (seen("strategies", nobody), seen("ma-collectivite"), seen("equipe")):
        first, *_ = ended.sidebar.get("page_link")
        assert first.proto.label == "Synthèse"


# Synthèse.


def card_of(said, finding):
    """Return what the card of a finding says, up to what is published of it or to the status that ends it."""
    begun = said[said.index(f"\n{finding.title}\n") :]
    return begun[: begun.index(finding.published or "Valeur simulée")]


@pytest.mark.parametrize("query", ["", OF_EPCI, "role=elu"])
@pytest.mark.parametrize("finding", PUBLISHED.findings, ids=lambda finding: finding.id)
def test_a_published_finding_stands_beside_the_figures_of_the_selection(finding, query):
    said = words(seen("synthese", query))
    card = card_of(said, finding)
    assert not finding.published or f"«{NARROW}{finding.published}{NARROW}»" in said
    rows = measures(EDITION, finding, SELECTIONS[query])
    for place, row in rows[rows["base"] >= 10].iterrows():
        assert row["label"] in card
        if row["hidden"]:
            said = (
                f"{row['label']}{NARROW}: chiffre masqué ({MASKED})"
                if place
                else answer(row, row["unit"], row["label"])
            )
            assert said in card
            continue
        assert percent(row["share"], row["base"]) in card
        base = f"{number(row['count'])} sur {number(row['base'])}"
        assert f"{base}, marge {margin(row['low'], row['high'], row['base'])}" in card


@pytest.mark.parametrize("finding", PUBLISHED.findings, ids=lambda finding: finding.id)
def test_a_finding_follows_the_filters(finding):
    cards = []
    for query in ("", OF_EPCI):
        said = words(seen("synthese", query))
        cards.append(card_of(said, finding))
    assert cards[0] != cards[1]


def test_a_simulated_figure_says_what_it_was_fitted_on():
    marks = Counter(text for text in texts(seen("synthese")) if text.startswith("Valeur simulée"))
    if not PUBLISHED.quoted:
        assert marks == {"Valeur simulée, inventée.": len(PUBLISHED.findings)}
        return
    assert marks == {
        "Valeur simulée, calée sur le chiffre publié.": 1,
        "Valeur simulée, calée sur le constat publié.": len(PUBLISHED.findings) - 1,
    }


def test_the_synthesis_ends_with_recommendations_and_contacts():
    said = words(seen("synthese"))
    assert all(item in said for recommendation in PUBLISHED.recommendations for item in recommendation.items)
    assert all(f"[{contact.address}]({contact.link})" in said for contact in PUBLISHED.contacts)


def test_the_table_of_the_synthesis_holds_every_measure():
    (table,) = tables(unfolded("synthese"))
    assert table["Mesure"].tolist() == [m.label for finding in PUBLISHED.findings for m in finding.measures]


# Choices kept in the address.


@pytest.mark.parametrize(
    ("address", "query", "title"),
    [
        ("thematiques", "groupe=departement", "Mobilisation par thématique et par département"),
        ("thematiques", "mesure=priorites&groupe=role", "Priorités par thématique et par rôle du répondant"),
        ("thematiques", "theme=sante", f"Actions menées{NARROW}: Santé"),
        ("strategies", "groupe=taille", "Statut de la stratégie par taille"),
        ("besoins-et-freins", "question=freins&groupe=taille", "Freins par taille"),
        (
            "participation",
            "participation=commune",
            "Part de chaque département parmi les communes existantes et celles qui ont répondu",
        ),
    ],
)
def test_a_choice_of_the_address_is_honoured(address, query, title):
    assert title in titles(seen(address, query))
    assert title not in titles(seen(address))


@pytest.mark.parametrize("address", FIGURES)
def test_unknown_choices_are_ignored(address):
    names = ("groupe", "niveau", "theme", "mesure", "question", "participation", "territoire")
    page = seen(address, "&".join(f"{name}=inconnu" for name in names))
    assert not page.exception
    assert texts(page) == texts(seen(address))


def test_a_choice_made_on_the_page_is_written_to_the_address():
    page = visit("thematiques", departement=DEPARTEMENT)
    page.selectbox(key="theme").set_value("cybersecurite").run()
    assert page.query_params["theme"] in ("cybersecurite", ["cybersecurite"])
    assert f"Actions menées{NARROW}: Cybersécurité" in titles(page)


# Maps and their tables.


def declared(column, kinds):
    """Return the public answer of each territory of these types, read in the answers by the rule of facts."""
    labels = EDITION.codebook[column.partition("/")[0]].labels
    people = EDITION.respondents.assign(given=EDITION.values[column])
    people = people[people["type"].isin(kinds) & people["territory"].notna()]
    found = {}
    for territory, group in people.groupby("territory"):
        given = set(group["given"].dropna())
        known = given - {"nsp"} or given
        # Those who refused first: their having no answer to one question is not published either.
        if not group["publishable"].all():
            found[territory] = "A répondu (réponse non publiée)"
        elif not given:
            found[territory] = "Pas de réponse"
        elif len(known) > 1:
            found[territory] = "Réponses divergentes"
        else:
            found[territory] = labels[known.pop()]
    return found


def map_table(address, query=""):
    (table,) = [table for table in tables(unfolded(address, query)) if "Code" in table]
    return table


@pytest.mark.parametrize(
    ("address", "query", "column", "kinds"),
    [
        ("strategies", "", "strategie", ["epci"]),
        ("strategies", "niveau=commune", "strategie", ["commune"]),
        ("strategies", "niveau=departement", "strategie", ["departement"]),
        ("strategies", "niveau=perimetre", "strategie", ["pays", "syndicat", "autre"]),
        ("thematiques", "niveau=commune&theme=sante", "themes/sante", ["commune"]),
    ],
)
def test_the_table_of_a_map_says_the_status_of_each_territory(address, query, column, kinds):
    table = map_table(address, query)
    assert dict(zip(table["Code"], table["Réponse"], strict=True)) == declared(column, kinds)


@pytest.mark.parametrize("address", [*FIGURES, "methode"])
def test_tables_wait_to_be_asked_for_and_carry_the_mark(address):
    page = unfolded(address)
    assert not page.exception
    folded = [expander for expander in page.expander if expander.label.startswith("Voir les données")]
    assert folded
    for expander in folded:
        assert len(expander.dataframe) == 1
        hides = any(MASKED in str(cell) for cell in expander.dataframe[0].value.to_numpy().ravel())
        said = f"Données simulées. {PROTECTED_TABLE}." if hides else "Données simulées."
        assert [caption.value for caption in expander.caption] == [said]
    assert not any(expander.dataframe for expander in seen(address).expander)


@pytest.mark.shipped_region
def test_three_silences_are_told_apart():
    said = set(map_table("thematiques", "niveau=epci&theme=inclusion")["Réponse"])
    assert {"A répondu (réponse non publiée)", "Réponses divergentes", "Pas de réponse"} <= said


def test_a_map_does_not_follow_the_role_and_says_so():
    alone, everyone = ("strategies", "niveau=commune&role=elu"), ("strategies", "niveau=commune")
    pd.testing.assert_frame_equal(map_table(*alone), map_table(*everyone))
    sentence = "La carte ne tient pas compte du rôle"
    assert sentence in words(seen(*alone))
    assert sentence not in words(seen(*everyone))


def test_a_filter_on_types_leaves_one_level():
    query = "type=commune&niveau=epci"
    assert seen("strategies", query).button_group(key="niveau").value == "commune"
    assert set(map_table("strategies", query)["Code"]) == set(declared("strategie", ["commune"]))


def test_the_legend_counts_the_territories_of_each_status():
    (legend,) = [text for text in texts(seen("strategies", "niveau=commune")) if "map-legend" in text]
    for label, count in Counter(declared("strategie", ["commune"]).values()).items():
        if label != "Pas de réponse":
            assert f"<span>{label}</span><b>{count}</b>" in legend.replace(' style="flex:1"', "")


def test_the_territory_of_the_address_has_its_portrait_with_the_mark_inside():
    answers = declared("strategie", ["commune"])
    code = next(code for code, answer in answers.items() if answer == "Mise en œuvre")
    said = words(seen("strategies", f"niveau=commune&territoire={code}"))
    assert f"Selon des données simulées, sa réponse{NARROW}: **Mise en œuvre**" in said


def test_an_unpublished_answer_is_not_in_the_portrait():
    answers = declared("strategie", ["commune"])
    code = next(code for code, answer in answers.items() if answer == "A répondu (réponse non publiée)")
    said = words(seen("strategies", f"niveau=commune&territoire={code}"))
    assert f"Selon des données simulées, sa réponse{NARROW}: **A répondu (réponse non publiée)**" in said


def test_a_territory_that_did_not_answer_has_a_portrait_that_says_so():
    assert SILENT_COMMUNE not in declared("strategie", ["commune"])
    said = words(seen("strategies", f"niveau=commune&territoire={SILENT_COMMUNE}"))
    assert f"**{name(SILENT_COMMUNE)}** · Commune" in said
    assert "N’a pas répondu à l’enquête." in said


def test_a_territory_of_another_level_is_not_said_silent():
    said = words(seen("strategies", f"niveau=epci&territoire={COMMUNE}"))
    assert f"choisissez le niveau «{NARROW}Communes{NARROW}»" in said
    assert "N’a pas répondu" not in said


@pytest.mark.skipif(not ELSEWHERE, reason="this region has one département")
def test_a_territory_outside_the_selection_is_not_said_silent():
    said = words(seen("strategies", f"niveau=commune&territoire={COMMUNE}&departement={ELSEWHERE}"))
    assert "Hors de la sélection." in said
    assert "N’a pas répondu" not in said


def test_free_text_of_respondents_is_nowhere():
    typed = {text for text in load_edition().values["precisions"].dropna() if len(text) > 12}
    assert typed
    for address in PAGES:
        shown = words(seen(address)) + "".join(table.to_csv() for table in tables(unfolded(address)))
        assert not [text for text in typed if text in shown]
