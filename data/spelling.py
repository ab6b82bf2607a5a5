"""How people type the name and the code of their structure: not as an official list would have it.

Who they are belongs to `people`.
"""

import unicodedata

from data.draws import Draws

PREFIXES = {
    "CC": ("CC", "Communauté de communes", "CdC", "Com Com", "communauté de communes"),
    "CA": ("CA", "Communauté d'agglomération", "Agglo", "Communauté d'Agglomération"),
    "CU": ("CU", "Communauté urbaine"),
}
# The official names of departements, with the article that follows « Département ».
OF_DEPARTEMENT = {
    "16": "de la Charente",
    "17": "de la Charente-Maritime",
    "19": "de la Corrèze",
    "23": "de la Creuse",
    "24": "de la Dordogne",
    "33": "de la Gironde",
    "40": "des Landes",
    "47": "de Lot-et-Garonne",
    "64": "des Pyrénées-Atlantiques",
    "79": "des Deux-Sèvres",
    "86": "de la Vienne",
    "87": "de la Haute-Vienne",
}


def without_accents(text: str) -> str:
    """Return the text as typed on a keyboard in a hurry: no accent, no ligature."""
    plain = text.replace("œ", "oe").replace("Œ", "OE")
    return "".join(char for char in unicodedata.normalize("NFD", plain) if not unicodedata.combining(char))


def with_of(name: str) -> str:
    """Return « de » and a name, contracted as French does: « du Haillan », « d'Agen », « de La Rochelle »."""
    if name.startswith("Le "):
        return f"du {name[3:]}"
    if name.startswith("Les "):
        return f"des {name[4:]}"
    if without_accents(name[0]) in "AEIOUY":
        return f"d'{name}"
    return f"de {name}"


def misspelt(name: str, draws: Draws) -> str:
    """Return the name with one slip: a letter doubled, lost, or swapped with the next one."""
    inside = [
        place
        for place in range(3, len(name) - 2)
        if name[place - 1 : place + 2].isalpha() and name[place] != name[place + 1]
    ]
    if not inside:
        return name
    place = draws.pick(inside)
    slip = draws.pick(("lost", "doubled", "swapped"))
    if slip == "lost":
        return name[:place] + name[place + 1 :]
    if slip == "doubled":
        return name[:place] + name[place] + name[place:]
    return name[:place] + name[place + 1] + name[place] + name[place + 2 :]


def typed_commune(name: str, postal_code: str, departement: str, draws: Draws) -> str:
    """Return the name of a commune as one respondent types it."""
    way = draws.weighted(
        {
            "official": 38.0,
            "capitals": 9.0,
            "plain": 9.0,
            "saint": 10.0,
            "mairie": 12.0,
            "commune": 6.0,
            "ville": 3.0,
            "departement": 3.0,
            "postal": 5.0,
            "slip": 5.0,
        }
    )
    if way == "capitals":
        return without_accents(name).upper()
    if way == "plain":
        return without_accents(name).lower().replace("-", " ")
    if way == "saint":
        short = name.replace("Sainte-", "Ste ").replace("Saint-", "St ")
        return short.replace("-", draws.pick((" ", "-")))
    if way == "mairie":
        return f"{draws.pick(('Mairie', 'MAIRIE', 'mairie'))} {with_of(name)}"
    if way == "commune":
        return f"Commune {with_of(name)}"
    if way == "ville":
        return f"Ville {with_of(name)}  "
    if way == "departement":
        return f"{name} ({departement})"
    if way == "postal":
        return f"{postal_code} {name}" if draws.chance(0.6) else f"{name} {postal_code}"
    if way == "slip" and len(name) >= 9:
        return misspelt(name, draws)
    return name


def typed_epci(name: str, draws: Draws) -> str:
    """Return the name of an EPCI as one respondent types it."""
    nature, _, rest = name.partition(" ")
    if nature not in PREFIXES:
        return draws.pick((name, without_accents(name).upper()))
    way = draws.weighted({"official": 30.0, "prefix": 40.0, "capitals": 10.0, "bare": 12.0, "slip": 8.0})
    if way == "prefix":
        return f"{draws.pick(PREFIXES[nature])} {rest}"
    if way == "capitals":
        return without_accents(name).upper()
    if way == "bare":
        for article in ("de la ", "de l'", "du ", "des ", "de ", "d'", "les ", "Le "):
            rest = rest.removeprefix(article)
        return rest[0].upper() + rest[1:]
    if way == "slip" and len(rest) >= 12:
        return f"{PREFIXES[nature][1]} {misspelt(rest, draws)}"
    return name


def typed_departement(code: str, name: str, draws: Draws) -> str:
    """Return the name of a departement as one respondent types it."""
    # Of other regions, people write the name alone.
    of = OF_DEPARTEMENT.get(code, name)
    return draws.pick(
        (
            name,
            f"Département {of}",
            f"Conseil départemental {of}",
            without_accents(f"Conseil départemental {of}").upper(),
        )
    )


def typed_grouping(name: str, draws: Draws) -> str:
    """Return the name of a pays, of a syndicat or of another structure as one respondent types it."""
    return draws.weighted({name: 6.0, without_accents(name).upper(): 1.5, name.replace("-", " "): 1.0, f" {name}": 0.8})


def typed_siren(siren: str, draws: Draws) -> str:
    """Return a SIREN as typed or pasted: in one piece, by groups of three, or as a number with a decimal."""
    spaced = f"{siren[:3]} {siren[3:6]} {siren[6:]}"
    return draws.weighted({siren: 7.0, spaced: 2.0, f"{siren}.0": 0.3})


def typed_members(names: tuple[str, ...], codes: tuple[str, ...], draws: Draws) -> str:
    """Return member EPCI as one respondent types them: names or SIREN, separated as they please."""
    way = draws.weighted({"names": 6.0, "prefix": 3.0, "codes": 1.0})
    if way == "codes":
        return ", ".join(codes)
    if way == "names":
        return draws.pick((", ", "; ", " ; ", "\n")).join(names)
    return ", ".join(
        name.replace("CC ", "Communauté de communes ", 1).replace("CA ", "Communauté d'agglomération ", 1)
        for name in names
    )
