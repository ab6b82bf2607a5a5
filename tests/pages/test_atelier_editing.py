"""The team prepares a sequence: copied, saved, brought back from a file, kept whole when two people write; and the
shipped one, whose every figure is on the page that its step names."""

from dataclasses import replace
from urllib.parse import urlencode

import pytest
import streamlit as st
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from lib.survey.sequences import Sequence, Step, load_sequence, sequence_from, written
from lib.survey.store.opening import open_store
from lib.survey.store.sequences import delete_sequence, list_sequences, read_sequence, save_sequence
from lib.ui.atelier import editing, sequences
from tests.pages.visits import seen, words

STEPS = (
    Step("Où en est-on\u202f?", "strategies", (("groupe", "taille"),), "strategies-carte", guess="choix"),
    Step("Une stratégie\u202f?", "strategies", (), "strategies-repondants", guess="part", guess_row="Non"),
    Step("Et chez nous\u202f?", lines=("Une ligne.", "Une autre."), notes="Deux\nlignes.", question="Alors\u202f?"),
)
CREUSE = Sequence("creuse", "Atelier de la Creuse", STEPS, "Guéret")


@pytest.fixture
def team(tmp_path, monkeypatch):
    """Open the team's view to this machine, with a store of its own."""
    monkeypatch.setenv("NUMERIQUE_DEPOT", str(tmp_path))
    monkeypatch.setenv("NUMERIQUE_EQUIPE_LOCALE", "oui")
    # AppTest invents an address for its visitor; Streamlit gives none to one of the machine itself.
    monkeypatch.setattr(ContextProxy, "ip_address", None)
    st.cache_resource.clear()


def script():
    import streamlit as st

    from lib.survey.store.opening import open_store
    from lib.survey.store.sequences import read_sequence
    from lib.ui.atelier import editing

    name = st.query_params.get("sequence", "")
    store = open_store()
    kept = read_sequence(store, name) if store and name else None
    editing.edit(kept.sequence if kept else None)


def opened(name=""):
    page = AppTest.from_function(script, default_timeout=60)
    if name:
        page.query_params["sequence"] = name
    page.run()
    assert not page.exception
    return page


def press(page, label):
    (button,) = [button for button in page.button if button.label == label]
    button.click().run()
    assert not page.exception
    return page


def test_a_visitor_draws_nothing_and_writes_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("NUMERIQUE_DEPOT", str(tmp_path))
    monkeypatch.delenv("NUMERIQUE_EQUIPE_LOCALE", raising=False)
    page = opened()
    assert "Votre connexion a expiré" in page.error[0].value
    assert not page.button
    assert not page.text_input
    for write in (lambda: editing._save(CREUSE, None), lambda: editing._save_new(CREUSE)):
        with pytest.raises(PermissionError):
            write()
    with pytest.raises(PermissionError):
        editing._delete(editing.Begun("creuse", CREUSE, 1))
    assert open_store() is None


def test_the_shipped_sequence_is_copied_under_another_title_and_presented(team):
    page = opened()
    assert page.text_input[0].value == "Numérique et territoires (copie)"
    page.text_input[0].set_value("Numérique & territoires : la Creuse").run()
    press(page, "Enregistrer")
    assert page.query_params["sequence"] == "numerique-territoires-la-creuse"
    assert "la page la présente" in page.success[0].value
    (kept,) = list_sequences(open_store())
    assert (kept.title, kept.version, kept.saved_by) == (
        "Numérique & territoires\u202f: la Creuse", 1, "poste local",
    )  # fmt: skip
    found = read_sequence(open_store(), kept.id).sequence
    assert found.steps == load_sequence().steps
    # Saved again, it is the same sequence, whatever its title has become.
    page.text_input[0].set_value("La Creuse").run()
    press(page, "Enregistrer")
    (kept,) = list_sequences(open_store())
    assert (kept.id, kept.title, kept.version) == ("numerique-territoires-la-creuse", "La Creuse", 2)


@pytest.mark.parametrize(("title", "said"), [("", "ajoutez"), ("a" * 121, "121 caractères"), ("…", "«\u202fid\u202f»")])
def test_what_is_wrong_is_told_before_anything_is_saved(team, title, said):
    page = opened()
    page.text_input[0].set_value(title).run()
    assert said in page.error[0].value
    (button,) = [button for button in page.button if button.label == "Enregistrer"]
    assert button.disabled


def test_the_title_of_the_shipped_sequence_is_not_taken(team):
    page = opened()
    page.text_input[0].set_value("Atelier").run()
    press(page, "Enregistrer")
    assert "donnez-en un autre" in page.error[0].value
    assert list_sequences(open_store(create=True)) == ()


def test_what_a_colleague_saved_meanwhile_is_not_undone(team):
    store = open_store(create=True)
    save_sequence(store, CREUSE, "bob@exemple.fr", None)
    page = opened("creuse")
    save_sequence(store, sequence_from({"id": "creuse", "titre": "De Bob", "etape": [{"titre": "a"}]}), "Bob", 1)
    page.text_input[0].set_value("D’Ana").run()
    assert "Bob" in page.warning[0].value
    press(page, "Enregistrer")
    assert "sous un autre titre" in page.error[0].value
    assert read_sequence(store, "creuse").title == "De Bob"
    # Nothing of hers is lost: she saves it as another one.
    assert page.text_input[0].value == "D’Ana"
    press(page, "Enregistrer comme une nouvelle séquence")
    assert {one.id: one.title for one in list_sequences(store)} == {"creuse": "De Bob", "d-ana": "D’Ana"}
    assert read_sequence(store, "d-ana").sequence.steps == STEPS


def test_one_begins_again_with_what_a_colleague_saved(team):
    store = open_store(create=True)
    save_sequence(store, CREUSE, "Bob", None)
    page = opened("creuse")
    save_sequence(store, sequence_from({"id": "creuse", "titre": "De Bob", "etape": [{"titre": "a"}]}), "Bob", 1)
    page.run()
    press(page, "Abandonner et recharger")
    assert page.text_input[0].value == "De Bob"
    assert not page.warning


def test_a_sequence_is_deleted_and_one_that_is_gone_can_be_saved_again(team):
    store = open_store(create=True)
    save_sequence(store, CREUSE, "Bob", None)
    page = press(opened("creuse"), "Supprimer cette séquence")
    assert list_sequences(store) == ()
    assert "sequence" not in page.query_params
    assert "supprimée" in page.success[0].value
    again = save_sequence(store, CREUSE, "Bob", None)
    page = opened("creuse")
    delete_sequence(store, "creuse", "Bob", again.version)
    press(page, "Enregistrer")
    assert "a été supprimée" in page.error[0].value
    press(page, "Enregistrer comme une nouvelle séquence")
    assert [one.title for one in list_sequences(store)] == [CREUSE.title]


def test_a_file_is_brought_back(team):
    page = opened()
    page.file_uploader[0].set_value(("sequence-creuse.toml", written(CREUSE).encode(), "application/toml")).run()
    assert not page.exception
    assert [field.value for field in page.text_input] == ["Atelier de la Creuse", "Guéret"]
    press(page, "Enregistrer")
    (kept,) = list_sequences(open_store())
    assert read_sequence(open_store(), kept.id).sequence == replace(CREUSE, id="atelier-de-la-creuse")
    # It is now a saved one, no longer the file.
    assert "Supprimer cette séquence" in [button.label for button in page.button]


def test_a_file_that_is_no_sequence_is_refused_with_each_of_its_faults(team):
    page = opened()
    content = "titre = 'a'\n[[etape]]\ntitre = 'Un'\nvue = '/atelier'\n[[etape]]\nnotes = 'b'\n"
    page.file_uploader[0].set_value(("a.toml", content.encode(), "application/toml")).run()
    assert not page.exception
    told = page.error[0].value
    assert "ligne 2" in told
    assert "ligne 5" in told
    # A presentation does not present itself.
    assert "qui n’est pas une page" in told
    assert page.text_input[0].value == "Numérique et territoires (copie)"


def test_rows_of_the_table_are_steps_in_the_order_of_their_numbers():
    rows = editing.rows_of(CREUSE)
    assert list(rows.columns) == [editing.ORDER, *editing.FIELDS.values()]
    content = {"titre": CREUSE.title, "sous_titre": CREUSE.subtitle, "id": "creuse"}
    assert sequence_from({**content, "etape": editing.entries_of(rows)}) == CREUSE
    # The last one moved before the second; one added without a number; one left empty.
    rows.loc[2, editing.ORDER] = 1.5
    rows.loc[3, editing.FIELDS["titre"]] = "Ajoutée"
    rows.loc[4, editing.ORDER] = 1
    told = [given["titre"] for given in editing.entries_of(rows)]
    assert told == [STEPS[0].title, STEPS[2].title, STEPS[1].title, "Ajoutée"]
    assert editing.entries_of(rows)[1]["texte"] == ["Une ligne.", "Une autre."]


def test_each_figure_of_the_shipped_sequence_is_on_its_page():
    shown = {}
    for step in load_sequence(sequences.PAGES).steps:
        if step.figure:
            shown.setdefault((step.page, step.query), set()).add(step.figure)
    assert len(shown) == 9
    for (page, query), named in shown.items():
        visited = seen(page, urlencode(query))
        assert not visited.exception
        figures = {expander.proto.id.split("-", 2)[2].removeprefix("donnees-") for expander in visited.expander}
        assert named <= figures
        assert "Trop peu de réponses" not in words(visited)
