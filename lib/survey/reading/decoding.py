"""The encoding of a text file, and what makes it doubtful.

Every encoding that is not certain is said; separators and cells belong to `delimited`.
"""

import re

from lib.survey.reading.cells import SurveyFileError

_SAVE_AS_UTF8 = "Enregistrez le fichier au format CSV UTF-8."
_ODD_SHARE = 0.01
_DAMAGED = 4
_ODD = re.compile(r"[\x00-\x08\x0e-\x1f]")
# What French text holds beyond ASCII, under any encoding.
_FRENCH = frozenset("àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆ’‘“”«»–—…•·°€§²³ªº\u00a0\u202f\u2009")
# An accented letter of each encoding, as cp1252 shows it between small letters: é of a Mac is Ž, œ of Latin-9 is ½.
_MAC_IN_WORDS = re.compile(r"[a-z]Ž|[a-z][ˆŠ‰™”][a-z]|(?<![A-Za-z])Ž[a-z]")
_LATIN9_IN_WORDS = re.compile(r"[a-z]½[a-z]|(?<![0-9])[¼½][a-z]")
_TWICE_ENCODED = re.compile(r"Ã[©¨ª´®§¢¹»¯\u00a0]|â€™|Â[ «»°]")
_UTF7_IN_WORDS = re.compile(r"[a-z]\+AO[Agkoc]")


def decode(content: bytes) -> tuple[str, str, tuple[str, ...]]:
    """Return the text of a file, the Python name of its encoding, and what a person should check (French).

    In this order: a byte order mark, strict UTF-8, UTF-16 when there are null bytes, Windows-1252. A file that
    Windows-1252 cannot be, and that makes French words as Mac OS Roman, is read so, which is said.

    Raises
    ------
    SurveyFileError
        When no encoding fits, or the text holds null characters or mostly control characters.
    """
    encoding = "cp1252"
    if content.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        encoding = "utf-32"
    elif content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif content.startswith(b"\xef\xbb\xbf"):
        encoding = "utf-8-sig"
    elif b"\x00" in content:
        # In Western text of two bytes a character, the empty byte comes second in little-endian.
        encoding = "utf-16-le" if content[1::2].count(0) >= content[::2].count(0) else "utf-16-be"
    else:
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            _refuse_damaged(content, error.start)
        else:
            _refuse_binary(text)
            return text, "utf-8", _doubts(text)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "cp1252" and _reads_as_french(text := content.decode("mac-roman")):
            _refuse_binary(text)
            return text, "mac-roman", (_as_mac("Le fichier a été lu"),)
        line = content[: error.start].count(b"\n") + 1
        raise SurveyFileError(
            f"Le texte est illisible à la ligne {line}\u202f: l’encodage n’est ni UTF-8, ni UTF-16, ni "
            f"Windows-1252. {_SAVE_AS_UTF8}"
        ) from error
    _refuse_binary(text)
    if encoding == "cp1252":
        return text, encoding, (_doubt_of_windows(text), *_doubts(text))
    return text, encoding, _doubts(text)


def _refuse_damaged(content: bytes, start: int) -> None:
    """Refuse what is UTF-8 but for a few bytes: read as anything else, it would lose every accent."""
    text = content.decode("utf-8", errors="replace")
    lost = text.count("\ufffd")
    accents = sum(letter > "\x7f" for letter in text) - lost
    if accents > _DAMAGED * lost:
        line = content.count(b"\n", 0, start) + 1
        raise SurveyFileError(
            f"Le fichier est en UTF-8, mais un caractère y est abîmé à la ligne {line}\u202f: corrigez-le, ou exportez "
            "à nouveau les réponses sans retoucher le fichier."
        )


def _refuse_binary(text: str) -> None:
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise SurveyFileError(
            f"Ce fichier n’est pas un fichier texte (caractère nul à la ligne {line}). "
            "Exportez les réponses au format CSV ou XLSX."
        )
    if len(_ODD.findall(text)) > _ODD_SHARE * len(text):
        raise SurveyFileError(
            "Ce fichier n’est pas un fichier texte\u202f: il est fait de caractères de commande. "
            "Exportez les réponses au format CSV ou XLSX."
        )


def _reads_as_french(text: str) -> bool:
    beyond = [letter for letter in text if letter > "\x7f"]
    return sum(letter in _FRENCH for letter in beyond) >= 0.95 * len(beyond)


def _as_mac(said: str) -> str:
    return f"{said} comme un fichier de Mac (Mac OS Roman)\u202f: vérifiez les accents. {_SAVE_AS_UTF8}"


def _doubt_of_windows(text: str) -> str:
    """Return the sentence about a text read as Windows-1252, with the other encoding that its words suggest."""
    other = ""
    if _MAC_IN_WORDS.search(text) and _reads_as_french(text.encode("cp1252").decode("mac-roman")):
        other = " Les accents font penser à un fichier de Mac (Mac OS Roman)."
    elif _LATIN9_IN_WORDS.search(text):
        other = " Des «\u202f½\u202f» au milieu des mots font penser à de l’ISO-8859-15."
    return (
        "Le fichier n’est pas en UTF-8\u202f: il a été lu comme du Windows-1252, vérifiez les accents."
        f"{other}{f' {_SAVE_AS_UTF8}' if other else ''}"
    )


def _doubts(text: str) -> tuple[str, ...]:
    found = []
    if "\ufffd" in text:
        found.append(
            f"Des caractères ont été perdus avant l’import (ils s’affichent «\u202f\ufffd\u202f», "
            f"{text.count(chr(0xFFFD))} fois)\u202f: exportez à nouveau les réponses en UTF-8."
        )
    if _TWICE_ENCODED.search(text):
        found.append(
            "Des accents sont abîmés (comme «\u202fÃ©\u202f» pour «\u202fé\u202f»)\u202f: le fichier a été enregistré "
            "avec un mauvais encodage. Exportez à nouveau les réponses sans le retoucher."
        )
    if _UTF7_IN_WORDS.search(text):
        found.append(
            f"Les accents sont écrits en UTF-7 (comme «\u202f+AOk-\u202f» pour «\u202fé\u202f»). {_SAVE_AS_UTF8}"
        )
    return tuple(found)
