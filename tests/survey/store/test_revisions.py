"""A revision comes back as it was written, never changes, and says what it is; its public form keeps its draw."""

from dataclasses import replace

import pandas as pd
import pytest
import sqlalchemy as sa

from lib.survey.exchange import exchanged
from lib.survey.protection import load_protection
from lib.survey.store.drafts import DraftConflict, create_draft, list_drafts, load_draft
from lib.survey.store.opening import DamagedError, Store, StoreError
from lib.survey.store.publication import publish, withdraw
from lib.survey.store.revisions import (
    edition_secret,
    latest_revision,
    list_revisions,
    load_draw,
    load_given,
    load_public,
)
from lib.survey.store.schema import DRAFT, FRAME
from tests.survey.store.world import OTHER, SOURCE, WHO, edition, same, written
from tests.survey.world import CODEBOOK


def test_answers_come_back_as_they_were_written(store: Store):
    given = replace(edition(), fitted=True)
    same(load_given(store, written(store, given)), given)


def test_the_public_form_comes_back_as_it_was_exchanged(store: Store):
    given = edition()
    revision = written(store, given)
    public = load_public(store, revision)
    same(public, exchanged(given, kept=load_draw(store, revision)))
    assert public.threshold == load_protection().threshold
    assert public.respondents["declared"].isna().all()
    assert public.values["freins/autre/texte"].isna().all()


def test_who_is_still_there_shows_the_same_answers_in_the_next_revision(store: Store):
    first = written(store, edition(14))
    second = written(store, edition(15))
    before, after = load_draw(store, first), load_draw(store, second)
    # One newcomer takes one place in each circle.
    for origin in ("facts_from", "opinions_from"):
        assert (after[origin].reindex(before.index) != before[origin]).sum() == 1
    third = written(store, edition(15, mark="corrigée"))
    pd.testing.assert_frame_equal(load_draw(store, third), after)


def test_two_first_revisions_of_the_same_answers_are_drawn_apart(store: Store):
    draws = [load_draw(store, written(store, edition(60, id=name)))["opinions_from"] for name in ("a-2026", "b-2026")]
    # By chance alone, both would be the same once in more draws than anybody will make.
    assert not draws[0].equals(draws[1])


def test_lists_say_what_each_revision_is(store: Store):
    first, second, third = (written(store, edition(size)) for size in (12, 13, 14))
    listed = list_revisions(store, "essai-2026")
    assert list(listed["id"]) == [third, second, first]
    assert list(listed["number"]) == [3, 2, 1]
    assert list(listed["state"]) == ["prête", "prête", "prête"]
    assert listed["counts"][0] == {"respondents": 14, "complete": 13, "territories": 14, "matched": 14, "issues": 14}
    assert listed["source"][0] == SOURCE
    assert set(listed["created_by"]) == {WHO}
    publish(store, first, WHO, None)
    publish(store, second, WHO, first)
    assert list(list_revisions(store, "essai-2026")["state"]) == ["prête", "publiée", "remplacée"]
    withdraw(store, "essai-2026", WHO, second)
    assert list(list_revisions(store, "essai-2026")["state"]) == ["prête", "retirée", "remplacée"]
    assert latest_revision(store, "essai-2026") == third
    assert latest_revision(store, "autre") is None
    other = written(store, edition(12, id="autre"))
    assert list(list_revisions(store)["id"]) == [other, third, second, first]
    assert list_revisions(store, "aucune").empty


def test_a_revision_ends_its_draft_and_deletes_its_table(store: Store):
    told = {"id": "essai-2026", "title": "Essai", "started": "2024-05-06"}
    draft = create_draft(store, table=b"table", edition=told, source=SOURCE, mapping="{}", codebook=CODEBOOK, who=OTHER)
    revision = written(store, draft=draft, started=None)
    listed = list_revisions(store)
    assert (listed["id"][0], str(listed["started"][0])) == (revision, "2024-05-06")
    done = load_draft(store, draft)
    assert (done.done, done.table, done.updated_by) == (True, b"", WHO)
    assert list_drafts(store) == ()
    with store.reading() as connection:
        assert connection.scalar(sa.select(DRAFT.c.content)) is None
    with pytest.raises(DraftConflict, match=f"déjà été terminé par {WHO}"):
        written(store, draft=draft)
    # Nothing was written by halves.
    assert len(list_revisions(store)) == 1


def test_what_is_no_revision_is_refused(store: Store):
    with pytest.raises(ValueError, match="as given"):
        written(store, exchanged(edition()))
    with pytest.raises(ValueError, match="questionnaire"):
        written(store, codebook=CODEBOOK.replace("Petit monde", "Autre monde"))
    with pytest.raises(StoreError, match="n’existe pas"):
        load_given(store, 1)
    assert list_revisions(store).empty


def test_a_damaged_or_incomplete_revision_is_refused(store: Store):
    revision = written(store)
    mine = (FRAME.c.revision_id == revision, FRAME.c.name == "public-values")
    with store.writing() as connection:
        connection.execute(FRAME.update().where(*mine).values(content=b"PAR1"))
    with pytest.raises(DamagedError, match=r"«\u202fpublic-values\u202f» .* abîmée"):
        load_public(store, revision)
    with pytest.raises(DamagedError, match="abîmée"):
        publish(store, revision, WHO, None)
    with store.writing() as connection:
        connection.execute(FRAME.delete().where(*mine))
    with pytest.raises(DamagedError, match="pas entière"):
        load_public(store, revision)
    same(load_given(store, revision), edition())


def test_the_secret_of_an_edition_is_drawn_once(store: Store):
    secret = edition_secret(store, "essai-2026")
    assert len(secret) == 32
    assert edition_secret(store, "essai-2026") == secret
    assert edition_secret(store, "autre") != secret
    written(store)
    assert edition_secret(store, "essai-2026") == secret
