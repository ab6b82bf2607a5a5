"""Besoins et freins: needs, obstacles, support asked for, overall and by group."""

from lib.analysis.shares import shares
from lib.display.formats import quoted
from lib.display.sentences import answer
from lib.survey.published import load_published
from lib.ui import associations, benchmarks, blocks, figures, filters
from lib.ui.session import current_edition

edition = current_edition()
selection = filters.current_selection(edition)
blocks.heading(edition, selection, "De quoi les territoires ont-ils besoin, et qu’est-ce qui les freine\u202f?")

GROUPS = {"role": "Rôle du répondant", "type": "Type de territoire", "taille": "Taille", "departement": "Département"}
QUESTIONS = {"besoins": "Besoins", "freins": "Freins", "accompagnement": "Accompagnement souhaité"}

needs, obstacles, support = (
    shares(edition, question, selection).sort_values("share", ascending=False, kind="stable") for question in QUESTIONS
)
said = [
    answer(rows.iloc[0], "respondents", f"citent le {kind} {quoted(rows.iloc[0]['label'])}, le plus fréquent")
    for kind, rows in (("besoin", needs), ("frein", obstacles))
]
blocks.answer(edition, selection, " ".join(said))

blocks.section("De quoi ont-ils besoin\u202f?")
figures.bars(
    edition, selection, needs, name="besoins", unit="respondents", title=edition.codebook["besoins"].text,
    reading="{part} citent {label} (plusieurs réponses possibles).",
)  # fmt: skip

blocks.section("Qu’est-ce qui les freine\u202f?")
figures.bars(
    edition, selection, obstacles, name="freins", unit="respondents", title=edition.codebook["freins"].text,
    reading="{part} citent {label} (plusieurs réponses possibles).",
)  # fmt: skip
benchmarks.line("besoins-et-freins", "freins")

blocks.section("Qui le dit\u202f?")
question = filters.choice("question", "Question", QUESTIONS, segmented=True)
by = filters.choice("groupe", "Comparer selon", GROUPS, segmented=True)
figures.heat(
    edition, selection, figures.grouped(edition, shares(edition, question, selection, by=by), by), by=by,
    name=f"{question}-par-{by}", unit="respondents", row_title="Réponse",
    title=f"{QUESTIONS[question]} par {GROUPS[by].lower()}",
    reading=f"dans le groupe {{group}}, {{part}} citent {{label}}. {figures.SMALL_CELL}",
)  # fmt: skip

first, *others = load_published().compared_roles or (None,)
if others:
    blocks.section("La réponse dépend-elle de qui répond\u202f?")
    asked = filters.choice("ecart", "Réponses comparées", QUESTIONS, segmented=True)
    against = filters.choice(
        "face-a", f"Comparer {first.name} avec", {group.id: group.name for group in others}, segmented=True
    )
    associations.role_gaps(
        edition, selection, asked, title=QUESTIONS[asked], first=first,
        second=next(group for group in others if group.id == against),
    )  # fmt: skip

blocks.section("Quel accompagnement souhaitent-ils\u202f?")
figures.bars(
    edition, selection, support, name="accompagnement", unit="respondents",
    title=edition.codebook["accompagnement"].text,
    reading="{part} souhaitent {label} (plusieurs réponses possibles).",
)  # fmt: skip
