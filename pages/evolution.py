"""Évolution: one question in two editions, and the territories that answered both."""

import streamlit as st

from lib.analysis.evolution import common_rows, evolution
from lib.ui import blocks, filters
from lib.ui import evolution as compared
from lib.ui.session import current_edition, editions, public_edition

edition = current_edition()
selection = filters.current_selection(edition)
blocks.heading(edition, selection, "Qu’est-ce qui a changé entre deux éditions\u202f?")

other = compared.other_edition(edition, editions())
if not other:
    compared.only_one()
compared.stop_if_too_few(public_edition(other), selection)
later, earlier = compared.in_order(edition, public_edition(other), editions())
answer = st.container()

blocks.section("Quelles réponses progressent, lesquelles reculent\u202f?")
questions = compared.questions(later, earlier)
asked = filters.choice("question", "Question", questions)
question = later.codebook[asked]
lines = common_rows(later, earlier, asked)
line = filters.choice("ligne", "Sujet", lines) if lines else None
title = f"{question.short}\u202f: {lines[line]}" if line else question.short

rows = evolution(later, earlier, asked, selection, row=line)
if question.kind in ("multiple", "array_multiple", "ranking"):
    rows = rows.sort_values("share", ascending=False, kind="stable")
with answer:
    blocks.answer(edition, selection, compared.headline(rows, title, later, earlier))
    compared.against(public_edition(other), selection)
compared.shares_figure(
    later, earlier, selection, rows, question=question, title=title, unit=question.unit,
    name=f"evolution-{asked}-{line}" if line else f"evolution-{asked}",
)  # fmt: skip

facts = compared.facts(later, earlier)
if facts:
    blocks.section("Les mêmes territoires ont-ils changé\u202f?")
    fact = filters.choice("fait", "Fait suivi", facts)
    followed = later.codebook[fact.partition("/")[0]]
    level = filters.choice("niveau", "Réponses comptées", compared.level_names(followed))
    compared.followed(later, earlier, selection, fact, level, title=facts[fact])
