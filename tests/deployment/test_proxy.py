"""What nginx does with `deploy/nginx.conf`: encryption, compression, one replica a visitor, limits, what is closed."""

import asyncio
import gzip
import re
import socket
import ssl
import subprocess
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from tests.deployment import visits
from tests.deployment.site import COOKIE, NAME, Site, serving
from tests.visitors import LostError, Visitor

# The first test waits for the site, whose servers may take `site.PATIENCE` to start.
pytestmark = pytest.mark.timeout(400)

UPLOADER = "Fichier des réponses (CSV ou XLSX, 20\u202fMo au plus)"
CLOSED = "Cette page est réservée à l’équipe"
MEGABYTE = 1024 * 1024
MOST = 20_000_000
"""Bytes of the largest file: Streamlit counts what surrounds it, and takes 20 MiB for 20 MB."""
A_YEAR = "max-age=31536000"


@pytest.fixture
def client(site: Site) -> Iterator[httpx.Client]:
    """Give a client without cookies, that follows no redirection."""
    with httpx.Client(base_url=site.address, verify=site.context, trust_env=False, timeout=60) as made:
        yield made


def cookies(answer: httpx.Response) -> dict[str, str]:
    """Return the cookies that an answer sets, by name, with their settings."""
    return {given.split("=", 1)[0]: given for given in answer.headers.get_list("set-cookie")}


def handshake(site: Site, name: str = NAME, *, at_most: ssl.TLSVersion | None = None) -> ssl.SSLSocket:
    context = ssl.create_default_context(cafile=str(site.folder / "certificate.pem"))
    context.set_alpn_protocols(["h2", "http/1.1"])
    if at_most is not None:
        # The system itself refuses older ones, unless it is told not to.
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = at_most
    return context.wrap_socket(socket.create_connection(("127.0.0.1", site.tls), timeout=10), server_hostname=name)


def test_configuration_has_no_fault(site: Site):
    checked = subprocess.run([*site.command, "-t", "-q"], capture_output=True, text=True, check=True)
    # Said where tests are not run by root.
    assert [line for line in checked.stderr.splitlines() if '"user" directive' not in line] == []


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_encryption_is_modern_and_names_of_others_get_nothing(site: Site):
    with handshake(site) as made:
        assert made.version() == "TLSv1.3"
        assert made.selected_alpn_protocol() == "h2"
    with handshake(site, at_most=ssl.TLSVersion.TLSv1_2) as made:
        assert made.version() == "TLSv1.2"
        assert made.cipher()[0].startswith("ECDHE-")  # type: ignore[index]
    with pytest.raises(ssl.SSLError):
        handshake(site, at_most=ssl.TLSVersion.TLSv1_1)
    with pytest.raises(ssl.SSLError, match=r"(?i)unrecognized.name"):
        handshake(site, "tableau.example.org")
    answer = httpx.get(f"{site.plain}strategies?departement=33", trust_env=False)
    assert (answer.status_code, answer.headers["location"]) == (301, f"{site.address}strategies?departement=33")


def test_pages_bear_every_header_once_and_cookies_are_secure(client: httpx.Client):
    answer = client.get("/strategies")
    once = ("content-security-policy", "x-content-type-options", "referrer-policy", "permissions-policy")
    for name in (*once, "strict-transport-security"):
        assert len(answer.headers.get_list(name)) == 1, name
    assert answer.headers["strict-transport-security"].startswith(A_YEAR)
    assert answer.headers["server"] == "nginx"
    given = cookies(answer)
    assert re.fullmatch(rf"{COOKIE}=[0-9a-f]{{32}}; Path=/; HttpOnly; Secure; SameSite=Lax", given[COOKIE])
    # Whoever has one keeps it; one that is not ours is replaced.
    assert COOKIE not in cookies(client.get("/strategies"))
    client.cookies.clear()
    given = cookies(client.get("/_stcore/health", headers={"cookie": f"{COOKIE}=autre"}))
    assert {COOKIE, "_streamlit_xsrf"} <= set(given)
    assert all("secure" in setting.lower() for setting in given.values())


def test_files_are_compressed_once_and_kept_by_nginx_and_browsers(site: Site, client: httpx.Client):
    page = client.get("/")
    files = sorted(set(re.findall(r'(?:src|href)="\./((?:static|assets)/[^"]+)"', page.text)))
    assert len(files) > 4
    for _ in range(2):
        sizes = Counter[str]()
        for name in files:
            with client.stream("GET", f"/{name}", headers={"accept-encoding": "gzip, deflate, br, zstd"}) as answer:
                body = b"".join(answer.iter_raw())
            assert A_YEAR in answer.headers["cache-control"], name
            assert not answer.headers.get_list("set-cookie")
            # What fits in one packet gains nothing.
            if name.endswith((".js", ".css")) and (len(body) > 600 or "content-encoding" in answer.headers):
                assert answer.headers["content-encoding"] == "gzip", name
                sizes["compressed"] += len(body)
                sizes["whole"] += len(gzip.decompress(body))
                assert client.get(f"/{name}", headers={"accept-encoding": "identity"}).content == gzip.decompress(body)
    assert sizes["compressed"] < 0.35 * sizes["whole"], sizes
    asked = site.logged(f" /{files[-1]} ", 2)
    assert "cache=HIT" in asked[-1]
    assert "replica=- " in asked[-1]
    with client.stream("GET", "/", headers={"accept-encoding": "gzip"}) as answer:
        assert answer.headers["content-encoding"] == "gzip"
        assert '<html lang="fr">' in gzip.decompress(b"".join(answer.iter_raw())).decode()


def test_file_of_another_version_is_looked_for_everywhere_and_its_absence_is_not_kept(site: Site, client: httpx.Client):
    name = f"/static/js/{uuid4().hex}.js"
    for _ in range(2):
        assert client.get(name).status_code == 404
        # A page in place of a script, kept for a year, would break the dashboard.
    direct = httpx.get(f"http://127.0.0.1:{site.replicas[0].port}{name}", trust_env=False)
    assert (direct.status_code, direct.headers["cache-control"], direct.text) == (404, "no-store", "")
    assert [line for line in site.logged(f" {name} ", 2) if "cache=HIT" in line] == []


@pytest.mark.parametrize(
    "path",
    [
        "_stcore/metrics", "_stcore/metrics/", "x/_stcore/metrics", "%5Fstcore/metrics", "/_stcore//metrics",
        "a/../_stcore/metrics", "_stcore/agent/interact", "_stcore/agent/mcp", "_stcore/agent", "metriques", "prete",
        "_stcore/metrics?family=x",
    ],
)  # fmt: skip
def test_operators_addresses_are_closed(site: Site, path: str):
    # As it is: a client would tidy the address.
    with handshake_1(site) as made:
        made.sendall(f"GET /{path} HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: made.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 404 "), answer[:200]
    assert b"replica" not in answer
    assert b"nginx" in answer


def handshake_1(site: Site) -> ssl.SSLSocket:
    """Return an open connection that speaks HTTP/1.1."""
    return site.context.wrap_socket(socket.create_connection(("127.0.0.1", site.tls), timeout=10), server_hostname=NAME)


def test_health_is_open(client: httpx.Client):
    assert client.get("/sante").status_code == 200
    assert client.get("/_stcore/health").text == "ok"


def test_one_cookie_one_replica_and_cookies_are_spread(site: Site, client: httpx.Client):
    ports = {replica.port for replica in site.replicas}
    spread = Counter[int]()
    before = len(site.lines())
    known = [uuid4().hex for _ in range(150)]
    for _ in range(2):
        for cookie in known:
            client.get("/_stcore/host-config", headers={"cookie": f"{COOKIE}={cookie}"})
    lines = site.logged("/_stcore/host-config", 2 * len(known), before)
    asked = [site.upstream(line) for line in lines]
    assert asked[: len(known)] == asked[len(known) :]
    spread.update(port for (port,) in asked[: len(known)])
    assert set(spread) == ports
    assert min(spread.values()) > len(known) / 3 / 2, spread


def test_files_of_all_sizes_arrive_whichever_replica_the_proxy_thinks_of(site: Site):
    async def give() -> None:
        visitors = [Visitor(ssl=site.context, patience=90) for _ in range(4)]
        try:
            for visitor in visitors:
                await visitor.open(site.address, "import?etape=fichier", site.member())
                for size in (MEGABYTE, 5 * MEGABYTE, MOST):
                    # A file that is read and refused at once: what matters here is that it came.
                    await visitor.upload(UPLOADER, "reponses.xls", b"\xd0\xcf\x11\xe0" + bytes(size - 4))
                    assert any("fichier" in text.lower() for text in visitor.texts())
            # Another replica than the cookie says: as when that one was down when the visitor came, and is back.
            mine = site.replica_of(visitors[0])
            others = (cookie for cookie in iter(lambda: uuid4().hex, "") if site.replica_with(cookie) is not mine)
            for cookie in islice(others, 6):
                visitors[0].cookies[COOKIE] = cookie
                await visitors[0].upload(UPLOADER, "reponses.xls", b"\xd0\xcf\x11\xe0" + bytes(MEGABYTE))
            with pytest.raises(LostError, match="413"):
                await visitors[0].upload(UPLOADER, "reponses.xls", bytes(22 * MEGABYTE))
        finally:
            for visitor in visitors:
                await visitor.close()

    before = len(site.lines())
    visits.apart(give())
    # What is refused is told as GET, since another page is given in its place.
    sent = site.logged(" /_stcore/upload_file/- ", 19, before)
    statuses = Counter(re.search(r"/- (\d+)", line)[1] for line in sent)  # type: ignore[index]
    assert statuses == {"204": 18, "413": 1}
    assert any(len(site.upstream(line)) > 1 for line in sent), "no file went to another replica first"


def test_upload_to_a_visit_that_nobody_knows_is_refused(client: httpx.Client):
    where = f"/_stcore/upload_file/{uuid4()}/{uuid4()}"
    assert client.put(where, files={"file": ("a.csv", bytes(3 * MEGABYTE))}).status_code == 404


def test_nobody_passes_for_the_machine_itself(site: Site):
    async def look() -> list[str]:
        lies = {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1", "Forwarded": "for=127.0.0.1"}
        visitor = Visitor(ssl=site.context, headers=lies)
        await visitor.open(site.address, "equipe")
        said = visitor.texts()
        await visitor.close()
        visitor = Visitor(ssl=site.context)
        await visitor.open(site.address, "equipe", site.member())
        assert not any(CLOSED in text for text in visitor.texts())
        await visitor.close()
        return said

    assert any(CLOSED in text for text in visits.apart(look()))


def test_a_room_of_two_hundred_is_let_in_and_a_flood_of_presentations_is_not(site: Site, client: httpx.Client):
    # What a browser asks for when it opens the dashboard, but for its files: the page, probes, the websocket, a map.
    asked = ("/", "/_stcore/health", "/_stcore/host-config", "/_stcore/stream", "/component/x/index.html")

    async def room() -> Counter[int]:
        async with httpx.AsyncClient(base_url=site.address, verify=site.context, trust_env=False, timeout=90) as made:
            answers = Counter[int]()

            async def one() -> None:
                for path in asked:
                    answers[(await made.get(path, headers={"cookie": f"{COOKIE}={uuid4().hex}"})).status_code] += 1

            for _ in range(10):
                await asyncio.gather(*(one() for _ in range(20)))
        return answers

    async def flood() -> list[int]:
        """Ask for many presentations at once: one after the other, a slow machine would not be a flood."""
        async with httpx.AsyncClient(base_url=site.address, verify=site.context, trust_env=False, timeout=90) as made:
            heads = await asyncio.gather(*(made.head("/presentation/inconnue.html") for _ in range(130)))
            return [head.status_code for head in heads]

    answers = visits.apart(room())
    assert answers[429] == answers[503] == 0, answers
    assert answers[200] >= 600

    assert client.head("/presentation/inconnue.html").status_code == 404
    assert 503 in visits.apart(flood())
    # Two a second are let in all the same: the next one may be of them.
    again = (client.get("/presentation/inconnue.html") for _ in range(100))
    refused = next(answer for answer in again if answer.status_code != 404)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
    assert "Le tableau de bord ne répond pas pour l’instant" in refused.text
    assert client.post("/", content=bytes(100_000)).status_code == 413


def test_journal_has_neither_query_nor_whole_address_nor_session(site: Site, client: httpx.Client):
    before = len(site.lines())
    client.get("/strategies?departement=33&mot=secret-de-visiteur", headers={"user-agent": "navigateur-de-visiteur"})
    client.get("/media/0123456789abcdef.csv?secret-de-visiteur")
    client.get("/_stcore/upload_file/session-de-visiteur/fichier")
    site.logged("/_stcore/upload_file/-", 1, before)
    text = site.access.read_text()
    assert " GET /strategies 200 " in text
    for secret in ("departement", "visiteur", "127.0.0.1 ", "0123456789abcdef", "?"):
        assert secret not in text, secret
    assert re.search(r"^\S+ 127\.0\.0\.0 GET ", text, re.MULTILINE)
    error = Path(site.folder / "error.log")
    assert "127.0.0.1" not in error.read_text()


def test_under_a_base_path_and_when_nothing_answers(folder: Path, database: str):
    below = folder / "below"
    below.mkdir(mode=0o755)

    async def visit(site: Site) -> None:
        visitor = Visitor(ssl=site.context)
        await visitor.open(site.address, "strategies?departement=33")
        assert any("Gironde (33)" in text for text in visitor.texts())
        await visitor.close()
        visitor = Visitor(ssl=site.context)
        await visitor.open(site.address, "import?etape=fichier", site.member())
        await visitor.upload(UPLOADER, "reponses.xls", b"\xd0\xcf\x11\xe0" + bytes(2 * MEGABYTE))
        await visitor.close()

    with serving(Site(below, database, base="numerique", replicas=1)) as site:
        visits.apart(visit(site))
        with httpx.Client(base_url=site.root, verify=site.context, trust_env=False, timeout=60) as client:
            for path in ("_stcore/metrics", "prete", "metriques", "_stcore/agent/mcp"):
                assert client.get(f"/numerique/{path}").status_code == 404, path
            name = re.search(r'src="\./(static/[^"]+)"', client.get("/numerique/").text)[1]  # type: ignore[index]
            for _ in range(2):
                assert client.get(f"/numerique/{name}").headers["content-encoding"] == "gzip"
            assert "cache=HIT" in site.logged(f" /numerique/{name} ", 2)[-1]
            site.replicas[0].kill()
            answer = client.get("/numerique/strategies?departement=33")
            assert answer.status_code == 503
            assert "la vue que vous demandiez est dans" in answer.text
            assert '<html lang="fr">' in answer.text
            # What was kept is still given.
            assert client.get(f"/numerique/{name}").status_code == 200
