"""Who may lend support to whom, as configured in data/support.toml: stages, distance, sizes, themes, their cost.

It computes nothing; supporters are found by `lib.analysis.support`, pairs by `lib.analysis.pairing`.
"""

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from lib.survey.engagement import load_rule
from lib.survey.settings import SettingsError, read_settings
from lib.territory.region_folder import data_file

PATH = data_file("support.toml")
FILE = "data/support.toml\u202f:"


class SupportError(SettingsError):
    """Settings that cannot be used; the message is French and names the field."""


@dataclass(frozen=True)
class Themes:
    """Where supporters are ahead.

    Attributes
    ----------
    question : id of an array, one row per theme; empty where themes do not count.
    acting : its options that are actions of any kind.
    structured : those of `acting` that put a supporter ahead.
    """

    question: str = ""
    acting: tuple[str, ...] = ()
    structured: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse structured actions that are no actions."""
        if not set(self.structured) <= set(self.acting):
            raise SupportError(f"{FILE} les réponses de {_quoted('structured')} doivent être dans {_quoted('acting')}.")
        if self.question and not self.structured:
            raise SupportError(f"{FILE} {_quoted('structured')} est vide.")


@dataclass(frozen=True)
class Cost:
    """What makes a pair good or bad, in kilometres: the lower the sum, the better.

    Attributes
    ----------
    km : of each kilometre; more than 0, since the others are told in kilometres.
    size_step : of each step between two size classes.
    theme : taken off for each needed theme on which the supporter has structured actions.
    request : of each request to a supporter after its first, added once more for each.
    """

    km: float = 1.0
    size_step: float = 0.0
    theme: float = 0.0
    request: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what is no weight."""
        for weight in fields(self):
            value = getattr(self, weight.name)
            if not _is_number(value) or not 0 <= value < float("inf"):
                raise SupportError(f"{FILE} {_quoted(weight.name)} doit être un nombre, 0 ou plus.")
        if not self.km:
            raise SupportError(f"{FILE} {_quoted('km')} doit être plus de 0.")


@dataclass(frozen=True)
class PutInTouch:
    """The question and the option by which a respondent asks to be put in touch with a territory; empty if none."""

    question: str = ""
    option: str = ""


@dataclass(frozen=True)
class Support:
    """Who may lend support to whom.

    Attributes
    ----------
    helping, helped : codes of stages of engagement; no stage is in both.
    capacity : how many territories may be proposed to one supporter.
    farthest_km : kilometres, as the crow flies, beyond which nobody is proposed.
    size_steps : how far apart two size classes may be.
    shown : how many supporters a portrait shows.
    put_in_touch : how a respondent asks for it.
    """

    helping: tuple[str, ...]
    helped: tuple[str, ...]
    capacity: int
    farthest_km: float
    size_steps: int
    shown: int
    themes: Themes
    cost: Cost
    put_in_touch: PutInTouch = PutInTouch()

    def __post_init__(self) -> None:
        """Refuse what would pair nobody, or a territory with its like."""
        for name in ("helping", "helped"):
            if not getattr(self, name):
                raise SupportError(f"{FILE} {_quoted(name)} est vide.")
        if both := set(self.helping) & set(self.helped):
            raise SupportError(
                f"{FILE} {_quoted(min(both))} ne peut être à la fois dans {_quoted('helping')} et {_quoted('helped')}."
            )
        for name, least in (("capacity", 1), ("size_steps", 0), ("shown", 1)):
            value = getattr(self, name)
            if type(value) is not int or value < least:
                raise SupportError(f"{FILE} {_quoted(name)} doit être un nombre entier, {least} ou plus.")
        if not _is_number(self.farthest_km) or not 0 < self.farthest_km < float("inf"):
            raise SupportError(f"{FILE} {_quoted('farthest_km')} doit être un nombre de kilomètres, plus de 0.")


@cache
def load_support(path: Path = PATH) -> Support:
    """Return the settings read from `path`.

    Raises
    ------
    SupportError
        When the file is missing or is not TOML, a field is missing, unknown or no value of its kind, or a stage is not
        one of the rule of engagement.
    """
    content = read_settings(path, SupportError)
    settings = _section(
        Support,
        content
        | {
            "themes": _section(Themes, content.get("themes", {}), "themes"),
            "cost": _section(Cost, content.get("cost", {}), "cost"),
            "put_in_touch": _section(PutInTouch, content.get("put_in_touch", {}), "put_in_touch"),
        },
    )
    known = [stage.code for stage in load_rule().stages]
    for stage in (*settings.helping, *settings.helped):
        if stage not in known:
            raise SupportError(
                f"{FILE} {_quoted(stage)} n’est pas un stade de data/engagement.toml ({', '.join(known)})."
            )
    return settings


def _section(kind: type, entry: Any, name: str = "") -> Any:
    """Return the dataclass that a table of the file describes, its lists of codes as tuples."""
    place = f" dans [{name}]" if name else ""
    if not isinstance(entry, dict):
        raise SupportError(f"{FILE} {_quoted(name)} doit être une section [{name}].")
    expected = {field.name: field.type for field in fields(kind)}
    for field in entry:
        if field not in expected:
            raise SupportError(f"{FILE} le champ {_quoted(field)} est inconnu{place}.")
    required = [name for name in expected if not hasattr(kind, name)]
    for field in required:
        if field not in entry:
            raise SupportError(f"{FILE} il manque {_quoted(field)}{place}.")
    return kind(**{field: _value(field, value, expected[field]) for field, value in entry.items()})


def _value(field: str, value: Any, kind: Any) -> Any:
    if kind == tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(code, str) and code for code in value):
            raise SupportError(f"{FILE} {_quoted(field)} doit être une liste de codes.")
        return tuple(value)
    if kind is str and not isinstance(value, str):
        raise SupportError(f"{FILE} {_quoted(field)} doit être un texte.")
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _quoted(name: str) -> str:
    return f"«\u202f{name}\u202f»"
