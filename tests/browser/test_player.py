"""A presentation opened from a disk, without any server, and led with the keys as in a workshop."""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from lib.analysis.levels import selected_territories, statuses
from lib.analysis.selection import EVERYBODY
from lib.analysis.shares import shares
from lib.display import charts, tables
from lib.display.drawing.pictures import chart_svg
from lib.display.drawing.projection import projected
from lib.display.figure import Figure, MapPicture, Show, Slide
from lib.display.formats import NARROW, percent
from lib.display.maps import payload
from lib.display.player.document import content_policy, document
from lib.display.statuses import entries, labels
from lib.survey.edition import Edition, load_edition
from lib.survey.editions import list_editions
from tests.browser.map_page_world import BORDEAUX, BORDEAUX_METROPOLE
from tests.browser.visits import resized

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

STAMP = {"Mention": "Données simulées", "Édition": "Enquête 2025", "Date": "29 novembre 2026"}
ORIGIN = "Enquête 2025 · tous les répondants · 29 novembre 2026"
TITLES = (
    "Numérique et territoires",
    "Les besoins",
    "Les stratégies",
    "La carte",
    "Les freins",
    "À vous",
    "D’où viennent",
)
FIRST, BARS, SHARE, MAP, CHOICE, LINES, LAST = range(1, 8)
STEPS = 5


@pytest.fixture(scope="module")
def edition() -> Edition:
    return load_edition(next(iter(list_editions().values())).path)


def bars(edition: Edition, question: str) -> Figure:
    rows = shares(edition, question, EVERYBODY).sort_values("share", ascending=False)
    rows = rows[~rows["hidden"]] if "hidden" in rows else rows
    spec = charts.share_bars(rows, title=question, subtitle="base")
    return Figure(
        question, question, f"base{NARROW}: 398 répondants", STAMP,
        lambda: tables.share_table(rows), lambda: tables.share_file(rows), picture=spec,
        alt=f"Barres{NARROW}: {question}",
    )  # fmt: skip


def epci_map(edition: Edition) -> Figure:
    answered = statuses(edition, "strategie", EVERYBODY, "epci")
    listed = entries(edition.codebook["strategie"])
    counts = {str(key): int(count) for key, count in answered["status"].value_counts().items()}
    counts["sans-reponse"] = len(selected_territories(EVERYBODY, "epci", edition.millesime).difference(answered.index))
    people = {str(code): int(n) for code, n in answered["respondents"].items()}
    sent = payload("epci", answered["status"], listed, respondents=people)
    shown = tuple(entry for entry in listed if counts.get(entry.key))
    rows = pd.DataFrame({"Territoire": answered["nom"], "Réponse": answered["status"].map(labels(listed))})
    return Figure(
        "carte", "Stratégies des intercommunalités", "154 intercommunalités", STAMP,
        lambda: rows, lambda: rows, picture=MapPicture(sent, shown, counts, "Stratégie", "intercommunalités"),
        alt="Carte des stratégies", level="epci",
    )  # fmt: skip


@pytest.fixture(scope="module")
def figures(edition: Edition) -> dict[str, Figure]:
    return {name: bars(edition, name) for name in ("besoins", "strategie", "freins")} | {"carte": epci_map(edition)}


@pytest.fixture(scope="module")
def written(figures: dict[str, Figure], tmp_path_factory: pytest.TempPathFactory) -> Path:
    address = "https://numerique.example.fr/v/atelier/5"
    slides = (
        Slide("Les besoins", figures["besoins"], sentence="Le premier besoin est l’ingénierie.", address=address,
              question="Et chez vous\u202f?", notes="Dire que plusieurs réponses étaient possibles.", origin=ORIGIN),
        Slide("Les stratégies", figures["strategie"], guess="part", question="Combien\u202f?", origin=ORIGIN),
        Slide("La carte", figures["carte"], address=address, origin=ORIGIN),
        Slide("Les freins", figures["freins"], guess="choix", question="Quel frein\u202f?", origin=ORIGIN),
        Slide("À vous", lines=("Nommer un élu référent.",), question="Par quoi commencer\u202f?", address=address),
    )  # fmt: skip
    show = Show("Numérique et territoires", "Atelier", "420 répondants", "Données simulées", STAMP, slides)
    specs = [slide.figure.picture if slide.figure else None for slide in slides]
    pictures = (chart_svg(projected(spec, 760), 760) if isinstance(spec, dict) else None for spec in specs)
    path = tmp_path_factory.mktemp("presentation") / "atelier.html"
    path.write_text("".join(document(show, pictures)), encoding="utf-8")
    return path


@dataclass
class Projection:
    """The document on a screen: its page, what it asked for, what it complained of."""

    page: Page
    context: BrowserContext
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def at(self, number: int) -> None:
        place = "" if number in (FIRST, LAST) else f"{number - 1} / {STEPS}"
        expect(self.page.locator(".place")).to_have_text(place)
        expect(self.page.locator("main > .screen.current")).to_have_count(1)
        # Neither the first screen nor the last has a place: the address alone tells one from the other.
        expect(self.page).to_have_url(re.compile(rf"#{number}$"))


@pytest.fixture
def projection(chromium: Browser, written: Path) -> Iterator[Projection]:
    with chromium.new_context(viewport={"width": 1366, "height": 768}, locale="fr-FR") as context:
        shown = Projection(context.new_page(), context)

        def listen(page: Page) -> None:
            page.on("console", lambda said: shown.complaints.append(said.text) if said.type != "log" else None)
            page.on("pageerror", lambda error: shown.complaints.append(str(error)))

        context.on("page", listen)
        listen(shown.page)
        # A `data:` address is in the document.
        context.on("request", lambda r: shown.asked.append(r.url) if not r.url.startswith("data:") else None)
        context.set_offline(True)
        shown.page.goto(written.as_uri())
        shown.at(FIRST)
        yield shown
        assert {address.partition("#")[0] for address in shown.asked} == {written.as_uri()}
        assert shown.complaints == []


def test_whole_presentation_is_led_with_the_keys(projection: Projection, figures: dict[str, Figure]):
    page, press, at = projection.page, projection.press, projection.at
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLES[0])
    expect(page.locator(".bar .mark")).to_have_text("Données simulées")
    expect(page.locator(".progress")).to_be_hidden()
    expect(page.locator(".announced")).to_have_text(TITLES[0])

    press("ArrowRight")
    at(BARS)
    chart = page.get_by_role("img", name=f"Barres{NARROW}: besoins")
    expect(chart).to_be_visible()
    expect(page.locator(".current .origin")).to_contain_text(f"base{NARROW}: 398 répondants · {ORIGIN}")
    expect(page.locator(".announced")).to_have_text(f"Écran 1 sur 5{NARROW}: Les besoins")
    assert page.title().startswith("1 / 5 · Les besoins")

    # A guess: the question alone, digits, then the figure with what the room said.
    press(" ")
    at(SHARE)
    expect(page.locator(".current .asked")).to_have_text("Combien\u202f?")
    expect(page.get_by_role("img", name=f"Barres{NARROW}: strategie")).to_be_hidden()
    press("4", "5")
    expect(page.locator(".current output")).to_have_text(f"45{NARROW}%")
    press("PageDown")
    at(SHARE)
    expect(page.get_by_role("img", name=f"Barres{NARROW}: strategie")).to_be_visible()
    first = figures["strategie"].file().iloc[0]
    gap = 45 - round(100 * first["Part"])
    expect(page.locator(".current .room")).to_have_text(
        f"La salle{NARROW}: 45{NARROW}% · Les réponses{NARROW}: {percent(first['Part'])}. "
        f"La salle voyait {gap} points de plus."
    )

    press("PageDown", "Enter")
    at(CHOICE)
    ranked = figures["freins"].file().sort_values("Part", ascending=False, ignore_index=True)
    page.get_by_role("button", name=ranked.at[1, "Réponse"]).click()
    press("Enter")
    at(CHOICE)
    expect(page.locator(".current .room")).to_have_text(
        re.compile(f"^En tête.*{ranked.at[0, 'Réponse']}.*arrive en 2ᵉ")
    )

    press("ArrowRight")
    at(LINES)
    press("End")
    at(LAST)
    expect(page.locator(".current dl")).to_contain_text("29 novembre 2026")
    press("PageDown")
    at(LAST)
    press("Home")
    at(FIRST)
    press("PageUp")
    at(FIRST)
    # What has been guessed is guessed: going back shows the figure.
    press("ArrowRight", "ArrowRight")
    at(SHARE)
    expect(page.locator(".current .room")).to_be_visible()


def test_map_is_drawn_where_it_is_shown_and_leaves_the_arrows_to_the_screens(projection: Projection):
    page, press, at = projection.page, projection.press, projection.at
    page.evaluate("location.hash = '#4'")
    at(MAP)
    root = page.locator("html")
    expect(root).to_have_attribute("data-coloured", "1", timeout=30_000)
    holder = page.locator(".current .map")
    assert page.title().startswith("3 / 5 · La carte")
    expect(holder).to_have_attribute("aria-label", "Carte des stratégies")
    place = page.evaluate(
        "at => document.querySelector('.current .map').map.latLngToContainerPoint(at)", list(BORDEAUX)
    )
    holder.hover(position=place)
    expect(page.locator(".territory-tip strong")).to_have_text("Bordeaux Métropole")
    zoom = float(root.get_attribute("data-zoom") or 0)
    press("+")
    expect(root).not_to_have_attribute("data-zoom", f"{zoom:g}")
    press("-")
    expect(root).to_have_attribute("data-zoom", f"{zoom:g}")
    expect(page.locator(".current .map-legend li")).to_have_count(page.locator(".current .map-legend b").count() - 1)

    # Once it has been clicked, the map has the arrows, until Échap.
    holder.click(position=place)
    expect(root).to_have_attribute("data-selected", BORDEAUX_METROPOLE)
    press("ArrowRight")
    at(MAP)
    press("Escape", "ArrowRight")
    at(CHOICE)
    press("ArrowLeft")
    at(MAP)
    expect(root).to_have_attribute("data-coloured", "1")


def test_list_blank_screen_timer_code_and_data(projection: Projection):
    page, press, at = projection.page, projection.press, projection.at
    press("l")
    steps = page.get_by_role("dialog", name="Écrans")
    expect(steps).to_be_visible()
    # A guess is not given away by its title.
    listed = [text.split("\n") for text in steps.locator("li").all_inner_texts()]
    assert listed[2] == ["2", "Combien\u202f?"]
    assert [row[0] for row in listed[1:-1]] == ["1", "2", "3", "4", "5"]
    assert listed[0][-1] == TITLES[0]
    assert len(listed[0]) == len(listed[-1]) == 1
    press("ArrowRight")
    at(FIRST)
    steps.get_by_role("button", name="À vous").click()
    at(LINES)
    expect(steps).to_be_hidden()
    press("Escape")
    expect(steps).to_be_visible()
    press("PageUp")
    expect(steps).to_be_hidden()
    at(CHOICE)

    press("b")
    expect(page.locator(".blank")).to_be_visible()
    press("ArrowRight")
    expect(page.locator(".blank")).to_be_hidden()
    at(CHOICE)
    press("w")
    expect(page.locator(".blank.white")).to_be_visible()
    press("w")
    expect(page.locator(".blank")).to_be_hidden()

    expect(page.locator(".timer")).to_be_hidden()
    # A clock that is led: « 0:01 » would be there for a second, and could pass between two looks.
    page.clock.set_fixed_time(1000)
    press("t")
    page.clock.set_fixed_time(1001)
    expect(page.locator(".timer")).to_have_text("0:01")
    press("t")
    expect(page.locator(".timer.stopped")).to_be_visible()
    press("l")
    page.get_by_role("button", name="Remettre le chronomètre à zéro").click()
    expect(page.locator(".timer")).to_be_hidden()
    press("Escape")

    page.evaluate("location.hash = '#2'")
    at(BARS)
    press("q")
    code = page.get_by_role("dialog", name="La même vue sur votre téléphone")
    expect(code).to_contain_text("numerique.example.fr/v/atelier/5")
    box = code.get_by_role("img").bounding_box()
    assert box is not None
    assert box["width"] > 400
    press("q", "d")
    expect(page.get_by_role("dialog", name="Données").get_by_role("row")).to_have_count(
        page.evaluate("document.querySelector('.current template').content.querySelectorAll('tr').length")
    )
    press("Escape", "?")
    expect(page.get_by_role("dialog", name="Touches")).to_be_visible()


def test_notes_lead_and_follow_from_a_window_of_their_own(projection: Projection):
    page, press, at = projection.page, projection.press, projection.at
    press("ArrowRight")
    with projection.context.expect_page() as opening:
        press("n")
    notes = opening.value
    expect(notes.get_by_role("heading")).to_have_text("Les besoins")
    expect(notes.locator(".now")).to_have_text("Écran 1 sur 5")
    expect(notes.locator(".read")).to_contain_text("plusieurs réponses étaient possibles")
    expect(notes.locator(".read")).to_contain_text("Et chez vous\u202f?")
    expect(notes.locator(".next")).to_have_text(f"Ensuite{NARROW}: Combien\u202f?")
    expect(notes.locator(".clock")).to_have_text(re.compile(r"\d\d:\d\d"))
    notes.get_by_role("button", name="Suivant").click()
    at(SHARE)
    notes.keyboard.press("PageDown")
    expect(page.locator(".current.asking")).to_have_count(0)
    notes.keyboard.press("PageDown")
    at(MAP)
    expect(notes.get_by_role("heading")).to_have_text("La carte")
    page.keyboard.press("ArrowLeft")
    expect(notes.get_by_role("heading")).to_have_text("Les stratégies")
    # A document that is loaded again stands where it was; its notes are asked for again.
    with notes.expect_event("close"):
        page.reload()
    at(SHARE)
    with projection.context.expect_page() as opening:
        press("n")
    expect(opening.value.get_by_role("heading")).to_have_text("Combien\u202f?")


def test_notes_are_under_the_screen_where_a_window_is_refused(projection: Projection):
    projection.page.evaluate("window.open = () => null")
    projection.press("ArrowRight", "n")
    expect(projection.page.locator(".current .notes")).to_be_visible()
    projection.press("n")
    expect(projection.page.locator(".current .notes")).to_be_hidden()


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (390, 844)])
def test_nothing_is_cut_nor_too_small_to_read(projection: Projection, size: tuple[int, int]):
    page = projection.page
    resized(page, *size)
    for number in range(1, len(TITLES) + 1):
        page.evaluate(f"location.hash = '#{number}'")
        projection.at(number)
        while page.locator(".current").get_attribute("class").count("asking"):  # type: ignore[union-attr]
            projection.press("PageDown")
        seen = page.evaluate(
            """() => {
              const px = (selector) => [...document.querySelectorAll(`.current ${selector}`)]
                .map((each) => parseFloat(getComputedStyle(each).fontSize));
              const screen = document.querySelector('.current');
              return {
                wide: document.documentElement.scrollWidth - innerWidth,
                high: screen.scrollHeight - screen.clientHeight,
                titles: px(':is(h1, h2)'),
                sentences: px(':is(.sentence, .question, .text li)'),
                small: px('.origin'),
              };
            }"""
        )
        assert seen["wide"] <= 0
        assert min(seen["small"] or [14]) >= 14
        if size[0] > 1000:
            assert seen["high"] <= 1
            assert min(seen["titles"]) >= 30
            assert min(seen["sentences"] or [24]) >= 24


def test_code_of_a_screen_of_lines_is_read_from_the_back_of_a_room(projection: Projection):
    projection.page.evaluate(f"location.hash = '#{LINES}'")
    projection.at(LINES)
    code = projection.page.locator(".current .view")
    box = code.get_by_role("img").bounding_box()
    assert box is not None
    assert 0.30 * 768 <= box["height"] <= 0.35 * 768
    letters = code.locator("span").evaluate("each => parseFloat(getComputedStyle(each).fontSize)")
    assert letters >= 24


def test_full_screen_leaves_the_screen_to_the_figure(projection: Projection):
    page, press = projection.page, projection.press
    keys, touches = page.locator(".first .keys"), page.get_by_text(f"?{NARROW}: touches")
    expect(keys).to_be_visible()
    expect(touches).to_be_hidden()
    press("f")
    expect(keys).to_be_hidden()
    expect(touches).to_be_visible()
    press("ArrowRight")
    following = page.locator(".bar [data-do=next]")
    expect(following).to_be_visible()
    expect(following).to_be_hidden(timeout=6000)
    expect(page.locator(".bar .mark")).to_be_visible()
    expect(page.locator(".place")).to_be_visible()
    page.mouse.move(300, 300)
    expect(following).to_be_visible()
    press("f")
    expect(page.locator("html")).not_to_have_class(re.compile("full"))


def test_drawing_too_wide_for_a_phone_says_so_and_no_letter_is_under_nine_pixels(projection: Projection):
    page = projection.page
    page.evaluate(f"location.hash = '#{BARS}'")
    projection.at(BARS)
    for width, wide in ((390, False), (320, True)):
        resized(page, width, 844)
        figure = page.locator(".current .figure")
        smallest = figure.evaluate(
            "each => Math.min(...[...each.querySelectorAll('text')].map((text) => "
            "parseFloat(text.getAttribute('font-size')) * text.getScreenCTM().a))"
        )
        assert smallest > 8.95
        expect(figure).to_have_class(re.compile(r"\bmore\b") if wide else re.compile("drawn$"))
    figure.evaluate("each => each.scrollTo(1000, 0)")
    expect(figure).not_to_have_class(re.compile(r"\bmore\b"))


def test_paper_has_one_screen_a_page(projection: Projection, tmp_path: Path):
    projection.page.evaluate("location.hash = '#4'")
    expect(projection.page.locator("html")).to_have_attribute("data-coloured", "1", timeout=30_000)
    printed = projection.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == len(TITLES)
    width, height = map(float, re.search(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", printed).groups())  # type: ignore[union-attr]
    assert width > height


def test_screens_are_shown_as_they_come(chromium: Browser, written: Path):
    before, mark, after = written.read_text(encoding="utf-8").partition(
        '<section class="screen beside" data-title="La carte"'
    )
    going_on = threading.Event()

    class Slow(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-security-policy", content_policy())
            self.end_headers()
            self.wfile.write(before.encode())
            self.wfile.flush()
            going_on.wait(60)
            self.wfile.write((mark + after).encode())

        def log_message(self, *said):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Slow) as server, chromium.new_context() as context:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/", wait_until="commit")
        other = context.new_page()
        other.goto(f"http://127.0.0.1:{server.server_port}/#5", wait_until="commit")
        expect(other.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator(".progress")).to_have_text(f"Préparation{NARROW}: 2 sur 5")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.keyboard.press("ArrowRight")
        expect(page.locator(".place")).to_have_text("1 / 5")
        page.keyboard.press("End")
        expect(page.locator(".place")).to_have_text("1 / 5")
        going_on.set()
        # What was asked for is shown once it is there.
        expect(page.locator(".current dl")).to_be_visible()
        expect(page.locator(".place")).to_have_text("")
        expect(other.locator(".place")).to_have_text("4 / 5")
        expect(page.locator(".progress")).to_be_hidden()
        # A map is drawn where it is seen.
        page.bring_to_front()
        page.evaluate("location.hash = '#4'")
        expect(page.locator("html")).to_have_attribute("data-coloured", "1", timeout=30_000)
        server.shutdown()


def test_without_scripts_every_screen_is_there(chromium: Browser, written: Path):
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(written.as_uri())
        for title in TITLES[1:]:
            expect(page.get_by_role("heading", name=title)).to_be_visible()
        expect(page.get_by_text("Nommer un élu référent.")).to_be_visible()
        expect(page.locator(".bar")).to_be_hidden()
