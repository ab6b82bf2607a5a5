"""Contacts are apart from answers and go at the end of their delay; pseudonyms say nothing without the secret."""

import hashlib
import hmac
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest

from lib.survey.retention import load_retention
from lib.survey.store import contacts
from lib.survey.store.contacts import contacts_of, pseudonym, pseudonyms, purge
from lib.survey.store.opening import Store
from lib.survey.store.schema import now
from tests.survey.store.world import written

GIVEN = pd.DataFrame(
    {"nom": ["Durand", None, " "], "courriel": ["a@exemple.fr", "b@exemple.fr", None]},
    index=pd.Index(["r01", "r02", "r03"], name="respondent", dtype="str"),
    dtype="str",
)


def test_contacts_come_back_and_those_of_nobody_are_not_kept(store: Store):
    written(store, contacts=GIVEN, kept_until=date(2026, 12, 31))
    found = contacts_of(store, "essai-2026")
    assert list(found.index) == ["r01", "r02"]
    assert found.loc["r01"].to_list() == ["Durand", "a@exemple.fr", date(2026, 12, 31)]
    assert pd.isna(found.at["r02", "nom"])
    assert contacts_of(store, "autre").empty


def test_they_are_kept_as_long_as_is_configured_and_replaced_by_the_next_ones(store: Store):
    written(store, contacts=GIVEN)
    until = now().date() + timedelta(days=load_retention().contacts_days)
    assert set(contacts_of(store, "essai-2026")["kept_until"]) <= {until, until - timedelta(days=1)}
    written(store)
    assert len(contacts_of(store, "essai-2026")) == 2
    written(store, contacts=GIVEN.iloc[:1])
    assert list(contacts_of(store, "essai-2026").index) == ["r01"]


def test_they_go_once_their_last_day_is_over(store: Store):
    written(store, contacts=GIVEN, kept_until=date(2026, 12, 31))
    assert purge(store, datetime(2026, 12, 31, 23, 59, tzinfo=UTC))["contacts"] == 0
    assert purge(store, datetime(2027, 1, 1, 0, 1, tzinfo=UTC))["contacts"] == 2
    assert contacts_of(store, "essai-2026").empty


def test_a_pseudonym_is_the_keyed_hash_of_the_identifier():
    expected = hmac.new(b"secret", b"42", hashlib.sha256).hexdigest()[:10]
    assert pseudonym(b"secret", "42") == f"r-{expected}"
    assert pseudonym(b"autre", "42") != pseudonym(b"secret", "42")


def test_pseudonyms_are_distinct_even_where_short_ones_would_not_be(monkeypatch: pytest.MonkeyPatch):
    assert pseudonyms(b"secret", ["1", "2"]) == [pseudonym(b"secret", "1"), pseudonym(b"secret", "2")]
    # Of more than sixteen, two share their first digit.
    monkeypatch.setattr(contacts.pseudonym, "__defaults__", (1,))
    known = pseudonyms(b"secret", map(str, range(17)))
    assert len(set(known)) == 17
    assert {len(name) for name in known} <= {3, 42}
    assert 42 in {len(name) for name in known}
