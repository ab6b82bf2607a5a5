"""The page Évolution: numbers counted without it, the address, what stops it, and what cannot be compared."""

import pytest

from lib.survey.consent import publishable
from lib.survey.edition import load_edition
from lib.survey.exchange import exchanged
from lib.ui.evolution import facts, level_names, levels, questions
from tests import world
from tests.pages.visits import charts, seen, tables, titles, unfolded, visit, words

NARROW = "\u202f"
LATER, EARLIER = (exchanged(load_edition(name)) for name in ("simulee-2026", "simulee-2025"))
FORMAL = ("formalisee", "mise-en-oeuvre")


def declared(edition):
    """Return what each territory that published everything says of its strategy, where its respondents agree."""
    agreed = publishable(edition.respondents)
    given = edition.values["strategie"].where(edition.values["strategie"] != "nsp").dropna()
    answers = given.groupby(edition.respondents["territory"]).agg(set)
    return {territory: next(iter(said)) for territory, said in answers.items() if agreed[territory] and len(said) == 1}


def test_the_shares_are_those_of_each_edition():
    page = seen("evolution", "question=portage")
    for edition in (EARLIER, LATER):
        given = edition.values["portage"].dropna()
        assert f"({(given == 'fort').sum()} sur {len(given)})" in words(page)
    (drawn,) = charts(page)
    assert "Données simulées" in " ".join(drawn["title"]["subtitle"])


def test_the_territories_followed_are_those_that_published_both():
    before, after = declared(EARLIER), declared(LATER)
    both = before.keys() & after.keys()
    gained = sum(after[one] in FORMAL and before[one] not in FORMAL for one in both)
    lost = sum(before[one] in FORMAL and after[one] not in FORMAL for one in both)
    said = words(seen("evolution"))
    assert f"Sur {len(both)} territoires dont la réponse est connue aux deux éditions, **{gained} déclarent**" in said
    assert f"**{lost} {'fait' if lost < 2 else 'font'}** le chemin inverse" in said
    first, *_ = tables(seen("evolution"))
    kept = [
        name for name in first if name in ("Mise en œuvre", "Formalisée", "En cours d’élaboration", "Prévue", "Non")
    ]
    known = first[first.iloc[:, 0].isin([*kept, "Non", "Prévue"])]
    assert known[kept].to_numpy().sum() == len(both)


@pytest.mark.parametrize("query", ["", "edition=simulee-2025", "avec=simulee-2026", "avec=inconnue&question=non"])
def test_either_edition_is_compared_with_the_other_in_the_order_of_time(query):
    page = seen("evolution", query)
    assert not page.exception
    assert f"de «{NARROW}Édition simulée 2025{NARROW}» à «{NARROW}Édition simulée 2026{NARROW}»" in words(page)
    assert titles(page) == ["Stratégie numérique"]


def test_the_address_names_question_row_and_fact():
    page = seen("evolution", "question=themes&ligne=sante&fait=themes%2Fsante&niveau=structurees")
    assert titles(page) == [f"Mobilisation par thématique{NARROW}: Santé"]
    assert f"«{NARROW}Actions structurées{NARROW}» dans" in words(page)


@pytest.mark.parametrize("question", questions(LATER, EARLIER))
def test_every_common_question_opens(question):
    page = seen("evolution", f"question={question}")
    assert not page.exception
    assert len(charts(page)) == 1


def test_both_editions_say_how_many_are_selected():
    said = words(seen("evolution", "type=epci"))
    for edition in (LATER, EARLIER):
        chosen = edition.respondents[edition.respondents["type"] == "epci"]
        assert f"**{len(chosen)} répondants, {chosen['territory'].nunique()} territoires**" in said


@pytest.mark.shipped_region
def test_a_selection_too_small_in_the_other_edition_shows_nothing():
    people = EARLIER.respondents
    for departement in ("16", "17", "19", "23", "24", "33", "40", "47", "64", "79", "86", "87"):
        inside = people["departements"].map(lambda codes, wanted=departement: wanted in codes)
        other = LATER.respondents["departements"].map(lambda codes, wanted=departement: wanted in codes)
        for kind in ("departement", "pays", "syndicat", "autre"):
            few = (inside & (people["type"] == kind)).sum()
            many = (other & (LATER.respondents["type"] == kind)).sum()
            if few < 3 <= many:
                page = visit("evolution", type=kind, departement=departement)
                assert not page.exception
                assert "Moins de 3 répondants de l’édition" in page.info[0].value
                assert charts(page) == []
                assert not page.dataframe
                return
    raise AssertionError("no selection is small in the earlier edition only")


def test_tables_open_and_files_are_offered():
    page = unfolded("evolution")
    assert not page.exception
    assert len(tables(page)) == 3
    assert all("Édition simulée 2025" in " ".join(table.columns) for table in tables(page)[0::2])


def test_facts_that_can_be_followed_have_one_answer():
    edition = world.edition()
    assert facts(edition, edition) == {
        "strategie": "Stratégie",
        "themes/inclusion": f"Mobilisation{NARROW}: Inclusion numérique",
        "themes/sante": f"Mobilisation{NARROW}: Santé",
    }


def test_groups_of_answers_go_from_the_most_to_the_least():
    themes = LATER.codebook["themes"]
    assert levels(themes) == {
        "ponctuelles": ("structurees", "ponctuelles"),
        "structurees": ("structurees",),
        "reflexion": ("structurees", "ponctuelles", "reflexion"),
    }
    assert level_names(LATER.codebook["instance"])["oui"] == "Oui"
    assert next(iter(levels(LATER.codebook["strategie"]).values())) == ("mise-en-oeuvre", "formalisee")
