"""Shares of two editions of the small world, counted by hand, and published intervals of a difference."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lib.analysis.evolution import common_questions, common_rows, difference_of, evolution, options_of_one
from lib.analysis.intervals import wilson
from lib.analysis.selection import Selection
from lib.survey.codebook import Codebook, Option
from lib.survey.states import NOT_ANSWERED, VALUE
from tests import world

COLUMNS = [
    "label", "count", "base", "share", "low", "high",
    "earlier_count", "earlier_base", "earlier_share", "earlier_low", "earlier_high",
    "difference", "difference_low", "difference_high", "hidden",
]  # fmt: skip

# A year before: territories 16001 prevue, 16002 non, 16003 elaboration, 17001 formalisee, both EPCI non,
# département 16 formalisee.
BEFORE = {
    "r01": "prevue", "r02": "prevue", "r03": "non", "r04": "non", "r05": "elaboration", "r06": "formalisee",
    "r07": "non", "r08": "non", "r09": "non", "r10": "formalisee",
}  # fmt: skip
FORMAL = ("formalisee", "mise-en-oeuvre")


def answering(given, **changes):
    """Return the small world where `strategie` was answered as given, and by nobody else."""
    edition = world.edition()
    edition.values["strategie"] = pd.Series(given, dtype="str").reindex(edition.values.index)
    edition.states["strategie"] = np.where(edition.values["strategie"].notna(), VALUE, NOT_ANSWERED).astype("int8")
    return replace(edition, **changes)


def asking(edition, question_id, **changes):
    """Return an edition whose questionnaire words one question otherwise."""
    questions = tuple(
        replace(question, **changes) if question.id == question_id else question
        for question in edition.codebook.questions
    )
    return replace(edition, codebook=replace(edition.codebook, questions=questions))


def compared(later=None, earlier=None, question="strategie", **chosen):
    return evolution(
        later or world.edition(), earlier or answering(BEFORE), question, reference=world.reference(), **chosen
    )


def test_territories_count_once_in_each_edition():
    # Later: 16001 non, 16002 divergent, 16003 « ne sait pas », 17001 implemented, an EPCI formalised, the other non,
    # the département in progress.
    rows = compared()
    assert list(rows) == COLUMNS
    assert rows["base"].unique().tolist() == rows["earlier_base"].unique().tolist() == [7]
    assert rows["count"].to_dict() == {
        "mise-en-oeuvre": 1, "formalisee": 1, "elaboration": 1, "prevue": 0, "non": 2, "nsp": 1, "divergentes": 1,
    }  # fmt: skip
    assert rows["earlier_count"].to_dict() == {
        "mise-en-oeuvre": 0, "formalisee": 2, "elaboration": 1, "prevue": 1, "non": 3, "nsp": 0, "divergentes": 0,
    }  # fmt: skip
    assert rows.at["non", "difference"] == pytest.approx(2 / 7 - 3 / 7)
    assert not rows["hidden"].any()


def test_the_contract_of_a_difference():
    rows = compared()
    assert ((rows["difference_low"] <= rows["difference"]) & (rows["difference"] <= rows["difference_high"])).all()
    assert rows[["difference_low", "difference_high"]].abs().le(1).all(axis=None)


def test_respondents_when_asked_for():
    rows = compared(unit="respondents")
    assert rows.loc["non", ["count", "base", "earlier_count", "earlier_base"]].tolist() == [4, 11, 5, 10]


def test_some_options_together():
    # Formalised or implemented: 17001 and an EPCI, then 17001 and the département.
    rows = compared(options=FORMAL)
    assert rows[["count", "base", "earlier_count", "earlier_base", "difference"]].to_numpy().tolist() == [
        [2, 7, 2, 7, 0]
    ]


def test_a_selection_holds_for_both_editions():
    rows = compared(selection=Selection(types=("epci",)))
    assert rows.loc["non", ["count", "base", "earlier_count", "earlier_base"]].tolist() == [1, 2, 2, 2]
    # Both EPCI of the region answered both editions: each share, and so the difference, is exact.
    assert rows.loc["non", ["difference", "difference_low", "difference_high"]].tolist() == [-0.5, -0.5, -0.5]


def test_nobody_on_one_side_leaves_no_difference():
    rows = compared(earlier=answering({}))
    assert rows["earlier_base"].eq(0).all()
    assert rows[["difference", "difference_low", "difference_high"]].isna().all(axis=None)


def test_a_hidden_share_hides_the_difference():
    rows = compared(later=replace(world.edition(), threshold=3))
    # Each count but zero is under three, and every share of the later edition is hidden.
    assert rows["hidden"].all()
    assert rows[["difference", "difference_low", "difference_high"]].isna().all(axis=None)


def test_weighted_when_both_editions_can_be():
    later, earlier = world.edition(), answering(BEFORE)
    weight = later.respondents["territory"].map({world.FIRST: 0.5, world.SECOND: 1.5})
    chosen = Selection(types=("epci",), weighted=True)
    later.respondents["weight"] = weight
    # The earlier edition has no weights: like is compared with like.
    raw = compared(later, earlier, selection=chosen)
    assert raw.at["non", "difference"] == -0.5
    assert "effective_n" not in raw
    earlier.respondents["weight"] = weight
    rows = compared(later, earlier, selection=chosen)
    assert rows.loc["non", ["count", "base", "share", "earlier_share", "difference"]].tolist() == [1, 2, 0.75, 1, -0.25]
    # Kish: (0.5 + 1.5)² / (0.5² + 1.5²).
    assert rows["effective_n"].unique().tolist() == rows["earlier_effective_n"].unique().tolist() == [1.6]


def test_newcombe_s_published_intervals():
    """Newcombe (1998), Statistics in Medicine 17, 873–890, table II, method 10, cases (a) and (b)."""

    def frame(count, n):
        low, high = wilson(count, n)
        return pd.DataFrame({"share": [count / n], "low": [float(low)], "high": [float(high)]})

    for (count, n), (other, m), low, high in (
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
    ):
        found = [float(part[0]) for part in difference_of(frame(count, n), frame(other, m))]
        assert found == pytest.approx([count / n - other / m, low, high], abs=5e-5)


def test_only_what_both_editions_ask_is_common():
    later, earlier = world.edition(), world.edition()
    every = ["strategie", "portage", "besoins", "themes", "actions", "priorites"]
    assert list(common_questions(later, earlier)) == every
    without = replace(
        earlier,
        codebook=Codebook(
            "avant", "Avant", earlier.codebook.parts,
            tuple(question for question in earlier.codebook.questions if question.id != "besoins"),
        ),
    )  # fmt: skip
    assert "besoins" not in common_questions(later, without)
    assert "besoins" not in common_questions(without, later)
    assert "portage" not in common_questions(later, asking(earlier, "portage", kind="multiple"))
    assert "portage" not in common_questions(later, asking(earlier, "portage", options=(Option("x", "X"),)))
    assert "themes" not in common_questions(later, asking(earlier, "themes", rows=(Option("x", "X"),)))


def test_options_and_rows_of_one_edition_only_are_told_and_left_out():
    later = world.edition()
    before = (
        *(option for option in later.codebook["portage"].options if option.code != "nsp"),
        Option("moyen", "Moyen"),
    )
    earlier = asking(world.edition(), "portage", options=before)
    assert sorted(options_of_one(later, earlier, "portage")) == ["Moyen", "Ne sait pas"]
    assert list(compared(later, earlier, "portage").index) == ["fort", "faible"]
    earlier = asking(world.edition(), "themes", rows=(Option("sante", "La santé"),))
    assert common_rows(later, earlier, "themes") == {"sante": "Santé"}
    assert common_rows(later, earlier, "portage") == {}


def test_what_cannot_be_compared_is_refused():
    later, earlier = world.edition(), world.edition()
    with pytest.raises(KeyError, match="precisions"):
        evolution(later, earlier, "precisions")
    with pytest.raises(ValueError, match="rows"):
        evolution(later, earlier, "themes")
    with pytest.raises(KeyError, match="donnees"):
        evolution(later, earlier, "themes", row="donnees")
