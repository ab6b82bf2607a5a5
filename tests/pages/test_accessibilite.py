"""The accessibility statement: the form of the RGAA, the number of pages checked, what is known, never a rate."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from lib.survey import accessibility as configured
from lib.survey.accessibility import load_accessibility
from lib.ui import accessibility
from lib.ui.menu import PAGES, TEAM_PAGES
from tests.pages.visits import ROUTER, seen, words

TOLD = load_accessibility()
STATED = (
    "État de conformité",
    "Résultats des tests",
    "Contenus non accessibles",
    "Établissement de cette déclaration",
    "Retour d’information et contact",
    "Voies de recours",
)


def test_the_statement_has_the_parts_that_public_bodies_know():
    page = seen("accessibilite")
    assert not page.exception
    assert [header.value for header in page.header] == list(STATED)
    said = words(page)
    assert "article 47 de la loi n°\u202f2005-102 du 11 février 2005" in said
    assert "est **non conforme** avec le [référentiel général d’amélioration de l’accessibilité (RGAA)]" in said
    assert "Aucun audit de conformité n’a été réalisé" in said
    assert "établie le 30 novembre 2026" in said
    assert "Défenseur des droits, Libre réponse 71120, 75342 Paris Cedex 07" in said
    assert TOLD.contact.link in said


def test_no_rate_is_given_without_an_audit():
    assert "%" not in words(seen("accessibilite"))


def test_what_is_checked_is_told_with_the_number_of_pages():
    said = words(seen("accessibilite"))
    assert f"Les {len(PAGES)} pages publiques et les {len(TEAM_PAGES)} pages de l’équipe" in said
    for point in (*TOLD.checks, *TOLD.limitations, *TOLD.findings):
        assert f"- **{point.label}.**" in said


def audited():
    from dataclasses import replace
    from datetime import date

    from lib.survey.accessibility import Audit, load_accessibility
    from lib.ui import accessibility

    found = Audit("Un cabinet", date(2026, 10, 1), 61.5)
    accessibility.results(replace(load_accessibility(), state="partiellement conforme", audit=found))


def test_an_audit_is_told_with_its_rate():
    shown = AppTest.from_function(audited).run()
    assert not shown.exception
    assert "L’audit réalisé par Un cabinet, le 1er octobre 2026, établit que **61,5\u202f% des critères**" in words(
        shown
    )
    assert date(2026, 10, 1) < TOLD.established


@pytest.mark.parametrize("address", ["synthese", "confidentialite"])
def test_every_page_announces_the_state_at_the_foot_of_its_menu(address):
    links = [link.proto.label for link in seen(address).sidebar.get("page_link")]
    assert links[-3:] == ["Confidentialité", "Accessibilité\u202f: non conforme", "Plan du site"]


def test_a_file_that_is_wrong_costs_its_page_alone(tmp_path, monkeypatch):
    path = tmp_path / "accessibility.toml"
    path.write_text("= rien", encoding="utf-8")
    monkeypatch.setattr(accessibility, "load_accessibility", lambda: configured.load_accessibility(path))
    assert accessibility.announced() == "Accessibilité"
    opened = AppTest.from_file(ROUTER, default_timeout=60).run()
    assert not opened.exception
