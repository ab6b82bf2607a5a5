"""Support in a portrait: its words on a small world, then the block as the page draws it for the shipped edition."""

from dataclasses import replace

import pytest

from lib.analysis import support
from lib.analysis.territories import describe
from lib.survey.consent import publishable
from lib.survey.exchange import exchanged
from lib.survey.published import load_published
from lib.survey.support import load_support
from lib.territory.reference import load_reference
from lib.ui import session
from lib.ui.portrait import support as block
from tests.analysis import support_world as world
from tests.pages.visits import texts, visit

NARROW = "\u202f"
SETTINGS = load_support()
PUBLIC = exchanged(world.edition())
REAL = replace(PUBLIC, simulated=False)


def reason(edition, code, supporter):
    territory = describe(edition, code)
    return block.reason(edition, territory, support.supporters(edition, territory).loc[supporter], SETTINGS)


@pytest.mark.shipped_region
def test_how_many_there_are_is_said_with_the_mark_of_simulated_answers():
    territory = describe(PUBLIC, world.GUERET)
    found = support.supporters(PUBLIC, territory)
    assert block.introduction(PUBLIC, territory, found, SETTINGS) == (
        f"2 communes comparables au stade «{NARROW}Moteur{NARROW}» (données simulées) à moins de 150{NARROW}km ont "
        "accepté que leur réponse soit publiée."
    )
    assert block.introduction(REAL, territory, found.head(1), replace(SETTINGS, shown=1)) == (
        f"1 commune comparable au stade «{NARROW}Moteur{NARROW}» à moins de 150{NARROW}km a accepté que sa réponse "
        "soit publiée."
    )
    one = block.introduction(REAL, territory, found, replace(SETTINGS, shown=1))
    assert one.endswith(" publiée. Voici celui qui convient le mieux.")


@pytest.mark.shipped_region
def test_why_each_supporter_is_proposed():
    assert reason(PUBLIC, world.GUERET, world.TULLE) == (
        "Selon des données simulées, mène des actions structurées là où Guéret n’agit pas encore (inclusion numérique)."
    )
    # Nothing is said of what Ussel, which is not published, does or does not.
    assert reason(PUBLIC, world.USSEL, world.TULLE) == (
        "Selon des données simulées, mène des actions structurées sur 1 thématique (inclusion numérique)."
    )
    assert reason(REAL, world.USSEL, world.TULLE).startswith("Mène des actions structurées")


@pytest.mark.shipped_region
def test_a_supporter_is_told_how_many_it_could_help():
    assert block.lending(PUBLIC, describe(PUBLIC, world.LIMOGES), SETTINGS) == (
        f"Limoges est au stade «{NARROW}Moteur{NARROW}» (données simulées) et peut prêter appui{NARROW}: 1 commune "
        f"comparable, à moins de 150{NARROW}km, est au stade «{NARROW}En construction{NARROW}» ou «{NARROW}À amorcer"
        f"{NARROW}» selon les réponses publiées."
    )
    assert "aucun territoire comparable (communes) n’est au stade" in block.lending(
        REAL, describe(REAL, world.BAYONNE), SETTINGS
    )


@pytest.mark.shipped_region
def test_why_there_is_nobody_is_said():
    assert block.nobody(PUBLIC, describe(PUBLIC, world.SYNDICAT), SETTINGS).startswith("Personne n’est proposé, faute")
    alone = block.nobody(PUBLIC, describe(PUBLIC, "23008"), SETTINGS)
    assert alone == (
        "Parmi les réponses publiées, aucun territoire comparable (communes, même classe de taille ou classe voisine) "
        f"n’est au stade «{NARROW}Moteur{NARROW}» (données simulées) à moins de 150{NARROW}km."
    )
    questions = tuple(
        question for question in PUBLIC.codebook.questions if question.id not in ("strategie", "instance", "themes")
    )
    silent = replace(PUBLIC, codebook=replace(PUBLIC.codebook, questions=questions))
    assert block.nobody(silent, describe(silent, world.GUERET), SETTINGS).startswith("L’édition affichée n’a pas posé")


# The page, on the shipped edition.


def one_of(wanted):
    """Return the first commune that answered of which something holds."""
    edition = session.public_edition(next(iter(session.editions())))
    codes = edition.respondents.loc[edition.respondents["type"] == "commune", "territory"].dropna().unique()
    return next(code for code in codes if wanted(edition, describe(edition, code)))


def after(page, title):
    said = texts(page)
    return said[said.index(title) + 1 :]


def test_the_page_shows_the_three_best_with_a_link_to_each():
    code = one_of(
        lambda edition, one: (
            one.published and len(support.supporters(edition, one)) > 3 and not support.lends_support(edition, one)
        )
    )
    edition = session.public_edition(next(iter(session.editions())))
    found = support.supporters(edition, describe(edition, code))
    page = visit("ma-collectivite", code=code)
    assert not page.exception
    labels = [link.proto.label for link in page.main.get("page_link")]
    best = found["nom"].head(3).tolist()
    assert any(labels[place : place + 3] == best for place in range(len(labels)))
    said = after(page, f"Qui peut lui prêter appui{NARROW}?")
    assert sum(text.startswith("Selon des données simulées, ") for text in said[:12]) == 3
    assert any(load_published().contacts[0].address in text for text in said[:12])
    assert publishable(edition.respondents)[found.index].all()


def test_the_page_of_a_supporter_says_whom_it_may_help():
    code = one_of(support.lends_support)
    page = visit("ma-collectivite", code=code)
    assert not page.exception
    said = after(page, f"À qui prêter appui{NARROW}?")
    assert "(données simulées) et peut prêter appui" in said[0]
    assert f"Qui peut lui prêter appui{NARROW}?" not in texts(page)


def test_the_page_of_a_territory_without_supporter_says_why_and_what_to_do():
    edition = session.public_edition(next(iter(session.editions())))
    reference = load_reference(edition.millesime)
    silent = reference.index[(reference["type"] == "commune") & ~reference.index.isin(edition.respondents["territory"])]
    alone = (code for code in silent if support.supporters(edition, describe(edition, code)).empty)
    code = next(code for code in alone if not support.own_epci(edition, describe(edition, code)))
    page = visit("ma-collectivite", code=code)
    assert not page.exception
    why, contact, *_ = after(page, f"Qui peut lui prêter appui{NARROW}?")
    assert why.startswith("Parmi les réponses publiées, aucun territoire comparable")
    assert load_published().contacts[0].link in contact
