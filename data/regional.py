"""Write what is said of another region beside its territories: texts to complete, and simulated editions of its own.

`python -m data.regional`, with NUMERIQUE_REGION, which `python -m geo.build --region` runs. A file that is there is
left as it is, so that what a person has written stays. Nothing published about the shipped region is repeated.
"""

import re
import shutil
import sys
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

from data.generate import FOLDER, export
from data.plans import EDITION_2025, EDITION_2026, Plan
from data.samples import regional
from lib.territory.reference import Region, load_reference, load_region
from lib.territory.region_folder import DATA

BODY = "la structure qui conduit l’enquête"
"""Who stands for the body of the shipped region, until somebody writes a name."""

_SHIPPED_BODY = re.compile(
    r"Pays et Quartiers de Nouvelle-Aquitaine \(PQN-A\)|PQN-A et ses partenaires|PQN-A", re.IGNORECASE
)
_OF_SHIPPED = re.compile("de Nouvelle-Aquitaine")
# Sentences of notes that quote what is published of the shipped region.
_QUOTING = re.compile(r"synthèse|chiffre publié|données sont simulées, la valeur|PQN-A", re.IGNORECASE)
_LINK = "https://a-completer.invalid"

# The titles of the shipped findings say what was found.
_TITLES = {
    "actions": "L’engagement dans une transition",
    "themes": "Les thématiques où l’on agit",
    "strategie": "La stratégie numérique",
    "conditions": "Les conditions d’une stratégie",
    "besoins": "Les besoins",
    "freins": "Les freins",
}


def main() -> int:
    """Write the files that are missing; return 1 when no other region is named."""
    region = load_region()
    if DATA == FOLDER:
        print("data.regional: NUMERIQUE_REGION names no region", file=sys.stderr)
        return 1
    DATA.mkdir(parents=True, exist_ok=True)
    texts = {
        "published.toml": published(_shipped("published.toml"), region),
        "privacy.toml": privacy(_shipped("privacy.toml"), region),
        "accessibility.toml": accessibility(_shipped("accessibility.toml"), region),
        "atelier.toml": atelier(_shipped("atelier.toml"), region),
        "advice.toml": {"fewest": 30, "audience": [], "recommendation": []},
        "benchmarks.toml": {},
    }
    for name, content in texts.items():
        _write(DATA / name, f"# {_HEADINGS[name]}\n\n{toml(content)}".encode())
    if not (DATA / "codebook.toml").exists():
        shutil.copy(FOLDER / "codebook.toml", DATA / "codebook.toml")
    later = replace(EDITION_2026, sample=regional(load_reference()))
    _edition(later, "edition.toml")
    if EDITION_2025.millesime in region.earlier:
        _edition(replace(EDITION_2025, sample=later.sample, later=later), "edition-2025.toml")
    return 0


_HEADINGS = {
    "published.toml": "What is published of the survey in this region: nothing yet. data/published.toml of the\n"
    "# project shows how to quote findings (`published`) and recommendations.",
    "privacy.toml": "What /confidentialite says; what is `pending` is to be completed by whoever runs the survey.",
    "accessibility.toml": "The accessibility statement; its body and its contact are to be completed.",
    "atelier.toml": "The sequence that a workshop shows. It quotes no finding: none is published.",
    "advice.toml": "No recommendation is published for this region: there is nothing to tie to the answers.",
    "benchmarks.toml": "Figures of other surveys to show beside ours: none was gathered for this region.",
}


def published(content: dict[str, Any], region: Region) -> dict[str, Any]:
    """Return the measures of the shipped findings, without anything of what was found in the shipped region."""
    findings = [
        {key: value for key, value in entry.items() if key != "value"}
        | {"title": _TITLES.get(entry["id"], entry["title"]), "published": ""}
        for entry in content["finding"]
    ]
    return {
        "title": content["title"],
        "subtitle": f"Ce que les collectivités {region.de} disent du numérique",
        "source": "",
        "caveat": f"Aucune synthèse d’enquête n’est publiée pour la région {region.nom}\u202f: ces chiffres n’ont "
        "aucun constat à côté duquel se lire.",
        "team": f"l’équipe qui conduit l’enquête {region.en}",
        "conditions": content["conditions"],
        "finding": findings,
        "compared_roles": content["compared_roles"],
        "contact": [
            {
                "name": f"La structure qui conduit l’enquête {region.en}",
                "role": "Nom et adresse à compléter dans data/published.toml",
                "address": "adresse à compléter",
                "link": _LINK,
            }
        ],
    }


def privacy(content: dict[str, Any], region: Region) -> dict[str, Any]:
    """Return the privacy page with the body of the shipped region left to complete."""
    told = _adapted(content, region)
    for section in told["section"]:
        for item in section["item"]:
            if "pending" in item:
                item["pending"] = f"{item['pending'][:1].lower()}{item['pending'][1:]}"
            if item["id"] == "responsable":
                item |= {"text": "", "pending": BODY}
            if item.get("link", "") == _LINK:
                item |= {"pending": BODY, "link": ""}
    return told


def accessibility(content: dict[str, Any], region: Region) -> dict[str, Any]:
    """Return the accessibility statement with the body of the shipped region left to complete."""
    return _adapted(content, region)


def atelier(content: dict[str, Any], region: Region) -> dict[str, Any]:
    """Return the sequence of a workshop without its steps and sentences that quote the published summary."""
    steps = [step for step in content["etape"] if "vue" in step]
    kept = [step | {"notes": "\n".join(_unquoted(line) for line in step["notes"].split("\n"))} for step in steps]
    return _adapted(content | {"etape": kept}, region)


def toml(content: dict[str, Any], name: str = "") -> str:
    """Return a table as TOML: its values, then its tables, then its lists of tables; deeper ones on one line."""
    plain, tables, lists = {}, {}, {}
    for key, value in content.items():
        if isinstance(value, dict) and not name:
            tables[key] = value
        elif name.count(".") < 1 and isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
            lists[key] = value
        else:
            plain[key] = value
    text = "".join(f"{key} = {_inline(value)}\n" for key, value in plain.items())
    for key, value in tables.items():
        text += f"\n[{key}]\n" + "".join(f"{inner} = {_inline(one)}\n" for inner, one in value.items())
    for key, value in lists.items():
        place = f"{name}.{key}" if name else key
        text += "".join(f"\n[[{place}]]\n{toml(one, place)}" for one in value)
    return text


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_inline(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_inline(one) for one in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{escaped}"'
    return str(value)


def _adapted(value: Any, region: Region) -> Any:
    """Return texts where the shipped region and its body are no longer named."""
    if isinstance(value, dict):
        return {key: _adapted(one, region) for key, one in value.items()}
    if isinstance(value, list):
        return [_adapted(one, region) for one in value]
    if not isinstance(value, str):
        return value
    if "pqn-a.fr" in value or "hubik" in value:
        return _LINK if ":" in value else "adresse à compléter"
    said = _SHIPPED_BODY.sub(BODY, _OF_SHIPPED.sub(region.de, value) if "Pays et Quartiers" not in value else value)
    return f"{said[:1].upper()}{said[1:]}" if said != value and said.startswith(BODY) else said


def _unquoted(line: str) -> str:
    return " ".join(sentence for sentence in re.split(r"(?<=[.?!]) ", line) if not _QUOTING.search(sentence))


def _edition(plan: Plan, name: str) -> None:
    """Write the answers of a simulated edition, and what it says of itself: invented, and fitted on nothing."""
    said = _shipped(name)
    _write(DATA / plan.file, export(plan))
    _write(DATA / name, toml(said | {"simulated": True, "fitted": False}).encode())


def _shipped(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def _write(path: Path, content: bytes) -> None:
    if not path.exists():
        path.write_bytes(content)
        print(f"data/{path.name}: {len(content):,} bytes")


if __name__ == "__main__":
    sys.exit(main())
