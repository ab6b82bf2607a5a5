"""The whole deployment on this machine, without containers: nginx with `deploy/nginx.conf`, replicas, PostgreSQL.

Only ports, names and paths of the configuration are replaced. What is asked of all this is in the tests beside.
"""

import datetime
import ipaddress
import json
import os
import re
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from playwright.sync_api import Page
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from tests.browser.conftest import free_port
from tests.visitors import Visitor

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
NAME = "localhost"
MEMBER = "equipe@pqn-a.example"
COOKIE = "numerique_replique"
PATIENCE = 240
"""Seconds that a server may take to start on a loaded machine."""


class Replica:
    """One server of the application, on a port of its own.

    Parameters
    ----------
    port : int
        Of this machine.
    environment : dict
        What its environment has beside that of the tests.
    journal : Path
        Where its output goes.
    """

    def __init__(self, port: int, environment: dict[str, str], journal: Path) -> None:
        self.port, self.environment, self.journal = port, environment, journal
        path = environment.get("STREAMLIT_SERVER_BASE_URL_PATH")
        self.base = f"/{path}" if path else ""
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server, without waiting for it."""
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
        command += ["--server.address", "127.0.0.1", "--server.port", str(self.port)]
        with self.journal.open("ab") as journal:
            variables = {**os.environ, **self.environment}
            self.process = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=journal, stderr=journal)

    def ready(self) -> None:
        """Wait until it answers."""
        deadline = time.monotonic() + PATIENCE
        while not self.answers():
            assert self.process is not None
            with suppress(subprocess.TimeoutExpired):
                code = self.process.wait(timeout=0.1)
                raise RuntimeError(f"replica {self.port} ended with {code}: {self.journal.read_text()[-2000:]}")
            if time.monotonic() > deadline:
                raise TimeoutError(f"replica {self.port} was not ready after {PATIENCE} s")

    def answers(self) -> bool:
        """Return whether it is ready for visitors."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{self.base}/prete", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def kill(self) -> None:
        """End it as a crash would."""
        self.end(signal.SIGKILL)

    def end(self, how: signal.Signals = signal.SIGTERM, patience: float = 60) -> int:
        """End it by a signal; return its status."""
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(timeout=patience)

    def running(self) -> bool:
        """Return whether the process is there."""
        return self.process is not None and self.process.poll() is None


class Site:
    """What visitors reach, and what it is made of.

    Attributes
    ----------
    address : that of visitors, with « / » at its end.
    plain : that without TLS.
    replicas : the servers, in the order of the configuration.
    context : what a client needs to trust the certificate.
    access : the log of nginx.
    """

    def __init__(self, folder: Path, database: str, base: str = "", replicas: int = 3) -> None:
        self.folder, self.database = folder, database
        self.secret = secrets.token_hex()
        # Kept until the end: a replica that was down comes back to its own.
        self.kept = ExitStack()
        self.tls, self.http, inner, *ports = (self.kept.enter_context(free_port()) for _ in range(3 + replicas))
        # Where there is one replica, it stands in all the places of the configuration.
        places = (ports * 3)[:3]
        self.root = f"https://{NAME}:{self.tls}"
        self.address = f"{self.root}/{base + '/' if base else ''}"
        self.plain = f"http://{NAME}:{self.http}/"
        self.access = folder / "access.log"
        self._certificate()
        self.context = ssl.create_default_context(cafile=str(folder / "certificate.pem"))
        shutil.copy(DEPLOY / "attente.html", folder)
        (folder / "nginx.conf").write_text(self._configuration(inner, places))
        kept = folder / "secrets.toml"
        kept.write_text(
            f"[auth]\nredirect_uri = {json.dumps(f'{self.root}/oauth2callback')}\n"
            f"cookie_secret = {json.dumps(self.secret)}\n"
            '[auth.default]\nclient_id = "tableau"\nclient_secret = "secret"\n'
            'server_metadata_url = "http://127.0.0.1:9/.well-known/openid-configuration"\n'
        )
        environment = {
            "DATABASE_URL": database,
            "NUMERIQUE_EQUIPE": MEMBER,
            # The second, for tests that speak to one replica.
            "STREAMLIT_SERVER_ALLOWED_HOSTS": f"{NAME} 127.0.0.1",
            # To see that nobody passes for the machine itself through the proxy.
            "NUMERIQUE_EQUIPE_LOCALE": "oui",
            "STREAMLIT_SECRETS_FILES": str(kept),
            **({"STREAMLIT_SERVER_BASE_URL_PATH": base} if base else {}),
        }
        self.replicas = [Replica(port, environment, folder / f"replica-{port}.log") for port in ports]
        self.nginx: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start all of it, and wait until it answers."""
        for replica in self.replicas:
            replica.start()
        with (self.folder / "nginx.out").open("ab") as out:
            self.nginx = subprocess.Popen([*self.command, "-g", "daemon off;"], stdout=out, stderr=out)
        for replica in self.replicas:
            replica.ready()
        self.listens()

    def listens(self) -> None:
        """Wait until the proxy takes connections."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.tls), timeout=5).close()
                return
            except OSError:
                assert self.nginx is not None
                if self.nginx.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    @property
    def command(self) -> list[str]:
        """How nginx is called with this configuration."""
        return ["nginx", "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]

    def stop(self) -> None:
        """End all of it."""
        if self.nginx is not None:
            self.nginx.terminate()
            self.nginx.wait(timeout=10)
        for replica in self.replicas:
            if replica.running():
                replica.kill()

    def repair(self) -> None:
        """Start again the replicas that are down, and wait until the proxy gives visitors to all."""
        down = [replica for replica in self.replicas if not replica.running()]
        for replica in down:
            replica.start()
        for replica in self.replicas:
            replica.ready()
        deadline, served = time.monotonic() + PATIENCE, set[int]()
        while served < {replica.port for replica in self.replicas}:
            assert time.monotonic() < deadline, f"the proxy gives visitors to {served} alone"
            served = {self.replica_with(uuid4().hex).port for _ in range(5)} | served

    def replica_of(self, visitor: Page | Visitor) -> Replica:
        """Return the replica that the proxy gives a visitor now."""
        if isinstance(visitor, Visitor):
            return self.replica_with(visitor.cookies[COOKIE])
        (cookie,) = (str(kept.get("value")) for kept in visitor.context.cookies() if kept.get("name") == COOKIE)
        return self.replica_with(cookie)

    def replica_with(self, cookie: str) -> Replica:
        """Return the replica of a cookie: the journal of the proxy says it of a page that nobody else asks."""
        path = f"/{secrets.token_hex(8)}"
        sent = {"cookie": f"{COOKIE}={cookie}"}
        httpx.get(f"{self.root}{path}", headers=sent, verify=self.context, trust_env=False).raise_for_status()
        (line,) = self.logged(f" {path} ", 1)
        return next(replica for replica in self.replicas if replica.port == self.upstream(line)[-1])

    def member(self) -> dict[str, str]:
        """Return the cookie of somebody of the team who has just signed in, as every replica signs it."""
        claims = {
            "email": MEMBER,
            "email_verified": True,
            "auth_time": int(time.time()),
            "is_logged_in": True,
            "origin": self.root,
        }
        signed = create_signed_value(self.secret, "_streamlit_user", json.dumps(claims))
        return {"_streamlit_user": signed.decode()}

    def _configuration(self, inner: int, ports: list[int]) -> str:
        text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
        replaced: dict[str, Any] = {
            "listen 443": f"listen 127.0.0.1:{self.tls}",
            "listen 80": f"listen 127.0.0.1:{self.http}",
            "127.0.0.1:8490": f"127.0.0.1:{inner}",
            "/etc/letsencrypt/live/numerique.example.fr/fullchain.pem": self.folder / "certificate.pem",
            "/etc/letsencrypt/live/numerique.example.fr/privkey.pem": self.folder / "key.pem",
            "numerique.example.fr": NAME,
            "https://$server_name": self.root,
            "/run/nginx.pid": self.folder / "nginx.pid",
            "/var/log/nginx/error.log": self.folder / "error.log",
            "/var/log/nginx/numerique.log": self.access,
            "/var/cache/": f"{self.folder}/",
            "/opt/numerique/current/deploy": self.folder,
            "/var/www/acme": self.folder / "acme",
        }
        for place, port in zip(("127.0.0.1:8501", "127.0.0.1:8502", "127.0.0.1:8503"), ports, strict=True):
            replaced[f"server {place}"] = f"server 127.0.0.1:{port}"
        for written, other in replaced.items():
            assert written in text, f"{written} is not in nginx.conf"
            text = text.replace(written, str(other))
        return text

    def _certificate(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
        now = datetime.datetime.now(datetime.UTC)
        names = [x509.DNSName(NAME), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        made = (
            x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(days=2))
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(key, hashes.SHA256())
        )
        (self.folder / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
        written = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (self.folder / "key.pem").write_bytes(written)

    def lines(self) -> list[str]:
        """Return the lines of the journal of nginx."""
        return self.access.read_text().splitlines()

    def logged(self, words: str, number: int, since: int = 0) -> list[str]:
        """Return the lines of the journal with these words, once there are so many: they are written after the answer.

        `since` is the number of lines that there were before.
        """
        deadline = time.monotonic() + 20
        while len(found := [line for line in self.lines()[since:] if words in line]) < number:
            assert time.monotonic() < deadline, f"{len(found)} lines of {number} with « {words} »"
            # The processor is for who is waited for.
            time.sleep(0.01)
        return found

    def upstream(self, line: str) -> list[int]:
        """Return the ports of the replicas that a line of the journal says were asked, in their order."""
        found = re.search(r"replica=(.*) answer=", line)
        return [int(port) for port in re.findall(r":(\d+)", found[1])] if found else []


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    """Serve as long as needed."""
    try:
        site.start()
        yield site
    finally:
        site.stop()
        site.kept.close()
