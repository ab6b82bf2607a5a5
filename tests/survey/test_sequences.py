"""The sequences of a workshop: what the shipped one says, what is read from an address, and every fault in French."""

import random

import pytest

from lib.survey.normalisation import normalise
from lib.survey.published import load_published
from lib.survey.sequences import (
    MOST_STEPS,
    SequenceError,
    Step,
    identifier,
    load_sequence,
    parse,
    sequence_from,
    written,
)

NARROW = "\u202f"
PAGES = ("synthese", "strategies", "thematiques")


def step(more="", title="Où en est-on ?"):
    return f'\n[[etape]]\ntitre = "{title}"\n{more}\n'


def read(*steps, head='titre = "Essai"'):
    return parse("\n".join([head, *steps]), PAGES)


def only(more):
    (found,) = read(step(more)).steps
    return found


def faults(text):
    with pytest.raises(SequenceError) as told:
        parse(text, PAGES)
    return [fault.replace(NARROW, " ") for fault in told.value.faults]


def test_the_shipped_sequence_is_a_story_with_a_question_and_notes_at_each_step():
    shipped = load_sequence()
    assert 14 <= len(shipped.steps) <= 16
    for told in shipped.steps:
        assert told.figure or told.lines
        assert told.question.endswith(f"{NARROW}?")
        assert 2 <= len(told.notes.replace("?", ".").split(". ")) <= 5
        # Figures change with the selection and the edition: a title holds none.
        assert not any(letter.isdigit() for letter in told.title)


def test_the_shipped_sequence_quotes_the_published_recommendations():
    said = [tuple(map(normalise, told.lines)) for told in load_sequence().steps]
    for group in load_published().recommendations:
        assert tuple(map(normalise, group.items)) in said


def test_a_step_is_read_from_the_address_of_a_page():
    found = only(
        'vue = "/strategies?groupe=taille&departement=33&departement=2A&face-a=x"\nfigure = "strategies-carte"'
    )
    assert found == Step(
        f"Où en est-on{NARROW}?",
        page="strategies",
        query=(("groupe", "taille"), ("departement", "33"), ("departement", "2A"), ("face-a", "x")),
        figure="strategies-carte",
    )
    assert found.address == "/strategies?groupe=taille&departement=33&departement=2A&face-a=x"


@pytest.mark.parametrize(
    ("address", "page", "query"),
    [
        ("https://enquete.example/strategies?unite=repondants", "strategies", (("unite", "repondants"),)),
        ("https://enquete.example/tableau/de/bord/strategies#carte", "strategies", ()),
        ("https://enquete.example/tableau/?type=epci", "", (("type", "epci"),)),
        ("https://enquete.example", "", ()),
        ("strategies", "strategies", ()),
        ("/", "", ()),
        ("/synthese", "", ()),
        ("/strategies?code=pays%3Aperigord-vert", "strategies", (("code", "pays:perigord-vert"),)),
        ("/strategies?groupe=", "strategies", ()),
    ],
)
def test_an_address_is_understood_whole_or_not(address, page, query):
    found = only(f'vue = "{address}"')
    assert (found.page, found.query) == (page, query)


def test_texts_get_french_spaces_and_apostrophes_and_codes_do_not():
    found = only('notes = """\nL\'essai : « oui » ou non ?\n\nA 30 %.  """\ntexte = ["", "  Qu\'est-ce ;  ceci "]')
    assert found.notes == f"L’essai{NARROW}: «{NARROW}oui{NARROW}» ou non{NARROW}?\n\nA 30{NARROW}%."
    assert found.lines == (f"Qu’est-ce{NARROW}; ceci",)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("figures = 1", "le champ « figures » est inconnu ; attendus : titre, vue, figure"),
        ("notes = 3", "« notes » est un texte, entre guillemets"),
        ('texte = "une ligne"', "« texte » est une liste de textes"),
        ("texte = [1]", "« texte » est une liste de textes"),
        (f"texte = {['a'] * 13}", "« texte » a 13 lignes, 12 au plus"),
        (f'question = "{"a" * 301}"', "« question » compte 301 caractères, 300 au plus"),
        ('question = "a\\u202Eb"', "« question » contient un caractère invisible"),
        ('figure = "strategies-carte"', "donnez aussi « vue »"),
        ('vue = "/strategies"\nfigure = "la carte"', "« figure » est un nom tel que « strategies-carte »"),
        ('vue = "/strategie"', "« vue » mène à « strategie », qui n’est pas une page ; il y a strategies, synthese"),
        ('vue = "https://enquete.example/tableau"', "« vue » mène à « tableau », qui n’est pas une page"),
        ('vue = "/strategies?groupe=<b>"', "un paramètre que le tableau de bord n’écrit pas, « groupe=<b> »"),
        ('vue = "/strategies?groupe=a%0Ab"', "n’écrit pas, « groupe=a b »"),
        ('vue = "javascript:alert(1)"', "« vue » n’est pas l’adresse d’une page"),
        ('vue = "https://[::1"', "« vue » n’est pas une adresse"),
        ('devinette = "part"', "une devinette porte sur une figure"),
        ('vue = "/"\nfigure = "f"\ndevinette = "quiz"', "« devinette » est « part » ou « choix », et non « quiz »"),
        ('vue = "/"\nfigure = "f"\ndevinette = "choix"\nligne = "Non"', "« ligne » dit quelle part deviner"),
        ('vue = "/"\nfigure = "f"\ntexte = ["a"]', "une étape montre une figure ou un texte"),
    ],
)
def test_a_fault_is_told_with_its_step_and_its_line(more, said):
    (told,) = faults('titre = "Essai"\n' + step() + step(more, title="Deux"))
    assert told.startswith("Étape 2 (« Deux », ligne 7) : ")
    assert said in told
    assert told.endswith(".")


def test_every_fault_is_told_at_once():
    told = faults("id = 'Un Deux'\ntitre = 'Essai'\n" + step("a = 1") + "\n[[etape]]\nnotes = 'a'\n" + step())
    assert [sentence.split(" : ")[0] for sentence in told] == [
        "En tête",
        "Étape 1 (« Où en est-on ? », ligne 4)",
        "Étape 2 (ligne 8)",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("titre = 'Essai'", "En tête : il manque les étapes, chacune sous [[etape]]."),
        ("titre = 'Essai'\netape = 3", "En tête : il manque les étapes"),
        ("titre = 'Essai'\netape = [1]", "Étape 1 : écrivez-la sous [[etape]]"),
        (step(), "En tête : ajoutez « titre »."),
        ("titre = '!'" + step(), "En tête : « id » s’écrit en minuscules"),
        ("titre = 'Essai'" + step() * (MOST_STEPS + 1), f"il y a 61 étapes, {MOST_STEPS} au plus"),
        ("titre = 'Essai'\nid : 3\n", "L’écriture est fautive à la ligne 2, colonne 4"),
        ("a = " + "[" * 5000, "n’est pas une séquence écrite en TOML"),
        ("a = " + "9" * 5000, "n’est pas une séquence écrite en TOML"),
        ("#" * 300_001, "trop long"),
        (b"titre = '\xe9'", "UTF-8"),
    ],
)
def test_a_file_that_is_no_sequence_is_refused_in_words(text, said):
    told = faults(text)
    assert said in told[0]
    assert len(told) == 1


def test_a_file_with_a_mark_of_its_encoding_is_read():
    assert parse(("\ufefftitre = 'Essai'" + step()).encode(), PAGES) == read(step())


def test_the_shipped_file_is_refused_by_its_name(tmp_path):
    path = tmp_path / "atelier.toml"
    path.write_text("titre = 'Essai'" + step("a = 1"), encoding="utf-8")
    with pytest.raises(SequenceError, match=r"^data/atelier\.toml, étape 1 \(.*ligne 2\).*est inconnu"):
        load_sequence(PAGES, path)
    with pytest.raises(SequenceError, match="introuvable"):
        load_sequence(PAGES, tmp_path / "rien.toml")


def test_what_is_written_reads_the_same():
    shipped = load_sequence()
    assert parse(written(shipped)) == shipped
    # Texts of what would end a string, a line or a comment, and of what looks like a step.
    parts = [
        '"',
        "\\",
        "'",
        '"""',
        "#",
        "\\u0041",
        "é",
        "’",
        "«",
        " ",
        "?",
        "[[etape]]",
        "= 1",
        "\u202f",
        "🗺️",
        "a",
        "\t",
    ]
    drawn = random.Random(6)

    def text(most=12):
        return "a" + "".join(drawn.choices(parts, k=drawn.randrange(most)))

    for _ in range(200):
        entries = [
            {"titre": text(), "vue": "/strategies?a=1&a=2", "figure": "f", "devinette": "part", "ligne": text(),
             "notes": f"{text()}\n{text()}", "question": text()},
            {"titre": text(), "texte": [text(), text()]},
            {"titre": text(), "vue": "/"},
        ]  # fmt: skip
        made = sequence_from({"titre": text(), "sous_titre": text(), "etape": entries, "id": "essai"}, PAGES)
        assert parse(written(made), PAGES) == made


@pytest.mark.parametrize(
    ("title", "id"),
    [
        ("Atelier de la Creuse, été 2026", "atelier-de-la-creuse-ete-2026"),
        (f"Chez nous{NARROW}? L’œuvre", "chez-nous-l-oeuvre"),
        ("a" * 39 + " b", "a" * 39),
        ("…", ""),
    ],
)
def test_an_id_is_made_of_the_title(title, id):
    assert identifier(title) == id
