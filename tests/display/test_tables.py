"""Tables: what is written for the screen and for a file, on each side of the thresholds of 3, 10 and 30."""

import pandas as pd

from lib.display import tables
from lib.display.formats import HIDDEN

# Bases on each side of 10 and 30; counts on each side of 3.
SHARES = pd.DataFrame(
    [
        ("Ingénierie", 126, 420, 0.30, 0.26, 0.34),
        ("Temps", 15, 30, 0.50, 0.33, 0.67),
        ("Réseau", 1, 29, 1 / 29, 0.01, 0.17),
        ("Outils", 5, 10, 0.50, 0.24, 0.76),
        ("Aucun", 2, 9, 2 / 9, 0.06, 0.55),
        ("Autre", 0, 2, 0.0, 0.0, 0.66),
    ],
    columns=["label", "count", "base", "share", "low", "high"],
    index=pd.Index(["ingenierie", "temps", "reseau", "outils", "aucun", "autre"], name="code"),
)
FEW = "effectifs seulement (base < 10)"
CAUTION = "à interpréter avec prudence"


def test_the_table_says_in_french_what_the_figure_draws():
    table = tables.share_table(SHARES)
    assert table.columns.tolist() == ["Réponse", "Effectif", "Base", "Part", "Marge indicative", "Fiabilité"]
    assert table.iloc[0].tolist() == ["Ingénierie", "126", "420", "30\u202f%", "de 26\u202f% à 34\u202f%", ""]
    assert table["Réponse"].tolist() == SHARES["label"].tolist()


def test_under_ten_the_table_gives_no_share_and_hides_counts_under_three():
    table = tables.share_table(SHARES)
    assert table["Part"].tolist()[3:] == ["50\u202f%", "–", "–"]
    assert table["Marge indicative"].tolist()[4:] == ["–", "–"]
    assert table["Effectif"].tolist() == ["126", "15", "1", "5", HIDDEN, "0"]
    assert table["Base"].tolist() == ["420", "30", "29", "10", "9", HIDDEN]


def test_reliability_follows_the_base():
    assert tables.share_table(SHARES)["Fiabilité"].tolist() == ["", "", CAUTION, CAUTION, FEW, FEW]
    assert tables.share_file(SHARES)["Fiabilité"].tolist() == ["", "", CAUTION, CAUTION, FEW, FEW]


def test_leading_columns_are_named_and_ordered_by_the_caller():
    grouped = SHARES.assign(group="Communes")
    assert tables.share_table(grouped, group="Groupe", label="Réponse").columns[:2].tolist() == ["Groupe", "Réponse"]
    assert tables.share_file(grouped, group="Groupe", label="Besoin").columns[:2].tolist() == ["Groupe", "Besoin"]


def test_the_file_holds_numbers():
    file = tables.share_file(SHARES)
    assert file.columns.tolist() == [
        "Réponse", "Effectif", "Base", "Part", "Marge basse", "Marge haute", "Fiabilité",
    ]  # fmt: skip
    assert file.iloc[0].tolist() == ["Ingénierie", 126, 420, 0.30, 0.26, 0.34, ""]


def test_the_file_hides_what_the_table_hides():
    file = tables.share_file(SHARES)
    assert file["Effectif"].astype(str).tolist() == ["126", "15", "1", "5", HIDDEN, "0"]
    assert file["Base"].astype(str).tolist() == ["420", "30", "29", "10", "9", HIDDEN]
    for heading in ("Part", "Marge basse", "Marge haute"):
        assert file[heading].isna().tolist() == [False, False, False, False, True, True]


def test_no_row_gives_an_empty_table_with_its_headings():
    assert tables.share_table(SHARES.head(0)).columns.tolist() == tables.share_table(SHARES).columns.tolist()
    assert len(tables.share_file(SHARES.head(0))) == 0


def test_a_weighted_row_gives_its_effective_number():
    weighted = SHARES.assign(effective_n=[310.25, 21.5, None, 8.0, 7.0, 1.5])
    table, file = tables.share_table(weighted), tables.share_file(weighted)
    # Not under ten answers, where the share itself is not written.
    assert table["Effectif efficace"].tolist() == ["310,2", "21,5", "–", "8,0", "–", "–"]
    assert file["Effectif efficace"].fillna(0).tolist() == [310.25, 21.5, 0, 8.0, 0, 0]


def test_a_figure_that_could_not_be_weighted_has_no_empty_column():
    refused = SHARES.assign(effective_n=float("nan"))
    assert "Effectif efficace" not in tables.share_table(refused)
    assert "Effectif efficace" not in tables.share_file(refused)
