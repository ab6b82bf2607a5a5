"""The rule that gives a territory its stage of engagement, as configured in data/engagement.toml.

It computes nothing and knows no edition; points and stages of territories belong to `lib.analysis.engagement`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from lib.survey.settings import SettingsError, read_settings
from lib.territory.region_folder import data_file

PATH = data_file("engagement.toml")

MOST_STAGES = 5
"""More cannot be told apart on a map."""
RESERVED = ("indetermine", "non-publiee", "sans-reponse", "hors-selection", "divergentes")
"""Codes of what is no stage."""
TAKEN = ("obtained", "possible", "share", "stage")
"""Columns that stand beside those of the criteria in the table of points: no criterion bears their name."""

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_RULE_FIELDS = ("fewest", "step", "criterion", "stage")
_CRITERION_FIELDS = ("id", "question", "label", "points", "acting", "maximum")
_STAGE_FIELDS = ("code", "label", "low", "meaning", "support")


class EngagementError(SettingsError):
    """A rule that cannot be applied: a French sentence that says which file, which entry, what to do."""


@dataclass(frozen=True)
class Criterion:
    """What gives points: the answer to a question, or the number of themes on which there are actions.

    Attributes
    ----------
    id, question, label : name in files, id of the question, name for people.
    points : (option code, points), from the most to the fewest points; empty for a breadth.
    acting : for a breadth, the options that mean that there are actions; one point per row of the array.
    maximum : most points that it can give.
    """

    id: str
    question: str
    label: str
    points: tuple[tuple[str, int], ...] = ()
    acting: tuple[str, ...] = ()
    maximum: int = 0

    @property
    def options(self) -> tuple[str, ...]:
        """Option codes that the criterion needs the question to have."""
        return self.acting or tuple(code for code, _ in self.points)


@dataclass(frozen=True)
class Stage:
    """One stage: `low` is the share (fraction 0–1) of the points from which a territory is there."""

    code: str
    label: str
    low: float
    meaning: str
    support: str


@dataclass(frozen=True)
class Rule:
    """The whole typology.

    Attributes
    ----------
    criteria : in the order of the file.
    stages : from the most engaged to the least, the last one from 0.
    fewest : share (fraction 0–1) of the points that must be known for a stage to be said.
    step : points by which a threshold moves when its stability is measured.
    """

    criteria: tuple[Criterion, ...]
    stages: tuple[Stage, ...]
    fewest: float
    step: int = 1

    def stage(self, code: str) -> Stage:
        """Return the stage of this code; KeyError if there is none."""
        for stage in self.stages:
            if stage.code == code:
                return stage
        raise KeyError(code)


@cache
def load_rule(path: Path = PATH) -> Rule:
    """Return the rule read from `path`.

    Raises
    ------
    EngagementError
        When the file is missing, is not TOML, or describes a rule that cannot be applied.
    """
    name = f"data/{path.name}"
    content = read_settings(path, EngagementError)
    return _Reader(name).rule(content)


@dataclass(frozen=True)
class _Reader:
    """Reading of one file; `name` begins every message."""

    name: str

    def rule(self, content: dict[str, Any]) -> Rule:
        self.known(content, _RULE_FIELDS, "en tête du fichier")
        entries = {field: self.entries(content, field) for field in ("criterion", "stage")}
        rule = Rule(
            criteria=tuple(self.criterion(entry, rank) for rank, entry in enumerate(entries["criterion"], start=1)),
            stages=tuple(self.stage(entry, rank) for rank, entry in enumerate(entries["stage"], start=1)),
            fewest=self.share(content, "fewest", "en tête du fichier"),
            step=self.whole(content.get("step", 1), "en tête du fichier", "step", 1),
        )
        self.distinct([criterion.id for criterion in rule.criteria], "critère", "id")
        self.distinct([stage.code for stage in rule.stages], "stade", "code")
        self.thresholds(rule.stages)
        return rule

    def entries(self, content: dict[str, Any], field: str) -> list[dict[str, Any]]:
        listed = content.get(field, [])
        if not isinstance(listed, list) or not listed or not all(isinstance(entry, dict) for entry in listed):
            self.refuse("en tête du fichier", f"ajoutez au moins un bloc [[{field}]]")
        return listed

    def criterion(self, entry: dict[str, Any], rank: int) -> Criterion:
        where = f"critère {_named(entry.get('id'), rank)}"
        self.known(entry, _CRITERION_FIELDS, where)
        id, question, label = (self.text(entry, field, where) for field in ("id", "question", "label"))
        self.code(id, "id", where)
        if id in TAKEN:
            self.refuse(where, "choisissez un autre « id »\u202f: une colonne du tableau des points porte celui-ci")
        if ("points" in entry) == ("acting" in entry):
            self.refuse(
                where, "donnez « points » (points de chaque réponse) ou « acting » et « maximum », l’un des deux"
            )
        if "points" in entry:
            if "maximum" in entry:
                self.refuse(where, "retirez « maximum »\u202f: c’est le plus grand nombre de « points »")
            points = self.points(entry["points"], where)
            return Criterion(id, question, label, points=points, maximum=points[0][1])
        acting = entry["acting"]
        if not isinstance(acting, list) or not acting or not all(isinstance(code, str) and code for code in acting):
            self.refuse(where, "« acting » doit être une liste de codes de réponses, un au moins")
        if "maximum" not in entry:
            self.refuse(where, "ajoutez « maximum », le plus de points que donnent les thématiques")
        maximum = self.whole(entry["maximum"], where, "maximum", 1)
        return Criterion(id, question, label, acting=tuple(acting), maximum=maximum)

    def points(self, given: Any, where: str) -> tuple[tuple[str, int], ...]:
        if not isinstance(given, dict) or len(given) < 2:
            self.refuse(where, "« points » doit donner les points de deux réponses au moins, « { oui = 4, non = 0 } »")
        for code, points in given.items():
            self.whole(points, where, f"points de {code}", 0)
        listed = tuple(sorted(given.items(), key=lambda entry: -entry[1]))
        if listed[-1][1] != 0 or listed[0][1] == 0:
            self.refuse(where, "dans « points », une réponse doit valoir 0 et une autre davantage")
        return listed

    def stage(self, entry: dict[str, Any], rank: int) -> Stage:
        where = f"stade {_named(entry.get('code'), rank)}"
        self.known(entry, _STAGE_FIELDS, where)
        code, label, meaning, support = (
            self.text(entry, field, where) for field in ("code", "label", "meaning", "support")
        )
        self.code(code, "code", where)
        if code in RESERVED:
            self.refuse(where, "choisissez un autre « code »\u202f: celui-ci désigne autre chose qu’un stade")
        return Stage(code, label, self.share(entry, "low", where), meaning, support)

    def thresholds(self, stages: tuple[Stage, ...]) -> None:
        if not 2 <= len(stages) <= MOST_STAGES:
            self.refuse("stades", f"donnez-en de 2 à {MOST_STAGES}")
        for above, below in pairwise(stages):
            if above.low <= below.low:
                self.refuse(
                    f"stade «\u202f{below.code}\u202f»",
                    f"« low » doit être plus petit que celui de «\u202f{above.code}\u202f»\u202f: les stades vont du "
                    "plus engagé au moins engagé",
                )
        if stages[-1].low != 0:
            self.refuse(f"stade «\u202f{stages[-1].code}\u202f»", "« low » du dernier stade doit être 0")

    def known(self, entry: dict[str, Any], expected: tuple[str, ...], where: str) -> None:
        for field in entry:
            if field not in expected:
                self.refuse(where, f"le champ « {field} » est inconnu\u202f; attendus\u202f: {', '.join(expected)}")

    def text(self, entry: dict[str, Any], field: str, where: str) -> str:
        value = entry.get(field, "")
        if not isinstance(value, str) or not value.strip():
            self.refuse(where, f"ajoutez « {field} », entre guillemets")
        return str(value)

    def code(self, value: str, field: str, where: str) -> None:
        if not _CODE.fullmatch(value):
            self.refuse(where, f"« {field} » s’écrit en minuscules sans accents, chiffres et tirets")

    def share(self, entry: dict[str, Any], field: str, where: str) -> float:
        value = entry.get(field)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
            self.refuse(where, f"« {field} » doit être un nombre entre 0 et 1, avec un point décimal")
        return float(value)  # type: ignore[arg-type]

    def whole(self, value: Any, where: str, field: str, least: int) -> int:
        if type(value) is not int or value < least:
            self.refuse(where, f"« {field} » doit être un nombre entier, {least} ou plus")
        return int(value)

    def distinct(self, codes: list[str], what: str, field: str) -> None:
        for code in codes:
            if codes.count(code) > 1:
                self.refuse(f"{what} «\u202f{code}\u202f»", f"deux entrées portent ce « {field} », changez-en un")

    def refuse(self, where: str, what: str) -> None:
        sentence = re.sub("« | »", lambda sign: sign[0].replace(" ", "\u202f"), what)
        raise EngagementError(f"{self.name}, {where}\u202f: {sentence}.")


def _named(code: Any, rank: int) -> str:
    return f"«\u202f{code}\u202f»" if isinstance(code, str) and code else f"n° {rank}"
