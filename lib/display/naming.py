"""How a territory is called inside a French sentence: with the article it needs, alone or after « de ».

Names come from the list of territories or from respondents: what is returned is plain text, not yet for Markdown.
"""

import re

ARTICLES = {
    **dict.fromkeys(("cc", "ca", "cu", "communauté", "communaute", "métropole", "metropole"), "la"),
    **dict.fromkeys(("agence", "association", "fédération", "federation", "maison", "mission", "régie", "regie"), "la"),
    **dict.fromkeys(("pays", "petr", "pôle", "pole", "syndicat", "parc", "pnr", "centre", "groupement"), "le"),
}
"""Article of a structure, by the word that its name begins with; a name that begins otherwise takes none."""

# Départements, by their first word: « les » before -s, « la » before -e, « le » before what is left, and before these.
_LE = frozenset(("Bas", "Calvados", "Doubs", "Finistère", "Gers", "Maine", "Pas", "Rhône", "Territoire", "Vaucluse"))
_BARE = ("Paris", "Mayotte")
_VOWELS = re.compile(r"[aeiouyàâäéèêëîïôöùûüœæ]", re.IGNORECASE)
# An h is mute before a name of a commune, but for these words.
_MUTE_H = re.compile(r"h(?!aut|ameau)", re.IGNORECASE)
_CONTRACTED = re.compile(r"(Le|Les) (?=\S)")


def called(nom: str, type: str) -> str:
    """Return a territory as the subject of a sentence: « la CC du Pays Dunois », « le département de la Gironde »."""
    if type == "departement":
        return f"le département {_of_departement(nom)}"
    article = "" if type == "commune" else _article(nom)
    if article == "la" and _elides(nom):
        return f"l’{nom}"
    return f"{article} {nom}" if article else nom


def of(nom: str, type: str) -> str:
    """Return a territory after « de »: « d’Abzac », « du Haillan », « de la CC du Pays Dunois », « du Pays Basque »."""
    name = called(nom, type)
    if name.startswith("le "):
        return f"du {name[3:]}"
    if type == "commune" and (found := _CONTRACTED.match(name)):
        return f"{'du' if found[1] == 'Le' else 'des'} {name[found.end() :]}"
    return f"d’{name}" if name == nom and _elides(nom) else f"de {name}"


def begun(text: str) -> str:
    """Return a text with its first letter raised, to begin a sentence."""
    return text[:1].upper() + text[1:]


def _article(nom: str) -> str:
    first, *_ = nom.split(maxsplit=1) or [""]
    return ARTICLES.get(first.lower(), "")


def _elides(nom: str) -> bool:
    return bool(_VOWELS.match(nom) or _MUTE_H.match(nom))


def _of_departement(nom: str) -> str:
    first, *_ = re.split(r"[-'’ ]", nom)
    if nom in _BARE or first == "La":
        return f"de {nom}"
    if first in _LE:
        return f"du {nom}"
    if first.endswith(("s", "x")):
        return f"des {nom}"
    if _elides(nom):
        return f"de l’{nom}"
    return f"de la {nom}" if first.endswith(("e", "ée")) else f"du {nom}"
