"""Match the name and code a respondent declared to the official code of a territory of a year, or say why not.
What a name may mean comes from `lib.territory.gazetteer`; a contradiction or a doubt is reported, never settled."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple, cast

import pandas as pd

from lib.territory.gazetteer import (
    communes_of_postal_code,
    correction,
    load_gazetteer,
    readings,
    recent_namesakes,
)
from lib.territory.naming import Declared, core_key, slug, strict_key, take_apart
from lib.territory.reference import load_reference, load_region

OFFICIAL = ("commune", "epci", "departement")
BY_PERIMETER = ("pays", "syndicat", "autre")

# What may stand between two members of a perimeter, and inside the name of one: « Castillon/Pujols ».
_BETWEEN = re.compile(r"(\s*[;\n|•]\s*|\s*,\s*|\s*/\s*|\s+-\s+|\s+et\s+)")
# A name is not cut into more pieces than this, the separators counted.
LONGEST_MEMBER = 7
_WEAK = re.compile(r"\s*/\s*|\s+-\s+|\s+et\s+")


class Match(NamedTuple):
    """One row of what `match` returns, in the order of its columns."""

    territory: str | None = None
    method: str = "none"
    candidates: tuple[str, ...] = ()
    membres: tuple[str, ...] = ()
    membres_inconnus: tuple[str, ...] = ()


def match(declared: pd.DataFrame, millesime: int | None = None) -> pd.DataFrame:
    """Return the territory of each respondent, how it was found, and what to choose from when it was not.

    Parameters
    ----------
    declared
        Index respondent; columns `type` (commune, epci, departement, pays, syndicat, autre), `nom`, `code`,
        `membres` (EPCI covered by a pays or a syndicat), as typed or missing. A type matches itself only.
    millesime
        Year of the COG whose territories are meant; that of today by default.

    Returns
    -------
    DataFrame
        Same index; columns

        - `territory`: official code; for a pays, a syndicat or another structure a stable identifier made of its
          name (`pays:perigord-vert`); missing if the method is `ambiguous` or `none`;
        - `method`: `code` (a valid code, that the name does not contradict), `exact` (name of the year), `alias`
          (acronym or current name), `former` (name or code of a commune that merged or changed its name),
          `correction` (a typing error, one name only being near), `perimeter` (structure without an official code),
          `ambiguous` (several territories of that name, or name, code and postal code that contradict each other),
          `none`;
        - `candidates`: tuple of codes: the territory; if ambiguous all that it may be; if none those that come near;
        - `membres`: tuple of codes of EPCI recognised in the declared members;
        - `membres_inconnus`: tuple of declared members that were not.

    Raises
    ------
    KeyError
        A column is missing.
    ValueError
        No list of territories is built for this year.
    """
    year = load_region().millesime if millesime is None else millesime
    rows = list(zip(*(declared[name].map(_text) for name in ("type", "nom", "code", "membres")), strict=True))
    matches = {row: _match_one(row, year) for row in dict.fromkeys(rows)}
    found = [matches[row] for row in rows]
    return pd.DataFrame(
        {
            "territory": pd.Series([one.territory for one in found], index=declared.index, dtype="str"),
            "method": pd.Series([one.method for one in found], index=declared.index, dtype="str"),
            "candidates": pd.Series([one.candidates for one in found], index=declared.index, dtype=object),
            "membres": pd.Series([one.membres for one in found], index=declared.index, dtype=object),
            "membres_inconnus": pd.Series([one.membres_inconnus for one in found], index=declared.index, dtype=object),
        },
        index=declared.index,
    )


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _match_one(declared: tuple[str, ...], year: int) -> Match:
    type, name, code, members = declared
    if type in OFFICIAL:
        return _match_official(type, name, code, year)
    if type in BY_PERIMETER:
        return _match_perimeter(type, name, code, members, year)
    return Match()


def _match_perimeter(type: str, name: str, code: str, members: str, year: int) -> Match:
    known, unknown = _recognise_members(members, year)
    siren = re.sub(r"\D", "", code)[:9]
    identifier = slug(name, type) or (siren if len(siren) == 9 else "")
    if not identifier:
        return Match(membres=known, membres_inconnus=unknown)
    territory = f"{type}:{identifier}"
    return Match(territory, "perimeter", (territory,), known, unknown)


def _recognise_members(text: str, year: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the EPCI named in a text, and what was not recognised; a separator may be part of a name."""
    # Names stand at even places, what separates them at odd ones.
    parts = _BETWEEN.split(text)
    known: dict[str, None] = {}
    unknown: list[str] = []
    first, last_unknown = 0, -2
    while first < len(parts):
        for last in range(min(first + LONGEST_MEMBER, len(parts)) - 1, first - 1, -2):
            member = "".join(parts[first : last + 1]).strip()
            if epci := _member(member, year, single=last == first):
                known[epci] = None
                break
        else:
            last = first
            # « et » between two unknown pieces does not say whether they are one name or two: they stay together.
            if last_unknown == first - 2 and first and _WEAK.fullmatch(parts[first - 1]):
                unknown[-1] += parts[first - 1] + parts[first]
            elif parts[first].strip():
                unknown.append(parts[first].strip())
            last_unknown = first if parts[first].strip() else -2
        first = last + 2
    return tuple(known), tuple(unknown)


def _member(text: str, year: int, single: bool) -> str | None:
    siren = re.search(r"(?<!\d)\d{3}\s?\d{3}\s?\d{3}(?!\d)", text)
    if single and siren:
        name = text.replace(siren[0], " ").strip(" -–()")
        return _match_official("epci", name, siren[0], year).territory
    if single:
        return _match_official("epci", text, "", year).territory
    # Typing errors are looked for in one piece at a time only.
    return _from_name("epci", take_apart(text, _departements(year)), (), year, corrected=False).territory


def _match_official(type: str, name: str, code: str, year: int) -> Match:
    declared = take_apart(name, _departements(year))
    if type == "departement" and declared.departement and not core_key(declared.name, type):
        declared = Declared(declared.departement, (), None)
    digits = re.sub(r"[^0-9A-Za-z]", "", code).upper()
    by_code, method = _from_code(type, digits, year)
    if by_code is None:
        # Many respondents write their postal code where the INSEE code is asked for.
        numbers = declared.numbers + ((digits,) if re.fullmatch(r"\d{5}", digits) else ())
        return _from_name(type, declared, numbers, year)
    said = readings(declared.name, type, year)
    if not said and (near := correction(declared.name, type, year, None)[0]):
        said = [("correction", frozenset({near}))]
    meant = {one: how for how, codes in reversed(said) for one in codes}
    of_postal_code = communes_of_postal_code(digits, year) if type == "commune" else frozenset()
    if not _agrees(by_code, declared.numbers, declared.departement, year):
        return _ambiguous({by_code, *meant})
    if by_code in meant:
        return Match(by_code, method, (by_code,))
    if meant:
        located = of_postal_code.intersection(meant)
        if len(located) == 1:
            (territory,) = located
            return Match(territory, meant[territory], (territory,))
        return _ambiguous({by_code, *meant})
    if of_postal_code and by_code not in of_postal_code:
        return _ambiguous({by_code, *of_postal_code})
    return Match(by_code, method, (by_code,))


def _from_name(type: str, declared: Declared, numbers: tuple[str, ...], year: int, corrected: bool = True) -> Match:
    """Read a name with the help of the postal code or département beside it, the most literal reading first."""
    contradicted: set[str] = set()
    for method, codes in readings(declared.name, type, year):
        possible = codes | recent_namesakes(declared.name, type, year) if method == "exact" else codes
        kept = {code for code in possible if _agrees(code, numbers, declared.departement, year)}
        if len(kept) > 1 and numbers:
            kept = {code for code in kept if _has_number(code, numbers, year)} or kept
        if len(kept) == 1:
            (territory,) = kept
            return Match(territory, method if territory in codes else "former", (territory,))
        if kept:
            return _ambiguous(kept)
        contradicted |= possible
    if contradicted:
        return _ambiguous(contradicted)
    if not corrected:
        return Match()
    allowed = None
    if numbers or declared.departement:
        territories = load_gazetteer(type, year).codes.values()
        allowed = frozenset(code for code in territories if _agrees(code, numbers, declared.departement, year))
    found, near = correction(declared.name, type, year, allowed)
    return Match(found, "correction" if found else "none", tuple(sorted(near)))


def _from_code(type: str, digits: str, year: int) -> tuple[str | None, str]:
    """Return the territory a code designates and the method, (None, "none") if it is not a code of this type."""
    gazetteer = load_gazetteer(type, year)
    # A spreadsheet loses the zero a code begins with; an establishment's number begins with the SIREN.
    written = [digits, digits.zfill(5)] if type == "commune" and len(digits) == 4 else [digits]
    if len(digits) == 14:
        written.append(digits[:9])
    if type == "departement":
        written.append(digits.lstrip("D0"))
    for one in written:
        if one in gazetteer.codes:
            return gazetteer.codes[one], "code"
        if one in gazetteer.former_codes:
            return gazetteer.former_codes[one], "former"
    return None, "none"


def _agrees(code: str, numbers: tuple[str, ...], departement: str | None, year: int) -> bool:
    """Tell whether a territory is where a postal code, an INSEE code or a département beside its name says it is."""
    if load_reference(year).at[code, "partiel"]:
        # Its seat, and so its postal code, may be outside the region.
        return True
    departements = cast(tuple[str, ...], load_reference(year).at[code, "departements"])
    if departement and departement not in departements:
        return False
    return all(number.startswith(departements) or _has_number(code, (number,), year) for number in numbers)


def _has_number(code: str, numbers: tuple[str, ...], year: int) -> bool:
    served = cast(tuple[str, ...], load_reference(year).at[code, "codes_postaux"])
    return any(number == code or number in served for number in numbers)


@cache
def _departements(year: int) -> dict[str, str]:
    reference = load_reference(year)
    names = reference.loc[reference["type"] == "departement", "nom"]
    return {strict_key(nom): str(code) for code, nom in names.items()}


def _ambiguous(codes: Iterable[str]) -> Match:
    return Match(None, "ambiguous", tuple(sorted(codes)))
