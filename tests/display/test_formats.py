"""French formats: expected texts are written by hand from the rules of French typography."""

from lib.display import formats


def test_numbers_have_narrow_spaces_between_thousands_and_a_decimal_comma():
    assert formats.number(4293) == "4\u202f293"
    assert formats.number(999) == "999"
    assert formats.decimal(1234.56) == "1\u202f234,6"


def test_shares_have_a_decimal_only_from_a_thousand_answers():
    assert formats.percent(0.304, 420) == "30\u202f%"
    assert formats.percent(0.304, 1000) == "30,4\u202f%"
    assert formats.percent(float("nan")) == "–"
    assert formats.margin(0.26, 0.34) == "de 26\u202f% à 34\u202f%"
    assert formats.margin(float("nan"), 0.3) == "–"


def test_counts_take_the_french_plural_from_two():
    assert formats.counted(0, "répondant") == "0 répondant"
    assert formats.counted(1, "répondant") == "1 répondant"
    assert formats.counted(2, "territoire") == "2 territoires"
    assert formats.counted(2, "EPCI", "EPCI") == "2 EPCI"


def test_small_counts_are_hidden_but_zero_is_said():
    assert [formats.small_count(n) for n in (0, 1, 2, 3)] == ["0", formats.HIDDEN, formats.HIDDEN, "3"]


def test_words_join_as_a_french_list():
    assert formats.words([]) == ""
    assert formats.words(["a"]) == "a"
    assert formats.words(["a", "b", "c"]) == "a, b et c"
    assert formats.words(["a", "b"], "ou") == "a ou b"


def test_lower_first_keeps_acronyms():
    assert formats.lower_first("Inclusion numérique") == "inclusion numérique"
    assert formats.lower_first("EPCI de plus de 50 000 hab.") == "EPCI de plus de 50 000 hab."


def test_a_sentence_ends_with_one_full_stop():
    assert formats.closed("Communes et EPCI") == "Communes et EPCI."
    assert formats.closed("moins de 1 000 hab.") == "moins de 1 000 hab."
    assert formats.closed("De quoi ?") == "De quoi ?"
