"""The conditions of a strategy and the differences between roles, as pages show them."""

import pytest

from lib.analysis.associations import conditions, effects, role_differences
from lib.analysis.selection import Selection
from lib.display.differences import comparable, contrast_words, points
from lib.display.sentences import share_words
from lib.survey.edition import load_edition
from lib.survey.exchange import exchanged
from lib.survey.published import load_published
from tests.pages.visits import drawn_rows, seen, tables, titles, unfolded, visit, words

NARROW = "\u202f"
# Pages count on the public edition.
EDITION, PUBLISHED = exchanged(load_edition()), load_published()
CROSSED = PUBLISHED.conditions
CONDITIONS, ROLES = (
    "Qu’est-ce qui va de pair avec une stratégie formalisée\u202f?",
    "La réponse dépend-elle de qui répond\u202f?",
)
SELECTIONS = {
    "": Selection(),
    "type=epci": Selection(types=("epci",)),
    "type=departement": Selection(types=("departement",)),
    "role=elu": Selection(roles=("elu",)),
}


def differences_of(page):
    """Return the charts of differences: label and difference of each row, by title."""
    return {
        title: list(zip(rows["label"], rows["difference"], strict=True))
        for title, rows in zip(titles(page), drawn_rows(page), strict=True)
        if "difference" in rows
    }


@pytest.mark.parametrize("query", SELECTIONS)
def test_each_condition_is_said_with_difference_ratio_and_margins(query):
    page = seen("strategies", query)
    assert not page.exception
    assert CONDITIONS in [header.value for header in page.header]
    compared = effects(EDITION, CROSSED, SELECTIONS[query])
    for _, row in compared[comparable(compared)].iterrows():
        assert f"{row['label']}{NARROW}: {contrast_words(row)}." in words(page)
    for _, row in compared[~comparable(compared)].iterrows():
        few = min(row["base"], row["other_base"]) < 10
        why = "base insuffisante" if few else "comparaison masquée"
        assert f"- {row['label']}{NARROW}: {why}" in words(page)


def test_the_whole_edition_allows_the_three_comparisons_and_draws_the_four_groups():
    found = effects(EDITION, CROSSED)
    assert comparable(found).all()
    groups = conditions(EDITION, CROSSED)
    (rows,) = [rows for rows in drawn_rows(seen("strategies")) if rows["label"].iloc[0] == groups["label"].iloc[0]]
    assert rows["label"].tolist() == groups["label"].tolist()
    assert rows["base"].tolist() == groups["base"].tolist()
    assert share_words(groups.iloc[0]) in words(seen("strategies"))


@pytest.mark.shipped_region
def test_an_association_is_not_said_a_cause_and_stands_beside_the_finding():
    said = words(seen("strategies"))
    (finding,) = [finding for finding in PUBLISHED.findings if finding.id == CROSSED.finding]
    assert f"«{NARROW}{finding.published}{NARROW}»" in said
    assert "Valeur simulée, calée sur le constat publié." in said
    assert "**Association, pas cause**" in said
    assert "p <" not in said
    assert "p =" not in said


def test_a_card_of_the_synthesis_says_the_same_shares():
    """Same people, same rule for « ne sait pas » in both places."""
    row = effects(EDITION, CROSSED).loc["portage"]
    assert f"{row['count']:.0f} sur {row['base']}, marge" in words(seen("synthese"))


@pytest.mark.shipped_region
@pytest.mark.parametrize("query", ["", "condition=ensemble", "condition=instance&ecart=taille", "type=departement"])
def test_differences_by_group_are_drawn_where_the_base_allows_and_named_elsewhere(query):
    page = seen("strategies", query)
    assert not page.exception
    code = "ensemble" if "ensemble" in query else "instance" if "instance" in query else "portage"
    selection = Selection(types=("departement",)) if "type=" in query else Selection()
    rows = effects(EDITION, CROSSED, selection, by="taille" if "taille" in query else "type").xs(code, level="code")
    rows = rows[rows["base"] + rows["other_base"] > 0]
    drawn = differences_of(page)
    kept = rows.loc[comparable(rows), "difference"].tolist()
    if not kept:
        assert drawn == {}
        assert any("Base insuffisante" in info.value or "Masqué" in info.value for info in page.info)
        return
    ((title, dots),) = drawn.items()
    assert title.startswith("Écart de la part qui déclare une stratégie formalisée ou mise en œuvre")
    assert dots[0] == ("Ensemble de la sélection", effects(EDITION, CROSSED).loc[code, "difference"])
    assert [difference for _, difference in dots[1:]] == kept
    assert ("Base insuffisante (moins de 10 répondants d’un côté)" in words(page)) == bool(
        (rows[["base", "other_base"]].min(axis=1) < 10).any()
    )


@pytest.mark.parametrize(
    ("query", "question", "second"),
    [("", "besoins", "technicien"), ("ecart=freins", "freins", "technicien"),
     ("ecart=freins&face-a=direction", "freins", "direction"), ("ecart=freins&face-a=inconnu", "freins", "technicien")],
)  # fmt: skip
def test_differences_between_roles_are_drawn_the_widest_first(query, question, second):
    page = seen("besoins-et-freins", query)
    assert not page.exception
    assert ROLES in [header.value for header in page.header]
    found = role_differences(EDITION, question, second=(second,))
    shown = found[comparable(found)]
    ((title, dots),) = differences_of(page).items()
    assert dots == list(zip(shown["label"], shown["difference"], strict=True))
    gaps = [abs(difference) for _, difference in dots]
    assert gaps == sorted(gaps, reverse=True)
    assert "écart entre les élu·es et les" in title
    clear = shown[(shown["low"] > 0) | (shown["high"] < 0)]
    for _, row in clear.iterrows():
        assert f"«{NARROW}{row['label']}{NARROW}» ({points(row['difference'])})" in words(page)


def test_a_filter_on_roles_does_not_change_the_comparison_and_this_is_said():
    everyone, alone = seen("besoins-et-freins"), seen("besoins-et-freins", "role=elu")
    assert differences_of(alone) == differences_of(everyone)
    sentence = "Le filtre sur les rôles ne s’applique pas à cette figure"
    assert sentence in words(alone)
    assert sentence not in words(everyone)


def test_roles_chosen_on_the_page_are_written_to_the_address():
    page = visit("besoins-et-freins", ecart="freins")
    page.button_group(key="face-a").set_value("direction").run()
    assert not page.exception
    assert page.query_params["face-a"] in ("direction", ["direction"])
    assert any(title.endswith("écart entre les élu·es et les directions") for title in titles(page))


def test_tables_say_both_groups_and_both_bases():
    (table,) = [t for t in tables(unfolded("strategies")) if "Écart" in t]
    assert [name for name in table if name.startswith("Base")] == ["Base, avec la condition", "Base, sans la condition"]
    (table,) = [t for t in tables(unfolded("besoins-et-freins")) if "Écart" in t]
    assert [name for name in table if name.startswith("Base")] == ["Base, élu·es", "Base, technicien·nes"]
    assert len(table) == len(EDITION.codebook["besoins"].options)


@pytest.mark.shipped_region
def test_a_role_that_hardly_answers_is_not_compared():
    query = "departement=23&type=epci&type=pays&type=departement"
    page = seen("besoins-et-freins", query)
    chosen = Selection(types=("epci", "pays", "departement"), departements=("23",))
    found = role_differences(EDITION, "besoins", chosen)
    assert not comparable(found).any()
    assert not page.exception
    assert differences_of(page) == {}
    assert "Base insuffisante" in words(page)
