"""How much the typology of engagement would change if one of its thresholds moved by one step.

What a stage is, and the rule itself, belong to `lib.analysis.engagement` and `lib.survey.engagement`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from lib.analysis.engagement import counted, places_of, scores, whole
from lib.survey.edition import Edition
from lib.survey.engagement import Criterion, Rule, load_rule
from lib.survey.once import once_per_edition

SHARE_OF_POINTS, POINTS, THEMES = "share", "points", "themes"
"""What a threshold is counted in."""

MOST_MOVED = 0.15
"""Share of the territories from which a threshold is said to be fragile, if one step moves as many."""


@dataclass(frozen=True)
class Threshold:
    """One number of the rule, and the rules where it is one step higher or lower; None where it cannot be.

    Attributes
    ----------
    label : French name.
    kind : what it is counted in, `share`, `points` or `themes`.
    value, step : fractions 0–1 for a share, points or themes otherwise.
    """

    label: str
    kind: str
    value: float
    step: float
    up: Rule | None
    down: Rule | None


@once_per_edition
def stability(edition: Edition, rule: Rule | None = None) -> pd.DataFrame:
    """Return, for each threshold of the rule, the share of territories that change stage when it moves by one step.

    Returns
    -------
    DataFrame
        One row per threshold that counts in the edition: label (French), kind (`share`, `points`, `themes`), value and
        step (in that unit), moved (the larger of the two that follow), moved_up, moved_down: share (fraction 0–1) of
        the territories whose stage is another when the threshold alone is one step higher or lower, to or from
        « indéterminé » included, NaN where it cannot move that way (an answer of 0 point cannot be worth less, the
        stages must keep their order); base: the territories that answered, all of them whatever the filters.
    """
    rule = rule or load_rule()
    before = _places(edition, rule)
    rows = []
    for threshold in thresholds(edition, rule):
        up, down = (
            np.nan if moved is None or not len(before) else float((_places(edition, moved) != before).mean())
            for moved in (threshold.up, threshold.down)
        )
        most = np.nan if up != up and down != down else np.nanmax([up, down])
        rows.append((threshold.label, threshold.kind, threshold.value, threshold.step, most, up, down, len(before)))
    columns = ["label", "kind", "value", "step", "moved", "moved_up", "moved_down", "base"]
    return pd.DataFrame(rows, columns=columns)


def thresholds(edition: Edition, rule: Rule) -> Iterator[Threshold]:
    """Yield the thresholds of the rule that count in the edition: stages, what must be known, points, breadths."""
    # One step of a share is one step of points, out of all those that facts can give: the same for visitors and team.
    total = whole(edition, rule, facts_only=True)
    if not total:
        return
    step = rule.step / total
    for place, stage in enumerate(rule.stages[:-1]):
        ceiling = rule.stages[place - 1].low if place else np.nextafter(1, 2)
        floor = rule.stages[place + 1].low
        sides = (stage.low + step, stage.low - step)
        up, down = (
            replace(rule, stages=(*rule.stages[:place], replace(stage, low=low), *rule.stages[place + 1 :]))
            if floor < low < ceiling
            else None
            for low in sides
        )
        yield Threshold(f"Seuil du stade «\u202f{stage.label}\u202f»", SHARE_OF_POINTS, stage.low, step, up, down)
    sides = (rule.fewest + step, rule.fewest - step)
    up, down = (replace(rule, fewest=fewest) if 0 <= fewest <= 1 else None for fewest in sides)
    yield Threshold("Part des points qui doit être connue", SHARE_OF_POINTS, rule.fewest, step, up, down)
    for criterion in counted(edition, rule):
        yield from _of_criterion(edition, rule, criterion)


def _of_criterion(edition: Edition, rule: Rule, criterion: Criterion) -> Iterator[Threshold]:
    if criterion.acting:
        up, down = (
            _with(rule, criterion, replace(criterion, maximum=maximum)) if maximum > 0 else None
            for maximum in (criterion.maximum + rule.step, criterion.maximum - rule.step)
        )
        yield Threshold(f"Maximum de «\u202f{criterion.label}\u202f»", THEMES, criterion.maximum, rule.step, up, down)
        return
    names = edition.codebook[criterion.question].labels
    for code, worth in criterion.points:
        up, down = (
            _with(rule, criterion, _worth(criterion, code, points)) if points >= 0 else None
            for points in (worth + rule.step, worth - rule.step)
        )
        label = f"Points de «\u202f{names[code]}\u202f» ({criterion.label})"
        yield Threshold(label, POINTS, worth, rule.step, up, down)


def _worth(criterion: Criterion, code: str, points: int) -> Criterion:
    """Return the criterion with other points for one answer, the others being the same."""
    changed = tuple((other, points if other == code else worth) for other, worth in criterion.points)
    return replace(criterion, points=changed, maximum=max(worth for _, worth in changed))


def _with(rule: Rule, before: Criterion, after: Criterion) -> Rule:
    return replace(rule, criteria=tuple(after if criterion == before else criterion for criterion in rule.criteria))


def _places(edition: Edition, rule: Rule) -> np.ndarray:
    return places_of(rule, *scores(edition, rule), whole(edition, rule))
