"""The software bill of materials, in CycloneDX 1.5: `python -m tests.supply.sbom` writes it in `build/`.

uv tells the packages of the lock with the hashes of their archives; licences, vendored files and the sources of the
boundaries are added. It holds neither a date nor a number drawn at random: the same lock gives the same bytes. It is
made when it is asked for, and not kept: it would say the lock twice, in 800 kB.
"""

import argparse
import json
import uuid
from copy import deepcopy
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from lib.display import vendor
from tests.supply.inventory import ROOT, Component, components, exported

FILE = ROOT / "build" / "sbom.cdx.json"


def bill(found: list[Component]) -> str:
    """Return the bill as text, valid against the schema of CycloneDX.

    Raises
    ------
    ValueError
        When it is not, which says where.
    """
    told = deepcopy(exported())
    licences = {(each.name, each.version): each.licence for each in found}
    for package in told["components"]:
        package["licenses"] = [{"expression": licences[package["name"], package["version"]]}]
    own = told["metadata"]["component"]
    own |= {"type": "application", "licenses": [{"license": {"id": "GPL-3.0-or-later"}}]}
    added = [_added(each) for each in found if each.kind != "package"]
    told["components"] += added
    (mine,) = [entry for entry in told["dependencies"] if entry["ref"] == own["bom-ref"]]
    mine["dependsOn"] = [*mine["dependsOn"], *(entry["bom-ref"] for entry in added)]
    told["dependencies"] += [{"ref": entry["bom-ref"]} for entry in added]
    del told["metadata"]["timestamp"], told["serialNumber"]
    # Of the content: another bill has another number, the same bill the same.
    number = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(told, sort_keys=True))
    told = {"$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json", "serialNumber": f"urn:uuid:{number}", **told}
    text = f"{json.dumps(told, indent=2, ensure_ascii=False)}\n"
    if faults := JsonStrictValidator(SchemaVersion.V1_5).validate_str(text):
        raise ValueError(f"not a bill of CycloneDX: {faults}")
    return text


def _added(each: Component) -> dict[str, Any]:
    """Return a component that uv does not know."""
    return {
        "type": "data" if each.kind == "data" else "library",
        "bom-ref": each.purl,
        "name": each.name,
        "version": each.version,
        "hashes": [{"alg": each.algorithm, "content": each.digest}],
        "licenses": [{"expression": each.licence}],
        "purl": each.purl,
        **({"components": [_file(each, path, digest) for path, digest in each.files]} if each.files else {}),
    }


def _file(of: Component, path: str, digest: str) -> dict[str, Any]:
    """Return a vendored file, as it stands here; its name in its package is its number's."""
    return {
        "type": "file",
        "bom-ref": f"{of.purl}#{path.removeprefix(vendor.FOLDER.relative_to(ROOT).as_posix() + '/')}",
        "name": path,
        "hashes": [{"alg": "SHA-256", "content": digest}],
    }


def main(arguments: list[str] | None = None) -> int:
    """Write the bill."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=FILE, help="where to write it, build/sbom.cdx.json by default")
    output = parser.parse_args(arguments).output
    output.parent.mkdir(parents=True, exist_ok=True)
    text = bill(components())
    output.write_text(text, encoding="utf-8")
    print(f"{output} written: {len(json.loads(text)['components'])} components")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
