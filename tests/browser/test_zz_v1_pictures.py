import pytest
from playwright.sync_api import Page
from browser.every import HOLDER, World
from browser.seen import listening
pytestmark = pytest.mark.usefixtures("db")


def test_pictures(world: World, tabs: dict[str, Page]) -> None:
    page = tabs[HOLDER]
    seen = listening(page)
    page.goto("/partage/visibilite/")
    page.check("input[value=masques]")
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
    page.locator("summary").press("Enter")
    page.get_by_role("link", name="Masquer : Certificats").press("Enter")
    page.get_by_role("button", name="Masquer aux professionnels").press("Enter")
    page.wait_for_load_state("networkidle")
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        for width in (1280, 390, 320):
            seen.picture(f"v1-vis-{theme}", width, 900)
    page.emulate_media(color_scheme="light")
    page.get_by_role("button", name="English").press("Enter")
    page.wait_for_load_state("networkidle")
    page.goto("/partage/visibilite/")
    seen.picture("v1-vis-en", 1280, 900)
    assert seen.said == []
