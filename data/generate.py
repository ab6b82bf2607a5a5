"""Write the simulated editions as LimeSurvey would export them: `python -m data.generate [--check]`.

The same bytes come out everywhere. Who answers belongs to `people`, what they answer to `answers`.
"""

import argparse
import csv
import io
import sys
from datetime import datetime, timedelta
from pathlib import Path

from data.answers import LAST_PAGE, Cells, answers
from data.draws import Draws
from data.people import Person, people
from data.plans import EDITION_2026, PLANS, Plan
from lib.survey.codebook import Codebook, Question, load_codebook

FOLDER = Path(__file__).parent

__all__ = ["export", "people"]

DAYS = 52

METADATA = (
    "ID de la réponse",
    "Date de soumission",
    "Dernière page",
    "Langue de départ",
    "Tête de série",
    "Date de lancement",
    "Date de la dernière action",
    "Adresse IP",
    "URL référente",
)
# The page of the form on which each question stands.
PAGES = {
    "terr_type": 1,
    "terr_nom": 1,
    "terr_code": 1,
    "terr_membres": 1,
    "repondant": 1,
    "themes": 2,
    "priorites": 2,
    "strategie": 3,
    "portage": 3,
    "instance": 3,
    "besoins": 4,
    "freins": 4,
    "actions": 5,
    "accompagnement": 6,
    "diffusion": 6,
    "precisions": 6,
}
_NO_BREAK = "\u00a0"
_NARROW = "\u202f"


def export(plan: Plan = EDITION_2026) -> bytes:
    """Return an export: UTF-8 with byte order mark, `;`, all fields quoted, CRLF, empty line at the end."""
    codebook = load_codebook()
    everyone = people(plan)
    draws = Draws(plan.form_seed)
    times = _times(len(everyone), plan.launch, draws)
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([*METADATA, *_headings(codebook), "Temps total"])
    number = 11
    for person, (cells, page), start in zip(everyone, answers(everyone, plan), times, strict=True):
        # Identifiers have gaps: LimeSurvey numbers tests and deleted responses too.
        number += 1 if draws.chance(0.9) else 2 + draws.below(4)
        seconds = 40 + page * (60 + draws.below(240))
        end = start + timedelta(seconds=seconds)
        submitted = str(end) if page == LAST_PAGE else ""
        seed = str(100_000_000 + draws.below(1_900_000_000))
        metadata = [str(number), submitted, str(page), "fr", seed, str(start), str(end), "", ""]
        writer.writerow([*metadata, *_row(codebook, person, cells, page), f"{seconds}.{draws.below(100):02d}"])
    buffer.write("\r\n")
    return b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8")


def _times(count: int, launch: datetime, draws: Draws) -> list[datetime]:
    """Return when each response starts: working days, two waves (the launch and a reminder)."""
    found: list[datetime] = []
    while len(found) < count:
        day = draws.below(12) if draws.chance(0.45) else draws.below(DAYS)
        if draws.chance(0.2):
            day = 27 + draws.below(4)
        start = launch + timedelta(days=day, minutes=draws.below(540), seconds=draws.below(60))
        if start.weekday() < 5 or draws.chance(0.1):
            found.append(start)
    return sorted(found)


def _headings(codebook: Codebook) -> list[str]:
    found: list[str] = []
    for question in codebook.questions:
        text = _untidy(question.text, len(found))
        if question.kind in ("single", "scale", "text"):
            found.append(text)
        elif question.kind == "ranking":
            found += [f"{text} [Classement {rank}]" for rank in range(1, question.ranks + 1)]
        elif question.kind == "multiple":
            found += [f"{text} [{_untidy(option.label, 0)}]" for option in question.options]
        elif question.kind == "array":
            found += [f"{text} [{_untidy(row.label, 0)}]" for row in question.rows]
        else:
            found += [
                f"{text} [{_untidy(row.label, 0)}][{_untidy(option.label, 0)}]"
                for row in question.rows
                for option in question.options
            ]
        if question.other:
            found.append(question.other_text or f"{text} [Autre]")
    return found


def _untidy(text: str, salt: int) -> str:
    """Return a wording as forms hold them: typewriter apostrophes, no-break, doubled or trailing spaces."""
    typed = text.replace(_NARROW, _NO_BREAK if salt % 2 else " ")
    if salt % 5 != 3:
        typed = typed.replace("’", "'")
    if salt % 4 == 2:
        typed = typed.replace(" ", "  ", 1)
    return f"{typed} " if salt % 7 == 4 else typed


def _row(codebook: Codebook, person: Person, cells: Cells, page: int) -> list[str]:
    found: list[str] = []
    identity = {
        "terr_type": person.type,
        "terr_nom": person.name,
        "terr_code": person.code,
        "terr_membres": person.members,
        "repondant": person.role,
    }
    given = identity | cells
    for question in codebook.questions:
        reached = PAGES[question.id] <= page
        found += [_cell(question, key, given) if reached else "" for key in question.columns]
    return found


def _cell(question: Question, key: str, given: Cells) -> str:
    answer = given.get(key, "")
    if question.asked_if and given[question.asked_if.question] not in question.asked_if.options:
        return "N/A"
    if question.kind == "text" or key == question.other_column:
        return answer
    if question.kind == "array_multiple":
        row = key.split("/")[1]
        hidden = question.rows_hidden_if
        if hidden and given.get(f"{hidden.question}/{row}") in hidden.options:
            return "N/A"
        return answer
    if question.kind == "multiple":
        return "Oui" if answer else "Non"
    return question.labels.get(answer, "").replace("’", "'")


def main() -> int:
    """Write the exports, or compare them with the files in place; return 1 when one differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the files in place, write nothing")
    check = parser.parse_args().check
    differing = 0
    for plan in PLANS:
        path, made = FOLDER / plan.file, export(plan)
        if not check:
            path.write_bytes(made)
            continue
        same = path.exists() and path.read_bytes() == made
        differing += not same
        print(f"{path.name}: {'identical' if same else 'differs, run python -m data.generate'}")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
