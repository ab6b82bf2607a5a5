"""What is computed once for an edition: by edition and arguments, and no longer than the edition lives."""

import gc
from dataclasses import replace

import pandas as pd

from lib.survey.once import once_per_edition
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
