"""What surrounds the pages, spoken to as a server would: ASGI scopes in, messages out, no Streamlit behind."""

import ast
import asyncio
import gc
import gzip
import hashlib
import logging
import re
from base64 import b64encode
from dataclasses import dataclass

import pytest
from starlette.applications import Starlette
from streamlit import error_util
from streamlit.runtime import backend_operation_handler
from streamlit.testing.v1 import AppTest

from lib.display import assets
from lib.ui import replica, shell
from lib.ui.observing.measured import Measured

INLINE = "window.start = 1;"
PAGE = (
    '<!doctype html><html lang="en"><head><title>Streamlit</title>'
    f'<link rel="icon" href="./favicon.png"><script>{INLINE}</script></head><body>é</body></html>'
).encode()
STATIC = b"body { color: red }"
HTML = (b"content-type", b"text/html; charset=utf-8")


@dataclass
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def __getitem__(self, name):
        """Return the only header of this name."""
        (value,) = [value for key, value in self.headers if key == name]
        return value

    def __contains__(self, name):
        return any(key == name for key, _ in self.headers)


class Inner:
    """An application that remembers what it was asked and answers a page in two parts, or what it is told to."""

    def __init__(self, *parts, status=200, headers=(HTML, (b"etag", b'"1"'), (b"last-modified", b"hier"))):
        self.parts = parts or (PAGE[:40], PAGE[40:])
        self.status, self.headers, self.scope = status, list(headers), {}

    async def __call__(self, scope, _receive, send):
        self.scope = scope
        length = (b"content-length", str(sum(map(len, self.parts))).encode())
        await send({"type": "http.response.start", "status": self.status, "headers": [*self.headers, length]})
        for place, part in enumerate(self.parts):
            more = place < len(self.parts) - 1
            await send({"type": "http.response.body", "body": part, "more_body": more})


def ask(app, path, method="GET", headers=()):
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    start, *bodies = sent
    assert start["type"] == "http.response.start"
    assert [bool(body.get("more_body")) for body in bodies] == [True] * (len(bodies) - 1) + [False]
    answered = [(key.decode(), value.decode()) for key, value in start["headers"]]
    return Answer(start["status"], answered, b"".join(body.get("body", b"") for body in bodies))


def page(path="/", inner=None, **asked):
    return ask(shell.FrenchShell(inner or Inner()), path, **asked)


def directives(answer):
    """Return the content security policy as directive to sources."""
    listed = [directive.split() for directive in answer["content-security-policy"].split(";")]
    return {name: set(sources) for name, *sources in listed}


def public(path, method="GET", **headers):
    return ask(Starlette(routes=shell.routes()), path, method, [(k.replace("_", "-"), v) for k, v in headers.items()])


def mentioned(file):
    (name,) = [name for name in shell.public_files() if name.startswith(f"{file.rpartition('.')[0]}.")]
    return f"./assets/{name}"


def test_a_page_is_french_before_any_script_runs():
    body = page().body.decode()
    assert '<html lang="fr">' in body
    assert 'lang="en"' not in body
    assert "<title>Numérique et territoires</title>" in body
    assert "<body>é</body>" in body


def test_a_page_asks_for_our_icon_style_and_scripts():
    body = page().body.decode()
    assert f'href="{mentioned("favicon.svg")}"' in body
    assert f'<link rel="stylesheet" href="{mentioned("shell.css")}">' in body
    for script in shell.SCRIPTS:
        assert f'<script defer fetchpriority="high" src="{mentioned(script.name)}"></script>' in body
    assert "favicon.png" not in body


@pytest.mark.parametrize("path", ["/", "/strategies", "/besoins-et-freins", "/index.html", "/a/b/strategies", "/sous/"])
def test_every_address_of_a_page_is_treated_alike(path):
    answer = page(path)
    assert b'lang="fr"' in answer.body
    assert "content-security-policy" in answer


def test_a_page_has_its_new_length_and_nothing_of_the_old_one():
    answer = page()
    assert int(answer["content-length"]) == len(answer.body) != len(PAGE)
    assert answer["content-type"] == "text/html; charset=utf-8"
    assert not {"etag", "last-modified", "accept-ranges"} & {key for key, _ in answer.headers}


def test_a_page_allows_its_own_inline_scripts_by_their_hash_and_no_other():
    policy = directives(page())
    # Streamlit's, and the one that says where its server is.
    run = (INLINE, shell.SERVER.removeprefix("<script>").removesuffix("</script>"))
    digests = {f"'sha256-{b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in run}
    assert policy["script-src"] == {"'self'", "'wasm-unsafe-eval'", *digests}
    assert policy["default-src"] == {"'self'"}
    assert policy["connect-src"] == {"'self'"}
    assert policy["object-src"] == {"'none'"}
    assert policy["frame-ancestors"] == {"'self'"}
    # Nothing of another host is ever allowed.
    assert not re.search(r"https?:|\*", page()["content-security-policy"])


def test_several_inline_scripts_have_a_hash_each_and_a_page_without_any_has_none():
    two = directives(page(inner=Inner(b"<html><script>a()</script><script>\nb()\n</script></html>")))
    digests = {f"'sha256-{b64encode(hashlib.sha256(s).digest()).decode()}'" for s in (b"a()", b"\nb()\n")}
    assert two["script-src"] == {"'self'", "'wasm-unsafe-eval'"} | digests
    assert directives(page(inner=Inner(b"<html></html>")))["script-src"] == {"'self'", "'wasm-unsafe-eval'"}


def test_only_the_iframe_of_a_component_may_evaluate_its_script():
    answer = page("/component/streamlit_folium.st_folium/index.html")
    policy = directives(answer)
    assert {"'unsafe-inline'", "'unsafe-eval'"} <= policy["script-src"]
    assert policy["connect-src"] == {"'self'"}
    assert answer.body == PAGE


def test_an_error_page_has_no_inline_script():
    answer = page("/inconnue", inner=Inner(PAGE, status=404))
    assert answer.status == 404
    assert directives(answer)["script-src"] == {"'self'", "'wasm-unsafe-eval'"}


@pytest.mark.parametrize("path", ["/", "/static/main.css", "/component/x/index.html", "/_stcore/health"])
def test_every_answer_is_guarded(path):
    answer = page(path)
    assert answer["x-content-type-options"] == "nosniff"
    assert answer["referrer-policy"] == "same-origin"
    assert answer["permissions-policy"] == "camera=(), microphone=(), geolocation=()"


def test_a_file_passes_as_it_is():
    css = Inner(STATIC, headers=[(b"content-type", b"text/css"), (b"etag", b'"1"')])
    answer = page("/static/main.css", css)
    assert (answer.body, answer["etag"]) == (STATIC, '"1"')
    assert "content-security-policy" not in answer


def test_a_head_has_the_headers_of_the_page_and_no_body():
    inner = Inner()
    answer = page(method="HEAD", inner=inner)
    assert inner.scope["method"] == "GET"
    assert answer.body == b""
    assert answer.headers == page().headers
    assert int(answer["content-length"]) == len(page().body)


def test_a_head_of_anything_else_has_no_body_either():
    health = Inner(b"ok", headers=[(b"content-type", b"text/plain")])
    answer = page("/_stcore/health", health, method="HEAD")
    assert (answer.body, answer["content-length"]) == (b"", "2")


@pytest.mark.parametrize("path", ["/", "/strategies", "/index.html"])
def test_a_page_is_asked_whole_and_plain(path):
    negotiation = {"accept-encoding": "gzip", "if-none-match": '"1"', "if-modified-since": "hier", "range": "bytes=0-9"}
    inner = Inner()
    page(path, inner, headers=[*negotiation.items(), ("cookie", "a=b")])
    assert inner.scope["headers"] == [(b"cookie", b"a=b")]


@pytest.mark.parametrize("path", ["/static/main.js", "/component/x/index.html"])
def test_files_and_components_keep_their_negotiation(path):
    inner = Inner()
    page(path, inner, headers=[("accept-encoding", "gzip"), ("if-none-match", '"1"')])
    assert inner.scope["headers"] == [(b"accept-encoding", b"gzip"), (b"if-none-match", b'"1"')]


def test_websockets_and_the_start_of_the_application_pass_untouched():
    seen = []

    async def inner(scope, receive, send):
        seen.append((scope, receive, send))

    for scope in ({"type": "websocket", "path": "/_stcore/stream"}, {"type": "lifespan"}):
        asyncio.run(shell.FrenchShell(inner)(scope, "receive", "send"))
        assert seen.pop() == (scope, "receive", "send")


def test_the_middleware_is_the_one_that_the_door_declares():
    assert [declared.cls for declared in shell.middleware()] == [Measured, replica.OneOfSeveral, shell.FrenchShell]


@pytest.mark.parametrize("name", shell.public_files())
def test_a_public_file_is_kept_a_year(name):
    answer = public(f"/assets/{name}")
    assert answer.status == 200
    assert answer.body == assets.content(shell.public_files()[name])
    assert answer["cache-control"] == "public, max-age=31536000, immutable"
    assert answer["vary"] == "accept-encoding"
    assert int(answer["content-length"]) == len(answer.body)
    assert "content-encoding" not in answer
    assert re.fullmatch(r"[\w.-]+\.[0-9a-f]{8}\.(js|css|json|svg)", name)


@pytest.mark.parametrize("name", shell.public_files())
def test_a_public_file_is_compressed_when_the_browser_accepts_it(name):
    answer = public(f"/assets/{name}", accept_encoding="br, gzip")
    assert answer["content-encoding"] == "gzip"
    assert int(answer["content-length"]) == len(answer.body)
    assert gzip.decompress(answer.body) == assets.content(shell.public_files()[name])


@pytest.mark.parametrize(
    ("suffix", "media"),
    [
        (".js", "text/javascript; charset=utf-8"),
        (".css", "text/css; charset=utf-8"),
        (".json", "application/json"),
        (".svg", "image/svg+xml"),
    ],
)
def test_a_public_file_says_what_it_is(suffix, media):
    names = [name for name in shell.public_files() if name.endswith(suffix)]
    assert names
    assert {public(f"/assets/{name}")["content-type"] for name in names} == {media}


@pytest.mark.parametrize(
    "path",
    [
        "/assets/inconnu.js",
        "/assets/leaflet.js",
        "/assets/leaflet.00000000.js",
        "/assets/",
        "/assets/../app.py",
        "/assets/..%2fapp.py",
        "/assets/..",
        "/assets/shell.py",
        "/assets/../lib/ui/shell.css",
        "/assets//etc/passwd",
    ],
)
def test_anything_else_is_not_found(path):
    answer = public(path)
    assert answer.status == 404
    assert "cache-control" not in answer


def test_public_files_are_only_read():
    assert public(f"/assets/{assets.public_name('leaflet.js')}", "POST").status == 405


def failing():
    import streamlit as st

    from lib.ui import shell

    def read_answer():
        raise ValueError("Mairie de Nulle-Part a répondu non")

    try:
        read_answer()
    except ValueError as error:
        st.session_state["reported"] = shell.report_error(error)


def test_an_error_shows_and_logs_an_incident_never_its_message(caplog):
    with caplog.at_level(logging.ERROR, logger="numerique"):
        shown = AppTest.from_function(failing, default_timeout=60).run()
    assert shown.session_state["reported"] is True
    (message,) = [error.value for error in shown.error]
    incident = re.search(r"incident ([0-9a-f]{8})", message)
    (record,) = [record for record in caplog.records if record.name == "numerique"]
    logged = record.fields
    assert (logged["incident"], logged["error"]) == (incident[1], "ValueError")
    assert "read_answer" in logged["code"]
    assert "Nulle-Part" not in f"{record.getMessage()} {logged} {message}"
    assert record.exc_info is None
    assert not shown.exception


def test_two_errors_have_two_incidents(caplog):
    for _ in range(2):
        AppTest.from_function(failing, default_timeout=60).run()
    incidents = {record.fields["incident"] for record in caplog.records if record.name == "numerique"}
    assert len(incidents) == 2


@pytest.fixture
def started(monkeypatch, caplog):
    """Start the application and end it, its public address being none; return what it logged."""
    monkeypatch.setenv("NUMERIQUE_ADRESSE", "numerique.exemple.fr")
    loggers = [module._LOGGER for module in (error_util, backend_operation_handler)]
    levels, threshold = [logger.level for logger in loggers], gc.get_threshold()

    async def start():
        async with shell.warm_up(None):
            pass

    with caplog.at_level(logging.ERROR, logger="numerique"):
        asyncio.run(start())
    gc.unfreeze()
    gc.set_threshold(*threshold)
    yield [record.fields["sentence"] for record in caplog.records if record.name == "numerique"]
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def test_the_start_says_what_is_wrong_once_and_silences_the_logs_that_quote(started):
    (said,) = started
    assert said.startswith("NUMERIQUE_ADRESSE n’est pas une adresse")
    # They log the message of what fails: of a page, of a file.
    assert not error_util._LOGGER.isEnabledFor(logging.ERROR)
    assert not backend_operation_handler._LOGGER.isEnabledFor(logging.ERROR)


def test_the_door_gives_streamlit_every_part_of_the_shell():
    source = ast.parse((shell.STYLE.parents[2] / "app.py").read_text(encoding="utf-8"))
    (call,) = [node for node in ast.walk(source) if isinstance(node, ast.Call) and ast.unparse(node.func) == "st.App"]
    assert call.args[0].value == "lib/ui/router.py"
    assert {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords} == {
        "routes": "shell.routes()",
        "middleware": "shell.middleware()",
        "lifespan": "shell.warm_up",
        "on_script_error": "shell.report_error",
    }
