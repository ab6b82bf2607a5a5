from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lib.analysis.intervals import wilson
from lib.analysis.level_weights import level_weights
from lib.analysis.selection import EVERYBODY, Selection
from lib.analysis.shares import ranks, reached, shares
from lib.analysis.weights import weigh, weighting, weighting_note
from lib.survey.edition import Edition, load_edition
from lib.territory.reference import load_reference
from tests import world
from tests.analysis.test_raking import BAROMETER, barometer

NARROW = "\u202f"
WEIGHTED = Selection(weighted=True)
COMMUNES = Selection(types=("commune",), weighted=True)


def region(strata: dict[tuple[str, str], int]) -> pd.DataFrame:
    """Return communes numbered from 1 within each département and size class, with the two départements."""
    communes = [
        (f"{departement}-{taille}-{rank}", "commune", departement, f"commune-{taille}")
        for (departement, taille), number in strata.items()
        for rank in range(1, number + 1)
    ]
    departements = [(code, "departement", code, None) for code in sorted({code for code, _ in strata})]
    territories = pd.DataFrame(communes + departements, columns=["code", "type", "departement", "taille"])
    territories = territories.set_index("code")
    return territories.assign(nom=territories.index, departements=territories["departement"].map(lambda code: (code,)))


def answered(territories: pd.DataFrame, strata: dict[tuple[str, str], int]) -> Edition:
    """Return an edition in which the first communes of each stratum answered, one respondent each."""
    codes = [
        f"{departement}-{taille}-{rank}"
        for (departement, taille), number in strata.items()
        for rank in range(1, number + 1)
    ]
    base, index = world.edition(), pd.Index([f"r{code}" for code in codes], name="respondent", dtype="str")
    known = territories.loc[codes].set_axis(index)
    respondents = known[["type", "taille", "departements", "nom"]].assign(
        territory=pd.Series(codes, index=index, dtype="str"), role="elu"
    )
    return replace(
        base,
        respondents=respondents,
        values=pd.DataFrame(pd.NA, index=index, columns=base.values.columns, dtype="str"),
        states=pd.DataFrame(0, index=index, columns=base.states.columns, dtype="int8"),
    )


def with_weights(weights: dict[str, float]) -> Edition:
    """Return the edition of the small world with weights set by hand."""
    edition = world.edition()
    edition.respondents["weight"] = edition.respondents["territory"].map(weights).astype(float)
    return edition


BY_HAND = {"16001": 0.5, "16002": 1.0, "16003": 0.5, "17001": 2.0}


def of(question: str, selection: Selection, weights: dict[str, float] = BY_HAND, **options: str) -> pd.DataFrame:
    return shares(with_weights(weights), question, selection, reference=world.reference(), **options)


# Weighting a level.


def test_a_level_is_weighted_to_its_population() -> None:
    # Twenty communes of each département answered, of 100 and of 300: 1/4 and 3/4 of 40.
    territories = region({("16", "0-999"): 100, ("17", "0-999"): 300})
    edition = answered(territories, {("16", "0-999"): 20, ("17", "0-999"): 20})
    found = weighting(edition, territories)["commune"]
    assert found.refusal is None
    assert (found.n, found.population) == (40, 400)
    assert found.weights["16-0-999-20"] == pytest.approx(0.5)
    assert found.weights["17-0-999-1"] == pytest.approx(1.5)
    # (Σw)² / Σw² = 40² / (20 × 0.25 + 20 × 2.25).
    assert found.effective_n == found.effective_n_trimmed == pytest.approx(32)
    assert found.design_effect == pytest.approx(1.25)
    assert found.largest == found.largest_trimmed == pytest.approx(1.5)
    assert (found.collapsed, found.trimmed) == ((), 0)
    assert found.margins_moved == pytest.approx(0)


def test_a_territory_counts_once_whoever_answered_for_it() -> None:
    territories = region({("16", "0-999"): 100, ("17", "0-999"): 300})
    edition = answered(territories, {("16", "0-999"): 20, ("17", "0-999"): 20})
    again = edition.respondents.iloc[:5].set_axis([f"again{rank}" for rank in range(5)])
    edition = replace(edition, respondents=pd.concat([edition.respondents, again]))
    assert weighting(edition, territories)["commune"].n == 40
    weights = weigh(edition, territories).respondents["weight"]
    assert weights["again0"] == weights["r16-0-999-1"] == pytest.approx(0.5)


@pytest.mark.shipped_region
def test_a_departement_with_few_answers_joins_a_contiguous_one_before_weighting() -> None:
    # Deux-Sèvres (79) touches Charente and Charente-Maritime: Charente has fewer respondents.
    strata = {("16", "0-999"): 100, ("17", "0-999"): 300, ("79", "0-999"): 20}
    territories = region(strata)
    edition = answered(territories, {("16", "0-999"): 20, ("17", "0-999"): 30, ("79", "0-999"): 2})
    found = weighting(edition, territories)["commune"]
    assert found.collapsed == (
        f"«{NARROW}79 (79){NARROW}» (2 territoires répondants) rejoint «{NARROW}16 (16){NARROW}» (20 territoires "
        "répondants).",
    )
    # 120 of 420 for 22 of 52.
    assert found.weights["79-0-999-1"] == found.weights["16-0-999-1"] == pytest.approx(120 / 420 * 52 / 22)
    assert found.weights["17-0-999-1"] == pytest.approx(300 / 420 * 52 / 30)


def test_a_departement_that_touches_none_of_the_others_is_not_collapsed() -> None:
    # Creuse and Pyrénées-Atlantiques have no common border: an empty one cannot be weighted.
    territories = region({("23", "0-999"): 100, ("64", "0-999"): 100, ("40", "0-999"): 100})
    edition = answered(territories, {("64", "0-999"): 40, ("40", "0-999"): 40})
    found = weighting(edition, territories)["commune"]
    assert found.weights.empty
    assert found.refusal is not None
    assert found.refusal.startswith(
        f"«{NARROW}23 (23){NARROW}» (aucun territoire répondant) serait perdu, alors que 100"
    )


def test_a_size_class_without_answer_joins_the_next_one() -> None:
    territories = region({("16", "0-999"): 60, ("16", "1000-3499"): 30, ("16", "10000-49999"): 10})
    edition = answered(territories, {("16", "0-999"): 30, ("16", "1000-3499"): 10})
    found = weighting(edition, territories)["commune"]
    assert found.refusal is None
    assert found.collapsed == (
        f"«{NARROW}Communes de 10{NARROW}000 à 49{NARROW}999 hab.{NARROW}» (aucun territoire répondant) rejoint "
        f"«{NARROW}Communes de 1{NARROW}000 à 3{NARROW}499 hab.{NARROW}» (10 territoires répondants).",
    )
    # 40 of 100 for 10 of 40.
    assert found.weights["16-1000-3499-1"] == pytest.approx(1.6)


def test_weights_above_five_are_trimmed_and_the_move_is_told() -> None:
    # One of 200 for 4 % of the population: 8, cut to 5, that is 2.5 %; the 199 others share 195.
    units = pd.DataFrame({"taille": ["a"] * 199 + ["b"]}, index=[f"t{rank}" for rank in range(200)])
    found = level_weights("commune", units, {"taille": pd.Series({"a": 960, "b": 40})})
    assert found.largest == pytest.approx(8)
    assert found.effective_n == pytest.approx(200**2 / (192**2 / 199 + 64))
    assert (found.trimmed, found.largest_trimmed) == (1, pytest.approx(5))
    assert found.weights["t0"] == pytest.approx(195 / 199)
    assert found.effective_n_trimmed == pytest.approx(200**2 / (195**2 / 199 + 25))
    assert found.margins_moved == pytest.approx(0.015)
    # One respondent, and nobody to be counted with: kept, and said.
    assert len(found.collapsed) == 1
    assert found.collapsed[0].startswith(f"«{NARROW}b{NARROW}» (1 territoire répondant) reste à part")


def test_trimming_does_not_rescue_an_effective_n_under_thirty() -> None:
    # One of 60 for a sixth of the population weighs 10: 25.3; cut to 5, it would leave 60² / (55² / 59 + 25) = 47.2.
    units = pd.DataFrame({"taille": ["a"] * 59 + ["b"]})
    found = level_weights("commune", units, {"taille": pd.Series({"a": 50, "b": 10})})
    assert found.effective_n == pytest.approx(60**2 / (50**2 / 59 + 100))
    assert found.refusal == "effectif efficace de 25,3, inférieur à 30"
    assert found.weights.empty


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({}, "aucun territoire de ce niveau n’a répondu"),
        ({("16", "0-999"): 1}, "1 territoire a répondu, il en faut au moins 30"),
        ({("16", "0-999"): 10, ("17", "0-999"): 19}, "29 territoires ont répondu, il en faut au moins 30"),
    ],
)
def test_a_level_with_too_few_territories_is_refused(answers: dict[tuple[str, str], int], reason: str) -> None:
    territories = region({("16", "0-999"): 100, ("17", "0-999"): 300})
    assert weighting(answered(territories, answers), territories)["commune"].refusal == reason


def test_types_without_reference_population_are_refused() -> None:
    found = weighting(world.edition(), world.reference())
    assert list(found) == ["commune", "epci", "departement", "pays", "syndicat", "autre"]
    assert (found["pays"].n, found["pays"].refusal) == (1, "sans population de référence")
    assert (found["commune"].n, found["commune"].population) == (4, 6)


def test_margins_that_cannot_be_met_together_are_refused() -> None:
    units = pd.DataFrame({"taille": ["a"] * 20 + ["b"] * 20, "departement": ["x"] * 20 + ["y"] * 20})
    margins = {"taille": pd.Series({"a": 30, "b": 70}), "departement": pd.Series({"x": 60, "y": 40})}
    assert level_weights("commune", units, margins).refusal == "aucun poids ne rejoint toutes les marges"


def test_a_respondent_outside_the_population_is_refused() -> None:
    units = pd.DataFrame({"taille": ["a"] * 40 + ["z"] * 40})
    refusal = level_weights("commune", units, {"taille": pd.Series({"a": 30})}).refusal
    assert refusal == "des répondants hors de la population de référence (z)"


# A barometer that lost the stratum of communes under 3,500 inhabitants: see test_raking.


def test_the_barometer_is_refused_without_its_largest_stratum() -> None:
    units, _ = barometer(BAROMETER[1:])
    _, population = barometer(BAROMETER)
    found = level_weights("tous", units[["stratum"]], {"stratum": population})
    assert found.refusal is not None
    lost, few = found.refusal.split(f"{NARROW}; ")
    assert lost.startswith(
        f"«{NARROW}Communes de moins de 3 500 hab.{NARROW}» (aucun territoire répondant) serait perdu"
    )
    assert f"31{NARROW}762 existent" in lost
    assert few == "effectif efficace de 22,5, inférieur à 30"
    assert found.weights.empty


def test_the_barometer_is_refused_with_all_its_strata() -> None:
    units, population = barometer(BAROMETER)
    found = level_weights("tous", units[["stratum"]], {"stratum": population})
    assert found.refusal == "effectif efficace de 11,7, inférieur à 30"
    assert found.weights.empty


# The shipped edition.


@pytest.mark.shipped_region
def test_the_shipped_edition_meets_the_margins_of_its_population() -> None:
    edition = load_edition()
    territories = load_reference(edition.millesime)
    weighed = weigh(edition)
    assert "weight" not in edition.respondents
    for level, found in weighting(edition).items():
        if found.refusal is not None:
            continue
        population = territories[territories["type"] == level]
        assert found.weights.mean() == pytest.approx(1)
        assert found.largest_trimmed <= 5 + 1e-9
        assert found.effective_n >= 30
        # Size classes that were not collapsed are met as they are, each by itself.
        assert not any("hab." in sentence for sentence in found.collapsed)
        expected = population["taille"].value_counts(normalize=True)
        weighted = found.weights.groupby(population["taille"].reindex(found.weights.index)).sum() / found.n
        assert (weighted - expected).abs().max() <= max(found.margins_moved, 1e-6)
        own = weighed.respondents[weighed.respondents["territory"].isin(population.index)]
        assert own["weight"].tolist() == pytest.approx(found.weights[own["territory"]].tolist())


# Weighted shares.


def test_weighted_shares_by_hand() -> None:
    # Facts: 16001 non, 16002 divergent, 16003 nsp, 17001 mise en œuvre; weights 0.5, 1, 0.5 and 2, 4 in all.
    found = of("strategie", COMMUNES)
    assert list(found.columns) == ["label", "count", "base", "share", "low", "high", "effective_n"]
    assert found["share"].to_dict() == pytest.approx(
        {"mise-en-oeuvre": 2 / 4, "formalisee": 0, "elaboration": 0, "prevue": 0, "non": 0.5 / 4, "nsp": 0.5 / 4,
         "divergentes": 1 / 4}
    )  # fmt: skip
    assert found["count"].tolist() == [1, 0, 0, 0, 1, 1, 1]
    assert (found["base"] == 4).all()
    effective = 4**2 / (0.25 + 1 + 0.25 + 4)
    assert found["effective_n"].tolist() == pytest.approx([effective] * 7)
    low, high = wilson(0.5 * effective, effective)
    assert found.loc["mise-en-oeuvre", ["low", "high"]].tolist() == pytest.approx([float(low), float(high)])


def test_equal_weights_change_no_share() -> None:
    equal = dict.fromkeys(BY_HAND, 1.0)
    for question in ("strategie", "themes", "actions"):
        found = of(question, COMMUNES, equal)
        raw = of(question, COMMUNES.without_weighting(), equal)
        pd.testing.assert_frame_equal(found[["label", "count", "base", "share"]], raw.iloc[:, :4])
        pd.testing.assert_series_equal(found["effective_n"], raw["base"].astype(float), check_names=False)


def test_the_base_of_each_row_has_its_own_effective_n() -> None:
    # Inclusion: 16001 ponctuelles, 16002 divergent, 17001 structurées. Santé: 16001 alone.
    found = of("themes", COMMUNES)
    assert found.loc[("inclusion", "structurees"), "share"] == pytest.approx(2 / 3.5)
    assert found.loc[("inclusion", "structurees"), "effective_n"] == pytest.approx(3.5**2 / 5.25)
    assert found.loc[("sante", "absent"), ["share", "effective_n"]].tolist() == pytest.approx([1, 1])


def test_a_selection_keeps_the_weights_of_the_level() -> None:
    # Charente: 16001 non, 16002 divergent, 16003 nsp, of 2 in all.
    found = of("strategie", Selection(types=("commune",), departements=("16",), weighted=True))
    assert found.loc[["non", "divergentes", "nsp"], "share"].tolist() == pytest.approx([0.25, 0.5, 0.25])
    assert found["effective_n"].iloc[0] == pytest.approx(4 / 1.5)
    grouped = of("strategie", COMMUNES, by="departement").loc["16"]
    pd.testing.assert_frame_equal(grouped, found, check_names=False)


def test_an_epci_on_two_departements_carries_its_weight_in_each() -> None:
    weights = {world.FIRST: 0.5, world.SECOND: 1.5}
    found = of("strategie", Selection(types=("epci",), weighted=True), weights, by="departement")
    assert found.loc[("16", "non"), "share"] == pytest.approx(0.75)
    assert found.loc[("17", "non"), "share"] == 1
    assert found.loc["16", "effective_n"].iloc[0] == pytest.approx(2**2 / (0.25 + 2.25))


def test_levels_without_weights_and_levels_together_stay_raw() -> None:
    by_type = of("strategie", WEIGHTED, by="type")
    raw = of("strategie", EVERYBODY, by="type")
    for kind in ("epci", "departement", "pays", "syndicat"):
        pd.testing.assert_frame_equal(by_type.loc[kind].iloc[:, :6], raw.loc[kind])
        assert by_type.loc[kind, "effective_n"].isna().all()
    assert by_type.loc[("commune", "mise-en-oeuvre"), "share"] == 0.5
    together = of("strategie", WEIGHTED)
    assert together["effective_n"].isna().all()
    pd.testing.assert_frame_equal(together.iloc[:, :6], of("strategie", EVERYBODY))


def test_respondents_stay_raw() -> None:
    found = of("strategie", COMMUNES, unit="respondents")
    assert found["effective_n"].isna().all()
    raw = of("strategie", COMMUNES.without_weighting(), unit="respondents")
    pd.testing.assert_frame_equal(found.iloc[:, :6], raw)
    ranked = ranks(with_weights(BY_HAND), "priorites", COMMUNES, reference=world.reference())
    assert "effective_n" not in ranked


def test_an_edition_without_weights_stays_raw() -> None:
    found = shares(world.edition(), "strategie", COMMUNES, reference=world.reference())
    assert found["effective_n"].isna().all()
    assert found.loc["non", "share"] == 0.25


def test_options_taken_together_are_weighted() -> None:
    options = ("mise-en-oeuvre", "non")
    found = reached(with_weights(BY_HAND), "strategie", options, COMMUNES, reference=world.reference())
    assert found.loc["strategie", ["count", "base"]].tolist() == [2, 4]
    assert found.loc["strategie", "share"] == pytest.approx(2.5 / 4)


@pytest.mark.parametrize("selection", [WEIGHTED, COMMUNES, Selection(types=("syndicat",), weighted=True)])
@pytest.mark.parametrize("by", [None, "type", "taille", "departement", "role"])
def test_weighted_shares_keep_the_contract(selection: Selection, by: str | None) -> None:
    for question in ("strategie", "themes", "actions", "besoins"):
        found = of(question, selection, by=by, unit="territories")
        some = found[found["base"] > 0]
        assert (some["low"] >= 0).all()
        assert (some["low"] <= some["share"]).all()
        assert (some["share"] <= some["high"]).all()
        assert (some["high"] <= 1).all()
        assert found.loc[found["base"] == 0, ["share", "low", "high"]].isna().all(axis=None)
        assert not (found["effective_n"] > found["base"] + 1e-9).any()


def test_weighing_again_gives_the_same_edition() -> None:
    territories = region({("16", "0-999"): 100, ("17", "0-999"): 300})
    edition = answered(territories, {("16", "0-999"): 20, ("17", "0-999"): 20})
    once = weigh(edition, territories)
    pd.testing.assert_frame_equal(once.respondents, weigh(once, territories).respondents)
    nobody = weigh(answered(territories, {}), territories)
    assert nobody.respondents["weight"].tolist() == []
    assert np.isnan(weigh(world.edition(), world.reference()).respondents["weight"]).all()


# What a figure says of it.


@pytest.mark.parametrize(
    ("selection", "unit", "by", "expected"),
    [
        (COMMUNES.without_weighting(), "territories", None, "non pondéré"),
        (COMMUNES, "territories", None, "pondéré"),
        (COMMUNES, "territories", "departement", "pondéré"),
        (COMMUNES, "respondents", None, f"non pondéré{NARROW}: répondants, sans population de référence"),
        (WEIGHTED, "territories", None, f"non pondéré{NARROW}: plusieurs niveaux ensemble"),
        (WEIGHTED, "territories", "type", "pondéré pour les communes, brut pour le reste"),
        (
            Selection(types=("pays",), weighted=True),
            "territories",
            None,
            f"non pondéré{NARROW}: sans population de référence",
        ),
        (
            Selection(types=("epci",), weighted=True),
            "territories",
            "departement",
            f"non pondéré{NARROW}: intercommunalités, 2 territoires ont répondu, il en faut au moins 30",
        ),
        (Selection(types=("syndicat",), weighted=True), "territories", None, f"non pondéré{NARROW}: aucun territoire"),
    ],
)
def test_the_note_says_what_was_done(selection: Selection, unit: str, by: str | None, expected: str) -> None:
    edition = with_weights(BY_HAND)
    assert weighting_note(edition, selection, unit, by, world.reference()) == expected


def test_the_note_names_every_weighted_level() -> None:
    edition = with_weights(BY_HAND | {world.FIRST: 1.0, world.SECOND: 1.0})
    note = weighting_note(edition, WEIGHTED, "territories", "type", world.reference())
    assert note == "pondéré pour les communes et les intercommunalités, brut pour le reste"
