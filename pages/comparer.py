"""Comparer: two to four territories or groups side by side, topic by topic."""

from lib.analysis.comparison import compare, differences, side_by_side
from lib.ui import blocks
from lib.ui.comparing import choosing, topics
from lib.ui.session import current_edition

edition = current_edition()
blocks.title("Qu’est-ce qui les rapproche, qu’est-ce qui les distingue\u202f?")

asked = choosing.asked(edition)
items = side_by_side(edition, asked)
if not items:
    choosing.nothing()
rows = compare(edition, items)
gaps = differences(edition, items)

topics.answer(edition, items, rows, gaps)
choosing.choose(edition, asked, items)

blocks.section("Que dit chacun, sujet par sujet\u202f?", topics.RULES)
topics.table(edition, items, rows, gaps)
topics.themes(edition, items, rows)
