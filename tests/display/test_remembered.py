"""What was drawn lately: the same content is drawn once, whatever differs is drawn anew."""

from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pandas as pd
import pytest

from lib.display import remembered as module
from lib.display.remembered import content, remembered


def rows(**changes):
    columns = {"label": ["Oui", None], "share": [0.5, np.nan], "base": [10, 4], "hidden": [False, True]}
    return pd.DataFrame({**columns, **changes})


ALIKE = [rows(), rows().iloc[:], rows().assign(more=1).drop(columns="more")]
OTHERS = [
    rows(label=["Oui", "Non"]),
    rows(label=["Oui", ""]),
    rows(share=[0.5, 0.5]),
    rows(share=[0.25, np.nan]),
    rows(base=[10, 5]),
    rows(base=[10.0, 4.0]),
    rows(hidden=[True, True]),
    rows(more=[1, 2]),
    rows().rename(columns={"share": "part"}),
    rows().iloc[:1],
    rows().iloc[::-1],
    rows().set_axis(["a", "b"]),
    rows().rename_axis("code"),
]


@pytest.mark.parametrize("same", ALIKE)
def test_frames_that_hold_the_same_are_one(same):
    assert content(same) == content(rows())


@pytest.mark.parametrize("other", OTHERS)
def test_frames_that_differ_in_anything_are_not(other):
    assert content(other) != content(rows())


def test_functions_are_told_apart_by_what_they_were_given():
    def draw(rows, title, colours):
        return rows, title, colours

    first = partial(draw, title="a", colours={"Oui": "#004488"})
    assert content(first) == content(partial(draw, title="a", colours={"Oui": "#004488"}))
    assert content(first) != content(partial(draw, title="b", colours={"Oui": "#004488"}))
    assert content(first) != content(partial(draw, title="a", colours={"Oui": "#bb5566"}))


@pytest.fixture(autouse=True)
def _afresh():
    module.forget()
    yield
    module.forget()


def counter():
    calls = []

    @remembered
    def draw(*args, **kwargs):
        calls.append(args)
        return len(calls)

    return draw, calls


def test_what_was_drawn_is_not_drawn_again():
    draw, _ = counter()
    assert [draw(rows(), title="a"), draw(rows(), title="a"), draw(rows(), title="b"), draw(rows(base=[1, 2]))] == [
        1,
        1,
        2,
        3,
    ]


def test_what_was_drawn_longest_ago_is_forgotten_first(monkeypatch):
    monkeypatch.setattr(module, "LAST", 2)
    draw, calls = counter()
    for title in ("a", "b", "a", "c", "a", "b"):
        draw(title)
    assert [title for (title,) in calls] == ["a", "b", "c", "b"]


def test_what_nothing_tells_apart_is_drawn_every_time():
    @dataclass
    class Held:
        names: list = field(default_factory=list)

    draw, calls = counter()
    assert [draw(Held()), draw(Held())] == [1, 2]
    assert len(calls) == 2
