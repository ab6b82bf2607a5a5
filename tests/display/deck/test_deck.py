"""The deck, opened as PowerPoint would: what each slide says, where things stand, what it is drawn with."""

import io
import shutil
import subprocess
import sys
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pandas as pd
import pytest
import segno
from PIL import Image
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER
from pptx.oxml.ns import qn
from pptx.util import Pt

from lib.display import charts, status_bars
from lib.display.deck import house as deck_house
from lib.display.deck.layout import Box, lettered, paged
from lib.display.deck.request import DeckError, deck_request, drawing, is_native
from lib.display.deck.writer import deck
from lib.display.drawing import pictures
from lib.display.drawing.chart_picture import on_paper
from lib.display.drawing.lettering import text_width
from lib.display.figure import Figure, Show, Slide

ROOT = Path(__file__).resolve().parents[3]
MARK = "Données simulées"
DATE = "22 novembre 2026"
STAMP = {"Mention": MARK, "Édition": "Édition 2026", "Sélection": "Gironde", "Protection": "aucune", "Date": DATE,
         "Adresse de la vue": "https://n.example.fr/besoins"}  # fmt: skip
ORIGIN = f"{MARK} · Édition 2026 · Gironde · {DATE}"
LONG = "Les intercommunalités rurales et les pays déclarent plus souvent que les autres une stratégie formalisée, " * 2
HOSTILE = "Pays <b>\"&' d’\x00\x0b\u202eAlbret\ud800 =1+1"
HOSTILE_SEEN = "Pays <b>\"&' d’ Albret =1+1"
# 30 of 100, 3 of 100, and 1 of 1,000 written as the dashboard writes it.
ROWS = [("Ingénierie", 30, 100, 0.3, 0.21, 0.4), ("Financement", 3, 100, 0.03, 0.01, 0.085)]


def shares(rows=ROWS):
    return pd.DataFrame(rows, columns=["label", "count", "base", "share", "low", "high"])


def bars(rows=ROWS):
    return charts.share_bars(shares(rows), title="De quoi a-t-on besoin ?", subtitle="base")


def a_figure(picture=None, rows=ROWS, **changed):
    listed = shares(rows)
    file = listed.rename(columns={"label": "Réponse", "count": "Effectif", "base": "Base", "share": "Part"})
    table = file.assign(Part=[f"{100 * share:.0f}\u202f%" for share in file["Part"]])[["Réponse", "Effectif", "Part"]]
    told = {"title": "De quoi a-t-on besoin ?", "base": "base : 100 répondants", "alt": "Ingénierie 30 %.",
            "reading": "30 % citent l’ingénierie."}  # fmt: skip
    return Figure("besoins", stamp=STAMP, table=lambda: table, file=lambda: file, picture=picture, **told | changed)


def a_slide(title="Ce qui manque", picture=None, rows=ROWS, **told):
    given = {"sentence": "30 % des répondants citent l’ingénierie.", "question": "Et chez vous ?", "notes": "Ralentir.",
             "address": "https://n.example.fr/v/1", "origin": ORIGIN}  # fmt: skip
    return Slide(title, a_figure(picture or bars(rows), rows), **given | told)


def a_show(*slides, **changed):
    told = {"title": "Numérique et territoires", "subtitle": "Atelier de Bordeaux", "mark": MARK, "stamp": STAMP,
            "context": "Gironde · 100 répondants"}  # fmt: skip
    return Show(slides=slides, **told | changed)


def png(width=1200, height=600):
    content = io.BytesIO()
    Image.new("RGB", (width, height), "#4d7fb8").save(content, "PNG")
    return content.getvalue()


def opened(show, pictures=None, template=None):
    content = deck(deck_request(show, pictures or [None] * len(show.slides)), template)
    return Presentation(io.BytesIO(content))


def texts(slide):
    """Return what a slide shows, its table and the labels of its chart included."""
    said = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    for shape in slide.shapes:
        if shape.has_table:
            said += [cell.text for row in shape.table.rows for cell in row.cells]
    return said


def words(slide):
    return "\n".join(texts(slide))


def notes(slide):
    return slide.notes_slide.notes_text_frame.text


def drawn(slide, kind):
    return [shape for shape in slide.shapes if shape.shape_type is kind]


def box(shape):
    return Box(*(edge / 12700 for edge in (shape.left, shape.top, shape.width, shape.height)))


def misplaced(presentation):
    """Return the shapes that leave their slide, and the pairs that share a place."""
    page = Box(0, 0, presentation.slide_width / 12700, presentation.slide_height / 12700)
    faults = []
    for place, slide in enumerate(presentation.slides, 1):
        boxes = [(shape.name, box(shape)) for shape in slide.shapes]
        faults += [
            (place, name)
            for name, one in boxes
            if min(one.left, one.top) < 0 or one.right > page.width or one.bottom > page.height
        ]
        faults += [(place, a, b) for (a, one), (b, other) in combinations(boxes, 2) if one.meets(other)]
    return faults


@pytest.fixture(scope="module")
def workshop():
    """Return a deck with a slide of each kind."""
    slides = [
        a_slide("Ce qui manque", guess="choix"),
        a_slide("La carte", charts.heat_map(shares().assign(group="Communes"), title="t", subtitle="En % · base")),
        Slide("Le tableau", a_figure(), origin=ORIGIN),
        Slide("À retenir", lines=("Réunir les acteurs.", "Sensibiliser les élu·es."), question="Par quoi commencer ?"),
    ]
    return opened(a_show(*slides), [None, png(), None, None])


def test_there_is_a_slide_for_each_idea_one_before_what_is_guessed_one_first_and_one_last(workshop):
    titles = [slide.shapes.title.text_frame.text for slide in workshop.slides]
    guessed = "Devinez d’abord\u202f: ce qui manque"
    assert titles == ["Numérique et territoires", guessed, "Ce qui manque", "La carte", "Le tableau", "À retenir",
                      "D’où viennent ces chiffres"]  # fmt: skip


def test_the_first_slide_says_what_is_selected_and_when(workshop):
    said = words(workshop.slides[0])
    assert all(part in said for part in ("Atelier de Bordeaux", "Gironde · 100 répondants", DATE))


def test_every_slide_has_the_mark_and_every_figure_its_base_and_its_origin(workshop):
    for slide in workshop.slides:
        assert texts(slide).count(MARK) == 1 or slide is workshop.slides[-1]
        assert MARK in texts(slide)
    for slide in list(workshop.slides)[1:5]:
        assert "base : 100 répondants" in words(slide).lower()
        assert f"Édition 2026 · Gironde · {DATE}" in texts(slide), "the mark is not said twice"
    real = opened(a_show(a_slide(origin="Édition"), mark="", stamp={}))
    assert not any(MARK in words(slide) for slide in real.slides)


def test_the_unit_of_the_numbers_in_a_grid_is_kept_when_its_title_is_not_drawn(workshop):
    assert "En % · base : 100 répondants · De quoi a-t-on besoin ?" in texts(workshop.slides[3])
    assert "title" not in drawing(a_figure(bars())).picture
    assert drawing(a_figure()).picture is None


def test_nothing_leaves_its_slide_nor_stands_on_another(workshop):
    assert misplaced(workshop) == []


def test_slides_are_numbered_titled_and_in_french(workshop):
    for place, slide in enumerate(workshop.slides):
        kinds = [shape.placeholder_format.type for shape in slide.placeholders]
        assert (PP_PLACEHOLDER.SLIDE_NUMBER in kinds) == (place > 0)
        assert slide.shapes.title.text_frame.text
        runs = [*slide._element.iter(qn("a:r")), *slide.notes_slide._element.iter(qn("a:r"))]
        assert {run.find(qn("a:rPr")).get("lang") for run in runs} == {"fr-FR"}
    said = workshop.core_properties
    assert (said.title, said.language, said.author) == ("Numérique et territoires", "fr-FR", "Numérique et territoires")
    assert said.created.date().isoformat() == "2026-11-22"


def test_pictures_charts_and_tables_have_a_text_alternative(workshop):
    seen = 0
    for slide in workshop.slides:
        for shape in slide.shapes:
            if shape.shape_type in (MSO_SHAPE_TYPE.PICTURE, MSO_SHAPE_TYPE.CHART, MSO_SHAPE_TYPE.TABLE):
                seen += 1
                assert shape._element.xpath(".//p:cNvPr")[0].get("descr")
    # The codes of two addresses among them.
    assert seen == 6


def test_notes_hold_what_the_presenter_needs(workshop):
    said = notes(workshop.slides[2]).split("\n")
    assert said == [
        "Ralentir.",
        "À la salle\u202f: Et chez vous ?",
        "30 % des répondants citent l’ingénierie.",
        "Comment lire\u202f: 30 % citent l’ingénierie.",
        "De quoi a-t-on besoin ? (Réponse | Effectif | Part)",
        "Ingénierie | 30 | 30\u202f%",
        "Financement | 3 | 3\u202f%",
        "La même vue\u202f: https://n.example.fr/v/1",
    ]


def test_what_is_guessed_is_not_told_before(workshop):
    slide = workshop.slides[1]
    (choices,) = [text for text in texts(slide) if "Ingénierie" in text]
    assert choices == "Financement\nIngénierie", "in alphabetical order, not in that of the answers"
    assert "%" not in words(slide) + notes(slide)
    assert notes(slide).split("\n") == ["Ralentir.", "La réponse est sur la diapositive suivante."]
    # Whoever opened the address would read the answer.
    assert "n.example.fr" not in words(slide)
    assert not drawn(slide, MSO_SHAPE_TYPE.PICTURE)
    assert not drawn(slide, MSO_SHAPE_TYPE.CHART)


def test_what_nobody_may_guess_is_not_asked():
    hidden = [("a", 30, 100, float("nan"), 0.2, 0.4), ("b", 3, 100, 0.03, 0.0, 0.1)]
    made = opened(a_show(a_slide(rows=hidden, picture=bars(), guess="choix", question="Laquelle en tête ?")))
    assert len(made.slides) == 3, "the first, the figure, the source"
    assert "en tête" not in words(made.slides[1]) + notes(made.slides[1])


def test_the_address_of_a_view_is_a_code_and_is_written_where_it_is_short():
    lines = Slide("Et chez nous ?", lines=("a", "b", "c"), address="https://n.example.fr/v/16")
    long = f"https://n.example.fr/besoins?{'departement=33&' * 20}"
    endless = f"https://n.example.fr/{'a' * 3000}"
    made = opened(a_show(a_slide(), lines, a_slide(address=long), a_slide(address=endless), a_slide(address="")))
    codes = [
        [shape for shape in drawn(slide, MSO_SHAPE_TYPE.PICTURE) if shape.name == "Code QR"] for slide in made.slides
    ]
    assert [len(each) for each in codes] == [0, 1, 1, 1, 0, 0, 0]
    (small,), (large,) = codes[1:3]
    assert small._element.xpath(".//p:cNvPr")[0].get("descr") == "Code QR vers la même vue"
    assert small.width == small.height
    assert large.width > 1.5 * small.width, "lines leave it more room, and may ask to show the address"
    # Modules of eight pixels, four of white on each side: a code of 21 modules or four more, and four more again.
    side = Image.open(io.BytesIO(small.image.blob)).width
    assert (side // 8 - 2 * 4 - 21) % 4 == 0
    assert side % 8 == 0
    assert code_of("https://n.example.fr/v/1") == small.image.blob
    shown = [
        next((shape.text_frame.text for shape in slide.shapes if shape.name == "Adresse"), "") for slide in made.slides
    ]
    assert shown == ["", "n.example.fr\v/v/1", "n.example.fr\v/v/16", "", "", "", ""]
    assert misplaced(made) == []


def code_of(text):
    content = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        content, kind="png", scale=8, border=4, dark="#161616", light="#ffffff"
    )
    return content.getvalue()


@pytest.mark.parametrize(("said", "numbered"), [(("a", "b"), False), (("a", "b", "c"), True)])
def test_three_lines_or_more_are_numbered(said, numbered):
    slide = opened(a_show(Slide("À retenir", lines=said))).slides[1]
    assert (slide._element.find(f".//{qn('a:buAutoNum')}") is not None) == numbered
    assert (slide._element.find(f".//{qn('a:buChar')}") is None) == numbered


def dots(count):
    rows = [(f"Réponse {n}", 30, 100, 0.3, 0.2, 0.4) for n in range(count)]
    return charts.group_dots(shares(rows), title="t", subtitle="s", overall=0.3)


def test_many_rows_are_set_closer_with_their_names_beside_them_and_few_are_left_as_they_are():
    few, many = (drawing(a_figure(dots(count))).picture for count in (7, 12))
    # 7 rows of 42 pixels are 294, 12 are 504.
    assert few["height"] == {"step": 42}
    assert few["layer"] == dots(7)["layer"]
    # 42 less the 22 that the names took.
    assert many["height"] == {"step": 20}
    assert len(many["layer"]) == len(dots(12)["layer"]) - 1
    axes = [layer["encoding"]["y"]["axis"] for layer in many["layer"] if "y" in layer["encoding"]]
    assert all('"Réponse 3": "Réponse 3 (n\u00a0=\u00a0100)"' in axis["labelExpr"] for axis in axes)
    svg = pictures.chart_svg(many, 640)
    assert "Réponse 11 (n\u00a0=\u00a0100)" in svg
    assert float(svg.split('height="')[1].split('"')[0]) < 12 * 20 + 60


def test_a_label_of_two_lines_is_cut_between_its_parts_and_a_legend_keeps_within_the_rows():
    long = "Transformation de la collectivité"
    rows = [(answer, 5, 10, 0.5, 0.2, 0.8, f"{long} {n} · Actions structurées") for n in range(8) for answer in "ab"]
    wide = pd.DataFrame(rows, columns=["label", "count", "base", "share", "low", "high", "group"])
    answers = {name: name * 20 for name in "ab"}
    spec = status_bars.status_bars(
        wide.replace({"label": answers}), title="t", subtitle="s", colours=dict.fromkeys(answers.values(), "#14306a")
    )
    closer = drawing(a_figure(spec)).picture
    axis = closer["layer"][0]["encoding"]["y"]["axis"]
    assert f"{long} 7|Actions structurées (n\u00a0=\u00a010)" in axis["labelExpr"]
    # 20 letters of 556 thousandths of 13 pixels are 145, 179 with their square; the rows have some 400 of the 640.
    assert on_paper(closer, 640)["layer"][0]["encoding"]["color"]["legend"]["columns"] == 2


def test_the_rows_of_a_grid_are_named_on_one_line_where_they_hold():
    rows = [(f"Transformation de la collectivité {n}", 30, 100, 0.3, 0.2, 0.4) for n in range(10)]
    grid = charts.heat_map(shares(rows).assign(group="Communes"), title="t", subtitle="En % · base")
    assert "|" in grid["data"]["values"][0]["row"]
    closer = drawing(a_figure(grid)).picture
    assert closer["height"] == {"step": 24}
    assert ">Transformation de la collectivité 9<" in pictures.chart_svg(closer, 640)


def test_the_presenter_is_told_of_a_figure_whose_letters_are_small():
    told = "se lit mieux dans le document"
    made = opened(a_show(a_slide(picture=dots(9)), a_slide(picture=dots(9))), [png(1920, 1200), png(1920, 3600)])
    # 13 pixels of 640: at a height of 360 points or less, a drawing three times higher than this has 4 points.
    assert [told in notes(slide) for slide in made.slides] == [False, False, True, False]


def test_rows_that_are_left_out_of_the_notes_are_counted_in_good_french():
    table = pd.DataFrame({"Réponse": [str(n) for n in range(95)]})
    for total, said in ((95, "… et 83 autres lignes dans"), (13, "… et 1 autre ligne dans")):
        figure = replace(a_figure(), table=lambda total=total: table.head(total))
        assert said in "\n".join(deck_request(a_show(Slide("t", figure)), [None])["slides"][0]["notes"])


def test_bars_are_a_chart_of_the_presentation_with_margins_and_values(workshop):
    (shape,) = drawn(workshop.slides[2], MSO_SHAPE_TYPE.CHART)
    plot = shape.chart.plots[0]
    assert list(plot.categories) == ["Ingénierie", "Financement"]
    assert list(plot.series[0].values) == [0.3, 0.03]
    series = plot.series[0]._element
    margins = {end: [float(point.text) for point in series.findall(f".//{qn(f'c:{end}')}//{qn('c:v')}")]
               for end in ("plus", "minus")}  # fmt: skip
    assert margins == {"plus": pytest.approx([0.1, 0.055]), "minus": pytest.approx([0.09, 0.02])}
    assert series.find(f".//{qn('c:dLbls')}/{qn('c:numFmt')}").get("formatCode") == '0"\u202f"%'
    assert (shape.chart.value_axis.minimum_scale, shape.chart.value_axis.maximum_scale) == (0, 1)


def test_bars_without_room_are_a_table_since_nothing_else_is_drawn_of_them():
    rows = [(f"{place}. {LONG}", 30, 100, 0.3, 0.21, 0.4) for place in range(12)]
    assert is_native(a_figure(bars(rows)))
    assert not is_native(a_figure())
    slide = opened(a_show(a_slide(picture=bars(rows), rows=rows))).slides[1]
    assert not drawn(slide, MSO_SHAPE_TYPE.CHART)
    (table,) = [shape.table for shape in slide.shapes if shape.has_table]
    assert table.cell(1, 0).text.startswith("0. Les intercommunalités")


def test_the_workbook_of_a_chart_holds_its_numbers_and_their_origin(workshop):
    (shape,) = drawn(workshop.slides[2], MSO_SHAPE_TYPE.CHART)
    book = openpyxl.load_workbook(io.BytesIO(shape.chart.part.chart_workbook.xlsx_part.blob))
    rows = list(book["Sheet1"].iter_rows(values_only=True))
    assert rows[0] == ("Réponse", "Part", "Marge au-dessus", "Marge au-dessous")
    assert rows[1][0] == "Ingénierie"
    assert rows[1][1:] == pytest.approx((0.3, 0.1, 0.09))
    assert book["Origine"]["A1"].value == MARK


@pytest.mark.parametrize(
    ("share", "base", "written"),
    [(0.42, 100, None), (0.001, 900, "<\u202f1\u202f%"), (0.625, 8, "62\u202f%"), (0.4236, 2000, None)],
)
def test_a_value_is_written_as_the_dashboard_writes_it(share, base, written):
    """A number that the format of the chart would write otherwise carries its own text."""
    made = opened(a_show(a_slide(rows=[("a", 1, base, share, 0.0, 1.0)])))
    (shape,) = drawn(made.slides[1], MSO_SHAPE_TYPE.CHART)
    labels = shape.chart.plots[0].series[0]._element.find(qn("c:dLbls"))
    assert [text.text for text in labels.iter(qn("a:t"))] == ([written] if written else [])
    assert labels.find(qn("c:numFmt")).get("formatCode") == ('0.0"\u202f"%' if base >= 1000 else '0"\u202f"%')


def test_a_share_without_a_margin_has_none_in_the_chart():
    made = opened(a_show(a_slide(rows=[("a", 1, 10, 0.1, float("nan"), float("nan"))])))
    (shape,) = drawn(made.slides[1], MSO_SHAPE_TYPE.CHART)
    assert shape.chart.plots[0].series[0]._element.find(qn("c:errBars")) is None


@pytest.mark.parametrize("size", [(1600, 500), (700, 1400)])
def test_a_picture_keeps_its_proportions_and_is_as_large_as_its_slide_allows(size):
    many = [(f"Réponse {n}", 30, 100, 0.3, 0.2, 0.4) for n in range(16)]
    made = opened(a_show(a_slide(rows=many)), [png(*size)])
    (shape,) = [shape for shape in drawn(made.slides[1], MSO_SHAPE_TYPE.PICTURE) if shape.name == "Figure"]
    assert shape.width / shape.height == pytest.approx(size[0] / size[1], rel=0.001)
    # A flat one takes the width beside the code of the address; a high one, most of the height.
    flat = size[0] > size[1]
    assert shape.width > Pt(700) if flat else shape.height > Pt(300)
    assert misplaced(made) == []


def crowded():
    """Return twenty slides of what does not fit: titles of 200 characters, long words, long rows, many lines."""
    rows = [(f"{HOSTILE} {LONG[:90]} {n}", 30, 100, 0.3, 0.2, 0.4) for n in range(15)]
    wide = {"sentence": LONG * 3, "question": LONG}
    slides = [
        a_slide(LONG[:200], rows=rows, guess="choix", **wide),
        a_slide("a" * 300, rows=rows[:3], guess="part", **wide),
        Slide(HOSTILE, a_figure(None, rows * 3, title=LONG), sentence=LONG, question=LONG, origin=LONG),
        Slide(LONG, lines=(LONG, "b" * 300, *["court"] * 30), question=LONG, origin=LONG * 3),
        Slide("", lines=()),
    ]
    stamp = STAMP | {f"Rubrique {n}": LONG for n in range(12)}
    return a_show(*slides * 4, title=LONG, subtitle=LONG, context=LONG * 2, stamp=stamp), [
        png(),
        None,
        None,
        None,
        None,
    ] * 4


@pytest.fixture(scope="module")
def flooded():
    return opened(*crowded())


def test_what_is_too_long_is_made_smaller_cut_or_carried_over_and_stays_in_its_place(flooded):
    assert misplaced(flooded) == []
    assert len(flooded.slides) > 1 + 20 + 8 + 1
    for slide in flooded.slides:
        for shape in slide.shapes:
            if shape.has_text_frame and not shape.is_placeholder:
                needed = sum(
                    1.15 * run.font.size.pt * max(1, text_width(run.text, run.font.size.pt) // (shape.width / 12700))
                    for paragraph in shape.text_frame.paragraphs
                    for run in paragraph.runs
                )
                assert needed <= shape.height / 12700 + 1, shape.text_frame.text


def test_a_title_that_is_cut_is_whole_in_the_notes(flooded):
    cut = next(slide for slide in flooded.slides if slide.shapes.title.text_frame.text.startswith("aaa"))
    assert cut.shapes.title.text_frame.text.endswith("…")
    assert notes(cut).startswith("a" * 300)


def test_letters_are_legible_from_the_back_of_the_room(workshop, flooded):
    for presentation in (workshop, flooded):
        for slide in presentation.slides:
            for shape in slide.shapes:
                least = 10 if shape.name in ("Origine", "Mention", "Adresse", "Numéro de la diapositive") else 14
                frames = [shape.text_frame] if shape.has_text_frame else []
                if shape.has_table:
                    frames = [cell.text_frame for row in shape.table.rows for cell in row.cells]
                runs = [run for frame in frames for paragraph in frame.paragraphs for run in paragraph.runs]
                assert all(run.font.size is None or run.font.size.pt >= least for run in runs), shape.name


def test_names_typed_by_respondents_stay_texts():
    made = opened(a_show(a_slide(HOSTILE, rows=[(HOSTILE, 30, 100, 0.3, 0.2, 0.4), ("=1+1", 3, 100, 0.03, 0.01, 0.1)])))
    slide = made.slides[1]
    assert slide.shapes.title.text_frame.text == HOSTILE_SEEN
    (shape,) = drawn(slide, MSO_SHAPE_TYPE.CHART)
    assert list(shape.chart.plots[0].categories) == [HOSTILE_SEEN, "=1+1"]
    cells = openpyxl.load_workbook(io.BytesIO(shape.chart.part.chart_workbook.xlsx_part.blob))["Sheet1"]
    assert (cells["A3"].value, cells["A3"].data_type) == ("=1+1", "s")


def test_the_same_values_make_the_same_file():
    request = deck_request(a_show(a_slide()), [None])
    assert deck(request) == deck(request)


def test_a_picture_is_asked_for_each_slide():
    with pytest.raises(ValueError, match="zip"):
        deck_request(a_show(a_slide()), [])


def a_template(*, kept=range(11), logo=True):
    """Return a .pptx of another house: 4:3, its own names of layouts, a logo, and slides of its own."""
    presentation = Presentation()
    for place, layout in reversed(list(enumerate(presentation.slide_layouts))):
        layout.element.cSld.set("name", f"Gabarit {place}")
        if place not in kept:
            presentation.slide_layouts.remove(layout)
    if logo:
        deck_house._drawn(presentation.slide_master, "Logo", Box(20, 480, 90, 50))
    presentation.slides.add_slide(presentation.slide_layouts[0]).notes_slide.notes_text_frame.text = "à nous"
    content = io.BytesIO()
    presentation.save(content)
    return content.getvalue()


def test_a_template_gives_its_layouts_and_keeps_its_slides():
    made = opened(*crowded(), a_template())
    assert (made.slide_width, made.slide_height) == (Pt(720), Pt(540))
    assert [made.slides[place].slide_layout.name for place in (0, 1, 2)] == ["Gabarit 0", "Gabarit 5", "Gabarit 5"]
    assert "à nous" not in [notes(slide) for slide in made.slides]
    assert misplaced(made) == []
    logo = Box(20, 480, 90, 50)
    assert not [shape.name for slide in made.slides for shape in slide.shapes if box(shape).meets(logo)]


def test_a_template_without_a_title_only_layout_lends_the_nearest_and_its_other_places_are_not_left_empty():
    made = opened(a_show(a_slide()), None, a_template(kept=(0, 1)))
    assert made.slides[1].slide_layout.name == "Gabarit 1"
    left = {shape.placeholder_format.type for shape in made.slides[1].placeholders}
    assert left == {PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER}
    assert misplaced(made) == []


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"", "enregistrez-le au format .pptx"),
        (b"PK\x03\x04 tronqu\xc3\xa9", "enregistrez-le au format .pptx"),
        (a_template()[:3000], "enregistrez-le au format .pptx"),
        (a_template(kept=(6,), logo=False), "Titre seul"),
    ],
)
def test_a_template_that_cannot_be_used_says_what_to_do(content, advice):
    with pytest.raises(DeckError, match=advice):
        opened(a_show(a_slide()), None, content)


def test_the_process_that_draws_loads_neither_charts_nor_maps():
    loaded = "import sys, lib.display.deck.writer; print({'altair', 'folium', 'geopandas', 'scipy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_file_holds_neither_a_thumbnail_nor_parts_without_a_relation():
    with ZipFile(io.BytesIO(deck(deck_request(a_show(a_slide()), [None])))) as packed:
        names = packed.namelist()
    assert not [name for name in names if "thumbnail" in name or "printer" in name]
    assert len([name for name in names if name.startswith("ppt/slideLayouts/slideLayout")]) == 2


def test_boxes_are_cut_along_the_edge_that_leaves_the_most():
    page = Box(0, 0, 100, 60)
    assert page.clear_of([Box(90, 50, 10, 10)]) == Box(0, 0, 82, 60), "10 of width and the gap, rather than of height"
    assert page.clear_of([Box(0, 50, 100, 1)]) == Box(0, 0, 100, 42)
    assert page.clear_of([Box(100, 0, 10, 10)]) == page, "an edge is not a meeting"


def test_items_go_on_to_the_next_page_in_their_order():
    assert paged([10, 10, 10, 50, 5], 25) == [range(2), range(2, 3), range(3, 4), range(4, 5)]
    assert paged([], 25) == [range(0)]


def test_a_text_takes_the_first_size_at_which_it_fits_and_is_cut_at_the_last():
    text = "aaaa aaaa aaaa aaaa"
    wide = text_width(text, 20) * 1.2
    assert lettered(text, wide, 25, (20, 10)).size == 20
    assert lettered(text, wide / 2, 25, (20, 10)).size == 10
    cut = lettered(text, wide / 2, 25, (20,))
    assert (cut.text, cut.height) == ("aaaa\u202f…", 24)


def test_libreoffice_opens_it_and_every_page_says_its_title(tmp_path):
    office, reader = shutil.which("soffice"), shutil.which("pdftotext")
    if not office or not reader:
        pytest.skip("soffice or pdftotext is not installed here; on Debian: libreoffice-impress and poppler-utils")
    show = a_show(a_slide(guess="choix"), Slide("À retenir", lines=("Réunir les acteurs.",), origin=ORIGIN))
    content = deck(deck_request(show, [None, None]))
    (tmp_path / "deck.pptx").write_bytes(content)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, tmp_path / "deck.pptx"]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    read = subprocess.run([reader, "-layout", str(tmp_path / "deck.pdf"), "-"], check=True, capture_output=True)
    # Narrow spaces come out of a PDF as spaces, or as nothing.
    pages = ["".join(page.split()) for page in read.stdout.decode().split("\f")][:-1]
    titles = ["Numérique et territoires", "Devinez d’abord", "Ce qui manque", "À retenir", "D’où viennent ces chiffres"]
    assert len(pages) == len(titles)
    for page, title in zip(pages, titles, strict=True):
        assert "".join(title.split()) in page
        assert "Donnéessimulées" in page
    said = ("Ingénierie30%", "Financement3%", "0%25%50%75%100%", "Base:100répondants", "22novembre2026")
    assert all(part in pages[2] for part in said)
