"""Describe any of the eighteen regions, as `geo/region.toml` describes the one that is shipped.
What it holds is counted here apart from `geo.tables`, so that the two can be compared."""

from __future__ import annotations

import tomllib
from collections import Counter
from typing import Any

from geo import tables
from geo.sources import FOLDER, BuildError, Sources, load_region

LATEST = 2026
EARLIER = (2025,)
"""Years of which a list is built too, where the boundaries of today serve them."""


def known_regions() -> dict[str, dict[str, Any]]:
    """Return the eighteen regions by code, from `regions.toml`."""
    content = tomllib.loads((FOLDER / "regions.toml").read_text(encoding="utf-8"))
    return {entry["code"]: entry for entry in content["region"]}


def describe(sources: Sources, code: str) -> dict[str, Any]:
    """Return what `region.toml` would say of a region, its counts taken from the nomenclature.

    Size classes are those of the shipped region, without those that no territory of this one is in.

    Raises
    ------
    BuildError
        No such region, or two ways of counting do not give the same.
    """
    regions = known_regions()
    if code not in regions:
        raise BuildError(f"no region {code}; there are {', '.join(sorted(regions))}, and france")
    region = {key: value for key, value in regions[code].items() if key != "aliases"} | {
        "millesime": LATEST,
        "size_classes": load_region()["size_classes"],
    }
    rows = tables.territories(sources, region)
    inhabited = {row["taille"] for row in rows}
    region["size_classes"] = [size for size in region["size_classes"] if size["code"] in inhabited]
    region["counts"] = counted(sources, code, LATEST)
    earlier = []
    for year in EARLIER:
        before = region | {"millesime": year, "counts": counted(sources, code, year)}
        try:
            tables.check_same_shapes(rows, tables.territories(sources, before), year)
        except BuildError:
            continue
        earlier.append({"millesime": year, "counts": before["counts"]})
    return region | ({"earlier": earlier} if earlier else {})


def counted(sources: Sources, code: str, millesime: int) -> dict[str, Any]:
    """Return the counts of a region, from the side of the communes: by the départements that they are in.

    `geo.tables` counts by the region that a commune declares, and from the side of the EPCI.
    """
    departements = {entry["code"] for entry in sources.departements[millesime] if entry["region"] == code}
    communes = {
        entry["code"]: entry["population"]
        for entry in sources.communes[millesime]
        if entry["type"] == "commune-actuelle" and entry["departement"] in departements
    }
    epci_of = {member["code"]: group for group in sources.epci[millesime] for member in group["membres"]}
    groups = {epci_of[member]["code"]: epci_of[member] for member in communes if member in epci_of}
    return {
        "communes": len(communes),
        "epci": len(groups),
        "departements": len(departements),
        "partial_epci": sum(any(one["code"] not in communes for one in group["membres"]) for group in groups.values()),
        "population": sum(communes.values()),
        "nature": dict(Counter(tables.EPCI_NATURES.get(group["type"], group["type"]) for group in groups.values())),
    }


def region_text(region: dict[str, Any]) -> str:
    """Return a region as the text of a `region.toml`."""
    lines = [
        "# Written by `python -m geo.build --region`. Size classes, names and wordings may be changed here; then run",
        "# it again with `--keep`, which reads this file instead of describing the region anew.",
        "",
    ]
    lines += [f"{key} = {_value(value)}" for key, value in region.items() if not isinstance(value, dict | list)]
    lines += _counts("counts", region["counts"])
    for year in region.get("earlier", ()):
        lines += ["", "[[earlier]]", f"millesime = {year['millesime']}", *_counts("earlier.counts", year["counts"])]
    lines += ["", "# Population municipale; both ends are included, no `high` means no upper end."]
    for size in region["size_classes"]:
        lines += ["[[size_classes]]", *(f"{key} = {_value(value)}" for key, value in size.items()), ""]
    return "\n".join(lines)


def aliases(code: str) -> list[tables.Entry]:
    """Return the codes and current names to recognise besides the official ones, before somebody adds to them."""
    return [{"code": own, "alias": other} for own, other in known_regions()[code].get("aliases", ())]


def _counts(name: str, counts: dict[str, Any]) -> list[str]:
    plain = [f"{key} = {value}" for key, value in counts.items() if key != "nature"]
    return ["", f"[{name}]", *plain, "", f"[{name}.nature]", *(f"{key} = {n}" for key, n in counts["nature"].items())]


def _value(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
