"""The import page in a browser, on a store of its own: from a file to what visitors see, and back."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import opened_to_the_team
from tests.browser.visits import DESKTOP, IDLE, PHONE, Visit, english, pick, read, visiting

pytestmark = pytest.mark.browser

DATA = Path(__file__).resolve().parents[2] / "data"
RESPONSES = 60
EVIL = '![x](http://evil.example/x.png) [y](http://evil.example) <img src=x onerror="window.hit=1"> www.evil.example'
WORKING = 90_000
"""Milliseconds that a step of an import may take on a loaded machine."""
STEPS = {
    "3. Territoires": "Territoires à choisir",
    "4. Qualité": "Ce qui est à regarder",
    "5. Aperçu": "Les premiers chiffres",
    "6. Publication": "Ce qui change pour les visiteurs",
}
"""A title that each step has alone."""


def answers(*, evil: str = "", rows: int = RESPONSES) -> bytes:
    """Return the first responses of the shipped edition; with `evil` as a heading, an answer, a name and a cell."""
    text = (DATA / "edition-simulee.csv").read_text(encoding="utf-8-sig")
    headings, *responses = (row for row in csv.reader(io.StringIO(text), delimiter=";") if row)
    responses = responses[:rows]
    if evil:
        name = headings.index("Nom de votre structure")
        strategy = next(place for place, heading in enumerate(headings) if heading.startswith("Existe-t-il"))
        responses[0][strategy], responses[1][name] = evil, evil
        headings.append(evil)
        responses = [[*row, evil] for row in responses]
        headings.append("Adresse de messagerie")
        responses = [[*row, f"personne{place}@exemple.fr"] for place, row in enumerate(responses)]
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=";", quoting=csv.QUOTE_ALL).writerows([headings, *responses])
    return written.getvalue().encode()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of an application whose machine is of the team, and whose store is new."""
    with opened_to_the_team(tmp_path_factory.mktemp("depot")) as address:
        yield address


@pytest.fixture
def manager(chromium: Browser) -> Iterator[Visit]:
    with visiting(chromium) as made:
        yield made
        quiet(made)


def quiet(made: Visit) -> None:
    """Fail if a visit left loopback, ran what a file holds, or complained of more than Streamlit's own probes."""
    assert made.foreign == []
    assert made.page.evaluate("window.hit") is None
    assert [told for told in made.complaints if "/import/_stcore/" not in told] == []


def idle(page: Page) -> None:
    page.locator(IDLE).wait_for(timeout=WORKING)


def still(page: Page) -> None:
    """Wait until nothing moves any more: the run is over, and tables have their height."""
    idle(page)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=15_000)


def go(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Importer une édition", timeout=WORKING)
    idle(page)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def upload(page: Page, address: str, content: bytes, title: str, identifier: str) -> None:
    """Bring a file in, as a new edition, to the step of the columns."""
    go(page, f"{address}import?etape=fichier")
    page.locator("input[type=file]").set_input_files(
        {"name": "reponses.csv", "mimeType": "text/csv", "buffer": content}
    )
    expect(page.get_by_role("button", name="Créer le brouillon", exact=True)).to_be_visible(timeout=WORKING)
    still(page)
    for label, value in (("Titre, pour les visiteurs", title), ("Identifiant, dans les adresses", identifier)):
        if page.get_by_role("textbox", name=label).is_enabled():
            page.get_by_role("textbox", name=label).fill(value)
            page.get_by_role("textbox", name=label).press("Tab")
            idle(page)
    press(page, "Créer le brouillon")
    expect(read(page, "Le brouillon est créé")).to_be_visible(timeout=WORKING)
    idle(page)


def step(page: Page, name: str) -> None:
    """Go to another step of the draft, once what was done before is over; wait until it is whole."""
    idle(page)
    page.get_by_role("radio", name=name).click()
    # Before the run begins the page is idle too: only this step has this title.
    title = page.get_by_test_id("stMain").get_by_role("heading", name=STEPS[name])
    expect(title).to_be_visible(timeout=WORKING)
    still(page)


def publish(page: Page) -> None:
    step(page, "6. Publication")
    read(page, "J’ai relu les colonnes").click(timeout=WORKING)
    expect(page.get_by_role("button", name="Publier", exact=True)).to_be_enabled(timeout=WORKING)
    idle(page)
    press(page, "Publier")
    expect(read(page, "La version est publiée")).to_be_visible(timeout=WORKING)
    idle(page)


def unfold(page: Page, name: str, confirmation: str) -> None:
    """Open an action of an edition and confirm it, once what was done before is over."""
    idle(page)
    page.get_by_test_id("stPopover").filter(has_text=name).get_by_role("button").first.click()
    page.get_by_test_id("stPopoverBody").get_by_role("button", name=confirmation).click()


def spoken(made: Visit) -> list[str]:
    """Return what a visit heard but the questionnaire, whose file is commented in English."""
    return [text for text in made.said() if "[[questions]]" not in text]


def editions_seen(page: Page, address: str) -> str:
    """Return the line of context of the participation page, where a visitor reads which edition is shown."""
    page.goto(f"{address}participation")
    line = page.get_by_test_id("stMain").get_by_test_id("stMarkdown").filter(has_text="Sélection")
    expect(line.first).to_be_visible(timeout=WORKING)
    idle(page)
    return line.first.inner_text()


@pytest.mark.parametrize(
    "content",
    [
        b"\xd0\xcf\x11\xe0" + bytes(600), b"PK\x03\x04 abc", b"%PDF-1.4", b" ", b"\x00\x01\x02", b"un seul mot",
        b'"a";"b\r\n1;2', EVIL.encode(),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(manager: Visit, served: str, content: bytes):
    page = manager.page
    go(page, f"{served}import?etape=fichier")
    page.locator("input[type=file]").set_input_files(
        {"name": "<b>reponses</b>.xlsx", "mimeType": "text/csv", "buffer": content}
    )
    refusal = page.get_by_test_id("stMain").locator('[data-testid="stAlertContentError"]')
    expect(refusal).to_be_visible(timeout=WORKING)
    idle(page)
    assert len(refusal.inner_text()) > 30
    assert page.get_by_role("button", name="Créer le brouillon").count() == 0
    assert "Traceback" not in page.content()
    assert "numéro" not in refusal.inner_text(), "an incident, not a refusal"


def test_from_a_hostile_file_to_visitors_and_back(chromium: Browser, manager: Visit, served: str):
    page = manager.page
    with visiting(chromium) as visitor:
        assert "Édition simulée 2026" in editions_seen(visitor.page, served)

        upload(page, served, answers(evil=EVIL), "Enquête d’essai", "essai-2026")
        main = page.get_by_test_id("stMain")
        # What comes from the file is read as it was written, never as Markdown.
        expect(main.get_by_text("!\u2060[x]\u2060(http:\u2060//").first).to_be_visible()
        assert main.locator("a[href*=evil], img[src*=evil]").count() == 0
        # The contacts were taken out of what is kept.
        assert "messagerie" not in main.inner_text()

        # One leaves, comes back, and finds the draft.
        address = page.url
        go(page, f"{served}import")
        expect(read(page, "Enquête d’essai")).to_be_visible()
        press(page, "Reprendre")
        expect(read(page, "Étapes de l’import")).to_be_visible(timeout=WORKING)
        expect(page).to_have_url(re.compile("brouillon=1"))
        go(page, address)

        form = page.get_by_test_id("stForm").first
        pick(page, form.get_by_role("combobox").first.get_attribute("aria-label") or "", "Ne pas lire")
        press(page, "Enregistrer ces choix")
        expect(read(page, "1 colonne décidée.")).to_be_visible(timeout=WORKING)

        step(page, "3. Territoires")
        expect(read(page, "Territoires à choisir")).to_be_visible(timeout=WORKING)
        idle(page)
        form = page.get_by_test_id("stForm").first
        assert main.locator("a[href*=evil], img[src*=evil]").count() == 0
        labels = [field.get_attribute("aria-label") or "" for field in form.get_by_role("combobox").all()]
        pick(page, next(label for label in labels if "evil" in label), "Hors périmètre\u202f: laisser sans territoire")
        press(page, "Enregistrer ces choix")
        expect(read(page, "1 choix enregistré")).to_be_visible(timeout=WORKING)

        step(page, "4. Qualité")
        expect(read(page, "Ce qui est à regarder")).to_be_visible(timeout=WORKING)
        step(page, "5. Aperçu")
        preview = page.get_by_test_id("stMain").get_by_role("link", name="Participation")
        expect(preview).to_be_visible(timeout=WORKING)
        expect(preview).to_have_attribute("href", re.compile("edition=brouillon-1"))
        assert "Édition simulée 2026" in editions_seen(visitor.page, served)

        publish(page)
        assert "Enquête d’essai" in editions_seen(visitor.page, served)
        assert english(spoken(manager)) == []

        unfold(page, "Retirer", "Retirer cette édition")
        expect(read(page, "L’édition est retirée")).to_be_visible(timeout=WORKING)
        assert "Édition simulée 2026" in editions_seen(visitor.page, served)
        unfold(page, "Remettre en ligne", "Remettre en ligne")
        expect(read(page, "L’édition est de nouveau publiée")).to_be_visible(timeout=WORKING)
        assert "Enquête d’essai" in editions_seen(visitor.page, served)
        quiet(visitor)


def test_of_two_managers_one_wins_and_the_other_is_told(chromium: Browser, manager: Visit, served: str):
    upload(manager.page, served, answers(rows=30), "Deux gestionnaires", "deux-2026")
    publish(manager.page)
    with visiting(chromium) as other:
        go(other.page, f"{served}import")
        # Both see it published, and open the same action; the first to confirm it wins.
        for page in (other.page, manager.page):
            card = page.get_by_test_id("stVerticalBlock").filter(
                has=page.get_by_role("heading", name="Deux gestionnaires")
            )
            card.last.get_by_test_id("stPopover").filter(has_text="Retirer").get_by_role("button").first.click()
            expect(page.get_by_role("button", name="Retirer cette édition")).to_be_visible()
        press(manager.page, "Retirer cette édition")
        expect(read(manager.page, "L’édition est retirée")).to_be_visible(timeout=WORKING)
        press(other.page, "Retirer cette édition")
        refusal = other.page.locator('[data-testid="stAlertContentError"]')
        expect(refusal).to_contain_text("poste local", timeout=WORKING)
        quiet(other)


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_each_step_fits_the_screen(chromium: Browser, served: str, size: tuple[int, int]):
    with visiting(chromium, size) as made:
        upload(made.page, served, answers(rows=20), "Écran", f"ecran-{size[0]}")
        for name in ("3. Territoires", "4. Qualité", "5. Aperçu", "6. Publication"):
            step(made.page, name)
            expect(made.page.get_by_role("button", name="Quitter (le brouillon est gardé)")).to_be_visible(
                timeout=WORKING
            )
            wide = "document.querySelector('[data-testid=stMain]').scrollWidth"
            assert made.page.evaluate(wide) <= size[0]
        assert english(spoken(made)) == []
        go(made.page, f"{served}import")
        quiet(made)
