"""The parts of a workbook, opened one by one within a budget, and their XML walked as it inflates.

Nothing is written to disk and no part is ever held whole; what the parts mean belongs to `workbook` and `sheet`.
"""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator
from xml.parsers import expat

from lib.survey.reading.cells import SurveyFileError

MOST_INFLATED = 100 << 20
MOST_MEMBERS = 500
_MOST_RATIO = 200
_NEVER_ODD = 20 << 20

_CHUNK = 1 << 16
_DEEPEST = 64
_LONGEST_TAG = 1 << 20
_MOST_NAMES = 5_000
_MOST_PIECES = 64

_SAVE_AGAIN = "Ouvrez-le dans un tableur et enregistrez-le à nouveau au format XLSX ou CSV (UTF-8)."
_BROKEN = f"Ce classeur est incomplet ou abîmé\u202f: il ne peut pas être lu. {_SAVE_AGAIN}"

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]


def broken() -> SurveyFileError:
    """Return the refusal of a workbook that breaks the rules of its format."""
    return SurveyFileError(_BROKEN)


def _abnormal() -> SurveyFileError:
    return SurveyFileError(f"Ce classeur est construit de façon anormale\u202f: il n’a pas été lu. {_SAVE_AGAIN}")


class Archive:
    """The zip archive of a workbook: bytes are counted as they really inflate, for headers can lie."""

    def __init__(self, content: bytes) -> None:
        self._size = len(content)
        self._inflated = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        # What `zipfile` raises of a broken archive, or of a version of the format that it does not know.
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, OverflowError) as error:
            raise broken() from error
        members = self._zip.infolist()
        if len(members) > MOST_MEMBERS:
            raise _abnormal()
        if any(member.flag_bits & 1 for member in members):
            raise SurveyFileError(
                "Ce classeur est protégé par un mot de passe. Ouvrez-le dans un tableur, retirez le mot de passe et "
                "enregistrez-le au format XLSX."
            )
        self.names = frozenset(member.filename for member in members)

    def __contains__(self, name: object) -> bool:
        """Tell whether the archive has a part of this name."""
        return name in self.names

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield the inflated bytes of a part, all parts together within `MOST_INFLATED`.

        Raises
        ------
        SurveyFileError
            When the part is missing or broken, when the budget is spent, or when it inflates as no table does.
        """
        try:
            member = self._zip.getinfo(name)
            if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise _abnormal()
            with self._zip.open(member) as part:
                while chunk := part.read(_CHUNK):
                    self._inflated += len(chunk)
                    self._check()
                    yield chunk
        except (
            KeyError,
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            RuntimeError,
            NotImplementedError,
            ValueError,
        ) as error:
            if isinstance(error, SurveyFileError):
                raise
            raise broken() from error

    def _check(self) -> None:
        if self._inflated > MOST_INFLATED:
            raise SurveyFileError(
                f"Ce classeur est trop volumineux une fois décompressé (plus de {MOST_INFLATED >> 20} Mo). "
                "Enregistrez sa feuille de réponses au format CSV (UTF-8)."
            )
        if self._inflated > max(_NEVER_ODD, _MOST_RATIO * self._size):
            raise _abnormal()


def resolve(base: str, target: str) -> str:
    """Return the name of the part that a relationship of the part `base` points to."""
    if target.startswith("/"):
        return posixpath.normpath(target).lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), target))


def walk(
    chunks: Iterator[bytes], start: Start, end: End | None = None, texts: list[str] | None = None
) -> Iterator[None]:
    """Walk the XML of a part, and yield after each chunk of it.

    Parameters
    ----------
    chunks : the bytes of the part.
    start, end : called on each tag, with its local name (whatever its namespace) and, for `start`, its attributes.
    texts : list to which the text between tags is appended; the callers empty it.

    Raises
    ------
    SurveyFileError
        When it is not XML, has a document type (where bombs and outside files are declared), or is made so as to
        exhaust the memory of who reads it: too deep, names without end, a tag or a text without end.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    depth = 0
    local: dict[str, str] = {}

    def opened(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise _abnormal()
        known = local.get(name)
        if known is None:
            known = local[name] = name.rpartition(" ")[2]
        start(known, attributes)

    def closed(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end is not None:
            end(local[name])

    def doctype(*_: object) -> None:
        raise _abnormal()

    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.StartDoctypeDeclHandler = doctype
    if texts is not None:
        parser.CharacterDataHandler = texts.append
    fed = 0
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            fed += len(chunk)
            endless = fed - parser.CurrentByteIndex > _LONGEST_TAG or (texts is not None and len(texts) > _MOST_PIECES)
            if endless or len(parser.intern) > _MOST_NAMES:
                raise _abnormal()
            yield
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        if isinstance(error, SurveyFileError):
            raise
        raise broken() from error
    yield


def walked(chunks: Iterator[bytes], start: Start, end: End | None = None) -> None:
    """Walk the whole XML of a part; see `walk`."""
    for _ in walk(chunks, start, end):
        pass
