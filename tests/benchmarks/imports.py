"""What it costs to bring answers in, at the limits: `python -m tests.benchmarks.imports`.

Each measure is a fresh process, so that its peak of memory is its own; ours and the naive way take turns. Times are
those of the call, without the start of Python; peaks are those of the whole process; ratios are those of
processor time, which other work on the machine does not change. Files are made by seed.
"""

import argparse
import csv
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median

import pandas as pd

from lib.survey.codebook import load_codebook
from lib.survey.command.declared import declared_in, matched
from lib.survey.editions import SHIPPED
from lib.survey.identity import Identity
from lib.survey.importing import finish, open_draft, start_draft
from lib.survey.reading.inspection import inspect
from lib.survey.reading.table import LARGEST_FILE, MOST_COLUMNS, MOST_ROWS, read_table
from lib.survey.store.opening import open_store
from lib.survey.store.publication import publish
from lib.survey.store.revisions import load_public
from lib.territory.reference import load_region
from tests.benchmarks.matching import distinct_names
from tests.survey.reading.workbooks import parts, wrapped

MEGABYTE = 1 << 20
ANSWERS = ("Oui", "Non", "N/A")
SHORT = ("Y", "", "1", "0", "X")
FILLED = 0.33
"""Share of cells filled in the workbook: as many as 100 MiB of XML hold."""


def answers_csv(folder: Path) -> Path:
    """Write short answers in as many rows and columns as are accepted."""
    dice = random.Random(1)
    path = folder / "answers.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as written:
        writer = csv.writer(written, delimiter=";")
        writer.writerow([f"Q{number}[SQ001]" for number in range(MOST_COLUMNS)])
        for row in range(MOST_ROWS):
            name = f"Commune {dice.randrange(4_000)}"
            writer.writerow([str(row + 1), name, *dice.choices(SHORT, k=MOST_COLUMNS - 2)])
    return path


def distinct_csv(folder: Path) -> Path:
    """Write texts that are all different, short, up to the largest file: the worst for who shares equal texts."""
    path = folder / "distinct.csv"
    width = 190
    with path.open("w", encoding="ascii", newline="") as written:
        written.write(";".join(f"h{number}" for number in range(width)) + "\r\n")
        for row in range(MOST_ROWS):
            line = ";".join(format(row * width + column, "x") for column in range(width)) + "\r\n"
            if written.tell() + len(line) > LARGEST_FILE:
                break
            written.write(line)
    return path


def answers_xlsx(folder: Path) -> Path:
    """Write a workbook of as many rows and columns as are accepted, a third of its cells filled."""
    dice = random.Random(1)
    texts = [*ANSWERS, *(f"Commune {number}" for number in range(2_000))]
    letters = [("" if n < 26 else chr(64 + n // 26)) + chr(65 + n % 26) for n in range(MOST_COLUMNS)]
    shared = "".join(f"<si><t>{text}</t></si>" for text in texts)
    members = parts({"Réponses": ""}, shared=shared)
    before, after = wrapped("|").split("|")
    path = folder / "answers.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in members.items():
            if "sheet1.xml" not in name or name.endswith(".rels"):
                archive.writestr(name, xml)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as written:
            written.write(before.encode())
            for row in range(1, MOST_ROWS + 2):
                cells = [
                    f'<c r="{column}{row}" s="0" t="s"><v>{dice.randrange(3) if rank else 3 + row % 2_000}</v></c>'
                    for rank, column in enumerate(letters)
                    if row == 1 or not rank or dice.random() < FILLED
                ]
                written.write(f'<row r="{row}">{"".join(cells)}</row>'.encode())
            written.write(after.encode())
    return path


def survey_csv(folder: Path) -> Path:
    """Write the shipped export again and again, each time with other identifiers and names, up to the largest file."""
    dice = random.Random(2)
    with (SHIPPED / "edition-simulee.csv").open(encoding="utf-8-sig", newline="") as shipped:
        headings, *rows = [row for row in csv.reader(shipped, delimiter=";") if row]
    name = headings.index("Nom de votre structure")
    names = distinct_names(MOST_ROWS)["nom"].tolist()
    path = folder / "survey.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as written:
        writer = csv.writer(written, delimiter=";")
        writer.writerow(headings)
        for number in range(MOST_ROWS):
            row = list(rows[number % len(rows)])
            row[0] = str(number + 1)
            # One in two is a village under a name of its own: repeated names are read once.
            row[name] = names[number] if dice.random() < 0.5 else row[name]
            writer.writerow(row)
            if written.tell() > LARGEST_FILE - 5_000:
                break
    return path


FILES: dict[str, Callable[[Path], Path]] = {
    "answers.csv": answers_csv,
    "distinct.csv": distinct_csv,
    "answers.xlsx": answers_xlsx,
    "survey.csv": survey_csv,
}


def read(path: Path) -> str:
    """Return the size of the table that is read."""
    table = read_table(path)
    return f"{table.row_count} × {len(table.headings)}"


def naive(path: Path) -> str:
    """Return the size of the frame that pandas makes of it, by its shortest call."""
    text = path.suffix == ".csv"
    frame = pd.read_csv(path, dtype=str, sep=";") if text else pd.read_excel(path, dtype=str)
    return f"{len(frame)} × {len(frame.columns)}"


def looked_at(path: Path) -> str:
    """Return what an inspection says of a file, `python -m lib.survey inspect`."""
    told = inspect(path, path.name, load_codebook())
    return f"{told['tool_label']}, {told['question_count']} questions, {told['option_count']} options"


def territories(path: Path) -> str:
    """Return how many territories are recognised, `python -m lib.survey match`."""
    rows = matched(declared_in(read_table(path), load_codebook()), load_region().millesime)
    found = Counter(row["outcome"] for row in rows)
    return ", ".join(f"{outcome} {number}" for outcome, number in sorted(found.items()))


def published(path: Path) -> str:
    """Return how many respondents visitors see, from the file to the publication in a new store."""
    identity = Identity("banc", "Banc", "mars 2026", date(2026, 3, 3), load_region().millesime, simulated=True)
    codebook = (SHIPPED / "codebook.toml").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/editions.sqlite", create=True)
        draft = start_draft(store, path.read_bytes(), identity, who="banc", codebook=codebook)
        revision = finish(store, open_draft(store, draft), "banc")
        publish(store, revision, "banc", None)
        return f"{len(load_public(store, revision).respondents)} respondents"


MEASURES: dict[str, Callable[[Path], str]] = {
    "read": read,
    "pandas": naive,
    "inspect": looked_at,
    "match": territories,
    "publish": published,
}
"""What is measured on each file, by name. Each returns words about what it made, which are shown once."""

ONLY_ON = {"match": ("survey.csv",), "publish": ("survey.csv",)}
"""Measures that mean something on some of the files only."""

AGAINST = {"read": "pandas"}
"""The naive way that a measure is compared with."""


def measured(name: str, path: Path) -> dict[str, float | str]:
    """Return seconds on the clock and of processor, peak in MiB and words of one measure, in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.imports", "--one", name, str(path)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def one(name: str, path: Path) -> None:
    """Take one measure in this process, and print it as JSON."""
    started, busy = time.perf_counter(), time.process_time()
    made = MEASURES[name](path)
    seconds, busy = time.perf_counter() - started, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "busy": busy, "peak": peak, "made": made}))


def main() -> None:
    """Print a line for each file and measure, then the ratios to the naive way."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--one", nargs=2, metavar=("MEASURE", "FILE"), help="one measure, in this process")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--only", nargs="*", default=list(MEASURES), choices=list(MEASURES))
    arguments.add_argument("--files", nargs="*", default=list(FILES), choices=list(FILES))
    given = arguments.parse_args()
    if given.one:
        one(given.one[0], Path(given.one[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        for file in given.files:
            path = FILES[file](Path(folder))
            print(f"\n{file}: {path.stat().st_size / MEGABYTE:.1f} MB")
            # Ours and the naive way in turn: what else the machine does weighs on both.
            names = [name for name in given.only if file in ONLY_ON.get(name, (file,))]
            rounds = [{name: measured(name, path) for name in names} for _ in range(given.rounds)]
            for name in names:
                seconds = median(float(taken[name]["seconds"]) for taken in rounds)
                busy = median(float(taken[name]["busy"]) for taken in rounds)
                peak = max(float(taken[name]["peak"]) for taken in rounds)
                made = rounds[0][name]["made"]
                print(f"  {name:<10} {seconds:7.2f} s ({busy:.2f} s of processor)  {peak:6.0f} MiB  {made}")
            for name, other in AGAINST.items():
                if {name, other} <= set(given.only):
                    times, peaks = (
                        [float(taken[name][what]) / float(taken[other][what]) for taken in rounds]
                        for what in ("busy", "peak")
                    )
                    print(f"  {name} / {other}: {median(times):.2f} of the time, {median(peaks):.2f} of the memory")


if __name__ == "__main__":
    main()
