"""axe, run in a page and in its frames: what it finds there, whatever the policy of the page says of scripts.

Which pages and states are looked at, and which findings are admitted, belongs to `test_axe`.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Page

SCRIPT = Path(__file__).with_name("node") / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice")
GRAVE = ("serious", "critical")

# A frame answers its parent's axe when it has its own; what a frame holds is found from the top.
RUN = """
async ([tags, rules]) => {
  const only = rules.length ? { type: "rule", values: rules } : { type: "tag", values: tags };
  const { violations, passes } = await axe.run(document, { runOnly: only, resultTypes: ["violations"] });
  return { passed: passes.length, found: violations.flatMap(({ id, impact, nodes }) => nodes.map((node) => (
    { rule: id, impact: node.impact ?? impact, html: `${node.target.flat(9).join(" ")} ${node.html}`,
      why: node.failureSummary })))};
}
"""


@dataclass(frozen=True)
class Found:
    """One element at fault: axe's rule and grade, where it is (selector, then the start of its HTML), and why."""

    rule: str
    impact: str
    html: str
    why: str

    def __str__(self) -> str:
        """Say it on a few lines, for whoever mends it."""
        return f"{self.impact} {self.rule}: {self.html[:300]}\n    {self.why}"


@cache
def source() -> str:
    """Return axe; skip the test where it is not installed."""
    if not SCRIPT.is_file():
        pytest.skip("axe is not installed: npm ci --prefix tests/browser/node")
    return SCRIPT.read_text(encoding="utf-8")


def audit(page: Page, *rules: str) -> list[Found]:
    """Return what axe finds in a page and its frames; only by some rules where they are named."""
    for frame in page.frames:
        _inject(frame)
    answer = page.evaluate(RUN, [list(TAGS), list(rules)])
    assert answer["passed"] > 0, "axe looked at nothing"
    return [Found(**found) for found in answer["found"]]


def _inject(frame: Frame) -> None:
    # Through the browser's own door: the policy of the page, which allows no script of others, does not see it.
    if not frame.evaluate("Boolean(window.axe)"):
        frame.evaluate(source())
