"""What the page Méthode says of the answers that are not published, and of weights: what is done to a figure, and why.

Counts are taken from the edition itself; the costs quoted are measured by a benchmark on the shipped edition.
"""

import pandas as pd
import streamlit as st

from lib.analysis.weights import PLURALS, weighting
from lib.display.formats import MASKED, NARROW, THRESHOLD, counted, decimal, number, percent
from lib.survey.consent import publishable
from lib.survey.edition import Edition
from lib.survey.protection import load_protection

PROTECTION = f"""
- **Un petit effectif est masqué.** Sous {THRESHOLD} réponses, zéro compris, le chiffre est remplacé par « {MASKED} »,
  et d’autres cases avec lui s’il le faut pour que les totaux ne le redonnent pas. Une sélection de moins de
  {THRESHOLD} répondants n’affiche rien.
- **Les réponses non publiées sont échangées** entre territoires voisins, une fois pour toutes, avant tout calcul. Les
  faits d’un territoire qui n’a pas accepté la publication passent ensemble à un autre, de même type et du même
  département, ou proche ; là où tous ont accepté, ils restent à leur place. Les opinions et le rôle de chacun passent à
  une autre personne, de préférence là où la même réponse sur la stratégie est affichée. Aucune suite de filtres,
  croisements ou téléchargements ne peut donc dire la réponse d’un territoire : elle lit celle d’un voisin, sans savoir
  lequel. Quand moins de {load_protection().fewest} territoires pourraient échanger, leurs réponses sont retirées.
- **Ce qui reste exact** : qui a répondu, les faits publiés territoire par territoire, les liens entre opinions d’une
  même personne et, à quelques réponses près, les totaux de la région.
- **Ce que cela coûte**, mesuré sur l’édition simulée de Nouvelle-Aquitaine, 2026
  (`python -m tests.benchmarks.disclosure`) : en moyenne 0,2 point sur la région entière, 1,9 par type de territoire,
  3,2 par rôle, 4,3 par classe de taille et 6,1 par département, où la marge indicative moyenne est de 17 points. La
  marge affichée ne compte pas ce déplacement.
- **Pourquoi ne pas seulement masquer ?** Deux sélections qui diffèrent d’un territoire diffèrent de sa réponse : en
  croisant les filtres, un programme retrouve alors la plupart des réponses non publiées. Il en retrouve autant quand
  chaque effectif est modifié au hasard de deux unités. Ici, qui connaîtrait toute la méthode devine juste 72 fois sur
  100, contre 70 avec la seule part publiée pour le type de territoire.
- **Ce que cela ne fait pas.** Une réponse que tous les voisins partagent se devine. Et qui connaît déjà plusieurs
  réponses d’un territoire peut reconnaître l’ensemble de ses faits : l’échange protège de qui lit les chiffres, non de
  qui sait déjà.
"""

WEIGHTS = """
Les territoires qui répondent ne ressemblent pas à tous : les plus peuplés répondent plus. L’interrupteur « Pondérer les
territoires » donne à chacun un poids, par calage sur la taille et le département (*raking*), niveau par niveau ; les
strates de moins de cinq répondants sont d’abord réunies à leur voisine, et aucun poids ne dépasse cinq fois la moyenne.
Les effectifs et les bases affichés restent ceux des réponses ; la marge tient compte de l’**effectif efficace**, plus
petit quand les poids sont inégaux. La pondération est refusée quand une strate reste vide ou quand l’effectif efficace
est inférieur à 30. Les répondants, les pays et les syndicats n’ont pas de population de référence : leurs chiffres
restent bruts, de même que ceux qui réunissent plusieurs niveaux. Pondérer corrige la taille et le département, non le
fait que chacun a choisi de répondre.
"""


def protection(edition: Edition) -> None:
    """Draw what is done so that no unpublished answer can be told, and on how many territories."""
    agreed = publishable(edition.respondents)
    st.markdown(
        f"{counted(int((~agreed).sum()), 'territoire')} sur {number(len(agreed))} n’ont pas accepté que leurs réponses "
        "soient publiées nominativement, et aucune opinion (besoins, freins, portage…) ne l’est jamais."
    )
    st.markdown(PROTECTION)


def weights(edition: Edition) -> None:
    """Draw the diagnostics of the weights of each level, or the reason of their refusal."""
    st.markdown(WEIGHTS)
    levels = weighting(edition)
    rows = [
        {
            "Niveau": PLURALS[code].capitalize(),
            "Répondants": number(level.n),
            "Existants": number(level.population),
            "Effectif efficace": _decimal(level.effective_n_trimmed),
            "Effet de plan": _decimal(level.design_effect_trimmed, 2),
            "Plus grand poids": _decimal(level.largest_trimmed, 2),
            "Poids écrêtés": number(level.trimmed),
            "Écart aux marges": percent(level.margins_moved) if level.trimmed else "nul",
            "Pondération": "refusée" if level.refusal else "oui",
        }
        for code, level in levels.items()
        if code in PLURALS
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt=f"Tableau{NARROW}: poids de chaque niveau")
    said = [f"- {PLURALS[code].capitalize()}{NARROW}: {sentence}" for code, level in levels.items() if code in PLURALS
            for sentence in (*level.collapsed, *([f"refusée, {level.refusal}."] if level.refusal else []))]  # fmt: skip
    st.markdown("\n".join(said))


def _decimal(value: float, digits: int = 1) -> str:
    return "–" if value != value else decimal(value, digits)
