"""Every figure that a page can show is counted on the public edition, hides small counts, and is listed here.

Whoever adds a function of analysis to a page adds a line to `FIGURES`, or says in `NO_ANSWER` why it gives none away.
What these figures can say together is no more than the public edition itself: that is attacked in `test_attack`.
"""

import ast
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from lib.analysis import (
    associations,
    comparison,
    crossing,
    engagement,
    evolution,
    findings,
    levels,
    portrait,
    shares,
    transitions,
)
from lib.analysis.weights import weigh
from lib.survey.edition import load_edition
from lib.survey.editions import list_editions
from lib.survey.exchange import exchanged
from lib.survey.published import load_published
from lib.ui import session
from tests.attack.attacker import families
from tests.test_layering import LIB, SHOWN, imports, read

LATER, EARLIER = (weigh(exchanged(load_edition(described.path))) for described in list_editions().values())
PUBLISHED = load_published()
FACTS, OPINIONS = ("strategie", "instance", "themes", "actions"), ("besoins", "freins", "portage", "accompagnement")
BREAKDOWNS = (None, "type", "taille", "departement", "role")
FORMAL = ("formalisee", "mise-en-oeuvre")

# Name: what a page asks of it for a selection. Each gives frames with count, base and hidden.
FIGURES = {
    "shares.shares": lambda chosen: [
        shares.shares(LATER, question, chosen, unit, by)
        for question in (*FACTS, *OPINIONS)
        for unit in (("territories", "respondents") if question in FACTS else ("respondents",))
        for by in BREAKDOWNS
    ],
    "shares.reached": lambda chosen: [
        shares.reached(LATER, "strategie", FORMAL, chosen, unit, by)
        for unit in ("territories", "respondents")
        for by in BREAKDOWNS
    ],
    "shares.ranks": lambda chosen: [shares.ranks(LATER, "priorites", chosen, by) for by in BREAKDOWNS],
    "engagement.stage_shares": lambda chosen: [engagement.stage_shares(LATER, chosen, by) for by in BREAKDOWNS[:4]],
    "portrait.peer_shares": lambda chosen: [
        portrait.peer_shares(LATER, question, chosen.without_weighting()) for question in (*FACTS, *OPINIONS)
    ],
    "findings.measures": lambda chosen: [findings.measures(LATER, found, chosen) for found in PUBLISHED.findings],
    "crossing.crosstab": lambda chosen: [
        crossing.crosstab(LATER, row, column, chosen, normalise=way)
        for row, column in combinations(("strategie", "portage", "besoins", "type", "role"), 2)
        for way in (crossing.BY_ROW, crossing.BY_COLUMN)
    ],
    "associations.conditions": lambda chosen: [associations.conditions(LATER, PUBLISHED.conditions, chosen)],
    "associations.effects": lambda chosen: [
        associations.effects(LATER, PUBLISHED.conditions, chosen, by) for by in (None, "type", "taille")
    ],
    "associations.role_differences": lambda chosen: [
        associations.role_differences(LATER, question, chosen) for question in ("besoins", "freins")
    ],
    "evolution.evolution": lambda chosen: [
        evolution.evolution(LATER, EARLIER, question, chosen) for question in ("strategie", "besoins")
    ],
}
# Checked by a test of its own below.
OTHER_SHAPES = {
    "transitions.transitions", "divergence.divergence", "levels.statuses", "crossing.association",
    "comparison.compare", "comparison.differences",
}  # fmt: skip
# What is said by name, of territories that agreed: attacked in `test_portraits`.
BY_NAME = {
    "portrait.agreement", "portrait.around", "portrait.completeness", "portrait.declared", "portrait.position",
    "engagement", "engagement.level_stages", "engagement.points", "engagement.stages",
    "advice.advice", "support",
}  # fmt: skip
NO_ANSWER = {
    "who is selected, how it is called": {
        "selection.Selection", "selection.choices", "selection.EVERYBODY", "selection.DIMENSIONS",
        "tabulation.RESPONDENTS", "tabulation.TERRITORIES", "tabulation.OWN_LEVEL",
        "pairs.ATTRIBUTES", "pairs.sides", "pairs.units", "levels.available_levels", "levels.selected_territories",
        "shares.interval_method", "evolution.common_rows", "evolution.common_questions", "evolution.options_of_one",
        "associations.BOTH", "associations.without_dont_know", "divergence.fact_questions",
        "crossing.BY_COLUMN", "crossing.BY_ROW", "crossing.Association",
        "territories.Territory", "territories.describe", "territories.peer_groups", "territories.structures",
        "territories.SILENT", "territories.UNPUBLISHED", "portrait.Around", "portrait.NOT_PUT",
        "facts.UNANSWERED", "facts.UNPUBLISHED",
        "facts.DIVERGENT", "advice.Advised", "advice.PEERS", "areas.Area", "areas.areas", "areas.find_area",
        "comparison.Compared", "comparison.GROUP", "comparison.TERRITORY", "comparison.MOST", "comparison.groups",
        "comparison.known", "comparison.side_by_side",
    },
    "the rule of the typology, not the answers": {
        "engagement.UNKNOWN", "engagement.UNKNOWN_LABEL", "engagement.counted", "engagement.missing",
        "engagement.opinions", "engagement.whole", "stability.MOST_MOVED", "stability.POINTS",
        "stability.SHARE_OF_POINTS", "support.theme_codes",
    },
    "how many territories of the public edition would move, fewer than three unsaid": {"stability.stability"},
    "who answered, which the map shows": {
        "coverage.coverage", "levels.respondents_of", "facts.respondents_by_territory",
        "representation.most_missing", "representation.representation", "representation.silent",
        "weights.weigh", "weights.weighting", "weights.weighting_note", "weights.PLURALS",
    },
    "computed from a frame already hidden, or from no answer at all": {
        "crossing.concludes", "crossing.standing",
        "interval_grid.COMMAND", "interval_grid.RATIO", "interval_grid.RATIO_FROM", "interval_grid.load_interval_grid",
        "interval_grid.shown", "interval_grid.verdict",
    },
}  # fmt: skip
TEAM_ONLY = {"facts.divergences", "pairing.Pairings", "pairing.pairings", "visit"}
INTERFACE = {name: source for name, source in {**LIB, **SHOWN}.items() if name.startswith(("lib.ui.", "pages."))}


def chosen(seeded):
    """Return selections of one value or all, of pairs, and seeded ones, spread over the whole list."""
    listed = families(LATER, seeded)
    random = np.random.default_rng(7)
    picked = [listed[place] for place in random.choice(len(listed), size=24, replace=False)]
    few = [selection for selection in picked if selection.mask(LATER.respondents).sum() >= 3]
    weighted = [type(selection)(*[getattr(selection, name) for name in FIELDS], weighted=True) for selection in few]
    return [listed[0], *few, *weighted]


FIELDS = ("types", "tailles", "departements", "roles")
SELECTIONS = chosen(300)


def unsafe(figures):
    """Return the rows of a frame that show what they must not."""
    counts = [name for name in figures if name == "count" or name.endswith("_count")]
    small = pd.DataFrame({name: figures[name] < LATER.threshold for name in counts}).any(axis=1)
    measured = figures[[name for name in ("share", "low", "high", "effective_n") if name in figures]]
    leaking = figures["count"].isna() & measured.notna().any(axis=1) if "count" in figures else small & False
    compared = [name for name in ("difference", "ratio", "difference_low", "ratio_low") if name in figures]
    leaking |= figures["hidden"].astype(bool) & figures[compared].notna().any(axis=1)
    return figures[small | leaking]


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_hides_small_counts_whatever_is_selected(name):
    shown = 0
    for selection in SELECTIONS:
        for figures in FIGURES[name](selection):
            assert "hidden" in figures
            assert unsafe(figures).empty, (selection, figures)
            shown += int((~figures["hidden"].astype(bool)).sum())
    assert shown > 0


def test_transitions_hide_small_counts():
    for selection in SELECTIONS[:12]:
        moved = transitions.transitions(LATER, EARLIER, "strategie", FORMAL, selection)
        counts = moved.counts.to_numpy(dtype=float)
        assert not (counts < LATER.threshold).any()


def test_groups_compared_hide_small_counts():
    listed = list(comparison.groups(LATER).values())
    for group in listed:
        rows = comparison.compare(LATER, (group,))
        assert unsafe(rows[rows["count"].notna() | rows["share"].notna()]).empty, group
        assert group.enough or rows["share"].isna().all()


def test_the_difference_of_two_groups_shows_no_hidden_share():
    listed = comparison.groups(LATER)
    masked = 0
    for pair in (
        ("epci", "commune"),
        ("commune:33", "epci:33"),
        ("epci-50000", "epci-0-14999"),
        ("commune:23", "epci"),
    ):
        items = tuple(listed[f"groupe:{code}"] for code in pair)
        gaps = comparison.differences(LATER, items)
        if gaps is not None:
            masked += int(gaps["hidden"].sum())
            assert gaps.loc[gaps["hidden"], ["difference", "low", "high"]].isna().all().all()
    assert masked > 0


def test_what_is_shown_by_name_was_agreed_to_by_everybody():
    agreed = LATER.respondents.groupby("territory")["publishable"].all()
    for level in levels.LEVELS:
        for column in ("strategie", "themes/inclusion"):
            shown = levels.statuses(LATER, column, SELECTIONS[0], level)
            refused = shown[~agreed.reindex(shown.index).to_numpy(bool)]
            assert set(refused["status"]) <= {"non-publiee"}


def test_every_function_of_analysis_on_a_page_is_listed_here():
    used = {
        name.removeprefix("lib.analysis.")
        for source in INTERFACE.values()
        for name in imports(source)
        if name.startswith("lib.analysis.")
    }
    listed = {*FIGURES, *OTHER_SHAPES, *BY_NAME, *TEAM_ONLY}.union(*NO_ANSWER.values())
    assert sorted(used - listed) == []
    assert sorted(listed - used) == [], "no longer used: take it off the list"


LOADERS = {
    "lib.survey.edition.load_edition",
    "lib.survey.edition.read_edition",
    "lib.survey.edition.build_edition",
    "lib.survey.store.revisions.load_given",
    "lib.survey.importing.open_draft",
    "lib.survey.importing.draft_edition",
    "lib.survey.importing.draft_export",
    "lib.ui.session.given_edition",
}


def test_answers_as_given_are_out_of_reach_of_public_pages():
    """Only the session and the import load answers, and only the pages of the team may ask for those as given."""
    asking = {name: LOADERS & set(imports(source)) for name, source in INTERFACE.items()}
    assert {name: found for name, found in asking.items() if found} == {
        "lib.ui.session": {
            "lib.survey.edition.load_edition",
            "lib.survey.store.revisions.load_given",
            "lib.survey.importing.open_draft",
            "lib.survey.importing.draft_edition",
        },
        "lib.ui.importing.home": {"lib.ui.session.given_edition"},
        "lib.ui.importing.publication": {"lib.survey.store.revisions.load_given"},
        "pages.equipe": {"lib.ui.session.given_edition"},
        "pages.preparer_une_visite": {"lib.ui.session.given_edition"},
    }
    assert not any(LOADERS & set(imports(source)) for source in read("lib/analysis/*.py", "lib/display/*.py").values())


def test_no_other_way_leads_to_answers_as_given():
    """Not through a module either: `session.load_edition` is as far out of reach as `load_edition`."""
    forbidden = {loader.rpartition(".")[2] for loader in LOADERS} | {
        "_given_edition",
        "_given_revision",
        "_given_draft",
    }
    found = {}
    for name, source in INTERFACE.items():
        used = {node.attr for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)}
        if used & forbidden:
            found[name] = used & forbidden
    # The import reads the drafts that it shows.
    assert found == {"lib.ui.importing.opened": {"open_draft", "draft_edition", "draft_export"}}


def test_only_the_page_of_the_import_draws_what_the_import_reads():
    drawing = {name for name, source in INTERFACE.items() if any("lib.ui.importing" in one for one in imports(source))}
    assert {name for name in drawing if not name.startswith("lib.ui.importing.")} == {"pages.import"}
    (first, *_) = [node for node in ast.parse(SHOWN["pages.import"]).body if isinstance(node, ast.If)]
    assert ast.unparse(first.test) == "not access.is_staff()"
    assert ast.unparse(first.body[-1]) == "menu.end_page()"


def test_the_session_shows_the_exchanged_answers():
    for described in list_editions().values():
        shown, given = session.public_edition(described.id), load_edition(described.path)
        pd.testing.assert_frame_equal(shown.values, exchanged(given).values)
        assert not shown.values["strategie"].equals(given.values["strategie"])
        assert shown.threshold == 3


def test_the_session_gives_answers_as_given_only_to_the_team():
    tree = ast.parse(LIB["lib.ui.session"])
    (given,) = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "given_edition"]
    calls = [
        ast.unparse(node)
        for node in given.body
        if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Constant)
    ]
    assert calls[0] == "access.require_staff()"
