"""What an edition asked: pages are made of questions that another questionnaire may not hold.

It says so in place of a figure, with a way on; which questions a page is made of is said by the page.
"""

from collections.abc import Iterable, Mapping

import streamlit as st

from lib.analysis.selection import Selection
from lib.display.formats import NARROW, quoted
from lib.survey.edition import Edition
from lib.survey.published import Conditions, Finding, Measure, Published, RoleGroup
from lib.ui import blocks, filters, menu


def holds(edition: Edition, question: str, options: Iterable[str] = (), row: str = "") -> bool:
    """Return whether the edition put this question, with all these options, and this row of an array."""
    if question not in edition.codebook:
        return False
    put = edition.codebook[question]
    return set(options) <= set(put.labels) and (not row or row in put.row_labels)


def stop_unless(edition: Edition, selection: Selection, needed: Mapping[str, Iterable[str]]) -> None:
    """Stop the page, with a way on, when the edition lacks a question (id: options) that the page is made of."""
    missing = [question for question, options in needed.items() if not holds(edition, question, options)]
    if not missing:
        return
    blocks.context(edition, selection)
    st.info(
        f"L’édition affichée n’a pas posé, ou pas avec les mêmes réponses, ce dont cette page est faite{NARROW}: "
        f"{', '.join(quoted(question) for question in missing)}. Ses questions se lisent dans Croisements.",
        icon=":material/quiz:",
    )
    st.page_link(
        menu.target("croisements"), label="Voir les questions de cette édition", icon=":material/arrow_forward:",
        query_params=filters.link_parameters(edition) or None,
    )  # fmt: skip
    menu.end_page()


def findings(edition: Edition, published: Published) -> list[Finding]:
    """Return the published findings of which the edition measures everything."""
    return [found for found in published.findings if all(_measured(edition, measure) for measure in found.measures)]


def conditions(edition: Edition, published: Published) -> Conditions | None:
    """Return the two conditions compared, None where the edition does not ask them and their outcome."""
    crossed = published.conditions
    if crossed is None:
        return None
    sides = [(crossed.outcome.question, crossed.outcome), *((factor.question, factor) for factor in crossed.factors)]
    known = all(holds(edition, question, (*side.options, *side.others)) for question, side in sides)
    return crossed if known else None


def compared_roles(edition: Edition, published: Published) -> tuple[RoleGroup, ...]:
    """Return the groups of roles that are compared, none where the questionnaire does not know them all."""
    part = edition.codebook.parts.role
    groups = published.compared_roles
    return groups if part and all(holds(edition, part, group.roles) for group in groups) else ()


def _measured(edition: Edition, measure: Measure) -> bool:
    among = measure.among
    return holds(edition, measure.question, measure.options, measure.row.strip("*")) and (
        among is None or holds(edition, among.question, among.options)
    )
