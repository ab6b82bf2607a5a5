"""Stratégies: the status map, its distribution by type and size, the two conditions, the table."""

from lib.analysis.shares import reached, shares
from lib.display import statuses
from lib.display.sentences import answer
from lib.ui import blocks, figures, filters
from lib.ui.session import current_edition
from lib.ui.status_map import show_status_map

edition = current_edition()
selection = filters.current_selection(edition)
blocks.heading(edition, selection, "Où en sont les stratégies numériques ?")

FORMAL = ("formalisee", "mise-en-oeuvre")
GROUPS = {"type": "Type de territoire", "taille": "Taille", "departement": "Département"}
strategy = edition.codebook["strategie"]
listed = statuses.entries(strategy)

said = shares(edition, "strategie", selection, unit="respondents")
none = answer(said.loc["non"], "respondents", "déclarent qu’il n’y a pas de stratégie numérique")
blocks.answer(edition, selection, none)

blocks.section("Quel statut, territoire par territoire ?")
show_status_map(edition, selection, "strategie", name="strategies-carte", title="Stratégie numérique")

blocks.section("Comment les statuts se répartissent-ils ?")
by = filters.choice("groupe", "Comparer selon", GROUPS, segmented=True)
figures.statuses(
    edition, selection, figures.grouped(edition, shares(edition, "strategie", selection, by=by), by),
    name=f"strategies-par-{by}", unit="territories", colours=statuses.colours(listed),
    title=f"Statut de la stratégie par {GROUPS[by].lower()}",
    reading="dans le groupe {group}, {part} répondent {label}.",
)  # fmt: skip
figures.dots(
    edition, selection, figures.by_group(edition, reached(edition, "strategie", FORMAL, selection, by=by), by),
    name=f"strategies-formalisees-par-{by}", unit="territories",
    overall=reached(edition, "strategie", FORMAL, selection)["share"].iloc[0],
    title="Territoires dont la stratégie est formalisée ou mise en œuvre",
    reading="dans le groupe {label}, {part} ont une stratégie formalisée ou mise en œuvre. Tireté\u202f: ensemble "
    "de la sélection.",
)  # fmt: skip

blocks.section("Que déclarent les répondants ?")
figures.bars(
    edition, selection, said, name="strategies-repondants", unit="respondents", colours=statuses.colours(listed),
    title="Existe-t-il une stratégie numérique sur votre territoire\u202f?",
    reading="{part} répondent {label}.",
)  # fmt: skip
