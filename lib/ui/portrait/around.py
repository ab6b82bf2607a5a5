"""What the intercommunalité of a territory says, what its communes say, whether they agree, and who its neighbours are.

Agreement is counted by `lib.analysis.portrait` on territories that may be named; neighbours share a border.
"""

import pandas as pd
import streamlit as st

from lib.analysis.engagement import stages
from lib.analysis.portrait import Around, agreement, around
from lib.analysis.territories import SILENT, Territory, describe
from lib.display import stages as shown
from lib.display.formats import NARROW, closed, counted, number, plain, quoted
from lib.display.naming import begun, called, of
from lib.survey.edition import Edition
from lib.survey.engagement import load_rule
from lib.territory.neighbourhood import neighbours
from lib.territory.reference import load_reference
from lib.ui import links, origin

LISTED = 9
"""Territories listed by name; more would push the page down."""
ACROSS = 3
NOUNS = {
    "commune": ("commune", "communes"),
    "epci": ("intercommunalité", "intercommunalités"),
    "departement": ("département", "départements"),
}


def draw(edition: Edition, territory: Territory) -> None:
    """Draw the section: agreement with the whole it belongs with, its members, its neighbours."""
    beside = around(edition, territory)
    # Those of today: in the year of an earlier edition, some may not have existed.
    known = load_reference(edition.millesime).index
    codes = [code for code in neighbours(territory.code) if code in known]
    if beside.whole is not None:
        _agreement(edition, territory, beside)
        _members(edition, territory, beside, codes)
    for each in beside.wider:
        links.portrait(edition, each.code, f"Son périmètre plus large\u202f: {each.nom}", icon=":material/hub:")
    if codes:
        _neighbours(edition, territory, codes)


def _agreement(edition: Edition, territory: Territory, beside: Around) -> None:
    whole = beside.whole
    assert whole is not None
    facts = agreement(edition, territory, beside)
    mark = _mark(edition)
    if facts.empty:
        other = "n’a pas répondu" if whole.standing == SILENT else "a répondu, sans publication"
        if whole.code != territory.code:
            named = begun(called(whole.nom, whole.type))
            st.markdown(plain(f"{named}{mark}, son intercommunalité, {other}{NARROW}: rien à rapprocher."))
        return
    known = facts.dropna(subset=["alike"])
    if len(known):
        same = int(known["alike"].sum())
        st.markdown(plain(
            f"{begun(called(territory.nom, territory.type))} et {called(whole.nom, whole.type)}{mark} donnent la même "
            f"réponse sur {number(same)} sujets sur {number(len(known))}."
        ))  # fmt: skip
    elif whole.code != territory.code and not whole.published:
        other = "n’a pas répondu" if whole.standing == SILENT else "a répondu, sans publication"
        st.markdown(plain(f"{begun(called(whole.nom, whole.type))}{mark}, son intercommunalité, {other}."))
    compared = int(facts["compared"].max())
    table = pd.DataFrame({"Sujet": facts["topic"]})
    if facts["own"].notna().any():
        table[territory.nom] = facts["own"]
    if facts["whole"].notna().any():
        table[whole.nom] = facts["whole"]
        members = "communes publiées" if whole.type == "epci" else "intercommunalités publiées"
        if compared:
            table[f"Même réponse parmi ses {members}"] = [
                f"{number(row.same)} sur {number(row.compared)}" if row.compared else "–"  # type: ignore[arg-type]
                for row in facts.itertuples()
            ]
    with st.expander(f"Sujet par sujet{NARROW}: qui dit quoi", expanded=whole.code == territory.code):
        st.dataframe(table, hide_index=True, height="content", alt=f"Tableau{NARROW}: réponses rapprochées, par sujet")
        counted_out = (
            f"{quoted('Ne sait pas')}, réponses divergentes et silences ne sont pas comptés." if compared else ""
        )
        st.caption(" ".join(closed(part) for part in (origin.mark(edition), counted_out) if part))


def _members(edition: Edition, territory: Territory, beside: Around, bordering: list[str]) -> None:
    whole = beside.whole
    assert whole is not None
    singular, plural = NOUNS["commune"] if whole.type == "epci" else NOUNS["epci"]
    answered = counted(len(beside.members), f"{singular} a répondu", f"{plural} ont répondu")
    st.markdown(f"**{plain(whole.nom)}**{_mark(edition)}{NARROW}: {answered} sur {number(beside.existing)}.")
    if whole.code != territory.code:
        links.portrait(edition, whole.code, f"Portrait {of(whole.nom, whole.type)}", icon=":material/arrow_upward:")
    # Those that share a border are named below.
    others = [member.code for member in beside.members if member.code not in (territory.code, *bordering)]
    _list(edition, others, whole)


def _neighbours(edition: Edition, territory: Territory, codes: list[str]) -> None:
    singular, plural = NOUNS[territory.type]
    bordering = counted(len(codes), f"{singular} limitrophe", f"{plural} limitrophes")
    st.markdown(f"**Autour**{_mark(edition)}{NARROW}: {bordering}.")
    _list(edition, codes, territory)


def _mark(edition: Edition) -> str:
    return f" ({origin.mark(edition).lower()})" if edition.simulated else ""


def _list(edition: Edition, codes: list[str], place: Territory) -> None:
    """Draw territories as links to their portraits, with what may be said of their stage; those that answered first.

    Those that are too many to be named are on the map of the `place`.
    """
    named, labels = stages(edition), shown.labels(load_rule())
    ordered = sorted(codes, key=lambda code: code not in named.index)
    columns = st.columns(ACROSS, gap="small")
    for number_of, code in enumerate(ordered[:LISTED]):
        said = labels[named[code]] if code in named.index else labels["sans-reponse"]
        nom = describe(edition, code).nom
        with columns[number_of % ACROSS]:
            links.portrait(edition, code, f"{nom} – {said}")
    if len(ordered) > LISTED:
        level = describe(edition, ordered[0]).type
        links.link(
            "engagement", edition, f"Et {counted(len(ordered) - LISTED, 'autre')}, sur la carte", icon=":material/map:",
            niveau=level, departement=list(place.departements),
        )  # fmt: skip
