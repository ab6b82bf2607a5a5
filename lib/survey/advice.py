"""What ties each published recommendation to answers, as configured in data/advice.toml.

It refuses, in French, a recommendation that is not published and a rule that says nothing; whether a rule holds for a
territory is left to `lib.analysis.advice`.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from lib.survey.engagement import load_rule
from lib.survey.normalisation import normalise
from lib.survey.published import PATH as PUBLISHED
from lib.survey.published import load_published
from lib.survey.settings import SettingsError, read_settings
from lib.territory.region_folder import data_file

PATH = data_file("advice.toml")

ANY_ROW = "*"
"""Instead of a row: the rows are counted."""

DIVERGENT = "divergentes"
"""The option by which a rule asks that the respondents of a territory differ."""

LEAST_BASE = 10
"""Smallest base that may be configured for a figure of peers: under it no share is ever written."""


class AdviceError(SettingsError):
    """What is wrong with the file of rules: a French sentence that names the file and the entry."""


@dataclass(frozen=True)
class Answered:
    """True of a territory that gives one of `options` to a question of fact.

    Attributes
    ----------
    question, options : ids of the questionnaire; `divergentes` is an option of its own, but with "*".
    row : a row of an array; "*" counts the rows; empty for a question without rows.
    at_least, at_most : with "*", how many rows; one of the two is given.
    called : with "*", what a row is, in the singular (« thématique »).
    """

    question: str
    options: tuple[str, ...]
    row: str = ""
    at_least: int | None = None
    at_most: int | None = None
    called: str = ""


@dataclass(frozen=True)
class AtStage:
    """True of a territory at one of these stages of engagement (`lib.survey.engagement`)."""

    stages: tuple[str, ...]


@dataclass(frozen=True)
class PeersSay:
    """True of a territory of which at least `share` (fraction) of the peers give one of `options`.

    Attributes
    ----------
    row : a row of an array; empty for a question without rows.
    cited_as : for a question with several answers, what follows what is cited (« comme frein »); may be empty.
    """

    question: str
    options: tuple[str, ...]
    share: float
    row: str = ""
    cited_as: str = ""


Rule = Answered | AtStage | PeersSay


@dataclass(frozen=True)
class Tied:
    """A published recommendation, and the rules that give a reason for it, the preferred ones first.

    Attributes
    ----------
    to : its audience, as published.
    text : as published.
    rules : none where the recommendation fits everybody alike.
    unless : answers of a territory that set the recommendation aside: it does it already.
    """

    to: str
    text: str
    rules: tuple[Rule, ...] = ()
    unless: tuple[Answered, ...] = ()


@dataclass(frozen=True)
class Audience:
    """Whom recommendations are for, as published, and what they are introduced by in a portrait."""

    to: str
    title: str


@dataclass(frozen=True)
class Advice:
    """Every published recommendation, with its rules.

    Attributes
    ----------
    fewest : smallest base of a figure of peers.
    audiences : all those of the published summary, in the order in which a portrait shows them.
    recommendations : all those of the published summary, in its order.
    """

    fewest: int
    audiences: tuple[Audience, ...]
    recommendations: tuple[Tied, ...]


@cache
def load_advice(path: Path = PATH, published: Path = PUBLISHED) -> Advice:
    """Return the recommendations of the summary with the rules that `path` ties to them.

    Parameters
    ----------
    path
        A TOML file such as data/advice.toml. A recommendation is recognised by its published text, whatever its
        spaces, apostrophes and capitals. Those that it does not name have no rule.
    published
        The published summary, as data/published.toml.

    Raises
    ------
    AdviceError
        When the file is not TOML, names a recommendation, an audience or a stage that does not exist, or one of them
        twice, or holds a rule with a field that is missing, unknown or of another kind.
    """
    summary = load_published(published)
    file = _File(f"data/{path.name}")
    content = read_settings(path, AdviceError)
    top = "en tête du fichier"
    file.expect(content, top, {"fewest": int, "audience": list, "recommendation": list})
    if content["fewest"] < LEAST_BASE:
        file.refuse(top, f"« fewest » doit être un nombre entier, {LEAST_BASE} ou plus")
    texts = [item for group in summary.recommendations for item in group.items]
    tied: dict[str, tuple[tuple[Rule, ...], tuple[Answered, ...]]] = {}
    for rank, entry in enumerate(content["recommendation"], start=1):
        where = _named("recommandation", rank, entry, "text")
        file.expect(entry, where, {"text": str, "rules": list}, {"unless": list})
        text = file.one_of(
            entry["text"], texts, tied, where, f"ce texte n’est pas publié\u202f: voyez {published.name}"
        )
        tied[text] = (
            tuple(file.rule(rule, f"{where}, règle n° {n}") for n, rule in enumerate(entry["rules"], start=1)),
            tuple(
                file.answered(rule, f"{where}, exception n° {n}") for n, rule in enumerate(entry.get("unless", ()), 1)
            ),
        )
    titles: dict[str, str] = {}
    to = [group.to for group in summary.recommendations]
    for rank, entry in enumerate(content["audience"], start=1):
        where = _named("public", rank, entry, "to")
        file.expect(entry, where, {"to": str, "title": str})
        nobody = f"aucune recommandation ne s’adresse à ce public\u202f: voyez {published.name}"
        titles[file.one_of(entry["to"], to, titles, where, nobody)] = entry["title"]
    return Advice(
        content["fewest"],
        tuple(
            Audience(name, title)
            for name, title in (titles | {name: name for name in to if name not in titles}).items()
        ),
        tuple(
            Tied(group.to, item, *tied.get(item, ((), ()))) for group in summary.recommendations for item in group.items
        ),
    )


@dataclass(frozen=True)
class _File:
    """The reading of a file, whose name begins every refusal."""

    name: str

    def expect(
        self, entry: Any, where: str, needed: Mapping[str, type], optional: Mapping[str, type] | None = None
    ) -> None:  # fmt: skip
        """Refuse an entry that lacks a field, leaves a text or a list of codes empty, or holds an unlike one."""
        known = {**needed, **(optional or {})}
        for field in needed:
            if field not in _table(entry):
                self.refuse(where, f"il manque « {field} »")
        for field, value in entry.items():
            if field not in known:
                self.refuse(where, f"le champ « {field} » est inconnu\u202f; attendus\u202f: {', '.join(known)}")
            if type(value) not in ((int, float) if known[field] is float else (known[field],)):
                self.refuse(where, f"« {field} » doit être {_KINDS[known[field]]}")
            if value == "":
                self.refuse(where, f"« {field} » est vide")

    def one_of(self, text: str, published: Iterable[str], seen: Container[str], where: str, otherwise: str) -> str:
        """Return the published text that `text` is, refused where there is none or where it was already seen."""
        found = next((known for known in published if normalise(known) == normalise(text)), None)
        if found is None:
            self.refuse(where, otherwise)
        if found in seen:
            self.refuse(where, "deux entrées disent la même chose, retirez-en une")
        return found

    def rule(self, entry: Any, where: str) -> Rule:
        said = dict(_table(entry))
        origin = said.pop("from", None)
        if origin == "territoire":
            return self.answered(said, where)
        if origin == "stade":
            self.expect(said, where, {"stages": list})
            known = [stage.code for stage in load_rule().stages]
            if unknown := [code for code in self.codes(said, "stages", where) if code not in known]:
                self.refuse(where, f"le stade « {unknown[0]} » n’existe pas\u202f; il y a {', '.join(known)}")
            return AtStage(tuple(said["stages"]))
        if origin != "pairs":
            self.refuse(where, "« from » doit être « territoire », « stade » ou « pairs »")
        self.expect(said, where, {"question": str, "options": list, "share": float}, {"row": str, "cited_as": str})
        if not 0 < said["share"] <= 1:
            self.refuse(where, "« share » doit être une part entre 0 et 1, avec un point décimal (0.25 pour un quart)")
        if said.get("row") == ANY_ROW:
            self.refuse(where, f"une règle de pairs porte sur une ligne, et non sur « {ANY_ROW} »")
        return PeersSay(**said | {"options": self.codes(said, "options", where)})

    def answered(self, entry: Any, where: str) -> Answered:
        counted = {"at_least": int, "at_most": int, "called": str}
        self.expect(entry, where, {"question": str, "options": list}, {"row": str, **counted})
        given = [entry[field] for field in ("at_least", "at_most") if field in entry]
        if entry.get("row") != ANY_ROW and any(field in entry for field in counted):
            self.refuse(where, f'{", ".join(counted)} demandent row = "{ANY_ROW}"')
        if entry.get("row") == ANY_ROW and (len(given) != 1 or "called" not in entry):
            self.refuse(where, f'row = "{ANY_ROW}" demande « called » et l’un de « at_least » et « at_most »')
        if entry.get("row") == ANY_ROW and DIVERGENT in entry["options"]:
            self.refuse(where, f"les lignes aux réponses divergentes ne se comptent pas\u202f: retirez « {DIVERGENT} »")
        if any(bound < 0 for bound in given) or entry.get("at_least") == 0:
            self.refuse(where, "un nombre de lignes est un entier positif")
        return Answered(**entry | {"options": self.codes(entry, "options", where)})

    def codes(self, entry: Mapping[str, Any], field: str, where: str) -> tuple[str, ...]:
        if not entry[field] or not all(isinstance(code, str) and code for code in entry[field]):
            self.refuse(where, f"« {field} » doit être une liste de codes, un au moins")
        return tuple(entry[field])

    def refuse(self, where: str, what: str) -> NoReturn:
        sentence = re.sub("« | »", lambda sign: sign[0].replace(" ", "\u202f"), f"{where}\u202f: {what}")
        raise AdviceError(f"{self.name}, {sentence}.")


_KINDS = {str: "un texte", int: "un nombre entier", float: "un nombre", list: "une liste"}


def _table(entry: Any) -> dict[str, Any]:
    return entry if isinstance(entry, dict) else {}


def _named(kind: str, rank: int, entry: Any, field: str) -> str:
    text = _table(entry).get(field)
    return f"{kind} n° {rank} (« {text} »)" if isinstance(text, str) and text else f"{kind} n° {rank}"
