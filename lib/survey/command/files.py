"""The commands that look at a file and change nothing: inspect, match, codebook, schema.

How they are called belongs to `main`; what they find is worked out by `reading` and `declared`.
"""

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import Any

import pandas as pd

from lib.survey.codebook import CODEBOOK_PATH, Codebook, load_codebook
from lib.survey.codebook_schema import codebook_schema
from lib.survey.command.declared import declared_in, matched, summary
from lib.survey.formulas import neutralise
from lib.survey.questionnaire import KINDS
from lib.survey.reading.drafting import draft_codebook
from lib.survey.reading.inspection import inspect
from lib.survey.reading.table import SurveyFileError, read_table
from lib.survey.reading.tools import recognise_layout
from lib.survey.store.aliases import load_aliases
from lib.survey.store.opening import StoreError, open_store
from lib.territory.matching import OUTCOMES
from lib.territory.reference import load_region

_MOST_LISTED = 30


def tell(step: str) -> None:
    """Say on the error output what a long step is doing, where a person is there to read it."""
    if sys.stderr.isatty():
        print(step, file=sys.stderr)


def say(line: str, *, aside: bool = False) -> None:
    """Write one line on the output, or the error output (`aside`), without the controls that could drive a terminal."""
    shown = "".join(sign if sign.isprintable() or sign in "\u202f\u00a0" else " " for sign in line)
    print(shown, file=sys.stderr if aside else sys.stdout)


def print_json(told: Any) -> None:
    """Write a value as JSON on the output, accents as they are."""
    print(json.dumps(told, ensure_ascii=False, indent=1))


def codebook_of(arguments: argparse.Namespace) -> Codebook:
    """Return the questionnaire that a command names, that of the application by default."""
    return load_codebook(arguments.codebook or CODEBOOK_PATH)


def year_of(arguments: argparse.Namespace) -> int:
    """Return the year of the territories that a command names, the latest by default; SurveyFileError if not built."""
    region = load_region()
    years = (region.millesime, *region.earlier)
    year = region.millesime if arguments.millesime is None else arguments.millesime
    if year not in years:
        built = ", ".join(map(str, years))
        raise SurveyFileError(f"Pas de liste des territoires de {year}\u202f: années possibles\u202f: {built}.")
    return int(year)


def inspect_file(arguments: argparse.Namespace) -> None:
    """Print what a survey file is."""
    tell("Lecture du fichier…")
    told = inspect(arguments.file, arguments.file.name, codebook_of(arguments))
    if arguments.json:
        print_json(told)
        return
    say(f"{told['file']}\u202f: {told['tool_label']}, {told['rows']} réponses, {told['columns']} colonnes")
    separator = f"séparateur «\u202f{told['separator']}\u202f»" if told["separator"] else told["sheet"]
    details = [told["form"].upper(), told["encoding"], separator, f"intitulés sur {told['header_depth']} ligne(s)"]
    say(f"Format\u202f: {', '.join(detail for detail in details if detail)}")
    if told["first_date"]:
        say(f"Réponses du {told['first_date'][:10]} au {told['last_date'][:10]}")
    known = f"questionnaire «\u202f{told['questionnaire']}\u202f»" if told["questionnaire"] else "nouveau questionnaire"
    say(f"Questions\u202f: {told['question_count']} ({known}), options\u202f: {told['option_count']}")
    for question in told["questions"]:
        mark = " " if question["recognised"] or not told["questionnaire"] else "+"
        about = f"{KINDS[question['kind']]}, {question['answered']} réponses"
        say(f" {mark} {question['id']} ({about})\u202f: {question['text']}")
    _print_list("Colonnes de contact", [f"{one['heading']} ({one['kind']})" for one in told["contact_columns"]])
    _print_list("Colonnes inconnues", [heading or "(sans intitulé)" for heading in told["unknown_columns"]])
    unknown = [f"{one['question']}\u202f: {one['text']} ({one['count']})" for one in told["unknown_options"]]
    _print_list("Réponses qui ne sont pas des options", unknown)
    _print_list("Questions absentes du fichier", told["missing_questions"])
    _print_list("À vérifier", told["notes"])


def _print_list(title: str, lines: list[str]) -> None:
    if lines:
        say(f"{title}\u202f:")
        for line in lines[:_MOST_LISTED]:
            say(f"  - {line}")
        if len(lines) > _MOST_LISTED:
            say(f"  … et {len(lines) - _MOST_LISTED} autres")


def match_file(arguments: argparse.Namespace) -> None:
    """Print what the territories of a file were matched to."""
    year = year_of(arguments)
    tell("Lecture du fichier…")
    table = read_table(arguments.file, arguments.file.name)
    declared = declared_in(table, codebook_of(arguments), arguments.type)
    tell("Reconnaissance des territoires…")
    rows = matched(declared, year, _aliases())
    if arguments.csv:
        _write_csv(arguments.csv, rows)
    counts = summary(rows)
    if arguments.json:
        told = {"file": arguments.file.name, "millesime": year, "columns": declared.columns}
        print_json({**told, "summary": counts, "rows": rows})
        return
    if declared.columns:
        read = [f"{what} («\u202f{heading}\u202f»)" for what, heading in declared.columns.items()]
        say(f"Colonnes lues\u202f: {', '.join(read)}")
    say(f"{counts['rows']} lignes, {counts['territories']} territoires de {year}")
    for key, label in OUTCOMES.items():
        say(f"  {label}\u202f: {counts[key]}")
    left = [row for row in rows if row["outcome"] in ("ambiguous", "none")]
    _print_list("À réparer", [_to_repair(row) for row in left])


def _aliases() -> pd.DataFrame | None:
    """Return the territories chosen by hand so far, None where no store is there to say."""
    try:
        store = open_store()
        return load_aliases(store) if store is not None else None
    except StoreError as error:
        say(f"Les choix faits à la main n’ont pas pu être lus. {error}", aside=True)
        return None


def _to_repair(row: dict[str, Any]) -> str:
    candidates = ", ".join(f"{one['name']} ({one['code']})" for one in row["candidates"][:5])
    said = f"ligne {row['line']}\u202f: {row['declared'] or row['code_declared']} – {OUTCOMES[row['outcome']]}"
    return f"{said}\u202f; peut-être {candidates}" if candidates else said


def _write_csv(path: Path, rows: list[dict[str, Any]]) -> None:
    headings = (
        "ligne",
        "type",
        "nom déclaré",
        "code déclaré",
        "résultat",
        "méthode",
        "code",
        "nom",
        "département",
        "candidats",
    )
    with path.open("w", encoding="utf-8-sig", newline="") as written:
        writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
        writer.writerow(headings)
        for row in rows:
            candidates = " | ".join(f"{one['code']} {one['name']}" for one in row["candidates"])
            cells = [row["line"], row["type"], row["declared"], row["code_declared"], OUTCOMES[row["outcome"]]]
            cells += [row["method"], row["code"], row["name"], row["departement"], candidates]
            writer.writerow([_cell(cell) for cell in cells])


def _cell(cell: Any) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return "" if cell is None else neutralise(str(cell))


def print_codebook(arguments: argparse.Namespace) -> None:
    """Print the draft of the questionnaire that a file answers, as TOML."""
    table = read_table(arguments.file, arguments.file.name)
    print(draft_codebook(table, recognise_layout(table)), end="")


def print_schema(_arguments: argparse.Namespace) -> None:
    """Print the JSON Schema of a questionnaire."""
    print_json(codebook_schema())
