"""The system's Chromium without a screen: what it makes of a page, how wide that is on a phone, what axe-core finds."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from tests.browser import Browser
from tests.children import only_with

_AXE = """axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']}).then(found => ({
  passes: found.passes.map(one => one.id),
  wrong: found.violations.concat(found.incomplete).map(
    one => one.id + ': ' + one.nodes.map(node => node.html).join(' | '))
}))"""


def run(page: Path | str, *options: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """One that ends when it has done it; `folder` is for its profile where the page is no file."""
    only_with("chromium")
    arguments = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", *options]
    where = folder or Path(page).parent
    address = page.as_uri() if isinstance(page, Path) else page
    command = [*arguments, f"--user-data-dir={where / 'profile'}", address]
    return subprocess.run(command, check=True, capture_output=True, text=True)


def widths_on_a_phone(browser: Browser, html: str, folder: Path) -> tuple[int, int]:
    """How wide the page is, and how wide the phone."""
    browser.picture(390, 800)
    _open(browser, html, folder)
    needed, given = browser.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return int(needed), int(given)


def axe(browser: Browser, html: str, folder: Path) -> dict[str, Any]:
    """The rules that axe-core saw kept (`passes`), and those broken or undecided, with the elements (`wrong`)."""
    browser.picture(900, 1200)
    _open(browser, html, folder)
    browser.evaluate(_axe() + ";0")
    found: dict[str, Any] = browser.evaluate(_AXE)
    return found


@cache
def _axe() -> str:
    return files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def _open(browser: Browser, html: str, folder: Path) -> None:
    """Without the policy that keeps every script out, so that ours can look."""
    page = folder / "page.html"
    page.write_text(re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html), encoding="utf-8")
    browser.open(page.as_uri())
