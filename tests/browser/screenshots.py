"""Take the README's pictures of the pages, on a desktop and on a phone: `python -m tests.browser.screenshots`.

They are written as small PNG files (a palette of 128 colours) in tests/browser/screenshots/.
"""

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect, sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM, ENDING, launch
from tests.browser.visits import DESKTOP, IDLE, PAGES, PHONE, arrived, drawn, read, visiting

# Two views that are no page of the menu: a portrait, and the same printed on A4.
PORTRAIT = "ma-collectivite?code=33063"
A4 = (794, 1123)
FOLDER = Path(__file__).with_name("screenshots")
SCREENS = {"desktop": DESKTOP, "phone": PHONE}


def main() -> int:
    """Serve the application, take the pictures, return the exit code."""
    if CHROMIUM is None:
        print("chromium is not installed on this machine", file=sys.stderr)
        return 1
    FOLDER.mkdir(exist_ok=True)
    process, address = launch("app.py")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            for screen, size in SCREENS.items():
                for path in PAGES:
                    with visiting(browser, size) as visit:
                        visit.page.goto(address + path)
                        arrived(visit.page, path)
                        drawn(visit.page)
                        picture = visit.page.screenshot(animations="disabled")
                    save(picture, f"{path or 'synthese'}-{screen}")
            for screen, size in {**SCREENS, "print": A4}.items():
                with visiting(browser, size) as visit:
                    # From the start: charts keep for their titles the width that they were first drawn at.
                    visit.page.emulate_media(media="print" if screen == "print" else "screen")
                    visit.page.goto(address + PORTRAIT)
                    expect(read(visit.page, "Que faire ensuite\u202f?")).to_be_visible(timeout=30_000)
                    visit.page.locator(IDLE).wait_for()
                    expect(visit.page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=15_000)
                    drawn(visit.page)
                    if screen == "print":
                        visit.page.evaluate("dispatchEvent(new Event('beforeprint'))")
                    picture = visit.page.screenshot(animations="disabled", full_page=screen == "print")
                    save(picture, f"portrait-{screen}")
            browser.close()
    finally:
        process.terminate()
        process.wait(timeout=ENDING)
    return 0


def save(picture: bytes, name: str) -> None:
    """Write a picture as a small PNG file, and say its weight."""
    target = FOLDER / f"{name}.png"
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(128).save(target, optimize=True)
    print(f"{target.relative_to(Path.cwd())}: {target.stat().st_size // 1024} kB")


if __name__ == "__main__":
    sys.exit(main())
