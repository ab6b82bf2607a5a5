from dataclasses import replace

import pandas as pd
import pytest

from lib.analysis.facts import divergences, facts, respondents_by_territory, status
from lib.survey.consent import publishable
from lib.survey.edition import Edition
from lib.survey.states import NOT_ANSWERED
from tests import world
from tests.world import FIRST, SECOND

PAYS = "pays:val-de-sevre"


def written(series: pd.Series) -> dict[str, str | None]:
    return {str(code): None if pd.isna(value) else str(value) for code, value in series.items()}


def keeping(edition: Edition, *respondents: str) -> Edition:
    kept = list(respondents)
    return replace(
        edition,
        respondents=edition.respondents.loc[kept],
        values=edition.values.loc[kept],
        states=edition.states.loc[kept],
    )


def test_one_fact_per_territory() -> None:
    assert written(facts(world.edition(), "strategie")) == {
        "16001": "non",  # the other respondent does not know
        "16002": "divergentes",  # formalised, says one; none, says the other
        "16003": "nsp",  # nobody knows
        "17001": "mise-en-oeuvre",
        FIRST: "formalisee",  # both respondents agree
        SECOND: "non",
        "16": "elaboration",
        PAYS: None,  # answered other questions only
    }


def test_facts_of_a_row_of_an_array() -> None:
    found = written(facts(world.edition(), "themes/inclusion"))
    assert found["16001"] == "ponctuelles"
    assert found["16002"] == "divergentes"
    assert found["16003"] is None
    assert written(facts(world.edition(), "themes/sante"))["16001"] == "absent"


def test_facts_of_one_option_of_a_multiple_question() -> None:
    found = written(facts(world.edition(), "besoins/ingenierie"))
    assert {code: found[code] for code in ("16001", "16002", FIRST, SECOND)} == {
        "16001": "divergentes",
        "16002": "0",
        FIRST: "1",
        SECOND: None,
    }
    assert written(facts(world.edition(), "actions/inclusion/diagnostic"))["16001"] == "1"
    assert written(facts(world.edition(), "actions/inclusion/formation"))["16001"] == "divergentes"


def test_not_knowing_is_set_aside_in_a_multiple_question() -> None:
    edition = world.edition()
    ticked = edition.values.copy()
    states = edition.states.copy()
    # r02 now says « ne sait pas » beside r01, who needs engineering and money.
    ticked.loc["r02", ["besoins/financement", "besoins/nsp"]] = [None, "1"]
    states.loc["r02", ["besoins/financement", "besoins/nsp"]] = [1, 0]
    changed = replace(edition, values=ticked, states=states)
    assert written(facts(changed, "besoins/ingenierie"))["16001"] == "1"
    assert written(facts(changed, "besoins/nsp"))["16001"] == "0"


def test_status_says_why_a_fact_is_not_shown() -> None:
    assert written(status(world.edition(), "strategie")) == {
        "16001": "non",
        "16002": "divergentes",
        "16003": "nsp",
        "17001": "non-publiee",
        FIRST: "non-publiee",  # one of the two respondents refused
        SECOND: "non",
        "16": "elaboration",
        PAYS: "sans-reponse",
    }
    # Whether a territory that refused publication answered a question is not published either.
    assert status(world.edition(), "actions/inclusion/aucune")["17001"] == "non-publiee"


def test_an_opinion_is_never_shown_by_name() -> None:
    with pytest.raises(ValueError, match="besoins/ingenierie"):
        status(world.edition(), "besoins/ingenierie")


@pytest.mark.parametrize("column", ["priorites/1", "precisions"])
def test_a_territory_declares_no_fact_in_a_ranking_or_a_text(column: str) -> None:
    with pytest.raises(ValueError, match=column):
        facts(world.edition(), column)


@pytest.mark.parametrize("column", ["couleur", "themes/energie", "besoins/or"])
def test_an_unknown_column_is_refused(column: str) -> None:
    with pytest.raises(KeyError):
        facts(world.edition(), column)


def test_a_territory_is_publishable_when_every_respondent_agreed() -> None:
    found = publishable(world.edition().respondents)
    assert found[found].index.tolist() == ["16001", "16002", "16003", SECOND, "16", PAYS]
    assert found[~found].index.tolist() == ["17001", FIRST]


def test_respondents_by_territory_leave_out_the_unrecognised() -> None:
    found = respondents_by_territory(world.edition().respondents)
    assert found.to_dict() == {
        "16001": 2,
        "16002": 2,
        "16003": 1,
        "17001": 1,
        FIRST: 2,
        SECOND: 1,
        "16": 1,
        PAYS: 1,
    }


def test_divergences_are_listed_for_staff() -> None:
    edition = world.edition()
    assert divergences(edition, edition.codebook["strategie"]).to_dict("records") == [
        {
            "territory": "16002",
            "nom": "Belval",
            "column": "strategie",
            "answers": ("formalisee", "non"),
            "respondents": 2,
        }
    ]
    assert divergences(edition, edition.codebook["themes"])["column"].tolist() == ["themes/inclusion"]
    assert divergences(edition, edition.codebook["actions"])["column"].tolist() == ["actions/inclusion/formation"]
    assert divergences(edition, edition.codebook["portage"]).empty


def test_not_knowing_is_no_divergence() -> None:
    edition = world.edition()
    assert "16001" not in divergences(edition, edition.codebook["strategie"])["territory"].tolist()


def test_one_respondent_states_a_fact() -> None:
    assert written(facts(keeping(world.edition(), "r04"), "strategie")) == {"16002": "non"}


def test_nobody_states_nothing() -> None:
    nobody = keeping(world.edition())
    assert facts(nobody, "strategie").empty
    assert status(nobody, "themes/inclusion").empty
    assert publishable(nobody.respondents).empty
    assert divergences(nobody, nobody.codebook["actions"]).empty


def test_a_question_nobody_answered_has_no_facts() -> None:
    edition = world.edition()
    blank = replace(
        edition,
        values=edition.values.assign(strategie=pd.Series(pd.NA, index=edition.values.index, dtype="str")),
        states=edition.states.assign(strategie=NOT_ANSWERED),
    )
    assert facts(blank, "strategie").isna().all()
    assert set(status(blank, "strategie")) == {"sans-reponse", "non-publiee"}
