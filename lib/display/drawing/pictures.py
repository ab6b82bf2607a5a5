"""Figures as pictures, SVG and PNG: charts drawn by a process of its own, maps by `map_picture`, words by `framing`.

One such process serves every visitor, one picture at a time; it is started at the first picture, ended when nobody
has asked for one for a while, and started again when it died.
"""

import atexit
import contextlib
import json
import os
import subprocess
import sys
import threading
from base64 import b64decode
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lib.display.drawing import map_picture
from lib.display.drawing.chart_picture import on_paper
from lib.display.drawing.framing import MARGIN, framed
from lib.display.figure import Figure, MapPicture, Spec
from lib.display.formats import NARROW
from lib.display.stamp import MENTION

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = Path(__file__).with_name("painter.py")
TIMEOUT = 30.0
"""Seconds after which a picture is given up: a hundred times what the longest takes."""
IDLE = 300.0
"""Seconds without a picture after which the process is ended, and its memory given back."""

LATE = f"L’image n’a pas pu être faite à temps{NARROW}: le serveur est très occupé. Réessayez dans une minute."
FAILED = (
    f"L’image n’a pas pu être faite. Les données, elles, peuvent être téléchargées{NARROW}; signalez-le à l’équipe."
)


class PictureError(Exception):
    """Why a picture could not be made, in a French sentence for the person who asked; the cause is chained to it."""


class PainterError(Exception):
    """What went wrong in the process that draws: the name of the error there, and its message."""

    def __init__(self, kind: str, sentence: str) -> None:
        super().__init__(f"{kind}: {sentence}")
        self.kind, self.sentence = kind, sentence


class Painter:
    """The process that draws, as its callers see it: from any thread, one request at a time.

    Parameters
    ----------
    idle : float
        Seconds without a request after which the process is ended.
    """

    def __init__(self, idle: float = IDLE) -> None:
        self._idle = idle
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._pause: threading.Timer | None = None
        self.requests = 0

    @property
    def pid(self) -> int | None:
        """Number of the process; None while there is none."""
        process = self._process
        return process.pid if process and process.poll() is None else None

    def ask(self, kind: str, payload: Mapping[str, Any], timeout: float = TIMEOUT) -> str | bytes:
        """Return what the work `kind` of `lib.display.drawing.painter` makes of a payload that JSON can hold.

        Raises
        ------
        PictureError
            It took longer than `timeout` seconds, the wait for one's turn apart, or could not be made.
        """
        request = json.dumps({"kind": kind, "payload": payload}, allow_nan=False).encode() + b"\n"
        if not self._turn.acquire(timeout=timeout):
            raise PictureError(LATE)
        try:
            self.requests += 1
            self._rest(None)
            # A process that died since the last picture is seen when it is written to: the second is a new one.
            line = self._exchange(request, timeout) or self._exchange(request, timeout)
        finally:
            self._rest(self._idle)
            self._turn.release()
        said = json.loads(line) if line else {"fault": "EOFError", "sentence": "the process ended twice"}
        if "fault" in said:
            raise PictureError(FAILED) from PainterError(said["fault"], said["sentence"])
        return str(said["text"]) if "text" in said else b64decode(said["base64"])

    def stop(self) -> None:
        """End the process, whatever it is doing; the next request starts another."""
        self._rest(None)
        if process := self._process:
            self._process = None
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    pipe.close()  # type: ignore[union-attr]

    def _exchange(self, request: bytes, timeout: float) -> bytes:
        """Return the line that answers; empty when the process died on it."""
        if self.pid is None:
            self.stop()
            # -P: what lies beside the program is in `lib.display.drawing`, not at the top, where it could hide a
            # library.
            self._process = subprocess.Popen(
                [sys.executable, "-P", str(PROGRAM)], env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                # What the library says of a chart there may quote its rows.
                stderr=subprocess.DEVNULL,
            )  # fmt: skip
        process = self._process
        assert process
        assert process.stdin
        assert process.stdout
        line = b""
        try:
            with _killed_after(timeout, process) as late, contextlib.suppress(BrokenPipeError):
                process.stdin.write(request)
                process.stdin.flush()
                line = process.stdout.readline()
        finally:
            # Whatever interrupted it: an answer that was not read would be given to the next who asks.
            if not line.endswith(b"\n"):
                self.stop()
        if line.endswith(b"\n"):
            return line
        if late.is_set():
            raise PictureError(LATE)
        return b""

    def _rest(self, seconds: float | None) -> None:
        """Start to count the seconds before the process is ended, or stop counting."""
        if self._pause:
            self._pause.cancel()
        self._pause = threading.Timer(seconds, self._leave) if seconds else None
        if self._pause:
            self._pause.daemon = True
            self._pause.start()

    def _leave(self) -> None:
        # A request that has just come in keeps the process.
        if self._turn.acquire(blocking=False):
            try:
                self.stop()
            finally:
                self._turn.release()


@contextlib.contextmanager
def _killed_after(seconds: float, process: subprocess.Popen[bytes]) -> Iterator[threading.Event]:
    """Kill the process when the block lasts longer, which ends its reading; the event says so."""
    late = threading.Event()

    def give_up() -> None:
        late.set()
        process.kill()

    watch = threading.Timer(seconds, give_up)
    watch.daemon = True
    watch.start()
    try:
        yield late
    finally:
        watch.cancel()


_painter = Painter()
atexit.register(_painter.stop)
ask = _painter.ask


def drawing() -> bool:
    """Return whether the process that draws is there."""
    return _painter.pid is not None


def requests() -> int:
    """Return how many times something was asked of it since this process started."""
    return _painter.requests


def chart_svg(spec: Spec, width: float) -> str:
    """Return a chart as an SVG of `width` pixels, as high as its rows ask for.

    Raises
    ------
    PictureError
        As `ask`.
    """
    return str(ask("svg", {"spec": on_paper(spec, width)}))


def png(svg: str, scale: float = 2) -> bytes:
    """Return a drawing as a PNG, `scale` pixels for one of the drawing.

    Raises
    ------
    PictureError
        As `ask`.
    """
    made = ask("png", {"svg": svg, "scale": scale})
    assert isinstance(made, bytes)
    return made


def bare_svg(figure: Figure, width: float) -> str:
    """Return the drawing of a figure alone, for a slide that has the other words; for a map, its legend too.

    That of a chart holds its title and its base.

    Raises
    ------
    ValueError
        There is nothing to draw.
    PictureError
        As `ask`.
    """
    if figure.picture is None:
        raise ValueError(f"no picture of {figure.name}")
    if isinstance(figure.picture, MapPicture):
        return map_picture.map_svg(figure.picture, width, mark=figure.stamp.get(MENTION, ""))
    return chart_svg(figure.picture, width)


def figure_svg(figure: Figure, width: float = 960) -> str:
    """Return a figure as an SVG that stands by itself: title, base, drawing, « comment lire », origin.

    Raises
    ------
    ValueError, PictureError
        As `bare_svg`.
    """
    return framed(bare_svg(figure, width - 2 * MARGIN), figure, width)


def figure_png(figure: Figure, width: float = 960, scale: float = 2) -> bytes:
    """Return the same as a PNG, `scale` pixels for one of the drawing.

    Raises
    ------
    ValueError, PictureError
        As `bare_svg`.
    """
    return png(figure_svg(figure, width), scale)


def bare_png(figure: Figure, width: float, scale: float = 2) -> bytes:
    """Return the drawing of `bare_svg` as a PNG, `scale` pixels for one of the drawing.

    Raises
    ------
    ValueError, PictureError
        As `bare_svg`.
    """
    return png(bare_svg(figure, width), scale)
