"""LimeSurvey's export of responses: four styles of headings, long or short answers, and Excel's hand on them.

Conventions of its CSV and Excel writers; reading them back belongs to nobody here.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from lib.survey.questionnaire import Question
from lib.survey.states import NOT_ASKED, VALUE
from tests.survey.reading.world import Respondent, World
from tests.survey.reading.writers.rendering import delimited, french_csv, iso, label, moment, noisy, text_of, workbook

FRENCH = {
    "id": "ID de la réponse",
    "submitdate": "Date de soumission",
    "lastpage": "Dernière page",
    "startlanguage": "Langue de départ",
    "seed": "Tête de série",
    "token": "Code d'invitation",
    "startdate": "Date de lancement",
    "datestamp": "Date de la dernière action",
    "ipaddr": "Adresse IP",
    "refurl": "URL référente",
}
ENGLISH = {
    "id": "Response ID",
    "submitdate": "Date submitted",
    "lastpage": "Last page",
    "startlanguage": "Start language",
    "seed": "Seed",
    "token": "Access code",
    "startdate": "Date started",
    "datestamp": "Date last action",
    "ipaddr": "IP address",
    "refurl": "Referrer URL",
}
OTHER_CODE = "Q99"
"""Default code of the question that asks for other actions: nothing but a person can tell which it is."""

_DATED = ("submitdate", "startdate", "datestamp")


@dataclass(frozen=True)
class _Column:
    """One column: its question's code and wording, what its brackets hold in codes and in texts, its cells."""

    code: str
    wording: str
    sub_code: str
    sub_texts: tuple[str, ...]
    cell: Callable[[Respondent], str]
    yes_no: bool = False


def write(
    world: World,
    *,
    headings: str = "complet",
    long: bool = True,
    language: str = "fr",
    separator: str = ";",
    arrays_of_numbers: str = "",
    other_box: bool = False,
    comments: bool = False,
    timings: bool = False,
    metadata: bool = True,
    noise: bool = False,
    default_codes: bool = False,
    code_text: str = "._.",
    dated: bool = True,
    saved: str = "",
    expression_codes: bool = False,
    underscores: bool = False,
    converted: bool = False,
    rank: str = "Classement",
) -> bytes:
    """Return the world as LimeSurvey exports it.

    Parameters
    ----------
    headings : code, abrege, abrege-libelles (recent versions shorten the options too), complet, code-et-texte.
    long : whether answers are labels (Oui, Non, N/A) or codes (Y, A1).
    arrays_of_numbers : what an unticked box of an array writes, beside 1: nothing, or 0.
    other_box : whether « Autre » is an option like the others, with its text elsewhere, or LimeSurvey's own.
    noise : apostrophes and spaces of headings and labels spelled otherwise than in the questionnaire.
    default_codes : codes such as Q1, SQ001, A1 rather than those of the questionnaire.
    dated : whether the survey keeps dates; else all were submitted on 1 January 1980.
    expression_codes : Q1_SQ001 rather than Q1[SQ001], as the export page offers.
    underscores : spaces of headings become underscores, as the export page offers.
    converted : Y becomes 1, and N or a blank 2, in short answers, as the export page offers.
    rank : the word before the number of a rank, which changed from one version to the next.
    saved : « csv » or « xlsx » when French Excel opened and saved the file, « xlsx-texte » for LimeSurvey's own.
    """
    columns = _timings(world) if timings else []
    for order, question in enumerate(world.codebook.questions, start=1):
        speller = _Codes(question, order, default_codes)
        columns += _columns(question, speller, long, arrays_of_numbers, other_box, comments, rank)
    names = ENGLISH if language == "en" else FRENCH
    described = [*names] if metadata else []
    first = [_heading(_Column(name, names[name], "", (), str), headings, code_text, -1) for name in described]
    turns = range(len(columns)) if noise else [-1] * len(columns)
    asked = [_heading(column, headings, code_text, turn) for column, turn in zip(columns, turns, strict=True)]
    rows = [[*first, *asked]]
    labels = {label for question in world.codebook.questions for label in question.labels.values()}
    for person in world:
        told = _metadata(person, dated)
        cells = [column.cell(person) for column in columns]
        if noise:
            cells = [noisy(cell, person.rank) if cell in labels else cell for cell in cells]
        if converted:
            cells = [_converted(cell) if column.yes_no else cell for cell, column in zip(cells, columns, strict=True)]
        rows.append([*(told[name] for name in described), *cells])
    if expression_codes:
        rows[0] = [re.sub(r"\[(\w+)\]", r"_\1", heading) for heading in rows[0]]
    if underscores:
        rows[0] = [heading.replace(" ", "_") for heading in rows[0]]
    dates = [position for position, name in enumerate(described) if name in _DATED]
    if saved == "csv":
        return french_csv(rows, dates)
    if saved:
        return workbook(rows, dates, sheet="results-survey417", typed=saved == "xlsx")
    return delimited(rows, separator, encoding="utf-8-sig", quoted=True, tail="\r\n")


class _Codes:
    """The codes LimeSurvey admits: letters and figures, those of the questionnaire or its own defaults."""

    def __init__(self, question: Question, rank: int, default: bool) -> None:
        self.default = default
        self.question = f"Q{rank}" if default else _bare(question.id)
        self.several = question.kind in ("multiple", "array_multiple")
        self.options = [option.code for option in question.options]
        self.rows = [row.code for row in question.rows]

    def option(self, code: str) -> str:
        if not self.default:
            return _bare(code)
        rank = self.options.index(code) + 1
        return f"SQ{rank:03}" if self.several else f"A{rank}"

    def row(self, code: str) -> str:
        return f"SQ{self.rows.index(code) + 1:03}" if self.default else _bare(code)


def _bare(code: str) -> str:
    return re.sub("[^A-Za-z0-9]", "", code)


def _columns(
    question: Question, codes: _Codes, long: bool, unticked: str, other_box: bool, comments: bool, rank: str
) -> list[_Column]:
    def column(
        sub_code: str, sub_texts: tuple[str, ...], cell: Callable[[Respondent], str], yes_no: bool = False
    ) -> _Column:
        return _Column(codes.question, question.text, sub_code, sub_texts, cell, yes_no)

    def choice(key: str) -> Callable[[Respondent], str]:
        return lambda person: _choice(person, question, codes, key, long)

    if question.kind == "text":
        return [column("", (), _free(question.id, long))]
    if question.kind in ("single", "scale"):
        found = [column("", (), choice(question.id))]
        if comments and question.id == "role":
            found.append(column("comment", ("Commentaire",), lambda person: _comment(person, question.id)))
        return found
    if question.kind == "array":
        return [column(codes.row(row.code), (row.label,), choice(f"{question.id}/{row.code}")) for row in question.rows]
    if question.kind == "ranking":
        return [
            column(str(place), (f"{rank} {place}",), choice(f"{question.id}/{place}"))
            for place in range(1, question.ranks + 1)
        ]
    if question.kind == "array_multiple":
        found = [
            column(
                f"{codes.row(row.code)}_{codes.option(option.code)}",
                (row.label, option.label),
                _box(f"{question.id}/{row.code}/{option.code}", long, unticked),
            )
            for row in question.rows
            for option in question.options
        ]
        if question.other:
            # A question of its own, whose default code follows those of the questionnaire.
            code = OTHER_CODE if codes.default else f"{codes.question}autretexte"
            found.append(_Column(code, question.other_text, "", (), _free(question.other_column, long)))
        return found
    return _multiple(question, codes, column, long, other_box, comments)


def _multiple(
    question: Question,
    codes: _Codes,
    column: Callable[..., _Column],
    long: bool,
    other_box: bool,
    comments: bool,
) -> list[_Column]:
    group = question.groups[question.id]
    found = []
    for option in question.options:
        if option.code == "autre" and question.other and not other_box:
            continue
        key = f"{question.id}/{option.code}"
        code = codes.option(option.code)
        found.append(column(code, (option.label,), _tick(key, group, long), True))
        if comments:
            found.append(column(f"{code}comment", ("Commentaire",), _commented(key)))
    if question.other:
        found.append(column("other", ("Autre",), _free(question.other_column, long)))
        if comments:
            found.append(column("othercomment", ("Commentaire",), lambda person: ""))
    return found


def _choice(person: Respondent, question: Question, codes: _Codes, key: str, long: bool) -> str:
    code = person.values[key]
    if person.states[key] != VALUE or code is None:
        return "N/A" if long and person.states[key] == NOT_ASKED else ""
    if long:
        return label(question, code)
    # The type « oui/non » has no codes of its own.
    if [option.label for option in question.options] == ["Oui", "Non"]:
        return "Y" if label(question, code) == "Oui" else "N"
    # « Autre » of a list is LimeSurvey's own: it bears no code that a person chose.
    if code == "autre" and question.kind == "single":
        return "-oth-"
    return codes.option(code)


def _free(key: str, long: bool) -> Callable[[Respondent], str]:
    def cell(person: Respondent) -> str:
        return "N/A" if long and person.states[key] == NOT_ASKED else text_of(person, key)

    return cell


def _tick(key: str, group: tuple[str, ...], long: bool) -> Callable[[Respondent], str]:
    def cell(person: Respondent) -> str:
        if person.states[key] == VALUE:
            return "Oui" if long else "Y"
        if not long:
            return ""
        if person.states[key] == NOT_ASKED:
            return "N/A"
        # Nothing ticked on a page that was seen says Non everywhere; on a page never reached, nothing.
        seen = person.submitted or any(person.states[other] == VALUE for other in group)
        return "Non" if seen else ""

    return cell


def _box(key: str, long: bool, unticked: str) -> Callable[[Respondent], str]:
    def cell(person: Respondent) -> str:
        if person.states[key] == VALUE:
            return "1"
        if person.states[key] == NOT_ASKED:
            return "N/A" if long else ""
        return unticked if person.submitted else ""

    return cell


def _converted(cell: str) -> str:
    return {"Y": "1", "N": "2", "": "2"}[cell]


def _comment(person: Respondent, key: str) -> str:
    return f"Je précise, {person.id}" if person.states[key] == VALUE and person.rank % 2 else ""


def _commented(key: str) -> Callable[[Respondent], str]:
    return lambda person: _comment(person, key)


def _timings(world: World) -> list[_Column]:
    first = world.codebook.questions[0]
    return [
        _Column("interviewtime", "Temps total", "", (), lambda person: f"{300 + person.rank}.25"),
        _Column("groupTime12", "Temps pour le groupe de questions : Identité", "", (), lambda person: "40.5"),
        _Column(f"{_bare(first.id)}Time", f"Temps pour la question : {_bare(first.id)}", "", (), lambda person: "12"),
    ]


def _metadata(person: Respondent, dated: bool) -> dict[str, str]:
    never = "1980-01-01 00:00:00"
    return {
        "id": person.id,
        "submitdate": (iso(moment(person.rank, 12)) if dated else never) if person.submitted else "",
        "lastpage": "4" if person.submitted else "2",
        "startlanguage": "fr",
        "seed": str(1_000_000_000 + person.rank),
        "token": f"jeton{person.id}",
        "startdate": iso(moment(person.rank)) if dated else never,
        "datestamp": iso(moment(person.rank, 12)) if dated else never,
        "ipaddr": f"192.0.2.{person.rank % 250}",
        "refurl": "https://exemple.fr/enquete",
    }


def _heading(column: _Column, style: str, code_text: str, turn: int) -> str:
    code = f"{column.code}[{column.sub_code}]" if column.sub_code else column.code
    if style == "code":
        return code
    if style == "abrege":
        sub = f"[{column.sub_code}]" if column.sub_code else ""
        return f"{column.wording[:15]}.. {sub}"
    if style == "abrege-libelles":
        subs = "".join(f"[{_ellipsis(text)}]" for text in column.sub_texts)
        return f"{_ellipsis(column.wording)} {subs}" if subs else _ellipsis(column.wording)
    spelled = turn >= 0
    subs = "".join(f"[{noisy(text, turn + 1) if spelled else text}]" for text in column.sub_texts)
    wording = noisy(column.wording, turn) if spelled else column.wording
    full = f"{wording} {subs}" if subs else wording
    if spelled and turn % 3 == 1:
        full = f"{wording}  {subs}" if subs else f"{wording} "
    return f"{code}{code_text}{full}" if style == "code-et-texte" else full


def _ellipsis(text: str) -> str:
    return text if len(text) <= 15 else f"{text[:15]}.. "
