"""Check that every territory is found by what a visitor may type of it, and that no text whatever does harm."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.territory.naming import strict_key
from lib.territory.reference import load_former_communes, load_reference, load_region
from lib.territory.search import LONGEST_TEXT, formerly, label, search

# Names and codes of the shipped region.
pytestmark = pytest.mark.shipped_region

PAYS, OTHER_PAYS, SYNDICAT = "pays:val-de-sevre", "pays:perigord-vert", "syndicat:gironde-numerique"
STRUCTURES = {
    PAYS: "Pays du Val de Sèvre",
    OTHER_PAYS: "PETR du Périgord vert",
    SYNDICAT: "Syndicat mixte Gironde numérique",
    "autre:200012345": "L’atelier",
}

BORDEAUX, BORDEAUX_METROPOLE, GUERET, GRAND_GUERET = "33063", "243300316", "23096", "200034825"
LA_ROCHELLE, AGGLO_LA_ROCHELLE, ROCHEFORT = "17300", "241700434", "17299"
SAINT_JEAN_D_ANGELY, THOUARSAIS, COBAS = "17347", "247900798", "243300563"
BRIVE, AGGLO_BRIVE, LA_BOIXE = "19031", "200043172", "16393"


def names(codes):
    return [str(load_reference()["nom"][code]) for code in codes]


def test_every_territory_is_found_by_its_name_and_homonyms_before_all_others():
    nom = load_reference()["nom"].astype(str)
    homonyms = nom.index.to_series().groupby(nom.map(strict_key)).agg(set)
    for typed in sorted(set(nom)):
        same = homonyms[strict_key(typed)]
        assert set(search(typed)[: len(same)]) == same, typed


def test_every_territory_is_found_by_its_name_in_capitals_without_accents_nor_hyphens():
    for code, nom in load_reference()["nom"].astype(str).items():
        assert code in search(strict_key(nom).upper()), nom


def test_a_territory_is_the_first_that_its_own_line_finds():
    reference = load_reference()
    communes = reference.index[reference["type"] == "commune"]
    for code in [*communes[::4], *reference.index.difference(communes)]:
        assert search(label(code))[0] == code, label(code)


def test_every_territory_is_found_by_its_code_and_its_siren():
    territories = load_reference()
    for code, siren in territories["siren"].items():
        assert code in search(code)
        if isinstance(siren, str):
            assert search(siren) == (code,)


def test_every_commune_is_found_by_each_of_its_postal_codes():
    for code, numbers in load_reference()["codes_postaux"].items():
        assert all(code in search(number) for number in numbers)


def test_every_former_commune_leads_to_the_one_of_today():
    former = load_former_communes()
    lost = [
        (nom, code)
        for nom, code in zip(former["nom"], former["code_actuel"], strict=True)
        if code not in search(nom, limit=20)
    ]  # fmt: skip
    assert lost == []


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("gueret", [GUERET, GRAND_GUERET]),
        ("GUÉRET", [GUERET, GRAND_GUERET]),
        ("mairie de Guéret", [GUERET]),
        ("la rochelle", [LA_ROCHELLE, AGGLO_LA_ROCHELLE]),
        ("larochelle", [LA_ROCHELLE]),
        ("la roch", [LA_ROCHELLE, AGGLO_LA_ROCHELLE]),
        ("agglo la rochelle", [AGGLO_LA_ROCHELLE]),
        ("bord", [BORDEAUX, BORDEAUX_METROPOLE]),
        ("bordeaux", [BORDEAUX, BORDEAUX_METROPOLE]),
        ("bordeaux metropole", [BORDEAUX_METROPOLE]),
        ("saint jean d'angely", [SAINT_JEAN_D_ANGELY]),
        ("st jean d angely", [SAINT_JEAN_D_ANGELY]),
        ("Saint-Jean-d’Angély", [SAINT_JEAN_D_ANGELY]),
        ("jean angely", [SAINT_JEAN_D_ANGELY]),
        ("saint-jean-d'ang", [SAINT_JEAN_D_ANGELY]),
        ("communauté de communes du thouarsais", [THOUARSAIS]),
        ("thouarsais", [THOUARSAIS]),
        ("cobas", [COBAS]),
        ("bassin d'arcachon sud", [COBAS]),
        ("gironde", ["33"]),
        ("33", ["33"]),
        ("département 33", ["33"]),
        ("departement de la gironde", ["33"]),
        ("landes", ["17202", "40"]),  # A commune of Charente-Maritime, and the département.
        ("département des Landes", ["40"]),
        ("Corrèze (19)", ["19", "19062"]),
        ("correze", ["19062", "19"]),
    ],
)
def test_the_likeliest_comes_first(typed, first):
    assert list(search(typed)[: len(first)]) == first


def test_what_begins_with_the_text_is_in_the_order_of_the_largest_towns():
    assert search("roche")[:4] == (LA_ROCHELLE, AGGLO_LA_ROCHELLE, ROCHEFORT, "200041762")
    # With its article, La Rochelle and La Rochefoucauld are meant before Rochefort.
    found = names(search("la roche", limit=50))
    assert found.index("La Roche-Posay") < found.index("Rochefort")


def test_an_agglomeration_called_by_its_town_comes_after_the_town():
    assert search("brive")[:2] == (BRIVE, AGGLO_BRIVE)
    assert search("agglo de brive")[0] == AGGLO_BRIVE


def test_what_the_text_says_to_be_an_intercommunalite_is_one():
    assert set(names(search("cc médoc"))) == {
        "CC Médoc Estuaire",
        "CC Médoc Coeur de Presqu'île",
        "CC Médoc Atlantique",
    }  # fmt: skip


def test_all_the_words_are_held_in_any_order():
    assert names(search("sauveur saint"))[0] == "Saint-Sauveur-d'Aunis"
    assert search("lot villeneuve")[0] == search("Villeneuve-sur-Lot")[0]


def test_a_place_beside_the_name_brings_forward_what_is_there():
    assert search("saint-sauveur (33)")[0] == search("saint sauveur, gironde")[0] == "33471"
    assert search("saint-sauveur 24520")[0] == "24499"
    assert search("saint sauveur gironde")[0] == "33471"
    assert search("23000 Guéret")[0] == GUERET


def test_a_postal_code_gives_all_the_communes_it_serves_the_most_populated_first():
    reference = load_reference()
    served = reference.index[reference["codes_postaux"].map(lambda numbers: "64120" in numbers)]
    found = search("64120", limit=12)
    assert len(found) == len(served) == 34
    assert set(found) == set(served)
    assert list(reference["population"][list(found)]) == sorted(reference["population"][served], reverse=True)
    assert search(" 23 000 ") == search("23000")
    assert search("23000")[0] == GUERET


def test_a_number_that_is_a_postal_code_and_an_insee_code_is_both():
    # 17300 is the postal code of Rochefort and the INSEE code of La Rochelle.
    assert search("17300")[0] == ROCHEFORT
    assert search("17300")[-1] == LA_ROCHELLE


def test_the_beginning_of_a_postal_code_is_read_from_four_digits_on():
    assert search("2300")[0] == GUERET
    assert len(search("2300")) == 12
    assert search("230") == search("3") == ()


@pytest.mark.parametrize("typed", ["243 300 316", "243300316", "24330031600011", "243.300.316"])
def test_a_siren_or_a_siret_is_read_however_it_is_spaced(typed):
    assert search(typed) == (BORDEAUX_METROPOLE,)


@pytest.mark.parametrize("typed", ["99999", "75056", "123456789", "2A004", "00"])
def test_a_number_of_elsewhere_finds_nothing(typed):
    assert search(typed) == ()


def test_a_former_commune_leads_to_today_s_and_says_so():
    assert search("vars")[0] == LA_BOIXE
    assert formerly("vars", LA_BOIXE) == "Vars"
    assert formerly("montignac char", LA_BOIXE) == "Montignac-Charente"
    # Its own name answers, or nothing of the past does.
    assert formerly("la boixe", LA_BOIXE) == ""
    assert formerly("vars", BORDEAUX) == formerly("", LA_BOIXE) == formerly("vars", PAYS) == ""
    # Code INSEE of Vars.
    assert search("16393")[0] == LA_BOIXE


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Bordaux", BORDEAUX),
        ("gueretr", GUERET),
        ("la rochele", LA_ROCHELLE),
        ("saint jena d'angely", SAINT_JEAN_D_ANGELY),
        ("comunauté de communes du thouarsais", THOUARSAIS),
        ("cc du touarsais", THOUARSAIS),
        ("mérignc", "33281"),
        ("st j de luz", "64483"),
        ("CARA Royan", "241700640"),
        ("départment 33", "33"),
    ],
)
def test_typing_errors_and_short_forms_are_understood(typed, meant):
    assert search(typed)[0] == meant


def test_structures_are_found_among_the_others():
    assert search("val de sèvre", STRUCTURES)[0] == PAYS
    assert search("pays du val de sevre", STRUCTURES) == (PAYS,)
    assert search("perigord vert", STRUCTURES)[0] == OTHER_PAYS
    assert search("gironde num", STRUCTURES) == (SYNDICAT,)
    assert search("gironde", STRUCTURES)[0] == "33"
    assert SYNDICAT in search("gironde", STRUCTURES)
    assert search("atelier", STRUCTURES) == search("200012345", STRUCTURES) == ("autre:200012345",)
    assert not {*search("perigord vert"), *search("gironde num")} & set(STRUCTURES)


def test_an_earlier_year_has_its_own_list():
    (year, *_) = load_region().earlier
    assert search("guéret", millesime=year)[0] == GUERET
    assert label(GUERET, year) == label(GUERET)
    with pytest.raises(ValueError, match="1999"):
        search("guéret", millesime=1999)


def test_the_limit_is_kept():
    assert len(search("saint")) == 12
    assert search("saint", limit=3) == search("saint")[:3]
    assert search("gueret", limit=0) == ()


@pytest.mark.parametrize("typed", ["", "   ", "\u202f", "·", "()", "-", "…", "🙂", "\x00", "'; --"])
def test_a_text_without_letters_finds_nothing(typed):
    assert search(typed, STRUCTURES) == ()


def test_what_follows_the_hundredth_character_is_not_read():
    assert search(" " * (LONGEST_TEXT - 8) + "bordeaux" + " metropole") == search("bordeaux")
    assert search("x" * 100_000) == ()


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=130), st.text(string.printable + "éèçœ·«»’–\u202f", max_size=130)))
def test_any_text_is_safe(typed):
    found = search(typed, STRUCTURES)
    assert set(found) <= {*load_reference().index, *STRUCTURES}
    assert len(found) == len(set(found))
    assert all(label(code, structures=STRUCTURES) and formerly(typed, code) is not None for code in found)


@pytest.mark.parametrize(
    ("code", "line"),
    [
        (GUERET, "Guéret (23000) · commune, Creuse"),
        (BORDEAUX, "Bordeaux (33000) · commune, Gironde"),  # The first of several postal codes.
        (BORDEAUX_METROPOLE, "Bordeaux Métropole · métropole, Gironde"),
        (GRAND_GUERET, "CA du Grand Guéret · communauté d’agglomération, Creuse"),
        ("200066744", "CC Haute-Corrèze Communauté · communauté de communes, Corrèze et Creuse"),
        ("248719312", "CU Limoges Métropole · communauté urbaine, Haute-Vienne"),
        ("33", "Gironde (33) · département"),
        (PAYS, "Pays du Val de Sèvre · pays"),
        (SYNDICAT, "Syndicat mixte Gironde numérique · syndicat"),
        ("autre:200012345", "L’atelier · autre structure"),
    ],
)
def test_a_line_says_what_a_territory_is_and_where(code, line):
    assert label(code, structures=STRUCTURES) == line


@pytest.mark.parametrize("code", ["", "99999", PAYS])
def test_an_unknown_territory_has_no_line(code):
    with pytest.raises(KeyError):
        label(code)
