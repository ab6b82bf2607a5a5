"""What the people of a simulated edition answer, calibrated on the published findings and on nothing else.

A territory has a maturity, and every answer leans on it; the shares of the published summary are met by
construction (`strategie`) or by the order of the probabilities below. Everything else is plausible, smooth,
and means nothing; what differs from one edition to the other is in `plans`.
"""

from collections.abc import Mapping

from data.draws import Draws
from data.people import Person, Place
from data.plans import Plan

LAST_PAGE = 6

Cells = dict[str, str]
"""Answers of one person: column key to option code, « 1 » for a tick, or text; absent when not answered."""

# What the most mature territories answer to `strategie`; the plan says the rest.
_TOP = "mise-en-oeuvre"
_DONT_KNOW = 0.05

# Inclusion and infrastructures lead, the four themes that the summary names come next, then the others.
_THEMES = {
    "inclusion": 0.85,
    "infrastructures": 0.78,
    "collectivite": 0.32,
    "entreprises": 0.18,
    "education": 0.12,
    "responsable": 0.02,
    "services": -0.22,
    "cybersecurite": -0.20,
    "donnees": -0.50,
    "sante": -0.40,
}
_LEVELS = ("absent", "reflexion", "ponctuelles", "structurees")
_BOUNDS = (-0.40, 0.15, 0.95)
_PRIORITIES = {
    "inclusion": 4.2,
    "infrastructures": 3.7,
    "collectivite": 1.5,
    "entreprises": 1.2,
    "education": 1.15,
    "responsable": 1.0,
    "services": 0.6,
    "cybersecurite": 0.65,
    "donnees": 0.35,
    "sante": 0.5,
}
# Expertise first: engineering, then knowledge of subjects and schemes.
_NEEDS = {
    "ingenierie": 0.62,
    "sujets": 0.50,
    "dispositifs": 0.54,
    "outils": 0.34,
    "strategie": 0.26,
    "financement": 0.38,
    "formation-elus": 0.27,
    "formation-agents": 0.33,
    "reseau": 0.29,
    "autre": 0.04,
}
# Resources, funding and governance first; funding weighs more on elected members.
_OBSTACLES = {
    "rh": 0.58,
    "materiel": 0.45,
    "financements": 0.42,
    "gouvernance": 0.47,
    "competences": 0.34,
    "temps": 0.33,
    "recrutement": 0.20,
    "acculturation": 0.27,
    "autre": 0.04,
}
_FUNDING_FOR_ELECTED = 0.28
_SUPPORT = {
    "methode": 0.42,
    "ingenierie": 0.41,
    "financements": 0.43,
    "formation": 0.36,
    "mise-en-relation": 0.27,
    "animation": 0.24,
}
_ACTIONS = {
    "diagnostic": 0.50,
    "feuille-de-route": 0.40,
    "financement": 0.42,
    "equipement": 0.40,
    "formation": 0.48,
    "mediation": 0.32,
    "mutualisation": 0.28,
}
_FAVOURITE_ACTIONS = {
    ("inclusion", "mediation"): 0.4,
    ("infrastructures", "equipement"): 0.4,
    ("education", "equipement"): 0.2,
}
_INTENSITY = {"structurees": 1.0, "ponctuelles": 0.5, "reflexion": 0.15}

_OTHER_NEEDS = ("Un interlocuteur unique", "Appui juridique", "Temps d'agent dédié", "Retours d'expérience")
_OTHER_OBSTACLES = ("Turn-over", "Zones blanches", "Dépendance à un prestataire", "Calendrier électoral")
_OTHER_ACTIONS = ("Achat groupé de matériel", "Café numérique mensuel", "Archivage électronique")
_REMARKS = (
    "La fibre arrive ; les usages restent à accompagner.",
    "Nous sommes une petite commune, l'intercommunalité porte l'essentiel.",
    'Le "dernier kilomètre" humain manque, plus que le réseau.',
    "Merci de nous transmettre les résultats.\nNous sommes preneurs d'une réunion locale.",
    "Difficile de répondre pour tout le territoire, les communes sont très différentes.",
    "Questionnaire un peu long, mais utile.",
)


def answers(people: tuple[Person, ...], plan: Plan) -> list[tuple[Cells, int]]:
    """Return what each person answers and the last page they reached (1 to `LAST_PAGE`)."""
    draws = Draws(plan.answers_seed)
    pages = [_last_page(person, draws) for person in people]
    strategies = _strategies(people, pages, plan, draws)
    colleagues: dict[Place, Cells] = {}
    found = []
    for person, page, strategy in zip(people, pages, strategies, strict=True):
        maturity = person.place.maturity if person.place else 0.0
        same = colleagues.get(person.place) if person.place else None
        cells: Cells = {}
        if page >= 2:
            _themes(cells, maturity, same, draws)
        if page >= 3:
            _conditions(cells, maturity, same, draws)
            if strategy:
                cells["strategie"] = strategy
        if page >= 4:
            _needs(cells, person, strategy, plan, draws)
        if page >= 5:
            _actions(cells, same, draws)
        if page >= 6:
            _last(cells, same, plan, draws)
        if person.place and same is None:
            colleagues[person.place] = cells
        found.append((cells, page))
    return found


def _last_page(person: Person, draws: Draws) -> int:
    if person.quits:
        return 1
    return LAST_PAGE if draws.chance(0.92) else 2 + draws.below(LAST_PAGE - 2)


def _strategies(people: tuple[Person, ...], pages: list[int], plan: Plan, draws: Draws) -> list[str]:
    """Return the answers to `strategie`, "" for none; « non » has the share of them that the plan says."""
    reached = [rank for rank, page in enumerate(pages) if page >= 3 and not draws.chance(0.01)]
    found = [""] * len(people)
    scores = {}
    for rank in reached:
        place = people[rank].place
        if draws.chance(_DONT_KNOW):
            found[rank] = "nsp"
        else:
            scores[rank] = (place.maturity if place else 0.0) + plan.wobble * draws.normal()
    ladder = sorted(scores, key=lambda rank: scores[rank])
    start = 0
    for code, share in plan.strategies:
        count = round(share * len(reached))
        for rank in ladder[start : start + count]:
            found[rank] = code
        start += count
    for rank in ladder[start:]:
        found[rank] = _TOP
    return found


def _themes(cells: Cells, maturity: float, same: Cells | None, draws: Draws) -> None:
    levels = {}
    for theme, base in _THEMES.items():
        score = base + 0.5 * maturity + 0.65 * draws.normal()
        level = _LEVELS[sum(score >= bound for bound in _BOUNDS)]
        if draws.chance(0.03):
            level = "nsp"
        if same and draws.chance(0.8):
            level = same.get(f"themes/{theme}", level)
        levels[theme] = level
    # The summary says that all have begun a digital transition.
    if not {"ponctuelles", "structurees"} & set(levels.values()):
        levels[draws.pick(("inclusion", "infrastructures"))] = "ponctuelles"
    for theme, level in levels.items():
        if not draws.chance(0.008):
            cells[f"themes/{theme}"] = level
    weights = {
        theme: weight * {"structurees": 1.5, "ponctuelles": 1.3, "absent": 0.6}.get(levels[theme], 1.0)
        for theme, weight in _PRIORITIES.items()
    }
    size = draws.weighted({3: 0.94, 2: 0.03, 1: 0.01, 0: 0.02})
    for rank, theme in enumerate(draws.sample(weights, size), start=1):
        cells[f"priorites/{rank}"] = theme


def _conditions(cells: Cells, maturity: float, same: Cells | None, draws: Draws) -> None:
    score = 0.9 * maturity + 0.6 * draws.normal()
    sponsorship = ("inexistant", "faible", "moyen", "fort")[sum(score >= bound for bound in (-1.2, -0.45, 0.4))]
    if not draws.chance(0.01):
        cells["portage"] = "nsp" if draws.chance(0.05) else sponsorship
    score = 0.9 * maturity + 0.6 * draws.normal()
    body = ("non", "projet", "oui")[sum(score >= bound for bound in (0.0, 0.45))]
    if same and "instance" in same and draws.chance(0.8):
        cells["instance"] = same["instance"]
    elif not draws.chance(0.01):
        cells["instance"] = "nsp" if draws.chance(0.06) else body


def _needs(cells: Cells, person: Person, strategy: str, plan: Plan, draws: Draws) -> None:
    needs = _shifted(_NEEDS, plan, "besoins")
    if strategy in ("non", "prevue", "elaboration"):
        needs["strategie"] += 0.15
    obstacles = _shifted(_OBSTACLES, plan, "freins")
    if person.role == "elu":
        needs["formation-elus"] += 0.06
        obstacles["financements"] += _FUNDING_FOR_ELECTED
    _tick(cells, "besoins", needs, draws)
    _tick(cells, "freins", obstacles, draws)
    if "besoins/autre" in cells and draws.chance(0.9):
        cells["besoins/autre/texte"] = draws.pick(_OTHER_NEEDS)
    if "freins/autre" in cells and draws.chance(0.9):
        cells["freins/autre/texte"] = draws.pick(_OTHER_OBSTACLES)


def _shifted(chances: Mapping[str, float], plan: Plan, question: str) -> dict[str, float]:
    shifts = plan.shifts.get(question, {})
    return {code: chance + shifts.get(code, 0.0) for code, chance in chances.items()}


def _tick(cells: Cells, question: str, chances: dict[str, float], draws: Draws) -> None:
    alone = draws.weighted({"": 0.95, "nsp": 0.025, "aucun": 0.015, "blank": 0.01})
    if alone == "blank":
        return
    if alone:
        cells[f"{question}/{alone}"] = "1"
        # The form does not forbid it: some tick an exclusive option beside another.
        if not draws.chance(0.15):
            return
    ticked = [code for code, chance in chances.items() if draws.chance(chance)]
    if not ticked and not alone:
        ticked = [max(chances, key=lambda code: chances[code])]
    for code in ticked:
        cells[f"{question}/{code}"] = "1"


def _actions(cells: Cells, same: Cells | None, draws: Draws) -> None:
    for theme in _THEMES:
        level = cells.get(f"themes/{theme}", "nsp")
        row = f"actions/{theme}/"
        if level == "absent":
            continue
        before = {key: "1" for key in same or {} if key.startswith(row)}
        if before and same and same.get(f"themes/{theme}") == level and draws.chance(0.75):
            cells.update(before)
            continue
        ticked = [
            kind
            for kind, chance in _ACTIONS.items()
            if draws.chance((chance + _FAVOURITE_ACTIONS.get((theme, kind), 0.0)) * _INTENSITY.get(level, 0.0))
        ]
        if not ticked and level == "structurees":
            ticked = ["formation"]
        if not ticked and draws.chance(0.85 if level != "nsp" else 0.3):
            ticked = ["aucune"]
        for kind in ticked:
            cells[row + kind] = "1"
    if draws.chance(0.05):
        cells["actions/autre/texte"] = draws.pick(_OTHER_ACTIONS)


def _last(cells: Cells, same: Cells | None, plan: Plan, draws: Draws) -> None:
    _tick(cells, "accompagnement", _shifted(_SUPPORT, plan, "accompagnement"), draws)
    consent = "oui" if draws.chance(0.61) else "non"
    if same and "diffusion" in same and draws.chance(0.7):
        consent = same["diffusion"]
    if not draws.chance(0.02):
        cells["diffusion"] = consent
    if draws.chance(0.1):
        cells["precisions"] = draws.pick(_REMARKS)
