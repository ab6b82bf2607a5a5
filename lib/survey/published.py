"""The published summary: its findings, its recommendations, its contacts, as configured in data/published.toml.

It computes nothing; what the answers say of each finding is left to `lib.analysis.findings`.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lib.survey.questionnaire import Condition
from lib.territory.region_folder import data_file

PATH = data_file("published.toml")


@dataclass(frozen=True)
class Measure:
    """One share that stands beside a finding: those who gave one of `options` to `question`.

    Attributes
    ----------
    label : what they do, said after « 30 % des répondants ».
    unit : « respondents » or « territories ».
    row : row of an array; "*" for any of them; empty for a question without rows.
    among : the question and the options that restrict who is counted; None for everyone.
    """

    label: str
    question: str
    options: tuple[str, ...]
    unit: str
    row: str = ""
    among: Condition | None = None


@dataclass(frozen=True)
class Finding:
    """One published finding; `value` is its published share (fraction 0–1) when there is one.

    `published` is empty where nothing is published of its measures, which are then shown alone.
    """

    id: str
    title: str
    published: str
    page: str
    measures: tuple[Measure, ...]
    value: float | None = None


@dataclass(frozen=True)
class Factor:
    """Two sides of one question: those who gave one of `options`, and those who gave one of `others`.

    Who gave neither is on no side. `label` names the first side.
    """

    label: str
    question: str
    options: tuple[str, ...]
    others: tuple[str, ...]


@dataclass(frozen=True)
class Conditions:
    """Two factors crossed with the outcome they are said to favour; `finding` is the id of that finding."""

    finding: str
    outcome: Factor
    factors: tuple[Factor, Factor]


@dataclass(frozen=True)
class RoleGroup:
    """Roles compared together with others; `name` is their French plural, with its article."""

    id: str
    roles: tuple[str, ...]
    name: str


@dataclass(frozen=True)
class Recommendation:
    """The published recommendations to one audience."""

    to: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Contact:
    """A body to write to; `link` is a web or mail address."""

    name: str
    role: str
    address: str
    link: str


@dataclass(frozen=True)
class Published:
    """All that the dashboard quotes from the published summary, and what it compares because of it.

    Attributes
    ----------
    conditions : the crossing behind one of the findings; None when none is configured.
    compared_roles : the first is compared with each of the others, the second by default; may be empty.
    team : who keeps the dashboard, with an article, as in « réservé à l’équipe de… ».
    """

    title: str
    subtitle: str
    source: str
    caveat: str
    findings: tuple[Finding, ...]
    recommendations: tuple[Recommendation, ...]
    contacts: tuple[Contact, ...]
    conditions: Conditions | None = None
    compared_roles: tuple[RoleGroup, ...] = ()
    team: str = "l’équipe"

    @property
    def quoted(self) -> bool:
        """Return whether a summary is published: its findings are then quoted beside what the answers say."""
        return any(finding.published for finding in self.findings)


@cache
def load_published(path: Path = PATH) -> Published:
    """Return the published summary read from `path`.

    Raises
    ------
    KeyError, TypeError
        When the file lacks a field or holds an unknown one.
    ValueError
        When the conditions are not two.
    """
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    return Published(
        title=content["title"],
        subtitle=content["subtitle"],
        source=content["source"],
        caveat=content["caveat"],
        findings=tuple(
            Finding(**entry | {"measures": tuple(_measure(measure) for measure in entry["measures"])})
            for entry in content.get("finding", ())
        ),
        recommendations=tuple(
            Recommendation(to=entry["to"], items=tuple(entry["items"])) for entry in content.get("recommendation", ())
        ),
        contacts=tuple(Contact(**entry) for entry in content["contact"]),
        team=content.get("team", Published.team),
        conditions=_conditions(content["conditions"]) if "conditions" in content else None,
        compared_roles=tuple(
            RoleGroup(**entry | {"roles": tuple(entry["roles"])}) for entry in content.get("compared_roles", ())
        ),
    )


def _conditions(entry: dict[str, Any]) -> Conditions:
    first, second = (_factor(factor) for factor in entry["factors"])
    return Conditions(**entry | {"outcome": _factor(entry["outcome"]), "factors": (first, second)})


def _factor(entry: dict[str, Any]) -> Factor:
    return Factor(**entry | {"options": tuple(entry["options"]), "others": tuple(entry["others"])})


def _measure(entry: dict[str, Any]) -> Measure:
    among = entry.get("among")
    return Measure(
        **entry
        | {
            "options": tuple(entry["options"]),
            "among": Condition(among["question"], tuple(among["options"])) if among else None,
        }
    )
