"""A packed table is the same table: every cell, every word said of it, and its memory."""

import numpy as np

from lib.survey.reading.packing import pack, unpack
from lib.survey.reading.table import read_table
from tests.survey import world


def same(one, other):
    told = ("form", "encoding", "separator", "sheet", "above", "header_line", "headings", "notes")
    return (
        all(getattr(one, name) == getattr(other, name) for name in told)
        and np.array_equal(one.lines, other.lines)
        and len(one.cells) == len(other.cells)
        and all(np.array_equal(left, right) for left, right in zip(one.cells, other.cells, strict=True))
    )


def test_a_table_comes_back_whole():
    table = read_table(world.export().encode())
    assert same(unpack(pack(table)), table)


def test_texts_of_any_kind_come_back():
    cells = ["", " ", "NA", "01", "œ\u202f’", "deux\nlignes", 'un "guillemet"', "=1+1", "\u200b", "😀"]
    content = "id;texte\r\n" + "".join(
        f'{row};"{cell.replace(chr(34), chr(34) * 2)}"\r\n' for row, cell in enumerate(cells)
    )
    table = read_table(content.encode())
    assert list(unpack(pack(table)).column(1)) == cells


def test_a_table_without_rows_comes_back():
    table = read_table(b"id;nom\r\n1;a\r\n")
    empty = type(table)(
        **{**vars(table), "cells": tuple(column[:0] for column in table.cells), "lines": table.lines[:0]}
    )
    assert same(unpack(pack(empty)), empty)


def test_equal_texts_are_one_object_again():
    table = read_table(("id;nom\r\n" + "".join(f"{row};Communauté de communes\r\n" for row in range(50))).encode())
    (_, names) = unpack(pack(table)).cells
    assert len({id(name) for name in names}) == 1
