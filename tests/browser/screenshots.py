"""Take the README's pictures of the pages, on a desktop and on a phone: `python -m tests.browser.screenshots`.

They are written as small PNG files (a palette of 128 colours) in tests/browser/screenshots/.
"""

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM, launch
from tests.browser.visits import DESKTOP, PAGES, PHONE, arrived, drawn, visiting

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
                    target = FOLDER / f"{path or 'synthese'}-{screen}.png"
                    Image.open(io.BytesIO(picture)).convert("RGB").quantize(128).save(target, optimize=True)
                    print(f"{target.relative_to(Path.cwd())}: {target.stat().st_size // 1024} kB")
            browser.close()
    finally:
        process.terminate()
        process.wait(timeout=10)
    return 0


if __name__ == "__main__":
    sys.exit(main())
