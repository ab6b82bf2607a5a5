"""The search of a respondent, by territory or by identifier, in a world of four."""

import pandas as pd
import pytest

from lib.survey.respondents import find_respondents

RESPONDENTS = pd.DataFrame(
    {
        "territory": ["33063", "33063", "pays:aunis", pd.NA],
        "nom": ["Bordeaux", "Bordeaux", "Pays d’Aunis", pd.NA],
        "declared": ["Mairie de BORDEAUX", "bordeaux", "PAYS D'AUNIS", "Ville imaginaire"],
        "role": ["elu", "agent", pd.NA, "elu"],
        "complete": True,
    },
    index=pd.Index(["r-1", "r-2", "r-3", "r-4"], name="respondent"),
).astype({"territory": "str", "nom": "str", "role": "str"})


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("Bordeaux", ["r-1", "r-2"]),
        ("mairie", ["r-1"]),
        ("33063", ["r-1", "r-2"]),
        ("Aunis", ["r-3"]),
        ("ville IMAGINAIRE", ["r-4"]),
        (" r-4 ", ["r-4"]),
        ("Pau", []),
        ("", []),
        ("’", []),
    ],
)
def test_people_are_found_by_territory_or_by_identifier(asked, found):
    rows = find_respondents(RESPONDENTS, asked)
    assert list(rows.index) == found
    assert list(rows.columns) == ["territory", "nom", "declared", "role", "complete"]
