"""The page Engagement: its numbers are those that `lib` finds, its rule is written from the rule."""

from dataclasses import replace

import pandas as pd
import pytest
import streamlit as st

from lib.analysis.engagement import UNKNOWN, UNKNOWN_LABEL, points, stage_shares, stages
from lib.analysis.selection import Selection
from lib.analysis.stability import stability
from lib.analysis.weights import weigh
from lib.display.formats import MASKED_WHY, number, percent
from lib.display.sentences import share_words
from lib.survey.edition import load_edition
from lib.survey.engagement import load_rule
from lib.survey.exchange import exchanged
from lib.ui.engagement import criteria_table, sentence, stability_sentence, stability_table, stage_table
from tests import world
from tests.pages.test_words import faults
from tests.pages.visits import drawn_rows, seen, subtitles, tables, titles, unfolded, visit, words
from tests.survey import world as small

EDITION = weigh(exchanged(load_edition()))
RULE = load_rule()
NARROW = "\u202f"
SELECTIONS = {
    "": Selection(),
    "type=epci": Selection(types=("epci",)),
    "role=elu": Selection(roles=("elu",)),
    "taille=commune-0-999": Selection(tailles=("commune-0-999",)),
}


def shown(page):
    return [table.value for table in page.table]


def moves(*rows):
    columns = ["label", "kind", "value", "step", "moved", "moved_up", "moved_down", "base"]
    return pd.DataFrame(rows, columns=columns)


@pytest.mark.shipped_region
@pytest.mark.parametrize("query", SELECTIONS)
def test_the_sentence_says_how_many_are_drivers_and_how_many_remain_to_start(query):
    page = seen("engagement", query)
    assert not page.exception
    found = stage_shares(EDITION, SELECTIONS[query])
    said = words(page)
    most, least = f"au stade «{NARROW}Moteur{NARROW}»", f"au stade «{NARROW}À amorcer{NARROW}»"
    if found.at["moteur", "hidden"]:
        # What is shown comes first.
        assert f"**{share_words(found.loc['a-amorcer'], 'territories')} sont {least}{NARROW}; la part de ceux" in said
        assert f"qui sont {most} est masquée ({MASKED_WHY}).**" in said
    else:
        assert f"**{share_words(found.loc['moteur'], 'territories')} sont {most}" in said
        assert f"et {share_words(found.loc['a-amorcer'], 'territories')} {least}" in said


def test_one_of_the_selections_hides_who_is_at_the_first_stage():
    assert stage_shares(EDITION, SELECTIONS["taille=commune-0-999"]).at["moteur", "hidden"]


def test_the_counts_are_those_of_a_plain_count():
    counts = points(EDITION)["stage"].value_counts()
    page = words(seen("engagement"))
    assert f"({counts['moteur']} sur {counts.sum()}{NARROW};" in page
    assert f"({counts['a-amorcer']} sur {counts.sum()}{NARROW};" in page


def test_sections_come_in_the_order_of_the_questions():
    assert [header.value for header in seen("engagement").header] == [
        f"Quel stade, territoire par territoire{NARROW}?",
        f"Comment les stades se répartissent-ils{NARROW}?",
        f"Comment le stade est-il calculé{NARROW}?",
        f"Et si les seuils bougeaient{NARROW}?",
    ]


@pytest.mark.parametrize(
    ("query", "group", "title"),
    [
        ("", "type", "Stade d’engagement par type de territoire"),
        ("groupe=taille", "taille", "Stade d’engagement par taille"),
        ("groupe=departement", "departement", "Stade d’engagement par département"),
    ],
)
def test_the_distribution_follows_the_choice(query, group, title):
    page = seen("engagement", query)
    assert titles(page) == [title]
    (rows,) = drawn_rows(page)
    expected = stage_shares(EDITION, by=group)
    known = expected[(expected["base"] >= 10) & ~expected["hidden"]]
    drawn = rows[rows["part"] != "Masqué"] if "part" in rows else rows
    assert len(drawn) == len(known)
    assert "Données simulées" in subtitles(page)[title]


@pytest.mark.shipped_region
def test_the_table_of_the_map_names_only_those_who_agreed():
    page = unfolded("engagement")
    (table,) = [table for table in tables(page) if "Code" in table]
    named = stages(EDITION)
    labels = {stage.code: stage.label for stage in RULE.stages} | {
        UNKNOWN: UNKNOWN_LABEL, "non-publiee": "A répondu (réponse non publiée)",
    }  # fmt: skip
    column = next(name for name in table if name in ("Stade", "Réponse"))
    assert len(table) > 50
    for code, said in zip(table["Code"], table[column], strict=True):
        assert said == labels[named[code]]


def test_a_filter_on_roles_says_what_it_does_and_changes_no_name():
    said = words(seen("engagement", "role=elu"))
    assert "repose sur les réponses de tous leurs répondants" in said
    assert "La carte ne tient pas compte du rôle" in said
    assert "repose sur les réponses de tous leurs répondants" not in words(seen("engagement"))


def test_the_rule_is_written_from_the_rule():
    criteria, steps, _ = shown(seen("engagement"))
    assert criteria["Ce qui est regardé"].tolist() == [criterion.label for criterion in RULE.criteria]
    for criterion, written in zip(RULE.criteria, criteria["Points"], strict=True):
        for code, worth in criterion.points:
            assert f"{EDITION.codebook[criterion.question].labels[code]}{NARROW}:\u00a0**{worth}**" in written
    assert criteria["Au plus"].str.split().str[0].tolist() == [str(criterion.maximum) for criterion in RULE.criteria]
    assert steps["Stade"].tolist() == [f"**{stage.label}**" for stage in RULE.stages]
    assert steps.iloc[:, 2].tolist() == [f"{stage.meaning} {stage.support}" for stage in RULE.stages]
    assert all(percent(stage.low) in said for stage, said in zip(RULE.stages[:-1], steps.iloc[:, 1], strict=False))
    assert percent(RULE.stages[-2].low) in steps.iloc[-1, 1]
    # It fits on one screen: a line for each criterion and each stage, and two paragraphs.
    assert len(criteria) + len(steps) <= 10


@pytest.mark.parametrize("query", ["", "edition=simulee-2025"])
def test_cells_are_written_in_careful_french(query):
    cells = [
        str(cell).replace("**", "") for table in shown(seen("engagement", query)) for cell in table.to_numpy().flat
    ]
    assert len(cells) > 60
    assert faults(cells) == []


def test_another_rule_is_written_otherwise():
    rule = replace(
        RULE, stages=(replace(RULE.stages[0], label="*Phare*", low=0.9), *RULE.stages[1:]), criteria=RULE.criteria[:1]
    )
    assert criteria_table(EDITION, rule)["Ce qui est regardé"].tolist() == ["Stratégie numérique"]
    first = stage_table(EDITION, rule).iloc[0]
    # 0.9 of 8 points are 7.2: 8 are needed. What the file holds is text, never markup.
    assert first["Part des points"] == f"90{NARROW}% ou plus (8 sur 8)"
    assert first["Stade"] == "**\\*Phare\\***"


def test_the_page_says_that_opinions_do_not_count_in_public():
    page = seen("engagement")
    assert f"«{NARROW}Portage politique{NARROW}»{NARROW}: une opinion n’est jamais montrée" in words(page)
    criteria = shown(page)[0].set_index("Ce qui est regardé")
    assert criteria.at["Portage politique", "Au plus"] == "4 (équipe seulement)"
    given = criteria_table(load_edition(), RULE).set_index("Ce qui est regardé")
    assert given.at["Portage politique", "Au plus"] == "4"


def test_the_stability_is_that_of_the_edition_whatever_the_filters():
    found = stability(EDITION)
    whole, filtered = (shown(seen("engagement", query))[2] for query in ("", "type=epci"))
    pd.testing.assert_frame_equal(whole, filtered)
    assert len(whole) == len(found)
    # Answers worth no point cannot be worth less.
    assert "–" in set(whole["Un cran plus bas"])
    assert f"–{NARROW}: ce seuil ne peut pas bouger dans ce sens" in words(seen("engagement"))
    most = percent(found["moved"].max(), found["base"].iloc[0])
    said = words(seen("engagement"))
    assert f"change le stade de **{most}** des {number(found['base'].iloc[0])} territoires au plus" in said
    assert f"Aucun cran n’en déplace 15{NARROW}% ou plus" in said


def test_a_threshold_that_moves_too_many_is_named():
    rows = moves(
        ("Seuil du stade A", "share", 0.5, 0.05, 0.2, 0.2, 0.1, 400),
        ("Maximum de B", "themes", 8, 1, 0.15, 0.0, 0.15, 400),
        ("Points de C", "points", 0, 1, 0.1, 0.1, float("nan"), 400),
    )
    said = stability_sentence(rows, protected=True).replace(NARROW, " ")
    assert said.startswith("Déplacer un seul seuil d’un cran change le stade de **20 %** des 400 territoires au plus.")
    assert said.endswith("15 % ou plus, et sont à lire avec prudence : seuil du stade A et maximum de B.")
    table = stability_table(rows, protected=True)
    assert table["Valeur ± un cran"].tolist() == [
        f"50{NARROW}% ± 5{NARROW}% des points", "8 ± 1 thématique", "0 ± 1 point",
    ]  # fmt: skip
    assert table["Un cran plus bas"].tolist() == [f"10{NARROW}%", f"15{NARROW}%", "–"]


def test_few_territories_that_move_are_not_told_from_none():
    rows = moves(("A", "share", 0.5, 0.1, 2 / 8, 2 / 8, 0.0, 8))
    few = f"moins de{NARROW}3 territoires"
    table = stability_table(rows, protected=True)
    assert (table.at[0, "Un cran plus haut"], table.at[0, "Un cran plus bas"]) == (few, few)
    assert "%" not in stability_sentence(rows, protected=True)
    assert stability_table(rows, protected=False).at[0, "Un cran plus haut"] == f"25{NARROW}%"


def test_hidden_shares_are_said_once():
    found = stage_shares(replace(world.edition(), threshold=3))
    assert sentence(found, RULE).count("masquées pour cette sélection") == 1


@pytest.fixture
def other_survey(tmp_path, monkeypatch):
    """Ship an edition that asks the strategy alone, with the answers of the rule."""
    codebook = (
        small.CODEBOOK
        + """
[[questions]]
id = "strategie"
kind = "single"
short = "Stratégie"
text = "Avez-vous une stratégie ?"
unit = "territories"
options = [
    { code = "mise-en-oeuvre", label = "Mise en œuvre" },
    { code = "formalisee", label = "Formalisée" },
    { code = "elaboration", label = "En cours" },
    { code = "prevue", label = "Prévue" },
    { code = "non", label = "Non" },
]
"""
    )
    (tmp_path / "edition.toml").write_text(
        'id = "monde"\ntitle = "Petit monde"\nsimulated = false\nfitted = false\ncollected = "janvier 2026"\n'
        'started = 2026-01-05\nmillesime = 2026\nanswers = "export.csv"\ncodebook = "codebook.toml"\n',
        encoding="utf-8",
    )
    (tmp_path / "codebook.toml").write_text(codebook, encoding="utf-8")
    (tmp_path / "export.csv").write_text(small.export(), encoding="utf-8")
    monkeypatch.setenv("NUMERIQUE_DATA", str(tmp_path))
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


@pytest.mark.usefixtures("other_survey")
def test_an_edition_that_asks_some_of_the_criteria_says_on_what_the_stage_rests():
    page = visit("engagement")
    assert not page.exception
    infos = " ".join(info.value for info in page.info)
    assert "n’a pas posé" in infos
    assert f"«{NARROW}Instance de coordination{NARROW}»" in infos
    assert "Le stade repose sur les autres critères" in infos
    assert shown(page)[0]["Ce qui est regardé"].tolist() == ["Stratégie numérique"]
