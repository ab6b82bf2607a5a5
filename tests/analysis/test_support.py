"""Who may lend support to whom: on nine territories whose places are known, then on every territory of the region."""

import shutil
from dataclasses import replace
from functools import cache
from math import asin, cos, radians, sin, sqrt

import numpy as np
import pandas as pd
import pytest

from lib.analysis import engagement, support
from lib.analysis.territories import describe, structures
from lib.survey.consent import publishable
from lib.survey.edition import load_edition
from lib.survey.exchange import exchanged
from lib.survey.support import load_support
from lib.territory import reference
from lib.territory.neighbourhood import centre
from lib.territory.reference import load_reference
from tests.analysis import support_world as world

SETTINGS = load_support()
GIVEN = world.edition()
PUBLIC = exchanged(GIVEN)

# Town halls, in degrees north and east.
PLACES = {"Guéret": (46.171, 1.871), "Limoges": (45.831, 1.258), "Tulle": (45.267, 1.771)}


def supporters(code, settings=SETTINGS):
    return support.supporters(PUBLIC, describe(PUBLIC, code), settings)


def apart(one, other):
    """Return kilometres between two places of `PLACES`, on a sphere."""
    (lat, lon), (north, east) = ([radians(part) for part in PLACES[name]] for name in (one, other))
    chord = sin((north - lat) / 2) ** 2 + cos(lat) * cos(north) * sin((east - lon) / 2) ** 2
    return 2 * 6371 * asin(sqrt(chord))


@pytest.mark.shipped_region
def test_the_nearest_comparable_supporters_come_in_order_of_cost():
    found = supporters(world.GUERET)
    # Bayonne is too far, La Souterraine did not agree, the EPCI and the département are of other types.
    assert found.index.tolist() == [world.LIMOGES, world.TULLE]
    assert found.index.name == "territory"
    assert found.columns.tolist() == list(support.COLUMNS)
    assert found["nom"].tolist() == ["Limoges", "Tulle"]
    assert found["same_size"].tolist() == [False, True]
    # The centre of a commune is not its town hall.
    assert found["km"].tolist() == pytest.approx([apart("Guéret", "Limoges"), apart("Guéret", "Tulle")], abs=3)


@pytest.mark.shipped_region
def test_a_supporter_is_ahead_where_its_actions_are_structured_and_those_of_the_territory_are_not():
    found = supporters(world.GUERET)
    acting, unknown = ("education",), ("donnees",)
    assert found.at[world.LIMOGES, "ahead"] == tuple(theme for theme in world.THEMES if theme not in unknown)
    assert found.at[world.LIMOGES, "needed"] == tuple(
        theme for theme in world.THEMES if theme not in (*acting, *unknown)
    )
    assert found.at[world.TULLE, "ahead"] == ("inclusion",)
    assert found.at[world.TULLE, "needed"] == ("inclusion",)


@pytest.mark.shipped_region
@pytest.mark.parametrize("code", [world.USSEL, "19123"])
def test_of_a_territory_that_is_not_published_nothing_is_said(code):
    """Ussel refused, and Malemort, its equal in size, did not answer."""
    found = supporters(code)
    # They are two size classes apart from Limoges.
    assert found.index.tolist() == [world.TULLE]
    assert found["ahead"].tolist() == [("inclusion",)]
    assert found["needed"].tolist() == [()]
    assert found["same_size"].tolist() == [False]


@pytest.mark.shipped_region
def test_distance_and_sizes_are_limits():
    # 60 km and 100 km.
    assert supporters(world.GUERET, replace(SETTINGS, farthest_km=80)).index.tolist() == [world.LIMOGES]
    assert supporters(world.GUERET, replace(SETTINGS, size_steps=0)).index.tolist() == [world.TULLE]
    assert supporters(world.GUERET, replace(SETTINGS, farthest_km=20)).empty
    assert set(supporters(world.USSEL, replace(SETTINGS, size_steps=2)).index) == {world.LIMOGES, world.TULLE}


@pytest.mark.shipped_region
def test_weights_change_the_order():
    # Without themes, 60 km and a size class further are dearer than 100 km from 41 km a class.
    dear = replace(SETTINGS, cost=replace(SETTINGS.cost, theme=0, size_step=60))
    assert supporters(world.GUERET, dear).index.tolist() == [world.TULLE, world.LIMOGES]
    cheap = replace(SETTINGS, cost=replace(SETTINGS.cost, theme=0, size_step=0))
    assert supporters(world.GUERET, cheap).index.tolist() == [world.LIMOGES, world.TULLE]


def test_a_supporter_is_never_its_own():
    assert world.LIMOGES not in supporters(world.LIMOGES).index
    # One of its kind within reach: none.
    assert supporters(world.HAUTE_VIENNE).empty
    assert supporters(world.HAUTE_VIENNE).columns.tolist() == list(support.COLUMNS)


@pytest.mark.shipped_region
def test_the_epci_of_a_commune_is_said_first_when_it_may_help():
    assert support.own_epci(PUBLIC, describe(PUBLIC, world.GUERET)) == world.GRAND_GUERET
    assert support.own_epci(PUBLIC, describe(PUBLIC, world.TULLE)) == ""
    assert support.own_epci(PUBLIC, describe(PUBLIC, world.GRAND_GUERET)) == ""


@pytest.mark.shipped_region
def test_a_supporter_knows_how_many_it_could_help():
    assert support.lends_support(PUBLIC, describe(PUBLIC, world.LIMOGES))
    assert not support.lends_support(PUBLIC, describe(PUBLIC, world.GUERET))
    # It is one, and did not agree to be named.
    assert not support.lends_support(PUBLIC, describe(PUBLIC, world.SOUTERRAINE))
    # Guéret; Ussel is two classes away from Limoges, and did not agree either.
    assert support.helped_around(PUBLIC, describe(PUBLIC, world.LIMOGES)) == 1
    assert support.helped_around(PUBLIC, describe(PUBLIC, world.TULLE)) == 1
    assert support.helped_around(PUBLIC, describe(PUBLIC, world.BAYONNE)) == 0


def test_a_structure_without_a_place_has_no_supporter():
    territory = describe(PUBLIC, world.SYNDICAT)
    assert support.place_of(PUBLIC, territory) is None
    assert support.supporters(PUBLIC, territory).empty


@pytest.mark.shipped_region
def test_sizes_are_those_of_the_list_even_where_the_type_was_left_blank():
    # The matching reads « Tulle » without a type, and gives no size to who ticked none.
    people = PUBLIC.respondents.copy()
    people.loc[people["territory"] == world.TULLE, ["type", "taille"]] = [None, "sans-objet"]
    found = support.supporters(replace(PUBLIC, respondents=people), describe(PUBLIC, world.USSEL))
    assert found[["type", "taille", "same_size"]].to_numpy().tolist() == [["commune", "commune-10000-49999", False]]


@pytest.mark.shipped_region
def test_a_structure_lies_amid_the_members_that_any_of_its_respondents_declares():
    people = GIVEN.respondents.copy()
    # Who answered for Bayonne answers for the syndicat too, and after the other.
    (elsewhere,) = people.index[people["territory"] == world.BAYONNE]
    people.loc[elsewhere, ["type", "territory", "nom"]] = ["syndicat", world.SYNDICAT, "Syndicat"]
    people.at[elsewhere, "membres"] = (world.GRAND_GUERET,)
    last = [*people.index.drop(elsewhere), elsewhere]
    edition = replace(GIVEN, respondents=people.loc[last], values=GIVEN.values.loc[last], states=GIVEN.states.loc[last])
    assert support.place_of(edition, describe(edition, world.SYNDICAT)) == centre([world.GRAND_GUERET])
    assert not np.isnan(support.surveyed(edition, SETTINGS).places[-1]).any()


@pytest.mark.shipped_region
def test_what_is_no_more_lies_where_its_communes_are_today(tmp_path, monkeypatch):
    """In the list of an earlier year, an EPCI bears a code that has gone since, and a commune is not yet merged."""
    gone, merged = "200999999", "16006"
    shutil.copy(reference.GEO / "former_communes.csv", tmp_path)
    today = (reference.GEO / "territories.csv").read_text(encoding="utf-8")
    (line,) = [one for one in today.splitlines() if one.startswith("16242,")]
    earlier = today.replace(world.GRAND_GUERET, gone).rstrip("\n") + f"\n{line.replace('16242,', f'{merged},', 1)}\n"
    (tmp_path / "territories.csv").write_text(today, encoding="utf-8")
    (tmp_path / "territories-2025.csv").write_text(earlier, encoding="utf-8")
    communes = load_reference().query("epci == @world.GRAND_GUERET").index
    places = centre(communes), centre(["16242"]), centre(["200034825"])
    monkeypatch.setattr(reference, "GEO", tmp_path)
    reference._read_reference.cache_clear()
    try:
        edition = replace(PUBLIC, millesime=2025)
        lost, before = (describe(edition, code) for code in (gone, merged))
        assert support.place_of(edition, lost) == pytest.approx(places[0])
        # Not where the polygon of the EPCI has its own centre, but not far.
        assert np.hypot(*np.subtract(places[0], places[2])) < 10_000
        assert support.place_of(edition, before) == places[1]
        pays = replace(before, code="pays:x", membres=(gone, "299999999"))
        assert support.place_of(edition, pays) == pytest.approx(places[0])
        assert support.place_of(edition, replace(pays, membres=("299999999",))) is None
    finally:
        reference._read_reference.cache_clear()


def test_an_edition_without_the_question_compares_no_theme():
    shorter = replace(
        PUBLIC.codebook, questions=tuple(question for question in PUBLIC.codebook.questions if question.id != "themes")
    )
    edition = replace(PUBLIC, codebook=shorter)
    assert support.theme_codes(edition, SETTINGS) == ()
    found = support.supporters(edition, describe(edition, world.GUERET))
    assert all(ahead == () for ahead in found["ahead"])


@pytest.mark.shipped_region
def test_an_edition_without_any_answer_has_no_supporter():
    nobody = replace(PUBLIC, respondents=PUBLIC.respondents[:0], values=PUBLIC.values[:0], states=PUBLIC.states[:0])
    territory = describe(nobody, world.GUERET)
    assert support.supporters(nobody, territory).empty
    assert support.own_epci(nobody, territory) == ""
    assert support.helped_around(nobody, territory) == 0


# The shipped edition.


@cache
def shipped():
    return exchanged(load_edition())


def everybody(step=1):
    """Return all the territories that answered, and one in `step` of those that did not."""
    edition = shipped()
    answered = list(edition.respondents["territory"].dropna().unique())
    silent = [code for code in load_reference(edition.millesime).index if code not in set(answered)][::step]
    known = set(load_reference(edition.millesime).index) | set(structures(edition))
    return [describe(edition, code) for code in (*answered, *silent) if code in known]


def test_every_territory_of_the_region_has_its_supporters_and_none_is_named_that_did_not_agree():
    edition = shipped()
    agreed = publishable(edition.respondents)
    stages, named = engagement.stages(edition), set()
    for territory in everybody():
        found = support.supporters(edition, territory)
        named |= set(found.index) | ({own} if (own := support.own_epci(edition, territory)) else set())
        assert territory.code not in found.index
        assert (found["km"] <= SETTINGS.farthest_km).all()
        assert (found["type"] == territory.type).all()
        if not territory.published:
            assert all(needed == () for needed in found["needed"])
    assert len(named) > 10
    assert agreed[list(named)].all()
    assert stages[list(named)].isin(SETTINGS.helping).all()


def test_what_is_not_published_changes_nothing():
    """Whatever the unpublished territories answered, supporters of everybody are the same."""
    edition = shipped()
    respondents = edition.respondents
    agreed = publishable(respondents).reindex(respondents["territory"]).fillna(False).to_numpy(bool)
    values, states = edition.values.copy(), edition.states.copy()
    hidden = np.flatnonzero(~agreed)
    columns = [key for key in values if key.startswith(("themes/", "strategie", "instance", "portage"))]
    # Everything that makes a stage moves one place along the unpublished ones.
    values.loc[~agreed, columns] = values.iloc[np.roll(hidden, 1)][columns].to_numpy()
    states.loc[~agreed, columns] = states.iloc[np.roll(hidden, 1)][columns].to_numpy()
    other = replace(edition, values=values, states=states)
    for territory in everybody(97)[::3]:
        before, after = (support.supporters(one, territory) for one in (edition, other))
        pd.testing.assert_frame_equal(before, after)
        assert support.own_epci(edition, territory) == support.own_epci(other, territory)
        assert support.helped_around(edition, territory) == support.helped_around(other, territory)
