"""Thématiques: mobilisation, priorities and actions by theme, by group, and the map of any theme."""

from lib.analysis.shares import ranks, reached, shares
from lib.display.formats import quoted
from lib.display.sentences import answer
from lib.ui import asked, benchmarks, blocks, figures, filters
from lib.ui.session import current_edition
from lib.ui.status_map import show_status_map

edition = current_edition()
selection = filters.current_selection(edition)
blocks.heading(edition, selection, "Sur quelles thématiques les territoires se mobilisent-ils\u202f?")

ENGAGED = ("ponctuelles", "structurees")
GROUPS = {"type": "Type de territoire", "taille": "Taille", "departement": "Département", "role": "Rôle du répondant"}
MEASURES = {"mobilisation": "Mobilisation", "priorites": "Priorités"}
asked.stop_unless(edition, selection, {"themes": ENGAGED})
themes = edition.codebook["themes"]

mobilisation = reached(edition, "themes", ENGAGED, selection).sort_values("share", ascending=False, kind="stable")
first, second = mobilisation.iloc[0], mobilisation.iloc[1]
declared = f"agissent sur {quoted(first['label'])}, la thématique la plus répandue, devant {quoted(second['label'])}"
blocks.answer(edition, selection, answer(first, "territories", declared))

blocks.section("Où agit-on le plus\u202f?")
figures.bars(
    edition, selection, mobilisation, name="mobilisation", unit="territories", show_base=True,
    title="Territoires qui mènent des actions, ponctuelles ou structurées, par thématique",
    reading="{part} mènent des actions, ponctuelles ou structurées, sur {label}.",
)  # fmt: skip

if asked.holds(edition, "priorites"):
    blocks.section("Quelles sont les priorités\u202f?")
    priorities = ranks(edition, "priorites", selection).sort_values("share", ascending=False, kind="stable")
    figures.ranking(
        edition, selection, priorities, name="priorites",
        title="Thématiques citées parmi les trois priorités",
        reading="{part} placent {label} parmi leurs trois priorités.",
    )  # fmt: skip

blocks.section("Qui se mobilise sur quoi\u202f?")
measures = {code: name for code, name in MEASURES.items() if code == "mobilisation" or asked.holds(edition, code)}
measure = filters.choice("mesure", "Mesure", measures, segmented=True)
by = filters.choice("groupe", "Comparer selon", GROUPS, segmented=True)
if measure == "mobilisation":
    unit, verb = filters.unit_choice(themes), "agissent sur"
    compared = reached(edition, "themes", ENGAGED, selection, unit, by)
else:
    compared, unit, verb = shares(edition, "priorites", selection, by=by), "respondents", "ont pour priorité"
figures.heat(
    edition, selection, figures.grouped(edition, compared, by), by=by, name=f"{measure}-par-{by}", unit=unit,
    title=f"{MEASURES[measure]} par thématique et par {GROUPS[by].lower()}", row_title="Thématique",
    reading=f"dans le groupe {{group}}, {{part}} {verb} {{label}}. {figures.SMALL_CELL}",
)  # fmt: skip

blocks.section("Une thématique de près")
theme = filters.choice("theme", "Thématique", themes.row_labels)
if asked.holds(edition, "actions", row=theme):
    actions = shares(edition, "actions", selection, row=theme)
    figures.bars(
        edition, selection, actions.sort_values("share", ascending=False, kind="stable"), name=f"actions-{theme}",
        unit="territories", title=f"Actions menées\u202f: {themes.row_labels[theme]}",
        reading="{part} citent {label} (plusieurs réponses possibles).",
    )  # fmt: skip
benchmarks.line("thematiques", f"themes/{theme}")
show_status_map(
    edition, selection, "themes", row=theme, name=f"carte-{theme}",
    title=f"Mobilisation\u202f: {themes.row_labels[theme]}",
)  # fmt: skip
