"""Public files of the map: vendored Leaflet and topojson-client, our own layer, the boundaries.

Their names carry a hash of their content, so they may be cached for a year; serving them is left to
`lib.ui.shell`.
"""

import gzip
import hashlib
from functools import cache
from pathlib import Path

from lib.territory.boundaries import boundaries_path

FOLDER = Path(__file__).parent / "assets"

ROUTE = "../../assets/"
"""Address of the route seen from the map's iframe, `/component/streamlit_folium.st_folium/index.html`.

It is relative so that the application may live under any `server.baseUrlPath`.
"""

SCRIPTS = ("leaflet.js", "topojson-client.min.js", "territory_map.js")
STYLESHEETS = ("leaflet.css", "territory_map.css")
BOUNDARIES = "boundaries.json"

MEDIA_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}


def hashed_name(path: Path) -> str:
    """Return the file's name with the first eight digits of its SHA-256 before the suffix."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:8]
    return f"{path.stem}.{digest}{path.suffix}"


_PATHS = {name: FOLDER / name for name in (*SCRIPTS, *STYLESHEETS)} | {BOUNDARIES: boundaries_path()}

_NAMES = {name: hashed_name(path) for name, path in _PATHS.items() if name != BOUNDARIES} | {
    # The build of the boundaries has already put the hash of their content in their name.
    BOUNDARIES: boundaries_path().name
}

PUBLIC: dict[str, Path] = {_NAMES[name]: path for name, path in _PATHS.items()}
"""Every file that may be served, by public name: anything else is a 404."""


def public_name(name: str) -> str:
    """Return the public name of an asset: "leaflet.js" gives "leaflet.<hash8>.js".

    Raises
    ------
    KeyError
        If the file is not one of those that are served.
    """
    return _NAMES[name]


def asset_url(name: str) -> str:
    """Return the address of an asset relative to the map's iframe.

    Raises
    ------
    KeyError
        If the file is not one of those that are served.
    """
    return f"{ROUTE}{public_name(name)}"


def media_type(path: Path) -> str:
    """Return the Content-Type of a public file."""
    return MEDIA_TYPES[path.suffix]


@cache
def content(path: Path, *, zipped: bool = False) -> bytes:
    """Return the bytes of a public file, read and compressed once: zipped, the boundaries weigh a third."""
    return gzip.compress(content(path), compresslevel=9, mtime=0) if zipped else path.read_bytes()
