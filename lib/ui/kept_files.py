"""Files whose name is a hash of their content: Streamlit's code and the map's are kept for good, and sent compressed.

Streamlit sends them whole. They are not asked for before they are needed: fetched early, they delay what starts the
page, and nothing comes sooner (measured on pages with a map and with charts).
"""

import gzip
import importlib.util
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit
from starlette.responses import Response

A_YEAR = "public, max-age=31536000, immutable"

STREAMLIT = Path(streamlit.__file__).parent / "static"
COMPONENT = "component/streamlit_folium.st_folium/"
HASHED = re.compile(rf"(?:^|/)(static/(?:js|css|media)|{COMPONENT}static/js)/([\w.-]+\.[\w-]{{8}}\.(?:js|css|woff2))$")
COMPRESSED = ".js", ".css"
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".woff2": "font/woff2"}


def _component() -> Path:
    # Not imported: a component declared outside a visit is not served.
    spec = importlib.util.find_spec("streamlit_folium")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "frontend" / "build"


class KeptFiles:
    """ASGI middleware: files whose name is a hash of their content are kept a year by browsers, and sent compressed."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request for such a file; pass any other on."""
        asked = scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and HASHED.search(scope["path"])
        file = _file(*asked.groups()) if asked else None
        if file is None:
            await self.app(scope, receive, send)
            return
        headers = {"cache-control": A_YEAR, "vary": "accept-encoding"}
        accepted = dict(scope["headers"]).get(b"accept-encoding", b"")
        zipped = b"gzip" in accepted and file.suffix in COMPRESSED
        if zipped:
            headers["content-encoding"] = "gzip"
        held = _zipped(file) if zipped else file.read_bytes()
        response = Response(held, headers=headers, media_type=TYPES[file.suffix])
        await response(scope, receive, send)


def _file(folder: str, name: str) -> Path | None:
    found = (_component() / "static" / "js" if folder.startswith(COMPONENT) else STREAMLIT / folder) / name
    return found if found.is_file() else None


@lru_cache(maxsize=512)
def _zipped(file: Path) -> bytes:
    """Return a file compressed, once: 4 MB for all that the pages use."""
    return gzip.compress(file.read_bytes(), compresslevel=6, mtime=0)
