"""Comparisons, counted by hand on `tests.world`: who may be compared, what is said of each, what is not."""

from dataclasses import replace

import pandas as pd
import pytest

from lib.analysis.comparison import (
    GROUP,
    MOST,
    OPINION,
    TERRITORY,
    TOO_FEW,
    compare,
    differences,
    example,
    group_code,
    groups,
    known,
    side_by_side,
)
from lib.analysis.comparison_topics import ENGAGEMENT, FACTS, OPINIONS, figures, topics
from lib.analysis.selection import Selection
from lib.survey.codebook import parse_codebook
from lib.survey.edition import read_edition
from lib.survey.questionnaire import Option, Question
from lib.territory.reference import load_reference
from tests import world
from tests.survey import world as other_world
from tests.world import FIRST, SECOND

NARROW = "\u202f"
COMMUNES, EPCI = "groupe:commune", "groupe:epci"
GIVEN = world.edition()
PUBLIC = replace(GIVEN, threshold=3)
# A commune of the real list that nobody of the small world answered for, and one that answered without agreeing.
SILENT, UNPUBLISHED = "33063", "17001"


def compared(codes, edition=GIVEN):
    items = known(edition, codes)
    return items, compare(edition, items)


def line(rows, topic, item, answer=""):
    """Return the only line of a topic and an item."""
    (found,) = rows[
        (rows["topic"] == topic) & (rows["item"] == item) & (rows["answer"] == answer)
    ].to_dict("records")  # fmt: skip
    return found


def asking(*questions, edition=GIVEN):
    """Return the edition with other questions than its own, which nobody answered."""
    columns = [column for question in questions for column in question.columns]
    codebook = replace(edition.codebook, questions=(*edition.codebook.questions[:3], *questions))
    blank = pd.DataFrame(pd.NA, index=edition.values.index, columns=columns, dtype="str")
    states = pd.DataFrame(0, index=edition.values.index, columns=columns, dtype="int8")
    return replace(edition, codebook=codebook, values=edition.values[["terr_type", "repondant"]].join(blank),
                   states=states)  # fmt: skip


# Who is compared.


@pytest.mark.shipped_region
def test_groups_are_the_whole_the_types_the_sizes_the_departements_and_the_types_in_each():
    listed = groups(GIVEN)
    # 1 whole, 6 types, 8 sizes, 12 départements, and the 5 types that are not départements in each of them.
    assert len(listed) == 1 + 6 + 8 + 12 + 5 * 12
    assert listed["groupe:region"].name == f"Tous les territoires{NARROW}: Nouvelle-Aquitaine"
    assert listed[COMMUNES].name == f"Communes{NARROW}: Nouvelle-Aquitaine"
    assert listed["groupe:commune-0-999"].selection == Selection(("commune",), ("commune-0-999",))
    assert listed["groupe:16"].name == f"Tous les territoires{NARROW}: Charente (16)"
    assert listed["groupe:epci:17"].selection == Selection(types=("epci",), departements=("17",))
    assert len({group.name for group in listed.values()}) == len(listed)


def test_a_group_counts_its_respondents_and_territories():
    # r01 to r06 and r12, whose territory is not recognised; four communes.
    assert (groups(GIVEN)[COMMUNES].respondents, groups(GIVEN)[COMMUNES].territories) == (7, 4)
    assert (groups(GIVEN)[EPCI].respondents, groups(GIVEN)[EPCI].territories) == (3, 2)


def test_a_group_shows_something_from_the_threshold_on():
    # Three respondents for EPCI, one for pays, none for syndicats.
    assert [groups(PUBLIC)[f"groupe:{kind}"].enough for kind in ("epci", "pays", "syndicat")] == [True, False, False]
    assert [groups(GIVEN)[f"groupe:{kind}"].enough for kind in ("epci", "pays", "syndicat")] == [True, True, False]


def test_the_code_of_a_group_is_that_of_its_selection():
    for code, group in groups(GIVEN).items():
        assert group_code(group.selection) == code


@pytest.mark.parametrize(
    "selection",
    [
        Selection(roles=("elu",)),
        Selection(departements=("16", "17")),
        Selection(tailles=("commune-0-999",), departements=("16",)),
    ],
)
def test_other_selections_are_no_group(selection):
    with pytest.raises(ValueError, match="no group"):
        group_code(selection)


def test_codes_are_kept_in_order_once_and_four_at_most():
    asked = [EPCI, "16001", "99999", EPCI, "groupe:mairie", "groupe:", "", "pays:val-de-sevre", "16", COMMUNES]
    items = known(GIVEN, asked)
    assert [item.code for item in items] == [EPCI, "16001", "pays:val-de-sevre", "16"]
    assert [item.kind for item in items] == [GROUP, TERRITORY, TERRITORY, TERRITORY]
    assert len(items) == MOST
    assert known(GIVEN, []) == ()


@pytest.mark.shipped_region
def test_a_territory_says_whether_it_answered():
    items = known(GIVEN, ["16001", UNPUBLISHED, SILENT])
    assert [(item.standing, item.respondents) for item in items] == [
        ("publiee", 2), ("non-publiee", 1), ("sans-reponse", 0),
    ]  # fmt: skip


def test_a_structure_that_did_not_agree_to_be_named_is_unknown():
    people = GIVEN.respondents.copy()
    people.loc["r12", ["type", "territory", "nom"]] = ["autre", "autre:dupont", "Dupont"]
    assert known(replace(GIVEN, respondents=people), ["autre:dupont"]) == ()


def test_two_territories_of_one_name_are_told_apart():
    communes = load_reference().query("type == 'commune'")
    same = communes[communes.duplicated("nom", keep=False)].sort_values(["nom", "departement"])
    first, second = same.index[:2]
    nom, here, there = same.at[first, "nom"], same.at[first, "departement"], same.at[second, "departement"]
    assert here != there
    assert [item.name for item in known(GIVEN, [first, second])] == [f"{nom} ({here})", f"{nom} ({there})"]
    assert next(item.name for item in known(GIVEN, [first, COMMUNES])) == nom


def test_nothing_asked_shows_communes_and_epci():
    assert [item.code for item in side_by_side(GIVEN, ())] == [COMMUNES, EPCI]


@pytest.mark.shipped_region
def test_an_example_needs_respondents():
    nobody = replace(
        PUBLIC, respondents=PUBLIC.respondents[:0], values=PUBLIC.values[:0], states=PUBLIC.states[:0]
    )  # fmt: skip
    assert example(nobody) == ()
    items = known(nobody, [COMMUNES, "16001"])
    assert set(compare(nobody, items)["status"]) == {TOO_FEW, "sans-reponse", OPINION}


@pytest.mark.shipped_region
def test_a_territory_alone_stands_beside_its_closest_peers_that_show_something():
    # r01 to r04 and r06 are of communes under 1,000 inhabitants, as Abzac, the real 16001, is.
    (asked,) = known(PUBLIC, ["16001"])
    assert side_by_side(PUBLIC, (asked,)) == (asked, groups(PUBLIC)["groupe:commune-0-999"])
    # Nobody answered for a commune of 50,000 inhabitants; r01 to r05 did for communes of Charente.
    (angouleme,) = known(PUBLIC, ["16015"])
    assert [item.code for item in side_by_side(PUBLIC, (angouleme,))] == ["16015", "groupe:commune:16"]
    # Nobody answered in Bordeaux's size class nor for a commune of Gironde.
    (far,) = known(PUBLIC, [SILENT])
    assert [item.code for item in side_by_side(PUBLIC, (far,))] == [SILENT, COMMUNES]


@pytest.mark.shipped_region
@pytest.mark.parametrize(("code", "shown"), [("33", ["33"]), ("243300316", ["243300316", "groupe:epci"])])
def test_a_territory_whose_type_the_questionnaire_does_not_have_stays_alone(code, shown):
    """The small questionnaire of communes, EPCI and pays knows no département."""
    asked_otherwise = read_edition(
        other_world.export().encode(), parse_codebook(other_world.CODEBOOK.encode()), id="monde", title="Monde",
        simulated=False, collected="mars",
    )  # fmt: skip
    items = side_by_side(asked_otherwise, known(asked_otherwise, [code]))
    assert [item.code for item in items] == shown
    assert set(compare(asked_otherwise, items)["item"]) == {item.code for item in items}


def test_a_group_alone_stays_alone_and_two_items_stay_two():
    (group,) = known(GIVEN, [EPCI])
    assert side_by_side(GIVEN, (group,)) == (group,)
    pair = known(GIVEN, ["16001", "16003"])
    assert side_by_side(GIVEN, pair) == pair


# What is said of each.


def test_topics_are_those_of_the_questionnaire_facts_first():
    listed = [(topic.section, topic.key) for topic in topics(GIVEN)]
    assert listed == [
        (FACTS, ENGAGEMENT),
        (FACTS, "strategie"),
        ("themes", "themes/inclusion"),
        ("themes", "themes/sante"),
        (OPINIONS, "portage"),
        ("besoins", "besoins/ingenierie"),
        ("besoins", "besoins/financement"),
        ("besoins", "besoins/autre"),
    ]


def test_the_answer_told_of_a_group_is_that_of_the_rule_of_engagement():
    told = {topic.key: topic.options for topic in topics(GIVEN)}
    # More than half of the points of the question, or actions; the questionnaire lists strategies and themes from
    # the most to the least and the other way round without saying so.
    assert set(told["strategie"]) == {"mise-en-oeuvre", "formalisee"}
    assert set(told["themes/inclusion"]) == {"ponctuelles", "structurees"}


def test_a_question_outside_the_rule_is_told_by_the_upper_half_of_its_scale():
    unknown = Option("nsp", "Ne sait pas", dont_know=True)
    four = tuple(Option(code, code) for code in ("rien", "peu", "assez", "tout"))
    asked = asking(
        Question("envie", "scale", "?", "Envie", (*four, unknown)),
        Question("rang", "single", "?", "Rang", four[::-1], unit="territories", descending=True),
        Question("couleur", "single", "?", "Couleur", four, unit="territories"),
    )
    told = {topic.key: (topic.section, topic.options) for topic in topics(asked)}
    assert told == {
        "rang": (FACTS, ("tout", "assez")),
        "couleur": (FACTS, ()),
        "envie": (OPINIONS, ("tout", "assez")),
    }
    # Without a scale, each answer has its own share.
    assert figures(asked, Selection()).loc["couleur"].index.tolist() == ["rien", "peu", "assez", "tout", "divergentes"]


def test_groups_show_shares_counted_by_hand():
    _, rows = compared([COMMUNES, EPCI])
    # 16001 non, 16002 differs, 16003 ne sait pas, 17001 mise en œuvre; the first EPCI alone is formalised.
    formal = [line(rows, "strategie", code) for code in (COMMUNES, EPCI)]
    assert [(found["count"], found["base"], found["share"]) for found in formal] == [(1, 4, 0.25), (1, 2, 0.5)]
    acting = [line(rows, "themes/inclusion", code) for code in (COMMUNES, EPCI)]
    assert [(found["count"], found["base"]) for found in acting] == [(2, 3), (1, 2)]
    # All said « fort »; this questionnaire lists it first without saying that its scale goes down, and the rule of
    # engagement does not apply to a scale of two: « faible » is its upper half.
    most = [line(rows, "portage", code) for code in (COMMUNES, EPCI)]
    assert [(found["told"], found["count"], found["base"]) for found in most] == [
        (("Faible",), 0, 6),
        (("Faible",), 0, 2),
    ]
    assert all(0 <= found["low"] <= found["share"] <= found["high"] <= 1 for found in (*formal, *acting, *most))


def test_a_multiple_question_shows_what_one_of_the_groups_cites_most():
    _, rows = compared([COMMUNES, EPCI])
    needs = [topic for topic in dict.fromkeys(rows["topic"]) if topic.startswith("besoins")]
    # « Autre » was cited by nobody; « aucun » and « ne sait pas » are no needs.
    assert needs == ["besoins/ingenierie", "besoins/financement"]
    # r01, r02, r12 of r01, r02, r03, r05, r06, r12.
    found = line(rows, "besoins/financement", COMMUNES)
    assert (found["count"], found["base"]) == (3, 6)


def test_a_published_territory_shows_its_facts_and_no_opinion():
    _, rows = compared([SECOND, "16002", COMMUNES])
    assert line(rows, "strategie", SECOND)["status"] == "non"
    assert line(rows, "themes/inclusion", SECOND)["status"] == "absent"
    assert line(rows, "themes/sante", SECOND)["status"] == "sans-reponse"
    assert line(rows, "strategie", "16002")["status"] == "divergentes"
    opinions = rows[(rows["unit"] == "respondents") & (rows["item"] == SECOND)]
    assert len(opinions)
    assert set(opinions["status"]) == {OPINION}


@pytest.mark.parametrize("edition", [GIVEN, PUBLIC])
def test_an_unpublished_territory_shows_nothing(edition):
    # Of the two respondents of the first EPCI, one did not agree.
    for code in (UNPUBLISHED, FIRST):
        _, rows = compared([code, EPCI], edition)
        own = rows[rows["item"] == code]
        assert set(own.loc[own["unit"] == "territories", "status"]) == {"non-publiee"}
        assert set(own.loc[own["unit"] == "respondents", "status"]) == {OPINION}
        assert own[["count", "base", "share", "low", "high"]].isna().all(axis=None)


@pytest.mark.shipped_region
def test_a_territory_that_did_not_answer_says_so():
    _, rows = compared([SILENT, "16001"])
    assert set(rows.loc[rows["item"] == SILENT, "status"]) == {"sans-reponse"}
    # Without a group, there is nothing to say of opinions.
    assert set(rows["unit"]) == {"territories"}


def test_the_stage_is_named_for_a_territory_and_shared_for_a_group():
    # In public the strategy (6 points) and two themes (1 each) count. 16001: 0 + 1 of 8; second EPCI: 0 of 7.
    _, rows = compared(["16001", SECOND, COMMUNES], PUBLIC)
    assert [line(rows, ENGAGEMENT, code)["status"] for code in ("16001", SECOND)] == ["a-amorcer", "a-amorcer"]
    lines = rows[(rows["topic"] == ENGAGEMENT) & (rows["item"] == COMMUNES)]
    assert lines["answer"].tolist()[-1] == "indetermine"
    assert set(lines["base"]) == {4}
    assert all(lines["answer_label"])


def test_small_counts_of_a_group_are_hidden():
    _, rows = compared([COMMUNES, EPCI], PUBLIC)
    shown = rows[~rows["hidden"].astype(bool)]
    # Financement: three of six, whose rest is three too. All else is under three.
    assert [(found["topic"], found["item"], found["count"]) for found in shown.to_dict("records")] == [
        ("besoins/financement", COMMUNES, 3)
    ]  # fmt: skip
    hidden = rows[rows["hidden"].astype(bool)]
    assert hidden[["count", "share", "low", "high"]].isna().all(axis=None)


def test_a_group_under_the_threshold_shows_nothing():
    items, rows = compared(["groupe:pays", COMMUNES], PUBLIC)
    assert not items[0].enough
    own = rows[rows["item"] == "groupe:pays"]
    assert set(own["status"]) == {TOO_FEW}
    assert own[["count", "base", "share", "low", "high"]].isna().all(axis=None)


def test_an_edition_without_questions_to_compare_gives_no_line():
    asked = asking(Question("precisions", "text", "?", "Précisions"))
    rows = compare(asked, known(asked, [COMMUNES, "16001"]))
    assert rows.empty
    assert {"section", "topic", "item", "status", "share", "hidden"} <= set(rows)


# Differences.


def test_two_groups_without_common_members_have_differences():
    items, rows = compared([COMMUNES, EPCI])
    gaps = differences(GIVEN, items)
    assert gaps.loc[("strategie", ""), "difference"] == pytest.approx(0.25)
    assert gaps.loc[("themes/inclusion", ""), "difference"] == pytest.approx(1 / 2 - 2 / 3)
    assert gaps.loc[("portage", ""), "difference"] == 0
    assert gaps.loc[("strategie", ""), "base"] == 2
    known_gaps = gaps.dropna(subset=["difference"])
    assert (known_gaps["low"] <= known_gaps["difference"]).all()
    assert (known_gaps["difference"] <= known_gaps["high"]).all()
    assert list(gaps.index) == list(
        rows.loc[rows["item"] == EPCI, ["topic", "answer"]].itertuples(index=False, name=None)
    )


def test_the_margin_of_a_difference_is_made_of_those_of_the_two_shares():
    items, rows = compared([COMMUNES, EPCI])
    first, second = (line(rows, "strategie", code) for code in (COMMUNES, EPCI))
    low = 0.25 - ((second["share"] - second["low"]) ** 2 + (first["high"] - first["share"]) ** 2) ** 0.5
    assert differences(GIVEN, items).loc[("strategie", ""), "low"] == pytest.approx(low)


def test_a_difference_with_a_hidden_side_is_hidden():
    items, _ = compared([COMMUNES, EPCI], PUBLIC)
    gaps = differences(PUBLIC, items)
    assert gaps["hidden"].all()
    assert gaps[["difference", "low", "high"]].isna().all(axis=None)


@pytest.mark.parametrize(
    "codes",
    [
        [COMMUNES, "groupe:commune:16"],  # one within the other
        ["groupe:16", "groupe:17"],  # the second EPCI and the pays are in both
        [COMMUNES, EPCI, "groupe:pays"],
        [COMMUNES, "16001"],
        [COMMUNES],
    ],
)
def test_there_are_no_differences_otherwise(codes):
    items, _ = compared(codes)
    assert differences(GIVEN, items) is None


def test_there_are_no_differences_with_a_group_that_shows_nothing():
    items, _ = compared([COMMUNES, "groupe:pays"], PUBLIC)
    assert differences(PUBLIC, items) is None
