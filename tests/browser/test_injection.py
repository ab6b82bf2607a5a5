"""Nothing that a questionnaire, a title or a respondent says runs, is fetched or becomes a link, on any page."""

import csv
import io
import re
from collections.abc import Iterator
from os.path import commonprefix

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from lib.display.downloads import neutralise
from lib.display.formats import JOINER
from tests.browser import hostile
from tests.browser.conftest import launch
from tests.browser.visits import IDLE, Visit, arrived, drawn, visiting

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
    "equipe": "equipe?question=strategie",
}
TABLES = 20

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
  const words = /rouge|gras|delete|clic|\\bjs\\b|evil/;
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
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of the application on the two hostile editions, on a machine of the team."""
    folder = tmp_path_factory.mktemp("hostile")
    hostile.write(folder)
    store = tmp_path_factory.mktemp("depot") / "depot"
    environment = {"NUMERIQUE_DATA": str(folder), "NUMERIQUE_EQUIPE_LOCALE": "oui", "NUMERIQUE_DEPOT": str(store)}
    process, address = launch("app.py", environment=environment)
    yield address
    process.terminate()
    process.wait(timeout=10)


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
    """Return what is read on the page, without the invisible signs, spaces being one."""
    return re.sub(r"[ \t]+", " ", page.evaluate(SAID).replace(JOINER, ""))


def fields(text: str) -> dict[str, list[str]]:
    """Return each field of which a text holds the beginning, and what follows each time."""
    found: dict[str, list[str]] = {}
    for start in re.finditer(r'=HYPERLINK\("http://evil\.example/(\w+)/cell"\)', text):
        found.setdefault(start[1], []).append(text[start.start() :])
    return found


def expected(field: str) -> str:
    """Return the text of a field as a page shows it: without what turns the direction of writing."""
    return hostile.hostile(field).replace(hostile.TURNED, "")


def hover(page: Page) -> int:
    """Put the mouse over marks of each chart; return how many tooltips were read."""
    tips = 0
    for chart in page.get_by_test_id("stVegaLiteChart").all():
        chart.scroll_into_view_if_needed()
        for kind in (".mark-rect", ".mark-symbol", ".mark-text"):
            mark = chart.locator(f"{kind} path, {kind} text").first
            if mark.count() and (box := mark.bounding_box()) and box["width"]:
                page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
                tip = page.locator("#vg-tooltip-element.visible")
                tips += tip.count()
    return tips


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


def lists(page: Page) -> list[Locator]:
    return page.get_by_test_id("stSelectbox").get_by_role("combobox").all()


@pytest.mark.parametrize("view", VIEWS)
def test_no_text_of_an_edition_runs_leaves_or_is_changed(attacked: Visit, site: str, view: str):
    page, address = attacked.page, VIEWS[view]
    path = address.partition("?")[0]
    page.goto(site + address)
    idle(page)
    arrived(page, path)
    drawn(page)
    hover(page)
    for chosen in lists(page):
        chosen.click()
        expect(page.get_by_role("option").first).to_be_visible()
        assert through(page) == []
        chosen.press("Escape")
        expect(page.get_by_role("option")).to_have_count(0)
    files = downloads(page)
    seen = fields(said(page))
    if path not in ("confidentialite",):
        assert seen, "the page shows no text of the edition"
    for field, texts in seen.items():
        whole = re.sub(r"[ \t]+", " ", expected(field)).strip()
        for text in texts:
            same = len(commonprefix([text, whole]))
            assert same == len(whole), (
                field,
                text[max(0, same - 60) : same],
                text[same : same + 60],
                whole[same : same + 60],
            )
    for content in files:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
        assert rows
        for cell in (cell for row in rows for cell in row):
            assert cell == neutralise(cell)
            assert not re.match(r"\s*[=+\-@]\D", cell)
