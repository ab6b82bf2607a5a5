"""How the statuses of a question look and read: ordered fills, states outside the scale, French words.

The same entries serve the map, its legend, the bars and the table; which territory has which status is decided in
`lib.analysis.levels`.
"""

from lib.display.legend import LegendEntry, outside
from lib.display.palette import ON_BARS, OUTSIDE, ordered
from lib.survey.questionnaire import Question

OUTSIDE_LABELS = {
    "divergentes": "Réponses divergentes",
    "non-publiee": "A répondu (réponse non publiée)",
    "sans-reponse": "Pas de réponse",
    "hors-selection": "Hors de la sélection",
}
ANSWERED = LegendEntry("a-repondu", "A répondu", ordered(4)[2])
"""The one class of the map of participation."""
NATURES = {
    "COM": "Commune",
    "CC": "Communauté de communes",
    "CA": "Communauté d’agglomération",
    "CU": "Communauté urbaine",
    "METRO": "Métropole",
    "DEP": "Département",
}


def entries(question: Question) -> list[LegendEntry]:
    """Return the legend of a question answered on a scale: from the least to the most, then the states outside it.

    The codebook lists some scales from the most to the least (`strategie`) and others the other way (`themes`): its
    `descending` says which, so that dark always means more.
    """
    scale = [option for option in question.options if not option.dont_know]
    if question.descending:
        scale.reverse()
    fills = ordered(len(scale))
    listed = [LegendEntry(option.code, option.label, fill) for option, fill in zip(scale, fills, strict=True)]
    listed += [
        LegendEntry(option.code, option.label, OUTSIDE["nsp"].colour, OUTSIDE["nsp"].pattern)
        for option in question.options
        if option.dont_know
    ]
    return listed + [outside(key, label) for key, label in OUTSIDE_LABELS.items()]


def coverage_entries() -> list[LegendEntry]:
    """Return the states of the map of participation beside `ANSWERED`."""
    return [outside(key, OUTSIDE_LABELS[key]) for key in ("sans-reponse", "hors-selection")]


def labels(listed: list[LegendEntry]) -> dict[str, str]:
    """Return the label of each status, by key."""
    return {entry.key: entry.label for entry in listed}


def colours(listed: list[LegendEntry]) -> dict[str, str]:
    """Return the fill of each status by label, for bars: those that are only of the map left out.

    On a bar there is no pattern to tell those outside the scale from the others: they have fills of their own.
    """
    of_map_only = ("non-publiee", "sans-reponse", "hors-selection")
    return {entry.label: ON_BARS.get(entry.fill, entry.fill) for entry in listed if entry.key not in of_map_only}
