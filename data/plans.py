"""What makes each simulated edition what it is: seeds, dates, and how advanced its territories are.

How answers follow from it belongs to `people`, `answers` and `generate`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from data.samples import SHIPPED, Sample


@dataclass(frozen=True)
class Plan:
    """Calibration of one simulated edition.

    Attributes
    ----------
    file : name of the export, beside this module.
    millesime : year of the territories that its people know.
    people_seed, answers_seed, form_seed : one stream of draws each.
    launch : first moment of collection.
    strategies : share of each answer to `strategie` but the most advanced one, which takes what is left, in
        the order of the least mature territories to the most.
    wobble : how far a person's view of the strategy may stray from the maturity of the territory.
    shifts : by question, what is added to the chance that an option is ticked.
    sample : which territories answer.
    later : the edition that this one comes before: a part of its territories had already answered.
    """

    file: str
    millesime: int
    people_seed: int
    answers_seed: int
    form_seed: int
    launch: datetime
    strategies: tuple[tuple[str, float], ...]
    wobble: float = 0.12
    shifts: Mapping[str, Mapping[str, float]] = field(default_factory=dict, hash=False)
    sample: Sample = SHIPPED
    later: "Plan | None" = None


# Simulated: the published summary says that the survey was launched in a month of March, not of which year.
# Its 30 % of « non » is the one published figure.
EDITION_2026 = Plan(
    file="edition-simulee.csv",
    millesime=2026,
    people_seed=20260301,
    answers_seed=20260302,
    form_seed=20260303,
    launch=datetime(2026, 3, 3, 9, 0),
    strategies=(("non", 0.30), ("prevue", 0.16), ("elaboration", 0.20), ("formalisee", 0.13)),
)

# Calibrated on nothing: only meant to come before the other, and to be less advanced.
EDITION_2025 = Plan(
    file="edition-simulee-2025.csv",
    millesime=2025,
    people_seed=20250301,
    answers_seed=20250302,
    form_seed=20250303,
    launch=datetime(2025, 3, 4, 9, 0),
    strategies=(("non", 0.36), ("prevue", 0.18), ("elaboration", 0.19), ("formalisee", 0.11)),
    # Wider: between the two, strategies mostly progress, and some are lost from view.
    wobble=0.25,
    shifts={
        "besoins": {"strategie": 0.12, "sujets": 0.06, "reseau": -0.06, "formation-agents": -0.05},
        "freins": {"acculturation": 0.09, "temps": -0.05, "competences": 0.05},
        "accompagnement": {"methode": 0.08, "financements": -0.04},
    },
    later=EDITION_2026,
)

PLANS = (EDITION_2026, EDITION_2025)
