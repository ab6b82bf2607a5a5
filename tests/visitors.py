"""A visitor without a browser, who speaks to a served application as Streamlit's own page does, over a real websocket.

It opens an address, changes filters, follows links, loses its connection and comes back, and reads what is shown; it
draws nothing, so that many of them cost little beside the server that they load. How many there are, and what they do,
is left to those who use them::

    visitor = Visitor(ssl=context)                        # a context for https with a certificate of one's own
    run = await visitor.open("https://127.0.0.1:8443/", "strategies?departement=33")
    run = await visitor.choose("Type de territoire", ["EPCI"])   # what the page shows as options, see `options`
    run = await visitor.go("participation")               # the menu's link, with the filters that it carries
    visitor.query, visitor.texts()                        # the address that the page wrote, what can be read
    await visitor.lost()                                  # until the server, or the proxy, hangs up
    run = await visitor.reconnect("https://127.0.0.1:8443/")
    await visitor.close()

Each of these raises `LostError` when the connection ends before the page is whole, and `TimeoutError` after `patience`
seconds. A run says how long it took, from sending to `script_finished`, and what it received.
"""

import asyncio
import ssl as tls
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit
from uuid import uuid4

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

XSRF = "_streamlit_xsrf"
NO_TOKEN = "PLACEHOLDER_AUTH_TOKEN"
"""What Streamlit's page gives in place of the token where there is none."""

STORED = {
    "multiselect": "string_array_value",
    "button_group": "string_array_value",
    "selectbox": "string_value",
    "radio": "string_value",
    "text_input": "string_value",
    "text_area": "string_value",
    "checkbox": "bool_value",
    "button": "trigger_value",
    "component_instance": "json_value",
    "file_uploader": "file_uploader_state_value",
    "download_button": "trigger_value",
    "expandable": "bool_value",
    "popover": "bool_value",
}
"""The field that holds the value of each kind of widget."""
UNTOUCHED = ("button", "component_instance", "file_uploader", "download_button", "expandable", "popover")
"""Those that have no value until somebody acts."""

TEXTS = ("heading", "markdown", "text", "alert", "html")
OVER = (
    ForwardMsg.FINISHED_SUCCESSFULLY,
    ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
    ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
)
"""How a run ends that is not followed by another of itself."""


class LostError(ConnectionError):
    """The connection ended, or could not be made; `reconnect` makes another."""


@dataclass(frozen=True)
class Run:
    """What came back from one interaction.

    Parameters
    ----------
    seconds : float
        From sending to `script_finished`; of `open`, the page and its connection included.
    first : float
        Seconds until the first element.
    received : int
        Bytes of messages; of `open`, of the page too.
    messages : int
        How many came.
    """

    seconds: float
    first: float
    received: int
    messages: int


@dataclass
class _Shown:
    message: Any
    run: str
    kind: str

    @property
    def element(self) -> Any:
        drawn = self.message.delta
        return getattr(drawn.new_element if drawn.HasField("new_element") else drawn.add_block, self.kind)


class Visitor:
    """One visitor, as one tab of a browser.

    Parameters
    ----------
    ssl : ssl.SSLContext, optional
        For https; of the system by default.
    patience : float
        Seconds after which an answer that has not come is an error.
    headers : mapping, optional
        Sent with each request, the websocket's included.
    """

    def __init__(
        self, ssl: tls.SSLContext | None = None, patience: float = 60, headers: Mapping[str, str] | None = None
    ) -> None:
        self.ssl, self.patience, self.headers = ssl, patience, dict(headers or {})
        self.base = self.path = self.query = self.session = self.page_hash = self.run_id = ""
        self.cookies: dict[str, str] = {}
        self.pages: dict[str, str] = {}
        self.shown: dict[tuple[int, ...], _Shown] = {}
        self.states: dict[str, WidgetState] = {}
        self.fragments: set[str] = set()
        self.received = 0
        self.socket: ClientConnection | None = None

    async def open(self, base_url: str, path_and_query: str = "", cookies: Mapping[str, str] | None = None) -> Run:
        """Open an address as a new tab does: the page, its cookies, the websocket, the first run."""
        begun = time.perf_counter()
        await self.close()
        self.session = self.page_hash = self.run_id = ""
        for of_the_last_tab in (self.pages, self.shown, self.states, self.fragments):
            of_the_last_tab.clear()
        self.base = base_url.rstrip("/") + "/"
        self.path, _, self.query = path_and_query.strip("/").partition("?")
        self.path = self.path.strip("/")
        self.cookies.update(cookies or {})
        page = await self._connect(path_and_query.lstrip("/"), "_stcore/health", "_stcore/host-config")
        return await self._ask(begun, page, page_name=self.path)

    async def reconnect(self, base_url: str | None = None) -> Run:
        """Connect again, maybe elsewhere, with the cookies and the session of before; the page then runs again.

        Streamlit's page alone would wait for the next choice: `lib/ui/connection.js` asks for a run at once.
        """
        begun = time.perf_counter()
        await self.close()
        self.base = base_url.rstrip("/") + "/" if base_url else self.base
        await self._connect("_stcore/health", "_stcore/host-config")
        return await self._ask(begun)

    async def rerun(self, query: str | None = None) -> Run:
        """Run the page again; with a query, as the browser's back button does."""
        if query is None:
            return await self._ask()
        self.query = query
        return await self._ask(is_history_navigation=True)

    async def choose(self, label: str, values: Any) -> Run:
        """Give a widget its value: displayed options, one of them, a text, a boolean, True for a button.

        A part that folds takes a boolean, a map the JSON of a click. A widget is named by its label, or by its key
        where others have the same label. KeyError, with the labels that there are, where the page has no such widget.
        """
        widget = self._widget(label)
        self._store(widget.kind, widget.element.id, values)
        try:
            return await self._ask(fragment_id=widget.message.delta.fragment_id)
        finally:
            if STORED[widget.kind] == "trigger_value":
                self.states.pop(widget.element.id, None)

    async def upload(self, label: str, name: str, content: bytes) -> Run:
        """Give a file to an uploader: its address is asked for, it is sent there, then the page runs with it."""
        widget = self._widget(label)
        asked = BackMsg()
        asked.file_urls_request.request_id, asked.file_urls_request.session_id = uuid4().hex, self.session
        asked.file_urls_request.file_names.append(name)
        (urls,) = (await self._answer(asked, "file_urls_response")).file_urls
        token = {"X-Xsrftoken": self.cookies[XSRF]} if XSRF in self.cookies else {}
        await self._fetch("PUT", urls.upload_url, files={"file": (name, content)}, headers=token)
        self.states[widget.element.id] = state = WidgetState(id=widget.element.id)
        state.file_uploader_state_value.uploaded_file_info.add(
            name=name, size=len(content), file_id=urls.file_id, file_urls=urls
        )
        return await self._ask(fragment_id=widget.message.delta.fragment_id)

    async def take(self, label: str) -> bytes:
        """Return the file of a download button, made for it where it is made at the click.

        RuntimeError, with what the visitor would read, when it could not be made.
        """
        return await self._fetch("GET", await self._made(label))

    async def _made(self, label: str) -> str:
        """Return the address of the file of a download button, once it is made."""
        button = self._widget(label).element
        if not button.deferred_file_id:
            return str(button.url)
        asked = BackMsg()
        request = asked.backend_operation_request
        request.request_id, request.session_id = uuid4().hex, self.session
        request.deferred_file.file_id = button.deferred_file_id
        answer = await self._answer(asked, "backend_operation_response")
        if answer.error_msg:
            raise RuntimeError(answer.error_msg)
        return str(answer.deferred_file.url)

    async def go(self, path: str) -> Run:
        """Follow the link to a page of the application, « strategies », as it is written on the page shown.

        KeyError when there is no such page.
        """
        path = path.strip("/")
        target = self.pages[path]
        links = [shown.element for shown in self.shown.values() if shown.kind == "page_link"]
        self.query = next((link.query_string for link in links if link.page_script_hash == target), "")
        self.path, self.page_hash = path, target
        return await self._ask()

    def texts(self) -> list[str]:
        """Return what can be read on the page, in its order: headings, paragraphs, notices."""
        return [shown.element.body for _, shown in sorted(self.shown.items()) if shown.kind in TEXTS]

    def labels(self) -> list[str]:
        """Return the labels of the widgets that `choose` knows, in the order of the page."""
        return [_label(shown) for _, shown in sorted(self.shown.items()) if shown.kind in STORED]

    def kind(self, label: str) -> str:
        """Return what a widget is, as Streamlit calls it: « multiselect », « button_group »…"""
        return self._widget(label).kind

    def options(self, label: str) -> list[str]:
        """Return what a widget offers, as the page shows it; nothing where one writes."""
        return _options(self._widget(label))

    def value(self, label: str) -> Any:
        """Return what a widget holds: displayed options, one option, a text, a boolean; None when nothing."""
        state = self.states.get(self._widget(label).element.id)
        if state is None:
            return None
        held = getattr(state, str(state.WhichOneof("value")))
        return list(held.data) if state.HasField("string_array_value") else held

    async def lost(self) -> None:
        """Wait until the connection ends."""
        if self.socket:
            await self.socket.wait_closed()

    async def close(self) -> None:
        """Close the tab."""
        if self.socket:
            await self.socket.close()
        self.socket = None

    def _client(self) -> httpx.AsyncClient:
        # To read the authorities of the system takes longer than all the rest: not where there is nothing to verify.
        verify: Any = (self.ssl or True) if self.base.startswith("https:") else False
        return httpx.AsyncClient(
            verify=verify, trust_env=False, cookies=self.cookies, headers=self.headers, timeout=self.patience
        )

    async def _fetch(self, method: str, address: str, **given: Any) -> bytes:
        """Ask for an address that the server gave: under the base path, as Streamlit's page does."""
        try:
            async with self._client() as client:
                answer = await client.request(method, urljoin(self.base, address.lstrip("/")), **given)
                answer.raise_for_status()
                return answer.content
        except httpx.HTTPError as error:
            raise LostError(f"{method} {address}: {error!r}") from error

    async def _answer(self, asked: BackMsg, kind: str) -> Any:
        """Send what asks for no run, and return the answer of a kind."""
        socket = self._connected()
        try:
            async with asyncio.timeout(self.patience):
                await socket.send(asked.SerializeToString())
                while True:
                    message = ForwardMsg.FromString(await socket.recv(decode=False))
                    if message.HasField(kind):
                        return getattr(message, kind)
        except ConnectionClosed as error:
            raise LostError(str(error)) from error

    def _connected(self) -> ClientConnection:
        if self.socket is None:
            raise LostError("not connected")
        return self.socket

    async def _connect(self, *addresses: str) -> int:
        """Ask for addresses as the page does before it opens its websocket; return the bytes of the first."""
        where = urlsplit(self.base)
        first = 0
        try:
            async with self._client() as client:
                for rank, address in enumerate(addresses):
                    answer = await client.get(urljoin(self.base, address))
                    answer.raise_for_status()
                    first = first if rank else len(answer.content)
                self.cookies = {cookie.name: cookie.value or "" for cookie in client.cookies.jar}
            protocols = ["streamlit", self.cookies.get(XSRF) or NO_TOKEN, *([self.session] if self.session else [])]
            self.socket = await connect(
                urljoin(self.base, "_stcore/stream").replace("http", "ws", 1),
                ssl=(self.ssl or True) if where.scheme == "https" else None,
                origin=f"{where.scheme}://{where.netloc}",  # type: ignore[arg-type]
                subprotocols=protocols,  # type: ignore[arg-type]
                additional_headers={**self.headers, "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())},
                proxy=None,
                ping_interval=None,
                max_size=None,
                max_queue=None,
                open_timeout=self.patience,
            )
        except (httpx.HTTPError, InvalidHandshake, InvalidMessage, OSError) as error:
            raise LostError(f"{self.base}: {error!r}") from error
        return first

    async def _ask(self, begun: float | None = None, received: int = 0, **state: Any) -> Run:
        """Send the state of the page and wait until it is whole."""
        asked = BackMsg()
        rerun = asked.rerun_script
        rerun.query_string, rerun.page_script_hash = self.query, self.page_hash
        rerun.widget_states.widgets.extend(self.states.values())
        for name, value in state.items():
            setattr(rerun, name, value)
        context = rerun.context_info
        context.timezone, context.timezone_offset, context.locale = "Europe/Paris", -60, "fr-FR"
        context.url, context.is_embedded, context.color_scheme = self.address, False, "light"
        begun = time.perf_counter() if begun is None else begun
        first, messages = 0.0, 0
        socket = self._connected()
        try:
            async with asyncio.timeout(self.patience):
                await socket.send(asked.SerializeToString())
                while True:
                    payload = await socket.recv(decode=False)
                    received += len(payload)
                    messages += 1
                    message = ForwardMsg.FromString(payload)
                    kind = message.WhichOneof("type")
                    if kind == "delta":
                        first = first or time.perf_counter() - begun
                        self._place(message)
                    elif kind == "script_finished":
                        if message.script_finished in OVER:
                            self._finish(message)
                            break
                    elif kind is not None:
                        self._note(kind, message)
        except ConnectionClosed as error:
            raise LostError(str(error)) from error
        self.received += received
        return Run(time.perf_counter() - begun, first, received, messages)

    @property
    def address(self) -> str:
        """The address that a browser's bar would show."""
        return f"{self.base}{self.path}{'?' if self.query else ''}{self.query}"

    @property
    def parameters(self) -> dict[str, list[str]]:
        """The query of the address, read."""
        return parse_qs(self.query)

    def _note(self, kind: str, message: Any) -> None:
        if kind == "new_session":
            begun = message.new_session
            self.session = begun.initialize.session_id
            self.page_hash = begun.page_script_hash or self.page_hash
            self.run_id, self.fragments = message.metadata.run.script_run_id, set(message.metadata.run.fragment_ids)
        elif kind == "navigation":
            self.page_hash = message.navigation.page_script_hash or self.page_hash
            self.pages = {
                "" if page.is_default else page.url_pathname: page.page_script_hash
                for page in message.navigation.app_pages
            }
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string

    def _place(self, message: Any) -> None:
        """Put an element where it is to be shown, and take a widget's value from it."""
        path = tuple(message.metadata.delta_path)
        drawn = message.delta.WhichOneof("type")
        if drawn == "new_transient":
            return
        if drawn == "new_element" and path in self.shown and self.shown[path].message.delta.HasField("add_block"):
            # The block that an element takes the place of goes with all that it held.
            for inner in [inner for inner in self.shown if inner[: len(path)] == path]:
                del self.shown[inner]
        kind = getattr(message.delta, drawn).WhichOneof("type") or ""
        if drawn == "add_block" and not (kind in STORED and getattr(message.delta.add_block, kind).id):
            # A block is something to act upon only where the page hears of it.
            kind = ""
        self.shown[path] = shown = _Shown(message, self.run_id, kind)
        if kind in STORED and kind not in UNTOUCHED:
            widget = shown.element
            if widget.set_value or widget.id not in self.states:
                self._store(kind, widget.id, _given(kind, widget))

    def _finish(self, message: Any) -> None:
        """Forget what the run did not show again, as Streamlit's page does."""
        if message.script_finished != ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            for path, shown in [*self.shown.items()]:
                mine = not self.fragments or shown.message.delta.fragment_id in self.fragments
                if mine and shown.run != self.run_id:
                    del self.shown[path]
            present = {shown.element.id for shown in self.shown.values() if shown.kind in STORED}
            self.states = {id_: state for id_, state in self.states.items() if id_ in present}

    def _store(self, kind: str, id_: str, value: Any) -> None:
        if value is None:
            self.states.pop(id_, None)
            return
        self.states[id_] = state = WidgetState(id=id_)
        if STORED[kind] == "string_array_value":
            # Also when it is empty: nothing chosen is a value.
            state.string_array_value.SetInParent()
            state.string_array_value.data.extend([value] if isinstance(value, str) else value)
        else:
            setattr(state, STORED[kind], value)

    def _widget(self, label: str) -> _Shown:
        """Return the widget of this label, that of the menu where a page has one too; KeyError when there is none."""
        # Places begin with 0 in the page, with 1 in the menu, whichever came first.
        for _, shown in sorted(self.shown.items(), key=lambda placed: placed[0][0] != 1):
            if shown.kind in STORED and (_label(shown) == label or shown.element.id.endswith(f"-{label}")):
                return shown
        raise KeyError(f"{label!r} is none of {self.labels()}")


def _label(shown: _Shown) -> str:
    return shown.element.component_name if shown.kind == "component_instance" else shown.element.label


def _options(shown: _Shown) -> list[str]:
    offered: Sequence[Any] = getattr(shown.element, "options", ())
    return [option.content for option in offered] if shown.kind == "button_group" else [*offered]


def _given(kind: str, widget: Any) -> Any:
    """Return the value with which the server draws a widget, None for none."""
    options = [option.content for option in widget.options] if kind == "button_group" else None
    if kind in ("multiselect", "button_group"):
        return [*widget.raw_values] if widget.set_value else [(options or widget.options)[at] for at in widget.default]
    if kind in ("selectbox", "radio"):
        if widget.set_value:
            return widget.raw_value if widget.HasField("raw_value") else None
        return widget.options[widget.default] if widget.HasField("default") else None
    if widget.set_value:
        return widget.value
    return widget.default
