"""Divergent territories of `tests.world`: 16002 on its strategy and on inclusion, 16001 on its actions."""

from dataclasses import replace

from lib.analysis.divergence import divergence, fact_questions
from tests import world

EXPECTED = [
    ("16002", "Belval", "strategie", (), True),
    ("16002", "Belval", "themes", ("inclusion",), True),
    ("16001", "Aunay", "actions", ("inclusion",), True),
]


def lines(edition):
    return list(divergence(edition).itertuples(index=False, name=None))


def test_opinions_are_no_facts():
    assert [question.id for question in fact_questions(world.edition())] == ["strategie", "themes", "actions"]


def test_each_territory_once_a_question_and_the_rows_on_which_they_differ():
    # 16001 knows about its strategy although one of its respondents does not; both EPCI's agree.
    assert lines(world.edition()) == EXPECTED


def test_two_rows_of_one_array_are_one_line():
    edition = world.edition()
    edition.values.loc[["r03", "r04"], "themes/sante"] = ["absent", "structurees"]
    assert lines(edition)[1] == ("16002", "Belval", "themes", ("inclusion", "sante"), True)


def test_one_refusal_is_enough_to_leave_a_territory_unnamed():
    edition = world.edition()
    edition.respondents.loc["r04", "publishable"] = False
    assert [line[4] for line in lines(edition)] == [False, False, True]


def test_nobody_differs_where_each_territory_has_one_respondent():
    edition = world.edition()
    single = edition.respondents.drop_duplicates("territory").index
    alone = replace(
        edition,
        respondents=edition.respondents.loc[single],
        values=edition.values.loc[single],
        states=edition.states.loc[single],
    )
    found = divergence(alone)
    assert found.empty
    assert found.columns.tolist() == ["territory", "nom", "question", "rows", "published"]
