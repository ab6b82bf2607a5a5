"""Whatever the file, the answer is a table or a French sentence: no crash, no value shown, no time without end."""

import random
import re
import time
from itertools import chain

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.survey.edition import Edition, read_edition
from lib.survey.reading.table import MOST_COLUMNS, MOST_ROWS, SurveyFileError, Table, read_table
from tests.survey.reading.hostile import ENCODINGS, TEXTS, WAYS, book, delimited, hostile_files, with_cells
from tests.survey.reading.workbooks import packed, parts, sheet, wrapped
from tests.survey.world import codebook

COUNT = 1_200
PARTS = 6
MOST_SECONDS = 10
PLACES = re.compile(r"(?:/home|/usr|/tmp|/root|/var|site-packages|lib/survey|\.py\b)")
ENGLISH = re.compile(r"\b(?:Error|Traceback|Exception|line|codec|decode|invalid|None|object|byte)\b")


def answer(content, pipeline=read_table):
    """Return what is made of a file, or the sentence that refuses it, checked as a person would read it."""
    try:
        return pipeline(content)
    except SurveyFileError as error:
        said = str(error)
    assert said.endswith("."), said
    assert said[0].isupper(), said
    assert not ENGLISH.search(said), said
    assert not PLACES.search(said), said
    assert said.replace("\u202f", " ").isprintable(), said
    assert len(said) < 500, said
    return said


def edition_of(content):
    """Return the edition that is made of a file by the whole way from bytes to respondents."""
    return read_edition(content, codebook(), id="x", title="X", simulated=True, collected="mars 2026")


def whole(edition):
    """Check that an edition is one: as many respondents everywhere, each once, and known territories."""
    assert isinstance(edition, Edition)
    assert edition.respondents.index.is_unique
    assert edition.respondents.index.equals(edition.values.index)
    assert edition.respondents.index.equals(edition.states.index)
    assert list(edition.values.columns) == list(codebook().columns)
    matched = edition.respondents["method"].notna() | edition.respondents["territory"].isna()
    assert matched.all()


def checked(table):
    """Check that a table is one: as wide and as long everywhere, of texts, within the limits."""
    assert isinstance(table, Table)
    assert 0 < len(table.headings) <= MOST_COLUMNS
    assert table.row_count <= MOST_ROWS
    assert len(table.cells) == len(table.headings)
    assert all(len(row) == len(table.headings) for row in table.above)
    assert any(table.headings)
    assert len(set(table.lines.tolist())) == table.row_count or table.form == "xlsx"
    for column in table.cells:
        assert len(column) == table.row_count
        assert all(type(text) is str for text in column)
    for text in {text for column in table.cells for text in column} | set(table.headings):
        text.encode("utf-8")
    for note in table.notes:
        assert note.endswith(".")
        assert note.replace("\u202f", " ").isprintable()


@pytest.mark.parametrize("part", range(PARTS))
def test_a_thousand_hostile_files_are_read_or_refused_in_french(part):
    read = refused = 0
    for number, (name, content) in enumerate(hostile_files(COUNT)):
        if number % PARTS != part:
            continue
        started = time.process_time()
        try:
            found = answer(content)
            if isinstance(found, str):
                refused += 1
            else:
                checked(found)
                read += 1
        except Exception as error:
            raise AssertionError(f"{name}: {content[:200]!r}") from error
        assert time.process_time() - started < MOST_SECONDS, name
    assert read > 20, "files are not hostile when none can be read"
    assert refused > 20
    assert read + refused == COUNT / PARTS


def test_every_way_of_being_hostile_comes_in_turn():
    names = {name.rpartition("-")[0] for name, _ in hostile_files(len(WAYS))}
    assert names == set(WAYS)


@pytest.mark.parametrize("part", range(PARTS))
def test_the_same_files_become_an_edition_or_are_refused_in_french(part):
    read = 0
    for number, (name, content) in enumerate(chain(with_cells(), hostile_files(COUNT))):
        if number % PARTS != part:
            continue
        try:
            found = answer(content, edition_of)
            if not isinstance(found, str):
                whole(found)
                read += 1
        except Exception as error:
            raise AssertionError(f"{name}: {content[:200]!r}") from error
    assert read > 20


@pytest.mark.parametrize(("name", "content"), list(with_cells()), ids=lambda value: value if type(value) is str else "")
def test_hostile_texts_are_texts_like_others(name, content):
    found = answer(content)
    rank = int(name.rpartition("-")[2])
    if name.startswith("cells-") and not isinstance(found, str):
        checked(found)
        text = TEXTS[rank]
        if name.startswith("cells-xlsx"):
            # XML has no word for some characters, and one for all ends of lines.
            assert found.form == "xlsx"
        elif text.strip():
            assert {cell for column in found.cells for cell in column} == {text}
    if isinstance(found, str):
        # What a cell holds is never said.
        assert TEXTS[rank].strip() == "" or TEXTS[rank] not in found or not name.startswith("cells")


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
ROWS = st.integers(1, 6).flatmap(
    lambda width: st.lists(st.lists(TEXT, min_size=width, max_size=width), min_size=1, max_size=6)
)
SEARCH = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SEARCH
@given(st.binary(max_size=2_000))
def test_any_bytes(content):
    found = answer(content)
    if not isinstance(found, str):
        checked(found)


@SEARCH
@given(ROWS, st.sampled_from(ENCODINGS), st.sampled_from(";,\t|"))
def test_any_texts_in_any_encoding(rows, encoding, separator):
    found = answer(delimited(rows, separator).decode().encode(encoding, "replace"))
    if not isinstance(found, str):
        checked(found)


@SEARCH
@given(st.text(max_size=300).filter(lambda text: all(not "\ud800" <= letter <= "\udfff" for letter in text)))
def test_any_sheet(rows):
    found = answer(packed(parts({"F": wrapped(rows)})))
    if not isinstance(found, str):
        checked(found)


@SEARCH
@given(st.lists(st.tuples(st.text(max_size=20), st.binary(max_size=60)), max_size=5), st.binary(max_size=30))
def test_any_archive(members, after):
    named = {
        name.encode("utf-8", "replace").decode(): content for name, content in members if "\0" not in name and name
    }
    found = answer(packed({**parts({"F": sheet([["a"], ["b"]])}), **named}) + after)
    if not isinstance(found, str):
        checked(found)


@SEARCH
@given(ROWS)
def test_rows_come_back_as_they_were_written(rows):
    # Wide enough not to be taken for a list or a title, and plain enough for nothing to be in doubt.
    whole = [[f"titre {position}" for position in range(len(rows[0]) + 1)], *([*row, "fin"] for row in rows)]
    plain = [["".join(filter(str.isprintable, text)) for text in row] for row in whole]
    for content in (delimited(plain), book(plain)):
        table = read_table(content)
        assert list(table.headings) == plain[0]
        assert [list(row) for row in zip(*table.cells, strict=True)] == plain[1:]


def test_the_same_number_gives_the_same_file():
    first, second = list(hostile_files(46)), list(hostile_files(46))
    # Archives hold the time of their writing.
    assert [name for name, _ in first] == [name for name, _ in second]
    assert [content for _, content in first if not content.startswith(b"PK")] == [
        content for _, content in second if not content.startswith(b"PK")
    ]
    assert random.Random("4-0").random() == random.Random("4-0").random()
