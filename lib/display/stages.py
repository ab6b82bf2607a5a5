"""How stages of engagement look and read: ordered fills, the states that are no stage, French words.

Which territory is at which stage is decided in `lib.analysis.engagement`; its words come from data/engagement.toml.
"""

from lib.analysis.engagement import UNKNOWN, UNKNOWN_LABEL
from lib.display import statuses
from lib.display.legend import LegendEntry, outside
from lib.display.palette import OUTSIDE, ordered
from lib.survey.engagement import Rule

OUTSIDE_STATES = ("non-publiee", "sans-reponse", "hors-selection")


def entries(rule: Rule) -> list[LegendEntry]:
    """Return the legend: stages from the least to the most engaged, the unknown one, then the states of the map."""
    rising = rule.stages[::-1]
    listed = [
        LegendEntry(stage.code, stage.label, fill) for stage, fill in zip(rising, ordered(len(rising)), strict=True)
    ]
    unknown = LegendEntry(UNKNOWN, UNKNOWN_LABEL, OUTSIDE["nsp"].colour, OUTSIDE["nsp"].pattern)
    return [*listed, unknown, *(outside(key, statuses.OUTSIDE_LABELS[key]) for key in OUTSIDE_STATES)]


def labels(rule: Rule) -> dict[str, str]:
    """Return the French name of each stage and of each state that is no stage, by code."""
    return statuses.labels(entries(rule))
