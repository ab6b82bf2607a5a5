"""A large edition made of the shipped one, to measure how pages bear it: same answers, other territories.

The folder that is written holds both, so that one server shows either: the shipped edition is the default one.
"""

import csv
import re
import shutil
from datetime import timedelta
from pathlib import Path

from lib.survey.codebook import load_codebook
from lib.survey.edition import load_edition
from lib.survey.editions import SHIPPED, EditionFile, list_editions
from lib.survey.reading.export import read_export
from lib.survey.reading.mapping import recognise
from lib.survey.reading.table import read_table
from lib.territory.reference import load_reference

STRIDE = 997
"""Communes between two copies of a respondent; a prime that does not divide their number, nor that of EPCI."""


def write_editions(folder: Path, respondents: int) -> tuple[str, str]:
    """Write the shipped edition and one of so many respondents in a folder; return the id of each.

    Respondents are taken again and again in their order. From the second time, one for a commune, an EPCI or a
    département answers for another of the region, further down the reference list each time; the others answer
    again for the same.
    """
    shipped = next(iter(list_editions(SHIPPED).values()))
    for source in (shipped.path, shipped.answers, shipped.codebook):
        shutil.copy(source, folder)
    large = f"{shipped.id}-{respondents}"
    _write_answers(folder / f"{large}.csv", shipped, respondents)
    changed = {
        "id": f'"{large}"',
        "title": f'"{shipped.title}, {respondents} répondants"',
        "started": (shipped.started - timedelta(days=365)).isoformat(),
        "answers": f'"{large}.csv"',
    }
    described = shipped.path.read_text(encoding="utf-8")
    for name, value in changed.items():
        described = re.sub(rf"(?m)^{name} = .*$", f"{name} = {value}", described)
    (folder / "edition-replicas.toml").write_text(described, encoding="utf-8")
    return shipped.id, large


def _write_answers(file: Path, shipped: EditionFile, respondents: int) -> None:
    codebook = load_codebook(shipped.codebook)
    table = read_table(shipped.answers)
    headings = read_export(table, recognise(table, codebook), codebook).headings
    place = {heading: position for position, heading in enumerate(table.headings)}
    identifier = table.headings.index("ID de la réponse")
    name, code = (place[headings[key]] for key in (codebook.parts.territory_name, codebook.parts.territory_code))
    known = load_edition(shipped.path).respondents
    kept = {row[identifier]: row for row in zip(*table.cells, strict=True) if row[identifier] in known.index}
    reference = load_reference(shipped.millesime)
    levels = {str(level): list(rows["nom"].items()) for level, rows in reference.groupby("type")}
    with file.open("w", encoding="utf-8", newline="") as written:
        writer = csv.writer(written, delimiter=table.separator, quoting=csv.QUOTE_ALL)
        writer.writerow(table.headings)
        for rank in range(respondents):
            copy, position = divmod(rank, len(kept))
            asked = known.index[position]
            cells = list(kept[asked])
            cells[identifier] = str(rank + 1)
            existing = levels.get(known.at[asked, "type"])
            if copy and existing is not None:
                cells[code], cells[name] = existing[(position + copy * STRIDE) % len(existing)]
            writer.writerow(cells)
