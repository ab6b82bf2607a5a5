"""A relay between a browser and a server, which a test cuts, slows, lets fall silent or turns to another server.

It stands for the network of a meeting room; what the application then says and does is in `test_connection`.
"""

import selectors
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

STILL = 0.6
"""Seconds without a word after which a server is taken to have said everything."""


class Relay:
    """A port of this machine that passes what it is given to the server of an address, and back.

    Parameters
    ----------
    address : str
        The server at first.
    """

    def __init__(self, address: str) -> None:
        self.heard = selectors.DefaultSelector()
        self.others: dict[socket.socket, socket.socket] = {}
        self.servers: set[socket.socket] = set()
        self.late: list[tuple[socket.socket, bytes]] | None = None
        self.heard_late = 0
        self.silent = False
        self.closed = False
        self.lock = threading.Lock()
        self.door = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.door.getsockname()[1]}/"
        self.server = urlsplit(address).port
        self.heard.register(self.door, selectors.EVENT_READ)
        self.thread = threading.Thread(target=self._pass_on)
        self.thread.start()

    def cut(self) -> None:
        """End every connection, and refuse those to come."""
        with self.lock:
            self.server = None
            for end in [*self.others]:
                self._end(end)

    def hold(self) -> None:
        """Keep what servers say until it is let go; what browsers say goes on at once."""
        with self.lock:
            self.late = []

    def answered(self) -> None:
        """Wait until a server has said all that it had to say, and keep it."""
        before, now = self.heard_late, self._held()
        while now == before or now != self._held(after=STILL):
            now = self._held()
        self.heard_late = now

    def _held(self, after: float = 0.05) -> int:
        time.sleep(after)
        with self.lock:
            return sum(len(said) for _, said in self.late or ())

    def let_go(self) -> None:
        """Pass on what was held."""
        with self.lock:
            late, self.late, self.heard_late = self.late or [], None, 0
            for browser, said in late:
                with suppress(OSError):
                    browser.sendall(said)

    def turn_to(self, address: str) -> None:
        """Let connections reach the server of an address."""
        self.server = urlsplit(address).port

    def close(self) -> None:
        """End everything."""
        self.closed = True
        self.thread.join()
        self.cut()
        self.door.close()
        self.heard.close()

    def _pass_on(self) -> None:
        while not self.closed:
            for key, _ in self.heard.select(timeout=0.05):
                with self.lock:
                    end = key.fileobj
                    assert isinstance(end, socket.socket)
                    if end is self.door:
                        self._meet()
                    elif end in self.others:
                        self._carry(end)

    def _meet(self) -> None:
        browser, _ = self.door.accept()
        try:
            if self.server is None:
                raise ConnectionRefusedError
            server = socket.create_connection(("127.0.0.1", self.server))
        except OSError:
            browser.close()
            return
        self.servers.add(server)
        for end, other in ((browser, server), (server, browser)):
            self.others[end] = other
            self.heard.register(end, selectors.EVENT_READ)

    def _carry(self, end: socket.socket) -> None:
        said = b""
        with suppress(OSError):
            said = end.recv(65536)
        if not said:
            self._end(end)
        elif self.late is not None and end in self.servers:
            self.late.append((self.others[end], said))
        elif not self.silent:
            with suppress(OSError):
                self.others[end].sendall(said)

    def _end(self, end: socket.socket) -> None:
        other = self.others.pop(end, None)
        if other is None:
            return
        self.others.pop(other, None)
        self.servers -= {end, other}
        for each in (end, other):
            self.heard.unregister(each)
            each.close()


@contextmanager
def relaying(address: str) -> Iterator[Relay]:
    """Relay to the server of an address as long as needed."""
    relay = Relay(address)
    try:
        yield relay
    finally:
        relay.close()
