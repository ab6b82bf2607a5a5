"""The number that a visitor reads on the screen is the one of the journal, for a page that fails and for a file."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ENDING, launch

pytestmark = pytest.mark.browser
NUMBER = re.compile(r"numéro d’incident ([0-9a-f]{8})")


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Serve the application whose parts fail; give its address and its journal."""
    folder = tmp_path_factory.mktemp("incidents")
    journal = folder / "journal.txt"
    environment = {"NUMERIQUE_DEPOT": str(folder / "depot"), "NUMERIQUE_JOURNAL": "json"}
    with journal.open("wb") as errors:
        process, address = launch("tests/ui/failing_app.py", environment=environment, errors=errors)
        yield address, journal
        process.terminate()
        process.wait(timeout=ENDING)


def told(journal: Path, number: str) -> dict[str, str]:
    """Return the line of an incident: it may be written a little after the screen says so."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for line in journal.read_text(encoding="utf-8").rpartition("\n")[0].splitlines():
            if json.loads(line).get("incident") == number:
                return json.loads(line)
        time.sleep(0.05)
    raise AssertionError(f"{number} is not in {journal.read_text(encoding='utf-8')}")


def number_on(page: Page) -> str:
    sentence = page.get_by_text(NUMBER).first
    expect(sentence).to_be_visible(timeout=20_000)
    found = NUMBER.search(sentence.inner_text())
    assert found
    return found[1]


def test_a_page_that_fails(page: Page, failing: tuple[str, Path]):
    address, journal = failing
    page.goto(f"{address}?faute=page")
    line = told(journal, number_on(page))
    assert (line["error"], line["page"]) == ("ValueError", "methode")
    assert "Nulle-Part" not in page.inner_text("body")


def test_a_file_that_fails_says_so_under_its_button(page: Page, failing: tuple[str, Path], foreign: list[str]):
    address, journal = failing
    page.goto(f"{address}?faute=file")
    page.get_by_role("button", name="Télécharger (CSV)").click()
    line = told(journal, number_on(page))
    assert (line["error"], line["page"], line["edition"]) == ("ValueError", "methode", "essai")
    assert "Nulle-Part" not in page.inner_text("body")
    assert foreign == []


@pytest.mark.parametrize("label", ["Casser le morceau", "Casser le rappel"])
def test_a_part_of_a_page_and_a_click_that_fail(page: Page, failing: tuple[str, Path], label: str):
    address, journal = failing
    page.goto(address)
    page.get_by_role("button", name=label).click()
    line = told(journal, number_on(page))
    assert line["code"].startswith("tests/ui/failing_page.py:")
