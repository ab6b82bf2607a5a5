"""A table as bytes and back: what a draft keeps of a file, once its columns of contacts are taken out.

Where the bytes are kept, and until when, belongs to `lib.survey.store`.
"""

import json
from typing import cast

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from lib.survey.reading.table import Table

_TOLD = ("form", "encoding", "separator", "sheet", "above", "header_line", "headings", "notes")


def pack(table: Table) -> bytes:
    """Return the whole table as Parquet, each distinct text of a column written once."""
    columns = [pa.array(cells, type=pa.string()).dictionary_encode() for cells in table.cells]
    names = [str(position) for position in range(len(columns))]
    told = {name: getattr(table, name) for name in _TOLD}
    packed = pa.table([*columns, pa.array(table.lines)], names=[*names, "lines"])
    packed = packed.replace_schema_metadata({"told": json.dumps(told, ensure_ascii=False)})
    sink = pa.BufferOutputStream()
    pq.write_table(packed, sink, compression="zstd")
    return cast(bytes, sink.getvalue().to_pybytes())


def unpack(content: bytes) -> Table:
    """Return the table that `pack` wrote; equal texts of a column are one object again."""
    packed = pq.read_table(pa.BufferReader(content), read_dictionary=None)
    told = json.loads(packed.schema.metadata[b"told"])
    told["above"] = tuple(tuple(row) for row in told["above"])
    told["headings"], told["notes"] = tuple(told["headings"]), tuple(told["notes"])
    *columns, lines = packed.columns
    return Table(**told, cells=tuple(_texts(column) for column in columns), lines=lines.to_numpy())


def _texts(column: pa.ChunkedArray) -> np.ndarray:
    encoded = column.combine_chunks()
    if not pa.types.is_dictionary(encoded.type):
        encoded = encoded.dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.chunk(0) if encoded.num_chunks else pa.array([], pa.string()).dictionary_encode()
    distinct = np.array([*encoded.dictionary.to_pylist(), None], dtype=object)[:-1]
    return distinct[encoded.indices.to_numpy()]
