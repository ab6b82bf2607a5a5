"""Nothing that a questionnaire, a title or a respondent says runs, is fetched or becomes a link, on any page."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from lib.analysis.territories import structures
from lib.display.formats import JOINER
from lib.survey.consent import publishable
from lib.survey.edition import load_edition
from lib.survey.editions import list_editions
from lib.survey.formulas import neutralise
from tests.browser import hostile
from tests.browser.conftest import ENDING, launch
from tests.browser.visits import IDLE, Visit, arrived, drawn, eventually, map_of, visiting

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

PATIENCE = 120_000
"""Milliseconds that the first page of an edition of such texts may take on a loaded machine."""

# Each page, and what else an address may ask of it.
VIEWS = {
    "synthese": "",
    "thematiques": "thematiques?niveau=perimetre&theme=sante",
    "thematiques-filtrees": "thematiques?mesure=priorites&groupe=role&type=epci&role=elu",
    "strategies": "strategies?groupe=type&niveau=epci&unite=repondants",
    "strategies-filtrees": "strategies?type=pays&niveau=perimetre",
    "besoins-et-freins": "besoins-et-freins?question=freins&groupe=role",
    "croisements": "croisements?lignes=strategie&colonnes=portage",
    "croisements-lignes": "croisements?lignes=freins&colonnes=role&sens=ligne",
    "participation": "participation?niveau=perimetre",
    "evolution": "evolution?question=freins",
    "evolution-lignes": "evolution?question=themes&fait=strategie",
    "methode": "methode",
    "confidentialite": "confidentialite",
    "accessibilite": "accessibilite",
    "plan-du-site": "plan-du-site",
    "equipe": "equipe?question=strategie",
}
TITLE = ("edition_title_0", "edition_collected_0")

# What must be read on each, besides what charts and grids draw.
SHOWN = {
    "synthese": TITLE,
    "thematiques": (*TITLE, "option_themes_structurees", "option_themes_nsp"),
    "thematiques-filtrees": (*TITLE, "option_terr_type_epci", "option_repondant_elu"),
    "strategies": (*TITLE, "option_strategie_non", "option_strategie_mise_en_oeuvre"),
    "strategies-filtrees": (*TITLE, "option_terr_type_pays"),
    "besoins-et-freins": TITLE,
    "croisements": (*TITLE, "short_strategie", "short_portage"),
    "croisements-lignes": (*TITLE, "short_freins"),
    "participation": TITLE,
    "evolution": (*TITLE, "edition_title_1", "edition_collected_1", "option_freins_ajout"),
    "evolution-lignes": (*TITLE, "edition_title_1", "option_strategie_formalisee"),
    "methode": TITLE,
    "confidentialite": (),
    "accessibilite": (),
    "plan-du-site": (),
    "equipe": ("edition_title_0",),
}
# Where territories are read one by one; {pays} is one that a respondent named.
PORTRAITS = {
    "pays": "ma-collectivite?code={pays}",
    "cherche": "ma-collectivite",
    "compare": "comparer?avec={pays}&avec=33063&avec=groupe:pays",
    "visite-pays": "preparer-une-visite?zone={pays}",
}
NAMED = ("thematiques", "strategies-filtrees", "participation")
"""Views whose map has the territories that respondents named."""

# Marks are far from the screen, and as good as flat, where labels are as long as these: they are told of the mouse.
HOVER = """
(chart) => {
  const told = new Set();
  for (const mark of [...chart.querySelectorAll(".mark-rect path, .mark-symbol path, .mark-text text")].slice(0, 200)) {
    const { x, y } = mark.getBoundingClientRect();
    for (const type of ["pointerover", "mouseover", "pointermove", "mousemove"]) {
      const Kind = type.startsWith("pointer") ? PointerEvent : MouseEvent;
      mark.dispatchEvent(new Kind(type, { bubbles: true, clientX: x, clientY: y, view: window }));
    }
    const tip = document.querySelector("#vg-tooltip-element.visible");
    if (tip) told.add(tip.textContent);
    mark.dispatchEvent(new MouseEvent("mouseout", { bubbles: true, view: window }));
  }
  return [...told];
}
"""

# What got through, in one document and its shadow roots: marks left by scripts, addresses that would leave, elements.
FOUND = """
() => {
  const found = Object.keys(window).filter((name) => name.startsWith("pwned"));
  const visit = (root) => {
    for (const node of root.querySelectorAll("*")) {
      if (node.shadowRoot) visit(node.shadowRoot);
      for (const { name, value } of node.attributes) {
        const leaves = /^\\s*(javascript|data:text|vbscript)/i.test(value) || /^\\s*(\\w+:)?\\/\\/evil/i.test(value);
        const address = /^(href|src|srcset|action|formaction|xlink:href|data|poster|ping|background)$/i.test(name);
        if ((address && (leaves || /evil\\.example/.test(value))) || /^on/i.test(name))
          found.push(`${node.tagName} ${name}=${value.slice(0, 120)}`);
        if (name === "style" && /evil|url\\(.http/.test(value)) found.push(`${node.tagName} style`);
      }
    }
  };
  visit(document);
  // What Markdown would have made of the texts; our own emphasis and icons hold none of their words.
  const words = /rouge|gras|delete|cliquez|evil/;
  for (const node of document.querySelectorAll("a, em, del, code, .katex, h1 a, img, [data-testid=stIconMaterial]"))
    if (node.closest("[data-testid=stMarkdownContainer]") && words.test(node.textContent + node.alt))
      found.push(`${node.tagName} ${node.textContent.slice(0, 80)}`);
  for (const node of document.querySelectorAll(".stMarkdownColoredText, .katex"))
    if (node.textContent.startsWith("rouge") || node.matches(".katex")) found.push(`${node.className}`);
  for (const node of document.querySelectorAll("strong"))
    if (node.textContent === "gras") found.push("strong");
  return found;
}
"""

# The texts of a page as they are read, but for those of charts and grids, which are drawn.
SAID = """
() => {
  const said = [];
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) said.push(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE || /^(SCRIPT|STYLE|SVG|CANVAS|NOSCRIPT)$/i.test(node.tagName)) return;
    const apart = getComputedStyle(node).display !== "inline";
    if (apart) said.push("\\n");
    node.childNodes.forEach(walk);
    if (apart) said.push("\\n");
  };
  walk(document.body);
  return said.join("");
}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of the two hostile editions."""
    written = tmp_path_factory.mktemp("hostile")
    hostile.write(written)
    return written


@pytest.fixture(scope="module")
def pays(folder: Path) -> str:
    """Give the code of a pays that agreed to be named, by the name that a respondent typed."""
    edition = load_edition(next(iter(list_editions(folder).values())).path)
    agreed = publishable(edition.respondents)
    return next(code for code, (_, kind, *_) in structures(edition).items() if kind == "pays" and agreed[code])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Iterator[str]:
    """Give the address of the application on the two hostile editions, on a machine of the team."""
    store = tmp_path_factory.mktemp("depot") / "depot"
    environment = {"NUMERIQUE_DATA": str(folder), "NUMERIQUE_EQUIPE_LOCALE": "oui", "NUMERIQUE_DEPOT": str(store)}
    process, address = launch("app.py", environment=environment)
    yield address
    process.terminate()
    process.wait(timeout=ENDING)


@pytest.fixture
def attacked(chromium: Browser) -> Iterator[Visit]:
    """Give a visit that must neither leave loopback, nor open a dialog, nor run or link what the texts hold."""
    with visiting(chromium) as made:
        dialogs: list[str] = []
        made.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        yield made
        assert made.foreign == []
        assert dialogs == []
        assert made.complaints == []
        assert through(made.page) == []


def through(page: Page) -> list[str]:
    """Return what got through on the page and in its frames."""
    return [told for frame in page.frames for told in frame.evaluate(FOUND)]


def idle(page: Page) -> None:
    page.locator(IDLE).wait_for(timeout=PATIENCE)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=PATIENCE)


def said(page: Page) -> str:
    """Return what is read on the page."""
    return str(page.evaluate(SAID))


def bare(text: str) -> str:
    """Return a text without the signs that nobody sees, its spaces being one."""
    return re.sub(r"\s+", " ", text.replace(JOINER, "").replace(hostile.TURNED, "")).strip()


def fields(text: str) -> dict[str, list[str]]:
    """Return each field of which a text holds the beginning, and what follows each time."""
    found: dict[str, list[str]] = {}
    for start in re.finditer(r'=HYPERLINK\("http://evil\.example/(\w+)/cell"\)', text):
        found.setdefault(start[1], []).append(text[start.start() :])
    return found


def hover(page: Page) -> list[str]:
    """Pass the mouse over the marks of every chart; return what the tooltips said."""
    told = []
    for chart in page.get_by_test_id("stVegaLiteChart").all():
        tips = chart.evaluate(HOVER)
        assert tips, "a chart without a tooltip"
        told += tips
    return told


def pass_over_map(page: Page) -> list[str]:
    """Put the mouse over places of the map, then click there; return what the tooltips said."""
    page.locator("iframe").scroll_into_view_if_needed()
    box = page.locator("iframe").bounding_box()
    assert box
    told = []
    for across in range(3, 8):
        for down in range(2, 9):
            page.mouse.move(box["x"] + box["width"] * across / 10, box["y"] + box["height"] * down / 10)
            # Leaflet listens to the mouse some thirty times a second.
            map_of(page).locator("html").evaluate(
                "() => new Promise((done) => setTimeout(() => requestAnimationFrame(done), 40))"
            )
            told += map_of(page).locator(".leaflet-tooltip").all_inner_texts()
            if told and "evil.example" in told[-1]:
                page.mouse.down()
                page.mouse.up()
                expect(page).to_have_url(re.compile("territoire="), timeout=PATIENCE)
                idle(page)
                return told
    return told


def downloads(page: Page) -> list[bytes]:
    """Open every table of the page and return the files that its buttons give."""
    folded = page.locator('[data-testid="stExpander"] summary', has_text="Voir les données")
    for place in range(folded.count()):
        folded.nth(place).click()
        expect(page.get_by_role("button", name="Télécharger (CSV)")).to_have_count(place + 1, timeout=PATIENCE)
    idle(page)
    files = []
    buttons = page.get_by_role("button", name="Télécharger (CSV)")
    for place in range(buttons.count()):
        with page.expect_download(timeout=PATIENCE) as waited:
            buttons.nth(place).click()
        name = waited.value.suggested_filename
        assert re.fullmatch(r"[\w.-]+\.csv", name), name
        files.append(waited.value.path().read_bytes())
    return files


@pytest.mark.parametrize("view", VIEWS)
def test_no_text_of_an_edition_runs_leaves_or_is_changed(attacked: Visit, site: str, view: str):
    page, address = attacked.page, VIEWS[view]
    path = address.partition("?")[0]
    page.goto(site + address)
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=PATIENCE)
    idle(page)
    arrived(page, path)
    drawn(page)
    tips = hover(page)
    if page.locator("iframe").count():
        tips += pass_over_map(page)
        drawn(page)
    files = downloads(page)
    seen = fields(bare("\n".join([said(page), *tips])))
    assert set(SHOWN[view]) <= set(seen)
    assert any(field.startswith("name_") for field in seen) == (view in NAMED)
    unchanged(seen)
    safe(files)
    for field in page.locator("[data-testid=stSelectbox] input").all():
        field.click()
        # To write opens the list for sure, where a click may only close the one before.
        field.fill("e")
        expect(page.get_by_role("option").first).to_be_visible()
        assert through(page) == []
        field.press("Escape")
        expect(page.get_by_role("option")).to_have_count(0)


@pytest.mark.parametrize("view", PORTRAITS)
def test_no_name_of_a_territory_runs_leaves_or_is_changed(attacked: Visit, site: str, pays: str, view: str):
    page = attacked.page
    page.goto(site + PORTRAITS[view].format(pays=pays))
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=PATIENCE)
    idle(page)
    if view == "cherche":
        field = page.get_by_role("textbox", name="Nom, code postal, code INSEE ou SIREN")
        field.fill("hyperlink http evil")
        field.press("Enter")
        expect(page.get_by_role("button", name=re.compile("evil")).first).to_be_visible(timeout=PATIENCE)
        assert through(page) == []
        page.get_by_role("button", name=re.compile("evil")).first.click()
        page.wait_for_url(re.compile("code="))
        idle(page)
    drawn(page)
    tips = hover(page)
    seen = fields(bare("\n".join([said(page), *tips])))
    assert any(field.startswith("name_") for field in seen)
    unchanged(seen)
    safe(downloads(page))


def unchanged(seen: Mapping[str, list[str]]) -> None:
    """Fail if a text of the edition is not read as it is."""
    for field, texts in seen.items():
        whole = bare(hostile.hostile(field))
        for text in texts:
            same = next((place for place, (a, b) in enumerate(zip(text, whole, strict=False)) if a != b), len(whole))
            assert text.startswith(whole), (field, text[same - 40 : same + 40], whole[same - 40 : same + 40])


def safe(files: list[bytes]) -> None:
    """Fail if a file has a cell that a spreadsheet would compute."""
    for content in files:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
        assert rows
        for cell in (cell for row in rows for cell in row):
            assert cell == neutralise(cell)
            assert not re.match(r"\s*[=+\-@]\D", cell)


@pytest.mark.parametrize(
    ("label", "field"), [("Type de territoire", "terr_type_epci"), ("Rôle du répondant", "repondant_elu")]
)
def test_a_filter_lists_the_labels_as_they_are(attacked: Visit, site: str, label: str, field: str):
    page = attacked.page
    page.goto(f"{site}methode")
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=PATIENCE)
    idle(page)
    arrived(page, "methode")
    chosen = page.get_by_role("combobox", name=label, exact=True)
    chosen.click()
    chosen.fill("HYPERLINK")
    expect(page.get_by_role("option").first).to_be_visible()
    # The list that opens is the whole one, then what was typed takes options out of it.
    wanted = bare(hostile.hostile(f"option_{field}"))
    eventually(page, lambda: wanted in map(bare, page.get_by_role("option").all_inner_texts()), True)
