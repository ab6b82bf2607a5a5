"""What the accessibility statement says, as configured in data/accessibility.toml, and the findings that it admits.

It refuses a state that no audit supports; how pages are checked belongs to tests/browser/test_axe.py, which fails on
any finding that is not written there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from lib.survey.settings import SettingsError, read_settings
from lib.territory.region_folder import data_file

PATH = data_file("accessibility.toml")

UNKNOWN = "non conforme"
STATES = ("totalement conforme", "partiellement conforme", UNKNOWN)
"""What the law lets a body declare, from the best. Without an audit, a site is « non conforme »."""

IMPACTS = ("minor", "moderate", "serious", "critical")
"""How axe grades a finding, from the least."""


class AccessibilityError(SettingsError):
    """What is wrong with the configuration of the statement: a French sentence that names the file and the field."""


@dataclass(frozen=True)
class Contact:
    """To whom whoever meets an obstacle writes; `link` is a web or mail address."""

    name: str
    address: str
    link: str


@dataclass(frozen=True)
class Audit:
    """An audit that was made: by whom, when, and the share of the criteria that the site meets, in percent."""

    by: str
    on: date
    rate: float


@dataclass(frozen=True)
class Point:
    """One thing that is told: what it is about, and the sentences."""

    label: str
    text: str


@dataclass(frozen=True)
class Finding:
    """Something that an automatic check reports and that is not mended, or cannot be.

    Attributes
    ----------
    rule, impact : what axe calls it, and how it grades it.
    within : regular expression that the HTML of every element concerned must match.
    label, text : what a reader is told: what is concerned, what it hinders, what else to use.
    cause : why it is there.
    upstream : address of the report to whoever can mend it; owed by a serious or critical one.
    """

    rule: str
    impact: str
    within: str
    label: str
    text: str
    cause: str
    upstream: str = ""

    def covers(self, rule: str, impact: str, html: str) -> bool:
        """Return whether this is what axe reports of an element."""
        return (self.rule, self.impact) == (rule, impact) and re.search(self.within, html) is not None


@dataclass(frozen=True)
class Accessibility:
    """All that the statement says.

    Attributes
    ----------
    body : who answers for the site.
    state : one of `STATES`; `reason` says why, in a few words.
    established : day of the statement.
    audit : none as long as nobody made one.
    technologies : what the site is made of.
    plan : address of the body's multi-year plan; empty when it is still to be published.
    checks : what is checked automatically; {pages} and {team_pages} stand for the number of pages.
    limitations : what is known not to suit everybody, besides the findings.
    """

    title: str
    summary: str
    body: str
    state: str
    reason: str
    established: date
    contact: Contact
    technologies: tuple[str, ...]
    checks: tuple[Point, ...]
    limitations: tuple[Point, ...]
    findings: tuple[Finding, ...]
    audit: Audit | None = None
    plan: str = ""


@cache
def load_accessibility(path: Path = PATH) -> Accessibility:
    """Return what the statement says, read from `path`.

    Raises
    ------
    AccessibilityError
        When the file cannot be read, lacks a field or holds an unknown one, declares a state that no audit supports,
        says nothing of what is checked, or admits a serious finding without saying to whom it was reported.
    """
    content = read_settings(path, AccessibilityError)
    parts = {
        name: tuple(_read(kind, entry, f"[[{name}]]") for entry in _list(content, name))
        for name, kind in (("checks", Point), ("limitations", Point), ("findings", Finding))
    }
    audit = _read(Audit, content["audit"], "[audit]") if "audit" in content else None
    contact = _read(Contact, content.get("contact", {}), "[contact]")
    technologies = tuple(str(name) for name in _list(content, "technologies"))
    made = {**content, **parts, "audit": audit, "contact": contact, "technologies": technologies}
    told: Accessibility = _read(Accessibility, made, "")
    _check(told)
    return told


def _check(told: Accessibility) -> None:
    if told.state not in STATES:
        _refuse(f"«\u202fstate\u202f» doit être l’un de\u202f: {', '.join(STATES)}")
    if told.state != UNKNOWN and told.audit is None:
        _refuse(f"«\u202f{told.state}\u202f» ne se déclare qu’après un audit, à décrire dans la section [audit]")
    if told.audit and not 0 <= told.audit.rate <= 100:
        _refuse("«\u202frate\u202f» de [audit] est un pourcentage, de 0 à 100")
    if type(told.established) is not date or (told.audit and type(told.audit.on) is not date):
        _refuse("une date s’écrit sans guillemets\u202f: 2026-11-30")
    if not told.checks:
        _refuse("rien ne dit ce qui est vérifié ([[checks]])")
    links = [told.contact.link, told.plan, *(found.upstream for found in told.findings)]
    if any(link and not link.startswith(("https://", "mailto:")) for link in links) or not told.contact.link:
        _refuse("un lien doit commencer par https:// ou mailto:")
    for found in told.findings:
        if found.impact not in IMPACTS:
            _refuse(f"«\u202fimpact\u202f» de «\u202f{found.rule}\u202f» doit être l’un de\u202f: {', '.join(IMPACTS)}")
        if found.impact in IMPACTS[2:] and not found.upstream:
            _refuse(f"«\u202f{found.rule}\u202f» est grave\u202f: dites où elle est signalée («\u202fupstream\u202f»)")
        try:
            re.compile(found.within)
        except re.error as error:
            raise AccessibilityError(
                f"{_FILE} «\u202fwithin\u202f» de «\u202f{found.rule}\u202f» n’est pas une expression régulière."
            ) from error


def _read(kind: Any, entry: Any, place: str) -> Any:
    where = f" dans {place}" if place else ""
    if not isinstance(entry, Mapping):
        _refuse(f"{place} doit être une section")
    known = {field.name: field.default is MISSING for field in fields(kind)}
    if unknown := sorted(set(entry) - set(known)):
        _refuse(f"le champ «\u202f{unknown[0]}\u202f» est inconnu{where}")
    if missing := [name for name, owed in known.items() if owed and entry.get(name) in (None, "")]:
        _refuse(f"il manque «\u202f{missing[0]}\u202f»{where}")
    return kind(**entry)


def _list(content: Mapping[str, Any], name: str) -> list[Any]:
    given = content.get(name, [])
    if not isinstance(given, list):
        _refuse(f"«\u202f{name}\u202f» doit être une liste")
    return given


_FILE = "data/accessibility.toml\u202f:"


def _refuse(what: str) -> NoReturn:
    raise AccessibilityError(f"{_FILE} {what}.")
