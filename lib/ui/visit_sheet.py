"""The sheet of a visit: one A4 page of compact tables, as HTML made of escaped text alone.

What it says comes from `lib.analysis.visit`; who may read it, and the contacts, from `lib.ui.visit`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape
from itertools import islice
from pathlib import Path

import pandas as pd

from lib.analysis import visit
from lib.analysis.areas import Area
from lib.analysis.engagement import opinions
from lib.analysis.facts import DIVERGENT
from lib.analysis.selection import choices
from lib.display import stages
from lib.display.formats import NARROW, counted, day, lower_first, number, percent, words
from lib.display.stamp import SIMULATED
from lib.display.support import theme_list
from lib.display.tables import COUNTS_ONLY
from lib.survey.edition import Edition
from lib.survey.engagement import load_rule
from lib.survey.questionnaire import Question
from lib.survey.support import load_support
from lib.ui import team

NOTHING = "–"
SHOWN = {
    "answered": 12, "epci": 8, "communes": 5, "options": 4, "rows": 3, "divergent": 4,
    "pairs": 4, "calls": 7, "people": 2,
}  # fmt: skip
"""How many lines of each list fit on one page; the others are counted."""

COUNTS = "visit-counts"
"""Class of a table whose columns after the first are figures."""

Cells = Sequence[str]
"""Cells of a row, escaped."""


def sheet(given: Edition, area: Area, contacts: pd.DataFrame, today: date) -> str:
    """Return the sheet of an area, from the answers as given; for the team alone.

    Parameters
    ----------
    given
        The answers as given.
    contacts
        Index respondent: contact (text), kept_until (date); may be empty.
    today
        The day that the sheet bears.
    """
    territories = visit.answered(given, area)
    split = visit.divergent(given, territories)
    called = visit.calls(given, territories, split)
    return (
        f'<article class="visit">{_head(given, area, today)}{_figures(given, area, territories, called)}'
        f'<div class="visit-columns"><div>{_answered(given, territories)}{_silent(given, area)}</div>'
        f"<div>{_stages(given, territories)}{_opinions(given, territories)}</div></div>"
        f"{_divergent(given, split)}{_pairs(given, territories)}{_calls(given, called, contacts)}"
        f"{_STYLE}</article>"
    )


def _head(given: Edition, area: Area, today: date) -> str:
    kind = choices(given, "type").get(area.type, area.type).split(" (")[0]
    nom = f"{area.nom} ({area.code})" if area.type == "departement" else area.nom
    told = [
        *([kind] if area.type != "epci" else ["Intercommunalité"]),
        counted(area.population, "habitant"),
        f"{number(len(area.epci))} EPCI" if area.type != "epci" else "",
        counted(len(area.communes), "commune"),
        f"{given.title}, {given.collected}",
        f"feuille du {day(today)}",
    ]
    marks = [team.UNPROTECTED, *([SIMULATED] if given.simulated else [])]
    return (
        f"<header><h2>{escape(nom)}</h2><p>{escape(' · '.join(part for part in told if part))}</p>"
        f'<p class="visit-mark">{" · ".join(marks)}</p></header>'
    )


def _figures(given: Edition, area: Area, territories: pd.DataFrame, called: pd.DataFrame) -> str:
    inside = territories[territories["inside"]]
    people, covered = int(inside["respondents"].sum()), visit.covered(given, area)
    boxes = [(number(len(inside)), f"{_noun(len(inside), 'territoire a', 'territoires ont')} répondu "
              f"({counted(people, 'répondant')})")]  # fmt: skip
    for kind, row in covered.iterrows():
        noun = "EPCI" if kind == "epci" else "communes"
        share = f" ({percent(row['share'])} des habitants)" if area.population else ""
        boxes.append((f"{number(row['territories'])} sur {number(row['existing'])}", f"{noun}{share}"))
    differing = sum(visit.DIVERGENT in reasons for reasons in called["reasons"])
    boxes.append((number(differing), f"{_noun(differing, 'territoire')} aux réponses divergentes"))
    if visit.asks_to_be_put_in_touch(given):
        asking = sum(visit.ASKED in reasons for reasons in called["reasons"])
        boxes.append((number(asking), f"{_noun(asking, 'souhaite', 'souhaitent')} être mis en relation"))
    cells = "".join(f"<li><b>{value}</b> {escape(label)}</li>" for value, label in boxes)
    return f'<ul class="visit-figures">{cells}</ul>'


def _answered(given: Edition, territories: pd.DataFrame) -> str:
    questions, roles, names = visit.status_questions(given), _roles(given), stages.labels(load_rule())
    rows = [
        (
            _named(given, row),
            escape(_people(row["roles"], roles)),
            escape(names.get(row["stage"], row["stage"])),
            *(escape(_status(question, row[question.id])) for question in questions),
            "oui" if row["published"] else "non",
        )
        for _, row in territories.head(SHOWN["answered"]).iterrows()
    ]
    headings = ("Territoire", "Répondants", "Stade", *(question.short for question in questions), "Publiée")
    note = f"Publiée{NARROW}: ses faits se lisent sur les pages publiques."
    if not territories["inside"].all():
        note += f" Autour{NARROW}: n’est pas compté dans cette feuille."
    empty = "Personne n’a répondu pour cette zone."
    body = _table(headings, rows, len(territories), "territoire", empty, "visit-answered")
    return _section("Qui a répondu\u202f?", body, note)


def _silent(given: Edition, area: Area) -> str:
    missing = visit.silent(given, area)
    epci, communes = (missing.loc[missing["type"] == kind, "nom"] for kind in ("epci", "commune"))
    lines = []
    if (missing["type"] == "departement").any():
        lines.append("Le conseil départemental.")
    if len(epci):
        lines.append(f"{number(len(epci))} EPCI{NARROW}: {_some(epci, SHOWN['epci'])}.")
    if len(communes):
        lines.append(f"{counted(len(communes), 'commune')}, les plus peuplées{NARROW}: "
                     f"{words(communes.head(SHOWN['communes']))}.")  # fmt: skip
    text = " ".join(lines) or "Toute la zone a répondu."
    return _section("Qui n’a pas répondu\u202f?", f"<p>{escape(text)}</p>")


def _stages(given: Edition, territories: pd.DataFrame) -> str:
    names = stages.labels(load_rule())
    rows = [(escape(names[str(code)]), number(n)) for code, n in visit.stages(territories).items() if n]
    said = words(lower_first(criterion.label) for criterion in opinions(given))
    note = f"Y compris {said}, à la différence des pages publiques." if said else ""
    return _section("Où en sont-ils\u202f?", _table(("Stade", "Nombre"), rows, len(rows), "stade", kind=COUNTS), note)


def _opinions(given: Edition, territories: pd.DataFrame) -> str:
    parts, bases = [], []
    for question in visit.opinion_questions(given):
        found = visit.opinions(given, territories, question)
        base, region = int(found["base"].iloc[0]), int(found["region_base"].iloc[0])
        given_by_some = found[found["count"] > 0].head(SHOWN["options"])
        rows = [
            (escape(row["label"]), _part(row["count"], base), _part(row["region_count"], region))
            for _, row in given_by_some.iterrows()
        ]
        headings = (f"{question.short} (sur {number(base)})", "Ici", "Région")
        empty = f"{question.short}{NARROW}: aucune réponse."
        parts.append(_table(headings, rows, len(rows), "réponse", empty, COUNTS))
        bases.append(number(region))
    note = f"Région{NARROW}: sur {words(dict.fromkeys(bases))} répondants, ici compris."
    return _section("Que demandent-ils\u202f?", "".join(parts), note) if parts else ""


def _divergent(given: Edition, split: pd.DataFrame) -> str:
    rows: list[Cells] = []
    groups = split.groupby("territory", sort=False)
    for _, own in islice(groups, SHOWN["divergent"]):
        told = []
        for _, row in own.iterrows():
            question = given.codebook[row["question"]]
            said = words([lower_first(question.labels.get(code, code)) for code in row["answers"]], "ou")
            detail = said or theme_list(row["rows"], question.row_labels, SHOWN["rows"])
            told.append(f"{question.short}{NARROW}: {detail}" if detail else question.short)
        rows.append((escape(own["nom"].iloc[0]), escape(f"{NARROW}; ".join(told))))
    headings = ("Territoire", "Ce que ses répondants disent différemment")
    body = _table(headings, rows, groups.ngroups, "territoire", "Aucune.")
    return _section("Quelles réponses divergent\u202f?", body)


def _pairs(given: Edition, territories: pd.DataFrame) -> str:
    names, themes = stages.labels(load_rule()), _themes(given)
    proposed = visit.pairs(given, territories)
    rows = []
    for _, row in proposed.head(SHOWN["pairs"]).iterrows():
        stage = lower_first(names.get(row["stage"], row["stage"]))
        helped = stage if row["received"] else f"{stage}, hors zone"
        ahead = theme_list(row["needed"] or row["ahead"], themes, SHOWN["rows"])
        rows.append(
            (
                f"{escape(row['nom'])} <small>{escape(helped)}</small>",
                f"{escape(row['supporter_nom'])}{'' if row['lent'] else ' <small>hors zone</small>'}",
                f"{number(row['km'])}{NARROW}km",
                escape(ahead or NOTHING),
            )
        )
    headings = ("À appuyer", "Par", "Distance", "Sur")
    left = visit.unserved(given, territories)["nom"]
    note = f"Personne à proposer à{NARROW}: {_some(left, SHOWN['epci'])}." if len(left) else ""
    body = _table(headings, rows, len(proposed), "appui", "Aucun appui proposé dans cette zone.")
    return _section("Quels appuis proposer\u202f?", body, note)


def _calls(given: Edition, called: pd.DataFrame, contacts: pd.DataFrame) -> str:
    why = {visit.ASKED: "mise en relation", visit.DIVERGENT: "divergences"}
    roles, reached = _roles(given), contacts["contact"].to_dict()
    rows: list[Cells] = []
    for rank, (_, row) in enumerate(called.head(SHOWN["calls"]).iterrows(), start=1):
        reasons = ", ".join(why[reason] for reason in row["reasons"]) or NOTHING
        people = list(zip(row["people"], row["roles"], strict=True))
        # Whoever can be reached has a line of their own, the others are counted by role.
        known = [f"{_people([role], roles)}{NARROW}: {reached[person]}" for person, role in people if person in reached]
        lines = known[: SHOWN["people"]]
        if len(known) > len(lines):
            lines.append(counted(len(known) - len(lines), "autre"))
        if others := [role for person, role in people if person not in reached]:
            lines.append(_people(others, roles))
        rows.append((str(rank), _named(given, row), escape(reasons), "<br>".join(escape(line) for line in lines)))
    note = f"Aucune coordonnée n’est conservée pour cette édition{NARROW}: rôle et territoire seulement."
    if reached:
        last = max(contacts["kept_until"])
        note = f"Coordonnées conservées jusqu’au {day(last)} au plus tard{NARROW}: ne les diffusez pas."
    headings = ("N°", "Territoire", "Pourquoi", "Qui a répondu")
    body = _table(headings, rows, len(called), "territoire", "Personne.", "visit-calls")
    return _section("Qui appeler\u202f?", body, note)


def _section(title: str, body: str, note: str = "") -> str:
    said = f'<p class="visit-note">{escape(note)}</p>' if note else ""
    return f"<section><h3>{title}</h3>{body}{said}</section>"


def _table(headings: Cells, rows: Sequence[Cells], total: int, noun: str, empty: str = "", kind: str = "") -> str:
    """Return a table, its headings not yet escaped, and how many rows of the total are left; or why there is none."""
    if not rows:
        return f"<p>{escape(empty)}</p>"
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in headings)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    left = total - len(rows)
    more = f'<p class="visit-note">et {counted(left, f"autre {noun}", f"autres {noun}s")}</p>' if left > 0 else ""
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    # On a phone a wide table scrolls, for the keyboard too.
    named = f'role="group" aria-label="Tableau{NARROW}: {escape(words(headings))}" tabindex="0"'
    return f'<div class="visit-table {kind}" {named}>{table}</div>{more}'


def _named(given: Edition, row: "pd.Series") -> str:
    """Return the name of a territory, with its type unless it is a commune, or begins with it: « CC… », « Pays… »."""
    label = choices(given, "type").get(row["type"], row["type"])
    first = row["nom"].split(" ", 1)[0].lower()
    obvious = row["type"] == "commune" or first in re.findall(r"\w+", label.lower())
    told = ["" if obvious else lower_first(label.split(" (")[0]), "" if row.get("inside", True) else "autour"]
    said = ", ".join(part for part in told if part)
    return f"{escape(row['nom'])} <small>{escape(said)}</small>" if said else escape(row["nom"])


def _themes(given: Edition) -> Mapping[str, str]:
    question = load_support().themes.question
    return given.codebook[question].row_labels if question in given.codebook else {}


def _roles(given: Edition) -> Mapping[str, str]:
    named = choices(given, "role").items()
    return {code: re.sub("^Autre$", "Autre rôle", label.split(" ou ")[0]) for code, label in named}


def _people(codes: Iterable[str], names: Mapping[str, str]) -> str:
    """Return « Élu·e, 2 × direction »: the roles of those who answered for one territory."""
    found = Counter(lower_first(names.get(code, "rôle non précisé")) for code in codes)
    return ", ".join(f"{n} × {role}" if n > 1 else role for role, n in found.items())


def _status(question: Question, code: str) -> str:
    if pd.isna(code):
        return NOTHING
    return "Divergente" if code == DIVERGENT else question.labels.get(code, code)


def _part(count: float, base: float) -> str:
    """Return a share, or the count alone on a base that allows no percentage."""
    return percent(count / base) if base >= COUNTS_ONLY else f"{number(count)} sur {number(base)}"


def _some(names: Iterable[str], shown: int) -> str:
    """Return the first names as a list, and how many are left."""
    listed = list(names)
    left = len(listed) - shown
    return words([*listed[:shown], *([counted(left, "autre")] if left > 0 else [])])


def _noun(n: float, singular: str, plural: str = "") -> str:
    return singular if n < 2 else plural or f"{singular}s"


_STYLE = f"<style>{Path(__file__).with_name('visit.css').read_text(encoding='utf-8')}</style>"
