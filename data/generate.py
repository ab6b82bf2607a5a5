"""Write the simulated edition as LimeSurvey would export it: `python -m data.generate [--check]`.

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
from lib.survey.codebook import Codebook, Question, load_codebook

SEED = 20260303
PATH = Path(__file__).with_name("edition-simulee.csv")

__all__ = ["export", "people"]

# Simulated: the published summary says that the survey was launched in a month of March, not of which year.
LAUNCH = datetime(2026, 3, 3, 9, 0)
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


def export() -> bytes:
    """Return the export: UTF-8 with byte order mark, `;`, all fields quoted, CRLF, empty line at the end."""
    codebook = load_codebook()
    everyone = people()
    draws = Draws(SEED)
    times = _times(len(everyone), draws)
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([*METADATA, *_headings(codebook), "Temps total"])
    number = 11
    for person, (cells, page), start in zip(everyone, answers(everyone), times, strict=True):
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


def _times(count: int, draws: Draws) -> list[datetime]:
    """Return when each response starts: working days, two waves (the launch and a reminder)."""
    found: list[datetime] = []
    while len(found) < count:
        day = draws.below(12) if draws.chance(0.45) else draws.below(DAYS)
        if draws.chance(0.2):
            day = 27 + draws.below(4)
        start = LAUNCH + timedelta(days=day, minutes=draws.below(540), seconds=draws.below(60))
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
    """Write the export, or compare it with the file in place; return 1 when they differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the file in place, write nothing")
    made = export()
    if not parser.parse_args().check:
        PATH.write_bytes(made)
        return 0
    same = PATH.exists() and PATH.read_bytes() == made
    print(f"{PATH.name}: {'identical' if same else 'differs, run python -m data.generate'}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
