"""The frames of an edition as bytes (Parquet) and back, whole or refused.

Where the bytes are kept, and which revision they belong to, is the business of `revisions`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from io import BytesIO

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from lib.survey.edition import Edition
from lib.survey.store.opening import DamagedError

GIVEN = ("respondents", "values", "states", "issues")
"""Frames of the answers as given, each an attribute of the edition."""
PUBLIC = tuple(f"public-{name}" for name in GIVEN)
"""Frames of the public form of the edition."""
DRAW = "draw"
"""Frame that says whose answers each respondent is given in the public form."""
FRAMES = (*GIVEN, *PUBLIC, DRAW)

# Of no question: identifiers hold no bracket.
_INDEX = "[index]"


def to_bytes(frame: pd.DataFrame) -> bytes:
    """Return a frame as Parquet: texts with their missing values, numbers, booleans, and tuples of texts.

    The index is kept where it has a name; else it must be the default one.
    """
    columns = [_array(frame.iloc[:, place]) for place in range(frame.shape[1])]
    names = list(frame)
    if frame.index.name is not None:
        columns, names = [_array(frame.index.to_series()), *columns], [_INDEX, *names]
    table = pa.Table.from_arrays(columns, names=names)
    written = BytesIO()
    told = {_INDEX: frame.index.name or ""}
    pq.write_table(table.replace_schema_metadata(told), written, compression="zstd")
    return written.getvalue()


def _array(column: pd.Series) -> pa.Array:
    # Texts have a type of their own: what is left as objects are tuples of texts.
    if column.dtype == object:
        return pa.array(column.to_list(), type=pa.list_(pa.string()))
    return pa.Array.from_pandas(column)


def from_bytes(content: bytes) -> pd.DataFrame:
    """Return the frame that `to_bytes` wrote."""
    # Threads would be no faster on so little, and may outlive the program that began them.
    table = pq.read_table(BytesIO(content), use_threads=False)
    index = (table.schema.metadata or {}).get(_INDEX.encode(), b"").decode()
    frame = table.replace_schema_metadata(None).to_pandas(use_threads=False)
    for field in table.schema:
        if pa.types.is_list(field.type):
            tuples = [None if texts is None else tuple(texts) for texts in table[field.name].to_pylist()]
            frame[field.name] = pd.Series(tuples, index=frame.index, dtype=object)
    return frame.set_index(_INDEX).rename_axis(index) if index else frame


def digest(content: bytes) -> str:
    """Return the SHA-256 of a content, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def whole(name: str, content: bytes, sha256: str) -> bytes:
    """Return a content, sure to be the one that was written.

    Raises
    ------
    DamagedError
        When it is not: a damaged disk, or somebody wrote there.
    """
    if digest(content) != sha256:
        raise DamagedError(
            f"La table «\u202f{name}\u202f» de cette révision est abîmée\u202f: restaurez une sauvegarde."
        )
    return content


def edition_frames(given: Edition, public: Edition, draw: pd.DataFrame) -> dict[str, bytes]:
    """Return all the frames of a revision as bytes, by name."""
    frames = {name: getattr(edition, name.removeprefix("public-")) for name, edition in _sides(given, public)}
    return {name: to_bytes(frame) for name, frame in (frames | {DRAW: draw}).items()}


def _sides(given: Edition, public: Edition) -> list[tuple[str, Edition]]:
    return [*((name, given) for name in GIVEN), *((name, public) for name in PUBLIC)]


def frames_of(contents: Mapping[str, bytes], names: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    """Return frames by the attribute of the edition that they are."""
    return {name.removeprefix("public-"): from_bytes(contents[name]) for name in names}
