"""The team's list of pairs: closed to anybody else, marked on every table and in the file, read on a small world."""

from dataclasses import replace

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from lib.analysis.pairing import pairings
from lib.display.files import downloads
from lib.survey.support import load_support
from lib.ui import pairing, team
from tests.analysis import support_world as world

NARROW = "\u202f"
SETTINGS = load_support()
FOUND = pairings(world.edition())


def shown():
    from lib.ui import pairing
    from tests.analysis import support_world

    pairing.draw(support_world.edition())


def without_pairs():
    from dataclasses import replace

    from lib.ui import pairing
    from tests.analysis import support_world

    edition = support_world.edition()
    pairing.draw(
        replace(edition, respondents=edition.respondents[:0], values=edition.values[:0], states=edition.states[:0])
    )


@pytest.fixture
def member(monkeypatch):
    monkeypatch.setenv("NUMERIQUE_EQUIPE_LOCALE", "oui")
    monkeypatch.setattr(ContextProxy, "ip_address", None)


def test_a_visitor_is_refused_before_anything_is_drawn():
    with pytest.raises(PermissionError, match="réservé à l’équipe"):
        pairing.draw(world.edition())
    visitor = AppTest.from_function(shown).run()
    assert len(visitor.exception) == 1
    assert not visitor.markdown
    assert not visitor.dataframe


@pytest.mark.shipped_region
@pytest.mark.usefixtures("member")
def test_the_team_sees_pairs_requests_and_who_is_left():
    visitor = AppTest.from_function(shown).run()
    assert not visitor.exception
    assert visitor.markdown[0].value.startswith("**2 des 3 territoires au stade ")
    pairs, loads, left = (table.value for table in visitor.dataframe)
    assert pairs["Territoire"].tolist() == ["Guéret", "Ussel"]
    assert pairs["Appui proposé"].tolist() == ["Limoges", "Tulle"]
    assert loads["Propositions"].tolist() == ["1 sur 4", "1 sur 4", "0 sur 4", "0 sur 4", "0 sur 4"]
    assert left["Territoire"].tolist() == ["Syndicat sans lieu"]
    marks = [caption.value for caption in visitor.caption]
    # One for the sentence and the pairs, one for each of the other tables.
    assert marks.count(f"{team.UNPROTECTED} · Données simulées") == 3
    assert [button.proto.label for button in visitor.get("download_button")] == ["Télécharger (CSV)"]


@pytest.mark.usefixtures("member")
def test_without_answers_it_says_so():
    visitor = AppTest.from_function(without_pairs).run()
    assert not visitor.exception
    assert visitor.markdown[0].value.startswith("**Aucun territoire n’est au stade ")
    assert len(visitor.info) == 1
    assert not visitor.dataframe


@pytest.mark.shipped_region
def test_the_sentence_counts_those_served_those_asked_and_how_far():
    mean = FOUND.pairs["km"].mean()
    assert pairing.summary(FOUND) == (
        f"2 des 3 territoires au stade «{NARROW}En construction{NARROW}» ou «{NARROW}À amorcer{NARROW}» reçoivent une "
        "proposition d’appui, de 2 des 5 territoires qui peuvent en prêter, sollicités 4 fois au plus, à "
        f"{mean:.0f}{NARROW}km en moyenne."
    )
    nobody = pairings(world.edition(), replace(SETTINGS, farthest_km=20))
    assert pairing.summary(nobody).startswith("Aucune proposition pour 3 territoires au stade ")


@pytest.mark.shipped_region
def test_each_pair_has_its_reasons_in_words():
    table = pairing.pair_table(world.edition(), FOUND.pairs)
    gueret, ussel = table.to_dict("records")
    assert gueret["Stade"] == "À amorcer"
    assert gueret["Réponse publiée"] == "oui"
    assert gueret["Taille"] == "classe voisine"
    assert gueret[pairing.NEEDED].startswith("inclusion numérique, infrastructures, ")
    assert gueret[pairing.NEEDED].count(",") == 7
    assert gueret[pairing.STARTED] == "numérique éducatif"
    assert ussel["Réponse publiée"] == "non"
    assert (ussel[pairing.NEEDED], ussel[pairing.STARTED]) == ("inclusion numérique", "–")


@pytest.mark.shipped_region
def test_the_file_says_what_it_is_on_every_row():
    rows = pairing.pair_file(world.edition(), FOUND.pairs)
    assert rows["Code"].tolist() == [world.GUERET, world.USSEL]
    assert rows["Code de l’appui"].tolist() == [world.LIMOGES, world.TULLE]
    assert rows[pairing.NEEDED].str.count(",").tolist() == [7, 0]
    _, *lines = downloads.csv_bytes(rows, pairing.stamp(world.edition())).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    for line in lines:
        assert "Données simulées" in line
        assert team.UNPROTECTED in line


@pytest.mark.shipped_region
def test_requests_name_those_that_they_come_from():
    table = pairing.load_table(world.edition(), FOUND)
    assert dict(zip(table["Peut prêter appui"], table["À"], strict=True)) == {
        "Limoges": "Guéret", "Tulle": "Ussel", "Bayonne": "–", "CA du Grand Guéret": "–", "Haute-Vienne": "–",
    }  # fmt: skip


@pytest.mark.shipped_region
def test_who_is_left_is_told_why():
    table = pairing.unserved_table(world.edition(), FOUND)
    assert table["Pourquoi"].tolist() == ["lieu inconnu (aucun EPCI déclaré)"]
