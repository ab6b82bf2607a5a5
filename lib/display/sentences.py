"""Sentences made from a row of figures, so that every figure is said in French with its base and its margin.

They are built from labels of the codebook and of the reference list, never from what a respondent typed.
"""

import pandas as pd

from lib.display.formats import MASKED, MASKED_WHY, NARROW, closed, counted, margin, number, percent, small_count, words
from lib.display.tables import COUNTS_ONLY

UNITS = {"respondents": ("répondant", "répondants"), "territories": ("territoire", "territoires")}
"""Nouns of the unit of analysis, singular and plural."""


def share_words(row: pd.Series, unit: str = "respondents") -> str:
    """Return « 30 % des répondants (126 sur 420 ; marge indicative de 26 % à 34 %) ».

    Under a base of 10 the share is not said: « 3 répondants sur 7 » ; a base of 0 gives « aucun répondant ». A weighted
    share says its raw counts and that it is weighted.
    """
    singular, plural = UNITS[unit]
    count, base = row["count"], row["base"]
    if base == 0:
        return f"aucun {singular}"
    if row.get("hidden", False):
        return f"un nombre masqué de {plural} ({MASKED}{NARROW}: {MASKED_WHY})"
    if base < COUNTS_ONLY:
        # « moins de 3 répondants » whether they are one or two: the noun must not tell what the count hides.
        noun = singular if count == 0 else plural
        return f"{small_count(count)} {noun} sur {small_count(base)}"
    weighted = ", part pondérée" if row.get("effective_n", 0) > 0 else ""
    return (
        f"{percent(row['share'], base)} des {plural} ({number(count)} sur {number(base)}{weighted}{NARROW}; "
        f"marge indicative {margin(row['low'], row['high'], base)})"
    )


def answer(row: pd.Series, unit: str, declared: str) -> str:
    """Return the sentence of one figure: « 30 % des répondants (…) déclarent qu’il n’y a pas de stratégie ».

    `declared` is what they do, verb first, without a full stop. When nobody answered the question, it says so.
    """
    if row["base"] == 0:
        return f"Aucun {UNITS[unit][0]} de la sélection n’a répondu à cette question."
    said = share_words(row, unit)
    return closed(f"{said[:1].upper()}{said[1:]} {declared}")


def base_words(bases: pd.Series, unit: str = "respondents") -> str:
    """Return « base : 398 répondants », or the range of bases when rows differ: « bases : 310 à 398 répondants »."""
    singular, plural = UNITS[unit]
    known = bases.dropna()
    if known.empty or known.max() == 0:
        return f"base{NARROW}: aucun {singular}"
    if known.max() < COUNTS_ONLY:
        return f"base inférieure à {COUNTS_ONLY} {plural}"
    # Rows under this base are not drawn, and their base may be one that is never written.
    drawn = known[known >= COUNTS_ONLY]
    low, high = int(drawn.min()), int(drawn.max())
    if low == high:
        return f"base{NARROW}: {counted(high, singular, plural)}"
    return f"bases{NARROW}: de {number(low)} à {number(high)} {plural}"


def masked_out(labels: pd.Series) -> str:
    """Return the sentence that names the rows not drawn because they are hidden; empty when there are none."""
    listed = list(dict.fromkeys(labels))
    return closed(f"Masqué ({MASKED_WHY}){NARROW}: {words(listed)}") if listed else ""


def left_out(labels: pd.Series) -> str:
    """Return the sentence that names the rows not drawn because their base is under 10; empty when there are none."""
    listed = list(dict.fromkeys(labels))
    if not listed:
        return ""
    return closed(f"Non représenté, base inférieure à {COUNTS_ONLY}{NARROW}: {words(listed)}")
