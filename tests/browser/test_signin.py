"""Signing in for real, in a browser, with an OpenID Connect provider on this machine: who gets in, and who does not."""

import json
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocket, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from lib.survey.store.drafts import list_drafts
from lib.survey.store.opening import open_store
from tests.browser.conftest import ENDING, ROOT, free_port, launch
from tests.browser.visits import IDLE, TEAM, Visit, arrived, drawn, english, eventually, menu_link, read, visiting

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

PROVIDER = Path(__file__).with_name("node")
HOUR = 3600
COOKIE = "_streamlit_user"
CLOSED = "Cette page est réservée à l’équipe"
OPEN = "Quels territoires ont donné des réponses divergentes"
"""What the page of the team says to the team alone."""

# Login: what the provider says of this person. `age` is how long ago, in seconds, they signed in.
PEOPLE = {
    "listee": {"email": "Listee@pqn-a.example", "email_verified": True, "age": 0},
    "matinale": {"email": "matinale@pqn-a.example", "email_verified": True, "age": 7 * HOUR},
    "ancienne": {"email": "ancienne@pqn-a.example", "email_verified": True, "age": 9 * HOUR},
    "inconnue": {"email": "inconnue@ailleurs.example", "email_verified": True, "age": 0},
    "nonverifiee": {"email": "nonverifiee@pqn-a.example", "email_verified": False, "age": 0},
}
TEAM_ADDRESSES = "listee@pqn-a.example, matinale@pqn-a.example, ancienne@pqn-a.example, nonverifiee@pqn-a.example"


@dataclass(frozen=True)
class Site:
    """A served dashboard that trusts the provider, and the secret that signs its cookies."""

    address: str
    store: Path
    cookie_secret: str = field(repr=False)


@pytest.fixture(scope="module")
def provider_port() -> Iterator[int]:
    """Give the port of the provider, kept for it while the dashboard starts."""
    with free_port() as port:
        yield port


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, provider_port: int) -> Iterator[Site]:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed on this machine; on Debian: apt-get install nodejs npm")
    if not (PROVIDER / "node_modules").is_dir():
        pytest.skip("the sign-in provider is not installed: npm ci --prefix tests/browser/node")
    folder = tmp_path_factory.mktemp("connexion")
    client = {"id": "tableau", "secret": secrets.token_hex()}
    port, cookie_secret = provider_port, secrets.token_hex()
    # Outside the project, as a deployment keeps it; JSON strings are TOML strings.
    kept = folder / "secrets.toml"
    kept.write_text(
        f"""
        [auth]
        redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
        cookie_secret = {json.dumps(cookie_secret)}
        [auth.default]
        client_id = {json.dumps(client["id"])}
        client_secret = {json.dumps(client["secret"])}
        server_metadata_url = "http://127.0.0.1:{port}/.well-known/openid-configuration"
        client_kwargs = {{ scope = "openid email profile", prompt = "login" }}
        authorize_params = {{ max_age = 28800 }}
        """
    )
    environment = {
        "STREAMLIT_SECRETS_FILES": str(kept),
        "NUMERIQUE_EQUIPE": TEAM_ADDRESSES,
        "NUMERIQUE_DEPOT": str(folder / "depot"),
    }
    server, address = launch("app.py", environment=environment)
    asked = {"port": port, "client": client, "redirect": f"{address}oauth2callback", "people": PEOPLE}
    try:
        with subprocess.Popen(
            [node, "provider.mjs", json.dumps(asked)], cwd=PROVIDER, stdout=subprocess.PIPE
        ) as provider:
            assert provider.stdout is not None
            assert provider.stdout.readline().startswith(b"ready")
            yield Site(address, folder / "depot" / "editions.sqlite", cookie_secret)
            provider.terminate()
    finally:
        server.terminate()
        server.wait(timeout=ENDING)


@pytest.fixture
def visitor(chromium: Browser) -> Iterator[Visit]:
    """Give a visit without any cookie, that must neither leave this machine nor breach the security policy."""
    with visiting(chromium) as made:
        yield made
        assert made.foreign == []
        assert made.complaints == []


def go(page: Page, site: Site, path: str) -> None:
    page.goto(site.address + path)
    arrived(page, path)


def sign_in(page: Page, site: Site, login: str) -> str:
    """Sign in from the page of the team; return the address at which the provider was asked."""
    go(page, site, "equipe")
    with page.expect_request(lambda request: urlsplit(request.url).path == "/auth") as asked:
        main(page).get_by_role("button", name="Se connecter").click()
    page.get_by_label("identifiant").fill(login)
    page.get_by_role("button", name="Entrer").click()
    arrived(page, "")
    assert page.url == site.address
    return asked.value.url


def main(page: Page) -> Locator:
    return page.get_by_test_id("stMain")


def sidebar(page: Page) -> Locator:
    return page.get_by_test_id("stSidebar")


def opened(page: Page) -> None:
    expect(page.get_by_role("heading", name=OPEN)).to_be_visible()
    expect(main(page).get_by_test_id("stDataFrame").first).to_be_visible()
    expect(read(page, CLOSED)).to_have_count(0)


def closed(page: Page, why: str) -> None:
    """The page is closed, says why, and nothing of what the team sees is in it."""
    expect(main(page).get_by_text(CLOSED)).to_contain_text(why)
    assert OPEN not in page.content()
    expect(main(page).get_by_test_id("stDataFrame")).to_have_count(0)
    expect(menu_link(page, TEAM[0])).to_have_count(0)


def received(page: Page) -> list[bytes]:
    """Return the list to which every message of the server is added from now on."""
    heard: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: heard.append(frame if isinstance(frame, bytes) else frame.encode()))

    page.on("websocket", listen)
    return heard


# ------------------------------------------------------------------------------------------------------ who gets in


def test_a_stranger_finds_the_page_closed_and_receives_nothing_of_it(visitor: Visit, site: Site):
    heard = received(visitor.page)
    go(visitor.page, site, "equipe")
    closed(visitor.page, "Connectez-vous avec une adresse de l’équipe.")
    expect(sidebar(visitor.page).get_by_text("Connecté")).to_have_count(0)
    assert heard
    assert OPEN.encode() not in b"".join(heard)


def test_somebody_of_the_list_signs_in_sees_who_is_connected_and_signs_out(visitor: Visit, site: Site):
    page = visitor.page
    heard = received(page)
    asked = parse_qs(urlsplit(sign_in(page, site, "listee")).query)
    # A password each time, and a provider that must say when: without it the cookie would open the page for a month.
    assert asked["prompt"] == ["login"]
    assert asked["max_age"] == ["28800"]
    assert asked["code_challenge_method"] == ["S256"]
    expect(sidebar(page).get_by_text("Connecté\u202f: Listee@pqn-a.example")).to_be_visible()
    menu_link(page, TEAM[0]).click()
    arrived(page, "equipe")
    opened(page)
    assert OPEN.encode() in b"".join(heard)
    assert english(visitor.said()) == []
    sidebar(page).get_by_role("button", name="Se déconnecter").click()
    page.get_by_role("button", name="Se déconnecter ici aussi").click()
    arrived(page, "")
    assert [cookie for cookie in page.context.cookies() if cookie["name"].startswith(COOKIE)] == []
    expect(sidebar(page).get_by_text("Connecté")).to_have_count(0)
    go(page, site, "equipe")
    closed(page, "Connectez-vous avec une adresse de l’équipe.")


def test_a_sign_in_of_seven_hours_ago_still_opens_the_page(visitor: Visit, site: Site):
    sign_in(visitor.page, site, "matinale")
    go(visitor.page, site, "equipe")
    opened(visitor.page)


@pytest.mark.parametrize(
    ("login", "why", "again"),
    [
        ("inconnue", "n’est pas dans la liste de l’équipe. Pour y être ajouté, écrivez à", False),
        ("ancienne", "Votre connexion date de plus de huit heures", True),
        ("nonverifiee", "ne confirme pas que cette adresse est la vôtre", True),
    ],
)
def test_others_are_told_why_and_may_leave(visitor: Visit, site: Site, login: str, why: str, again: bool):
    page = visitor.page
    heard = received(page)
    sign_in(page, site, login)
    # Streamlit keeps its cookie for thirty days whatever the provider says: it is there, and is not enough.
    assert COOKIE in {cookie["name"] for cookie in page.context.cookies()}
    expect(sidebar(page).get_by_text(f"Connecté\u202f: {PEOPLE[login]['email']}")).to_be_visible()
    go(page, site, "equipe")
    closed(page, why)
    expect(main(page).get_by_text(f"Connecté\u202f: {PEOPLE[login]['email']}")).to_be_visible()
    expect(main(page).get_by_role("button", name="Se reconnecter")).to_have_count(int(again))
    assert OPEN.encode() not in b"".join(heard)
    assert english(visitor.said()) == []
    main(page).get_by_role("button", name="Se déconnecter").click()
    page.get_by_role("button", name="Se déconnecter ici aussi").click()
    arrived(page, "")
    go(page, site, "equipe")
    closed(page, "Connectez-vous avec une adresse de l’équipe.")


def import_page(page: Page, site: Site) -> None:
    page.goto(f"{site.address}import")
    expect(page.get_by_role("heading", level=1)).to_have_text("Importer une édition", timeout=30_000)
    page.locator(IDLE).wait_for()


def test_import_page_is_closed_and_empty_for_whoever_is_not_of_the_team(visitor: Visit, site: Site):
    page = visitor.page
    for why in ("Connectez-vous avec une adresse de l’équipe.", "n’est pas dans la liste"):
        import_page(page, site)
        expect(main(page).get_by_text(CLOSED)).to_contain_text(why)
        expect(main(page).get_by_role("button", name="Importer un fichier de réponses")).to_have_count(0)
        expect(page.get_by_test_id("stFileUploader")).to_have_count(0)
        # Nor by the address of a step, or of somebody's draft.
        page.goto(f"{site.address}import?brouillon=1&etape=publication")
        expect(main(page).get_by_text(CLOSED)).to_contain_text(why, timeout=30_000)
        page.locator(IDLE).wait_for()
        expect(main(page).get_by_role("button", name="Publier")).to_have_count(0)
        if why.startswith("Connectez"):
            sign_in(page, site, "inconnue")


def test_what_is_written_bears_the_address_of_who_signed_in(visitor: Visit, site: Site):
    page = visitor.page
    sign_in(page, site, "listee")
    import_page(page, site)
    main(page).get_by_role("button", name="Importer un fichier de réponses").click()
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(ROOT / "data/edition-simulee.csv")
    made = main(page).get_by_role("button", name="Créer le brouillon")
    expect(made).to_be_visible(timeout=60_000)
    # The tables above it take their height, and nothing moves any more.
    page.locator(IDLE).wait_for()
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=15_000)
    made.click()
    expect(main(page).get_by_text("Le brouillon est créé")).to_be_visible(timeout=60_000)
    store = open_store(f"sqlite:///{site.store}")
    assert store is not None
    assert [draft.created_by for draft in list_drafts(store)] == [PEOPLE["listee"]["email"]]


# -------------------------------------------------------------------------------------------------------- who cheats


def cookie(site: Site, secret: str) -> dict[str, str]:
    """Return the cookie of somebody of the team who signed in now, as whoever holds a secret would sign it."""
    claims = {
        **{"email": "listee@pqn-a.example", "email_verified": True, "auth_time": int(time.time())},
        **{"is_logged_in": True, "provider": "default", "origin": site.address.rstrip("/")},
    }
    value = create_signed_value(secret, COOKIE, json.dumps(claims)).decode()
    return {"name": COOKIE, "value": value, "url": site.address}


def test_a_cookie_signed_by_somebody_else_is_refused(visitor: Visit, site: Site):
    page = visitor.page
    page.context.add_cookies([cookie(site, secrets.token_hex())])
    go(page, site, "equipe")
    closed(page, "Connectez-vous avec une adresse de l’équipe.")
    # The same cookie under the right secret opens: it was the signature that was refused.
    page.context.add_cookies([cookie(site, site.cookie_secret)])
    go(page, site, "equipe")
    opened(page)


def test_a_cookie_that_was_changed_is_refused(visitor: Visit, site: Site):
    page = visitor.page
    sign_in(page, site, "inconnue")
    (kept,) = [cookie for cookie in page.context.cookies() if cookie["name"] == COOKIE]
    for place in (5, len(kept["value"]) // 2, len(kept["value"]) - 3):
        letter = "A" if kept["value"][place] != "A" else "B"
        value = kept["value"][:place] + letter + kept["value"][place + 1 :]
        page.context.add_cookies([{"name": COOKIE, "value": value, "url": site.address}])
        go(page, site, "equipe")
        closed(page, "Connectez-vous avec une adresse de l’équipe.")


def test_who_speaks_to_the_server_without_the_pages_gets_no_more(visitor: Visit, site: Site):
    page = visitor.page
    go(page, site, "confidentialite")
    heard = received(page)
    message = BackMsg()
    message.rerun_script.page_name = "equipe"
    page.evaluate(
        """bytes => {
            const socket = new WebSocket(location.origin.replace("http", "ws") + "/_stcore/stream", ["streamlit"]);
            socket.binaryType = "arraybuffer";
            socket.onopen = () => socket.send(new Uint8Array(bytes));
        }""",
        list(message.SerializeToString()),
    )
    deadline = time.monotonic() + 60
    while not any(ForwardMsg.FromString(frame).WhichOneof("type") == "script_finished" for frame in heard):
        assert time.monotonic() < deadline, "the server never ran the page"
        page.wait_for_timeout(50)
    said = b"".join(heard)
    assert CLOSED.encode() in said
    assert OPEN.encode() not in said


# ------------------------------------------------------------------------------------------------------- everyone else


def test_public_pages_are_the_same_whoever_asks_for_them(visitor: Visit, site: Site):
    page = visitor.page
    go(page, site, "strategies")
    drawn(page)
    before = main(page).inner_text()
    assert "incident" not in before
    sign_in(page, site, "inconnue")
    go(page, site, "strategies")
    drawn(page)
    eventually(page, lambda: main(page).inner_text(), before)


def test_a_visitor_keeps_nothing_but_what_the_privacy_page_names(visitor: Visit, site: Site):
    page = visitor.page
    for path in ("", "methode", "confidentialite"):
        go(page, site, path)
    told = main(page).inner_text()
    kept = {cookie["name"]: cookie for cookie in page.context.cookies()}
    # Gone with the browser: no date at which it would expire.
    assert {name: cookie["expires"] for name, cookie in kept.items()} == {"_streamlit_xsrf": -1}
    assert "_streamlit_xsrf" in told
    stored = page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    assert {name.partition("-")[0] for name in stored} <= {"stActiveTheme"}
    assert "stActiveTheme" in told
    sign_in(page, site, "listee")
    named = {cookie["name"] for cookie in page.context.cookies()}
    assert {COOKIE, f"{COOKIE}_tokens"} <= named
    go(page, site, "confidentialite")
    told = main(page).inner_text()
    # Those of the provider are its own, on its own address; here both are on this machine.
    assert [name for name in named if name.startswith("_streamlit") and name not in told] == []
