import gzip
import hashlib
import json
import re
import shutil
from pathlib import Path
from urllib.parse import unquote

import pytest

from lib.display import vendor
from lib.display.assets import (
    BOUNDARIES,
    FOLDER,
    PUBLIC,
    SCRIPTS,
    STYLESHEETS,
    SWATCHES,
    TOGETHER,
    asset_url,
    content,
    hashed_name,
    media_type,
    public_name,
)
from lib.display.legend import legend_html, outside, swatch
from lib.display.map_arcs import packed
from lib.display.map_wire import TILES
from lib.territory.boundaries import boundaries_path


def test_names_carry_the_hash_of_the_content():
    digest = hashlib.sha256((FOLDER / "leaflet.js").read_bytes()).hexdigest()[:8]
    assert public_name("leaflet.js") == f"leaflet.{digest}.js"
    assert asset_url("leaflet.js") == f"../../assets/leaflet.{digest}.js"
    assert PUBLIC[f"leaflet.{digest}.js"] == FOLDER / "leaflet.js"


def test_another_content_has_another_name(tmp_path):
    # SHA-256 of « abc » begins with ba7816bf (FIPS 180-2, appendix B.1).
    file = tmp_path / "map.js"
    file.write_bytes(b"abc")
    assert hashed_name(file) == "map.ba7816bf.js"
    file.write_bytes(b"abd")
    assert hashed_name(file) != "map.ba7816bf.js"


def test_boundaries_keep_the_name_that_their_build_gave():
    assert public_name(BOUNDARIES) == boundaries_path().name
    assert re.fullmatch(r"boundaries\.[0-9a-f]{8}\.json", boundaries_path().name)


def test_every_public_file_exists_with_a_type():
    assert len(PUBLIC) == len(SCRIPTS) + len(STYLESHEETS) + len(TOGETHER) + len(SWATCHES) + 1
    for path in PUBLIC.values():
        assert content(path)
        assert media_type(path)


def test_what_a_map_asks_for_at_once_is_all_of_it_in_order():
    for name, parts in TOGETHER.items():
        held = content(PUBLIC[public_name(name)])
        digest = hashlib.sha256(held).hexdigest()[:8]
        assert public_name(name) == f"{Path(name).stem}.{digest}{Path(name).suffix}"
        places = [held.index((FOLDER / part).read_bytes()) for part in parts]
        assert places == sorted(places)
    assert json.dumps(TILES) in content(Path("map.js")).decode()


def test_a_swatch_is_the_same_image_in_a_file():
    entry = outside("divergentes", "Réponses divergentes")
    address = SWATCHES[swatch(entry)]
    held = content(PUBLIC[address.removeprefix("./assets/")]).decode()
    assert held == unquote(swatch(entry).partition(",")[2])
    assert f'src="{address}"' in legend_html([entry], kept=SWATCHES)
    assert "data:image" not in legend_html([entry], kept=SWATCHES)


def test_boundaries_are_sent_packed():
    sent, built = (json.loads(held) for held in (content(boundaries_path()), boundaries_path().read_bytes()))
    assert sent == packed(built)
    assert len(content(boundaries_path(), zipped=True)) < 0.85 * len(gzip.compress(boundaries_path().read_bytes()))


def test_unknown_asset():
    with pytest.raises(KeyError):
        public_name("secrets.toml")


def test_zipped_content_is_the_content():
    path = FOLDER / "territory_map.js"
    assert gzip.decompress(content(path, zipped=True)) == content(path) == path.read_bytes()


def test_vendored_files_come_with_their_licence():
    names = [name for package in vendor.PACKAGES for _, name, _ in package.files]
    assert all((FOLDER / name).is_file() for name in names)
    assert [name for name in names if "LICENSE" in name] == [
        "leaflet.LICENSE.txt",
        "topojson-client.LICENSE.txt",
    ]


def test_what_is_served_is_ours_or_is_what_was_taken_from_its_package():
    assert vendor.changed() == []


def test_a_file_that_changed_one_that_is_missing_and_one_of_nobody_are_seen(tmp_path):
    folder = tmp_path / "assets"
    shutil.copytree(FOLDER, folder)
    (folder / "leaflet.js").write_bytes((FOLDER / "leaflet.js").read_bytes() + b"\n")
    (folder / "leaflet.css").unlink()
    (folder / "d3.min.js").write_text("", encoding="utf-8")
    assert vendor.changed(folder) == [
        "leaflet.js is not the file that was taken",
        "leaflet.css is missing",
        "d3.min.js is of no package",
    ]


def test_no_javascript_of_others_stands_elsewhere():
    elsewhere = [path for path in (FOLDER.parents[1]).rglob("*") if path.suffix in {".js", ".mjs", ".woff2", ".ttf"}]
    minified = [path.name for path in elsewhere if path.parent != FOLDER and _of_others(path)]
    assert len(elsewhere) > len(SCRIPTS)
    assert minified == []


def _of_others(path):
    """Return whether a file is a font, or looks as packages write theirs: a licence at its top, or lines of a page."""
    if path.suffix not in {".js", ".mjs"}:
        return True
    lines = path.read_text(encoding="utf-8").splitlines()
    return max(map(len, lines)) > 2000 or any(word in lines[0] for word in ("@license", "@preserve", "Copyright"))


def test_a_package_looks_like_one():
    assert _of_others(FOLDER / "topojson-client.min.js")


def test_integrity_is_written_as_npm_writes_it():
    # SHA-512 of « abc », FIPS 180-2 appendix C.1, in base64.
    expected = "sha512-3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw=="
    assert vendor.integrity(b"abc") == expected


def test_check_without_npm_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert vendor.main(["--check"]) == 2
    assert "npm is not installed" in capsys.readouterr().err
