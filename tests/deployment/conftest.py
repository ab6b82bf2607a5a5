"""One deployment for the tests of this folder: three replicas of the real application behind nginx, on PostgreSQL."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import chromium  # noqa: F401 (a fixture)
from tests.deployment.site import ROOT, Site, serving
from tests.survey.store.conftest import Server, server  # noqa: F401 (a fixture)


@pytest.fixture(scope="session")
def nginx() -> None:
    if shutil.which("nginx") is None and not Path("/usr/sbin/nginx").exists():
        pytest.skip("nginx is not installed on this machine; on Debian: apt-get install nginx-light")


@pytest.fixture(scope="session")
def folder(nginx: None) -> Iterator[Path]:
    """Give a folder that the workers of nginx, who are not root, can read."""
    with tempfile.TemporaryDirectory(prefix="site-") as made:
        os.chmod(made, 0o755)
        yield Path(made)


@pytest.fixture(scope="session")
def database(server: Server) -> Iterator[str]:  # noqa: F811
    """Give the address of a database of its own."""
    name = f"site_{uuid4().hex}"
    server.tell(f"CREATE DATABASE {name}")
    # As README says: without tables there is nothing to back up.
    command = [sys.executable, "-m", "lib.survey", "migrate"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "DATABASE_URL": server.url(name)}, check=True)
    yield server.url(name)
    server.tell(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="package")
def running(folder: Path, database: str) -> Iterator[Site]:
    """Give a site that is served as long as these tests run."""
    with serving(Site(folder, database)) as site:
        yield site


@pytest.fixture
def site(running: Site) -> Site:
    """Give the site, all its replicas ready, whatever the test before did to them."""
    running.repair()
    return running


@pytest.fixture
def room(chromium: Browser, site: Site) -> Iterator[Callable[..., Page]]:  # noqa: F811
    """Give a function that opens a browser of its own, which trusts the certificate, with the cookies given."""
    made: list[BrowserContext] = []

    def enter(cookies: dict[str, str] | None = None) -> Page:
        size = {"width": 1366, "height": 900}
        context = chromium.new_context(ignore_https_errors=True, locale="fr-FR", viewport=size)  # type: ignore[arg-type]
        made.append(context)
        given = [{"name": name, "value": value, "url": site.root} for name, value in (cookies or {}).items()]
        context.add_cookies(given)  # type: ignore[arg-type]
        return context.new_page()

    yield enter
    for context in made:
        context.close()
