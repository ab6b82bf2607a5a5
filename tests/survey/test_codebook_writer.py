"""A questionnaire written as TOML and read again: nothing is lost, whatever the texts hold."""

import tomllib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.survey.codebook import CodebookError, load_codebook, parse_codebook
from lib.survey.codebook_writer import write_codebook
from lib.survey.normalisation import normalise
from lib.survey.questionnaire import Codebook, Option, Parts, Question
from tests.survey.world import codebook

TYPE = Question("type", "single", "Type", "Type", options=(Option("commune", "Commune"),))
NAME = Question("nom", "text", "Nom", "Nom")


def small(*questions, parts=Parts("type", "nom")):  # noqa: B008 (a frozen value)
    return Codebook("petit", "Petit", parts, (TYPE, NAME, *questions))


@pytest.mark.parametrize("written", [codebook(), load_codebook()], ids=["small", "shipped"])
def test_a_questionnaire_is_read_again_as_it_was(written):
    assert parse_codebook(write_codebook(written).encode()) == written


def test_every_question_has_a_block_and_shared_options_are_written_once():
    text = write_codebook(codebook())
    assert text.count("[[questions]]") == len(codebook().questions)
    # « Fibre » is a row of two questions and an option of a third.
    assert text.count('"Fibre"') == 1
    assert tomllib.loads(text)["lists"] == {
        "niveau-rows": [{"code": "fibre", "label": "Fibre"}, {"code": "ecole", "label": "École d’aujourd’hui"}]
    }


def test_remarks_become_comments_beside_what_they_are_about():
    remarks = {"": "Ébauche.", "consent": "À COMPLÉTER\u202f: accord.", "nom": "Une remarque " + "longue " * 40}
    text = write_codebook(small(), remarks)
    lines = text.splitlines()
    assert "# Ébauche." in lines
    assert lines[lines.index("# À COMPLÉTER\u202f: accord.") + 1] == '# consent = ""'
    assert max(map(len, lines)) <= 120
    before = text[: text.index('id = "nom"')].rpartition("\n\n")[2]
    assert before.startswith("# Une remarque longue")
    assert before.endswith("[[questions]]\n")
    assert parse_codebook(text.encode()) == small()


def test_a_part_that_is_required_and_empty_is_written_and_refused_by_the_reader():
    text = write_codebook(small(parts=Parts("", "nom")), {"territory_type": "À COMPLÉTER\u202f: type."})
    with pytest.raises(CodebookError, match="territory_type"):
        parse_codebook(text.encode())


def test_half_a_character_and_control_characters_do_not_break_the_file():
    odd = Question("odd", "text", "a\ud800\x00\x7f\u0085\u2028b", "Titre \udfff")
    read = parse_codebook(write_codebook(small(odd), {"odd": "avant\x00après\nligne"}).encode())
    assert read["odd"].text == "a\ufffd\x00\x7f\u0085\u2028b"


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40).filter(str.strip)


@given(text=texts, label=texts, code=texts.filter(lambda code: "/" not in code))
def test_no_text_breaks_the_file(text, label, code):
    options = (Option(code, label), Option(f"{code}2", f"{label} (2)", dont_know=True))
    if normalise(text) in ("type", "nom"):
        text += "…"
    one = Question("une", "multiple", text, "Une", options=options, other=True, other_text=f"{text} ?!")
    two = replace(one, id="deux", kind="single", text=f"{text} bis", other=False, other_text="", required=True)
    written = small(one, two)
    assert parse_codebook(write_codebook(written).encode()) == written
