"""From a file to a published edition, each step on the small world: what is kept, what is not, and what is refused."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from lib.survey.codebook import CodebookError
from lib.survey.edition import read_edition
from lib.survey.identity import Identity
from lib.survey.importing import (
    draft_edition,
    draft_export,
    finish,
    open_draft,
    save_codebook,
    save_mapping,
    start_draft,
)
from lib.survey.reading.mapping import Target, with_target
from lib.survey.reading.table import SurveyFileError
from lib.survey.store.aliases import remember_aliases
from lib.survey.store.contacts import contacts_of
from lib.survey.store.deletion import delete_respondent
from lib.survey.store.drafts import DraftConflict, list_drafts, load_draft
from lib.survey.store.opening import StoreError, open_store
from lib.survey.store.publication import current_editions, publish
from lib.survey.store.revisions import list_revisions, load_given
from tests.survey import world

WHO = "gestion@pqn-a.example"
IDENTITY = Identity("monde-2026", "Petit monde", "janvier 2026", date(2026, 1, 5), 2026)
FILE = world.export().encode()


@pytest.fixture
def store(tmp_path):
    return open_store(f"sqlite:///{tmp_path / 'editions.sqlite'}", create=True)


def begun(store, **options):
    given = {"who": WHO, "codebook": world.CODEBOOK} | options
    return open_draft(store, start_draft(store, FILE, IDENTITY, **given))


def read_directly():
    return read_edition(FILE, world.codebook(), id="monde-2026", title="Petit monde", simulated=False, collected="")


def test_a_file_becomes_the_edition_that_reading_it_directly_gives(store):
    revision = finish(store, begun(store), WHO)
    publish(store, revision, WHO, None)
    written, direct = load_given(store, revision), read_directly()
    pd.testing.assert_frame_equal(written.values.reset_index(drop=True), direct.values.reset_index(drop=True))
    pd.testing.assert_frame_equal(written.states.reset_index(drop=True), direct.states.reset_index(drop=True))
    pd.testing.assert_frame_equal(written.respondents.reset_index(drop=True), direct.respondents.reset_index(drop=True))
    assert current_editions(store)["monde-2026"].revision_id == revision == written.revision


def test_respondents_are_under_pseudonyms_the_same_at_the_next_import(store):
    first = load_given(store, finish(store, begun(store), WHO)).respondents.index
    second = load_given(store, finish(store, begun(store), WHO)).respondents.index
    assert all(name.startswith("r-") for name in first)
    assert list(first) == list(second)


def test_contacts_are_dropped_before_anything_is_kept(store):
    opened = begun(store)
    assert "Adresse électronique / e-mail" not in opened.table.headings
    assert not any("a@b.fr" in cells for cells in opened.table.cells)
    finish(store, opened, WHO)
    assert contacts_of(store, "monde-2026").empty


def test_contacts_are_kept_apart_when_the_manager_says_so(store):
    revision = finish(store, begun(store, keep_contacts=True), WHO)
    kept = contacts_of(store, "monde-2026")
    assert set(kept.index if kept.index.name == "respondent" else kept["respondent"]) <= set(
        load_given(store, revision).respondents.index
    )
    assert "a@b.fr" in kept.to_string()
    assert "a@b.fr" not in load_given(store, revision).issues.to_string()


def test_the_draft_ends_and_its_table_is_gone(store):
    opened = begun(store)
    assert [draft.id for draft in list_drafts(store)] == [opened.draft.id]
    finish(store, opened, WHO)
    assert list_drafts(store) == ()
    assert load_draft(store, opened.draft.id).table == b""
    with pytest.raises(DraftConflict, match="terminé"):
        finish(store, opened, WHO)


def test_a_draft_that_is_done_is_not_opened_again(store):
    opened = begun(store)
    finish(store, opened, WHO)
    with pytest.raises(StoreError, match=r"terminé par gestion@pqn-a\.example"):
        open_draft(store, opened.draft.id)


def test_what_a_colleague_took_out_of_a_draft_does_not_come_back_by_who_had_opened_it_before(store):
    opened = begun(store)
    position = opened.table.headings.index("Comment nous avez-vous connus ?")
    save_mapping(store, opened, with_target(opened.mapping, position, Target("contact", "autre", "person")), "b@c.fr")
    with pytest.raises(DraftConflict, match=r"modifié par b@c\.fr.*Rien n’a été enregistré"):
        finish(store, opened, WHO)
    assert list_revisions(store).empty
    assert load_given(store, finish(store, open_draft(store, opened.draft.id), WHO)).id == "monde-2026"


def test_what_a_person_decides_of_a_column_is_kept(store):
    opened = begun(store)
    position = opened.table.headings.index("Comment nous avez-vous connus ?")
    assert opened.mapping.columns[position].role == "unknown"
    save_mapping(store, opened, with_target(opened.mapping, position, Target("ignored", by="person")), WHO)
    again = open_draft(store, opened.draft.id)
    assert again.mapping.columns[position] == Target("ignored", "", "person")
    with pytest.raises(DraftConflict, match="modifié"):
        save_mapping(store, opened, opened.mapping, "autre@pqn-a.example")


def test_a_column_that_a_person_says_is_a_contact_leaves_the_draft(store):
    opened = begun(store)
    position = opened.table.headings.index("Comment nous avez-vous connus ?")
    saved = save_mapping(
        store, opened, with_target(opened.mapping, position, Target("contact", "autre", "person")), WHO
    )
    for draft in (saved, open_draft(store, opened.draft.id)):
        assert "Comment nous avez-vous connus ?" not in draft.table.headings
        assert len(draft.mapping.columns) == len(draft.table.headings) == len(opened.table.headings) - 1
    pd.testing.assert_frame_equal(draft_edition(store, saved).values, draft_edition(store, opened).values)
    kept = begun(store, keep_contacts=True)
    position = kept.table.headings.index("Comment nous avez-vous connus ?")
    kept = save_mapping(store, kept, with_target(kept.mapping, position, Target("contact", "autre", "person")), WHO)
    assert "Comment nous avez-vous connus ?" in kept.table.headings


def test_choices_outlive_a_change_of_questionnaire(store):
    opened = begun(store)
    position = opened.table.headings.index("Comment nous avez-vous connus ?")
    opened = save_mapping(store, opened, with_target(opened.mapping, position, Target("ignored", by="person")), WHO)
    changed = world.CODEBOOK.replace('short = "Freins"', 'short = "Obstacles"')
    opened = save_codebook(store, opened, changed, WHO)
    assert opened.mapping.columns[position] == Target("ignored", "", "person")
    assert draft_edition(store, opened).codebook["freins"].short == "Obstacles"
    with pytest.raises(CodebookError):
        save_codebook(store, opened, "id = 3", WHO)
    assert load_draft(store, opened.draft.id).codebook == changed


def test_a_territory_chosen_by_hand_is_remembered(store):
    opened = begun(store)
    before = draft_edition(store, opened)
    (lost,) = before.respondents.index[before.respondents["declared"] == "Ville imaginaire"]
    assert pd.isna(before.respondents.at[lost, "territory"])
    chosen = pd.DataFrame({"type": ["commune"], "declared": ["Ville imaginaire"], "code": ["33063"]})
    remember_aliases(store, chosen, WHO)
    assert draft_edition(store, opened).respondents.at[lost, "territory"] == "33063"


def test_a_questionnaire_drafted_from_the_file_is_a_draft_too(store):
    opened = begun(store, codebook=None)
    if opened.codebook is None:
        assert opened.problem
        with pytest.raises(SurveyFileError, match="à compléter"):
            draft_export(opened)
    else:
        assert len(opened.codebook.questions) >= len(world.codebook().questions) - 1
    repaired = save_codebook(store, opened, world.CODEBOOK, WHO)
    pd.testing.assert_frame_equal(
        draft_edition(store, repaired).values.reset_index(drop=True), read_directly().values.reset_index(drop=True)
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"id": "Enquête"}, "minuscules"),
        ({"id": "brouillon-3"}, "brouillon-"),
        ({"id": "simulee-2026"}, "livrée"),
        ({"title": " "}, "titre"),
        ({"millesime": 1999}, "1999"),
    ],
)
def test_an_identity_that_cannot_be_used_is_refused_and_nothing_is_kept(store, changes, said):
    identity = Identity(**{**vars(IDENTITY), **changes})
    with pytest.raises(SurveyFileError, match=said):
        start_draft(store, FILE, identity, who=WHO, codebook=world.CODEBOOK)
    assert list_drafts(store) == ()


def test_a_file_that_cannot_be_read_leaves_nothing(store):
    with pytest.raises(SurveyFileError):
        start_draft(store, b"%PDF-1.7", IDENTITY, who=WHO, codebook=world.CODEBOOK)
    assert list_drafts(store) == ()


def test_neither_the_file_nor_its_name_nor_a_contact_is_on_the_disk(store, tmp_path):
    finish(store, begun(store), WHO)
    for path in Path(tmp_path).iterdir():
        content = path.read_bytes()
        assert b"a@b.fr" not in content
        assert b"Adresse \xc3\xa9lectronique" not in content


def test_a_person_who_was_deleted_does_not_come_back_with_the_same_file(store):
    publish(store, finish(store, begun(store), WHO), WHO, None)
    before = load_given(store, current_editions(store)["monde-2026"].revision_id)
    gone = before.respondents.index[0]
    delete_respondent(store, "monde-2026", gone, WHO)
    said = []
    again = draft_edition(store, begun(store), said.append)
    assert set(before.respondents.index) - set(again.respondents.index) == {gone}
    assert any("n’est pas reprise" in step for step in said)


def test_names_of_people_leave_a_drafted_questionnaire_with_their_column(store):
    people = ["Alice Durand", "Bob Martin", "Chloé Petit"]
    rows = [f"{number};{('EPCI', 'Commune')[number % 2]};Pau;{people[number % 3]};Oui" for number in range(12)]
    file = "\r\n".join(["id;Votre structure;Nom de la commune;Qui nous a répondu;Utile ?", *rows, ""]).encode()
    opened = open_draft(store, start_draft(store, file, IDENTITY, who=WHO, codebook=None))
    assert "Alice Durand" in opened.draft.codebook
    position = opened.table.headings.index("Qui nous a répondu")
    saved = save_mapping(store, opened, with_target(opened.mapping, position, Target("contact", "nom", "person")), WHO)
    for draft in (saved, open_draft(store, opened.draft.id)):
        assert "Alice Durand" not in draft.draft.codebook + draft.draft.mapping
        assert "Alice Durand" not in str(draft.codebook)
    draft_edition(store, saved)
