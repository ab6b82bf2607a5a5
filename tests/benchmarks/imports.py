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
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pandas as pd

from lib.survey.reading.table import LARGEST_FILE, MOST_COLUMNS, MOST_ROWS, read_table
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


FILES: dict[str, Callable[[Path], Path]] = {
    "answers.csv": answers_csv,
    "distinct.csv": distinct_csv,
    "answers.xlsx": answers_xlsx,
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


MEASURES: dict[str, Callable[[Path], str]] = {
    "read": read,
    "pandas": naive,
}
"""What is measured on each file, by name. Each returns words about what it made, which are shown once."""

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
            rounds = [{name: measured(name, path) for name in given.only} for _ in range(given.rounds)]
            for name in given.only:
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
