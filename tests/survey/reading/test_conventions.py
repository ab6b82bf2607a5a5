"""What the tools' files carry beside the answers, and what only a person can say of their columns.

The answers themselves are checked over the whole grid by `test_grid`.
"""

import pandas as pd
import pytest

from lib.survey.edition import Edition, build_edition, read_edition
from lib.survey.reading.export import read_export
from lib.survey.reading.mapping import Mapping, Target, from_json, recognise, to_json, with_option, with_target
from lib.survey.reading.proposals import column_proposals, option_proposals
from lib.survey.reading.table import SurveyFileError, Table, read_table
from lib.survey.reading.tools import recognise_layout
from lib.survey.states import NOT_ANSWERED
from tests.survey.reading.world import World, differences, small_world
from tests.survey.reading.writers import (
    framaforms,
    generic,
    google_forms,
    kobotoolbox,
    limesurvey,
    microsoft_forms,
    sphinx,
)


@pytest.fixture(scope="module")
def world() -> World:
    return small_world()


def _edition(table: Table, mapping: Mapping, world: World) -> Edition:
    export = read_export(table, mapping, world.codebook)
    return build_edition(export, world.codebook, id="grille", title="Grille", simulated=True, collected="")


def _assert_same(edition: Edition, world: World, **tells: bool) -> None:
    values, states = world.expected(**tells)
    assert differences(edition.values, values) == []
    assert differences(edition.states, states) == []


@pytest.mark.parametrize(
    ("content", "addresses"),
    [
        (limesurvey.write, ("192.0.2.", "jeton1")),
        (framaforms.write, ("192.0.2.",)),
        (google_forms.write, ("personne1",)),
        (microsoft_forms.write, ("anonymous",)),
    ],
    ids=["limesurvey", "framaforms", "google-forms", "microsoft-forms"],
)
def test_contacts_are_set_apart_and_stay_out_of_the_edition(content, addresses, world: World) -> None:
    table = read_table(content(world))
    mapping = recognise(table, world.codebook)
    columns = {
        position for position, cells in enumerate(table.cells) if any(cell.startswith(addresses) for cell in cells)
    }
    assert columns
    assert {mapping.columns[position].role for position in columns} == {"contact"}
    edition = _edition(table, mapping, world)
    for frame in (edition.values, edition.respondents, edition.issues):
        texts = [str(cell) for cell in frame.to_numpy().ravel()]
        assert not [text for text in texts if any(address in text for address in addresses)]


def test_no_column_of_a_known_questionnaire_is_unknown(world: World) -> None:
    files = [
        *(
            limesurvey.write(world, headings=headings, comments=True, timings=True, language=language)
            for headings in ("code", "abrege", "complet", "code-et-texte")
            for language in ("fr", "en")
        ),
        *(
            framaforms.write(world, compact=compact, language=language)
            for compact in (True, False)
            for language in ("fr", "en")
        ),
        *(google_forms.write(world, language=language) for language in ("fr", "en")),
        *(microsoft_forms.write(world, language=language) for language in ("fr", "en")),
        kobotoolbox.write(world),
        sphinx.write(world),
        generic.write(world),
    ]
    for content in files:
        table = read_table(content)
        mapping = recognise(table, world.codebook)
        unknown = [
            heading for heading, target in zip(table.headings, mapping.columns, strict=True) if target.role == "unknown"
        ]
        assert unknown == []


def test_comments_are_comments_and_never_answers(world: World) -> None:
    for headings in ("code", "abrege", "complet", "code-et-texte"):
        table = read_table(limesurvey.write(world, headings=headings, comments=True))
        roles = [target.role for target in recognise(table, world.codebook).columns]
        # One under « Vous êtes… », one for each option of three multiple choices: 8, 8 and 2.
        assert roles.count("comment") == 1 + 8 + 8 + 2


@pytest.mark.parametrize(
    "content",
    [limesurvey.write, framaforms.write],
    ids=["limesurvey", "framaforms"],
)
def test_who_did_not_submit_is_incomplete(content, world: World) -> None:
    table = read_table(content(world))
    edition = _edition(table, recognise(table, world.codebook), world)
    retained = world.expected()[0].index
    submitted = pd.Series(world.submitted, index=world.values.index)[retained]
    assert list(edition.respondents["complete"]) == list(submitted)


def test_a_survey_without_dates_is_complete_where_it_was_submitted(world: World) -> None:
    table = read_table(limesurvey.write(world, dated=False))
    edition = _edition(table, recognise(table, world.codebook), world)
    assert edition.respondents["complete"].sum() == sum(world.submitted[: len(edition.respondents)])


def test_a_ranking_of_every_item_keeps_the_ranks_of_the_questionnaire(world: World) -> None:
    content = microsoft_forms.write(world)
    table = read_table(content)
    cells = table.column(next(n for n, text in enumerate(table.headings) if text.startswith("Deux thématiques")))
    assert max(cell.count(";") for cell in cells) > world.codebook["rang"].ranks
    edition = _edition(table, recognise(table, world.codebook), world)
    assert [key for key in edition.values if key.startswith("rang/")] == ["rang/1", "rang/2"]


def test_a_renamed_heading_is_unknown_then_proposed_then_chosen_by_a_person(world: World) -> None:
    renamed = {
        "Vous êtes…": "Vous êtes (votre fonction)",
        "Quels freins rencontrez-vous ? [Temps]": "Quels sont les freins rencontrés ? [Temps]",
        "Acceptez-vous d’être cité ?": "Acceptez-vous d’être citée ou cité ?",
    }
    keys = {
        "Vous êtes…": "role",
        "Quels freins rencontrez-vous ? [Temps]": "freins/temps",
        "Acceptez-vous d’être cité ?": "accord",
    }
    table = read_table(generic.write(world, renamed=renamed))
    mapping = recognise(table, world.codebook)
    proposals = column_proposals(table, mapping, world.codebook)
    for wording, heading in renamed.items():
        position = table.headings.index(heading)
        assert mapping.columns[position].role == "unknown"
        best = proposals[proposals["position"] == position].iloc[0]
        assert (best["heading"], best["key"]) == (heading, keys[wording])
        assert 0 < best["score"] < 1
        mapping = with_target(mapping, position, Target("answer", best["key"], "person"))
    assert column_proposals(table, mapping, world.codebook).empty
    _assert_same(_edition(table, mapping, world), world, has_other_box=False)
    again = from_json(to_json(mapping, table), table)
    _assert_same(_edition(table, again, world), world, has_other_box=False)


def test_a_mapping_kept_for_a_file_is_refused_for_one_of_other_headings(world: World) -> None:
    table = read_table(generic.write(world))
    kept = to_json(recognise(table, world.codebook), table)
    other = read_table(generic.write(world, renamed={"Vous êtes…": "Vous êtes"}))
    with pytest.raises(SurveyFileError):
        from_json(kept, other)


def test_texts_of_other_under_one_heading_are_told_apart_by_a_person(world: World) -> None:
    # KoboToolbox writes the same label above the text of every « Autre ».
    table = read_table(kobotoolbox.write(world, labels=True))
    mapping = recognise(table, world.codebook)
    positions = [n for n, heading in enumerate(table.headings) if heading.endswith(kobotoolbox.OTHER_LABEL)]
    assert len(positions) == 2
    for position, key in zip(positions, ("freins/autre/texte", "besoins/autre/texte"), strict=True):
        mapping = with_target(mapping, position, Target("answer", key, "person"))
    _assert_same(_edition(table, mapping, world), world)


def test_an_option_spelled_otherwise_is_unknown_then_proposed_then_chosen_by_a_person(world: World) -> None:
    content = google_forms.write(world).decode().replace("Élu·e", "Élus et élues").encode()
    table = read_table(content)
    mapping = recognise(table, world.codebook)
    # What nobody chose is left out, and says so: « Vous êtes… » is not answered by those people.
    elected = (world.values["role"] == "elu").sum()
    edition = _edition(table, mapping, world)
    assert (edition.values["role"] == "elu").sum() == 0
    assert edition.issues["value"].eq("Élus et élues").sum() == elected
    assert (edition.states["role"] == NOT_ANSWERED).sum() >= elected
    proposals = option_proposals(table, mapping, world.codebook)
    best = proposals[(proposals["question"] == "role") & (proposals["text"] == "Élus et élues")].iloc[0]
    assert (best["count"], best["code"]) == (elected, "elu")
    mapping = with_option(mapping, "role", "Élus et élues", "elu")
    _assert_same(_edition(table, mapping, world), world)


def test_sphinx_says_that_it_is_unverified(world: World) -> None:
    tools = {
        content(world): verified
        for content, verified in ((sphinx.write, False), (limesurvey.write, True), (google_forms.write, True))
    }
    for content, verified in tools.items():
        assert recognise_layout(read_table(content)).tool.verified is verified


def test_reading_a_file_and_its_steps_give_the_same_edition(world: World) -> None:
    content = limesurvey.write(world)
    table = read_table(content)
    stepwise = _edition(table, recognise(table, world.codebook), world)
    at_once = read_edition(content, world.codebook, id="grille", title="Grille", simulated=True, collected="")
    pd.testing.assert_frame_equal(stepwise.values, at_once.values)
    pd.testing.assert_frame_equal(stepwise.states, at_once.states)
