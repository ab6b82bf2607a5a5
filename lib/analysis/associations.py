"""What goes with what: an outcome under two conditions, and the answers of two roles, compared.

Differences and ratios of shares of respondents, with their intervals. An association is no cause, and the
page says so; formulas come from `contrasts` and `intervals`.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.analysis.answers import Block, cluster_codes, read_answers
from lib.analysis.contrasts import difference_interval, ratio_interval
from lib.analysis.disclosure import hidden_cells, hide
from lib.analysis.intervals import Floats, clustered_n, wilson
from lib.analysis.selection import EVERYBODY, Selection, members
from lib.analysis.tabulation import parts
from lib.survey.edition import Edition
from lib.survey.once import lately
from lib.survey.published import Conditions, Factor

NEITHER, BOTH = "aucune", "ensemble"
NEITHER_LABEL, BOTH_LABEL = "Aucune des deux conditions", "Les deux conditions"

CONTRAST = (
    "label", "count", "base", "share", "other_count", "other_base", "other_share",
    "difference", "low", "high", "ratio", "ratio_low", "ratio_high", "hidden",
)  # fmt: skip
"""Columns of a comparison: those compared, the others, the difference and the ratio of their shares, and
whether all of it is hidden but the two bases."""


@lately
def conditions(edition: Edition, crossed: Conditions, selection: Selection = EVERYBODY) -> pd.DataFrame:
    """Return the share of respondents with the outcome in each of the four groups that two conditions make.

    Parameters
    ----------
    edition, selection
        Who is counted: selected respondents on one side of the outcome and of both conditions. Who gave no
        answer, or one on neither side of a factor, is left out.
    crossed
        The outcome and the two conditions.

    Returns
    -------
    DataFrame
        Columns label, count, base, share, low, high (fractions 0–1, NaN where the base is 0), hidden;
        indexed by group: `aucune`, the id of the first condition's question (it alone), that of the second,
        `ensemble`. All four are there. The interval is Wilson's on the effective number of respondents.
        Where `hidden`, a count too small for the edition's threshold, or one that would give it back:
        count, share and interval are NaN.

    Raises
    ------
    KeyError
        If a question or an option is not in the questionnaire.
    ValueError
        If a question is not one to which a single answer is given.
    """
    had, known, sides = _sides(edition, crossed)
    (first, no_first), (second, no_second) = sides
    one, two = crossed.factors
    groups = {
        NEITHER: (NEITHER_LABEL, no_first & no_second),
        one.question: (f"{one.label} seulement", first & no_second),
        two.question: (f"{two.label} seulement", no_first & second),
        BOTH: (BOTH_LABEL, first & second),
    }
    selected = selection.mask(edition.respondents).to_numpy() & known
    counted = np.column_stack([own for _, own in groups.values()]) & selected[:, None]
    count, base, effective = _counted(had[:, None], counted, cluster_codes(edition))
    share = _divided(count, base)
    low, high = wilson(np.nan_to_num(share) * effective, effective)
    rows = pd.DataFrame(
        {
            "label": pd.array([label for label, _ in groups.values()], dtype="str"),
            "count": count,
            "base": base.astype(int),
            "share": share,
            "low": low,
            "high": high,
        },
        index=pd.Index(list(groups), name="group"),
    )
    return hide(rows, hidden_cells(count[:, None], base[:, None], edition.threshold))


@lately
def effects(
    edition: Edition,
    crossed: Conditions,
    selection: Selection = EVERYBODY,
    by: str | None = None,
    reference: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return how much more often the outcome is declared with each condition than without it, and with both.

    Parameters
    ----------
    edition, crossed, selection
        As in `conditions`. Each condition is compared among those who are on one side of it, whatever they
        answered about the other; both together are compared with neither.
    by
        Dimension to break down by: type, taille, departement or role. A respondent of several
        départements counts in each.
    reference
        List of territories, which names the départements; that of the region by default.

    Returns
    -------
    DataFrame
        The columns of `CONTRAST`, indexed by the id of each condition's question then `ensemble`, under
        the group (level named `by`) where there is one. label, count, base, share are of those with the
        condition, other_count, other_base, other_share of those without; difference = share - other_share
        (risk difference, fraction -1 to 1) with low and high; ratio = share / other_share (relative risk)
        with ratio_low and ratio_high, infinite where nobody of the others has the outcome. NaN where one
        of the two bases is 0, for the ratio where nobody has the outcome, and for all but the bases where
        `hidden`, one of the two counts being too small for the edition's threshold.

    Notes
    -----
    Newcombe's interval of the difference and Koopman's of the ratio, on the effective numbers of
    respondents (`clustered_n`). Both take the two sides as independent: respondents of one territory who
    stand on either side usually resemble each other, which makes the intervals rather too wide.

    Raises
    ------
    KeyError, ValueError
        As in `conditions`.
    """
    had, known, sides = _sides(edition, crossed)
    (first, no_first), (second, no_second) = sides
    one, two = crossed.factors
    labels = {one.question: one.label, two.question: two.label, BOTH: BOTH_LABEL}
    those = np.column_stack([first, second, first & second]) & known[:, None]
    others = np.column_stack([no_first, no_second, no_first & no_second]) & known[:, None]
    groups = parts(edition, selection, by, reference)
    kept = np.column_stack([np.repeat(part.kept[:, None], len(labels), axis=1) for part in groups])
    rows = _contrast(
        had[:, None],
        np.tile(those, len(groups)) & kept,
        np.tile(others, len(groups)) & kept,
        cluster_codes(edition),
        edition.threshold,
    )
    rows["label"] = pd.array([*labels.values()] * len(groups), dtype="str")
    rows.index = pd.MultiIndex.from_product(
        [[part.group[1] if part.group else "" for part in groups], list(labels)], names=["group", "code"]
    )
    rows = rows[list(CONTRAST)]
    return rows.rename_axis(index={"group": by}) if by else rows.droplevel("group")


def without_dont_know(edition: Edition, crossed: Conditions) -> Conditions:
    """Return the same conditions, « ne sait pas » taken off both sides of the outcome.

    It tells how much a figure owes to the rule that counts those who do not know among the others.
    """
    unknown = edition.codebook[crossed.outcome.question].dont_know
    outcome = replace(
        crossed.outcome,
        options=tuple(code for code in crossed.outcome.options if code not in unknown),
        others=tuple(code for code in crossed.outcome.others if code not in unknown),
    )
    return replace(crossed, outcome=outcome)


@lately
def role_differences(
    edition: Edition,
    question_id: str,
    selection: Selection = EVERYBODY,
    first: tuple[str, ...] = ("elu",),
    second: tuple[str, ...] = ("technicien",),
) -> pd.DataFrame:
    """Return how much more often each option is given by some roles than by others, the widest gap first.

    Parameters
    ----------
    edition, question_id
        A question whose options are given or not, without rows: single, scale, multiple, ranking.
    selection
        Its filters on territories apply; that on roles is ignored, as two roles are compared.
    first, second
        Codes of the roles on each side.

    Returns
    -------
    DataFrame
        The columns of `CONTRAST`, indexed by option code (`code`), in decreasing order of the absolute
        difference, options that are hidden or cannot be compared last. label is the option's name; count,
        base and share are of `first`, other_count, other_base and other_share of `second`. Base: those of
        the role who were asked and answered, « ne sait pas » and « aucun » included. Intervals, and what is
        hidden, as in `effects`.

    Raises
    ------
    KeyError
        If the question does not exist.
    ValueError
        If the question is a free text or has rows, or a role is on both sides.
    """
    if set(first) & set(second):
        raise ValueError(f"roles on both sides: {', '.join(sorted(set(first) & set(second)))}")
    answers = read_answers(edition, edition.codebook[question_id])
    if len(answers.rows) > 1:
        raise ValueError(f"{question_id} has rows: choose a question without")
    hits = answers.hits[:, 0]
    selected = answers.counted[:, 0] & selection.without_roles().mask(edition.respondents).to_numpy()
    those, others = (
        np.repeat((selected & members(edition.respondents, "role", roles))[:, None], hits.shape[1], axis=1)
        for roles in (first, second)
    )
    rows = _contrast(hits, those, others, cluster_codes(edition), edition.threshold)
    rows["label"] = pd.array(list(answers.options.values()), dtype="str")
    rows.index = pd.Index(list(answers.options), name="code")
    widest = rows["difference"].abs().sort_values(ascending=False, kind="stable", na_position="last").index
    return rows.loc[widest, list(CONTRAST)]


def _sides(edition: Edition, crossed: Conditions) -> tuple[Block, Block, list[tuple[Block, Block]]]:
    """Return who has the outcome, who is on one side of it, and the two sides of each condition."""
    had, had_not = _side(edition, crossed.outcome)
    return had, had | had_not, [_side(edition, factor) for factor in crossed.factors]


def _side(edition: Edition, factor: Factor) -> tuple[Block, Block]:
    """Return who gave one of the factor's options, and who gave one of the others."""
    question = edition.codebook[factor.question]
    if question.kind not in ("single", "scale"):
        raise ValueError(f"{question.id} takes more than one answer: it has no two sides")
    unknown = [code for code in (*factor.options, *factor.others) if code not in question.labels]
    if unknown:
        raise KeyError(f"no option {', '.join(unknown)}: expected some of {', '.join(question.labels)}")
    answers = read_answers(edition, question)
    return answers.any_of(factor.options).hits[:, 0, 0], answers.any_of(factor.others).hits[:, 0, 0]


def _counted(hits: Block, counted: Block, clusters: NDArray[np.intp]) -> tuple[Floats, Floats, Floats]:
    """Return count, base and effective number of respondents of each cell; `counted` is respondent × cell."""
    own = hits & counted
    return own.sum(axis=0).astype(float), counted.sum(axis=0).astype(float), clustered_n(own, clusters, counted)


def _contrast(hits: Block, those: Block, others: Block, clusters: NDArray[np.intp], threshold: int) -> pd.DataFrame:
    """Return the columns of `CONTRAST` but the label, one row per cell.

    `those` and `others` tell, respondent × cell, who is in the base on either side.
    """
    count, base, effective = _counted(hits, those, clusters)
    other_count, other_base, other_effective = _counted(hits, others, clusters)
    share, other_share = _divided(count, base), _divided(other_count, other_base)
    compared = (
        np.nan_to_num(share) * effective, effective, np.nan_to_num(other_share) * other_effective, other_effective
    )  # fmt: skip
    low, high = difference_interval(*compared)
    ratio_low, ratio_high = ratio_interval(*compared)
    nowhere = (count + other_count == 0) | np.isnan(share) | np.isnan(other_share)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(nowhere, np.nan, share / other_share)
    measured = {
        "count": count,
        "share": share,
        "other_count": other_count,
        "other_share": other_share,
        "difference": share - other_share,
        "low": low,
        "high": high,
        "ratio": ratio,
        "ratio_low": np.where(nowhere, np.nan, ratio_low),
        "ratio_high": np.where(nowhere, np.nan, ratio_high),
    }
    # What is hidden of one side is hidden of both: the difference would give it back.
    cells = hidden_cells(np.stack([count, other_count]), np.stack([base, other_base]), threshold)
    hidden = cells[0] | cells[1]
    bases = {"base": base.astype(int), "other_base": other_base.astype(int)}
    return pd.DataFrame(
        {name: np.where(hidden, np.nan, values) for name, values in measured.items()} | bases | {"hidden": hidden}
    )


def _divided(count: Floats, base: Floats) -> Floats:
    return count / np.where(base > 0, base, np.nan)
