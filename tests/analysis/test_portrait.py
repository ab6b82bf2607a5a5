"""Facts, position, agreement of one territory, by hand on `tests.world`; then all the territories of the region."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lib.analysis.divergence import fact_questions
from lib.analysis.facts import UNPUBLISHED, status
from lib.analysis.portrait import agreement, around, completeness, declared, position
from lib.analysis.selection import EVERYBODY, Selection
from lib.analysis.shares import shares
from lib.analysis.territories import describe, peer_groups, structures
from lib.survey.edition import load_edition
from lib.survey.exchange import exchanged
from lib.survey.questionnaire import Question
from lib.survey.states import NOT_ANSWERED, NOT_ASKED
from lib.territory.reference import load_reference
from tests import world
from tests.world import FIRST, SECOND

REFERENCE = world.reference()
COMMUNES = Selection(types=("commune",))


def described(code, edition=None):
    return describe(edition or world.edition(), code, REFERENCE)


def said(facts):
    return dict(zip(facts["question"] + "/" + facts["row"], facts["status"], strict=True))


def test_a_territory_declares_the_facts_on_which_its_respondents_agree():
    # r01 says non, r02 ne sait pas: the one who knows is followed. Diagnostic by both, formation by one of them only.
    assert said(declared(world.edition(), described("16001"))) == {
        "strategie/": "non",
        "themes/inclusion": "ponctuelles",
        "themes/sante": "absent",
        "actions/inclusion": "diagnostic divergentes",
        "actions/sante": "sans-reponse",
    }


def test_facts_are_said_in_french():
    facts = declared(world.edition(), described("16001")).set_index(["question", "row"])
    assert facts.loc[("strategie", ""), ["topic", "answer"]].tolist() == ["Stratégie", "Non"]
    assert facts.loc[("themes", "inclusion"), ["topic", "answer"]].tolist() == ["Inclusion numérique", "Ponctuelles"]
    assert facts.loc[("actions", "inclusion"), ["topic", "answer"]].tolist() == [
        "Actions\u202f: Inclusion numérique",
        "Diagnostic\u202f; Réponses divergentes",
    ]
    assert facts.loc[("actions", "sante"), "answer"] == "Pas de réponse"


def test_answers_that_differ_are_divergent():
    # r03 says formalisée, r04 non.
    assert said(declared(world.edition(), described("16002")))["strategie/"] == "divergentes"


def test_a_row_that_the_form_hid_is_not_counted_as_unanswered():
    edition = world.edition()
    edition.states.loc[["r01", "r02"], [column for column in edition.states if column.startswith("actions/sante/")]] = (
        NOT_ASKED
    )
    facts = declared(edition, described("16001", edition))
    assert said(facts)["actions/sante"] == "non-posee"
    assert completeness(facts) == (4, 4)
    assert completeness(declared(world.edition(), described("16001"))) == (4, 5)


@pytest.mark.parametrize("code", [FIRST, "17001", "16004"])
def test_nothing_is_declared_by_name_without_the_agreement_of_all(code):
    edition = world.edition()
    assert declared(edition, described(code)).empty
    assert position(edition, described(code), EVERYBODY).empty


def asking(*questions):
    """Return the world with questions in the place of those of the same id, or after them: nobody answers these."""
    edition = world.edition()
    changed = {question.id: question for question in questions}
    kept = tuple(changed.pop(question.id, question) for question in edition.codebook.questions)
    columns = [column for question in changed.values() for column in question.columns]
    blank = pd.DataFrame(pd.NA, index=edition.values.index, columns=columns, dtype="str")
    return replace(
        edition,
        codebook=replace(edition.codebook, questions=(*kept, *changed.values())),
        values=edition.values.join(blank),
        states=edition.states.join(blank.isna().astype("int8") * NOT_ANSWERED),
    )


def descending():
    """Return the world where the answers on the strategy are said to go from the most to the least."""
    return asking(replace(world.codebook()["strategie"], descending=True))


def test_position_is_the_share_of_peers_that_say_the_same_less_or_more():
    # Communes: 16001 non, 16002 divergentes, 17001 mise en œuvre, 16003 ne sait pas: four answer.
    edition = descending()
    row = position(edition, described("16001", edition), COMMUNES).iloc[0]
    assert row["topic"] == "Stratégie"
    assert row[["same", "less", "more", "unknown", "base"]].tolist() == [0.25, 0, 0.25, 0.5, 4]
    # Inclusion, whose scale goes up: 16001 ponctuelles, 16002 divergentes, 17001 structurees; 16003 says nothing.
    row = position(edition, described("16001", edition), COMMUNES).iloc[1]
    assert row[["same", "less", "more", "unknown", "base"]].tolist() == pytest.approx([1 / 3, 0, 1 / 3, 1 / 3, 3])


def test_answers_without_an_order_are_neither_less_nor_more():
    # Nothing says that the answers on the strategy go from the least to the most: they may be names of services.
    row = position(world.edition(), described("16001"), COMMUNES).iloc[0]
    assert row[["same", "unknown", "base"]].tolist() == [0.25, 0.5, 4]
    assert np.isnan(row[["less", "more"]].to_numpy(dtype=float)).all()


def test_a_ranking_or_a_text_on_facts_is_no_fact_that_a_portrait_tells():
    ranked = replace(world.codebook()["priorites"], unit="territories")
    written = Question("remarque", "text", "Une remarque ?", "Remarque", unit="territories")
    edition = asking(ranked, written)
    assert declared(edition, described("16001")).equals(declared(world.edition(), described("16001")))
    assert position(edition, described("16001"), COMMUNES)["question"].isin(["strategie", "themes"]).all()
    beside = around(edition, described("16001"), REFERENCE)
    assert agreement(edition, described("16001"), beside)["topic"].tolist() == [
        "Stratégie", "Inclusion numérique", "Santé",
    ]  # fmt: skip


def test_position_is_not_said_of_an_answer_outside_the_scale():
    row = position(world.edition(), described("16002"), COMMUNES).iloc[0]
    assert row["status"] == "divergentes"
    assert np.isnan(row[["same", "less", "more", "unknown"]].to_numpy(dtype=float)).all()


def test_a_hidden_share_hides_every_sum_it_is_part_of():
    public = replace(world.edition(), threshold=3)
    row = position(public, described("16001", public), COMMUNES).iloc[0]
    assert np.isnan(row["same"])
    assert np.isnan(row["less"])
    assert np.isnan(row["unknown"])


def test_a_commune_stands_with_its_epci_and_the_communes_of_it():
    edition = world.edition()
    beside = around(edition, described("16003"), REFERENCE)
    assert beside.whole.code == FIRST
    assert [member.code for member in beside.members] == ["16001", "16002", "16003"]
    assert beside.existing == 3
    assert [each.code for each in beside.wider] == ["pays:val-de-sevre"]


def test_members_are_in_the_order_of_their_names_accents_aside():
    renamed = REFERENCE.assign(nom=REFERENCE["nom"].replace({"Aunay": "Échiré", "Cherval": "Zédac"}))
    edition = world.edition()
    beside = around(edition, describe(edition, FIRST, renamed), renamed)
    assert [member.nom for member in beside.members] == ["Belval", "Échiré", "Zédac"]


def test_members_that_may_be_named_come_first():
    beside = around(world.edition(), described(SECOND), REFERENCE)
    assert [(member.code, member.published) for member in beside.members] == [("17001", False)]
    assert beside.existing == 3
    pays = around(world.edition(), described("pays:val-de-sevre"), REFERENCE)
    assert [member.code for member in pays.members] == [SECOND, FIRST]
    assert [member.code for member in around(world.edition(), described("16"), REFERENCE).members] == [SECOND, FIRST]


def test_a_commune_without_epci_stands_alone():
    alone = REFERENCE.assign(epci=None)
    beside = around(world.edition(), describe(world.edition(), "16003", alone), alone)
    assert (beside.whole, beside.members, beside.existing) == (None, (), 0)
    assert agreement(world.edition(), described("16003"), beside).empty


def test_agreement_counts_members_that_answer_and_may_be_named():
    edition = world.edition()
    edition.respondents.loc[["r08", "r06"], "publishable"] = True
    territory = described("16001", edition)
    rows = agreement(edition, territory, around(edition, territory, REFERENCE)).set_index("topic")
    # The EPCI says formalisée, 16001 non; 16002 differ between themselves and 16003 do not know: not compared.
    assert rows.loc["Stratégie"].tolist() == ["Non", "Formalisee", False, 0, 1]
    # Inclusion: the EPCI says structurées, 16001 ponctuelles, 16002 differ.
    assert rows.loc["Inclusion numérique"].tolist() == ["Ponctuelles", "Structurees", False, 0, 1]
    # The EPCI did not answer on health.
    assert rows.loc["Santé", ["whole", "same", "compared"]].tolist() == ["Pas de réponse", 0, 0]
    assert pd.isna(rows.loc["Santé", "alike"])


@pytest.mark.parametrize(
    ("commune", "epci", "alike"),
    [
        ("formalisee", "formalisee", True),
        ("non", "formalisee", False),
        ("nsp", "nsp", None),  # neither knows: they do not say the same
        (None, None, None),
        ("nsp", "non", None),
    ],
)
def test_two_silences_are_no_agreement(commune, epci, alike):
    edition = world.edition()
    edition.values.loc[["r01", "r02", "r09"], "strategie"] = [commune, commune, epci]
    territory = described("16001", edition)
    beside = replace(around(edition, territory, REFERENCE), whole=described(SECOND, edition))
    found = agreement(edition, territory, beside).set_index("topic").at["Stratégie", "alike"]
    assert pd.isna(found) if alike is None else found is alike


def test_respondents_who_differ_agree_with_nobody():
    edition = world.edition()
    edition.respondents.loc["r08", "publishable"] = True
    # r07 and r08, of the EPCI, differ, and so do r03 and r04, of 16002.
    edition.values.loc["r08", "strategie"] = "non"
    territory = described("16002", edition)
    rows = agreement(edition, territory, around(edition, territory, REFERENCE)).set_index("topic")
    assert rows.loc["Stratégie", ["own", "whole", "same", "compared"]].tolist() == [
        "Réponses divergentes", "Réponses divergentes", 0, 0,
    ]  # fmt: skip
    assert pd.isna(rows.at["Stratégie", "alike"])


def test_a_member_that_may_not_be_named_is_counted_with_nobody():
    # 17001, the only commune of the second EPCI that answered, did not agree. Once it does, it is the only one.
    edition = world.edition()
    epci = described(SECOND, edition)
    assert agreement(edition, epci, around(edition, epci, REFERENCE))["compared"].tolist() == [0, 0, 0]
    edition = world.edition()
    edition.respondents.loc["r06", "publishable"] = True
    rows = agreement(edition, epci, around(edition, epci, REFERENCE)).set_index("topic")
    # Mise en œuvre and non; structurées and absent.
    assert rows[["same", "compared"]].to_numpy().tolist() == [[0, 1], [0, 1], [0, 0]]


def test_an_epci_that_may_not_be_named_is_compared_with_nobody():
    edition = world.edition()
    territory = described("16001")
    rows = agreement(edition, territory, around(edition, territory, REFERENCE))
    assert rows["whole"].isna().all()
    assert rows["compared"].sum() == 0


def test_a_commune_that_did_not_answer_reads_what_its_epci_says():
    territory = described("16004")
    rows = agreement(world.edition(), territory, around(world.edition(), territory, REFERENCE)).set_index("topic")
    assert rows["own"].isna().all()
    assert rows.loc["Stratégie", "whole"] == "Non"


def test_without_any_answer_to_show_there_is_nothing_to_compare():
    edition = world.edition()
    edition.respondents.loc["r09", "publishable"] = False
    territory = described("16004", edition)
    assert agreement(edition, territory, around(edition, territory, REFERENCE)).empty


PUBLIC = exchanged(load_edition())


def everybody():
    return [*load_reference(PUBLIC.millesime).index, *structures(PUBLIC)]


@pytest.mark.shipped_region
def test_every_territory_of_the_region_has_a_portrait():
    """All the communes, EPCI and départements, and the structures that answered, with or without an answer."""
    codes = everybody()
    assert len(codes) > 4293 + 156 + 12
    told = dict.fromkeys(("publiee", "non-publiee", "sans-reponse"), 0)
    for code in codes:
        territory = describe(PUBLIC, code)
        told[territory.standing] += 1
        beside = around(PUBLIC, territory)
        agreement(PUBLIC, territory, beside)
        groups = peer_groups(PUBLIC, territory)
        assert groups
        facts = declared(PUBLIC, territory)
        assert facts.empty != territory.published
        for _, peers in groups.values():
            placed = position(PUBLIC, territory, peers)
            assert placed.empty != territory.published
            sums = placed[["same", "less", "more", "unknown"]].sum(axis=1, skipna=False).dropna()
            assert np.allclose(sums, 1)
    assert min(told.values()) > 100


def test_what_a_portrait_names_is_what_the_map_shows():
    """Another way to the same facts, read one column at a time."""
    questions = [question for question in fact_questions(PUBLIC) if question.kind in ("single", "array")]
    columns = [column for question in questions for column in question.columns]
    shown = {column: status(PUBLIC, column) for column in columns}
    for code in PUBLIC.respondents["territory"].dropna().unique():
        if all(shown[column][code] == UNPUBLISHED for column in columns):
            continue
        facts = declared(PUBLIC, describe(PUBLIC, code))
        for fact in facts[facts["question"].isin([question.id for question in questions])].itertuples():
            column = f"{fact.question}/{fact.row}" if fact.row else fact.question
            assert fact.status == shown[column][code]


@pytest.mark.shipped_region
def test_the_position_on_one_theme_adds_up_the_shares_of_the_page_of_themes():
    territory = describe(PUBLIC, "243300316")
    peers = Selection(types=("epci",))
    row = position(PUBLIC, territory, peers).set_index("row").loc["infrastructures"]
    found = shares(PUBLIC, "themes", peers, row="infrastructures")["share"]
    assert row["status"] == "ponctuelles"
    assert row["less"] == pytest.approx(found["absent"] + found["reflexion"])
    assert row["more"] == pytest.approx(found["structurees"])
