"""Engagement: the stage of each territory on the map, their distribution, the rule that gives it, its stability."""

from lib.analysis.engagement import stage_shares
from lib.display import stages, statuses
from lib.survey.engagement import load_rule
from lib.ui import blocks, engagement, figures, filters, map_first
from lib.ui.session import current_edition
from lib.ui.status_map import show_stage_map

edition = current_edition()
selection = filters.current_selection(edition)
blocks.heading(edition, selection, "Où en est l’engagement des territoires\u202f?")

rule = load_rule()
engagement.stop_unless(edition, selection, rule)
GROUPS = {"type": "Type de territoire", "taille": "Taille", "departement": "Département"}

blocks.answer(edition, selection, engagement.sentence(stage_shares(edition, selection), rule))
engagement.role_note(selection)

blocks.section("Quel stade, territoire par territoire\u202f?")
with map_first.alone():
    show_stage_map(edition, selection, name="engagement-carte", title="Stade d’engagement")

blocks.section("Comment les stades se répartissent-ils\u202f?")
by = filters.choice("groupe", "Comparer selon", GROUPS, segmented=True)
figures.statuses(
    edition, selection, figures.grouped(edition, stage_shares(edition, selection, by), by), by=by,
    name=f"engagement-par-{by}", unit="territories", colours=statuses.colours(stages.entries(rule)),
    title=f"Stade d’engagement par {GROUPS[by].lower()}",
    reading="dans le groupe {group}, {part} sont au stade {label}.",
)  # fmt: skip

blocks.section("Comment le stade est-il calculé\u202f?")
engagement.rule_tables(edition, rule)

blocks.section("Et si les seuils bougeaient\u202f?")
engagement.stability_section(edition, rule)
