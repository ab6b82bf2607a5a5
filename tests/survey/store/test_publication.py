"""What visitors see moves in one step and comes back in one; whoever looked at an older state is told."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lib.survey.store.journal import read_journal
from lib.survey.store.opening import Store, StoreError
from lib.survey.store.publication import (
    PublicationConflict,
    Published,
    current_editions,
    history,
    publish,
    rollback,
    withdraw,
)
from lib.survey.store.schema import now
from tests.survey.store.world import OTHER, STARTED, WHO, edition, shown, written

ESSAI = "essai-2026"


def test_nothing_is_shown_before_it_is_published(store: Store):
    written(store)
    assert current_editions(store) == {}
    assert history(store, ESSAI).empty


def test_a_published_revision_is_the_one_shown(store: Store):
    first, second = written(store), written(store, edition(mark="deux"))
    before = now()
    publish(store, second, WHO, None)
    published = current_editions(store)[ESSAI]
    assert before <= published.published_at <= now() + timedelta(seconds=1)
    assert published == Published(
        ESSAI, second, 2, "Essai deux", "mars 2026", STARTED, 2025, False, False, published.published_at, WHO
    )
    publish(store, first, OTHER, second)
    assert shown(store) == first
    assert current_editions(store)[ESSAI].title == "Essai"


def test_editions_are_listed_from_the_latest_started(store: Store):
    for name, days in (("a", 1), ("b", 30), ("c", 10)):
        publish(store, written(store, edition(id=name), started=STARTED + timedelta(days=days)), WHO, None)
    assert list(current_editions(store)) == ["b", "c", "a"]


def test_rolling_back_shows_what_was_shown_before_and_again_before_that(store: Store):
    first, second, third = (written(store, edition(mark=mark)) for mark in "abc")
    for revision, expected in ((first, None), (second, first), (third, second)):
        publish(store, revision, WHO, expected)
    assert rollback(store, ESSAI, OTHER, third) == second == shown(store)
    assert rollback(store, ESSAI, OTHER, second) == first == shown(store)
    with pytest.raises(StoreError, match="pas de révision publiée auparavant"):
        rollback(store, ESSAI, OTHER, first)
    publish(store, third, WHO, first)
    assert rollback(store, ESSAI, OTHER, third) == first
    done = history(store, ESSAI)
    assert list(done["action"]) == ["rollback", "publish", "rollback", "rollback", "publish", "publish", "publish"]
    assert list(done["number"]) == [1, 3, 1, 2, 3, 2, 1]
    assert list(done["previous_revision"].fillna(0)) == [third, first, second, third, second, first, 0]
    assert list(done["who"][:3]) == [OTHER, WHO, OTHER]
    assert done["at"].is_monotonic_decreasing


def test_rolling_back_to_a_chosen_revision(store: Store):
    first, second, third, never = (written(store, edition(mark=mark)) for mark in "abcd")
    for revision, expected in ((first, None), (second, first), (third, second)):
        publish(store, revision, WHO, expected)
    with pytest.raises(StoreError, match="pas de révision publiée auparavant"):
        rollback(store, ESSAI, WHO, third, to=never)
    assert rollback(store, ESSAI, WHO, third, to=first) == first == shown(store)


def test_an_edition_is_withdrawn_and_comes_back(store: Store):
    first, second = written(store), written(store, edition(mark="deux"))
    publish(store, first, WHO, None)
    publish(store, second, WHO, first)
    withdraw(store, ESSAI, WHO, second)
    assert current_editions(store) == {}
    with pytest.raises(StoreError, match="rien à retirer"):
        withdraw(store, ESSAI, WHO, None)
    assert rollback(store, ESSAI, WHO, None) == second == shown(store)
    assert rollback(store, ESSAI, WHO, second) == first
    assert list(history(store, ESSAI)["revision_id"].fillna(0)) == [first, second, 0, second, first]


def test_who_looked_at_an_older_state_is_told_who_did_what(store: Store):
    first, second = written(store), written(store, edition(mark="deux"))
    with pytest.raises(PublicationConflict, match="n’est pas publiée"):
        publish(store, first, WHO, second)
    publish(store, first, OTHER, None)
    for late in (
        lambda: publish(store, second, WHO, None),
        lambda: rollback(store, ESSAI, WHO, None),
        lambda: withdraw(store, ESSAI, WHO, second),
    ):
        with pytest.raises(PublicationConflict, match=rf"^{OTHER} a publié la révision 1 le \d\d/\d\d/\d{{4}} à "):
            late()
    withdraw(store, ESSAI, OTHER, first)
    with pytest.raises(PublicationConflict, match=f"^{OTHER} a retiré cette édition"):
        publish(store, second, WHO, first)
    assert len(history(store, ESSAI)) == 2
    assert shown(store) is None


def test_what_cannot_be_published_is_refused(store: Store):
    with pytest.raises(StoreError, match="n’existe pas"):
        publish(store, 12, WHO, None)
    revision = written(store)
    publish(store, revision, WHO, None)
    with pytest.raises(StoreError, match="déjà celle qui est publiée"):
        publish(store, revision, WHO, revision)
    with pytest.raises(StoreError, match="pas de révision publiée auparavant"):
        rollback(store, "inconnue", WHO, None)


def test_the_journal_says_what_was_done_without_content(store: Store):
    revision = written(store, replace(edition(), title="Titre"))
    publish(store, revision, OTHER, None)
    told = read_journal(store)
    assert list(told["action"]) == ["publication", "révision écrite"]
    assert list(told["who"]) == [OTHER, WHO]
    assert told["details"][0] == {"edition": ESSAI, "revision": revision, "previous": None}
    assert told["details"][1] == {
        "edition": ESSAI,
        "revision": revision,
        "sha256": "ab" * 32,
        "tool": "limesurvey",
        "respondents": 14,
        "complete": 13,
        "territories": 14,
        "matched": 14,
        "issues": 14,
    }
