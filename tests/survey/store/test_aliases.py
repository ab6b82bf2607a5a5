"""A territory chosen once for a name is chosen again, whoever writes it how; who chose and when is kept."""

import pandas as pd
import pytest

from lib.survey.store.aliases import forget_alias, load_aliases, remember_aliases
from lib.survey.store.journal import read_journal
from lib.survey.store.opening import Store
from lib.survey.store.schema import now
from lib.territory.matching import match
from tests.survey.store.world import OTHER, WHO


def rows(*chosen: tuple[str | None, str, str]) -> pd.DataFrame:
    return pd.DataFrame(chosen, columns=["type", "declared", "code"], dtype="str")


def test_choices_come_back_with_who_and_when(store: Store):
    before = now()
    assert remember_aliases(store, rows(("commune", "St Jean", "16001"), (None, "Chez nous", "33063")), WHO, 2025) == 2
    known = load_aliases(store).set_index("declared")
    assert list(known.columns) == ["type", "code", "millesime", "at", "who"]
    assert known.loc["St Jean", ["type", "code", "millesime", "who"]].to_list() == ["commune", "16001", 2025, WHO]
    assert pd.isna(known.at["Chez nous", "type"])
    assert (known["at"] >= before).all()


def test_a_later_choice_replaces_an_earlier_one_however_the_name_is_written(store: Store):
    remember_aliases(store, rows(("commune", "SAINT-JEAN", "16001"), ("epci", "Saint Jean", "200000001")), WHO)
    remember_aliases(store, rows(("commune", "St Jean", "16002")), OTHER)
    known = load_aliases(store)
    assert sorted(zip(known["type"], known["code"], known["who"], strict=True)) == [
        ("commune", "16002", OTHER),
        ("epci", "200000001", WHO),
    ]


def test_a_choice_is_forgotten(store: Store):
    remember_aliases(store, rows((None, "Chez nous", "33063")), WHO)
    assert not forget_alias(store, "commune", "Chez nous", OTHER)
    assert forget_alias(store, None, "CHEZ NOUS", OTHER)
    assert load_aliases(store).empty
    assert list(load_aliases(store).columns) == ["type", "declared", "code", "millesime", "at", "who"]
    assert list(read_journal(store)["action"]) == ["correspondance oubliée", "correspondances retenues"]


@pytest.mark.shipped_region
def test_matching_takes_them(store: Store):
    remember_aliases(store, rows(("commune", "La Belle Endormie", "33063")), WHO)
    told = {"type": ["commune"], "nom": ["la belle endormie"], "code": [None], "membres": [None]}
    declared = pd.DataFrame(told)
    assert match(declared, aliases=load_aliases(store))["territory"].to_list() == ["33063"]
    assert match(declared)["territory"].isna().all()
