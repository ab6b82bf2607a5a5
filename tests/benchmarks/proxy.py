"""nginx in front of one server of this machine, with the configuration of `deploy/nginx.conf`."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.browser.conftest import free_port
from tests.deployment.site import DEPLOY, NAME, Site


class Front(Site):
    """The proxy alone: the server behind it is started by who measures."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.kept = folder, ExitStack()
        self.tls, self.http, inner = (self.kept.enter_context(free_port()) for _ in range(3))
        self.root = f"https://{NAME}:{self.tls}"
        self.address = f"{self.root}/"
        self.access = folder / "access.log"
        self.replicas, self.nginx = [], None
        self._certificate()
        shutil.copy(DEPLOY / "attente.html", folder)
        (folder / "nginx.conf").write_text(self._configuration(inner, [port] * 3))


@contextmanager
def behind(address: str) -> Iterator[str]:
    """Serve an address of this machine through nginx; give the new address, whose certificate nobody has signed."""
    with tempfile.TemporaryDirectory() as name:
        front = Front(Path(name), urlsplit(address).port or 80)
        # Its workers are of another user where we are root.
        front.folder.chmod(0o755)
        front.start()
        try:
            yield front.address
        finally:
            front.stop()
            front.kept.close()
