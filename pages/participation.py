"""Participation: who answered, on the map and against who exists, and who is missing, by size and by département."""

from lib.analysis.coverage import coverage
from lib.ui import benchmarks, blocks, filters, map_first, turnout
from lib.ui.session import current_edition
from lib.ui.status_map import show_coverage_map

edition = current_edition()
selection = filters.current_selection(edition)
blocks.heading(edition, selection, "Qui a répondu\u202f?")

# That a territory answered is public; by whom is not, and the map does not say it either.
territories = selection.without_roles()
types = coverage(edition, territories)
blocks.answer(edition, selection, turnout.sentence(types))
turnout.role_note(selection)

blocks.section("Où sont les réponses\u202f?")
with map_first.alone():
    show_coverage_map(edition, selection, name="participation-carte", title="Participation")

blocks.section("Combien de territoires, et quelle part de la région\u202f?")
turnout.type_table(edition, territories, types)
benchmarks.line("participation", "taux")

blocks.section("Quelles tailles de territoires manquent\u202f?")
turnout.missing(
    edition, territories, types, by="taille", name="participation-par-taille",
    title="Part de chaque taille parmi les territoires qui existent et parmi ceux qui ont répondu",
)  # fmt: skip

blocks.section("Quels départements manquent\u202f?")
levels = turnout.levels(selection)
level = filters.choice("participation", "Type de territoire", levels, segmented=True) if levels else ""
turnout.missing(
    edition, territories, types, by="departement", kinds=(level,), name=f"participation-par-departement-{level}",
    title=f"Part de chaque département parmi les {levels.get(level, '').lower()} existantes et celles qui ont répondu",
)  # fmt: skip

blocks.section("Qui répond pour son territoire\u202f?")
turnout.roles(edition, territories)
