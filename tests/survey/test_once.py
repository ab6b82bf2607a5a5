"""What is computed once for an edition: by edition and arguments, and no longer than the edition lives."""

import gc
from dataclasses import replace

import pandas as pd
import pytest

from lib.survey import once
from lib.survey.once import lately, once_per_edition
from tests import world


def counter():
    calls = []

    @once_per_edition
    def counted(edition, *args, **kwargs):
        calls.append((edition.id, args, kwargs))
        return len(calls)

    return counted, calls


def test_the_same_question_of_the_same_edition_is_answered_once():
    counted, calls = counter()
    edition = world.edition()
    assert [counted(edition, "a"), counted(edition, "a"), counted(edition, "b"), counted(edition, by="a")] == [
        1,
        1,
        2,
        3,
    ]
    assert len(calls) == 3


def test_another_edition_has_answers_of_its_own():
    counted, _ = counter()
    edition = world.edition()
    assert [counted(edition), counted(replace(edition, title="Autre")), counted(edition)] == [1, 2, 1]


def test_what_cannot_be_a_key_is_computed_every_time():
    counted, _ = counter()
    edition = world.edition()
    assert [counted(edition, pd.DataFrame()), counted(edition, pd.DataFrame())] == [1, 2]


def test_nothing_outlives_its_edition():
    @once_per_edition
    def kept(edition):
        return pd.DataFrame({"a": [1]})

    edition = world.edition()
    kept(edition)
    results = kept.__wrapped__, kept.__closure__
    (memory,) = [cell.cell_contents for cell in results[1] if hasattr(cell.cell_contents, "keyrefs")]
    assert len(memory) == 1
    del edition
    gc.collect()
    assert len(memory) == 0


@pytest.fixture
def asked():
    """Give a function that is remembered lately, and the arguments with which it really ran."""
    once.forget()
    calls = []

    @lately
    def counted(edition, question, by=None):
        calls.append((question, by))
        return len(calls)

    yield counted, calls
    once.forget()


def test_what_was_asked_lately_is_not_computed_again(asked):
    counted, calls = asked
    edition = world.edition()
    assert [counted(edition, "a"), counted(edition, "a", None), counted(edition, question="a", by=None)] == [1, 1, 1]
    assert [counted(edition, "a", "type"), counted(replace(edition, title="Autre"), "a")] == [2, 3]
    assert calls == [("a", None), ("a", "type"), ("a", None)]


def test_what_was_asked_longest_ago_is_forgotten_first(asked, monkeypatch):
    monkeypatch.setattr(once, "LAST", 2)
    counted, calls = asked
    edition = world.edition()
    for question in ("a", "b", "a", "c", "a", "b"):
        counted(edition, question)
    assert [question for question, _ in calls] == ["a", "b", "c", "b"]


def test_a_failure_is_not_kept(asked):
    @lately
    def failing(edition, question):
        raise KeyError(question)

    edition = world.edition()
    for _ in range(2):
        with pytest.raises(KeyError, match="a"):
            failing(edition, "a")


def test_the_last_results_go_with_their_edition(asked):
    counted, _ = asked
    edition = world.edition()
    counted(edition, "a")
    assert len(once._LATELY) == 1
    del edition
    gc.collect()
    assert len(once._LATELY) == 0
