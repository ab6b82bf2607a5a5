"""Files that people send in place of a table, recognised by content, and how to make a table of each.

What is inside a workbook belongs to `workbook`.
"""

import re

from lib.survey.reading.cells import SurveyFileError

_FROM_SPREADSHEET = "Ouvrez-le dans un tableur et enregistrez-le au format XLSX ou CSV (UTF-8)."
_FROM_TOOL = "Exportez les réponses au format CSV ou XLSX depuis l’outil d’enquête."

_SIGNATURES = (
    (b"%PDF", f"est un document PDF. {_FROM_TOOL}"),
    (b"{\\rtf", f"est un document RTF. {_FROM_TOOL}"),
    (b"\x89PNG", f"est une image. {_FROM_TOOL}"),
    (b"\xff\xd8\xff", f"est une image. {_FROM_TOOL}"),
    (b"GIF8", f"est une image. {_FROM_TOOL}"),
    (b"II*\x00", f"est une image. {_FROM_TOOL}"),
    (b"$FL2", f"est un fichier SPSS (SAV). {_FROM_TOOL}"),
    (b"$FL3", f"est un fichier SPSS (SAV). {_FROM_TOOL}"),
    (b"<stata_dta>", f"est un fichier Stata (DTA). {_FROM_TOOL}"),
    (b"\x1f\x8b", "est une archive compressée. Décompressez-la et donnez le fichier qu’elle contient."),
    (b"7z\xbc\xaf\x27\x1c", "est une archive compressée. Décompressez-la et donnez le fichier qu’elle contient."),
    (b"Rar!", "est une archive compressée. Décompressez-la et donnez le fichier qu’elle contient."),
    (b"BZh", "est une archive compressée. Décompressez-la et donnez le fichier qu’elle contient."),
    (b"\xfd7zXZ", "est une archive compressée. Décompressez-la et donnez le fichier qu’elle contient."),
    (b"SQLite format 3\x00", f"est une base de données. {_FROM_TOOL}"),
    (b"PAR1", f"est un fichier Parquet. {_FROM_TOOL}"),
    (b"RDX", f"est un fichier R. {_FROM_TOOL}"),
)
_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLD_STATA = re.compile(rb"[\x69-\x73][\x01\x02]\x01\x00")
_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body|table|script|meta)\b", re.IGNORECASE)
_XML = re.compile(r"<(?:\?xml\b|[a-z_][\w:.-]*(?:\s[^<]*)?>\s*<)", re.IGNORECASE)
_JSON = re.compile(r'\{\s*(?:"[^"\n]*"\s*:|\})|\[\s*(?:\{\s*"[^"\n]*"\s*:|\[|\])')


def is_workbook(content: bytes) -> bool:
    """Tell whether a file is a zip archive, as XLSX workbooks are."""
    return content.startswith(_ZIP)


def refuse(content: bytes) -> None:
    """Refuse a file of another format than text or zip.

    Raises
    ------
    SurveyFileError
        Its French sentence names the format, and says how to make a table of it.
    """
    if not content.strip():
        raise SurveyFileError("Le fichier est vide\u202f: exportez à nouveau les réponses depuis l’outil d’enquête.")
    for signature, problem in _SIGNATURES:
        if content.startswith(signature):
            raise SurveyFileError(f"Ce fichier {problem}")
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise SurveyFileError(
                "Ce classeur est protégé par un mot de passe. Ouvrez-le dans un tableur, retirez le mot de passe et "
                "enregistrez-le au format XLSX."
            )
        raise SurveyFileError(f"Ce fichier est un ancien classeur Excel (XLS) ou document Office. {_FROM_SPREADSHEET}")
    if _OLD_STATA.match(content):
        raise SurveyFileError(f"Ce fichier est un fichier Stata (DTA). {_FROM_TOOL}")
    if is_workbook(content):
        return
    start = _start(content)
    if _PAGE.match(start):
        raise SurveyFileError(f"Ce fichier est une page web (HTML), quel que soit son nom. {_FROM_SPREADSHEET}")
    if _XML.match(start):
        raise SurveyFileError(f"Ce fichier est un document XML. {_FROM_SPREADSHEET}")
    if _JSON.match(start):
        raise SurveyFileError(f"Ce fichier est au format JSON. {_FROM_TOOL}")


def _start(content: bytes) -> str:
    """Return the beginning of a file as text, good enough to see a mark-up."""
    head = content[:4096]
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    return head.decode(encoding, errors="replace").lstrip("\ufeff \t\r\n")
