"""How portraits are made, for the page Méthode: stages, peers, support, recommendations, what is never said by name.

Numbers are those of the configuration; the rule of the stages is told in full by the page Engagement.
"""

import streamlit as st

from lib.display.formats import counted, lower_first, plain, quoted, words
from lib.display.stages import labels
from lib.display.support import rule_words
from lib.survey.edition import Edition
from lib.survey.engagement import load_rule
from lib.survey.support import load_support
from lib.ui import links

RULES = """
- **Stades d’engagement.** Des points pour chaque critère ({criteria})\u202f; le stade est la part des points obtenus
  parmi ceux que l’on connaît. Ce qui est une opinion (le portage politique) ne compte que pour l’équipe.
- **Pairs.** Un territoire est placé parmi ceux de même type, par taille, par département ou dans la région. Il y est
  compté lui-même. Sa place n’est pas un rang.
- **Appuis.** Seuls sont proposés des territoires au stade {helping} dont tous les répondants ont accepté une
  publication. {comparable} L’équipe répartit les demandes\u202f: {capacity} au plus pour chacun.
- **Recommandations.** Ce sont celles de la synthèse publiée\u202f; ce qui les relie aux réponses est une règle de ce
  tableau de bord. La raison vient des faits du territoire s’il a accepté une publication, de ses pairs sinon.
- **Jamais par territoire**\u202f: une opinion (besoins, freins, portage, accompagnement souhaité), le rôle d’un
  répondant, ni quoi que ce soit d’un territoire dont un répondant n’a pas accepté une publication.
"""


def portraits(edition: Edition) -> None:
    """Draw the rules behind the portraits, and the way to the rule of the stages."""
    rule, settings = load_rule(), load_support()
    named = labels(rule)
    st.markdown(
        RULES.format(
            criteria=plain(words(lower_first(criterion.label) for criterion in rule.criteria)),
            helping=plain(words((quoted(named[code]) for code in settings.helping), "ou")),
            comparable=plain(rule_words(settings)),
            capacity=counted(settings.capacity, "territoire"),
        )
    )
    links.link("engagement", edition, "Voir la règle des stades et sa stabilité", icon=":material/arrow_forward:")
