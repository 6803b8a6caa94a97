"""How a page looks: nothing cut off on any screen, in light and dark, and accessible by axe."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

PICTURES = Path(__file__).parents[2] / ".local" / "browser"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


def assert_it_looks_right(page: Page, name: str) -> None:
    """Leaves a picture of each screen in `.local/browser`. The page must be one with scripts, for axe is one."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (320, 360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"scrolls sideways: {wide} pixels on {width}"
            page.screenshot(path=PICTURES / f"{name}-{width}-{scheme}.png", full_page=True)
        found = Axe().run(page, options={"runOnly": STANDARDS})
        assert found.violations_count == 0, found.generate_report()


def what_breaks_its_policy(page: Page) -> list[str]:
    """Grows by what the browser says of a page that our own policy forbids a part of."""
    said: list[str] = []
    page.on(
        "console",
        lambda message: said.append(message.text) if "Content Security Policy" in message.text else None,
    )
    return said
