"""Reading of a questionnaire file (TOML), with the checks that make its later use safe.

It says in French what is wrong and where; what a questionnaire is belongs to `questionnaire`.
"""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lib.survey.normalisation import normalise
from lib.survey.questionnaire import KINDS, OTHER, UNITS, Codebook, Condition, Option, Parts, Question
from lib.survey.settings import fault_place
from lib.territory.region_folder import data_file

__all__ = ["Codebook", "CodebookError", "Condition", "Option", "Parts", "Question", "load_codebook"]

CODEBOOK_PATH = data_file("codebook.toml")

_WITH_OPTIONS = ("single", "scale", "multiple", "array", "ranking", "array_multiple")
_WITH_ROWS = ("array", "array_multiple")
_SEVERAL_ANSWERS = ("multiple", "array_multiple")

_OPTION_FIELDS = set(Option.__dataclass_fields__)
_QUESTION_FIELDS = set(Question.__dataclass_fields__)
_PART_FIELDS = set(Parts.__dataclass_fields__)


class CodebookError(ValueError):
    """A questionnaire file that cannot be used: a French sentence for the person who wrote it."""


def load_codebook(path: Path = CODEBOOK_PATH) -> Codebook:
    """Return the questionnaire that a TOML file describes.

    Parameters
    ----------
    path : Path
        By default the questionnaire of the shipped edition.

    Raises
    ------
    CodebookError
        When the file is missing, is not TOML, or describes a questionnaire that contradicts itself.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CodebookError(f"Le questionnaire «\u202f{path.name}\u202f» est introuvable ou illisible.") from error
    return parse_codebook(content, path.name)


def parse_codebook(content: bytes, name: str = "codebook.toml") -> Codebook:
    """Return the questionnaire written in `content`; `name` is the file's, for messages.

    Raises
    ------
    CodebookError
        When the content is not TOML, or describes a questionnaire that contradicts itself.
    """
    try:
        tables = tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise CodebookError(f"«\u202f{name}\u202f» n’est pas encodé en UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise CodebookError(
            f"«\u202f{name}\u202f» n’est pas un fichier TOML valide, {fault_place(error)}\u202f: un guillemet, un "
            "crochet ou un signe «\u202f=\u202f» y manque ou y est de trop, ou un nom y est donné deux fois."
        ) from error

    _refuse_unknown(tables, {"id", "title", "parts", "lists", "questions"}, "le questionnaire")
    lists = {
        key: _options(entries, f"la liste «\u202f{key}\u202f»")
        for key, entries in _table(tables, "lists", "le questionnaire").items()
    }
    entries = tables.get("questions", [])
    if not isinstance(entries, list) or not entries:
        raise CodebookError("Le questionnaire ne contient aucune question : ajoutez des blocs [[questions]].")
    questions = tuple(_question(entry, rank, lists) for rank, entry in enumerate(entries, start=1))

    _refuse_repeated((question.id for question in questions), "le questionnaire", "l’identifiant")
    aliases = (alias for question in questions for alias in question.aliases)
    _refuse_repeated(aliases, "le questionnaire", "l’autre code de question")
    wordings = [normalise(question.text) for question in questions]
    wordings += [normalise(question.other_text) for question in questions if question.other_text]
    _refuse_repeated(wordings, "le questionnaire", "l’intitulé de question")
    by_id = {question.id: question for question in questions}
    for question in questions:
        _check_conditions(question, by_id)
    return Codebook(
        id=_text(tables, "id", "le questionnaire"),
        title=_text(tables, "title", "le questionnaire"),
        parts=_parts(_table(tables, "parts", "le questionnaire"), by_id),
        questions=questions,
    )


def _question(entry: dict[str, Any], rank: int, lists: dict[str, tuple[Option, ...]]) -> Question:
    where = f"la question «\u202f{entry.get('id', f'n° {rank}')}\u202f»"
    _refuse_unknown(entry, _QUESTION_FIELDS, where)
    question = Question(
        id=_text(entry, "id", where),
        kind=_text(entry, "kind", where),
        text=_text(entry, "text", where),
        short=_text(entry, "short", where),
        options=_options(entry.get("options", []), where, lists),
        rows=_options(entry.get("rows", []), f"les lignes de {where}", lists),
        unit=entry.get("unit", "respondents"),
        ranks=entry.get("ranks", 0),
        other=_flag(entry, "other", where),
        other_text=entry.get("other_text", ""),
        required=_flag(entry, "required", where),
        descending=_flag(entry, "descending", where),
        asked_if=_condition(entry.get("asked_if"), where),
        rows_hidden_if=_condition(entry.get("rows_hidden_if"), where),
        aliases=_aliases(entry, where),
    )
    _check_question(question, where)
    return question


def _check_question(question: Question, where: str) -> None:
    kind = question.kind
    if "/" in question.id:
        raise CodebookError(f"Dans {where}, l’identifiant contient «\u202f/\u202f», réservé aux clés de colonnes.")
    if kind not in KINDS:
        raise CodebookError(
            f"Dans {where}, le genre «\u202f{kind}\u202f» est inconnu ; genres admis : {', '.join(KINDS)}."
        )
    if question.unit not in UNITS:
        raise CodebookError(
            f"Dans {where}, l’unité «\u202f{question.unit}\u202f» est inconnue ; unités admises : {', '.join(UNITS)}."
        )
    if bool(question.options) != (kind in _WITH_OPTIONS):
        problem = "n’a pas d’options" if kind in _WITH_OPTIONS else "ne peut pas avoir d’options"
        raise CodebookError(f"Dans {where}, une question de genre «\u202f{kind}\u202f» {problem}.")
    if bool(question.rows) != (kind in _WITH_ROWS):
        problem = "n’a pas de lignes" if kind in _WITH_ROWS else "ne peut pas avoir de lignes"
        raise CodebookError(f"Dans {where}, une question de genre «\u202f{kind}\u202f» {problem}.")
    if question.exclusive and kind not in _SEVERAL_ANSWERS:
        raise CodebookError(
            f"Dans {where}, l’option «\u202f{question.exclusive[0]}\u202f» est dite exclusive, ce qui n’a de sens que "
            "dans une question à plusieurs réponses."
        )
    if kind == "ranking":
        if not isinstance(question.ranks, int) or not 1 <= question.ranks <= len(question.options):
            raise CodebookError(
                f"Dans {where}, il faut entre 1 et {len(question.options)} rangs (autant que d’options au "
                f"plus), et non {question.ranks}."
            )
    elif question.ranks:
        raise CodebookError(f"Dans {where}, seule une question de classement peut avoir des rangs.")
    if question.other and kind not in ("single", *_SEVERAL_ANSWERS):
        raise CodebookError(f"Dans {where}, un texte libre «\u202fAutre\u202f» demande une question à choix.")
    if question.other and not question.other_text and OTHER not in question.labels:
        raise CodebookError(
            f"Dans {where}, le texte libre «\u202fAutre\u202f» demande une option de code "
            f"«\u202f{OTHER}\u202f» ou un intitulé à "
            "lui (other_text)."
        )


def _check_conditions(question: Question, by_id: dict[str, Question]) -> None:
    where = f"la question «\u202f{question.id}\u202f»"
    for condition in (question.asked_if, question.rows_hidden_if):
        if condition is None:
            continue
        if condition.question not in by_id or condition.question == question.id:
            raise CodebookError(
                f"Dans {where}, une condition renvoie à «\u202f{condition.question}\u202f», qui ne convient pas."
            )
        unknown = set(condition.options) - set(by_id[condition.question].labels)
        if unknown or not condition.options:
            raise CodebookError(
                f"Dans {where}, la condition sur «\u202f{condition.question}\u202f» cite des options inconnues : "
                f"{', '.join(sorted(unknown)) or 'aucune option citée'}."
            )
    if question.asked_if and by_id[question.asked_if.question].kind not in ("single", "scale"):
        raise CodebookError(f"Dans {where}, «\u202fasked_if\u202f» doit renvoyer à une question à réponse unique.")
    if question.rows_hidden_if:
        other = by_id[question.rows_hidden_if.question]
        missing = set(question.row_labels) - set(other.row_labels)
        if other.kind != "array" or question.kind not in _WITH_ROWS or missing:
            raise CodebookError(
                f"Dans {where}, «\u202frows_hidden_if\u202f» doit renvoyer à un tableau qui a les mêmes lignes ; "
                f"«\u202f{other.id}\u202f» ne convient pas."
            )


def _parts(entry: dict[str, Any], by_id: dict[str, Question]) -> Parts:
    where = "le bloc [parts]"
    _refuse_unknown(entry, _PART_FIELDS, where)
    for required in ("territory_type", "territory_name"):
        _text(entry, required, where)
    parts = Parts(**{**entry, "free_text": tuple(entry.get("free_text", []))})
    for question_id in parts.ids:
        if question_id not in by_id:
            raise CodebookError(f"Dans {where}, «\u202f{question_id}\u202f» n’est l’identifiant d’aucune question.")
    for question_id in (parts.territory_type, parts.role, parts.consent):
        if question_id and by_id[question_id].kind != "single":
            raise CodebookError(f"Dans {where}, «\u202f{question_id}\u202f» doit être une question à réponse unique.")
    for question_id in (
        parts.territory_name,
        parts.territory_code,
        parts.territory_members,
        *parts.free_text,
    ):
        if question_id and by_id[question_id].kind != "text":
            raise CodebookError(f"Dans {where}, «\u202f{question_id}\u202f» doit être une question à réponse libre.")
    if parts.consent and parts.consent_yes not in by_id[parts.consent].labels:
        raise CodebookError(
            f"Dans {where}, «\u202fconsent_yes\u202f» doit être une option de "
            f"«\u202f{parts.consent}\u202f», et non «\u202f"
            f"{parts.consent_yes}\u202f»."
        )
    return parts


def _options(entries: Any, where: str, lists: dict[str, tuple[Option, ...]] | None = None) -> tuple[Option, ...]:
    if isinstance(entries, str):
        if lists is None or entries not in lists:
            raise CodebookError(f"Dans {where}, la liste «\u202f{entries}\u202f» n’est pas définie dans [lists].")
        return lists[entries]
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise CodebookError(f"Dans {where}, les options doivent être une liste de {{ code, label }}.")
    for entry in entries:
        _refuse_unknown(entry, _OPTION_FIELDS, f"une option de {where}")
    options = tuple(
        Option(
            code=_text(entry, "code", f"une option de {where}"),
            label=_text(entry, "label", f"une option de {where}"),
            exclusive=_flag(entry, "exclusive", where),
            dont_know=_flag(entry, "dont_know", where),
            aliases=_aliases(entry, f"une option de {where}"),
        )
        for entry in entries
    )
    for option in options:
        if "/" in option.code:
            raise CodebookError(
                f"Dans {where}, le code «\u202f{option.code}\u202f» contient «\u202f/\u202f», réservé aux clés."
            )
    _refuse_repeated((option.code for option in options), where, "le code d’option")
    _refuse_repeated((normalise(option.label) for option in options), where, "le libellé d’option")
    aliases = (alias for option in options for alias in option.aliases)
    _refuse_repeated(aliases, where, "l’autre code d’option")
    return options


def _condition(entry: Any, where: str) -> Condition | None:
    if entry is None:
        return None
    if not isinstance(entry, dict) or set(entry) != {"question", "options"}:
        raise CodebookError(f"Dans {where}, une condition s’écrit {{ question = …, options = [ … ] }}.")
    return Condition(question=str(entry["question"]), options=tuple(entry["options"]))


def _table(tables: dict[str, Any], key: str, where: str) -> dict[str, Any]:
    entry = tables.get(key, {})
    if not isinstance(entry, dict):
        raise CodebookError(f"Dans {where}, «\u202f{key}\u202f» doit être un bloc [{key}].")
    return entry


def _text(entry: dict[str, Any], key: str, where: str) -> str:
    text = entry.get(key)
    if not isinstance(text, str) or not text.strip():
        raise CodebookError(f"Dans {where}, «\u202f{key}\u202f» manque ou n’est pas un texte.")
    return text


def _flag(entry: dict[str, Any], key: str, where: str) -> bool:
    flag = entry.get(key, False)
    if not isinstance(flag, bool):
        raise CodebookError(f"Dans {where}, «\u202f{key}\u202f» doit valoir true ou false.")
    return flag


def _aliases(entry: dict[str, Any], where: str) -> tuple[str, ...]:
    aliases = entry.get("aliases", [])
    if not isinstance(aliases, list) or not all(isinstance(alias, str) and alias.strip() for alias in aliases):
        raise CodebookError(f"Dans {where}, «\u202faliases\u202f» doit être une liste de codes.")
    return tuple(aliases)


def _refuse_unknown(entry: dict[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(set(entry) - known)
    if unknown:
        raise CodebookError(f"Dans {where}, champ inconnu : «\u202f{unknown[0]}\u202f».")


def _refuse_repeated(names: Iterable[str], where: str, what: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise CodebookError(f"Dans {where}, {what} «\u202f{name}\u202f» figure deux fois.")
        seen.add(name)
