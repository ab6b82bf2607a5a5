"""Who asks for it is in no revision any more, nor in any byte of the database; others stay as they were."""

from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa

from lib.survey.exchange import exchanged
from lib.survey.store.contacts import contacts_of
from lib.survey.store.deletion import delete_respondent, without
from lib.survey.store.drafts import create_draft, load_draft
from lib.survey.store.frames import DRAW
from lib.survey.store.journal import read_journal
from lib.survey.store.opening import Store, StoreError
from lib.survey.store.publication import history, publish, rollback
from lib.survey.store.revisions import list_revisions, load_draw, load_given, load_public
from lib.survey.store.schema import FRAME, REVISION
from tests.survey.store.world import OTHER, SOURCE, WHO, edition, same, secret_text, shown, written
from tests.survey.world import CODEBOOK

ESSAI = "essai-2026"
GONE = "r07"
TYPED = '{"options": {"freins": {"ce que r07 a tapé": "temps"}}, "tool": "limesurvey"}'


def texts_of(*frames: pd.DataFrame) -> str:
    return "".join(frame.reset_index().to_csv() for frame in frames)


def test_the_current_edition_goes_on_without_the_respondent(store: Store):
    first = written(store, mapping=TYPED)
    publish(store, first, OTHER, None)
    before = load_public(store, first), load_draw(store, first)
    new = delete_respondent(store, ESSAI, GONE, WHO)
    assert shown(store) == new
    given, public, draw = load_given(store, new), load_public(store, new), load_draw(store, new)
    same(given, without(edition(), GONE))
    same(public, exchanged(given, kept=draw))
    kept = (given.respondents, given.values, given.issues, public.respondents, public.values, public.issues, draw)
    assert GONE not in texts_of(*kept)
    assert "ce que" not in list_revisions(store).to_csv()
    # Everybody else shows what they showed, but who showed the answers that are gone: those that the gone one showed.
    closed = before[1]["opinions_from"].replace(GONE, before[1].at[GONE, "opinions_from"]).drop(GONE)
    pd.testing.assert_series_equal(draw["opinions_from"], closed, check_dtype=False)
    done = history(store, ESSAI)
    assert list(done["revision_id"]) == [new, first]
    assert list(done["who"]) == [WHO, OTHER]


def test_every_older_revision_that_holds_the_respondent_is_purged_and_no_other(store: Store):
    lacking = written(store, edition(14, without=(GONE,)))
    first, second = written(store, mapping=TYPED), written(store, edition(mark="deux"))
    elsewhere = written(store, edition(id="autre"))
    for revision, expected in ((lacking, None), (second, lacking)):
        publish(store, revision, WHO, expected)
    new = delete_respondent(store, ESSAI, GONE, WHO)
    listed = list_revisions(store, ESSAI).set_index("id")
    assert listed["state"].to_dict() == {new: "publiée", second: "purgée", first: "purgée", lacking: "remplacée"}
    for purged in (first, second):
        for read in (load_given, load_public, load_draw):
            with pytest.raises(StoreError, match=r"supprimées le .* à la demande d’un répondant"):
                read(store, purged)
        with pytest.raises(StoreError, match="supprimées"):
            publish(store, purged, WHO, new)
    with store.reading() as connection:
        assert set(connection.scalars(sa.select(FRAME.c.revision_id))) == {lacking, elsewhere, new}
        assert "ce que" not in "".join(connection.scalars(sa.select(REVISION.c.mapping)))
    # One comes back to what was shown before and may still be.
    assert rollback(store, ESSAI, WHO, new) == lacking
    same(load_given(store, elsewhere), edition(id="autre"))


def test_an_edition_that_shows_somebody_else_only_stays_as_it_is(store: Store):
    holding, lacking = written(store), written(store, edition(14, without=(GONE,)))
    publish(store, lacking, WHO, None)
    assert delete_respondent(store, ESSAI, GONE, WHO) == lacking == shown(store)
    assert list(list_revisions(store, ESSAI)["id"]) == [lacking, holding]
    assert list(list_revisions(store, ESSAI)["state"]) == ["publiée", "purgée"]


def test_an_edition_that_is_not_published_stays_so(store: Store):
    first = written(store)
    new = delete_respondent(store, ESSAI, GONE, WHO)
    assert shown(store) is None
    assert list(list_revisions(store, ESSAI)["state"]) == ["prête", "purgée"]
    assert new > first


def test_contacts_and_the_tables_of_drafts_go_too(store: Store):
    contacts = pd.DataFrame({"courriel": ["a@exemple.fr", "g@exemple.fr"]}, index=["r01", GONE], dtype="str")
    written(store, contacts=contacts)
    told = {"source": SOURCE, "mapping": TYPED, "codebook": CODEBOOK, "who": OTHER, "table": b"raw"}
    mine, other = (create_draft(store, edition={"id": name}, **told) for name in (ESSAI, "autre"))
    delete_respondent(store, ESSAI, GONE, WHO)
    assert list(contacts_of(store, ESSAI).index) == ["r01"]
    draft = load_draft(store, mine)
    assert (draft.done, draft.table) == (True, b"")
    assert "ce que" not in draft.mapping
    assert load_draft(store, other).table == b"raw"


def test_who_is_in_no_revision_is_told_so_and_nothing_changes(store: Store):
    with pytest.raises(StoreError, match="pas de révision"):
        delete_respondent(store, ESSAI, GONE, WHO)
    first = written(store)
    publish(store, first, WHO, None)
    with pytest.raises(StoreError, match="r99"):
        delete_respondent(store, ESSAI, "r99", WHO)
    same(load_given(store, first), edition())
    assert shown(store) == first


def test_the_journal_says_who_did_it_and_whom_to_delete_again_after_a_restoration(store: Store):
    first = written(store)
    new = delete_respondent(store, ESSAI, GONE, OTHER)
    last = read_journal(store).iloc[0]
    assert (last["who"], last["action"]) == (OTHER, "répondant supprimé")
    assert last["details"] == {"edition": ESSAI, "respondent": GONE, "revision": new, "purged": 1}
    assert new > first


def test_where_lines_are_known_only_the_issues_of_that_line_go():
    given = edition()
    lined = given.respondents.assign(line=[int(name[1:]) + 1 for name in given.respondents.index])
    given.respondents["line"] = lined["line"]
    left = without(given, GONE).issues
    assert list(left["row"]) == [line for line in range(2, 16) if line != 8]
    assert left["value"][0] == secret_text("r01", "faute")


def windows(content: bytes) -> list[bytes]:
    """Return pieces of a content, long enough to be nowhere else by chance."""
    return [content[place : place + 24] for place in range(0, len(content) - 24, 24)]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_no_byte_of_what_was_deleted_is_left_in_the_files_of_the_database(store: Store):
    contacts = pd.DataFrame({"courriel": ["gone@exemple.fr"]}, index=[GONE], dtype="str")
    revisions = [written(store, edition(mark=mark), mapping=TYPED, contacts=contacts) for mark in "ab"]
    told = {"source": SOURCE, "mapping": TYPED, "codebook": CODEBOOK, "who": OTHER}
    raw = secret_text(GONE, "brut").encode()
    create_draft(store, edition={"id": ESSAI}, table=raw, **told)
    publish(store, revisions[1], WHO, None)
    with store.reading() as connection:
        frames = connection.execute(sa.select(FRAME.c.name, FRAME.c.content)).all()
    assert {name for name, _ in frames} >= {"values", "public-values", DRAW}
    # Columns that are the same without the respondent are written again: what is searched is what only was before.
    searched = {piece for name, content in frames if name in ("values", "issues") for piece in windows(content)}

    def found() -> set[bytes]:
        assert store.path is not None
        files = [Path(f"{store.path}{end}") for end in ("", "-wal", "-shm")]
        content = b"".join(file.read_bytes() for file in files if file.exists())
        return {piece for piece in (*searched, *told_texts) if piece in content}

    told_texts = [b"gone@exemple.fr", raw, "ce que r07 a tapé".encode()]
    assert len(found()) > 0.9 * len(searched)
    assert set(told_texts) <= found()
    new = delete_respondent(store, ESSAI, GONE, WHO)
    with store.reading() as connection:
        mine = connection.execute(sa.select(FRAME.c.content).where(FRAME.c.revision_id == new)).scalars().all()
    assert {piece for piece in found() if not any(piece in content for content in mine)} == set()
