"""Read the words that stand around the name of a territory: what kind of structure it is, who answers, where it is.
It knows how French authorities speak of themselves; which territories exist is known by `lib.territory.gazetteer`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from rapidfuzz.distance import OSA

from lib.territory.naming import ARTICLES, GENERIC, MOST_REMEMBERED, is_ville, strict_key, words

# Words that say who answers, or that a sentence is made of; never where.
_ROLES = """
accueil adjoint adjointe administratif administration administrative agent agents bonjour bonsoir bureau
cabinet ccas charge chargee chef cias collectivite com commerciale communal communale communication conseil
conseiller conseillere contact cordialement correspondant culture cyber delegue deleguee developpement dga dgs
dgst directeur direction directrice donnees dpd dpo drh dsi dsin dsit elu elue elus equipe eu fonctionnaire fr
france general generale generaux gestion gestionnaire historique hotel http https informatique informatiques
information informations ingenieur innovation je maire mairie mediatheque merci moyens municipal municipale
municipaux net nous nouvelle numerique numeriques org petite pole poste pour president presidente referent
referente repondons reponds responsable ressources reseau reseaux rh secretaire secretariat securite service
services si sig siege sommes suis systeme systemes tel telephone technicien technicienne technique techniques
transition travaille urbanisme usages vice village www nom aquitaine associee adresse rural rurale mes notre ma
charges civil depuis etat habitants m madame mission mlle mme monsieur mr mutualise
mutualisee mutualises population siret siren
"""
ROLES = frozenset(_ROLES.split())
# Those that may follow a name without being a part of it: « Bourg-Madame » and « Gironde numérique » are other names.
_ENDS = """
accueil administration ccas cias collectivite commune dga dgs dgst direction directeur directrice dpd dpo drh dsi dsin
dsit elu elue fr informatique informatiques mairie secretaire secretariat service siege technique techniques
"""
_AFTER = frozenset(_ENDS.split())
# Beside a role, what links it to a name.
_LINKS = ARTICLES | {"a", "au", "aux", "en", "dans", "chez", "sur", "y"}
_CIVILITY = re.compile(r"(m|mr|mme|mlle|monsieur|madame)\b")
# « DGNSI », « DSIN »: initials of a direction; a syndicat or an intercommunalité has others.
_DIRECTION = re.compile(r"D[A-Z]{2,5}")

# What a name is said to be, by the first of these words that it holds; `autre` is none of the official types.
_SAID = {
    "epci": r"\bcc\b|\bcom communes\b|\bca\b|\bcu\b|\bcdc\b|\bcda\b|\bcom ?com\b|\bcommunaute\b|\bagglo\b"
    r"|\bagglomeration\b|\bmetropole\b|\binterco\b|\bintercommunalite\b|\bepci\b|\bcommunautaire\b",
    "commune": r"\bmairies?\b|\bcommunes? (?:de|d|du|des|nouvelle|deleguee)\b|^commune\b|^ville (?:de|d|du|des)\b"
    r"|\b(?:la|notre) ville (?:de|d|du|des)\b|\bhotel de ville\b|\bmunicipalite\b|\bconseil municipal\b",
    "departement": r"\bconseil (?:departemental|general)\b|^(?:le )?departement\b|^cd ?\d\d\b|^cd (?:de|des|du)\b",
    "autre": r"^(?:le |la |l |les )?(?:syndicat|sivom|sivu|siaep|sictom|smictom|smd|sde|sdis|petr|pole d equilibre|parc"
    r"|pnr|prefecture|sous prefecture|region|conseil regional|canton|arrondissement|ecole|college|lycee|universite"
    r"|ehpad|hopital|centre hospitalier|chu|office|association|agence|chambre|cci|communes forestieres)\b",
}
_SAID_PATTERN = re.compile("|".join(f"(?P<{type}>{pattern})" for type, pattern in _SAID.items()))

# Long words of a structure that are often mistyped.
_MENDED = (
    *("agglomeration", "communaute", "commune", "communes", "conseil", "departement", "departemental"),
    *("intercommunalite", "mairie", "metropole", "municipalite", "secretariat", "syndicat"),
)

# Every département of France: a name followed by one of another region is not that of a territory of this one.
_DEPARTEMENTS = """
01 ain;02 aisne;03 allier;04 alpes haute provence;05 hautes alpes;06 alpes maritimes;07 ardeche;08 ardennes;09 ariege
10 aube;11 aude;12 aveyron;13 bouches rhone;14 calvados;15 cantal;16 charente;17 charente maritime;18 cher;19 correze
21 cote or;22 cotes armor;23 creuse;24 dordogne;25 doubs;26 drome;27 eure;28 eure loir;29 finistere;2A corse sud
2B haute corse;30 gard;31 haute garonne;32 gers;33 gironde;34 herault;35 ille vilaine;36 indre;37 indre loire;38 isere
39 jura;40 landes;41 loir cher;42 loire;43 haute loire;44 loire atlantique;45 loiret;46 lot;47 lot garonne;48 lozere
49 maine loire;50 manche;51 marne;52 haute marne;53 mayenne;54 meurthe moselle;55 meuse;56 morbihan;57 moselle
58 nievre;59 nord;60 oise;61 orne;62 pas calais;63 puy dome;64 pyrenees atlantiques;65 hautes pyrenees
66 pyrenees orientales;67 bas rhin;68 haut rhin;69 rhone;70 haute saone;71 saone loire;72 sarthe;73 savoie
74 haute savoie;75 paris;76 seine maritime;77 seine marne;78 yvelines;79 deux sevres;80 somme;81 tarn
82 tarn garonne;83 var;84 vaucluse;85 vendee;86 vienne;87 haute vienne;88 vosges;89 yonne;90 territoire belfort
91 essonne;92 hauts seine;93 seine saint denis;94 val marne;95 val oise;971 guadeloupe;972 martinique;973 guyane
974 reunion;976 mayotte
"""
DEPARTEMENTS = {
    entry.split(maxsplit=1)[1]: entry.split(maxsplit=1)[0]
    for entry in _DEPARTEMENTS.strip().replace("\n", ";").split(";")
}
_OF_DEPARTEMENT = ARTICLES | {"departement", "dept", "dpt", "dep", "en", "dans"}

_SEGMENT = re.compile(r"\s+[-–—]+\s*|\s*[-–—]+\s+|\s*[,;:()\[\]/|\n+&]\s*|\s+et\s+", re.IGNORECASE)


def departement_said(text: str) -> str | None:
    """Return the code of the département that a text is, by number or by name, and nothing else; None if it is not."""
    said = [word for word in strict_key(text).split() if word not in _OF_DEPARTEMENT]
    if len(said) == 1 and re.fullmatch(r"\d{2,3}|2[ab]", said[0]):
        return said[0].upper()
    return DEPARTEMENTS.get(" ".join(said))


def ends(name: str) -> Iterator[tuple[str, str, str]]:
    """Return a name cut before each of its last words, as beginning, links, end; the longest beginning first.

    A name all in one piece (« Saint-Priest-la-Marche ») is not cut.
    """
    said = strict_key(name).split() if re.search(r"\s", name) else []
    for start in range(len(said) - 1, 0, -1):
        first = start
        while first > 1 and said[first - 1] in _LINKS:
            first -= 1
        if said[start] not in _LINKS:
            yield " ".join(said[:first]), " ".join(said[first:start]), " ".join(said[start:])


def said_type(name: str) -> str | None:
    """Return what a name is said to be (commune, epci, departement, autre) by its own words; None if it is not said."""
    found = _SAID_PATTERN.search(mended(name))
    return found.lastgroup if found else None


def mended(name: str) -> str:
    """Return a name in which the words of a structure (« comunauté », « mairei ») are spelt without a slip."""
    return " ".join(_mended_word(word) for word in words(name))


@lru_cache(MOST_REMEMBERED)
def _mended_word(word: str) -> str:
    near = [] if len(word) < 6 or word in _MENDED else [one for one in _MENDED if OSA.distance(word, one) == 1]
    return near[0] if len(near) == 1 else word


def is_aside(text: str, name: str) -> bool:
    """Tell whether a piece of a name is a remark: several words without a capital, beside a name with one.

    « et » and « / » link two names more often than a name and a remark.
    """
    said = re.findall(r"[^\W_]+", text)
    return len(said) > 1 and text == text.lower() != name.lower() != name and not re.search(r"[/&+]|\bet\b", name)


def is_role(text: str, type: str) -> bool:
    """Tell whether a text only says who answers, or what kind of structure it is: nothing of a name."""
    if _DIRECTION.fullmatch(text.strip()):
        return True
    key = strict_key(text)
    known = ROLES | _LINKS | GENERIC.get(type, frozenset())
    return bool(_CIVILITY.match(key)) or all(word in known or word.isdigit() for word in key.split())


def segments(name: str) -> list[str]:
    """Return the pieces of a name between dashes, brackets, commas, slashes and « et », empty ones left out."""
    return [piece for piece in _SEGMENT.split(name) if strict_key(piece)]


def trimmed(name: str, type: str) -> Iterator[str]:
    """Return the shorter and shorter versions of a name without the words of role at both ends, longest first."""
    said = mended(name).split()
    around = ROLES | GENERIC.get(type, frozenset())
    after = _AFTER if type == "commune" else _AFTER | GENERIC.get(type, frozenset())
    first = 0
    while not is_ville(name) and first < len(said) and (said[first] in around or said[first] in _LINKS):
        first += 1
    last = len(said)
    while last > first and said[last - 1] in after:
        last -= 1
    cuts = [
        (start, end)
        for start in range(first + 1)
        for end in range(last, len(said) + 1)
        # A version begins where a word of role was just left out, or a link after it.
        if start < end and (start, end) != (0, len(said))
    ]
    seen = {" ".join(said)} if name == " ".join(said) else set()
    for start, end in sorted(cuts, key=lambda cut: cut[0] + len(said) - cut[1]):
        version = " ".join(said[start:end])
        if version not in seen:
            seen.add(version)
            yield version
