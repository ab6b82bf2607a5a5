"""Write the list of territories, that of communes of the past and that of names elsewhere from the nomenclature.
Geometry is none of its business."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from geo.sources import BuildError, Sources

TERRITORY_COLUMNS = [
    "code",
    "nom",
    "type",
    "nature",
    "siren",
    "population",
    "epci",
    "departements",
    "codes_postaux",
    "taille",
    "partiel",
    "part_population",
]
FORMER_COLUMNS = ["code", "nom", "nature", "annee", "code_actuel"]
ELSEWHERE_COLUMNS = ["nom"]
ALIAS_COLUMNS = ["code", "alias"]

NATURES = {"commune-deleguee": "deleguee", "commune-associee": "associee"}
# The Métropole de Lyon is no EPCI in law but a collectivity of its own: it has the powers of one, and its communes.
EPCI_NATURES = {"MET69": "METRO"}
# The same name under the same code may be known for several reasons: the first one is kept.
NATURE_ORDER = ("deleguee", "associee", "fusionnee", "renommee")

Entry = dict[str, Any]


def current(communes: Iterable[Entry]) -> dict[str, Entry]:
    """Return code -> entry for the communes of their own, without déléguées, associées and arrondissements."""
    return {entry["code"]: entry for entry in communes if entry["type"] == "commune-actuelle"}


def heirs(sources: Sources, millesime: int) -> dict[str, str]:
    """Return former code -> code of the commune of today, for all France and all the years of the sources."""
    today = current(sources.communes[millesime])
    heir = {old: code for code, entry in today.items() for old in entry.get("anciensCodes", [])}
    for year in sorted(sources.communes):
        for entry in sources.communes[year]:
            if entry["type"] in NATURES and entry["code"] not in today:
                heir[entry["code"]] = entry["chefLieu"]
    # What a merger absorbed may have been absorbed again: follow to a commune of today, never in a circle.
    for old, became in heir.items():
        code, passed = became, {old}
        while code not in today and code in heir and code not in passed:
            passed.add(code)
            code = heir[code]
        heir[old] = code
    return {old: code for old, code in heir.items() if code in today}


def region_epci(sources: Sources, millesime: int, codes: set[str]) -> list[Entry]:
    """Return the EPCI of a year with at least one member among the communes of the region, sorted by code."""
    found = [epci for epci in sources.epci[millesime] if any(member["code"] in codes for member in epci["membres"])]
    return sorted(found, key=lambda epci: epci["code"])


def territories(sources: Sources, region: dict[str, Any]) -> list[Entry]:
    """Return one row per commune, EPCI and département of the region in its `millesime`, whatever the year.

    Every population is a sum over communes.
    """
    year = region["millesime"]
    today = current(sources.communes[year])
    communes = {code: entry for code, entry in sorted(today.items()) if entry["region"] == region["code"]}
    epci = region_epci(sources, year, set(communes))
    epci_of = {member["code"]: group["code"] for group in epci for member in group["membres"]}
    rows = [
        _row(
            region,
            code=code,
            nom=entry["nom"],
            type="commune",
            nature="COM",
            siren=entry["siren"],
            population=entry["population"],
            epci=epci_of.get(code, ""),
            departements=entry["departement"],
            codes_postaux=" ".join(sorted(entry["codesPostaux"])),
        )
        for code, entry in communes.items()
    ]
    for group in epci:
        members = [member["code"] for member in group["membres"]]
        inside: Counter[str] = Counter()
        for code in members:
            if code in communes:
                inside[communes[code]["departement"]] += communes[code]["population"]
        population = sum(today[code]["population"] for code in members)
        rows.append(
            _row(
                region,
                code=group["code"],
                nom=_epci_name(group["nom"]),
                type="epci",
                nature=EPCI_NATURES.get(group["type"], group["type"]),
                siren=group["code"],
                population=population,
                departements=" ".join(sorted(inside, key=lambda code: (-inside[code], code))),
                partiel=int(any(code not in communes for code in members)),
                part_population=f"{inside.total() / population:.6g}",
            )
        )
    populations: Counter[str] = Counter()
    for entry in communes.values():
        populations[entry["departement"]] += entry["population"]
    rows += [
        _row(
            region,
            code=entry["code"],
            nom=entry["nom"],
            type="departement",
            nature="DEP",
            population=populations[entry["code"]],
            departements=entry["code"],
        )
        for entry in sources.departements[year]
        if entry["region"] == region["code"]
    ]
    return rows


def _row(region: dict[str, Any], **fields: Any) -> Entry:
    blank: Entry = dict.fromkeys(TERRITORY_COLUMNS, "") | {"partiel": 0, "part_population": 1}
    sizes = (
        size["code"]
        for size in region["size_classes"]
        if size["type"] == fields["type"] and size["low"] <= fields["population"] <= size.get("high", float("inf"))
    )
    return blank | {"taille": next(sizes, "")} | fields


def _epci_name(name: str) -> str:
    """Return the name without the quotation marks one EPCI carries inside its own."""
    return name.replace('"', "")


def former_communes(sources: Sources, region: dict[str, Any]) -> list[Entry]:
    """Return the names under which a commune of the region was known before, each with the commune it became.

    `annee` is the last COG year in which the name was that of a commune of its own; it is empty if no source says.
    """
    today = current(sources.communes[region["millesime"]])
    heir = heirs(sources, region["millesime"]) | {code: code for code in today}
    last_year, natures = _past_names(sources)
    for year, communes in sources.communes.items():
        for entry in communes:
            if entry["type"] in NATURES:
                natures[entry["code"], entry["nom"]].add(NATURES[entry["type"]])
            elif entry["type"] == "commune-actuelle":
                name = entry["code"], entry["nom"]
                natures[name].add("renommee" if entry["code"] in today else "fusionnee")
                last_year[name] = max(year, last_year.get(name, 0))
    rows = []
    for (code, name), kinds in sorted(natures.items()):
        now = today.get(heir.get(code, ""))
        if now is None or now["region"] != region["code"] or (code, name) == (now["code"], now["nom"]):
            continue
        rows.append(
            {
                "code": code,
                "nom": name,
                "nature": next(kind for kind in NATURE_ORDER if kind in kinds),
                "annee": last_year.get((code, name), ""),
                "code_actuel": now["code"],
            }
        )
    return rows


def names_elsewhere(sources: Sources, region: dict[str, Any]) -> list[Entry]:
    """Return one row per distinct name of the communes of today outside the region, in the order of characters."""
    today = current(sources.communes[region["millesime"]])
    names = {entry["nom"] for entry in today.values() if entry["region"] != region["code"]}
    return [{"nom": name} for name in sorted(names)]


def _past_names(sources: Sources) -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], set[str]]]:
    """Read, in the history of communes, the last COG year of the names that ended, and why they ended."""
    last_year: dict[tuple[str, str], int] = {}
    natures: dict[tuple[str, str], set[str]] = defaultdict(set)
    for entry in sources.history:
        if entry["type"] != "COM" or "dateFin" not in entry:
            continue
        name = entry["code"], entry["nom"]
        # The COG of a year is that of 1 January: a commune that ends on that day is not in it any more.
        year = (date.fromisoformat(entry["dateFin"]) - timedelta(days=1)).year
        last_year[name] = max(year, last_year.get(name, 0))
        natures[name].add("renommee" if entry["raisonFin"] == "changement de nom" else "fusionnee")
    return last_year, natures


def check_counts(rows: list[Entry], region: dict[str, Any]) -> dict[str, Any]:
    """Return the counts of the reference list, once equal to those the region expects.

    Raises
    ------
    BuildError
        A count differs, a code comes twice, or a commune belongs to no EPCI of the list.
    """
    by_type = Counter(row["type"] for row in rows)
    found = {
        "communes": by_type["commune"],
        "epci": by_type["epci"],
        "departements": by_type["departement"],
        "partial_epci": sum(row["partiel"] for row in rows),
        "population": sum(row["population"] for row in rows if row["type"] == "commune"),
        "nature": dict(Counter(row["nature"] for row in rows if row["type"] == "epci")),
    }
    if found != region["counts"]:
        raise BuildError(f"counts {found}, {region['counts']} expected")
    if twice := [code for code, times in Counter(row["code"] for row in rows).items() if times > 1]:
        raise BuildError(f"codes {twice} come twice")
    known = {row["code"] for row in rows if row["type"] == "epci"}
    if alone := [row["code"] for row in rows if row["type"] == "commune" and row["epci"] not in known | {""}]:
        raise BuildError(f"communes {alone} belong to an unknown EPCI")
    return found


def check_same_shapes(rows: list[Entry], earlier: list[Entry], millesime: int) -> None:
    """Check that the boundaries of today are those of an earlier year: same territories, same EPCI of each commune.

    Names, populations and size classes may differ.

    Raises
    ------
    BuildError
        A territory exists in one year only, or a commune changed EPCI. Boundaries of that year would be needed.
    """
    shapes, before = ({(row["type"], row["code"]): row["epci"] for row in listed} for listed in (rows, earlier))
    if differing := sorted(key for key in shapes | before if shapes.get(key) != before.get(key)):
        raise BuildError(f"the boundaries of today are not those of {millesime}: {differing}")


def csv_text(rows: list[Entry], columns: Iterable[str]) -> str:
    """Return rows as comma-separated text with a heading."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
