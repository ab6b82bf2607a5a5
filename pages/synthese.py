"""Synthèse: each published finding beside what the selection says, the recommendations, the contacts."""

import streamlit as st

from lib.analysis.findings import measures
from lib.survey.published import load_published
from lib.ui import asked, blocks, cards, filters, links
from lib.ui.session import current_edition

edition = current_edition()
selection = filters.current_selection(edition)
published = load_published()

blocks.heading(edition, selection, "Que disent les territoires du numérique\u202f?")
measured = asked.findings(edition, published)
found = {finding.id: measures(edition, finding, selection) for finding in measured}
leading = found.get("strategie", next(iter(found.values()), None))
if leading is None:
    asked.stop_unless(
        edition, selection, {one.question: one.options for known in published.findings for one in known.measures}
    )
blocks.answer(edition, selection, cards.headline(leading.iloc[0]))
links.link(
    "ma-collectivite", edition, "Et chez nous\u202f? Voir le portrait de ma collectivité", icon=":material/location_on:"
)

blocks.section("Les constats publiés, et ce que dit la sélection" if published.quoted else "Ce que dit la sélection")
for row in range(0, len(measured), 3):
    for column, finding in zip(st.columns(3, gap="small"), measured[row : row + 3], strict=False):
        with column:
            cards.finding_card(edition, finding, found[finding.id], filters.link_parameters(edition))
st.caption(f"Constats\u202f: {published.source}. {published.caveat}" if published.quoted else published.caveat)

listed = {finding.title: found[finding.id] for finding in measured}
blocks.data(
    lambda: cards.table(listed), lambda: cards.file(listed),
    "synthese", edition, selection, unit="selon la ligne", label="mesures des constats",
    weighting="selon la ligne" if selection.weighted else "brut",
)  # fmt: skip

if published.recommendations:
    blocks.section("Que recommande la synthèse publiée\u202f?")
    columns = st.columns(len(published.recommendations), gap="medium")
    for column, recommendation in zip(columns, published.recommendations, strict=True):
        with column:
            cards.recommendation_card(recommendation)

blocks.section("Pour aller plus loin")
for column, contact in zip(st.columns(len(published.contacts), gap="medium"), published.contacts, strict=True):
    with column:
        cards.contact_card(contact)
