"""The sheet of a visit and the contacts it may show: who reads them, until when, and nothing of them as markup."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pandas as pd
import pytest
import streamlit as st
from streamlit.runtime.context import ContextProxy

from lib.analysis.answers import read_answers
from lib.analysis.areas import areas, find_area
from lib.analysis.visit import answered, calls, divergent, opinion_questions
from lib.survey.edition import load_edition
from lib.survey.identity import Identity
from lib.survey.importing import finish, open_draft, start_draft
from lib.survey.store.contacts import contacts_of
from lib.survey.store.opening import open_store
from lib.survey.store.revisions import load_given
from lib.survey.store.schema import CONTACT
from lib.ui import visit
from lib.ui.visit_sheet import sheet
from tests.survey import world

NARROW = "\u202f"
WHO = "gestion@pqn-a.example"
TODAY = datetime.now(UTC).date()
NOBODY = pd.DataFrame({"contact": [], "kept_until": []}, dtype=object)


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("NUMERIQUE_DEPOT", str(tmp_path))
    st.cache_resource.clear()
    yield open_store(create=True)
    st.cache_resource.clear()


@pytest.fixture
def member(monkeypatch):
    monkeypatch.setenv("NUMERIQUE_EQUIPE_LOCALE", "oui")
    # Streamlit gives no address to a visitor of the machine itself.
    monkeypatch.setattr(ContextProxy, "ip_address", None)


def stored(store, *, keep_contacts=True):
    """Import the small world of the survey, and return its answers as given."""
    identity = Identity("monde-2026", "Petit monde", "janvier 2026", date(2026, 1, 5), 2026)
    export = world.export().replace("Adresse électronique / e-mail", "Votre e-mail").encode()
    number = start_draft(store, export, identity, who=WHO, codebook=world.CODEBOOK, keep_contacts=keep_contacts)
    return load_given(store, finish(store, open_draft(store, number), WHO))


@cache
def shipped():
    return load_edition()


def drawn(address, contacts=NOBODY, given=None):
    given = given or shipped()
    return sheet(given, find_area(given, address), contacts, date(2026, 11, 22))


def reached(*people, text="Camille Exemple, 05 00 00 00 00"):
    index = pd.Index(people, name="respondent", dtype="str")
    return pd.DataFrame({"contact": text, "kept_until": date(2027, 3, 1)}, index=index)


# Contacts.


@pytest.mark.shipped_region
def test_contacts_are_refused_to_a_stranger(store):
    given = stored(store)
    with pytest.raises(PermissionError):
        visit.contacts(given, TODAY)
    with pytest.raises(PermissionError):
        visit.draw(given, find_area(given, "departement:33"))


@pytest.mark.shipped_region
@pytest.mark.usefixtures("member")
def test_contacts_kept_apart_are_told_to_the_team_by_respondent(store):
    given = stored(store)
    found = visit.contacts(given, TODAY)
    # Of the small world, the first two gave an address.
    assert found.index.tolist() == contacts_of(store, "monde-2026").index.tolist()
    assert found["contact"].tolist() == ["a@b.fr", "a@b.fr"]
    assert set(given.respondents.loc[found.index, "nom"]) == {"Bordeaux"}


@pytest.mark.usefixtures("member")
def test_contacts_past_their_time_are_not_shown_even_if_they_are_still_there(store):
    given = stored(store)
    with store.writing() as connection:
        connection.execute(CONTACT.update().values(kept_until=TODAY - timedelta(days=1)))
    assert len(contacts_of(store, "monde-2026")) == 2
    assert visit.contacts(given, TODAY).empty
    # The last day itself is one more.
    assert len(visit.contacts(given, TODAY - timedelta(days=1))) == 2


@pytest.mark.usefixtures("member")
def test_what_nobody_needs_to_call_is_never_shown(store):
    given = stored(store)
    told = {
        "Nom et prénom (3)": " Camille Exemple ",
        "ipaddr (9)": "192.0.2.7",
        "Votre adresse (4)": "1 rue de l’Essai",
    }
    with store.writing() as connection:
        connection.execute(CONTACT.update().values(fields=told))
    assert visit.contacts(given, TODAY)["contact"].tolist() == ["Camille Exemple"] * 2


@pytest.mark.usefixtures("member")
def test_contacts_dropped_at_import_and_shipped_editions_give_none(store):
    assert visit.contacts(stored(store, keep_contacts=False), TODAY).empty
    stored(store)
    # A shipped edition has no contacts, were it named as a stored one.
    assert visit.contacts(replace(shipped(), id="monde-2026"), TODAY).empty


# The sheet.


@pytest.mark.shipped_region
def test_the_sheet_says_what_it_is_and_that_it_is_not_protected():
    said = drawn("departement:23")
    assert "<h2>Creuse (23)</h2>" in said
    assert "Réponses non protégées, réservées à l’équipe · Données simulées" in said
    assert "feuille du 22 novembre 2026" in said
    assert "Données simulées" not in drawn("departement:23", given=replace(shipped(), simulated=False))


@pytest.mark.shipped_region
def test_every_part_of_the_sheet_has_its_question():
    said = drawn("pays:isle-en-perigord")
    for question in ("Qui a répondu", "Qui n’a pas répondu", "Où en sont-ils", "Que demandent-ils",
                     "Quelles réponses divergent", "Quels appuis proposer", "Qui appeler"):  # fmt: skip
        assert f"<h3>{question}{NARROW}?</h3>" in said


@pytest.mark.shipped_region
def test_a_small_base_gives_counts_and_no_percentage():
    given = shipped()
    area = find_area(given, "pays:isle-en-perigord")
    territories = answered(given, area)
    own = [person for people in territories.loc[territories["inside"], "people"] for person in people]
    wishes = given.values.loc[own, [key for key in given.values if key.startswith("accompagnement/")]].notna()
    base, funding = int(wishes.any(axis=1).sum()), int(wishes["accompagnement/financements"].sum())
    assert 0 < base < 10
    said = drawn("pays:isle-en-perigord")
    assert f"Accompagnement souhaité (sur {base})" in said
    assert f"<td>Recherche de financements</td><td>{funding} sur {base}</td>" in said


@pytest.mark.shipped_region
def test_shares_have_their_bases_and_roles_and_themes_are_words_of_a_sentence():
    given = shipped()
    said = drawn("departement:33")
    bases = {int(read_answers(given, question).counted[:, 0].sum()) for question in opinion_questions(given)}
    told = re.search(rf"Région{NARROW}: sur (.*?) répondants, ici compris", said)[1]
    assert {int(base) for base in re.findall(r"\d+", told)} == bases
    assert "autre rôle" in said
    # « Données et open data » is one theme: they are parted by commas.
    assert "numérique éducatif, données et open data" in said


@pytest.mark.shipped_region
def test_long_lists_are_bounded_and_say_how_much_is_left():
    given = shipped()
    territories = answered(given, find_area(given, "departement:33"))
    said = drawn("departement:33")
    assert f"et {len(territories) - 12} autres territoires" in said
    assert f"et {len(territories) - 7} autres territoires" in said
    assert said.count("<tr>") < 70


@pytest.mark.shipped_region
def test_whoever_can_be_reached_is_named_beside_their_role_and_the_others_by_their_role_alone():
    given = shipped()
    territories = answered(given, find_area(given, "departement:33"))
    first = calls(given, territories, divergent(given, territories)).iloc[0]
    assert len(first["people"]) > 1
    said = drawn("departement:33", reached(first["people"][0]))
    assert f"{NARROW}: Camille Exemple, 05 00 00 00 00<br>" in said
    assert said.count("Camille Exemple") == 1
    assert f"Coordonnées conservées jusqu’au 1er mars 2027 au plus tard{NARROW}: ne les diffusez pas." in said
    assert f"Aucune coordonnée n’est conservée pour cette édition{NARROW}:" in drawn("departement:33")


@pytest.mark.shipped_region
def test_contacts_of_elsewhere_are_not_on_the_sheet():
    given = shipped()
    elsewhere = given.respondents.index[given.respondents["departements"] == ("33",)]
    assert "Camille Exemple" not in drawn("departement:23", reached(*elsewhere))


@pytest.mark.shipped_region
def test_names_and_contacts_are_text_and_nothing_else():
    hostile = '<img src=x onerror="alert(1)">'
    given = shipped()
    nom = given.respondents["nom"].mask(given.respondents["territory"] == "pays:ouest-creusois", hostile)
    hurt = replace(given, respondents=given.respondents.assign(nom=nom))
    said = drawn("departement:23", reached(*hurt.respondents.index, text=hostile), hurt)
    assert "<img" not in said
    assert said.count("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;") > 2
    assert hostile in areas(hurt).values()


@pytest.mark.parametrize("kind", ["departement:", "pays:", "syndicat:"])
def test_every_area_has_a_sheet(kind):
    for address in areas(shipped()):
        if address.startswith(kind):
            assert "Qui appeler" in drawn(address)
