"""axe-core in a page: which rules of WCAG 2.2 AA it breaks, and where."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.town import ROOT

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
EVERYTHING: dict[str, Any] = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
#: What another color scheme and a narrow screen can break on a page that was looked at already.
NARROW_AND_DARK: dict[str, Any] = {"runOnly": {"type": "rule", "values": ["color-contrast", "target-size"]},
                                   "resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
RUN = """options => axe.run(document, options).then(found => found.violations.map(rule =>
    rule.nodes.map(node => `${rule.id}: ${node.target.join(' ')} ${node.html.slice(0, 160)} | ` +
        [...node.any, ...node.all, ...node.none].map(check => check.message).join(' '))).flat())"""


@cache
def source() -> str:
    """The script; web/build_front.py installs it with the other Node packages."""
    return Path(ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def faults(page: Page, options: dict[str, Any] = EVERYTHING) -> list[str]:
    """One line for each broken rule and element: rule, selector, markup and what axe says."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(source())
    found: list[str] = page.evaluate(RUN, options)
    return found
