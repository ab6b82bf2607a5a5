"""Match the name and code a respondent declared to the official code of a territory of a year, or say why not.
What a name may mean comes from `lib.territory.gazetteer`; a contradiction or a doubt is reported, never settled."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd
from rapidfuzz import fuzz, process

from lib.territory.choosing import Match
from lib.territory.deciding import OFFICIAL, decide, decide_literally, decide_without_type
from lib.territory.gazetteer import load_gazetteer
from lib.territory.naming import core_key, slug, strict_key, take_apart
from lib.territory.places import load_places, located
from lib.territory.reference import current_codes, load_reference, load_region
from lib.territory.wording import DEPARTEMENTS, said_type

BY_PERIMETER = ("pays", "syndicat", "autre")
# Suggestions: how many names are looked at, how near they must be (of 100), how near is one that holds all the words,
# and how much nearer one that is where the declaration says.
_NEAREST = 40
_FARTHEST = 55
_WHOLE = 110
_WHERE_IT_IS = 15
_PERIMETER_CODES = tuple(f"{type}:" for type in BY_PERIMETER)

# What may stand between two members of a perimeter, and inside the name of one: « Castillon/Pujols ».
_BETWEEN = re.compile(r"(\s*[;\n|•]\s*|\s*,\s*|\s*/\s*|\s+-\s+|\s+et\s+)")
# A name is not cut into more pieces than this, the separators counted.
LONGEST_MEMBER = 7
_WEAK = re.compile(r"\s*/\s*|\s+-\s+|\s+et\s+")


OUTCOMES = {
    "matched": "reconnu",
    "former": "ancienne commune",
    "ambiguous": "ambigu",
    "none": "non reconnu",
    "perimeter": "hors code officiel",
}


def alias_key(type: str | None, declared: str | None) -> str:
    """Return the key under which a person's choice is remembered: the type, and the name however it is written.

    Case, accents, hyphens and « St » for « Saint » make no difference; a missing type or name counts as empty.
    """
    return f"{_text(type)}|{strict_key(_text(declared))}"


def outcome(method: str) -> str:
    """Return what a method means for who repairs: one of the keys of `OUTCOMES`."""
    if method in ("former", "ambiguous", "none", "perimeter"):
        return method
    return "matched"


def match(declared: pd.DataFrame, millesime: int | None = None, aliases: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the territory of each respondent, how it was found, and what to choose from when it was not.

    Parameters
    ----------
    declared
        Index respondent; columns `type` (commune, epci, departement, pays, syndicat, autre), `nom`, `code`,
        `membres` (EPCI covered by a pays or a syndicat), as typed or missing. A type matches itself only: where the
        name says another (« CC du Bazadais » by who ticked commune) nothing matches, and what it names is a
        candidate. A missing type is read in the words of the name, or is that of the only territory it may mean.
    millesime
        Year of the COG whose territories are meant; that of today by default.
    aliases
        What people chose before: columns `type`, `declared` (compared by `alias_key`), `code`; read before the rules,
        unless a code beside the name designates a territory that the name may mean. A code that is not in the list of
        the year leads to the commune it became, or is not read; an identifier such as `pays:perigord-vert` is kept.

    Returns
    -------
    DataFrame
        Same index; columns

        - `territory`: official code; for a pays, a syndicat or another structure a stable identifier made of its
          name (`pays:perigord-vert`); missing if the method is `ambiguous` or `none`;
        - `method`: `code` (a valid code, that the name does not contradict), `exact` (name of the year), `alias`
          (acronym, current name, or a part of the name that is enough), `former` (name or code of a commune that
          merged or changed its name), `correction` (a typing error, one name only being near), `memorise` (chosen by
          a person, from `aliases`), `perimeter` (structure without an official code), `ambiguous` (several
          territories may be meant, or name, code and postal code contradict each other), `none`;
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
    chosen = _chosen(aliases, year)
    matches = {row: _match_one(row, year, chosen) for row in dict.fromkeys(rows)}
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


def _match_one(declared: tuple[str, ...], year: int, chosen: dict[str, str]) -> Match:
    type, name, code, members = declared
    found = _match_without_aliases(type, name, code, members, year)
    alias = chosen.get(alias_key(type, name)) if strict_key(name) else None
    if alias is None or (code and found.territory and found.method != "perimeter"):
        # A code that goes with the name says more than what was once chosen for the name alone.
        return found
    return found._replace(territory=alias, method="memorise", candidates=(alias,))


def _match_without_aliases(type: str, name: str, code: str, members: str, year: int) -> Match:
    if type in OFFICIAL:
        return decide(type, name, code, year)
    if type in BY_PERIMETER:
        return _match_perimeter(type, name, code, members, year)
    return decide_without_type(name, code, year) if not type else Match()


def _chosen(aliases: pd.DataFrame | None, year: int) -> dict[str, str]:
    """Return the code of the year that a person chose, by key; what does not exist that year is left out."""
    if aliases is None or aliases.empty:
        return {}
    places = load_places(year)
    former = load_gazetteer("commune", year).former_codes
    today = current_codes(aliases["code"]) if year == load_region().millesime else aliases["code"]
    chosen: dict[str, str] = {}
    for type, declared, code, now in zip(aliases["type"], aliases["declared"], aliases["code"], today, strict=True):
        of_year = next((one for one in (code, former.get(code), now) if one in places), None)
        if of_year is None and isinstance(code, str) and code.startswith(_PERIMETER_CODES):
            of_year = code
        if of_year is not None:
            chosen[alias_key(type, declared)] = of_year
    return chosen


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
        return decide("epci", name, siren[0], year).territory
    if single:
        return decide("epci", text, "", year).territory
    # Typing errors are looked for in one piece at a time only.
    return decide_literally("epci", text, year).territory


def describe_candidates(codes: Iterable[str], millesime: int | None = None) -> pd.DataFrame:
    """Return what a person needs to choose among territories, the most populated first.

    Returns
    -------
    DataFrame
        Columns `code`, `nom`, `type`, `departement` (code of the main one), `population` (Int64); one row for each
        distinct code that is in the list of the year.
    """
    reference = load_reference(millesime)
    listed = [code for code in dict.fromkeys(codes) if code in reference.index]
    described = reference.loc[listed, ["nom", "type", "departement", "population"]].rename_axis("code").reset_index()
    return described.sort_values("population", ascending=False, kind="stable", ignore_index=True)


def suggestions(type: str | None, name: str | None, millesime: int | None = None, limit: int = 5) -> tuple[str, ...]:
    """Return the codes of the territories whose names come closest to a declared one, the closest first.

    It is for a person to choose: they may be far. Those where the postal code or the département beside the
    name says come first. The type is the one the words of the name say, or the one given, or any.

    Parameters
    ----------
    type, name
        As declared; a type that is not official, or none, leaves all types open.
    limit
        How many codes at most.
    """
    year = load_region().millesime if millesime is None else millesime
    declared = take_apart(_text(name), DEPARTEMENTS)
    said = said_type(declared.name) or type
    scores: dict[str, float] = {}
    for one in [said] if said in OFFICIAL else OFFICIAL:
        gazetteer = load_gazetteer(str(one), year)
        written = core_key(declared.name, str(one))
        here = located(str(one), declared.numbers, declared.departement, year)
        hinted = bool(declared.numbers or declared.departement)
        for meanings in (gazetteer.loose, gazetteer.former):
            near = process.extract(
                written, meanings.keys(), scorer=fuzz.WRatio, processor=None, limit=_NEAREST, score_cutoff=_FARTHEST
            )
            for key, score, _ in near if written else ():
                # Of two names that hold the words alike, the one that holds little else is closer.
                closeness = score + fuzz.ratio(written, key) / 10
                for code in meanings[key]:
                    placed = closeness + (_WHERE_IT_IS if hinted and code in here else 0)
                    scores[code] = max(placed, scores.get(code, 0))
        for code in gazetteer.parts.get(written, ()):
            # It holds all the words, in this order: the most populated is the likeliest.
            scores[code] = _WHOLE + (_WHERE_IT_IS if hinted and code in here else 0)
    places = load_places(year)
    return tuple(sorted(scores, key=lambda code: (-scores[code], -places[code].population, code))[:limit])
