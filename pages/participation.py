"""Participation: who answered, against who exists, by type, size and département, and on the map."""

from lib.analysis.coverage import coverage
from lib.ui import blocks, filters, turnout
from lib.ui.session import current_edition
from lib.ui.status_map import show_coverage_map

edition = current_edition()
selection = filters.current_selection(edition)
blocks.heading(edition, selection, "Qui a répondu ?")

LEVELS = {"epci": "Intercommunalités", "commune": "Communes"}
types = coverage(edition, selection)
blocks.answer(edition, selection, turnout.sentence(types))

blocks.section("Combien de territoires, et quelle part de la région ?")
turnout.type_table(edition, selection, types)

blocks.section("Où sont les réponses ?")
show_coverage_map(edition, selection, name="participation-carte", title="Participation")

blocks.section("Quelles tailles de territoires ont répondu ?")
turnout.rates(
    edition, selection, coverage(edition, selection, by="taille"), by="taille", name="participation-par-taille",
    title="Part des territoires qui ont répondu, par taille",
)  # fmt: skip

blocks.section("Quels départements ont répondu ?")
level = filters.choice("participation", "Type de territoire", LEVELS, segmented=True)
turnout.rates(
    edition, selection, coverage(edition, selection, by="departement"), by="departement", types=(level,),
    name=f"participation-par-departement-{level}",
    title=f"Part des territoires qui ont répondu, par département\u202f: {LEVELS[level].lower()}",
)  # fmt: skip

blocks.section("Qui répond pour son territoire ?")
turnout.roles(edition, selection)
