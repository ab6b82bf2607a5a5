"""Writing of a questionnaire as the TOML file that `codebook` reads, with comments for the person who edits it.

What a questionnaire may hold is checked when the file is read again; drafting one from an export belongs to
`reading.drafting`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass

from lib.survey.questionnaire import KINDS, UNITS, Codebook, Option, Parts, Question

Options = tuple[Option, ...]

_HEAD = (
    "Ce fichier décrit le questionnaire\u202f: le tableau de bord en tire les questions, leurs options et leurs "
    "libellés. Un intitulé (text) ou un libellé (label) doit rester celui de l’export, car c’est par lui que les "
    "colonnes sont reconnues\u202f; un identifiant (id), un code (code) ou un titre court (short) se change ici, tant "
    "qu’aucune édition n’a été publiée avec lui."
)
_PARTS = (
    "Quelle question joue quel rôle, par son identifiant\u202f: type, nom et code du territoire, rôle du répondant, "
    "accord de publication (consent) et l’option qui le donne (consent_yes), textes libres, jamais publiés "
    "(free_text). Une question qui joue un rôle n’est pas une réponse sur le fond."
)
_LISTS = "Listes communes à plusieurs questions, citées par leur nom."
_QUESTIONS = (
    f"Une question par bloc. Genres (kind)\u202f: {', '.join(KINDS)}. Unités (unit)\u202f: {' ou '.join(UNITS)}"
    "\u202f; une opinion compte des répondants, un fait compte des territoires. exclusive = true\u202f: option qui "
    "exclut les autres («\u202faucun\u202f»)\u202f; dont_know = true\u202f: «\u202fne sait pas\u202f»."
)

_WIDTH = 118
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SPECIAL = re.compile(r'[\\"\x00-\x1f\x7f\ud800-\udfff]')
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def write_codebook(codebook: Codebook, remarks: Mapping[str, str] | None = None) -> str:
    """Return the questionnaire as TOML: `parse_codebook` reads the same questionnaire from it.

    Parameters
    ----------
    codebook : Codebook
        Fields that hold their default value are left out; options that several questions share become a list.
    remarks : mapping, optional
        French sentences to write as comments, keyed by the id of a question or the name of a part
        (`territory_type`…); the key `""` is for the whole file.
    """
    said = remarks or {}
    lists = _shared_lists(codebook)
    head = [*_comment(said.get("", "")), f"id = {_value(codebook.id)}", f"title = {_value(codebook.title)}"]
    blocks = [_comment(_HEAD), head, [*_comment(_PARTS), "[parts]", *_parts(codebook.parts, said)]]
    if lists:
        named = [f"{name} = {_options(options)}" for options, name in lists.items()]
        blocks.append([*_comment(_LISTS), "[lists]", *named])
    blocks.append(_comment(_QUESTIONS))
    for question in codebook.questions:
        entries = [f"{name} = {written}" for name, written in _entries(question, lists)]
        blocks.append([*_comment(said.get(question.id, "")), "[[questions]]", *entries])
    return "\n\n".join("\n".join(lines) for lines in blocks) + "\n"


def _parts(parts: Parts, said: Mapping[str, str]) -> list[str]:
    written = dict(_entries(parts, {}))
    lines: list[str] = []
    for name in Parts.__dataclass_fields__:
        lines += _comment(said.get(name, ""))
        if name in written:
            lines.append(f"{name} = {written[name]}")
        elif name in said:
            lines.append(f'# {name} = ""')
    return lines


def _comment(text: str) -> list[str]:
    """Return a text as comment lines, broken at plain spaces only: a no-break one holds a word and its sign."""
    lines: list[str] = []
    for word in _CONTROL.sub(" ", text).split(" "):
        if lines and len(lines[-1]) + 1 + len(word) <= _WIDTH:
            lines[-1] += f" {word}"
        else:
            lines.append(f"# {word}")
    return lines if text else []


def _entries(value: Parts | Question | Option, lists: Mapping[Options, str]) -> Iterator[tuple[str, str]]:
    """Yield the name and the TOML of each field that does not hold its default."""
    for field in fields(value):
        content = getattr(value, field.name)
        if field.default is not MISSING and content == field.default:
            continue
        if field.name in ("options", "rows"):
            yield field.name, _value(lists[content]) if content in lists else _options(content)
        else:
            yield field.name, _value(content)


def _options(options: Options) -> str:
    return "[\n" + "".join(f"    {_inline(option)},\n" for option in options) + "]"


def _inline(value: object) -> str:
    entries = _entries(value, {}) if isinstance(value, Option) else ()
    if is_dataclass(value) and not isinstance(value, Option):
        entries = ((field.name, _value(getattr(value, field.name))) for field in fields(value))
    return "{ " + ", ".join(f"{name} = {written}" for name, written in entries) + " }"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return f'"{_SPECIAL.sub(_escaped, value)}"'
    if isinstance(value, tuple):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    return _inline(value)


def _escaped(found: re.Match[str]) -> str:
    character = found[0]
    if "\ud800" <= character <= "\udfff":
        # Half a character: no file in UTF-8 can hold it.
        return "\ufffd"
    return _ESCAPES.get(character, f"\\u{ord(character):04x}")


def _shared_lists(codebook: Codebook) -> dict[Options, str]:
    """Return a name for each tuple of options used more than once, made of the first question that uses it."""
    uses = [(question, name) for question in codebook.questions for name in ("options", "rows")]
    counts = Counter(getattr(question, name) for question, name in uses)
    named: dict[Options, str] = {}
    for question, name in uses:
        options: Options = getattr(question, name)
        if options and counts[options] > 1 and options not in named:
            stem = "-".join(_BARE.findall(question.id)) or "liste"
            free = (f"{stem}-{name}{suffix}" for suffix in ("", *range(2, len(uses) + 2)))
            named[options] = next(one for one in free if one not in named.values())
    return named
