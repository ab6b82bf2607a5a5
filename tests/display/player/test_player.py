"""The document of a presentation: its pieces, its scripts, its drawings, its codes, what a room guesses."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pandas as pd
import pytest

from lib.display.figure import Figure, MapPicture, Show, Slide
from lib.display.legend import LegendEntry, outside
from lib.display.maps import payload
from lib.display.player import qr
from lib.display.player.document import broken, content_policy, document, script_digests
from lib.display.player.inlining import inline

HOSTILE = '</script><img src=x onerror="window.ran=1">&\'"${1}'
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="700" height="350" viewBox="0 0 700 350">'
    '<clipPath id="clip1"><path d="M0 0h1v1z"/></clipPath><g clip-path="url(#clip1)"><text>Ingénierie</text></g></svg>'
)
NEEDS = pd.DataFrame(
    {
        "Réponse": ["Temps", "Élus formés", "Argent", "Réseau"],
        "Effectif": [30, 60, 60, 15],
        "Base": [100, 100, 100, 100],
        "Part": [0.30, 0.60, 0.60, 0.15],
        "Fiabilité": [""] * 4,
    }
)


def figure(rows: pd.DataFrame = NEEDS, **more) -> Figure:
    values = {"picture": {"mark": "bar"}, "alt": "Barres", **more}
    return Figure("besoins", "Besoins", "base : 100 répondants", {}, rows.copy, rows.copy, **values)


def regional_map(nom: str = "Oui") -> MapPicture:
    entries = (LegendEntry("oui", nom, "#14306a"), outside("sans-reponse", "Pas de réponse"))
    sent = payload("epci", pd.Series({"243300316": "oui"}, dtype="str"), entries, notes={"243300316": nom})
    return MapPicture(sent, entries, {"oui": 1, "sans-reponse": 153}, "Stratégie", "intercommunalités")


def show(*slides: Slide, **more) -> Show:
    values = {"title": "Titre", "subtitle": "", "context": "", "mark": "Données simulées", "stamp": {}, **more}
    return Show(slides=slides, **values)


def whole(*slides: Slide, **more) -> str:
    drawn = (s.figure is not None and isinstance(s.figure.picture, dict) for s in slides)
    return "".join(document(show(*slides, **more), [DRAWING if each else None for each in drawn]))


class Elements(HTMLParser):
    """What a document is made of: elements, text, inline scripts, styles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.text = self.style = ""
        self.inside = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        self.inside = tag
        if tag == "script":
            self.scripts.append((dict(attrs), ""))

    def handle_endtag(self, tag):
        self.inside = ""

    def handle_data(self, data):
        if self.inside == "script":
            self.scripts[-1] = (self.scripts[-1][0], self.scripts[-1][1] + data)
        elif self.inside == "style":
            self.style += data
        else:
            self.text += data


# ---------------------------------------------------------------- the document


def test_document_comes_a_slide_at_a_time_and_asks_for_a_picture_when_it_is_due():
    asked: list[int] = []

    def pictures():
        for place in range(2):
            asked.append(place)
            yield DRAWING

    pieces = document(show(Slide("Un", figure()), Slide("Deux", figure())), pictures())
    assert next(pieces).startswith("<!doctype html>")
    assert "<h1>Titre</h1>" in next(pieces)
    assert asked == []
    assert "<h2>Un</h2>" in next(pieces)
    assert asked == [0]
    rest = list(pieces)
    assert "<h2>Deux</h2>" in rest[0]
    assert "D’où viennent ces chiffres" in rest[1]
    assert rest[-1].endswith("</html>\n")


def test_as_many_pictures_as_slides():
    with pytest.raises(ValueError, match="shorter"):
        list(document(show(Slide("Un", figure())), []))


def test_every_inline_script_is_allowed_and_no_other():
    html = whole(Slide("Carte", figure(picture=regional_map())))
    run = [text for attributes, text in Elements(html).scripts if attributes.get("type") != "application/json"]
    digests = [f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}" for text in run]
    assert len(digests) == 5
    assert sorted(digests) == sorted(script_digests())
    policy = next(a["content"] for tag, a in Elements(html).found if a.get("http-equiv") == "Content-Security-Policy")
    assert policy == content_policy()
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy.split("script-src")[1].split(";")[0]


def test_nothing_is_asked_of_anybody():
    html = whole(Slide("Carte", figure(picture=regional_map()), address="https://numerique.example.fr/v/a/5"))
    elements = Elements(html)
    loaded = [
        (tag, name, value)
        for tag, attributes in elements.found
        for name, value in attributes.items()
        if name in {"src", "href", "srcset", "action", "data", "poster", "background", "xlink:href"}
    ]
    assert {(tag, name) for tag, name, value in loaded if not (value or "").startswith("data:image/")} == {
        ("a", "href")
    }
    assert not re.search(r"url\(|@import", elements.style)
    assert "sourceMappingURL" not in html
    assert not any(tag in {"link", "iframe", "object", "embed"} for tag, _ in elements.found)


def test_maps_come_with_what_draws_them_and_only_then():
    without, with_map = whole(Slide("Barres", figure())), whole(Slide("Carte", figure(picture=regional_map())))
    assert "L.Map=" not in without
    assert len(without) < 150_000
    scripts = Elements(with_map).scripts
    boundaries = next(json.loads(text) for attributes, text in scripts if attributes.get("id") == "boundaries")
    assert set(boundaries["objects"]) >= {"communes", "epci", "departements", "prefectures"}
    sent = next(json.loads(text) for attributes, text in scripts if attributes.get("class") == "payload")
    assert sent["payload"]["codes"] == "243300316"
    assert sent["attribution"].startswith("Données simulées · Contours")


def test_hostile_names_stay_text_wherever_they_are_written():
    rows = NEEDS.assign(Réponse=[f"{HOSTILE}{place}" for place in range(4)])
    text = {"title": HOSTILE, "sentence": HOSTILE, "question": HOSTILE, "notes": HOSTILE, "origin": HOSTILE}
    named = figure(rows, alt=HOSTILE, reading=HOSTILE)
    html = whole(
        Slide(figure=named, guess="choix", **text),
        Slide(figure=figure(rows, picture=None), guess="part", **text),
        Slide(figure=figure(picture=regional_map(HOSTILE), alt=HOSTILE), **text),
        Slide(lines=(HOSTILE,), address=f"https://a.example/{HOSTILE}", **text),
        Slide(lines=(HOSTILE,), address=f"javascript:alert(1)//{HOSTILE}", **text),
        title=HOSTILE, subtitle=HOSTILE, context=HOSTILE, mark=HOSTILE, stamp={HOSTILE: HOSTILE},
    )  # fmt: skip
    elements = Elements(html)
    assert not any(name.startswith("on") for _, attributes in elements.found for name in attributes)
    images = [attributes.get("src") or "" for tag, attributes in elements.found if tag == "img"]
    assert images
    assert all(source.startswith("data:image/") for source in images)
    assert [a["href"] for tag, a in elements.found if tag == "a"] == [f"https://a.example/{HOSTILE}"]
    assert elements.text.count(HOSTILE) > 20
    for attributes, text_ in elements.scripts:
        if attributes.get("type") == "application/json":
            json.loads(text_)


def test_mark_base_and_origin_are_on_the_screen_and_on_paper():
    html = whole(Slide("Un", figure(), origin="Enquête 2025"))
    assert '<strong class="mark">Données simulées</strong>' in html
    assert "base : 100 répondants · Enquête 2025" in html
    # First, slide and last: each sheet of paper says it.
    assert html.count('<b class="paper">Données simulées') == 3
    assert "simulées" not in whole(Slide("Un", figure()), mark="")


def test_figure_without_a_drawing_is_a_table_cut_to_the_screen():
    rows = pd.DataFrame({"Réponse": [f"ligne {i}" for i in range(15)], "Part": ["10 %", None, *["3 %"] * 13]})
    html = whole(Slide("Un", figure(rows, picture=None)))
    screen, data = html.split('<template class="data">')
    assert screen.count("<tr>") == 13
    assert "3 autres lignes dans le fichier" in screen
    assert data.count("<tr>") == 16
    assert "<td></td>" in screen


def test_lines_are_numbered_from_three_and_have_their_code_beside_them():
    two, three = (whole(Slide("Un", lines=("a", "b", "c")[:n], address="https://a.example/v/s/1")) for n in (2, 3))
    assert '<ul class="text"><li>a</li><li>b</li></ul><a class="view"' in two
    assert '<ol class="text"><li>a</li><li>b</li><li>c</li></ol><a class="view"' in three


def test_steps_are_counted_as_their_addresses_count_them():
    sections = [a for tag, a in Elements(whole(Slide("Un"), Slide("Deux"))).found if tag == "section"]
    assert [section["aria-label"] for section in sections] == [
        "Titre", "Écran 1", "Écran 2", "D’où viennent ces chiffres",
    ]  # fmt: skip


def test_inverted_verb_is_not_cut_after_its_hyphen():
    assert "<h2>De quoi ont-\u2060ils besoin, peut-être\u202f?</h2>" in whole(
        Slide("De quoi ont-ils besoin, peut-être\u202f?")
    )


def test_document_that_is_broken_off_says_so_under_its_number():
    pieces = document(show(Slide("Un", figure()), Slide("Deux", figure())), [DRAWING, "<svg"])
    html = "".join(next(pieces) for _ in range(3))
    with pytest.raises(ValueError, match="SVG"):
        next(pieces)
    last = broken("a1<b2")
    assert "La présentation n’est pas complète" in last
    assert "a1&lt;b2" in last
    opened = Elements(html + last)
    sections = [attributes["class"] for tag, attributes in opened.found if tag == "section"]
    assert sections == ["screen first", "screen stacked", "screen lines broken"]
    assert last.endswith("</main></body></html>\n")


# ---------------------------------------------------------------- drawings


def test_identifiers_of_a_drawing_are_its_own():
    drawn, aspect, letters = inline(DRAWING, 'Barres "1" & <2>', "s3-")
    assert (aspect, letters) == (2, 0)
    assert 'id="s3-clip1"' in drawn
    assert 'clip-path="url(#s3-clip1)"' in drawn
    opening = drawn[: drawn.index(">")]
    assert 'role="img"' in opening
    assert "&quot;1&quot; &amp; &lt;2&gt;" in opening
    assert "width" not in opening
    assert "ns0:" not in drawn


def test_drawing_neither_runs_nor_asks():
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="10" height="5" '
        'onload="run()"><script>run()</script><g role="graphics-symbol" aria-label="1"/><a href="https://a.example"><text>x</text></a>'
        '<use xlink:href="https://a.example/#a"/><use xlink:href="#b"/><path id="b" fill="url(https://a.example/#c)"/>'
        "<style>*{fill:red}</style><image href='x.png'/></svg>"
    )
    drawn, aspect, _ = inline(svg, "", "s-")
    assert aspect == 2
    assert not re.search("run|example|style|image|graphics", drawn)
    assert drawn.count("aria-") == 1
    assert 'xlink:href="#s-b"' in drawn


def test_drawing_is_as_wide_as_its_smallest_letters_ask_for():
    lettered = DRAWING.replace("<text>", '<text font-size="14px">').replace(
        "</g>", '<text font-size="10.5">a</text></g>'
    )
    assert inline(lettered, "", "s-").letters == 10.5 / 700
    html = "".join(document(show(Slide("Un", figure())), [lettered]))
    # 9 px once they are drawn: 700 × 9 / 10.5.
    assert '<div class="figure drawn" style="--least:600px">' in html


@pytest.mark.parametrize("svg", ["", "<svg", "<p/>", '<svg xmlns="http://www.w3.org/2000/svg"/>'])
def test_what_is_not_a_drawing_is_refused(svg: str):
    with pytest.raises(ValueError, match="SVG"):
        inline(svg, "", "s-")


def test_code_has_a_name_and_white_around_it():
    drawn = qr.svg("https://numerique.example.fr/v/atelier/5")
    # 40 characters at level M: version 3, 29 modules, and 4 of white on each side (ISO/IEC 18004, table 7).
    assert 'viewBox="0 0 37 37"' in drawn
    assert 'role="img"' in drawn
    assert "<title>Code QR vers la même vue</title>" in drawn
    assert "width=" not in drawn
    with pytest.raises(ValueError, match="says something"):
        qr.svg("")
    with pytest.raises(ValueError, match="too large"):
        qr.svg("x" * 5000)


# ---------------------------------------------------------------- guesses


def test_choices_are_given_the_keys_of_the_ten_first():
    rows = pd.DataFrame({"Réponse": [f"r{i:02}" for i in range(20)], "Base": 100, "Part": [i / 100 for i in range(20)]})
    html = whole(Slide("Un", figure(rows), guess="choix")).split("<main>")[1]
    assert html.count("data-choice=") == 12
    assert "<kbd>0</kbd><span>r17" in html
    assert "<kbd></kbd><span>r18" in html


def test_a_slide_whose_shares_are_hidden_asks_nothing():
    hidden = NEEDS.assign(Part=[float("nan"), 0.6, 0.5, 0.1])
    slide = Slide("Un", figure(hidden), guess="choix", question="Quel besoin est le premier\u202f?")
    html = whole(slide).split("<main>")[1]
    assert "asking" not in html
    # The figure would answer it.
    assert "Quel besoin" not in html
    assert "Quel besoin" in whole(replace(slide, guess=""))
