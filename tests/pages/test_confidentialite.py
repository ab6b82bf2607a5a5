"""The privacy page: everything that is configured is on it, and what is not settled is said to be so."""

from lib.survey.privacy import load_privacy
from lib.survey.retention import load_retention
from lib.ui.menu import PAGES
from tests.pages.visits import seen, words

NARROW = "\u202f"
PRIVACY = load_privacy()


def test_every_item_is_told_under_its_question():
    page = seen("confidentialite")
    assert not page.exception
    assert [header.value for header in page.header] == [section.title for section in PRIVACY.sections]
    said = words(page)
    for item in PRIVACY.items:
        assert f"- **{item.label}.** {item.text}" in said
        assert item.link in said


def test_what_is_not_settled_is_counted_and_said_where_it_stands():
    page = seen("confidentialite")
    missing, proposed = "À compléter par", "À confirmer par"
    # The first warning is that of simulated answers.
    (counted,) = [warning.value for warning in page.warning[1:]]
    assert counted.startswith(f"**{len(PRIVACY.pending)} points restent à compléter ou à confirmer")
    assert all(item.label in counted for item in PRIVACY.pending)
    said = words(page)
    assert said.count(missing) == sum(not item.text for item in PRIVACY.pending)
    assert said.count(proposed) == sum(bool(item.text) for item in PRIVACY.pending)
    assert f"- **Hébergeur.** :orange-background[**{missing} la personne qui exploite ce site.**]" in said


def test_delays_are_those_of_the_configuration():
    retention = load_retention()
    said = words(seen("confidentialite"))
    for days in (retention.contacts_days, retention.drafts_days, retention.backups_days):
        assert f"{days} jours" in said


def test_items_lead_to_pages_that_exist():
    assert {item.page for item in PRIVACY.items if item.page} <= set(PAGES)
    (link,) = seen("confidentialite").main.get("page_link")
    assert link.proto.label == f"Protection des chiffres publics{NARROW}: la méthode"
