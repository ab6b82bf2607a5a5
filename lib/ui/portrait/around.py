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
from lib.survey.edition import Edition
from lib.survey.engagement import load_rule
from lib.territory.neighbourhood import neighbours
from lib.territory.reference import load_reference
from lib.ui import blocks, links

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
    if beside.whole is not None:
        _agreement(edition, territory, beside)
        _members(edition, territory, beside)
    for each in beside.wider:
        links.portrait(edition, each.code, f"Son périmètre plus large\u202f: {each.nom}", icon=":material/hub:")
    _neighbours(edition, territory)


def _agreement(edition: Edition, territory: Territory, beside: Around) -> None:
    whole = beside.whole
    assert whole is not None
    facts = agreement(edition, territory, beside)
    mark = " (données simulées)" if edition.simulated else ""
    if facts.empty:
        other = "n’a pas répondu" if whole.standing == SILENT else "a répondu, sans publication"
        if whole.code != territory.code:
            st.markdown(plain(f"{whole.nom}{mark}, son intercommunalité, {other}{NARROW}: rien à rapprocher."))
        return
    known = facts.dropna(subset=["alike"])
    if len(known):
        same = int(known["alike"].sum())
        st.markdown(plain(
            f"{territory.nom} et {whole.nom}{mark} donnent la même réponse sur {number(same)} sujets sur "
            f"{number(len(known))}."
        ))  # fmt: skip
    elif whole.code != territory.code and not whole.published:
        other = "n’a pas répondu" if whole.standing == SILENT else "a répondu, sans publication"
        st.markdown(plain(f"{whole.nom}{mark}, son intercommunalité, {other}."))
    compared = int(facts["compared"].max())
    table = pd.DataFrame({"Sujet": facts["topic"]})
    if facts["own"].notna().any():
        table[territory.nom] = facts["own"]
    if facts["whole"].notna().any():
        table[whole.nom] = facts["whole"]
        members = "communes publiées" if whole.type == "epci" else "membres publiés"
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
        st.caption(" ".join(closed(part) for part in (blocks.mark(edition), counted_out) if part))


def _members(edition: Edition, territory: Territory, beside: Around) -> None:
    whole = beside.whole
    assert whole is not None
    others = [member for member in beside.members if member.code != territory.code]
    nouns = NOUNS["commune"] if whole.type == "epci" else NOUNS["epci"]
    place = plain(whole.nom)
    st.markdown(
        f"**{place}**\u202f: {counted(len(beside.members), f'{nouns[0]} a répondu', f'{nouns[1]} ont répondu')} sur "
        f"{number(beside.existing)}."
    )
    if whole.code != territory.code:
        links.portrait(edition, whole.code, f"Portrait de {whole.nom}", icon=":material/arrow_upward:")
    _list(edition, [member.code for member in others])


def _neighbours(edition: Edition, territory: Territory) -> None:
    # Those of today: in the year of an earlier edition, some may not have existed.
    known = load_reference(edition.millesime).index
    codes = [code for code in neighbours(territory.code) if code in known]
    if not codes:
        return
    singular, plural = NOUNS[territory.type]
    st.markdown(f"**Autour**\u202f: {counted(len(codes), f'{singular} limitrophe', f'{plural} limitrophes')}.")
    _list(edition, codes)


def _list(edition: Edition, codes: list[str]) -> None:
    """Draw territories as links to their portraits, with what may be said of their stage; those that answered first."""
    named, labels = stages(edition), shown.labels(load_rule())
    ordered = sorted(codes, key=lambda code: code not in named.index)
    columns = st.columns(ACROSS, gap="small")
    for place, code in enumerate(ordered[:LISTED]):
        said = labels[named[code]] if code in named.index else labels["sans-reponse"]
        nom = describe(edition, code).nom
        with columns[place % ACROSS]:
            links.portrait(edition, code, f"{nom} – {said}")
    if len(ordered) > LISTED:
        st.caption(f"Et {counted(len(ordered) - LISTED, 'autre')}.")
