"""Atelier: a prepared sequence of views, presented full screen, taken away as a document, as slides, as numbers."""

from lib.ui import blocks, filters
from lib.ui.atelier import home
from lib.ui.session import current_edition

edition = current_edition()
selection = filters.current_selection(edition)
blocks.heading(edition, selection, "Que montrer en atelier\u202f?")

sequence = home.chosen()
home.summary(edition, selection, sequence)
home.launch(edition, sequence)

blocks.section("Que voit la salle, écran par écran\u202f?")
home.steps(edition, sequence)

blocks.section("Comment s’en servir\u202f?")
home.instructions(sequence)
home.preparation(sequence)
