"""Méthode: source, questionnaire, matching report, figures and their margins, limits, accessibility, privacy."""

import streamlit as st

from lib.survey.published import load_published
from lib.ui import about, about_intervals, about_portraits, about_protection, about_units, benchmarks, blocks, filters
from lib.ui.session import current_edition

edition = current_edition()
selection = filters.current_selection(edition)
published = load_published()

blocks.title("D’où viennent ces chiffres\u202f?")
blocks.context(edition, selection)
st.markdown(about.source(edition, published))

blocks.section("Comment lire un chiffre\u202f?")
st.markdown(about.READING)

blocks.section("Qu’a-t-on demandé\u202f?")
about.questionnaire(edition, selection)

blocks.section("Qui compte\u202f: répondants ou territoires\u202f?")
about_units.units(edition)

blocks.section("Comment les réponses non publiées sont-elles protégées\u202f?")
about_protection.protection(edition)

blocks.section("Que change la pondération\u202f?")
about_protection.weights(edition)

blocks.section("Les marges tiennent-elles leur promesse\u202f?")
about_intervals.promise()

blocks.section("Comment les portraits des territoires sont-ils faits\u202f?")
about_portraits.portraits(edition)

blocks.section("Comment les réponses sont-elles rattachées aux territoires\u202f?")
about.matching(edition)

blocks.section("Qu’a-t-on trouvé d’anormal dans le fichier\u202f?")
about.issues(edition)

blocks.section("Que disent d’autres enquêtes\u202f?")
benchmarks.table()

blocks.section("Quelles sont les limites\u202f?")
st.markdown(about.limits(published))

blocks.section("Territoires et contours")
st.markdown(about.sources())

blocks.section("Accessibilité, données personnelles, contact")
st.markdown(about.COMMITMENTS)
for contact in published.contacts:
    st.markdown(f"**{contact.name}**\u202f: [{contact.address}]({contact.link})")
