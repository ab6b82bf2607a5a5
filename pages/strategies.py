"""Stratégies: the status map, its distribution by type and size, the two conditions, the table."""

from lib.analysis.shares import reached, shares
from lib.display import statuses
from lib.display.sentences import answer
from lib.survey.published import load_published
from lib.ui import asked, associations, benchmarks, blocks, figures, filters, map_first
from lib.ui.session import current_edition
from lib.ui.status_map import show_status_map

edition = current_edition()
selection = filters.current_selection(edition)
blocks.heading(edition, selection, "Où en sont les stratégies numériques\u202f?")

FORMAL = ("formalisee", "mise-en-oeuvre")
asked.stop_unless(edition, selection, {"strategie": (*FORMAL, "non")})
GROUPS = {"type": "Type de territoire", "taille": "Taille", "departement": "Département"}
EFFECT_GROUPS = {"type": "Par type de territoire", "taille": "Par taille"}
strategy = edition.codebook["strategie"]
listed = statuses.entries(strategy)

said = shares(edition, "strategie", selection, unit="respondents")
none = answer(said.loc["non"], "respondents", "déclarent qu’il n’y a pas de stratégie numérique")
blocks.answer(edition, selection, none)

blocks.section("Quel statut, territoire par territoire\u202f?")
with map_first.alone():
    show_status_map(edition, selection, "strategie", name="strategies-carte", title="Stratégie numérique")

blocks.section("Comment les statuts se répartissent-ils\u202f?")
by = filters.choice("groupe", "Comparer selon", GROUPS, segmented=True)
unit = filters.unit_choice(strategy)
spread = shares(edition, "strategie", selection, unit, by)
figures.statuses(
    edition, selection, figures.grouped(edition, spread, by), by=by,
    name=f"strategies-par-{by}", unit=unit, colours=statuses.colours(listed),
    title=f"Statut de la stratégie par {GROUPS[by].lower()}",
    reading="dans le groupe {group}, {part} répondent {label}.",
)  # fmt: skip
overall = figures.overall(reached(edition, "strategie", FORMAL, selection, unit), selection, unit)
figures.dots(
    edition, selection, figures.by_group(edition, reached(edition, "strategie", FORMAL, selection, unit, by), by),
    by=by, name=f"strategies-formalisees-par-{by}", unit=unit, overall=overall,
    title=f"Stratégie formalisée ou mise en œuvre, par {GROUPS[by].lower()}",
    reading="dans le groupe {label}, {part} ont une stratégie formalisée ou mise en œuvre."
    + (" Tireté\u202f: ensemble de la sélection." if overall == overall else ""),
)  # fmt: skip

blocks.section("Que déclarent les répondants\u202f?")
figures.bars(
    edition, selection, said, name="strategies-repondants", unit="respondents", colours=statuses.colours(listed),
    title="Existe-t-il une stratégie numérique sur votre territoire\u202f?",
    reading="{part} répondent {label}.",
)  # fmt: skip

benchmarks.line("strategies", "strategie")

published = load_published()
crossed = asked.conditions(edition, published)
if crossed:
    blocks.section("Qu’est-ce qui va de pair avec une stratégie formalisée\u202f?")
    associations.published_words(edition, published)
    whole = associations.condition_groups(edition, selection, crossed)
    compared = filters.choice("condition", "Condition", associations.condition_names(crossed), segmented=True)
    effects_by = filters.choice("ecart", "Comparer l’écart", EFFECT_GROUPS, segmented=True)
    associations.effects_by_group(
        edition, selection, crossed, whole, code=compared, by=effects_by,
        by_words=EFFECT_GROUPS[effects_by].lower(),
    )  # fmt: skip
