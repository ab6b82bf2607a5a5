"""« Que faire ensuite ? » on a portrait: reasons of one's own, of one's peers, and what is folded."""

import pytest
from streamlit.testing.v1 import AppTest

from lib.analysis.advice import OWN, PEERS, Advised
from lib.display.formats import plain
from lib.survey.published import load_published
from lib.ui.portrait import advice

# Names and codes of the shipped region.
pytestmark = pytest.mark.shipped_region

NARROW = "\u202f"
ITEMS = {group.to: group.items for group in load_published().recommendations}
EVERY = [item for items in ITEMS.values() for item in items]


def published():
    """Aunay, of the world of twelve, says that it has no strategy; no group of peers reaches thirty answers."""
    from lib.analysis.territories import PUBLISHED, Territory
    from lib.ui.portrait import advice
    from tests import world

    aunay = Territory(
        "16001", "Aunay", "commune", "COM", 400, 1.0, "commune-0-999", ("16",), world.FIRST, (), PUBLISHED, 2
    )
    advice.draw(world.edition(), aunay)


def unpublished():
    """Esnes answered and did not agree to be named."""
    from lib.analysis.territories import UNPUBLISHED, Territory
    from lib.ui.portrait import advice
    from tests import world

    esnes = Territory(
        "17001", "Esnes", "commune", "COM", 800, 1.0, "commune-0-999", ("17",), world.SECOND, (), UNPUBLISHED, 1
    )
    advice.draw(world.edition(), esnes)


def silent():
    """A small commune of the shipped edition that did not answer: its peers did."""
    from lib.analysis.territories import describe
    from lib.survey.edition import load_edition
    from lib.survey.exchange import exchanged
    from lib.territory.reference import load_reference
    from lib.ui.portrait import advice

    edition = exchanged(load_edition())
    communes = load_reference(edition.millesime).query("taille == 'commune-0-999'").index
    found = (describe(edition, code) for code in communes)
    advice.draw(edition, next(of for of in found if not of.respondents))


def hostile():
    """A name that a respondent typed, with signs of Markdown."""
    from lib.analysis.territories import PUBLISHED, Territory
    from lib.ui.portrait import advice
    from tests import world

    name = "Val ](https://exemple.fr) **gras** $x$"
    named = Territory("16001", name, "pays", "", None, 1.0, "sans-objet", ("16",), "", (), PUBLISHED, 2)
    advice.draw(world.edition(), named)


def drawn(script):
    visit = AppTest.from_function(script, default_timeout=60).run()
    assert not visit.exception
    return visit


def said(visit) -> str:
    return "\n".join(text.value for text in (*visit.markdown, *visit.caption)).replace(NARROW, " ")


def test_one_s_own_answers_are_reasons_and_the_mark_is_in_the_sentence():
    visit = drawn(published)
    assert [header.value for header in visit.header] == [f"Que faire ensuite{NARROW}?"]
    assert [title.value for title in visit.subheader] == ["Ce que PQN-A et ses partenaires peuvent apporter"]
    assert (
        "- **Identifier d’abord les besoins, numériques ou non.**  \n"
        "  :gray[Parce qu’Aunay répond « Non » à « Une stratégie ? » (données simulées).]"
    ) in said(visit)
    assert "la réponse de la collectivité ou, pour les opinions (besoins, freins, portage)" in said(visit)


def test_recommendations_without_a_reason_are_folded_and_none_is_lost():
    visit = drawn(published)
    (folded,) = visit.expander
    assert folded.label == "Les autres recommandations publiées"
    (others,) = folded.markdown
    for item in EVERY:
        # The folded list is drawn in the page too.
        assert said(visit).count(item.replace(NARROW, " ")) == 1
    assert "Identifier d’abord" not in others.value
    assert "S’adresser davantage aux décideurs locaux. :gray[À PQN-A et à ses partenaires]" in others.value


def test_the_source_is_said_and_whose_the_rule_is():
    (source,) = drawn(published).caption
    assert load_published().source in source.value
    assert "règle de ce tableau de bord" in source.value


def test_without_any_reason_the_page_says_so_and_nothing_of_an_unpublished_answer():
    visit = drawn(unpublished)
    assert said(visit).count(advice.NONE) == 2
    assert "sa réponse n’étant pas publiée" in said(visit)
    assert "Esnes" not in said(visit)
    (others,) = visit.expander[0].markdown
    assert others.value.count("\n- ") == len(EVERY) - 1


def test_reasons_that_come_from_peers_say_so():
    visit = drawn(silent)
    assert "sa réponse n’étant pas connue" in said(visit)
    reasons = [line for text in visit.markdown for line in text.value.split("\n") if line.startswith("  :gray[")]
    assert reasons
    for line in reasons:
        assert line.startswith(f"  :gray[Ce que disent ses pairs{NARROW}: ")
        assert line.endswith(", données simulées).]")
        assert "parce que" not in line


def test_a_name_is_shown_as_it_is_written():
    reasons = said(drawn(hostile))
    assert plain("Val ](https://exemple.fr) **gras** $x$") in reasons
    assert "Val ](https" not in reasons
    assert "**gras**" not in reasons


def test_a_reason_is_a_sentence():
    own = Advised("À tous", "Agir.", OWN, "Aunay répond «\u202fNon\u202f» à «\u202fQuoi\u202f?\u202f»")
    assert advice.reason(own) == "Parce qu’Aunay répond «\u202fNon\u202f» à «\u202fQuoi\u202f?\u202f»."
    assert advice.reason(Advised("À tous", "Agir.", PEERS, "46\u202f% citent (3 sur 7)")) == (
        "Ce que disent ses pairs\u202f: 46\u202f% citent (3 sur 7)."
    )
    assert advice.reason(Advised("À tous", "Agir.")) == ""
