"""Two editions whose every text attacks whoever shows it: questionnaire, titles, names of territories, free texts.

They are the shipped ones told again, same questions and same answers, so that every page draws everything; looking for
what the texts did belongs to `test_injection`.
"""

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

from lib.survey.codebook import load_codebook
from lib.survey.edition import Edition, load_edition
from lib.survey.questionnaire import Option, Question
from lib.survey.states import NOT_ASKED, NOT_TICKED

SHIPPED = Path(__file__).resolve().parents[2] / "data"
NAMED = ("pays", "syndicat", "autre")
"""Types whose territories are shown by the name that a respondent typed."""

# In each, µ is the name of the field: what it sets, or asks for, says where it got through.
PAYLOADS = (
    '=HYPERLINK("http://evil.example/µ/cell")',
    "<script>window.pwned_µ=1</script>",
    "<img src=x onerror=window.pwned_µ=2>",
    '"><svg onload=window.pwned_µ=3></script><iframe src="javascript:parent.pwned_µ=4">',
    "' onmouseover='window.pwned_µ=5' x='",
    "[cliquez](http://evil.example/µ/link) [js](javascript:window.pwned_µ=6) [ref] [^1]",
    "![t](http://evil.example/µ/image.png) <http://evil.example/µ/auto>",
    "http://evil.example/µ/bare www.evil.example/µ µ@evil.example",
    "`${window.pwned_µ=7}` {{config}} {0.__class__} {label} ${window.pwned_µ=8}",
    "$\\href{javascript:window.pwned_µ=9}{x}$ \\(x\\)",
    ":red[rouge] :red-background[x]{a=b} :material/delete: :smile: :streamlit: **gras** __gras__ ~~non~~ a -> b -- c",
    '"+(window.pwned_µ=10)+" \'+datum.label+\' || window["pwned_µ"]=11 | a|b',
    "&lt;b&gt; &#x3c;script> \\u003cscript>",
)
TURNED = "\u202e"
"""Turns the direction of writing; the only sign that may be taken out of a text."""
TAIL = "très long " * 30
LONG = ("text", "short", "edition", "name")


def hostile(field: str) -> str:
    """Return the attack of one field; `field` is made of letters, digits and underscores."""
    tail = TAIL if field.startswith(LONG) else ""
    return f"{' '.join(PAYLOADS)} {TURNED}retourné {tail}fin".replace("µ", field)


def write(folder: Path) -> tuple[Edition, ...]:
    """Write both editions in a folder, for `NUMERIQUE_DATA`; return the shipped ones that they retell."""
    told = []
    for rank, name in enumerate(("edition.toml", "edition-2025.toml")):
        edition = load_edition(SHIPPED / name)
        suffix = f"-{rank}"
        (folder / f"codebook{suffix}.toml").write_text(_codebook(rank), encoding="utf-8")
        (folder / f"export{suffix}.csv").write_text(_export(edition), encoding="utf-8")
        described = (SHIPPED / name).read_text(encoding="utf-8")
        for key, value in {
            "title": hostile(f"edition_title_{rank}"),
            "collected": hostile(f"edition_collected_{rank}"),
            "answers": f"export{suffix}.csv",
            "codebook": f"codebook{suffix}.toml",
        }.items():
            described = _written(described, key, value)
        (folder / name).write_text(described, encoding="utf-8")
        told.append(edition)
    return tuple(told)


def _written(toml: str, key: str, value: str) -> str:
    return re.sub(rf"(?m)^{key} = .*$", lambda _: f"{key} = {json.dumps(value, ensure_ascii=False)}", toml)


def _name(*parts: str) -> str:
    return re.sub(r"\W", "_", "_".join(parts))


def _option(question: Question, kind: str, option: Option) -> Option:
    return replace(option, label=hostile(_name(kind, question.id, option.code)))


def question_of(question: Question) -> Question:
    """Return a question with the same codes and hostile texts."""
    return replace(
        question,
        text=hostile(_name("text", question.id)),
        short=hostile(_name("short", question.id)),
        other_text=hostile(_name("other", question.id)) if question.other_text else "",
        options=tuple(_option(question, "option", option) for option in question.options),
        rows=tuple(_option(question, "row", row) for row in question.rows),
    )


def _codebook(rank: int) -> str:
    """Return the shipped questionnaire as TOML, its texts hostile; the earlier edition has one option more."""
    codebook = load_codebook()
    parts = codebook.parts
    lines = [
        'id = "hostile"', f"title = {json.dumps(hostile('codebook_title'), ensure_ascii=False)}", "[parts]",
        *(f"{name} = {json.dumps(value)}" for name, value in vars(parts).items() if value and isinstance(value, str)),
        f"free_text = {json.dumps(list(parts.free_text))}",
    ]  # fmt: skip
    for question in map(question_of, codebook.questions):
        options = question.options
        if rank and question.id == "freins":
            options += (Option("ajout", hostile("option_freins_ajout")),)
        lines += ["[[questions]]", *(f"{key} = {_toml(value)}" for key, value in vars(question).items()
                                     if key not in ("options", "rows", "aliases") and value)]  # fmt: skip
        lines += [f"{key} = [{', '.join(_toml(option) for option in listed)}]"
                  for key, listed in (("options", options), ("rows", question.rows)) if listed]  # fmt: skip
    return "\n".join(lines)


def _toml(value: object) -> str:
    if isinstance(value, bool | int | str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, tuple):
        return json.dumps(list(value), ensure_ascii=False)
    given = {key: kept for key, kept in vars(value).items() if kept}
    return f"{{ {', '.join(f'{key} = {_toml(kept)}' for key, kept in given.items())} }}"


def _export(edition: Edition) -> str:
    """Return the answers of an edition as LimeSurvey writes them, full headings, with a column of no question."""
    codes = edition.codebook
    columns = {"ID de la réponse": list(edition.values.index)}
    columns["Date de soumission"] = ["2026-03-10 10:00:00" if done else "" for done in edition.respondents["complete"]]
    for question in codes.questions:
        told = question_of(question)
        for key in question.columns:
            columns[_heading(told, key)] = _cells(edition, question, told, key)
    names = columns[hostile(_name("text", codes.parts.territory_name))]
    kinds = edition.respondents["type"].tolist()
    seen: dict[str, str] = {}
    for place, kind in enumerate(kinds):
        if kind in NAMED and names[place]:
            names[place] = seen.setdefault(names[place], hostile(f"name_{kind}_{len(seen)}"))
    columns[hostile("heading_unknown")] = [hostile("cell_unknown")] * len(kinds)
    written = io.StringIO(newline="")
    table = csv.writer(written, delimiter=";", quoting=csv.QUOTE_ALL)
    table.writerow(columns)
    table.writerows(zip(*columns.values(), strict=True))
    return written.getvalue()


def _heading(told: Question, key: str) -> str:
    names = {**told.labels, **told.row_labels}
    _, *rest = key.split("/")
    if key == told.other_column:
        return told.other_text or f"{told.text} [Autre]"
    if told.kind == "ranking":
        return f"{told.text} [Classement {rest[0]}]"
    return told.text + "".join((" " if not place else "") + f"[{names[part]}]" for place, part in enumerate(rest))


def _cells(edition: Edition, question: Question, told: Question, key: str) -> list[str]:
    ticks = question.kind in ("multiple", "array_multiple")
    cells = []
    for value, state in zip(edition.values[key], edition.states[key], strict=True):
        if state in (NOT_ASKED, NOT_TICKED):
            cells.append("N/A" if state == NOT_ASKED else "Non")
        elif value != value:
            cells.append("")
        elif ticks and value == "1":
            cells.append("Oui")
        elif key == question.other_column or question.id in edition.codebook.parts.free_text:
            cells.append(hostile(_name("typed", question.id)))
        else:
            # Both are read; a file of labels alone would weigh ten times as much.
            cells.append(value if question.rows or question.kind == "ranking" else told.labels.get(value, value))
    return cells
