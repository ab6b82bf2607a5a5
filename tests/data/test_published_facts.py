"""Each published finding, met by the simulated answers: by construction, which confirms nothing."""

import pytest

from lib.survey.edition import load_edition
from lib.survey.states import answered

FORMALISED = ["formalisee", "mise-en-oeuvre"]


@pytest.fixture(scope="module")
def edition():
    return load_edition()


def ticked(edition, question):
    """Share of each option among those who answered a multiple choice."""
    keys = edition.codebook[question].groups[question]
    base = answered(edition.states[list(keys)])
    return edition.values.loc[base, list(keys)].notna().mean().rename(lambda key: key.rpartition("/")[2])


def test_thirty_per_cent_say_that_there_is_no_strategy(edition):
    strategies = edition.values["strategie"].dropna()
    # As near as whole respondents allow.
    assert abs((strategies == "non").sum() - 0.30 * len(strategies)) <= 0.5


def test_inclusion_and_infrastructures_lead_mobilisation_then_the_four_themes_named(edition):
    themes = edition.values[list(edition.codebook["themes"].columns)]
    mobilised = themes.isin(["ponctuelles", "structurees"]).sum() / themes.notna().sum()
    order = [key.rpartition("/")[2] for key in mobilised.sort_values(ascending=False).index]
    assert set(order[:2]) == {"inclusion", "infrastructures"}
    assert set(order[2:6]) == {"collectivite", "entreprises", "education", "responsable"}
    leading = mobilised.sort_values(ascending=False)
    assert leading.iloc[1] - leading.iloc[2] > 0.05


def test_inclusion_and_infrastructures_lead_priorities(edition):
    ranks = edition.values[list(edition.codebook["priorites"].columns)]
    chosen = ranks.stack().value_counts() / ranks.notna().any(axis=1).sum()
    assert set(chosen.index[:2]) == {"inclusion", "infrastructures"}
    assert chosen.iloc[1] - chosen.iloc[2] > 0.2
    assert set(chosen.index[2:6]) == {"collectivite", "entreprises", "education", "responsable"}


def test_everyone_has_begun(edition):
    themes = edition.values[list(edition.codebook["themes"].columns)]
    reached = themes.notna().any(axis=1)
    assert themes[reached].isin(["ponctuelles", "structurees"]).any(axis=1).mean() > 0.98


def test_engineering_and_knowledge_lead_the_needs(edition):
    order = ticked(edition, "besoins").sort_values(ascending=False)
    assert order.index[0] == "ingenierie"
    assert set(order.index[1:3]) == {"sujets", "dispositifs"}
    assert order.iloc[2] - order.iloc[3] > 0.05


def test_resources_funding_and_governance_lead_the_obstacles(edition):
    order = ticked(edition, "freins").sort_values(ascending=False)
    assert set(order.index[:4]) == {"rh", "materiel", "financements", "gouvernance"}
    assert order.iloc[3] - order.iloc[4] > 0.05


def test_funding_weighs_more_on_elected_members(edition):
    keys = list(edition.codebook["freins"].groups["freins"])
    base = answered(edition.states[keys])
    funding = edition.values.loc[base, "freins/financements"].notna()
    shares = funding.groupby(edition.respondents["role"]).mean()
    assert shares["elu"] - shares["direction"] > 0.15
    assert shares["elu"] - shares["technicien"] > 0.15


@pytest.mark.parametrize(
    ("condition", "favourable", "others"),
    [("portage", "fort", ["moyen", "faible", "inexistant"]), ("instance", "oui", ["projet", "non"])],
)
def test_each_condition_goes_with_a_formalised_strategy(edition, condition, favourable, others):
    values = edition.values[["strategie", condition]].dropna()
    values = values[values["strategie"] != "nsp"]
    shares = values["strategie"].isin(FORMALISED).groupby(values[condition]).mean()
    assert shares[favourable] > 0.45
    assert shares[favourable] - shares[others].max() > 0.2
