"""The program of the process that draws: it answers on its output what it reads on its input, one JSON value a line.

What is asked of it, and by whom, is left to `lib.display.drawing.pictures`.

It is a process of its own because the library that draws holds Python's lock all along: in the server's own process,
each picture would freeze every other visitor. It is run as a file and imports nothing heavy before a work asks for it:
`lib` itself would bring pandas.
"""

import json
import os
import signal
import struct
import sys
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

Payload = Mapping[str, Any]
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def svg(payload: Payload) -> str:
    """Return a chart as an SVG: `spec`, a Vega-Lite specification whose rows are inside; nothing is fetched."""
    import vl_convert

    return vl_convert.vegalite_to_svg(payload["spec"], allowed_base_urls=[])


def png(payload: Payload) -> bytes:
    """Return a drawing as a PNG: `svg`, its text, and `scale`, pixels of the picture for one of the drawing.

    Raises
    ------
    ValueError
        The drawing holds an image, which could be a file of this machine or an address: ours hold none.
    """
    import vl_convert

    if "<image" in payload["svg"] or "<!" in payload["svg"]:
        raise ValueError("a drawing with an image or a declaration is not drawn")
    return packed(vl_convert.svg_to_png(payload["svg"], scale=payload["scale"]))


def deck(payload: Payload) -> bytes:
    """Return slides as a .pptx: `request`, of `lib.display.deck.request`, and `template`, a file in base64, or null."""
    from lib.display.deck import writer as deck_writer

    template = payload["template"]
    return deck_writer.deck(payload["request"], b64decode(template) if template else None)


def packed(picture: bytes) -> bytes:
    """Return the same PNG, which the library writes in haste, in half its weight or less."""
    kept: list[bytes] = []
    data: list[bytes] = []
    place = len(SIGNATURE)
    while place < len(picture):
        size = struct.unpack(">I", picture[place : place + 4])[0]
        chunk = picture[place : place + 12 + size]
        (data if chunk[4:8] == b"IDAT" else kept).append(chunk)
        place += len(chunk)
    body = b"IDAT" + zlib.compress(zlib.decompress(b"".join(chunk[8:-4] for chunk in data)), 6)
    body = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return SIGNATURE + b"".join([*kept[:-1], body, kept[-1]])


WORK: dict[str, Callable[[Payload], str | bytes]] = {"svg": svg, "png": png, "deck": deck}
"""What is done, by the name under which it is asked for."""


def answer(line: bytes) -> bytes:
    """Return the line that answers a line: what was made, as `text` or `base64`, or its `fault` and the sentence."""
    try:
        asked = json.loads(line)
        made = WORK[asked["kind"]](asked["payload"])
        said = {"text": made} if isinstance(made, str) else {"base64": b64encode(made).decode()}
    # Whatever the fault, the next picture can be made.
    except Exception as fault:
        said = {"fault": type(fault).__name__, "sentence": str(fault)}
    return json.dumps(said).encode() + b"\n"


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer each line in its turn, until there are no more: the process that asks has ended, or said it is enough."""
    for line in requests:
        answers.write(answer(line))
        answers.flush()


def main() -> None:
    """Serve the process that started this one."""
    # Ctrl+C is for the server: it ends, and this process with it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What a library prints must not mix with the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
