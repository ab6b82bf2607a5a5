"""The words, the table and the pictures of a comparison, on `tests.world`."""

from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from lib.analysis.comparison import compare, differences, known
from lib.display import comparison as told
from lib.display import comparison_charts as drawn
from lib.display.comparison_table import table_html
from lib.display.formats import MASKED, MASKED_WHY
from lib.display.statuses import entries
from tests import world
from tests.world import FIRST, SECOND

NARROW = "\u202f"
COMMUNES, EPCI = "groupe:commune", "groupe:epci"
GIVEN = world.edition()
PUBLIC = replace(GIVEN, threshold=3)
QUESTIONS = GIVEN.codebook
SILENT = "33063"


def spaced(text):
    """Return a text with ordinary spaces, easier to read here."""
    return text.replace(NARROW, " ")


def compared(codes, edition=GIVEN):
    items = known(edition, codes)
    rows = compare(edition, items)
    return items, rows, differences(edition, items)


def figure(count, base, hidden=False, **more):
    share = count / base if base and not hidden else np.nan
    return {"count": np.nan if hidden else count, "base": base, "share": share, "low": 0.18, "high": 0.37,
            "hidden": hidden, **more}  # fmt: skip


class Cells(HTMLParser):
    """The cells of each row of a table, as text; tags seen, by name."""

    def __init__(self, html):
        super().__init__()
        self.rows, self.tags, self.where = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td"):
            self.rows[-1].append("")
        if tag == "style":
            self.where.append(tag)

    def handle_endtag(self, tag):
        if tag == "style":
            self.where.clear()

    def handle_data(self, data):
        if self.rows and self.rows[-1] and not self.where:
            self.rows[-1][-1] += data


def cells(codes, edition=GIVEN):
    items, rows, gaps = compared(codes, edition)
    return Cells(spaced(table_html(items, rows, gaps, QUESTIONS, "Essai · Données simulées")))


# Figures.


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (figure(24, 88), ("27 %", "24 sur 88, de 18 % à 37 %")),
        (figure(8, 29), ("28 %", "8 sur 29, de 18 % à 37 %, prudence")),
        (figure(4, 9), ("4 sur 9", "")),
        (figure(2, 9), ("moins de 3 sur 9", "")),
        # Not « n < 3 »: beside a base of 40, it would be read as a count.
        (figure(2, 40, hidden=True), ("masqué", "base 40")),
        (figure(2, 9, hidden=True), ("masqué", "")),
        (figure(0, 0), ("aucune réponse", "")),
    ],
)
def test_a_figure_comes_with_its_base_and_its_margin(line, words):
    assert tuple(map(spaced, told.figure_words(line))) == words


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        ({"difference": 0.12, "low": -0.03, "high": 0.24}, ("+12 points", "de −3 à +24 points")),
        ({"difference": 0.12, "low": -0.03, "high": 0.24, "base": 9}, ("–", "")),
        ({"difference": np.nan, "low": np.nan, "high": np.nan, "hidden": True}, ("–", "")),
        ({"difference": np.nan, "low": np.nan, "high": np.nan}, ("–", "")),
    ],
)
def test_a_difference_is_in_points_where_both_shares_are_shown(gap, words):
    assert told.gap_words({"base": 30, "hidden": False, **gap}) == words


# The table.


def test_the_table_has_a_row_per_topic_and_a_column_per_item():
    table = cells(["16001", SECOND, COMMUNES])
    nom = known(GIVEN, ["16001"])[0].name
    assert table.rows[0] == ["Sujet", nom, "CA des Marais", "Communes : Nouvelle-Aquitaine"]
    strategy = next(row for row in table.rows if row[0].startswith("Stratégie"))
    assert strategy == ["Stratégiepart : formalisee ou mise en oeuvre", " Non", " Non", "moins de 3 sur 4"]
    needs = next(row for row in table.rows if row[0] == "Financement")
    assert needs[1:] == ["opinion non montrée"] * 2 + ["3 sur 6"]
    assert ["Besoins (réponses les plus citées) répondants"] in table.rows
    assert next(row[0] for row in table.rows if row[0].startswith("Mobilisation")).startswith(
        "Mobilisation territoires · part : "
    )


def test_headings_have_a_scope_and_roles_that_survive_the_cards_of_a_phone():
    table = cells(["16001", COMMUNES])
    heads = [attributes for tag, attributes in table.tags if tag == "th"]
    assert {attributes["scope"] for attributes in heads} == {"col", "row", "rowgroup"}
    assert {attributes["role"] for attributes in heads} == {"columnheader", "rowheader"}
    assert [attributes["role"] for tag, attributes in table.tags if tag == "table"] == ["table"]
    named = {attributes["data-name"] for tag, attributes in table.tags if tag == "td"}
    assert named == set(table.rows[0][1:])
    assert all(attributes["role"] == "cell" for tag, attributes in table.tags if tag == "td")


def test_rows_have_as_many_cells_as_there_are_columns():
    table = cells([COMMUNES, EPCI])
    assert table.rows[0][-1] == "Écart"
    sections = {tuple(row) for row in table.rows if len(row) == 1}
    assert len(sections) == 4
    assert {len(row) for row in table.rows if len(row) > 1} == {4}


def test_an_unpublished_territory_shows_nothing_but_that_it_answered():
    table = cells([FIRST, COMMUNES], PUBLIC)
    said = {row[1].strip() for row in table.rows[1:] if len(row) > 1}
    assert said == {"A répondu (réponse non publiée)", "opinion non montrée"}


def test_a_group_under_the_threshold_shows_nothing_and_small_counts_are_hidden():
    table = cells(["groupe:pays", COMMUNES], PUBLIC)
    body = [row for row in table.rows[1:] if len(row) > 1]
    assert {row[1] for row in body} == {"moins de 3 répondants"}
    strategy = next(row for row in body if row[0].startswith("Stratégie"))
    assert strategy[2] == "masqué"


def test_what_comes_from_people_and_files_is_escaped():
    nasty = "<img src=x onerror=alert(1)> & <b>Pays</b>"
    items, rows, gaps = compared(["pays:val-de-sevre", COMMUNES])
    items = (replace(items[0], name=nasty), items[1])
    rows = rows.assign(label=nasty)
    html = table_html(items, rows, gaps, QUESTIONS, nasty)
    assert "<img src=x" not in html
    assert "<b>Pays" not in html
    assert html.count("&lt;img src=x onerror=alert(1)&gt; &amp; &lt;b&gt;Pays") >= 3


# The sentence.


def said(codes, edition=GIVEN, **options):
    items, rows, _ = compared(codes, edition)
    return spaced(told.sentence(items, rows, QUESTIONS, **{"simulated": True, **options}))


def test_the_sentence_says_the_stage_of_each_territory_with_the_mark_inside():
    # Fewer than six tenths of the points are known for the second EPCI in the answers as given, not in public.
    assert said([SECOND, FIRST, SILENT], PUBLIC) == (
        "Selon des données simulées, la CA des Marais est au stade « À amorcer » ; la CC des Sources a répondu "
        "(réponse non publiée) ; Bordeaux n’a pas répondu à l’enquête."
    )


def test_a_real_edition_has_no_mark():
    assert said([SECOND, SILENT], PUBLIC, simulated=False).startswith("La CA des Marais est au stade")


def test_a_group_says_the_share_of_the_stage_of_the_territory_beside_it():
    hidden = f"un nombre masqué de territoires ({MASKED} : {MASKED_WHY})".replace(NARROW, " ")
    assert f"parmi « Communes : Nouvelle-Aquitaine », {hidden} sont au stade « À amorcer »" in said(
        [SECOND, COMMUNES], PUBLIC
    )


def test_a_group_says_the_share_of_the_first_stage_where_no_territory_has_one():
    # 16003 does not know of a strategy and says nothing of themes; 17001 has the most points, and 16001 few.
    nom = known(GIVEN, ["16003"])[0].name
    assert said(["16003", COMMUNES], simulated=False) == (
        f"{nom} est à un stade indéterminé ; parmi « Communes : Nouvelle-Aquitaine », moins de 3 territoires sur 4 "
        "sont au stade « Moteur »."
    )


def test_a_group_that_shows_nothing_says_why():
    assert said(["groupe:pays", "groupe:syndicat"], PUBLIC) == (
        "Selon des données simulées, « Pays et PETR : Nouvelle-Aquitaine » a moins de 3 répondants ; "
        "« Syndicats mixtes : Nouvelle-Aquitaine » n’a aucun répondant."
    )


def test_without_a_stage_the_sentence_is_about_the_first_fact():
    items, rows, _ = compared([SECOND, "16002", EPCI])
    rows = rows[rows["topic"] != "engagement"]
    assert spaced(told.sentence(items, rows, QUESTIONS, simulated=False)).startswith(
        "La CA des Marais déclare « Non » (stratégie) ; les répondants des Adjots "
    )
    text = spaced(told.sentence(items, rows, QUESTIONS, simulated=False))
    assert "ont donné des réponses divergentes" in text
    assert (
        "parmi « EPCI : Nouvelle-Aquitaine », moins de 3 territoires sur moins de 3 déclarent « formalisee ou mise"
        in text
    )


def test_without_any_topic_the_sentence_says_that_nothing_can_be_compared():
    items, rows, _ = compared([COMMUNES])
    assert "rien ne peut être comparé" in told.sentence(items, rows[:0], QUESTIONS, simulated=True)


def gaps_of(rows, values):
    """Return differences of the topics of the second group: (difference, low, high) by topic, others without any."""
    own = rows[rows["item"] == EPCI]
    index = pd.MultiIndex.from_frame(own[["topic", "answer"]])
    frame = pd.DataFrame(np.nan, index=index, columns=["difference", "low", "high"])
    for topic, bounds in values.items():
        frame.loc[(topic, "")] = bounds
    return frame.assign(base=40, hidden=frame["difference"].isna())


def test_the_widest_difference_that_leaves_zero_out_is_named():
    items, rows, _ = compared([COMMUNES, EPCI])
    gaps = gaps_of(
        rows, {"strategie": (0.2, 0.1, 0.3), "themes/inclusion": (-0.3, -0.4, -0.1), "portage": (0.5, -0.1, 0.9)}
    )
    assert spaced(told.widest_gap(items, rows, gaps)) == (
        "Le plus grand des 2 écarts nets : « Inclusion numérique », −30 points pour « EPCI : Nouvelle-Aquitaine » "
        "(marge indicative de −40 à −10 points)."
    )
    only = gaps_of(rows, {"strategie": (0.2, 0.1, 0.3)})
    assert spaced(told.widest_gap(items, rows, only)).startswith("Un seul écart net : « Stratégie », +20 points")
    none = gaps_of(rows, {"portage": (0.5, -0.1, 0.9)})
    assert told.widest_gap(items, rows, none) == "Aucun écart net entre les deux groupes."


# The data.


def test_the_table_of_data_has_a_line_per_item_and_answer():
    items, rows, _ = compared([SECOND, COMMUNES], PUBLIC)
    table = told.data_table(items, rows, QUESTIONS)
    assert len(table) == len(rows)
    strategy = table[table["Sujet"] == "Stratégie"].to_dict("records")
    assert [line["Territoire ou groupe"] for line in strategy] == ["CA des Marais", items[1].name]
    assert (strategy[0]["Réponse"], strategy[0]["Effectif"], strategy[0]["Part"]) == ("Non", "–", "–")
    assert (strategy[1]["Effectif"], strategy[1]["Part"]) == (MASKED, "–")
    assert strategy[1]["Fiabilité"] == f"masqué{NARROW}: {MASKED_WHY}"
    assert table["Partie"].iloc[0] == f"Où en est la démarche{NARROW}?"


def test_the_file_has_numbers_and_nothing_for_a_territory():
    items, rows, _ = compared([SECOND, COMMUNES])
    file = told.data_file(items, rows, QUESTIONS)
    need = file[file["Sujet"] == "Financement"].to_dict("records")
    assert (need[1]["Effectif"], need[1]["Base"]) == ("3", "6")
    assert pd.isna(need[0]["Effectif"])
    assert pd.isna(need[0]["Part"])
    # Under ten, no share leaves.
    assert file["Part"].isna().all()


# The pictures.


def lanes(series=2):
    names = ["Communes", "EPCI", "Pays", "Départements"][:series]
    rows = pd.DataFrame(
        [
            {"label": label, "name": name, "status": "", "hidden": False, **figure(10 + place, 40)}
            for label in ("Inclusion", "Santé")
            for place, name in enumerate(names)
        ]
    )
    return rows.drop(index=1), names


def test_only_shares_on_a_base_of_ten_that_are_not_hidden_are_drawn():
    rows = pd.DataFrame(
        [
            {"status": "", **figure(10, 40)},
            {"status": "", **figure(4, 9)},
            {"status": "", **figure(2, 40, hidden=True)},
            {"status": "non", **figure(0, 0, hidden=False)},
        ]
    )
    assert drawn.drawable(rows).index.tolist() == [0]


@pytest.mark.parametrize("series", [2, 3, 4])
def test_groups_are_told_apart_by_colour_and_shape(series):
    rows, names = lanes(series)
    spec = drawn.share_lanes(rows, names, title="Mobilisation", subtitle="bases")
    values = spec["data"]["values"]
    assert [(value["label"], value["name"], value["series"], value["value"]) for value in values[:2]] == [
        ("Inclusion", "Communes", 0, f"25{NARROW}%"), (values[1]["label"], values[1]["name"], values[1]["series"],
                                                       values[1]["value"]),
    ]  # fmt: skip
    # One label a lane, whatever is missing in it.
    assert [value["label"] for value in values if value["first"]] == ["Inclusion", "Santé"]
    marks = [layer for layer in spec["layer"] if "shape" in layer["encoding"]]
    assert len(marks) == series
    for channel in ("fill", "shape"):
        scales = [layer["encoding"][channel]["scale"] for layer in marks]
        assert all(scale["domain"] == names and len(set(scale["range"])) == series for scale in scales)


def test_territories_stand_on_the_scale_from_the_least_to_the_most():
    scale = [entry for entry in entries(QUESTIONS["themes"]) if entry.key in ("absent", "ponctuelles", "structurees")]
    items, rows, _ = compared(["16001", SECOND, FIRST])
    own = rows[rows["section"] == "themes"]
    own = own.assign(name=own["item"].map({item.code: item.name for item in items}))
    shown = drawn.on_scale(own, scale)
    # 16001 has occasional actions and is on the agenda of nothing for health (r02; r01 does not know).
    assert [(line["topic"], line["item"], line["place"]) for line in shown.to_dict("records")] == [
        ("themes/inclusion", "16001", 1), ("themes/inclusion", SECOND, 0), ("themes/sante", "16001", 0),
    ]  # fmt: skip
    names = [items[0].name, "CA des Marais"]
    spec = drawn.scale_lanes(shown, names, scale, title="Mobilisation", subtitle="publié")
    labels = spec["layer"][0]["encoding"]["x"]["axis"]["labelExpr"]
    assert labels == 'split(["Absent", "Ponctuelles", "Structurees"][datum.value], \'|\')'
    assert "CC des Sources" not in str(spec)


def test_the_alternative_says_the_first_lines_and_where_the_rest_is():
    rows, _ = lanes()
    text = drawn.alternative("Mobilisation", rows, ["25 %", "25 %", "28 %"])
    assert text == (
        f"Mobilisation. Inclusion, Communes{NARROW}: 25 %{NARROW}; Santé, Communes{NARROW}: 25 %{NARROW}; Santé, "
        f"EPCI{NARROW}: 28 %."
    )
    many = pd.concat([rows] * 5)
    assert drawn.alternative("Mobilisation", many, ["–"] * len(many)).endswith("… La suite est dans le tableau.")


def test_templates_are_ready_before_the_first_visitor():
    drawn.prepare()
    assert drawn._share_lanes.cache_info().currsize >= drawn.MOST
