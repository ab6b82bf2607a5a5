"""The table of what was found odd: all of it when it is short, the first rows and a count when it is long."""

import pytest

from lib.survey.issues import MOST_KEPT, Findings, issue_table


def test_issues_are_listed_by_row():
    findings = Findings()
    findings.add(7, "Nom", "Pau", "Inconnu.")
    findings.add_rows([3, 9], "Type", ["a", "b"], "Hors liste.")
    other = Findings()
    other.add(4, "", "", "Autre.")
    table = issue_table(findings, other)
    assert table["row"].tolist() == [3, 4, 7, 9]
    assert table["value"].tolist() == ["a", "", "Pau", "b"]


@pytest.mark.parametrize(("more", "said"), [(0, None), (1, "(… et une autre ligne)"), (19_900, "(… et 19900 autres")])
def test_one_problem_of_one_column_is_kept_a_hundred_times_then_counted(more, said):
    findings = Findings()
    findings.add_rows(range(2, 2 + MOST_KEPT + more), "Type", ["x"] * (MOST_KEPT + more), "Hors liste.")
    findings.add(2, "Nom", "", "Hors liste.")
    table = issue_table(findings)
    assert len(table) == MOST_KEPT + 1 + bool(more)
    if more:
        last = table.iloc[-1]
        # Rows 2 to 101 are kept: the count stands on the next one, without a value.
        assert (last["row"], last["column"], last["value"]) == (2 + MOST_KEPT, "Type", "")
        assert said in last["problem"]


def test_no_issue_is_an_empty_table_with_its_columns():
    assert list(issue_table(Findings()).columns) == ["row", "column", "value", "problem", "rows"]
    assert issue_table().empty
