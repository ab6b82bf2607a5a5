"""French formats: expected texts are written by hand from the rules of French typography."""

import re

import pytest

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


@pytest.mark.parametrize(
    "text",
    [
        "EPCI (CC, CA, CU, métropole)",
        "Pas de stratégie\u202f; 30\u202f% des répondants (126 sur 420\u202f; marge de 26\u202f% à 34\u202f%).",
        "−7 points, de 18 à 25 ans, 0-5 ans, n\u202f<\u202f3, 50 000 hab. et plus",
        "Élu·e ou agent·e\u202f: «\u202fne sait pas\u202f» – 2,5 / 10 & plus…",
        "CODE_INSEE du territoire",
        "+12 points",
        "2026",
    ],
)
def test_an_ordinary_french_text_needs_nothing_to_be_plain(text):
    assert formats.plain(text) == text


# ¦ stands for the invisible sign. Each is what Markdown, or Streamlit after it, would have read.
@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("**a** _b_ __c__ ~~d~~ `e`", r"\*\*a\*\* \_b\_ \_\_c\_\_ \~\~d\~\~ \`e\`"),
        (r"a\*b", r"a\\\*b"),
        ("$x$ et 5 $", r"\$x\$ et 5 \$"),
        ("[a](http://b.c)", "¦[a]¦(http:¦//b.c)"),
        ("un [a](b) [c][d] [e]: f", "un [a]¦(b) [c]¦[d] [e]¦: f"),
        ("![a](b)", "!¦[a]¦(b)"),
        ("<b>a</b> <!-- --> <a@b.fr> <?x?>", "<¦b>a<¦/b> <¦!-- --> <¦a@¦b.fr> <¦?x?>"),
        ("&lt; &#60; R&D", "&¦lt; &¦#60; R&¦D"),
        ("www.a.fr WWW.a.fr http://a.fr a@b.fr", "www¦.a.fr WWW¦.a.fr http:¦//a.fr a@¦b.fr"),
        (":red[a] b:c[d] e:é{f=g}", r"\:¦red[a] b\:¦c[d] e\:¦é{f=g}"),
        (":material/home: :+1: a:b", ":¦material/home: :¦+1: a:¦b"),
        ("::a[b]", r":\:¦a[b]"),
        (":::a", "¦:::¦a"),
        ("a -> b <- c -- d >= e <= f ~= g <-> h", r"a -¦> b <¦- c -¦- d >¦= e <¦= f \~¦= g <¦-> h"),
        ("# a", "¦# a"),
        ("> a", "¦> a"),
        ("- a", "¦- a"),
        ("+ a", "¦+ a"),
        ("--- ", "¦---"),
        ("=== a", "¦=== a"),
        ("1. a", "¦1. a"),
        ("12) a", "¦12) a"),
        ("| a", "¦| a"),
        ("[ ] a", "¦[ ] a"),
        # It would close the brackets around the text, or open some.
        ("a] b", r"a\] b"),
        ("a [b", r"a \[b"),
        ("a\n# b\r\n\tc  ", "a # b c"),
        ("a\u202eb\u2066c", "abc"),
        ("", ""),
    ],
)
def test_a_text_is_made_plain_with_as_little_as_it_takes(text, escaped):
    assert formats.plain(text) == escaped.replace("¦", "\u2060")


def test_a_plain_text_reads_as_the_text():
    text = "[a](b) **c** :red[d] \U0001f600 :+1: <e> www.f.fr $g$ h_ -- i] \\"
    read = re.sub(r"\\(.)", r"\1", formats.plain(text).replace("\u2060", ""))
    assert read == text


def test_braces_are_literal_in_a_template():
    assert f"{{part}} {formats.literal('{x} {0.__class__}')}".format(part="30") == "30 {x} {0.__class__}"
