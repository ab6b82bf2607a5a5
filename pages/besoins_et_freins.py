"""Besoins et freins: needs, obstacles, support asked for, overall and by group."""

from lib.analysis.shares import shares
from lib.display.formats import quoted
from lib.display.sentences import answer
from lib.survey.published import load_published
from lib.ui import asked, associations, benchmarks, blocks, figures, filters
from lib.ui.session import current_edition

edition = current_edition()
selection = filters.current_selection(edition)
blocks.heading(edition, selection, "De quoi les territoires ont-ils besoin, et qu’est-ce qui les freine\u202f?")

GROUPS = {"role": "Rôle du répondant", "type": "Type de territoire", "taille": "Taille", "departement": "Département"}
QUESTIONS = {"besoins": "Besoins", "freins": "Freins", "accompagnement": "Accompagnement souhaité"}
VERBS = {"besoins": "citent", "freins": "citent", "accompagnement": "souhaitent"}
NOUNS = {"besoins": "besoin", "freins": "frein"}
HEADINGS = {
    "besoins": "De quoi ont-ils besoin\u202f?",
    "freins": "Qu’est-ce qui les freine\u202f?",
    "accompagnement": "Quel accompagnement souhaitent-ils\u202f?",
}
questions = {code: name for code, name in QUESTIONS.items() if asked.holds(edition, code)}
if not questions:
    asked.stop_unless(edition, selection, dict.fromkeys(QUESTIONS, ()))

found = {
    code: shares(edition, code, selection).sort_values("share", ascending=False, kind="stable") for code in questions
}
leading = [
    answer(
        found[code].iloc[0], "respondents", f"citent le {noun} {quoted(found[code].iloc[0]['label'])}, le plus fréquent"
    )
    for code, noun in NOUNS.items()
    if code in found
]
blocks.answer(edition, selection, " ".join(leading))

for code, rows in found.items():
    blocks.section(HEADINGS[code])
    figures.bars(
        edition, selection, rows, name=code, unit="respondents", title=edition.codebook[code].text,
        reading=f"{{part}} {VERBS[code]} {{label}} (plusieurs réponses possibles).",
    )  # fmt: skip
    benchmarks.line("besoins-et-freins", code)

blocks.section("Qui le dit\u202f?")
question = filters.choice("question", "Question", questions, segmented=True)
by = filters.choice("groupe", "Comparer selon", GROUPS, segmented=True)
figures.heat(
    edition, selection, figures.grouped(edition, shares(edition, question, selection, by=by), by), by=by,
    name=f"{question}-par-{by}", unit="respondents", row_title="Réponse",
    title=f"{questions[question]} par {GROUPS[by].lower()}",
    reading=f"dans le groupe {{group}}, {{part}} citent {{label}}. {figures.SMALL_CELL}",
)  # fmt: skip

first, *others = asked.compared_roles(edition, load_published()) or (None,)
if others:
    blocks.section("La réponse dépend-elle de qui répond\u202f?")
    compared = filters.choice("ecart", "Réponses comparées", questions, segmented=True)
    against = filters.choice(
        "face-a", f"Comparer {first.name} avec", {group.id: group.name for group in others}, segmented=True
    )
    associations.role_gaps(
        edition, selection, compared, title=questions[compared], first=first,
        second=next(group for group in others if group.id == against),
    )  # fmt: skip
