import gzip
from pathlib import Path

import pytest

from lib.ui import kept_files
from tests.ui.test_shell import ask

CHUNK = next(Path(kept_files.STREAMLIT, "static", "js").glob("ArrowVegaLiteChart.*.js"))


async def elsewhere(scope, receive, send):
    await send({"type": "http.response.start", "status": 404, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"elsewhere"})


def kept(path, method="GET", headers=()):
    return ask(kept_files.KeptFiles(elsewhere), path, method, list(headers))


@pytest.mark.parametrize("root", ["", "/sous"])
def test_a_file_named_after_its_content_is_kept_a_year_and_compressed(root):
    answer = kept(f"{root}/static/js/{CHUNK.name}", headers=[("accept-encoding", "gzip, br")])
    assert answer["cache-control"] == kept_files.A_YEAR
    assert answer["content-encoding"] == "gzip"
    assert answer["content-type"].startswith("text/javascript")
    assert gzip.decompress(answer.body) == CHUNK.read_bytes()
    plain = kept(f"{root}/static/js/{CHUNK.name}")
    assert "content-encoding" not in plain
    assert plain.body == CHUNK.read_bytes()


def test_a_font_is_kept_and_not_compressed_again():
    font = next(Path(kept_files.STREAMLIT, "static", "media").glob("SourceSansVF-Upright*.woff2"))
    answer = kept(f"/static/media/{font.name}", headers=[("accept-encoding", "gzip")])
    assert "content-encoding" not in answer
    assert answer.body == font.read_bytes()


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/static/js/nothing.12345678.js", "GET"),
        ("/static/js/../../../config.12345678.js", "GET"),
        (f"/elsewhere/{CHUNK.name}", "GET"),
        (f"/static/js/{CHUNK.name}", "POST"),
        ("/static/manifest.json", "GET"),
    ],
)
def test_anything_else_is_left_to_streamlit(path, method):
    assert kept(path, method).body == b"elsewhere"
