"""Which published recommendations fit a territory, and why: what it answered where that may be shown, else its peers.

The rules come from `lib.survey.advice`; how a recommendation is drawn belongs to the interface.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lib.analysis.answers import read_answers
from lib.analysis.engagement import stages
from lib.analysis.facts import DIVERGENT, TICKED, UNANSWERED, UNPUBLISHED, status
from lib.analysis.selection import PLURALS, Selection, choices
from lib.analysis.tabulation import TERRITORIES, tabulate
from lib.analysis.territories import Territory, peer_groups
from lib.survey.advice import ANY_ROW, Advice, Answered, AtStage, PeersSay, Rule, Tied, load_advice
from lib.survey.edition import Edition
from lib.survey.engagement import load_rule
from lib.survey.once import once_per_edition
from lib.survey.questionnaire import Question

OWN, PEERS = "territoire", "pairs"
"""Where a reason comes from: the territory's own published answers, or those of its peers."""

NARROW = "\u202f"
SIMULATED = "données simulées"
NAMED_ROWS = 3
"""Rows of an array that a reason names; more are counted only."""

_SEVERAL_ANSWERS = ("multiple", "array_multiple", "ranking")


@dataclass(frozen=True)
class Advised:
    """A published recommendation, and why it is made to a territory.

    Attributes
    ----------
    to, text : audience and recommendation, as published.
    source : `territoire`, `pairs`, or empty where no rule holds.
    clause : the reason as a clause without a full stop (« Guéret répond… »), plain text; empty where no rule holds.
        It holds names from the questionnaire and from respondents.
    """

    to: str
    text: str
    source: str = ""
    clause: str = ""

    @property
    def reason(self) -> str:
        """Return « parce que… », elided before a vowel, without a full stop; empty where no rule holds."""
        if not self.clause:
            return ""
        return f"parce qu’{self.clause}" if self.clause[0].lower() in "aeiouàâéèêëîïôœ" else f"parce que {self.clause}"


@dataclass(frozen=True)
class _Figure:
    """Who among the peers gives an answer; `share` is NaN where the figure is hidden or its base is 0."""

    count: float
    base: int
    share: float


def advice(edition: Edition, territory: Territory, rules: Advice | None = None) -> tuple[Advised, ...]:
    """Return every published recommendation, those that have a reason first, then in the order of the summary.

    Parameters
    ----------
    edition
        The public one, for what visitors see: figures of peers that it hides give no reason.
    territory
        One of the edition, as `lib.analysis.territories.describe` returns it. Its own answers give a reason only if
        all its respondents agreed to be named, and only those to questions of fact.
    rules
        Those of data/advice.toml by default.

    Notes
    -----
    The first rule that holds gives the reason. A question, a row or an answer that the edition does not have gives
    none. A figure of peers is that of the closest group whose base is `rules.fewest` or more.
    """
    rules = rules or load_advice()
    found = [_advised(edition, territory, tied, rules.fewest) for tied in rules.recommendations]
    return tuple(sorted(found, key=lambda advised: not advised.source))


def _advised(edition: Edition, territory: Territory, tied: Tied, fewest: int) -> Advised:
    if not any(_own_answer(edition, territory, rule) for rule in tied.unless):
        for rule in tied.rules:
            if clause := _clause(edition, territory, rule, fewest):
                return Advised(tied.to, tied.text, PEERS if isinstance(rule, PeersSay) else OWN, clause)
    return Advised(tied.to, tied.text)


def _clause(edition: Edition, territory: Territory, rule: Rule, fewest: int) -> str:
    """Return why the rule holds, empty where it does not."""
    if isinstance(rule, PeersSay):
        return _peers_clause(edition, territory, rule, fewest)
    clause = (
        _own_stage(edition, territory, rule) if isinstance(rule, AtStage) else _own_answer(edition, territory, rule)
    )
    return f"{clause} ({SIMULATED})" if clause and edition.simulated else clause


# What the territory says.


def _own_stage(edition: Edition, territory: Territory, rule: AtStage) -> str:
    stage = stages(edition).get(territory.code)
    if not territory.published or stage not in rule.stages:
        return ""
    return f"{_subject(territory)} est au stade d’engagement {_quoted(load_rule().stage(stage).label)}"


def _own_answer(edition: Edition, territory: Territory, rule: Answered) -> str:
    """Return what the territory answers, as the rule words it; empty where the rule does not hold."""
    asked = _asked(edition, rule.question, [code for code in rule.options if code != DIVERGENT])
    if asked is None or not territory.published or asked.unit != TERRITORIES or asked.kind == "ranking":
        return ""
    if rule.row == ANY_ROW:
        return _counted_rows(edition, territory, rule, asked)
    if bool(rule.row) != bool(asked.rows) or (rule.row and rule.row not in asked.row_labels):
        return ""
    given = [code for code in _given(edition, territory, asked, rule.row, rule.options) if code in rule.options]
    if not given:
        return ""
    place = f" pour {_quoted(asked.row_labels[rule.row])}" if rule.row else ""
    if set(given) == {DIVERGENT}:
        return f"{_subject(territory)} donne des réponses divergentes à {_quoted(asked.text)}{place}"
    said = _listed(_labels(asked, given), "et")
    return f"{_subject(territory)} {_verb(asked)} {said} {_to(asked)}{place}"


def _counted_rows(edition: Edition, territory: Territory, rule: Answered, asked: Question) -> str:
    """Return the number of rows on which the territory gives an answer, if it is known and what the rule asks."""
    doubtful = {UNANSWERED, UNPUBLISHED, DIVERGENT, *asked.dont_know}
    given = {row: _given(edition, territory, asked, row, rule.options) for row in asked.row_labels}
    known = {row: codes for row, codes in given.items() if doubtful.isdisjoint(codes)}
    rows = [row for row, codes in known.items() if set(codes) & set(rule.options)]
    if rule.at_least is not None and len(rows) < rule.at_least:
        return ""
    if rule.at_most is not None and (len(rows) > rule.at_most or 2 * len(known) <= len(given)):
        return ""
    subject, options, where = _subject(territory), _labels(asked, rule.options), f"dans {_quoted(asked.short)}"
    if not rows:
        return f"{subject} ne {_verb(asked)} pas {_listed(options, 'ni')} {where}, sur {_noun(rule, len(known))}"
    names = f" ({_listed((asked.row_labels[row] for row in rows), 'et')})" if len(rows) <= NAMED_ROWS else ""
    counted = f"{_noun(rule, len(rows))} sur {len(known)}{names}"
    return f"{subject} {_verb(asked)} {_listed(options, 'ou')} {where} pour {counted}"


def _given(
    edition: Edition, territory: Territory, asked: Question, row: str, options: Iterable[str]
) -> list[str]:  # fmt: skip
    """Return the options that a published territory gives, or the codes that say why none is known."""
    place = f"{asked.id}/{row}" if row else asked.id
    if asked.kind not in _SEVERAL_ANSWERS:
        return [status(edition, place).get(territory.code, UNANSWERED)]
    told = {
        code: status(edition, f"{place}/{code}").get(territory.code, UNANSWERED)
        for code in options
        if code in asked.labels
    }
    return [code if answer == TICKED else answer for code, answer in told.items()]


def _noun(rule: Answered, rows: int) -> str:
    return f"{rows} {rule.called}s" if rows > 1 else f"{rows} {rule.called}"


def _subject(territory: Territory) -> str:
    """Return the name of a territory as the subject of a sentence, with an article where it needs one."""
    if territory.type == "departement":
        return f"le département ({territory.nom})"
    return f"la {territory.nom}" if territory.nom.startswith(("CC ", "CA ", "CU ")) else territory.nom


# What its peers say.


def _peers_clause(edition: Edition, territory: Territory, rule: PeersSay, fewest: int) -> str:
    asked = _asked(edition, rule.question, rule.options)
    if asked is None or bool(rule.row) != bool(asked.rows) or (rule.row and rule.row not in asked.row_labels):
        return ""
    if asked.unit == TERRITORIES and _answers(edition, territory, asked, rule):
        return ""
    for key, (name, selection) in peer_groups(edition, territory).items():
        if _people(edition, selection) < fewest:
            continue
        figure = _figure(edition, rule.question, rule.options, rule.row, selection)
        if figure.base >= fewest:
            # The closest group that is large enough, and no other: one is not sought until it says so.
            return (
                _figure_words(edition, territory, rule, asked, figure, key, name) if figure.share >= rule.share else ""
            )
    return ""


def _answers(edition: Edition, territory: Territory, asked: Question, rule: PeersSay) -> bool:
    """Return whether the territory is published and answered the question itself, whatever it says."""
    return territory.published and UNANSWERED not in _given(edition, territory, asked, rule.row, rule.options)


@once_per_edition
def _people(edition: Edition, selection: Selection) -> int:
    """Return how many respondents a group has, which no base of its figures exceeds: costs less than a figure."""
    return int(selection.mask(edition.respondents).sum())


@once_per_edition
def _figure(edition: Edition, question: str, options: tuple[str, ...], row: str, selection: Selection) -> _Figure:
    # That of `shares.reached`, without its index: twelve figures are made for one territory.
    asked = edition.codebook[question]
    answers = read_answers(edition, asked).only(row)
    measured = tabulate(edition, answers, selection, asked.unit, None, None, options).iloc[0]
    return _Figure(float(measured["count"]), int(measured["base"]), float(measured["share"]))


def _figure_words(
    edition: Edition, territory: Territory, rule: PeersSay, asked: Question, figure: _Figure, key: str, name: str
) -> str:  # fmt: skip
    peers = _peers(edition, territory, key, name)
    whom = f"des {peers} qui ont répondu" if asked.unit == TERRITORIES else f"des répondants des {peers}"
    several = asked.kind in _SEVERAL_ANSWERS
    said = _listed(_labels(asked, rule.options), "ou")
    what = rule.cited_as if several and rule.cited_as else _to(asked)
    row = f" pour {_quoted(asked.row_labels[rule.row])}" if rule.row else ""
    out_of = f"{_number(figure.count)} sur {_number(figure.base)}"
    mark = f", {SIMULATED}" if edition.simulated else ""
    verb = "citent" if several else "disent" if asked.unit == TERRITORIES else "répondent"
    return f"{_percent(figure)} {whom} {verb} {said} {what}{row} ({out_of}{mark})"


def _peers(edition: Edition, territory: Territory, key: str, name: str) -> str:
    """Return the name of a group of peers after « des »: « communes de 1 000 à 3 499 habitants »."""
    group, _, place = name.partition(f"{NARROW}: ")
    if territory.type not in PLURALS:
        types: Mapping[str, str] = choices(edition, "type")
        group = f"structures du type {_quoted(types.get(territory.type, territory.type))}"
    elif not group[1:2].isupper():
        group = group[:1].lower() + group[1:]
    if group.endswith(" hab."):
        group = f"{group.removesuffix('hab.')}habitants"
    if not place:
        return group
    return f"{group} du département {place}" if key == "departement" else f"{group} de la région {place}"


# Words.


def _asked(edition: Edition, question: str, options: Iterable[str]) -> Question | None:
    """Return the question if the edition put it with all these options."""
    if question not in edition.codebook:
        return None
    put = edition.codebook[question]
    return put if set(options) <= set(put.labels) and put.kind != "text" else None


def _labels(asked: Question, options: Iterable[str]) -> list[str]:
    return [asked.labels[code] for code in options if code in asked.labels]


def _verb(asked: Question) -> str:
    return "cite" if asked.kind in _SEVERAL_ANSWERS else "répond"


def _to(asked: Question) -> str:
    """Return « à » or « en réponse à », as the verb asks, and the question."""
    return f"{'en réponse à' if asked.kind in _SEVERAL_ANSWERS else 'à'} {_quoted(asked.text)}"


def _quoted(text: str) -> str:
    return f"«{NARROW}{text}{NARROW}»"


def _listed(texts: Iterable[str], last: str) -> str:
    *others, final = (_quoted(text) for text in texts)
    return f"{', '.join(others)} {last} {final}" if others else final


def _number(value: float) -> str:
    return f"{value:,.0f}".replace(",", NARROW)


def _percent(figure: _Figure) -> str:
    """Return the share as every figure is written: a decimal from 1,000 answers on, no part rounded to all or none."""
    digits = 1 if figure.base >= 1000 else 0
    written = f"{100 * figure.share:.{digits}f}"
    if float(written) == 100 and figure.share < 1:
        written = f">{NARROW}{100 - 10**-digits:.{digits}f}"
    elif float(written) == 0 and figure.share > 0:
        written = f"<{NARROW}{10**-digits:.{digits}f}"
    return f"{written}{NARROW}%".replace(".", ",")
