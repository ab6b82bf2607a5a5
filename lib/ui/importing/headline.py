"""The few figures by which a manager recognises an edition: how many answered, from where, and what they say first.

They are those of the answers as given, for the team alone: the public figures are on the pages of the preview.
"""

import pandas as pd

from lib.analysis.findings import measures
from lib.analysis.selection import Selection
from lib.analysis.shares import shares
from lib.display.formats import number, percent
from lib.survey.edition import Edition
from lib.survey.published import load_published
from lib.ui import asked

MOST = 5
"""Questions that are told."""
COLUMNS = ["figure", "value"]


def headline(edition: Edition) -> pd.DataFrame:
    """Return the figures of an edition in words.

    Returns
    -------
    DataFrame
        `figure` (what), `value` (in French words): respondents, territories, forms that were sent, then the first
        published findings that the questionnaire asks, or else the first answers of its first questions.
    """
    people = edition.respondents
    n = len(people)
    rows = [
        ("Répondants", number(n)),
        ("Territoires reconnus", number(people["territory"].nunique())),
        ("Réponses sans territoire", number(int(people["territory"].isna().sum()))),
        ("Formulaires envoyés", _share(people["complete"].mean(), n)),
    ]
    return pd.DataFrame([*rows, *(_answers(edition) if n else [])], columns=COLUMNS)


def _share(share: float, base: int) -> str:
    return f"{percent(share, base)} (sur {number(base)})" if base else "–"


def _answers(edition: Edition) -> list[tuple[str, str]]:
    found = asked.findings(edition, load_published())[:MOST]
    if found:
        firsts = [measures(edition, finding, Selection()).iloc[0] for finding in found]
        return [(row["label"][:1].upper() + row["label"][1:], _of(row)) for row in firsts]
    counted = [one for one in edition.codebook.substantive if one.kind in ("single", "scale", "multiple", "ranking")]
    rows = []
    for question in counted[:MOST]:
        table = shares(edition, question.id, unit="respondents")
        if len(table) and table["base"].max() > 0:
            first = table.sort_values("count", ascending=False, kind="stable").iloc[0]
            rows.append((f"{question.short} – {first['label']}", _of(first)))
    return rows


def _of(row: pd.Series) -> str:
    return _share(float(row["share"]), int(row["base"]))


def compared(after: Edition, before: Edition | None) -> pd.DataFrame:
    """Return the figures of an edition beside those of the one it replaces, in French columns."""
    new = _by_figure(headline(after))
    old = {} if before is None else _by_figure(headline(before))
    figures = list(new | old)
    return pd.DataFrame(
        {
            "Chiffre": figures,
            "Aujourd’hui": [old.get(figure, "–") for figure in figures],
            "Après publication": [new.get(figure, "–") for figure in figures],
        }
    )


def _by_figure(figures: pd.DataFrame) -> dict[str, str]:
    return dict(zip(figures["figure"], figures["value"], strict=True))
