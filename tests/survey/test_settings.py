"""A file of settings that cannot be read is refused with a sentence that says where and what to do."""

import pytest

from lib.survey.advice import AdviceError
from lib.survey.engagement import EngagementError
from lib.survey.settings import SettingsError, read_settings
from lib.survey.support import SupportError

NARROW = "\u202f"


def refused(path):
    with pytest.raises(SupportError) as told:
        read_settings(path, SupportError)
    return str(told.value).replace(NARROW, " ")


def test_the_content_is_returned_as_it_is(tmp_path):
    path = tmp_path / "essai.toml"
    path.write_text('[cost]\nkm = 1\nnames = ["a"]\n', encoding="utf-8")
    assert read_settings(path, SettingsError) == {"cost": {"km": 1, "names": ["a"]}}


def test_a_missing_file_is_named(tmp_path):
    assert (
        refused(tmp_path / "essai.toml") == "data/essai.toml : fichier introuvable ou illisible. Remettez-le en place."
    )


def test_another_encoding_is_said(tmp_path):
    (tmp_path / "essai.toml").write_bytes("nom = 'é'".encode("latin-1"))
    assert refused(tmp_path / "essai.toml") == "data/essai.toml : enregistrez ce fichier en UTF-8."


@pytest.mark.parametrize(
    ("text", "where"),
    [("a = 1\nb 2\n", "à la ligne 2, colonne 3"), ("a = [1,\n", "à la fin"), ("a = 1\na = 2", "à la")],
)
def test_a_fault_of_writing_is_placed(tmp_path, text, where):
    (tmp_path / "essai.toml").write_text(text, encoding="utf-8")
    said = refused(tmp_path / "essai.toml")
    assert said.startswith(f"data/essai.toml : l’écriture est fautive {where}")
    assert "un guillemet, un crochet ou un signe « = »" in said


@pytest.mark.parametrize("refusal", [AdviceError, EngagementError, SupportError])
def test_every_file_of_rules_is_refused_as_settings(refusal):
    assert issubclass(refusal, SettingsError)
