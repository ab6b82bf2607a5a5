"""The list of editions: described by files, the latest first, read from the folder that the environment names."""

from datetime import date

import pytest

from lib.survey.edition import load_edition
from lib.survey.editions import SHIPPED, data_folder, describe, list_editions
from lib.survey.reading.table import SurveyFileError

DESCRIPTION = """
id = "{id}"
title = "Édition {id}"
simulated = false
fitted = false
collected = "mars"
started = {started}
millesime = 2026
answers = "{id}.csv"
codebook = "questions.toml"
"""


def write(folder, id, started, name=None):
    path = folder / (name or f"edition-{id}.toml")
    path.write_text(DESCRIPTION.format(id=id, started=started), encoding="utf-8")
    return path


def test_the_shipped_editions_are_two_the_latest_first():
    listed = list_editions()
    assert list(listed) == ["simulee-2026", "simulee-2025"]
    assert [edition.millesime for edition in listed.values()] == [2026, 2025]
    assert all(edition.simulated and edition.answers.is_file() for edition in listed.values())
    assert load_edition().id == "simulee-2026"
    assert load_edition("simulee-2025").title == "Édition simulée 2025"


def test_no_answer_is_read_to_list_editions(tmp_path):
    # Neither the answers nor the questionnaires are there.
    write(tmp_path, "a", "2024-05-01")
    write(tmp_path, "b", "2026-01-31")
    write(tmp_path, "c", "2025-12-31", name="edition.toml")
    listed = list_editions(tmp_path)
    assert list(listed) == ["b", "c", "a"]
    assert listed["c"].started == date(2025, 12, 31)
    assert listed["c"].answers == tmp_path / "c.csv"
    assert listed["c"].path == tmp_path / "edition.toml"


def test_the_environment_names_the_folder(tmp_path, monkeypatch):
    assert data_folder() == SHIPPED
    monkeypatch.setenv("NUMERIQUE_DATA", str(tmp_path))
    write(tmp_path, "a", "2024-05-01")
    assert list(list_editions()) == ["a"]
    monkeypatch.setenv("NUMERIQUE_DATA", "")
    assert data_folder() == SHIPPED


def test_an_unknown_edition_is_a_key_error():
    with pytest.raises(KeyError, match="inconnue"):
        load_edition("inconnue")


def test_a_folder_without_editions_is_refused(tmp_path):
    with pytest.raises(SurveyFileError, match="Aucune édition"):
        list_editions(tmp_path)


def test_two_editions_of_one_id_are_refused(tmp_path):
    write(tmp_path, "a", "2024-05-01")
    write(tmp_path, "a", "2025-05-01", name="edition.toml")
    with pytest.raises(SurveyFileError, match="même « id »"):
        list_editions(tmp_path)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('title = "Édition a"', "", "champ absent ou inconnu\u202f: title"),
        ("simulated", "simulee", "champ absent ou inconnu\u202f: simulated, simulee"),
        ("started = 2025-05-01", 'started = "mai"', "autre nature qu’attendu\u202f: started"),
        ("simulated = false", "simulated = 0", "autre nature qu’attendu\u202f: simulated"),
        ("millesime = 2026", "millesime = 2019", "pas de liste des territoires de 2019"),
        ("codebook = ", "codebook ", "n’est pas un fichier TOML lisible"),
    ],
)
def test_a_faulty_description_is_refused_with_the_fault(tmp_path, before, after, said):
    path = write(tmp_path, "a", "2025-05-01")
    path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    with pytest.raises(SurveyFileError, match=said):
        describe(path)
