"""Odd answers: responses repeated, and arrays answered with one same option.

The thresholds are the constants below, and each check says its own; where and when responses come from belongs to
`origin`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from lib.survey.edition import Edition
from lib.survey.normalisation import normalise
from lib.survey.quality.checks import Check, check
from lib.survey.questionnaire import Question
from lib.survey.states import VALUE

SAME_ANSWERS = 10
"""Filled or ticked cells from which identical answers of different territories or roles are told."""
MOST_NAMED = 5
"""Responses of a group of identical ones that are named beside each of them."""
STRAIGHT_ROWS = 4
"""Answered rows from which one same option on all of them is told."""


def signatures(edition: Edition) -> tuple[list[bytes], np.ndarray]:
    """Return each respondent’s substantive answers as bytes, equal when they are, and how many cells it filled."""
    keys = [key for question in edition.codebook.substantive for key in question.columns]
    codes = np.empty((len(edition.values), len(keys)), dtype=np.int32)
    for position, key in enumerate(keys):
        codes[:, position] = pd.factorize(edition.values[key])[0]
    filled = (edition.states[keys].to_numpy() == VALUE).sum(axis=1) if keys else np.zeros(len(codes), dtype=int)
    return [row.tobytes() for row in codes], filled


def _places(edition: Edition) -> pd.Series:
    """Return the territory of each respondent, or the name as declared where it was not recognised."""
    people = edition.respondents
    declared = [normalise(name) if isinstance(name, str) else "" for name in people["declared"]]
    typed = people["type"].fillna("").astype("str") + "|" + pd.Series(declared, index=people.index, dtype="str")
    return people["territory"].fillna(typed)


def _alike(lines: pd.Series, groups: list[list[str]]) -> dict[str, str]:
    known = lines.dropna().to_dict()
    what: dict[str, str] = {}
    for number, group in enumerate(groups, start=1):
        names = {one: f"la ligne {known[one]}" if one in known else f"la réponse {one}" for one in group}
        first = list(names)[: MOST_NAMED + 1]
        for respondent in group:
            others = [names[one] for one in first if one != respondent][:MOST_NAMED]
            left = len(group) - 1 - len(others)
            told = ", ".join(others) + (f" et {left} autre{'s' if left > 1 else ''}" if left else "")
            what[respondent] = f"groupe {number}\u202f: mêmes réponses que {told}"
    return what


def _grouped(keys: pd.Series) -> list[list[str]]:
    grouped: dict[object, list[str]] = {}
    for respondent, key in keys.items():
        grouped.setdefault(key, []).append(str(respondent))
    return [group for group in grouped.values() if len(group) > 1]


def same_place_same_answers(edition: Edition, lines: pd.Series, signed: list[bytes]) -> Check:
    """Return the responses of one territory and one role whose substantive answers (`signatures`) are all the same."""
    role = edition.respondents["role"].fillna("")
    keys = pd.Series(
        list(zip(_places(edition), role, signed, strict=True)), index=edition.respondents.index, dtype=object
    )
    return check(
        "doublons",
        "Doublons probables",
        lines,
        _alike(lines, _grouped(keys)),
        rule="Même territoire, même rôle et toutes les réponses de fond identiques.",
        advice="Ouvrez ces réponses dans l’outil d’enquête\u202f: si une personne a envoyé deux fois le formulaire, "
        "supprimez-en une, puis exportez à nouveau.",
    )


def same_answers(edition: Edition, lines: pd.Series, signed: list[bytes], filled: np.ndarray) -> Check:
    """Return the identical responses, of enough cells, that come from different territories or roles."""
    index = edition.respondents.index
    keys = pd.Series(signed, index=index, dtype=object)[filled >= SAME_ANSWERS]
    places = _places(edition) + "|" + edition.respondents["role"].fillna("").astype("str")
    groups = [group for group in _grouped(keys) if places[group].nunique() > 1]
    return check(
        "copies",
        "Réponses identiques venues d’ailleurs",
        lines,
        _alike(lines, groups),
        rule=f"Au moins {SAME_ANSWERS} cases remplies ou cochées, toutes identiques, de territoires ou de rôles "
        "différents.",
        advice="Un même formulaire recopié pour plusieurs structures\u202f? Demandez-le aux personnes concernées avant "
        "de publier.",
        base=len(keys),
        of=f"réponses d’au moins {SAME_ANSWERS} cases",
    )


def _straight(edition: Edition, question: Question) -> tuple[np.ndarray, np.ndarray]:
    """Return who answered enough rows of an array, and who of them gave one same option on all of these rows."""
    keys = [key for key in question.columns if key != question.other_column]
    given = edition.states[keys].to_numpy() == VALUE
    enough = given.sum(axis=1) >= STRAIGHT_ROWS
    codes = np.column_stack([pd.Categorical(edition.values[key], list(question.labels)).codes for key in keys])
    highest = np.where(given, codes, -1).max(axis=1)
    lowest = np.where(given, codes, len(question.labels)).min(axis=1)
    return enough, enough & (highest == lowest)


def _arrays(edition: Edition) -> list[Question]:
    return [one for one in edition.codebook.questions if one.kind == "array" and len(one.rows) >= STRAIGHT_ROWS]


def straight_by_question(edition: Edition) -> pd.DataFrame:
    """Return, for each array of at least `STRAIGHT_ROWS` rows, how many gave one same option everywhere.

    Returns
    -------
    DataFrame
        `question` (id), `short`, `answered` (respondents with at least `STRAIGHT_ROWS` rows answered), `straight`,
        `share` (fraction of these, missing when there is none).
    """
    rows = []
    for question in _arrays(edition):
        enough, straight = _straight(edition, question)
        base, count = int(enough.sum()), int(straight.sum())
        rows.append((question.id, question.short, base, count, count / base if base else float("nan")))
    table = pd.DataFrame(rows, columns=["question", "short", "answered", "straight", "share"])
    return table.astype(
        {"question": "str", "short": "str", "answered": "int64", "straight": "int64", "share": "float64"}
    )


def straight_lines(edition: Edition, lines: pd.Series) -> Check:
    """Return the responses that gave one same option on all the rows of an array."""
    told: dict[str, list[str]] = {}
    asked = np.zeros(len(lines), dtype=bool)
    for question in _arrays(edition):
        enough, straight = _straight(edition, question)
        asked |= enough
        first = edition.values[list(question.columns)].bfill(axis=1).iloc[:, 0] if straight.any() else None
        for row in np.flatnonzero(straight).tolist():
            option = question.labels[first.iloc[row]] if first is not None else ""
            told.setdefault(str(lines.index[row]), []).append(f"{question.short}\u202f: «\u202f{option}\u202f» partout")
    return check(
        "lignes-droites",
        "Tableaux répondus d’une seule colonne",
        lines,
        {respondent: "\u202f; ".join(words) for respondent, words in told.items()},
        rule=f"La même option à toutes les lignes répondues d’un tableau, qui sont au moins {STRAIGHT_ROWS}.",
        advice="Ce peut être une vraie réponse\u202f: regardez si la même personne est aussi pressée, ou en ligne "
        "droite partout.",
        base=int(asked.sum()),
        of=f"réponses d’au moins {STRAIGHT_ROWS} lignes d’un tableau",
    )


def straight_everywhere(edition: Edition, lines: pd.Series) -> Check:
    """Return the responses that gave one same option in each of the arrays they answered, at least two of them."""
    arrays = [_straight(edition, question) for question in _arrays(edition)]
    enough = sum((one.astype(int) for one, _ in arrays), np.zeros(len(lines), dtype=int))
    straight = sum((one.astype(int) for _, one in arrays), np.zeros(len(lines), dtype=int))
    several = enough >= 2
    rows = np.flatnonzero(several & (straight == enough)).tolist()
    return check(
        "lignes-droites-partout",
        "Tous les tableaux répondus d’une seule colonne",
        lines,
        {str(lines.index[row]): f"{enough[row]} tableaux, chacun d’une seule colonne" for row in rows},
        rule=f"Au moins deux tableaux d’au moins {STRAIGHT_ROWS} lignes répondues, et la même option à toutes les "
        "lignes de chacun.",
        advice="Une réponse donnée sans lire\u202f? Comparez avec le temps de réponse avant de décider de la garder.",
        base=int(several.sum()),
        of="réponses d’au moins deux tableaux",
    )
