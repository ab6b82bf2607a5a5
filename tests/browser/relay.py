"""A relay between a browser and a server, which a test cuts, lets fall silent or turns to another server.

It stands for the network of a meeting room; what the application then says and does is in `test_connection`.
"""

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit


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
        for end, other in ((browser, server), (server, browser)):
            self.others[end] = other
            self.heard.register(end, selectors.EVENT_READ)

    def _carry(self, end: socket.socket) -> None:
        said = b""
        with suppress(OSError):
            said = end.recv(65536)
        if not said:
            self._end(end)
        elif not self.silent:
            with suppress(OSError):
                self.others[end].sendall(said)

    def _end(self, end: socket.socket) -> None:
        other = self.others.pop(end, None)
        if other is None:
            return
        self.others.pop(other, None)
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
