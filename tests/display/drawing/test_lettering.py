"""Widths of Arial, as its own tables give them, and the lines that are cut by them."""

import pytest

from lib.display.drawing.lettering import fit_for_xml, lines, text_element, text_width, written

# In thousandths of the size: A 667, é as e 556, i 222, a space 278, a digit 556; in bold A 722, i 278.
WORD = "aaaa"  # 4 × 5.56 px at size 10


@pytest.mark.parametrize(
    ("text", "bold", "width"), [("Aé", False, 1223), ("Ai", True, 1000), ("1 2", False, 1390), ("", False, 0)]
)
def test_widths_are_those_of_the_typeface(text, bold, width):
    assert text_width(text, 1000, bold=bold) == width


def test_a_line_is_cut_at_its_spaces():
    # Two words and a space: 47,26 px.
    assert lines(f"{WORD} {WORD} {WORD}", 47.3, 10) == [f"{WORD} {WORD}", WORD]
    assert lines(f"{WORD} {WORD} {WORD}", 47.2, 10) == [WORD, WORD, WORD]
    assert lines("", 100, 10) == []


def test_french_spaces_hold_words_together_and_are_kept():
    together = f"{WORD}\u202f:"
    assert lines(f"{WORD} {together}", 47.3, 10) == [WORD, together]
    assert lines("4\u00a0293 mars", 1000, 10) == ["4\u00a0293 mars"]


def test_a_word_longer_than_the_line_is_cut_and_nothing_of_it_is_lost():
    # Ten letters hold in 56 px.
    assert lines("a" * 25, 56, 10) == ["a" * 10, "a" * 10, "a" * 5]


def test_the_first_line_leaves_room_for_what_stands_there():
    assert lines(f"{WORD} {WORD}", 50, 10, indent=20) == [WORD, WORD]
    assert lines(WORD, 50, 10, indent=40) == ["", WORD]


def test_what_xml_forbids_is_left_out_and_the_rest_is_escaped():
    assert written('<b>&"\x00\x0b\u202eé\ufffe') == "&lt;b&gt;&amp;&quot;é"
    assert fit_for_xml("<svg>\n\t</svg>") == "<svg>\n\t</svg>"


def test_a_long_text_says_its_length_so_that_another_typeface_does_not_cut_it():
    # Twenty letters of 5,56 px; a short text is left to itself.
    assert 'textLength="111.2"' in text_element("a" * 20, 0, 0, 10, "#000000")
    assert "textLength" not in text_element(WORD, 0, 0, 10, "#000000")
