"""Compares the vendored JavaScript with the published npm packages, or writes it again from them.

`python -m lib.display.vendor --check` asks the configured npm client for each package at its pinned version,
verifies the SHA-512 of the archive and the bytes of each file; without `--check` it writes the files. `changed`
compares without asking anybody.
"""

import argparse
import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "assets"
OWN = ("player.", "territory_")
"""What the names of our own files begin with there: any other is of a package."""


@dataclass(frozen=True)
class Package:
    """An npm package, the integrity of its archive, and the files taken from it (member, name here, SHA-256)."""

    name: str
    version: str
    integrity: str
    files: tuple[tuple[str, str, str], ...]


PACKAGES = (
    Package(
        "leaflet",
        "1.9.4",
        "sha512-nxS1ynzJOmOlHp+iL3FyWqK89GtNL8U8rvlMOsQdTTssxZwCXh8N2NB3GDQOL+YR3XnWyZAxwQixURb+FA74PA==",
        (
            ("dist/leaflet.js", "leaflet.js", "db49d009c841f5ca34a888c96511ae936fd9f5533e90d8b2c4d57596f4e5641a"),
            ("dist/leaflet.css", "leaflet.css", "a7837102824184820dfa198d1ebcd109ff6d0ff9a2672a074b9a1b4d147d04c6"),
            ("LICENSE", "leaflet.LICENSE.txt", "53e8dc25862014e4324741ca18fbe3611e11d42ef69f59f86ea8c5389647d4cb"),
        ),
    ),
    Package(
        "topojson-client",
        "3.1.0",
        "sha512-605uxS6bcYxGXw9qi62XyrV6Q3xwbndjachmNxu8HWTtVPxZfEJN9fd/SZS1Q54Sn2y0TMyMxFj/cJINqGHrKw==",
        (
            (
                "dist/topojson-client.min.js",
                "topojson-client.min.js",
                "25cd02ae486cc5063e0215a4e4cfb15de83700c87ac48bac4d57dc6aaf3ebb89",
            ),
            (
                "LICENSE",
                "topojson-client.LICENSE.txt",
                "4c4d15b635e04e691825a76db7d33f7f2033b55669a7430011694f31e6c65999",
            ),
        ),
    ),
)


def integrity(archive: bytes) -> str:
    """Return the subresource integrity of an archive, as npm writes it: « sha512-… »."""
    return f"sha512-{base64.b64encode(hashlib.sha512(archive).digest()).decode()}"


def changed(folder: Path = FOLDER) -> list[str]:
    """Return what is wrong with the files of a folder, in words: changed, missing, or of no package and not ours."""
    pinned = {name: digest for package in PACKAGES for _, name, digest in package.files}
    faults = []
    for name, digest in pinned.items():
        path = folder / name
        if not path.is_file():
            faults.append(f"{name} is missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            faults.append(f"{name} is not the file that was taken")
    here = sorted(path.name for path in folder.iterdir())
    return faults + [f"{name} is of no package" for name in here if name not in pinned and not name.startswith(OWN)]


def fetch(package: Package, folder: Path) -> dict[str, bytes]:
    """Return the files of a package by their name here, read from an archive whose integrity is verified.

    Raises
    ------
    ValueError
        If the archive is not the pinned one.
    """
    command = [
        "npm",
        "pack",
        f"{package.name}@{package.version}",
        "--silent",
        "--pack-destination",
        str(folder),
    ]
    subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)
    archive = folder / f"{package.name}-{package.version}.tgz"
    found = integrity(archive.read_bytes())
    if found != package.integrity:
        raise ValueError(f"{package.name} {package.version}: {found} is not {package.integrity}")
    contents = {}
    with tarfile.open(archive) as members:
        for member, name, _ in package.files:
            stream = members.extractfile(f"package/{member}")
            if stream is None:
                raise ValueError(f"{package.name} {package.version} has no file {member}")
            contents[name] = stream.read()
    return contents


def main(arguments: list[str] | None = None) -> int:
    """Check or write the vendored files; return 0 when they are the published ones."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    check = parser.parse_args(arguments).check
    if shutil.which("npm") is None:
        print("npm is not installed: the vendored files were not compared with their packages", file=sys.stderr)
        return 2
    different = changed() if check else []
    with tempfile.TemporaryDirectory() as folder:
        for package in PACKAGES:
            for name, content in fetch(package, Path(folder)).items():
                target = FOLDER / name
                if not check:
                    target.write_bytes(content)
                elif not target.is_file() or target.read_bytes() != content:
                    different.append(f"{name} is not the file of {package.name} {package.version}")
    for line in different:
        print(line, file=sys.stderr)
    if not different:
        print(
            ", ".join(f"{package.name} {package.version}" for package in PACKAGES),
            "checked" if check else "written",
        )
    return 1 if different else 0


if __name__ == "__main__":
    raise SystemExit(main())
