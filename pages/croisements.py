"""Croisements: any question by any question or attribute, and whether they go together."""

from lib.ui import blocks, crossing, filters
from lib.ui.session import current_edition

edition = current_edition()
selection = filters.current_selection(edition)
blocks.heading(edition, selection, "Qu’est-ce qui va avec quoi\u202f?")

crossed = crossing.chosen(edition, selection)
blocks.answer(edition, selection, crossing.sentence(edition, crossed))

blocks.section("Quelles réponses vont ensemble\u202f?")
crossing.heat(edition, selection, crossed)

if crossing.readable(crossed):
    blocks.section("Avec quelle marge\u202f?")
    crossing.detail(edition, selection, crossed)
