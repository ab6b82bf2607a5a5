"""The words of support between territories: how far, how alike, and where a supporter is ahead of whom it would help.

Who is proposed to whom is decided in `lib.analysis.support` and `lib.analysis.pairing`. Names of pays come from
respondents: what is returned here is plain text, not yet for Markdown.
"""

from collections.abc import Iterable, Mapping

from lib.analysis.pairing import ALL_ASKED, NOBODY_NEAR, NOWHERE
from lib.display.formats import NARROW, counted, lower_first, number, quoted
from lib.survey.support import Support

NOUNS = {
    "commune": ("commune", "communes"),
    "epci": ("intercommunalité", "intercommunalités"),
    "departement": ("département", "départements"),
    "pays": ("pays", "pays"),
    "syndicat": ("syndicat mixte", "syndicats mixtes"),
}
OTHERS = ("structure", "structures")
"""Nouns of the types of territory, singular and plural, and that of any other type."""

LISTED = 4
"""Themes that a sentence names; those left are counted."""


def nouns(type: str) -> tuple[str, str]:
    """Return the noun of a type of territory, singular and plural."""
    return NOUNS.get(type, OTHERS)


def distance(km: float) -> str:
    """Return « à 34 km », « à moins d’1 km »."""
    return f"à {number(km)}{NARROW}km" if km >= 0.5 else f"à moins d’1{NARROW}km"


def likeness(same_size: bool, size: str) -> str:
    """Return how alike two sizes are; `size` is the label of the supporter's class, empty without one."""
    if not size:
        return ""
    return "même classe de taille" if same_size else f"classe de taille voisine ({size})"


def theme_list(codes: Iterable[str], labels: Mapping[str, str], most: int = LISTED) -> str:
    """Return the names of themes, « inclusion numérique, cybersécurité et 3 autres » when they are more than `most`."""
    names = [lower_first(labels[code]) for code in codes]
    # No « et » between names: « données et open data » is one of them.
    left = len(names) - most
    return ", ".join(names) if left <= 0 else f"{', '.join(names[:most])} et {counted(left, 'autre')}"


def ahead_words(
    nom: str, ahead: tuple[str, ...], needed: tuple[str, ...], labels: Mapping[str, str], stage: str
) -> str:
    """Return where a supporter is ahead of a territory whose answers are known, verb first, without a full stop.

    Parameters
    ----------
    nom
        Name of the territory that would be helped.
    ahead, needed
        Themes on which it does not act (`needed`), these and those on which its actions are not structured (`ahead`).
    labels
        Names of the themes.
    stage
        Name of the supporter's stage, said where it is ahead on no theme.
    """
    started = tuple(theme for theme in ahead if theme not in needed)
    parts = []
    if needed:
        parts.append(f"n’agit pas encore ({theme_list(needed, labels)})")
    if started:
        parts.append(f"n’agit que ponctuellement ({theme_list(started, labels)})")
    if not parts:
        return f"est au stade {quoted(stage)} dans l’ensemble, sans être en avance sur une thématique précise"
    return f"mène des actions structurées là où {nom} {', ou '.join(parts)}"


def structured_words(ahead: tuple[str, ...], labels: Mapping[str, str], stage: str) -> str:
    """Return what a supporter does, where nothing is known of whom it would help, verb first, without a full stop."""
    if not ahead:
        return f"est au stade {quoted(stage)}"
    return f"mène des actions structurées sur {counted(len(ahead), 'thématique')} ({theme_list(ahead, labels)})"


def unserved_words(reason: str, settings: Support) -> str:
    """Return why a territory is left without a supporter."""
    return {
        NOWHERE: "lieu inconnu (aucun EPCI déclaré)",
        NOBODY_NEAR: f"personne de comparable à moins de {number(settings.farthest_km)}{NARROW}km",
        ALL_ASKED: f"ceux qui conviennent sont déjà proposés {number(settings.capacity)} fois",
    }[reason]


def rule_words(settings: Support, sizes: bool = True, needs: bool = True) -> str:
    """Return who is comparable and how they are ordered, in two sentences.

    `sizes` where the type has size classes, `needs` where it is known on what the territory does not act.
    """
    near = f"à {number(settings.farthest_km)}{NARROW}km au plus à vol d’oiseau"
    alike = ", d’une classe de taille égale ou voisine" if sizes and settings.size_steps == 1 else ""
    alike = ", de même classe de taille" if sizes and settings.size_steps == 0 else alike
    size_step, theme = settings.cost.size_step / settings.cost.km, settings.cost.theme / settings.cost.km
    said = [f"Comparables{NARROW}: de même type{alike}, {near}. L’ordre tient à la distance"]
    if sizes and size_step:
        said.append(f"une classe de taille d’écart compte pour {number(size_step)}{NARROW}km de plus")
    if needs and settings.themes.question and theme:
        said.append(
            "chaque thématique où le territoire n’agit pas et où l’autre mène des actions structurées, pour "
            f"{number(theme)}{NARROW}km de moins"
        )
    return f"{f'{NARROW}; '.join(said)}."
