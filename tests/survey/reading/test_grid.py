"""The full grid: the same world written by each tool's conventions reads back to the same answers.

What a tool cannot tell is said by `World.expected`, and by nothing else here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pandas as pd
import pytest

from lib.survey.edition import Edition, build_edition, load_edition, read_edition
from lib.survey.reading.export import read_export
from lib.survey.reading.mapping import Target, recognise, with_target
from lib.survey.reading.table import read_table
from lib.survey.reading.tools import recognise_layout
from lib.survey.states import NOT_ANSWERED, NOT_ASKED, NOT_TICKED, VALUE
from tests.survey.reading.world import World, aliased, differences, edition_world, small_world
from tests.survey.reading.writers import (
    framaforms,
    generic,
    google_forms,
    kobotoolbox,
    limesurvey,
    microsoft_forms,
    sphinx,
)


@dataclass(frozen=True)
class Case:
    """One way of writing a world, what should be recognised in it, and what it can tell."""

    tool: str
    write: Callable[..., bytes]
    style: dict[str, Any]
    headings: str = ""
    form: str = "csv"
    encoding: str = "utf-8"
    separator: str = ","
    depth: int = 1
    tells: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Name of the case in the report of the tests."""
        told = "-".join(f"{key}={value}" for key, value in self.style.items())
        return f"{self.tool}-{told}"

    @property
    def nameless(self) -> str:
        """Heading of the columns that only a person can name, empty when there is none."""
        if self.style.get("labels"):
            return kobotoolbox.OTHER_LABEL
        return limesurvey.OTHER_CODE if self.style.get("default_codes") and self.headings == "code" else ""

    @property
    def identified(self) -> bool:
        """Whether the tool writes an identifier of each response."""
        return self.tool not in ("google-forms", "autre") and self.style.get("metadata", True)


def _limesurvey(**style: Any) -> Case:
    saved = style.get("saved", "")
    layouts = {
        "": {"encoding": "utf-8-sig", "separator": style.get("separator", ";")},
        "csv": {"encoding": "cp1252", "separator": ";"},
    }
    layout = layouts.get(saved, {"form": "xlsx", "encoding": "", "separator": ""})
    headings = style.get("headings", "complet")
    return Case(
        "limesurvey",
        limesurvey.write,
        style,
        "abrege" if headings == "abrege-libelles" else headings,
        tells={
            "tells_hidden": style.get("long", True),
            "has_other_box": style.get("other_box", False),
            "encoding": "cp1252" if saved == "csv" else "utf-8",
        },
        **layout,
    )


_HEADINGS = ("code", "abrege", "complet", "code-et-texte")

LIMESURVEY = [
    *(
        _limesurvey(headings=headings, long=long, language=language, separator=separator)
        for headings in _HEADINGS
        for long in (True, False)
        for language in ("fr", "en")
        for separator in (";", ",")
    ),
    *(
        _limesurvey(headings=headings, long=long, **more)
        for headings in _HEADINGS
        for long in (True, False)
        for more in (
            {"other_box": True},
            {"comments": True},
            {"comments": True, "other_box": True},
            {"timings": True},
            {"noise": True},
            {"arrays_of_numbers": "0"},
            {"metadata": False},
            {"dated": False},
            {"saved": "csv"},
            {"saved": "xlsx"},
            {"saved": "xlsx-texte"},
            {"noise": True, "comments": True, "timings": True, "saved": "csv"},
        )
    ),
    *(
        _limesurvey(headings=headings, long=long, default_codes=True)
        for headings in ("code", "code-et-texte")
        for long in (True, False)
    ),
    *(_limesurvey(headings="code-et-texte", code_text=between) for between in (". ", " - ", ": ")),
    *(
        _limesurvey(headings=headings, long=long, expression_codes=True)
        for headings in ("code", "code-et-texte")
        for long in (True, False)
    ),
    *(_limesurvey(headings=headings, underscores=True) for headings in ("abrege", "complet", "code-et-texte")),
    *(_limesurvey(headings=headings, long=False, converted=True) for headings in ("code", "complet")),
    *(_limesurvey(rank=word) for word in ("Rang", "Rank", "Ranking")),
    *(_limesurvey(headings="abrege-libelles", long=long) for long in (True, False)),
]

FRAMAFORMS = [
    Case(
        "framaforms",
        framaforms.write,
        {"compact": compact, "keys": keys, "language": language, "legacy": legacy},
        encoding="utf-16" if legacy else "utf-8",
        separator="\t" if legacy else ",",
        depth=3,
        tells={"has_other_box": compact},
    )
    for compact in (False, True)
    for keys in (False, True)
    for language in ("fr", "en")
    for legacy in (False, True)
]

GOOGLE = [
    *(
        Case("google-forms", google_forms.write, {"form": "csv", "language": language, "address": address})
        for language in ("fr", "en")
        for address in (True, False)
    ),
    Case("google-forms", google_forms.write, {"form": "csv", "glue": ";"}),
    Case("google-forms", google_forms.write, {"form": "xlsx"}, form="xlsx", encoding="", separator=""),
]

MICROSOFT = [
    Case(
        "microsoft-forms",
        microsoft_forms.write,
        {"form": form, "language": language},
        form=form,
        encoding="cp1252" if form == "csv" else "",
        separator=";" if form == "csv" else "",
        tells={"encoding": "cp1252" if form == "csv" else "utf-8"},
    )
    for form in ("xlsx", "csv")
    for language in ("fr", "en")
]

KOBO = [
    Case(
        "kobotoolbox",
        kobotoolbox.write,
        {"labels": labels, "groups": groups, "apart": apart, "together": together, "form": form},
        form=form,
        encoding="" if form == "xlsx" else "utf-8",
        separator="" if form == "xlsx" else ";",
    )
    for labels in (False, True)
    for groups in (True, False)
    for apart, together in ((True, True), (True, False), (False, True))
    for form in ("csv", "xlsx")
]

SPHINX = [
    Case(
        "sphinx",
        sphinx.write,
        {"several": several, "codes": codes, "form": form},
        form=form,
        encoding="cp1252" if form == "csv" else "",
        separator=";" if form == "csv" else "",
        tells={"encoding": "cp1252" if form == "csv" else "utf-8"},
    )
    for several in ("colonnes-01", "colonnes-libelles", "cellule")
    for codes in (False, True)
    for form in ("xlsx", "csv")
]

GENERIC = [
    *(
        Case(
            "autre",
            generic.write,
            {"tick": tick, "keys": keys},
            separator=";",
            tells={"has_other_box": False},
        )
        for tick in ("x", "X", "1", "Oui", "oui")
        for keys in (False, True)
    ),
    *(
        Case("autre", generic.write, {"separator": separator}, separator=separator, tells={"has_other_box": False})
        for separator in (",", "\t", "|")
    ),
    Case(
        "autre", generic.write, {"form": "xlsx"}, form="xlsx", encoding="", separator="", tells={"has_other_box": False}
    ),
    Case(
        "autre",
        generic.write,
        {"form": "excel"},
        encoding="cp1252",
        separator=";",
        tells={"encoding": "cp1252", "has_other_box": False},
    ),
]

GRID = [*LIMESURVEY, *FRAMAFORMS, *GOOGLE, *MICROSOFT, *KOBO, *SPHINX, *GENERIC]

# The shipped edition is long to read: each style of headings and of answers once.
SHIPPED = [
    *(_limesurvey(headings=headings, long=long) for headings in _HEADINGS for long in (True, False)),
    _limesurvey(other_box=True),
    _limesurvey(other_box=True, noise=True, saved="csv"),
    _limesurvey(saved="xlsx"),
    *FRAMAFORMS[::3],
    *GOOGLE[::4],
    *MICROSOFT[::2],
    *KOBO[::5],
    *SPHINX[::3],
    *GENERIC[::4],
]


@cache
def _world(which: str) -> World:
    if which == "small":
        return small_world()
    edition = load_edition()
    return edition_world(edition.codebook, edition.values, edition.states, edition.respondents["complete"].to_numpy())


def _read(case: Case, world: World) -> Edition:
    """Return the edition read from a case; a person says which question the texts of nameless columns answer."""
    questionnaire = aliased(world.codebook) if case.style.get("default_codes") else world.codebook
    told: dict[str, Any] = {"id": "grille", "title": "Grille", "simulated": True, "collected": ""}
    content = case.write(world, **case.style)
    nameless = case.nameless
    if not nameless:
        return read_edition(content, questionnaire, **told)
    table = read_table(content)
    mapping = recognise(table, questionnaire)
    positions = [position for position, heading in enumerate(table.headings) if heading.endswith(nameless)]
    own = case.tool == "limesurvey"
    keys = [
        question.other_column
        for question in questionnaire.questions
        if question.other and bool(question.other_text) == own
    ]
    for position, key in zip(positions, keys, strict=True):
        assert mapping.columns[position].role == "unknown"
        mapping = with_target(mapping, position, Target("answer", key, "person"))
    return build_edition(read_export(table, mapping, questionnaire), questionnaire, **told)


@cache
def _expected(world: World, **tells: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    return world.expected(**tells)


def _assert_same(case: Case, world: World, edition: Edition) -> None:
    values, states = _expected(world, **case.tells)
    assert list(edition.values.columns) == list(values.columns)
    assert len(edition.values) == len(values)
    assert differences(edition.values, values) == []
    assert differences(edition.states, states) == []
    if case.identified:
        assert list(edition.values.index) == list(values.index)


def test_the_world_holds_every_kind_of_question_in_every_state() -> None:
    world = _world("small")
    kinds: dict[str, set[int]] = {}
    for question in world.codebook.questions:
        for key in question.columns:
            kinds.setdefault(question.kind, set()).update(world.states[key])
    for kind in ("multiple", "array_multiple"):
        assert kinds.pop(kind) == {VALUE, NOT_TICKED, NOT_ANSWERED, NOT_ASKED}
    assert set(kinds) == {"single", "scale", "text", "array", "ranking"}
    assert all(states == {VALUE, NOT_ANSWERED, NOT_ASKED} for states in kinds.values())
    assert max(len(question.text) for question in world.codebook.questions) > 400
    told = [world.expected(tells_hidden=hidden)[1] for hidden in (True, False)]
    # Some questions are hidden by the questionnaire's own logic, others by one that only the form knows.
    assert (told[0] == NOT_ASKED).sum().sum() > (told[1] == NOT_ASKED).sum().sum() > 0
    # The last two people answered nothing beyond their identity.
    assert len(told[0]) == len(world.states) - 2


@pytest.mark.parametrize("case", GRID, ids=lambda case: case.name)
def test_a_tools_file_is_recognised(case: Case) -> None:
    table = read_table(case.write(_world("small"), **case.style))
    assert (table.form, table.encoding, table.separator, table.header_depth) == (
        case.form,
        case.encoding,
        case.separator,
        case.depth,
    )
    layout = recognise_layout(table)
    if case.tool == "autre":
        # Brackets around an option are those of LimeSurvey too: either may be said, no other.
        assert layout.tool.id in ("autre", "limesurvey")
        return
    assert (layout.tool.id, layout.tool.verified) == (case.tool, case.tool != "sphinx")
    assert layout.style == case.headings


@pytest.mark.parametrize("case", GRID, ids=lambda case: case.name)
def test_a_tools_file_reads_to_the_answers_of_the_world(case: Case) -> None:
    world = _world("small")
    _assert_same(case, world, _read(case, world))


@pytest.mark.parametrize("case", SHIPPED, ids=lambda case: case.name)
def test_the_shipped_edition_rewritten_by_a_tool_reads_to_the_same_answers(case: Case) -> None:
    world = _world("shipped")
    _assert_same(case, world, _read(case, world))
