"""Say where what was built comes from: what `sources.json` tells the application.
Nothing is claimed that the packages do not say."""

from __future__ import annotations

from typing import Any

from geo.sources import Sources

BOUNDARIES_LICENCE = (
    "The wheel declares GPL-3.0 for itself and does not state the geometry's source or year (public open-data"
    " contours derived from the national mapping agency's Admin Express are likely)."
)
NOMENCLATURE_LICENCE = "Licence Ouverte (data), MIT (code)"


def describe_sources(
    sources: Sources, region: dict[str, Any], counts: dict[str, Any], completed: list[str]
) -> dict[str, Any]:
    """Return what `sources.json` says: each source, what was taken from it, and what was built."""
    pins = sources.pins
    nomenclature = pins["nomenclature"]
    releases = {release["year"]: release["version"] for release in nomenclature["releases"]}
    listed = {year["millesime"] for year in region.get("earlier", ())}
    return {
        "region": {"code": region["code"], "nom": region["nom"], "millesime": region["millesime"]},
        "sources": [
            {
                "package": pins["boundaries"]["package"],
                "registry": "PyPI",
                "version": pins["boundaries"]["version"],
                "year": None,
                "licence": BOUNDARIES_LICENCE,
                "taken": f"polygons of communes, found to be those of the COG of {sources.polygons_cog}",
                # Where the source has no polygon, or one that was split since: see sources.toml.
                **({"completed": completed} if completed else {}),
            },
            {
                "package": nomenclature["package"],
                "registry": "npm",
                "version": releases[region["millesime"]],
                "year": region["millesime"],
                "licence": NOMENCLATURE_LICENCE,
                "taken": "communes with population, SIREN and postal codes, EPCI with members, départements,"
                " communes déléguées and associées, names of the communes outside the region",
            },
            *(
                {
                    "package": nomenclature["package"],
                    "registry": "npm",
                    "version": version,
                    "year": year,
                    "licence": NOMENCLATURE_LICENCE,
                    "taken": "names and codes of the communes of that year"
                    + (", and the list of its territories with their populations" if year in listed else "")
                    + (", history of communes since 1943" if year == min(releases) else ""),
                }
                for year, version in releases.items()
                if year != region["millesime"]
            ),
        ],
        "counts": counts,
    }
