"""The accessibility statement, drawn in the form that the RGAA gives it, and the state that the menu announces.

What depends on who runs the site is configured in data/accessibility.toml and checked by `lib.survey.accessibility`;
what the law has every statement say is here.
"""

import streamlit as st

from lib.display.formats import NARROW, day, decimal, lower_first, words
from lib.survey.accessibility import Accessibility, AccessibilityError, Audit, Point, load_accessibility
from lib.ui import menu

_LAW = (
    "l’[article 47 de la loi n°\u202f2005-102 du 11 février 2005]"
    "(https://www.legifrance.gouv.fr/loda/id/JORFTEXT000000809647)"
)
_RGAA = (
    "[référentiel général d’amélioration de l’accessibilité (RGAA)](https://accessibilite.numerique.gouv.fr), "
    "version 4.1"
)


def announced() -> str:
    """Return what the law has every page announce: « Accessibilité : non conforme »."""
    try:
        return f"Accessibilité{NARROW}: {load_accessibility().state}"
    except AccessibilityError:
        # Told by the page itself and by the log of the server: the other pages need not fail for it.
        return "Accessibilité"


def obligation(told: Accessibility) -> None:
    """Say who is bound, by what, and to which site the statement applies."""
    plan = (
        f"Son schéma pluriannuel est publié{NARROW}: [{told.plan.removeprefix('https://')}]({told.plan})."
        if told.plan
        else "Son schéma pluriannuel et son plan d’action annuel\u202f: "
        f":orange-background[**à compléter par {told.body}.**]"
    )
    st.markdown(
        f"{told.body} s’engage à rendre ses sites internet accessibles, conformément à {_LAW}. {plan}\n\n"
        f"Cette déclaration s’applique au site «{NARROW}{menu.SITE}{NARROW}», pages publiques et pages de l’équipe."
    )


def conformity(told: Accessibility) -> None:
    """Say the state, and why."""
    st.header("État de conformité", anchor=False)
    st.markdown(f"«{NARROW}{menu.SITE}{NARROW}» est **{told.state}** avec le {_RGAA}{NARROW}: {told.reason}.")


def results(told: Accessibility) -> None:
    """Say what an audit found, or that there was none; then what is checked without one, on how many pages."""
    st.header("Résultats des tests", anchor=False)
    st.markdown(_audited(told.audit))
    st.subheader("Ce qui est vérifié automatiquement", anchor=False)
    count = {"pages": len(menu.PAGES), "team_pages": len(menu.TEAM_PAGES)}
    st.markdown("\n".join(f"- **{point.label}.** {_numbered(point, count)}" for point in told.checks))
    st.markdown(
        "Un contrôle automatique ne voit qu’une partie des défauts\u202f: il ne remplace ni un audit, ni l’essai par "
        "des personnes handicapées. Aucun de ces contrôles ne donne un taux de conformité."
    )


def limitations(told: Accessibility) -> None:
    """Say what is known not to suit everybody: what, whom it hinders, why, and what to use instead."""
    st.header("Contenus non accessibles", anchor=False)
    st.markdown(
        "Faute d’audit, la liste n’est pas complète. Ce qui est connu\u202f:\n\n"
        + "\n".join(f"- **{point.label}.** {point.text}" for point in told.limitations)
    )
    if told.findings:
        st.markdown(
            "Ce que le contrôle automatique signale encore\u202f:\n\n"
            + "\n".join(
                f"- **{found.label}.** {found.text} Cause\u202f: {lower_first(found.cause)}"
                + (f" ([signalement]({found.upstream}))" if found.upstream else "")
                for found in told.findings
            )
        )
    st.markdown("Aucun contenu n’est écarté pour charge disproportionnée ou comme non soumis à l’obligation.")


def establishment(told: Accessibility) -> None:
    """Say when the statement was made, on what, and with which means."""
    st.header("Établissement de cette déclaration", anchor=False)
    checked = "" if told.audit else " et n’a pas été précédée d’un audit"
    st.markdown(
        f"Cette déclaration a été établie le {day(told.established)}{checked}.\n\n"
        f"- **Technologies.** {words(told.technologies)}.\n"
        "- **Moyens.** Contrôles automatiques dans le navigateur Chromium, à chaque modification du site\u202f; moteur "
        "axe-core.\n"
        "- **Technologies d’assistance.** Aucun essai avec un lecteur d’écran n’est attesté à ce jour.\n"
        "- **Pages vérifiées.** Toutes celles du plan du site, dans leur état initial et dans leurs principaux états."
    )
    st.page_link(menu.target("plan-du-site"), label="Plan du site")


def contact(told: Accessibility) -> None:
    """Say to whom to write, and what to do when no answer comes."""
    st.header("Retour d’information et contact", anchor=False)
    st.markdown(
        "Si un contenu ou un service vous est inaccessible, écrivez pour obtenir une version accessible ou "
        f"l’information sous une autre forme\u202f: {told.contact.name}, "
        f"[{told.contact.address}]({told.contact.link})."
    )
    st.header("Voies de recours", anchor=False)
    st.markdown(
        "Si vous avez signalé un défaut qui vous empêche d’accéder à un contenu ou à un service, et que vous n’avez "
        "pas obtenu de réponse satisfaisante, vous pouvez\u202f:\n\n"
        "- écrire au [Défenseur des droits](https://formulaire.defenseurdesdroits.fr)\u202f;\n"
        "- contacter son [délégué dans votre région](https://www.defenseurdesdroits.fr/saisir/delegues)\u202f;\n"
        "- envoyer un courrier, sans timbre, à\u202f: Défenseur des droits, Libre réponse 71120, 75342 Paris Cedex 07."
    )


def _audited(audit: Audit | None) -> str:
    if audit is None:
        return (
            "**Aucun audit de conformité n’a été réalisé\u202f: aucun critère n’est déclaré conforme, et aucun taux ne "
            "peut être donné.**"
        )
    return (
        f"L’audit réalisé par {audit.by}, le {day(audit.on)}, établit que **{decimal(audit.rate)}{NARROW}% des "
        "critères** du RGAA sont respectés."
    )


def _numbered(point: Point, count: dict[str, int]) -> str:
    text = point.text
    for name, number in count.items():
        text = text.replace(f"{{{name}}}", str(number))
    return text
