"""Public files of the map: vendored Leaflet and topojson-client, our own layer, the boundaries.

Their names carry a hash of their content, so they may be cached for a year; serving them is left to
`lib.ui.shell`.
"""

import gzip
import hashlib
import json
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from lib.display.legend import SVG, outside, swatch
from lib.display.map_arcs import packed
from lib.display.map_wire import TILES
from lib.display.palette import OUTSIDE
from lib.territory.boundaries import boundaries_path

FOLDER = Path(__file__).parent / "assets"

ROUTE = "../../assets/"
"""Address of the route seen from the map's iframe, `/component/streamlit_folium.st_folium/index.html`.

It is relative so that the application may live under any `server.baseUrlPath`.
"""

SCRIPTS = ("leaflet.js", "topojson-client.min.js", "territory_canvas.js", "territory_map.js")
STYLESHEETS = ("leaflet.css", "territory_map.css")
BOUNDARIES = "boundaries.json"

TOGETHER = {"map.js": SCRIPTS, "map.css": STYLESHEETS}
"""Files that a map asks for at once: streamlit-folium waits for each script before it asks for the next."""

MEDIA_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}


def hashed_name(path: Path) -> str:
    """Return the file's name with the first eight digits of its SHA-256 before the suffix."""
    return _named(path.name, path.read_bytes())


def _joined(name: str) -> bytes:
    parts = [(FOLDER / part).read_bytes() for part in TOGETHER[name]]
    if name.endswith(".js"):
        parts.append(f"territoryMap.TILES = {json.dumps(TILES)};\n".encode())
    return b"\n".join(parts)


def _named(name: str, held: bytes) -> str:
    stem, _, suffix = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(held).hexdigest()[:8]}.{suffix}"


_DRAWN = {f"{key}.svg": swatch(outside(key, "")).removeprefix(SVG) for key, fill in OUTSIDE.items() if fill.pattern}

_PATHS = {name: FOLDER / name for name in (*SCRIPTS, *STYLESHEETS)} | {BOUNDARIES: boundaries_path()}

_NAMES = {name: hashed_name(path) for name, path in _PATHS.items() if name != BOUNDARIES} | {
    # The build of the boundaries has already put the hash of their content in their name.
    BOUNDARIES: boundaries_path().name,
    **{name: _named(name, _joined(name)) for name in TOGETHER},
    **{name: _named(name, unquote(drawn).encode()) for name, drawn in _DRAWN.items()},
}

PUBLIC: dict[str, Path] = {_NAMES[name]: path for name, path in _PATHS.items()} | {
    _NAMES[name]: Path(name) for name in (*TOGETHER, *_DRAWN)
}
"""Every file that may be served, by public name: anything else is a 404. Some are made here, out of others."""

SWATCHES = {f"{SVG}{drawn}": f"./assets/{_NAMES[name]}" for name, drawn in _DRAWN.items()}
"""For each swatch of a state outside the scale, its address seen from a page: a legend need not send it again."""


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
    """Return the bytes of a public file, read, packed and compressed once: zipped, the boundaries weigh a fourth."""
    if zipped:
        return gzip.compress(content(path), compresslevel=9, mtime=0)
    if path == boundaries_path():
        return json.dumps(packed(json.loads(path.read_bytes())), ensure_ascii=False, separators=(",", ":")).encode()
    if str(path) in _DRAWN:
        return unquote(_DRAWN[path.name]).encode()
    return _joined(path.name) if str(path) in TOGETHER else path.read_bytes()
