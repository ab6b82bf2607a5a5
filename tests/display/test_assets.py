import gzip
import hashlib
import re
import shutil

import pytest

from lib.display import vendor
from lib.display.assets import (
    BOUNDARIES,
    FOLDER,
    PUBLIC,
    SCRIPTS,
    STYLESHEETS,
    asset_url,
    content,
    hashed_name,
    media_type,
    public_name,
)
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
    assert len(PUBLIC) == len(SCRIPTS) + len(STYLESHEETS) + 1
    for path in PUBLIC.values():
        assert path.is_file()
        assert media_type(path)


def test_unknown_asset():
    with pytest.raises(KeyError):
        public_name("secrets.toml")


def test_zipped_content_is_the_content():
    path = FOLDER / "territory_map.js"
    assert gzip.decompress(content(path, zipped=True)) == content(path) == path.read_bytes()


def test_vendored_files_come_with_their_licence():
    names = [name for package in vendor.PACKAGES for _, name in package.files]
    assert all((FOLDER / name).is_file() for name in names)
    assert [name for name in names if "LICENSE" in name] == [
        "leaflet.LICENSE.txt",
        "topojson-client.LICENSE.txt",
    ]


def test_integrity_is_written_as_npm_writes_it():
    # SHA-512 of « abc », FIPS 180-2 appendix C.1, in base64.
    expected = "sha512-3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw=="
    assert vendor.integrity(b"abc") == expected


def test_check_without_npm_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert vendor.main(["--check"]) == 2
    assert "npm is not installed" in capsys.readouterr().err
