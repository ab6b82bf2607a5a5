"""The licences of all that others made, as a page: `python -m tests.supply.licences` writes it, `--check` compares.

It stops where a licence is not known, or is not one that may be combined with ours.
"""

import argparse
import sys

from tests.supply.inventory import ROOT, Component, LicenceError, compatible, components

PAGE = ROOT / "deploy" / "LICENCES.md"
HEADINGS = {
    "package": "## Packages that are installed\nOf `requirements.txt`, on any system.",
    "vendored": "## JavaScript and styles copied here\nTheir licences are beside them, in `lib/display/assets`.",
    "data": "## Sources of the boundaries and of the nomenclature\n`geo/README.md` says what is taken from each.",
}
HEAD = """# Licences of what others made

The dashboard is under GPL-3.0-or-later. Every licence below may be combined with it; `python -m tests.supply.licences`
writes this page from the packages themselves and from `tests/supply/licences.toml`, where the others were read. No
font is shipped: pages use Streamlit’s, files those of the reader.
"""


def page(found: list[Component]) -> str:
    """Return the page.

    Raises
    ------
    LicenceError
        When some licence may not be combined with ours.
    """
    refused = [f"{each.name} {each.version} ({each.licence})" for each in found if not compatible(each.licence)]
    if refused:
        raise LicenceError(f"not compatible with GPL-3.0-or-later: {', '.join(refused)}")
    parts = [HEAD]
    for kind, heading in HEADINGS.items():
        versions: dict[tuple[str, str, str], list[str]] = {}
        for each in found:
            if each.kind == kind:
                versions.setdefault((each.name, each.licence, each.registry), []).append(each.version)
        rows = [f"| {name} | {', '.join(all_)} | {licence} |" for (name, licence, _), all_ in versions.items()]
        parts.append("\n".join([heading, "", "| name | version | licence |", "|---|---|---|", *rows, ""]))
    return "\n".join(parts)


def main(arguments: list[str] | None = None) -> int:
    """Write or compare the page; return 0 when it is what the packages say."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    check = parser.parse_args(arguments).check
    try:
        written = page(components())
    except LicenceError as error:
        print(error, file=sys.stderr)
        return 1
    if not check:
        PAGE.write_text(written, encoding="utf-8")
    elif not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != written:
        print(f"{PAGE.name} is not what the packages say: run python -m tests.supply.licences", file=sys.stderr)
        return 1
    print(f"{PAGE.name} {'is what the packages say' if check else 'written'}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
