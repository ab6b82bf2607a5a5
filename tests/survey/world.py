"""A questionnaire and an export small enough to read: eight questions, twelve respondents."""

from lib.survey.codebook import Codebook, parse_codebook

CODEBOOK = """
id = "monde"
title = "Petit monde"

[parts]
territory_type = "type"
territory_name = "nom"
territory_code = "code"
territory_members = "membres"
role = "role"
consent = "accord"
consent_yes = "oui"

[lists]
themes = [{ code = "fibre", label = "Fibre" }, { code = "ecole", label = "École d’aujourd’hui" }]

[[questions]]
id = "type"
kind = "single"
short = "Type"
text = "Votre structure"
required = true
options = [{ code = "commune", label = "Commune" }, { code = "epci", label = "EPCI" }, { code = "pays", label = "Pays" }]

[[questions]]
id = "nom"
kind = "text"
short = "Nom"
text = "Nom de la structure"
required = true

[[questions]]
id = "code"
kind = "text"
short = "Code"
text = "Code INSEE"

[[questions]]
id = "membres"
kind = "text"
short = "Membres"
text = "EPCI membres"
asked_if = { question = "type", options = ["pays"] }

[[questions]]
id = "role"
kind = "single"
short = "Rôle"
text = "Vous êtes…"
options = [{ code = "elu", label = "Élu·e" }, { code = "agent", label = "Agent" }]

[[questions]]
id = "niveau"
kind = "array"
short = "Niveau"
text = "Niveau [de 0 à 1]"
unit = "territories"
rows = "themes"
options = [
    { code = "absent", label = "Absent" },
    { code = "present", label = "Présent" },
    { code = "nsp", label = "Ne sait pas", dont_know = true },
]

[[questions]]
id = "rang"
kind = "ranking"
short = "Rang"
text = "Priorités"
ranks = 2
options = "themes"

[[questions]]
id = "freins"
kind = "multiple"
short = "Freins"
text = "Quels freins ?"
other = true
options = [
    { code = "temps", label = "Temps, calendrier (agenda)" },
    { code = "autre", label = "Autre" },
    { code = "aucun", label = "Aucun", exclusive = true },
    { code = "nsp", label = "Ne sait pas", exclusive = true, dont_know = true },
]

[[questions]]
id = "actions"
kind = "array_multiple"
short = "Actions"
text = "Actions"
unit = "territories"
rows = "themes"
rows_hidden_if = { question = "niveau", options = ["absent"] }
options = [{ code = "bilan", label = "Bilan" }, { code = "aucune", label = "Aucune", exclusive = true }]

[[questions]]
id = "accord"
kind = "single"
short = "Accord"
text = "Publier ?"
options = [{ code = "oui", label = "Oui" }, { code = "non", label = "Non" }]
"""  # noqa: E501

# One heading a line: no-break and doubled spaces, both apostrophes, brackets inside a question, commas and
# parentheses inside an option, « Autre » twice, a contact, a column of no question, an empty one.
HEADINGS = """ID de la réponse
Date de soumission
Adresse électronique / e-mail
Votre structure
Nom  de la structure
Code INSEE
EPCI membres
Vous êtes…
Niveau [de 0 à 1] [Fibre]
Niveau [de 0 à 1]  [École d'aujourd’hui]
Priorités [Classement 1]
Priorités [Classement 2]
Quels freins ? [Temps, calendrier (agenda)]
Quels freins ? [Autre]
Quels freins ? [Aucun]
Quels freins ? [Ne sait pas]
Quels freins ? [Autre]
Actions [Fibre][Bilan]
Actions [Fibre][Aucune]
Actions [École d’aujourd'hui][Bilan]
Actions [École d’aujourd'hui][Aucune]
Publier ?
Comment nous avez-vous connus ?
""".split("\n")  # noqa: SIM905 (one heading a line is what one can read)

# Respondents, one a line: identity # niveau # rang # freins # actions # accord, then columns of no question.
# Cells are separated by « | », those left out at the end of a group are blank.
WIDTHS = (8, 2, 2, 5, 4, 3)
ROWS = """
1|2026-03-02 10:00:00|a@b.fr|Commune|Bordeaux|33063|N/A|Élu·e # Présent|Absent # Fibre|École d'aujourd'hui # Oui|Non|Non|Non # 1||N/A|N/A # Oui|presse
2|2026-03-02 10:00:00|a@b.fr|Commune|BORDEAUX||N/A|Agent # Présent|Présent # Fibre # Non|Non|Non|Non # 1|||1 # Non
3|2026-03-02 10:00:00||Commune|Mairie de Pau|1|N/A|Agent # Ne sait pas|Bien # Fibre|Fibre # Oui|Non|Oui|Non # 1|1 # Oui
4|||Commune|Agen||N/A|Agent # Présent|Présent # # # #
5|2026-03-02 10:00:00||EPCI|CA du Grand Guéret|200034825|N/A|Élu·e # Absent|Absent # |Fibre # Non|Non|Oui|Oui # N/A|N/A|1 # Oui
6|2026-03-02 10:00:00||Pays|PAYS D'AUNIS||CC Aunis Sud, CC Aunis Atlantique|Agent # Présent|Présent # Fibre # Non|Non|Non|Oui # # Oui
7|2026-03-02 10:00:00||Pays|Pays  d'Aunis||CC Aunis Sud; Club de pétanque|Agent # Présent|Présent # Fibre # Non|Oui|Non|Non|La météo # # Oui
8|2026-03-02 10:00:00||Commune|Ville imaginaire||N/A|Agent # Présent|Présent # Fibre # Non|Non|Non|Non|La pluie # #
9|2026-03-02 10:00:00||Commune|Mazerolles||CC Aunis Sud|Agent # Présent # Fibre # # #
10|2026-03-02 10:00:00||Commune|Limoges||N/A|Agent # # # # # Oui
11|2026-03-02 10:00:00||Commune|Niort||N/A|Maire # Présent|Présent # # Coché|Non|Non|Non # # |seul
11|2026-03-02 10:00:00||Commune|Niort||N/A|Agent # Présent|Présent # # N/A|N/A|N/A|N/A|N/A # # |seul
""".strip().splitlines()  # noqa: E501


def codebook() -> Codebook:
    """Return the small questionnaire."""
    return parse_codebook(CODEBOOK.encode(), "monde.toml")


def written(headings: list[str], rows: list[list[str]], separator: str = ";") -> str:
    """Return headings and rows as LimeSurvey writes them: all fields quoted, CRLF, empty line at the end."""
    lines = [separator.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [headings, *rows]]
    return "\r\n".join([*lines, "", ""])


def export(separator: str = ";") -> str:
    """Return the twelve respondents as an export: response n is on line n + 1."""
    return written(HEADINGS, [_cells(row) for row in ROWS], separator)


def _cells(row: str) -> list[str]:
    cells: list[str] = []
    for group, width in zip(row.split("#"), WIDTHS, strict=True):
        given = group.strip().split("|")
        cells += given + [""] * (width - len(given))
    return cells
