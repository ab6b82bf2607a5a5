"""What a person may choose of columns, of texts in cells and of territories, and what the choice then means."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from lib.survey.reading.mapping import Target
from lib.survey.reading.table import Table
from lib.ui.importing import choosing, columns, identity, options, territories, upload
from lib.ui.importing.pages import page_of
from lib.ui.importing.steps import STEPS, numbered
from tests.survey.world import codebook


def test_each_column_of_the_questionnaire_can_be_chosen_in_words():
    labels = columns.key_labels(codebook())
    assert set(codebook().columns) <= set(labels)
    assert labels["niveau/fibre"] == "Niveau – Fibre"
    assert labels["rang/2"] == "Rang – rang 2"
    assert labels["freins/temps"] == "Freins – Temps, calendrier (agenda)"
    assert labels["freins/autre/texte"] == "Freins – texte de «\u202fAutre\u202f»"
    assert labels["actions/ecole/bilan"] == "Actions – École d’aujourd’hui – Bilan"
    # Several options in one cell: a multiple choice, a ranking, a row of an array of multiples.
    assert {key for key in labels if key.startswith("=")} == {"=rang", "=freins", "=actions/fibre", "=actions/ecole"}


@pytest.mark.parametrize(
    "target",
    [
        Target("answer", "niveau/fibre", "person"),
        Target("joined", "freins", "person"),
        Target("joined", "actions/fibre", "person"),
        Target("ignored", by="person"),
    ],
)
def test_what_is_chosen_is_what_is_kept(target):
    assert columns.target_of(columns.code_of(target), codebook()) == target


def test_a_contact_is_kept_as_one_and_nothing_decided_is_no_target():
    assert columns.target_of(columns.CONTACT, codebook()).role == "contact"
    assert columns.target_of(columns.UNDECIDED, codebook()) is None
    assert columns.target_of("nulle/part", codebook()) is None
    assert columns.code_of(Target("unknown")) == columns.UNDECIDED
    # A column of the tool's own is shown as what it is, and choosing it again changes nothing.
    assert columns.target_of(columns.code_of(Target("metadata", "id")), codebook()) is None


def test_the_closest_option_comes_first_with_its_score():
    names, codes = options.choices(codebook()["role"], {"agent": 0.82})
    assert codes == ["?", "agent", "", "elu"]
    assert names["agent"] == "Agent (ressemblance 0,82)"
    assert names["elu"] == "Élu·e"


def test_a_score_of_no_option_is_not_shown():
    _, codes = options.choices(codebook()["role"], {"maire": 0.9, None: float("nan")})
    assert codes == ["?", "", "elu", "agent"]


@pytest.mark.shipped_region
def test_a_territory_is_told_with_its_departement_its_inhabitants_and_its_code():
    told = choosing.described(("33063", "243300316", "33"), 2026)
    assert told["33063"].startswith("Bordeaux (33) · ")
    assert told["33063"].endswith("\u202fhab. · INSEE 33063") or told["33063"].endswith(" hab. · INSEE 33063")
    assert told["243300316"].endswith("SIREN 243300316")
    assert told["33"].endswith("département 33")


@pytest.mark.shipped_region
def test_a_territory_is_found_by_name_or_code_what_begins_with_it_first():
    found = choosing.search("bordeaux", 2026)
    assert found[0] in ("33063", "243300316")
    assert {"33063", "243300316"} <= set(found)
    assert choosing.search("33063", 2026) == ("33063",)
    assert choosing.search("200 034 825", 2026) == ("200034825",)
    assert choosing.search("x", 2026) == ()
    assert choosing.search("<script>", 2026) == ()
    assert len(choosing.search("saint", 2026)) == choosing.MOST


def people(*rows):
    frame = pd.DataFrame(rows, columns=["type", "declared", "method", "candidates", "territory", "nom"])
    frame.index = pd.Index([f"r-{n}" for n in range(len(rows))], name="respondent")
    return frame.astype({"type": "str", "declared": "str", "territory": "str", "nom": "str"})


MEMORIES = pd.DataFrame({"type": ["commune"], "declared": ["CLUB de pétanque"], "code": [""]}, dtype="str")
PEOPLE = people(
    ("commune", "Saint-Sornin", "ambiguous", ("16353", "17406"), None, None),
    ("commune", "SAINT SORNIN", "ambiguous", ("16353", "17406"), None, None),
    ("commune", "Bordeaux", "exact", ("33063",), "33063", "Bordeaux"),
    ("commune", "Club de pétanque", "none", (), None, None),
    (None, "ma mairie", "none", (), None, None),
    ("commune", None, "none", (), None, None),
)


def test_names_without_a_territory_are_listed_once_the_most_frequent_first():
    outcomes = pd.Series(["ambiguous", "ambiguous", "matched", "none", "none", "none"], index=PEOPLE.index)
    names = territories.unmatched_names(PEOPLE, outcomes, MEMORIES)
    assert names["declared"].tolist() == ["Saint-Sornin", "Club de pétanque", "ma mairie"]
    assert names["count"].tolist() == [2, 1, 1]
    assert names["type"].tolist() == ["commune", "commune", ""]
    assert names["candidates"].tolist() == [("16353", "17406"), (), ()]
    # A person said of the club that it has no territory.
    assert names["outside"].tolist() == [False, True, False]


def test_the_report_has_one_row_for_each_respondent():
    outcomes = pd.Series(["ambiguous", "ambiguous", "matched", "none", "none", "none"], index=PEOPLE.index)
    report = territories.matching_report(PEOPLE, outcomes)
    assert report["Réponse"].tolist() == [f"r-{n}" for n in range(6)]
    assert report["Résultat"].tolist() == ["ambigu", "ambigu", "reconnu", *["non reconnu"] * 3]
    assert report["Candidats"].tolist()[0] == "16353 17406"


def table(headings, *rows):
    return Table(
        form="csv", encoding="utf-8", separator=";", sheet="", above=(), header_line=1, headings=headings,
        cells=tuple(np.array(cells, dtype=object) for cells in zip(*rows, strict=True)),
        lines=np.arange(2, 2 + len(rows)), notes=(),
    )  # fmt: skip


def test_the_preview_shows_five_rows_without_contacts_and_keeps_repeated_headings():
    rows = [(str(n), "a@b.fr", "x", "y", "") for n in range(7)]
    shown = upload.preview(table(("id", "Courriel", "Autre", "Autre", ""), *rows), {1})
    assert shown.columns.tolist() == ["id", "Autre", "Autre (colonne 4)", "(sans intitulé, colonne 5)"]
    assert shown["id"].tolist() == list("01234")


def test_a_period_is_written_in_months():
    assert identity.period(date(2026, 3, 3), date(2026, 3, 30)) == "mars 2026"
    assert identity.period(date(2026, 3, 3), date(2026, 4, 30)) == "mars et avril 2026"
    assert identity.period(date(2026, 3, 3), date(2026, 6, 1)) == "de mars à juin 2026"
    assert identity.period(date(2025, 12, 3), date(2026, 1, 1)) == "de décembre 2025 à janvier 2026"


def test_the_steps_are_numbered_after_that_of_the_file():
    assert list(numbered().values()) == [
        "2. Colonnes", "3. Territoires", "4. Qualité", "5. Aperçu", "6. Publication",
    ]  # fmt: skip
    assert list(numbered()) == list(STEPS)


def test_a_short_list_has_no_pages():
    assert page_of("nulle-part", [1, 2, 3], 3, "noms") == [1, 2, 3]
