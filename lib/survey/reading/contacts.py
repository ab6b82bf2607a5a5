"""Recognition of the columns that hold personal data: by the words of their heading, and by what they hold.

Nothing is kept or dropped here, and no cell is ever shown; a question of the questionnaire is never a contact,
which `mapping` sees to.
"""

import re
from collections.abc import Iterable

from lib.survey.normalisation import normalise

SAMPLE = 1000
"""How many cells of a column are looked at, evenly spaced."""
SHARE = 0.2
"""A column is one of contacts when at least this share of its filled cells look like an address or a number."""

_TOOL_NAMES = {
    "ip": ("ipaddr", "ip", "adresse ip", "ip address", "ip_address", "ip-adresse", "adresse i.p."),
    "url": ("refurl", "url référente", "url de référence", "url de provenance", "referrer url", "referer", "referrer"),
    "jeton": (
        *("token", "jeton", "access code", "accesscode", "code d'accès", "code d'invitation", "jeton d'accès"),
        *("jeton d'invitation", "invitation", "participant id", "identifiant du participant"),
    ),
    "nom": (
        *("lastname", "last name", "surname", "name", "full name", "username", "nom d'utilisateur", "user name"),
        *("nom", "noms", "nom complet", "civilité", "titre de civilité", "_submitted_by", "user", "utilisateur"),
    ),
    "prenom": ("firstname", "first name", "given name", "prenom", "prénom"),
    "courriel": (
        *("email", "e-mail", "mail", "email address", "courriel", "mél", "adresse de messagerie", "adresse e-mail"),
        *("adresse email", "adresse mail", "adresse électronique", "adresse courriel", "votre e-mail", "votre mail"),
    ),
    "telephone": ("phone", "phone number", "phonenumber", "tel", "tél", "tél.", "gsm", "mobile", "portable", "fixe"),
    "adresse": ("adresse", "votre adresse", "address"),
    "appareil": ("deviceid", "subscriberid", "simserial", "simid"),
}
_TOOL_KINDS = {normalise(text): kind for kind, texts in _TOOL_NAMES.items() for text in texts}

_WORDS = (
    ("prenom", re.compile(r"\bpr[ée]noms?\b|\bfirst ?name\b")),
    (
        "courriel",
        re.compile(
            r"\be[- ]?mails?\b|\bmails?\b|\bcourriels?\b|\bm[ée]l\b|adresse(?: de)? (?:[ée]lectronique|messagerie)"
        ),
    ),
    (
        "telephone",
        re.compile(
            r"\bt[ée]l[ée]phone(?:s|\s+(?:portable|fixe|mobile|direct|professionnel))?\b|\bt[ée]l\b|\bgsm\b|\bphone\b"
            r"|(?<!ordinateur )(?<!ordinateurs )\bportables?\b|num[ée]ro de (?:mobile|fixe)"
        ),
    ),
    ("ip", re.compile(r"\badresse ip\b|\bip address\b")),
    (
        "adresse",
        re.compile(
            r"\badresse (?:postale|personnelle|de (?:la |votre )?(?:r[ée]sidence|domicile))\b|\bmailing address\b"
        ),
    ),
    (
        "localisation",
        re.compile(
            r"\bcoordonn[ée]es (?:gps|g[ée]ographiques)\b|\bgps\b|\bg[ée]olocalisation\b|^latitude$|^longitude$"
            r"|^_.+_(?:latitude|longitude|altitude|precision)$"
        ),
    ),
    (
        "coordonnees",
        re.compile(
            # « Vos coordonnées [Structure] »: the group says what the column holds.
            r"^(?!.*\]$)(?:.*\b(?:vos|mes|leurs?) coordonn[ée]es\b"
            r"|coordonn[ée]es\b(?!.*\b(?:structure|collectivit|commune|mairie|epci)))"
            r"|\bcontact (?:details|information)\b"
        ),
    ),
    (
        "nom",
        re.compile(
            r"\bnoms? de (?:famille|naissance|jeune fille)\b|\blast ?name\b|\b(?:your|full) name\b"
            r"|\bcivilit[ée]\b|\bsignature\b"
        ),
    ),
)
# « Nom » followed by these words only is the name of a person; « Nom de votre structure » is not.
_NAME = re.compile(r"\b(?:noms?|identit[ée])\b")
_PERSON_WORDS = frozenset(
    """
    agent ayant ce cette complet contact contacts coordonnées correspondant correspondante d de des directeur
    directrice du enquête enquêteur enquêtrice enquêté est et fonction fonctions identite identité indiquer indiquez
    interlocuteur interlocutrice l la le les maire merci nom noms numérique ou participant participante personne
    personnes prénom président présidente qualite qualité quel quels questionnaire qui referent rempli remplissant
    repondant responsable référent référente répond répondant répondante répondants répondu signataire sont
    titre un une usuel utilisateur vos votre vous élu élue
    """.split()  # noqa: SIM905 (words are read more easily than a list of quoted ones)
)

_MAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\W\d_]{2,}")
_PHONE = re.compile(r"(?<![\d.])(?:(?:\+|00)\s?33\s?(?:\(0\)\s?)?|0)[1-9](?:[\s.\-/]?\d{2}){4}(?!\d)")
_IP = re.compile(r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.])")
# A point of KoboToolbox: latitude, longitude, altitude, precision.
_POINT = re.compile(r"\s*-?\d{1,2}\.\d{3,}[, ] ?-?\d{1,3}\.\d{3,}(?: -?\d+(?:\.\d+)?){0,2}\s*")
_LOOKS = (("courriel", _MAIL, "@"), ("telephone", _PHONE, ""), ("localisation", _POINT, "."), ("ip", _IP, "."))
_MAY_BE_PHONE_OR_IP = re.compile(r"\d")


def contact_of_heading(heading: str) -> str:
    """Return what kind of contact a heading announces, empty when it announces none.

    Kinds are « nom », « prenom », « courriel », « telephone », « adresse », « localisation »,
    « coordonnees » (several of these at once), « ip », « url », « jeton » and « appareil ».
    """
    text = normalise(heading)
    known = _TOOL_KINDS.get(text.rstrip(" :*?."))
    if known:
        return known
    # Codes join words by a sign that is part of a word: « nom_repondant ».
    plain = text.replace("_", " ")
    for kind, words in _WORDS:
        if words.search(text) or words.search(plain):
            return kind
    if _NAME.search(plain):
        words_met = re.findall(r"[^\W\d_]+", text)
        if set(words_met) <= _PERSON_WORDS:
            return "nom"
    return ""


def tool_headings() -> tuple[str, ...]:
    """Return the headings, normalised, that are exactly those of a contact."""
    return tuple(_TOOL_KINDS)


def is_own_heading(heading: str) -> bool:
    """Tell whether a heading is exactly one that survey tools or forms give to a contact (« Nom », « ipaddr »)."""
    return normalise(heading).rstrip(" :*?.") in _TOOL_KINDS


def contact_of_cells(cells: Iterable[str]) -> str:
    """Return what kind of contact a column holds, going by its cells; empty when by all appearances none."""
    filled = sample(cells)
    for kind, look, sign in _LOOKS:
        met = sum(1 for cell in filled if sign in cell and _shows(look, cell))
        if filled and met >= SHARE * len(filled):
            return kind
    return ""


def _shows(look: re.Pattern[str], cell: str) -> bool:
    return (look.fullmatch(cell) if look is _POINT else look.search(cell)) is not None


def sample(cells: Iterable[str]) -> list[str]:
    """Return filled cells of a column, evenly spaced, `SAMPLE` at most."""
    filled = [cell for cell in cells if cell]
    spaced = filled[:: max(1, -(-len(filled) // SAMPLE))]
    return [cell for cell in spaced if not cell.isspace()]


def count_addresses(cells: Iterable[str]) -> int:
    """Return how many cells hold an e-mail address, a telephone number or an IP address."""
    found = 0
    for cell in cells:
        if "@" in cell or _MAY_BE_PHONE_OR_IP.search(cell):
            found += any(_shows(look, cell) for _, look, _ in _LOOKS)
    return found


def repeats(cells: Iterable[str]) -> bool:
    """Tell whether a column holds a few answers over and over, as a question with options does."""
    filled = sample(cells)
    return len(filled) >= 8 and len(set(filled)) * 4 <= len(filled)
