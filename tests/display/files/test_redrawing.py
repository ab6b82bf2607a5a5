"""Scripts that redraw figures: each family's is run beside its files, once for all; its drawing holds the values."""

import ast
import re
import subprocess
import sys
from dataclasses import replace
from xml.etree import ElementTree

import pandas as pd
import pytest

from lib.display.files import dossier
from lib.display.files.downloads import csv_bytes, stem
from lib.display.files.redrawing import family, script
from lib.display.formats import MASKED, NARROW
from tests.display.files.takeaways import CHARTS, PLACES, bars, crossed, figure, perimeters, places

EVERY = {**CHARTS, "crossing": crossed, "map": places}
RUN = "import runpy, sys\nfor path in sys.argv[1:]: runpy.run_path(path, run_name='__main__')"
HOSTILE = '"""\n\\"+__import__("os").system("x")+"\u2028\u202e\x7f</script>{TITLE}<constants>'


@pytest.fixture(scope="module")
def drawings(tmp_path_factory):
    """Return the texts of the drawing of each family, from files made as a visitor takes them away."""
    folder, paths = tmp_path_factory.mktemp("redessiner"), {}
    for name, make in EVERY.items():
        drawn, own = make(), folder / name
        own.mkdir()
        data = stem(drawn.name, simulated=True)
        if name == "map":
            (own / f"{data}.gpkg").write_bytes(dossier.geopackage(drawn))
        else:
            (own / f"{data}.csv").write_bytes(csv_bytes(drawn.file(), drawn.stamp))
        paths[name] = own / "redessiner.py"
        paths[name].write_text(script(drawn), encoding="utf-8")
    # A warning of a library in the reader's own environment is not ours to refuse.
    subprocess.run([sys.executable, "-c", RUN, *map(str, paths.values())], check=True, capture_output=True, timeout=240)
    return {name: texts(path.parent / f"{EVERY[name]().name}.svg") for name, path in paths.items()}


def texts(path):
    """Return the texts of a drawing; the page beside it calls no one, and no text of it leaves its script."""
    page = path.with_suffix(".html").read_text(encoding="utf-8")
    assert not re.search(r"(src|href)=.https?:", page)
    assert "<b>Oui" not in page
    # A map says something else instead of « comment lire ».
    assert ("\\u003cb>Oui" in page) == (path.stem != "carte")
    found = ["".join(text.itertext()) for text in ElementTree.parse(path).iter("{http://www.w3.org/2000/svg}text")]
    return [text for text in found if text]


@pytest.mark.parametrize("name", EVERY)
def test_a_family_is_told_from_the_columns_and_the_marks(name):
    drawn = EVERY[name]()
    assert family(drawn, drawn.file()) == {"crossing": "grid"}.get(name, name)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        # Rows that the figure does not draw, or whose share is hidden, are not redrawn either.
        ("bars", ["Oui", "Non", f"75{NARROW}%", f"20{NARROW}%"]),
        ("dots", ["Élus (n = 25)", "Autres (n = 15)", f"80{NARROW}%", f"67{NARROW}%"]),
        # A third of the second bar is the rest of what is shown.
        ("parts", ["Oui", "Non", "Masqué", f"80{NARROW}%", f"20{NARROW}%", f"67{NARROW}%", f"33{NARROW}%"]),
        ("grid", ["Élus", "Autres", "Oui", "Non", "80", "20", "67", MASKED]),
        ("crossing", ["Élus", "Autres", "Oui", "Non", "80", "20", "67", MASKED]),
        ("gaps", ["Oui", "+13 points", "plus chez les élus →", "← plus chez les autres"]),
        ("evolution", ["Oui", f"50{NARROW}% → 75{NARROW}% (+25 points)", "2025", "2026"]),
        ("pairs", [f"60{NARROW}% → 30{NARROW}% (nettement sous-représentée)", "Part parmi celles qui existent"]),
        ("lanes", ["Santé", "Élus", "Autres", f"80{NARROW}%", f"67{NARROW}%"]),
        ("map", ["Oui (2)", "Non (1)"]),
    ],
)
def test_a_script_runs_and_draws_the_numbers_of_the_file_with_their_origin(drawings, name, values):
    drawn = drawings[name]
    assert [value for value in values if value not in drawn] == []
    assert drawn.count("Titre") == 1
    assert any("Données simulées" in text for text in drawn)
    assert any(f"Édition{NARROW}: Édition d’essai" in text for text in drawn)
    shares = {text for text in drawn if re.fullmatch(rf"\d+{NARROW}%", text)}
    axis = {f"{step}{NARROW}%" for step in range(0, 101, 5)}
    assert shares <= axis | set(values)


def test_a_script_says_what_it_needs_and_how_it_is_run():
    written = script(places())
    assert written.startswith("# /// script\n")
    assert '"altair>=5.5,<7", "geopandas", "pandas>=2.2", "vl-convert-python>=1.7"' in written
    assert "uv run redessiner.py" in ast.get_docstring(ast.parse(written))
    assert "geopandas" not in script(bars())
    assert (
        f"En % de chaque colonne · base{NARROW}: 40 répondants · Données simulées"
        in constants(script(crossed()))["BASE"]
    )


def test_a_text_stays_a_text_whatever_it_holds():
    hostile = replace(
        bars(), title=HOSTILE, base=HOSTILE, reading=HOSTILE, name="../../etc/passwd", stamp={"=a": HOSTILE}
    )
    written = script(hostile)
    said = constants(written)
    assert said["TITLE"] == HOSTILE
    assert said["BASE"] == HOSTILE
    assert said["OUTPUT"] == "etc-passwd"
    assert said["DATA"] == "numerique-et-territoires-etc-passwd.csv"
    assert not {"\u2028", "\u202e", "\x7f"} & set(written)
    code = ast.unparse(ast.Module([line for line in ast.parse(written).body if not isinstance(line, ast.Assign)], []))
    honest = ast.parse(script(bars()))
    assert code == ast.unparse(ast.Module([line for line in honest.body if not isinstance(line, ast.Assign)], []))


def test_a_label_that_the_file_neutralises_is_found_there():
    rows = bars().file().replace({"Réponse": {"Oui": "=Oui"}})
    drawn = bars().picture
    for record in drawn["data"]["values"]:
        record["label"] = record["label"].replace("Oui", "=Oui")
    said = constants(script(figure("barres", rows, drawn)))
    assert list(said["LANES"]) == ["'=Oui", "Non"]
    assert "'=Oui;30;40;0,75" in csv_bytes(rows, {}).decode()


def test_a_table_alone_has_no_script():
    assert script(replace(bars(), picture=None)) == ""
    assert script(figure("libre", pd.DataFrame({"Question": ["a"], "Réponse": ["b"]}), bars().picture)) == ""
    empty = replace(places(), file=PLACES[:0].copy)
    assert script(empty) == ""
    assert script(perimeters())


def constants(written):
    """Return the values that a script gives names to, those that are written out."""
    lines = [line for line in ast.parse(written).body if isinstance(line, ast.Assign)]
    found = {}
    for line in lines:
        try:
            found[line.targets[0].id] = ast.literal_eval(line.value)
        except (ValueError, AttributeError):
            continue
    return found
