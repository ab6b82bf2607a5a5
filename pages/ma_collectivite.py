"""Ma collectivité: the portrait of a commune, EPCI, département or pays, whether or not it answered."""

from lib.ui import blocks, menu
from lib.ui.portrait import advice, around, choosing, facts, identity, peers, support
from lib.ui.session import current_edition

edition = current_edition()
territory = choosing.asked(edition)
if territory is None:
    blocks.title("Et chez nous\u202f?")
    choosing.sentence(edition)
    choosing.search_box(edition)
    blocks.section("Ou choisissez sur la carte")
    choosing.on_map(edition)
    menu.end_page()

identity.heading(edition, territory)
identity.answer(edition, territory)
identity.ways_on(edition, territory)
identity.standing(edition, territory)
facts.draw(edition, territory)

blocks.section(peers.question(territory))
group, selection = peers.choose(edition, territory)
peers.positions(edition, territory, group, selection)

headings = {"besoins": "Besoins les plus cités", "freins": "Freins les plus cités"}
blocks.section("De quoi ses pairs ont-ils besoin, et qu’est-ce qui les freine\u202f?")
peers.opinions(edition, group, selection, headings)

blocks.section("Que dit-on autour\u202f?")
around.draw(edition, territory)

support.draw(edition, territory)
advice.draw(edition, territory)
